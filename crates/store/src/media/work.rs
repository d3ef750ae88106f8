//! What workers do for items behind a caller's back: fetching what is imported, making posters. And
//! what nobody finished.

use domain::{MediaId, OrganizationId, Timestamp, WorkspaceId};

use super::{MediaRow, Stored, columns, files};
use crate::conn::on;
use crate::{Store, StoreError};

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaWorkKind {
    /// Fetch the bytes from the item's address.
    Import,
    /// Make a small picture of a video.
    Poster,
}

impl MediaWorkKind {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Poster => "poster",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Import, Self::Poster].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The right to work on an item: what is written under an old token changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaLease {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The item.
    pub media_id: MediaId,
    /// The token.
    pub token: i64,
}

/// Work that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaWork {
    /// The right to do it.
    pub lease: MediaLease,
    /// What there is to do.
    pub kind: MediaWorkKind,
    /// How often it was tried in vain.
    pub tries: i64,
    /// What the last worker left to go on from.
    pub state: Option<String>,
    /// The item.
    pub row: MediaRow,
}

/// What changes besides the moment.
#[derive(Clone)]
enum Change {
    Nothing,
    State(Option<String>),
    Tries(i64),
}

#[derive(sqlx::FromRow)]
struct Due {
    organization_id: uuid::Uuid,
    work: String,
    work_token: i64,
    work_tries: i64,
    work_state: Option<String>,
    #[sqlx(flatten)]
    row: Stored,
}

pub(crate) const DUE: &str = concat!(
    "SELECT m.organization_id, m.work, m.work_token, m.work_tries, m.work_state, ",
    columns!(),
    " FROM media m WHERE m.work_at IS NOT NULL AND m.work_at <= $1 ORDER BY m.work_at LIMIT $2"
);
pub(crate) const NEXT_DUE: &str =
    "SELECT m.work_at FROM media m WHERE m.work_at IS NOT NULL ORDER BY m.work_at LIMIT 1";
const TAKE: &str = "UPDATE media SET work_token = work_token + 1, work_at = $4
    WHERE organization_id = $1 AND id = $2 AND work_token = $3 AND work IS NOT NULL";
const KEEP: &str = "UPDATE media SET work_at = $4, work_state = COALESCE($5, work_state)
    WHERE organization_id = $1 AND id = $2 AND work_token = $3 AND work IS NOT NULL";
const PUT_OFF: &str = "UPDATE media SET work_at = $4, work_tries = $5, work_token = work_token + 1
    WHERE organization_id = $1 AND id = $2 AND work_token = $3 AND work IS NOT NULL";
const RELEASE: &str = "UPDATE media SET work_at = $1, work_token = work_token + 1
    WHERE work_at IS NOT NULL AND work_at > $1";
const END_POSTER: &str =
    "UPDATE media SET thumbnail_sha256 = $4, work = NULL, work_at = NULL, work_state = NULL
    WHERE organization_id = $1 AND id = $2 AND work_token = $3 AND work = 'poster'";
pub(crate) const EXPIRED: &str = "SELECT m.organization_id, m.workspace_id, m.id FROM media m
    WHERE m.expires_at IS NOT NULL AND m.expires_at <= $1 ORDER BY m.expires_at LIMIT $2";

impl Store {
    /// Takes work that is due, for the caller to do before `until`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_media_work(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<MediaWork>, StoreError> {
        let mut read = self.read().await?;
        let due: Vec<Due> = on!(read.conn(), |c| {
            sqlx::query_as(DUE).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        drop(read);
        let mut taken = Vec::with_capacity(due.len());
        for due in due {
            let Some(kind) = MediaWorkKind::parse(&due.work) else { continue };
            let lease = MediaLease {
                organization_id: OrganizationId(due.organization_id),
                media_id: MediaId(due.row.id),
                token: due.work_token,
            };
            if self.change_work(TAKE, lease, until, Change::Nothing).await? {
                let lease = MediaLease { token: lease.token + 1, ..lease };
                let (tries, state) = (due.work_tries, due.work_state);
                taken.push(MediaWork { lease, kind, tries, state, row: MediaRow::from(due.row) });
            }
        }
        Ok(taken)
    }

    /// When the next work is due, or the lease of some that is done ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_media_work(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let at: Option<i64> =
            on!(read.conn(), |c| sqlx::query_scalar(NEXT_DUE).fetch_optional(&mut *c).await?);
        Ok(at.map(Timestamp::from_micros))
    }

    /// Keeps the lease until then, and what the next worker would go on from. `false` when it is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_media_work(
        &self,
        lease: MediaLease,
        until: Timestamp,
        state: Option<String>,
    ) -> Result<bool, StoreError> {
        self.change_work(KEEP, lease, until, Change::State(state)).await
    }

    /// Leaves the work for a later moment, after so many tries in vain.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_off_media_work(
        &self,
        lease: MediaLease,
        at: Timestamp,
        tries: i64,
    ) -> Result<bool, StoreError> {
        self.change_work(PUT_OFF, lease, at, Change::Tries(tries)).await
    }

    async fn change_work(
        &self,
        statement: &'static str,
        lease: MediaLease,
        at: Timestamp,
        change: Change,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let change = change.clone();
                Box::pin(async move {
                    Ok(on!(&mut conn, |c| {
                        let query = sqlx::query(statement)
                            .bind(lease.organization_id.0)
                            .bind(lease.media_id.0)
                            .bind(lease.token)
                            .bind(at.as_micros());
                        let query = match change {
                            Change::Nothing => query,
                            Change::State(state) => query.bind(state),
                            Change::Tries(tries) => query.bind(tries),
                        };
                        query.execute(&mut **c).await?.rows_affected()
                    }) > 0)
                })
            })
            .await
    }

    /// Makes all work due now, whoever holds it. For a process that is alone on its database, at its
    /// start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_media_work(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    Ok(on!(&mut conn, |c| {
                        sqlx::query(RELEASE).bind(now.as_micros()).execute(&mut **c).await?.rows_affected()
                    }))
                })
            })
            .await
    }

    /// Ends the work on a poster. The item names the file, which may be put in its place now; with no
    /// file, it has no poster. `false` when the lease is gone, or the file is being removed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_poster(
        &self,
        lease: MediaLease,
        sha256: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sha256 = sha256.map(ToOwned::to_owned);
        self.writer
            .run(move |mut conn| {
                let sha256 = sha256.clone();
                Box::pin(async move {
                    if let Some(sha256) = &sha256
                        && !files::claim(&mut conn, sha256, now).await?
                    {
                        return Ok(false);
                    }
                    let ended = on!(&mut conn, |c| {
                        sqlx::query(END_POSTER)
                            .bind(lease.organization_id.0)
                            .bind(lease.media_id.0)
                            .bind(lease.token)
                            .bind(&sha256)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if let Some(sha256) = sha256.filter(|_| ended == 0) {
                        files::let_go(&mut conn, &sha256, now).await?;
                    }
                    Ok(ended > 0)
                })
            })
            .await
    }

    /// Items whose time to be finished, or to be shown as failed, is over; of every organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_expired_media(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(OrganizationId, WorkspaceId, MediaId)>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(uuid::Uuid, uuid::Uuid, uuid::Uuid)> = on!(read.conn(), |c| {
            sqlx::query_as(EXPIRED).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        let ids = |(organization, workspace, media)| {
            (OrganizationId(organization), WorkspaceId(workspace), MediaId(media))
        };
        Ok(rows.into_iter().map(ids).collect())
    }
}
