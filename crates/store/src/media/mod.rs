//! Library items. The bytes are elsewhere, under their hash.

mod change;
mod delete;
pub(crate) mod files;
mod named;
mod work;

use domain::{MediaId, OrganizationId, Timestamp, WorkspaceId};
use sqlx::QueryBuilder;

use crate::conn::on;
use crate::{Store, StoreError};

pub use change::{BeginMedia, FinishMedia, FinishedMedia, HeldFile};
pub use delete::{DeleteMedia, DeletedMedia};
pub use work::{MediaLease, MediaWork, MediaWorkKind};

#[cfg(test)]
pub(crate) use {
    change::USED,
    delete::IN_USE,
    files::{NAMED, UNUSED},
    work::{DUE, EXPIRED, NEXT_DUE},
};

/// A library item.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaRow {
    /// Its id.
    pub id: MediaId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// `image`, `video` or `document`.
    pub kind: String,
    /// The original file name.
    pub filename: String,
    /// MIME type: the declared one until the bytes are there.
    pub content_type: String,
    /// Size in bytes: the declared one until the bytes are there.
    pub size_bytes: i64,
    /// Width in pixels.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// Length of a video in seconds.
    pub seconds: Option<f64>,
    /// What probing found, as JSON.
    pub facts: Option<String>,
    /// Where the bytes are: their SHA-256 in hex. Empty while there are none.
    pub sha256: String,
    /// Where a small picture of it is.
    pub thumbnail_sha256: Option<String>,
    /// `uploading`, `processing`, `ready` or `failed`.
    pub status: String,
    /// Why it failed, in a sentence.
    pub error_message: Option<String>,
    /// How the bytes come: `put`, `tus` or `url`.
    pub arrives_by: String,
    /// Where they come from, if by `url`.
    pub source_url: Option<String>,
    /// When it was put in.
    pub created_at: Timestamp,
    /// When an upload that nobody finished, or one that failed, is forgotten.
    pub expires_at: Option<Timestamp>,
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
    duration_ms: Option<i64>,
    facts: Option<String>,
    sha256: String,
    thumbnail_sha256: Option<String>,
    status: String,
    error_message: Option<String>,
    arrives_by: String,
    source_url: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
}

impl From<Stored> for MediaRow {
    fn from(row: Stored) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no video has so many milliseconds")]
        let seconds = row.duration_ms.map(|ms| ms as f64 / 1_000.0);
        Self {
            id: MediaId(row.id),
            workspace_id: WorkspaceId(row.workspace_id),
            kind: row.kind,
            filename: row.filename,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            width: row.width,
            height: row.height,
            seconds,
            facts: row.facts,
            sha256: row.sha256,
            thumbnail_sha256: row.thumbnail_sha256,
            status: row.status,
            error_message: row.error_message,
            arrives_by: row.arrives_by,
            source_url: row.source_url,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: row.expires_at.map(Timestamp::from_micros),
        }
    }
}

/// Seconds as they are stored.
fn milliseconds(seconds: Option<f64>) -> Option<i64> {
    let milliseconds = seconds.map(|seconds| (seconds * 1_000.0).round());
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    milliseconds.filter(|ms| (0.0..1e15).contains(ms)).map(|ms| ms as i64)
}

macro_rules! columns {
    () => {
        "m.id, m.workspace_id, m.kind, m.filename, m.content_type, m.size_bytes, m.width, m.height,
    m.duration_ms, m.facts, m.sha256, m.thumbnail_sha256, m.status, m.error_message, m.arrives_by, m.source_url,
    m.created_at, m.expires_at"
    };
}
use columns;

const FIND_ANY: &str = concat!("SELECT ", columns!(), " FROM media m WHERE m.organization_id = ");
const GET: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM media m WHERE m.organization_id = $1 AND m.id = $2 AND m.workspace_id = $3"
);
pub(crate) const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2
    ORDER BY m.created_at DESC, m.id DESC LIMIT $3 OFFSET $4"
);
pub(crate) const LIST_KIND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2 AND m.kind = $3
    ORDER BY m.created_at DESC, m.id DESC LIMIT $4 OFFSET $5"
);
pub(crate) const LIST_AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2 AND (m.created_at, m.id) < ($3, $4)
    ORDER BY m.created_at DESC, m.id DESC LIMIT $5 OFFSET $6"
);
pub(crate) const LIST_KIND_AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2 AND m.kind = $3
      AND (m.created_at, m.id) < ($4, $5)
    ORDER BY m.created_at DESC, m.id DESC LIMIT $6 OFFSET $7"
);
pub(crate) const COUNT: &str =
    "SELECT COUNT(*) FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2";
pub(crate) const COUNT_KIND: &str =
    "SELECT COUNT(*) FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2 AND m.kind = $3";

impl Store {
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
            query.push_bind(organization.0).push(" AND m.id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(MediaRow::from).collect())
    }

    /// One item of the workspace.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get_media(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: MediaId,
    ) -> Result<Option<MediaRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(GET)
                .bind(organization.0)
                .bind(id.0)
                .bind(workspace.0)
                .fetch_optional(&mut *c)
                .await?
        });
        Ok(row.map(MediaRow::from))
    }

    /// A page of the workspace's items, of one kind or all, newest first, and how many there are. The page
    /// is so many, after passing over so many, of those that come after an item.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_media(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        kind: Option<&str>,
        (limit, offset, after): (u32, u64, Option<(Timestamp, MediaId)>),
    ) -> Result<(Vec<MediaRow>, u64), StoreError> {
        let (limit, offset) = (i64::from(limit), i64::try_from(offset).unwrap_or(i64::MAX));
        let mut read = self.read().await?;
        let (rows, total): (Vec<Stored>, i64) = on!(read.conn(), |c| {
            let (list, count) = match (kind, after) {
                (None, None) => (LIST, COUNT),
                (None, Some(_)) => (LIST_AFTER, COUNT),
                (Some(_), None) => (LIST_KIND, COUNT_KIND),
                (Some(_), Some(_)) => (LIST_KIND_AFTER, COUNT_KIND),
            };
            let (list, count) = (sqlx::query_as(list), sqlx::query_scalar(count));
            let mut list = list.bind(organization.0).bind(workspace.0);
            let mut count = count.bind(organization.0).bind(workspace.0);
            if let Some(kind) = kind {
                list = list.bind(kind);
                count = count.bind(kind);
            }
            if let Some((at, id)) = after {
                list = list.bind(at.as_micros()).bind(id.0);
            }
            let rows = list.bind(limit).bind(offset).fetch_all(&mut *c).await?;
            (rows, count.fetch_one(&mut *c).await?)
        });
        Ok((rows.into_iter().map(MediaRow::from).collect(), u64::try_from(total).unwrap_or(0)))
    }
}
