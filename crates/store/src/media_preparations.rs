//! Posts whose media are fitted before they are due: which, when, and under whose lease. A copy that
//! was made for a post belongs to none of its destinations; one that needs it finds it by its recipe.

use domain::{DestinationId, MediaId, OrganizationId, PostId, Span, Timestamp};

use crate::conn::{Conn, on};
use crate::media::files;
use crate::media_copies::{self, Stored};
use crate::{MediaCopy, Store, StoreError};

/// So long before a post is due its media are fitted. Copies are kept for longer than this.
const AHEAD: Span = Span::from_hours(24);

/// The right to prepare a post: what is written under an old token changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreparationLease {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The post.
    pub post_id: PostId,
    /// How often it was tried in vain.
    pub tries: i64,
    token: i64,
}

const PLAN: &str = "INSERT INTO media_preparations (organization_id, post_id, work_at, work_token, tries)
    VALUES ($1, $2, $3, 0, 0)
    ON CONFLICT (organization_id, post_id) DO UPDATE SET work_at = excluded.work_at,
    work_token = media_preparations.work_token + 1, tries = 0";
const HAS_COPIES: &str = "SELECT COUNT(*) FROM media_copies WHERE organization_id = $1 AND prepared_for = $2";
pub(crate) const DUE: &str = "SELECT organization_id, post_id, tries, work_token FROM media_preparations
    WHERE work_at <= $1 ORDER BY work_at LIMIT $2";
const TAKE: &str = "UPDATE media_preparations SET work_token = work_token + 1, work_at = $4
    WHERE organization_id = $1 AND post_id = $2 AND work_token = $3";
const PUT_OFF: &str = "UPDATE media_preparations SET work_token = work_token + 1, work_at = $4, tries = $5
    WHERE organization_id = $1 AND post_id = $2 AND work_token = $3";
const RELEASE: &str = "UPDATE media_preparations SET work_token = work_token + 1, work_at = $1
    WHERE work_at > $1 AND work_at <= $2 AND work_token > 0";
const HOLD: &str = "UPDATE media_preparations SET tries = tries
    WHERE organization_id = $1 AND post_id = $2 AND work_token = $3";
const END: &str = "DELETE FROM media_preparations
    WHERE organization_id = $1 AND post_id = $2 AND work_token = $3";
pub(crate) const OF_POST: &str = "SELECT id, destination_id, media_id, source_sha256, recipe, sha256,
    filename, content_type, size_bytes, width, height, note, created_at
    FROM media_copies WHERE organization_id = $1 AND prepared_for = $2 ORDER BY id";
const DROP: &str = "DELETE FROM media_copies WHERE organization_id = $1 AND id = $2 RETURNING sha256";

type Row = (uuid::Uuid, uuid::Uuid, i64, i64);

/// Notes that the media of a post which is due then are to be fitted before. One without media, or one
/// that is due at once, is noted only if it has copies, which are then of no use.
pub(crate) async fn plan(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    post: PostId,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let work_at = if let Some(due) = due.filter(|due| *due > now) {
        (due - AHEAD).max(now)
    } else {
        let copies: i64 = on!(&mut *conn, |c| {
            sqlx::query_scalar(HAS_COPIES).bind(organization.0).bind(post.0).fetch_one(&mut **c).await?
        });
        if copies == 0 {
            return Ok(());
        }
        now
    };
    on!(conn, |c| {
        sqlx::query(PLAN)
            .bind(organization.0)
            .bind(post.0)
            .bind(work_at.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

impl Store {
    /// Takes posts that are to be prepared, for the caller to do before `until`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_media_preparations(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PreparationLease>, StoreError> {
        let mut read = self.read().await?;
        let due: Vec<Row> = on!(read.conn(), |c| {
            sqlx::query_as(DUE).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        drop(read);
        let mut taken = Vec::with_capacity(due.len());
        for (organization, post, tries, token) in due {
            let lease = PreparationLease {
                organization_id: OrganizationId(organization),
                post_id: PostId(post),
                tries,
                token,
            };
            if self.move_preparation(TAKE, lease, until, None).await? {
                taken.push(PreparationLease { token: token + 1, ..lease });
            }
        }
        Ok(taken)
    }

    /// Leaves the post for a later moment, after so many tries in vain. `false` when the lease is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_off_media_preparation(
        &self,
        lease: PreparationLease,
        at: Timestamp,
        tries: i64,
    ) -> Result<bool, StoreError> {
        self.move_preparation(PUT_OFF, lease, at, Some(tries)).await
    }

    async fn move_preparation(
        &self,
        statement: &'static str,
        lease: PreparationLease,
        at: Timestamp,
        tries: Option<i64>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    Ok(on!(&mut conn, |c| {
                        let query = sqlx::query(statement)
                            .bind(lease.organization_id.0)
                            .bind(lease.post_id.0)
                            .bind(lease.token)
                            .bind(at.as_micros());
                        let query = match tries {
                            Some(tries) => query.bind(tries),
                            None => query,
                        };
                        query.execute(&mut **c).await?.rows_affected()
                    }) > 0)
                })
            })
            .await
    }

    /// Makes due what was under way until `held_until` at the latest. For a process that is alone on its
    /// database, at its start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_media_preparations(
        &self,
        now: Timestamp,
        held_until: Timestamp,
    ) -> Result<u64, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    Ok(on!(&mut conn, |c| {
                        sqlx::query(RELEASE)
                            .bind(now.as_micros())
                            .bind(held_until.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    }))
                })
            })
            .await
    }

    /// Keeps a copy that was made for the post ahead of time, under its own id. `false` when the lease is
    /// gone, or the copy's file is being removed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_prepared_copy(
        &self,
        lease: PreparationLease,
        copy: MediaCopy,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let copy = copy.clone();
                Box::pin(async move {
                    if !change(&mut conn, HOLD, lease).await?
                        || !files::claim(&mut conn, &copy.sha256, now).await?
                    {
                        return Ok(false);
                    }
                    // It belongs to no destination yet; its own id stands in that place.
                    let copy = MediaCopy { destination_id: DestinationId(copy.id.0), ..copy };
                    media_copies::write(&mut conn, lease.organization_id, &copy, Some(lease.post_id)).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// The copies that were made for a post ahead of time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_prepared_copies(
        &self,
        organization: OrganizationId,
        post: PostId,
    ) -> Result<Vec<MediaCopy>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(OF_POST).bind(organization.0).bind(post.0).fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(MediaCopy::from).collect())
    }

    /// Ends the preparation of a post: it has these copies now, and others that were made for it are
    /// forgotten. `false` when the lease is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_media_preparation(
        &self,
        lease: PreparationLease,
        kept: Vec<MediaId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let kept = kept.clone();
                Box::pin(async move {
                    if !change(&mut conn, END, lease).await? {
                        return Ok(false);
                    }
                    let present: Vec<Stored> = on!(&mut conn, |c| {
                        sqlx::query_as(OF_POST)
                            .bind(lease.organization_id.0)
                            .bind(lease.post_id.0)
                            .fetch_all(&mut **c)
                            .await?
                    });
                    let ids = present.into_iter().map(|row| MediaCopy::from(row).id);
                    for id in ids.filter(|id| !kept.contains(id)) {
                        let sha256: Option<String> = on!(&mut conn, |c| {
                            sqlx::query_scalar(DROP)
                                .bind(lease.organization_id.0)
                                .bind(id.0)
                                .fetch_optional(&mut **c)
                                .await?
                        });
                        if let Some(sha256) = sha256 {
                            files::let_go(&mut conn, &sha256, now).await?;
                        }
                    }
                    Ok(true)
                })
            })
            .await
    }
}

async fn change(
    conn: &mut Conn<'_>,
    statement: &'static str,
    lease: PreparationLease,
) -> Result<bool, StoreError> {
    Ok(on!(conn, |c| {
        sqlx::query(statement)
            .bind(lease.organization_id.0)
            .bind(lease.post_id.0)
            .bind(lease.token)
            .execute(&mut **c)
            .await?
            .rows_affected()
    }) > 0)
}
