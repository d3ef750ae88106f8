//! Library items. The bytes are elsewhere, under their hash.

use domain::{MediaId, OrganizationId, Timestamp, WorkspaceId};
use sqlx::QueryBuilder;

use crate::conn::on;
use crate::events::{self, NewEvent};
use crate::{Store, StoreError};

/// A library item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRow {
    /// Its id.
    pub id: MediaId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// `image`, `video` or `document`.
    pub kind: String,
    /// The original file name.
    pub filename: String,
    /// MIME type.
    pub content_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// Width in pixels.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// Where the bytes are: their SHA-256 in hex.
    pub sha256: String,
    /// `uploading`, `processing`, `ready` or `failed`.
    pub status: String,
    /// When it was put in.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: uuid::Uuid,
    workspace_id: uuid::Uuid,
    kind: String,
    filename: String,
    content_type: String,
    size_bytes: i64,
    width: Option<i64>,
    height: Option<i64>,
    sha256: String,
    status: String,
    created_at: i64,
}

impl From<Stored> for MediaRow {
    fn from(row: Stored) -> Self {
        Self {
            id: MediaId(row.id),
            workspace_id: WorkspaceId(row.workspace_id),
            kind: row.kind,
            filename: row.filename,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            width: row.width,
            height: row.height,
            sha256: row.sha256,
            status: row.status,
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

const INSERT: &str = "INSERT INTO media (organization_id, id, workspace_id, kind, filename, content_type,
    size_bytes, width, height, sha256, status, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const FIND_ANY: &str = "SELECT id, workspace_id, kind, filename, content_type, size_bytes, width, height,
    sha256, status, created_at FROM media WHERE organization_id = ";

impl Store {
    /// Puts an item into the library.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_media(
        &self,
        organization: OrganizationId,
        row: MediaRow,
        event: NewEvent,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let (row, event) = (row.clone(), event.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(INSERT)
                            .bind(organization.0)
                            .bind(row.id.0)
                            .bind(row.workspace_id.0)
                            .bind(row.kind)
                            .bind(row.filename)
                            .bind(row.content_type)
                            .bind(row.size_bytes)
                            .bind(row.width)
                            .bind(row.height)
                            .bind(row.sha256)
                            .bind(row.status)
                            .bind(row.created_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    events::insert(&mut conn, organization, &event, row.created_at).await
                })
            })
            .await
    }

    /// The items among `ids` that the organization has, in no particular order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_media(
        &self,
        organization: OrganizationId,
        ids: &[MediaId],
    ) -> Result<Vec<MediaRow>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new(FIND_ANY);
            query.push_bind(organization.0).push(" AND id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(MediaRow::from).collect())
    }
}
