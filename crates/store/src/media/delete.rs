//! Items that leave the library.

use domain::{MediaId, OrganizationId, PostId, Timestamp, WorkspaceId};

use super::files;
use crate::conn::{Conn, on};
use crate::events::{self, NewEvent};
use crate::{Store, StoreError};

/// What is to be deleted, and whether posts that wait for it matter.
#[derive(Clone, Debug)]
pub struct DeleteMedia {
    /// The item.
    pub media: MediaId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Also when posts that have not gone out yet carry it.
    pub force: bool,
    /// When.
    pub now: Timestamp,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeletedMedia {
    /// It is gone.
    Deleted,
    /// There was none.
    NotFound,
    /// These posts have not gone out yet and carry it.
    InUse(Vec<PostId>),
}

/// More than anybody reads.
const MOST_POSTS: i64 = 100;

// Drafts do not wait: whoever schedules one is told that its media are gone.
pub(crate) const IN_USE: &str =
    "SELECT p.id FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2
    AND p.deleted_at IS NULL AND p.status IN ('scheduled', 'publishing') AND p.media_ids LIKE $3
    ORDER BY p.status, p.created_at, p.id LIMIT $4";
const FILES: &str = "SELECT sha256, thumbnail_sha256 FROM media
    WHERE organization_id = $1 AND id = $2 AND workspace_id = $3";
const DELETE: &str = "DELETE FROM media WHERE organization_id = $1 AND id = $2 AND workspace_id = $3";
/// What became ready, or was put off, a moment ago stays.
const FORGET: &str = "DELETE FROM media WHERE organization_id = $1 AND id = $2 AND workspace_id = $3
    AND status IN ('uploading', 'failed') AND (CAST($4 AS BIGINT) IS NULL OR expires_at <= $4)";

impl Store {
    /// Deletes an item with the event that says so, unless posts wait for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_media(
        &self,
        organization: OrganizationId,
        delete: DeleteMedia,
        event: NewEvent,
    ) -> Result<DeletedMedia, StoreError> {
        let shared = std::sync::Arc::new((delete, event));
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move {
                    let (delete, event) = &*shared;
                    if !delete.force {
                        let posts = in_use(&mut conn, organization, delete).await?;
                        if !posts.is_empty() {
                            return Ok(DeletedMedia::InUse(posts));
                        }
                    }
                    let place = (delete.workspace, delete.media);
                    if !remove(&mut conn, organization, place, DELETE, (None, delete.now)).await? {
                        return Ok(DeletedMedia::NotFound);
                    }
                    events::insert(&mut conn, organization, event, delete.now).await?;
                    Ok(DeletedMedia::Deleted)
                })
            })
            .await
    }

    /// Forgets an unfinished upload, or one that failed; with `expired_at`, only if its time is over
    /// then. Nobody is told: it was never in use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_media(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        media: MediaId,
        (expired_at, now): (Option<Timestamp>, Timestamp),
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    let place = (workspace, media);
                    remove(&mut conn, organization, place, FORGET, (expired_at, now)).await
                })
            })
            .await
    }
}

async fn in_use(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    delete: &DeleteMedia,
) -> Result<Vec<PostId>, StoreError> {
    let posts: Vec<uuid::Uuid> = on!(conn, |c| {
        sqlx::query_scalar(IN_USE)
            .bind(organization.0)
            .bind(delete.workspace.0)
            .bind(format!("%\"{}\"%", delete.media))
            .bind(MOST_POSTS)
            .fetch_all(&mut **c)
            .await?
    });
    Ok(posts.into_iter().map(PostId).collect())
}

async fn remove(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    (workspace, media): (WorkspaceId, MediaId),
    statement: &'static str,
    (expired_at, now): (Option<Timestamp>, Timestamp),
) -> Result<bool, StoreError> {
    let (files, removed): (Option<(String, Option<String>)>, u64) = on!(&mut *conn, |c| {
        let files = sqlx::query_as(FILES)
            .bind(organization.0)
            .bind(media.0)
            .bind(workspace.0)
            .fetch_optional(&mut **c)
            .await?;
        let mut removal = sqlx::query(statement).bind(organization.0).bind(media.0).bind(workspace.0);
        if statement == FORGET {
            removal = removal.bind(expired_at.map(Timestamp::as_micros));
        }
        (files, removal.execute(&mut **c).await?.rows_affected())
    });
    let Some((sha256, thumbnail)) = files.filter(|_| removed > 0) else { return Ok(false) };
    for file in std::iter::once(sha256).chain(thumbnail) {
        files::let_go(conn, &file, now).await?;
    }
    Ok(true)
}
