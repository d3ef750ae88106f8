//! An item on its way from `uploading` to `ready` or `failed`.

use domain::{MediaId, OrganizationId, Timestamp};

use super::work::{MediaLease, MediaWorkKind};
use super::{MediaRow, files, milliseconds};
use crate::conn::{Conn, on};
use crate::events::{self, NewEvent};
use crate::{Store, StoreError};

/// What came of beginning an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginMedia {
    /// It is in the library.
    Begun,
    /// The organization's library is full; so much is in it.
    OverQuota(i64),
}

/// What came of naming a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldFile {
    /// The item names it: it may be put in its place now.
    Held,
    /// The item waits for no bytes, or is gone.
    NotUploading,
    /// The same file is being removed at this moment; a little later it may be named again.
    BeingRemoved,
}

/// What makes an item ready.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishMedia {
    /// The file that was looked at.
    pub sha256: String,
    /// `image`, `video` or `document`.
    pub kind: String,
    /// MIME type, by its content.
    pub content_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// Width in pixels.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// Length of a video in seconds.
    pub seconds: Option<f64>,
    /// What probing found, as JSON.
    pub facts: Option<String>,
    /// What is left to do for a worker.
    pub work: Option<MediaWorkKind>,
    /// The most that the organization's library may hold, where that is to be looked at again.
    pub quota: Option<i64>,
    /// When.
    pub now: Timestamp,
}

/// What came of making an item ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishedMedia {
    /// It is ready.
    Ready,
    /// It was not waiting for this file any more.
    Stale,
    /// The organization's library is full; so much is in it besides.
    OverQuota(i64),
}

const INSERT: &str = "INSERT INTO media (organization_id, id, workspace_id, kind, filename, content_type,
    size_bytes, width, height, duration_ms, facts, sha256, thumbnail_sha256, status, error_message, arrives_by,
    source_url, created_at, expires_at, work, work_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
/// What failed has no bytes.
pub(crate) const USED: &str = "SELECT CAST(COALESCE(SUM(m.size_bytes), 0) AS BIGINT) FROM media m
    WHERE m.organization_id = $1 AND m.status IN ('uploading', 'processing', 'ready')";
const USED_BESIDES: &str = "SELECT CAST(COALESCE(SUM(m.size_bytes), 0) AS BIGINT) FROM media m
    WHERE m.organization_id = $1 AND m.status IN ('uploading', 'processing', 'ready') AND m.id <> $2";
const LOCK_ORGANIZATION: &str = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
const FIND_FILE: &str = "SELECT sha256, status FROM media WHERE organization_id = $1 AND id = $2";
const HOLD: &str = "UPDATE media SET sha256 = $3
    WHERE organization_id = $1 AND id = $2 AND status = 'uploading'";
const PUT_OFF: &str = "UPDATE media SET expires_at = $3
    WHERE organization_id = $1 AND id = $2 AND status = 'uploading'";
const FINISH: &str = "UPDATE media SET status = 'ready', kind = $4, content_type = $5, size_bytes = $6,
        width = $7, height = $8, duration_ms = $9, facts = $10, error_message = NULL, expires_at = NULL,
        work = $11, work_at = $12, work_state = NULL, work_tries = 0
    WHERE organization_id = $1 AND id = $2 AND sha256 = $3 AND status IN ('uploading', 'processing')
        AND (CAST($13 AS BIGINT) IS NULL OR work_token = $13)";
const FAIL: &str = "UPDATE media SET status = 'failed', error_message = $3, sha256 = '', expires_at = $4,
        work = NULL, work_at = NULL, work_state = NULL
    WHERE organization_id = $1 AND id = $2 AND status IN ('uploading', 'processing')
        AND (CAST($5 AS BIGINT) IS NULL OR work_token = $5)";

impl Store {
    /// Puts an item into the library, if `quota` leaves room for its size.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_media(
        &self,
        organization: OrganizationId,
        row: MediaRow,
        work: Option<MediaWorkKind>,
        quota: Option<i64>,
    ) -> Result<BeginMedia, StoreError> {
        self.writer
            .run(move |mut conn| {
                let row = row.clone();
                Box::pin(async move {
                    if let Some(quota) = quota {
                        let used = used(&mut conn, organization, None).await?;
                        if used.saturating_add(row.size_bytes) > quota {
                            return Ok(BeginMedia::OverQuota(used));
                        }
                    }
                    insert(&mut conn, organization, row, work).await?;
                    Ok(BeginMedia::Begun)
                })
            })
            .await
    }

    /// Lets an item that waits for its bytes name the file with this hash. Only then may the file be
    /// put in its place: until the row names it, it could be removed again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_file(
        &self,
        organization: OrganizationId,
        media: MediaId,
        sha256: &str,
        now: Timestamp,
    ) -> Result<HeldFile, StoreError> {
        let sha256 = sha256.to_owned();
        self.writer
            .run(move |mut conn| {
                let sha256 = sha256.clone();
                Box::pin(async move {
                    if !files::claim(&mut conn, &sha256, now).await? {
                        return Ok(HeldFile::BeingRemoved);
                    }
                    let before: Option<(String, String)> = on!(&mut conn, |c| {
                        sqlx::query_as(FIND_FILE)
                            .bind(organization.0)
                            .bind(media.0)
                            .fetch_optional(&mut **c)
                            .await?
                    });
                    let held = on!(&mut conn, |c| {
                        sqlx::query(HOLD)
                            .bind(organization.0)
                            .bind(media.0)
                            .bind(&sha256)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if held == 0 {
                        // The lock that was taken is a note as well: nobody may name this file now.
                        files::let_go(&mut conn, &sha256, now).await?;
                        return Ok(HeldFile::NotUploading);
                    }
                    if let Some((before, _)) = before.filter(|(before, _)| *before != sha256) {
                        files::let_go(&mut conn, &before, now).await?;
                    }
                    Ok(HeldFile::Held)
                })
            })
            .await
    }

    /// Puts off the moment at which an unfinished upload is forgotten; `false` when it is finished.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_off_media(
        &self,
        organization: OrganizationId,
        media: MediaId,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    Ok(on!(&mut conn, |c| {
                        sqlx::query(PUT_OFF)
                            .bind(organization.0)
                            .bind(media.0)
                            .bind(expires_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    }) > 0)
                })
            })
            .await
    }

    /// Makes an item ready, with the event that says so. Under a lease, only while it is held.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_media(
        &self,
        organization: OrganizationId,
        media: MediaId,
        finish: FinishMedia,
        event: NewEvent,
        lease: Option<MediaLease>,
    ) -> Result<FinishedMedia, StoreError> {
        let shared = std::sync::Arc::new((finish, event));
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move {
                    let (finish, event) = &*shared;
                    if let Some(quota) = finish.quota {
                        let used = used(&mut conn, organization, Some(media)).await?;
                        if used.saturating_add(finish.size_bytes) > quota {
                            return Ok(FinishedMedia::OverQuota(used));
                        }
                    }
                    if write_finish(&mut conn, organization, media, finish, lease).await? == 0 {
                        return Ok(FinishedMedia::Stale);
                    }
                    events::insert(&mut conn, organization, event, finish.now).await?;
                    Ok(FinishedMedia::Ready)
                })
            })
            .await
    }

    /// Ends an item that cannot be used, and lets go of its bytes. `false` when it had ended already,
    /// or the lease is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail_media(
        &self,
        organization: OrganizationId,
        media: MediaId,
        message: &str,
        (now, expires_at): (Timestamp, Timestamp),
        lease: Option<MediaLease>,
    ) -> Result<bool, StoreError> {
        let message = message.to_owned();
        self.writer
            .run(move |mut conn| {
                let message = message.clone();
                Box::pin(async move {
                    let before: Option<(String, String)> = on!(&mut conn, |c| {
                        sqlx::query_as(FIND_FILE)
                            .bind(organization.0)
                            .bind(media.0)
                            .fetch_optional(&mut **c)
                            .await?
                    });
                    let failed = on!(&mut conn, |c| {
                        sqlx::query(FAIL)
                            .bind(organization.0)
                            .bind(media.0)
                            .bind(message)
                            .bind(expires_at.as_micros())
                            .bind(lease.map(|lease| lease.token))
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if let Some((sha256, _)) = before.filter(|_| failed > 0) {
                        files::let_go(&mut conn, &sha256, now).await?;
                    }
                    Ok(failed > 0)
                })
            })
            .await
    }
}

/// What the organization's library holds; nobody else adds to it until the transaction ends.
async fn used(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    besides: Option<MediaId>,
) -> Result<i64, StoreError> {
    if let Conn::Postgres(c) = conn {
        sqlx::query(LOCK_ORGANIZATION).bind(organization.0).execute(&mut **c).await?;
    }
    Ok(on!(conn, |c| {
        let query = match besides {
            None => sqlx::query_scalar(USED).bind(organization.0),
            Some(media) => sqlx::query_scalar(USED_BESIDES).bind(organization.0).bind(media.0),
        };
        query.fetch_one(&mut **c).await?
    }))
}

async fn insert(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    row: MediaRow,
    work: Option<MediaWorkKind>,
) -> Result<(), StoreError> {
    on!(conn, |c| {
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
            .bind(milliseconds(row.seconds))
            .bind(row.facts)
            .bind(row.sha256)
            .bind(row.thumbnail_sha256)
            .bind(row.status)
            .bind(row.error_message)
            .bind(row.arrives_by)
            .bind(row.source_url)
            .bind(row.created_at.as_micros())
            .bind(row.expires_at.map(Timestamp::as_micros))
            .bind(work.map(MediaWorkKind::as_str))
            .bind(work.map(|_| row.created_at.as_micros()))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

async fn write_finish(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    media: MediaId,
    finish: &FinishMedia,
    lease: Option<MediaLease>,
) -> Result<u64, StoreError> {
    Ok(on!(conn, |c| {
        sqlx::query(FINISH)
            .bind(organization.0)
            .bind(media.0)
            .bind(&finish.sha256)
            .bind(&finish.kind)
            .bind(&finish.content_type)
            .bind(finish.size_bytes)
            .bind(finish.width)
            .bind(finish.height)
            .bind(milliseconds(finish.seconds))
            .bind(&finish.facts)
            .bind(finish.work.map(MediaWorkKind::as_str))
            .bind(finish.work.map(|_| finish.now.as_micros()))
            .bind(lease.map(|lease| lease.token))
            .execute(&mut **c)
            .await?
            .rows_affected()
    }))
}
