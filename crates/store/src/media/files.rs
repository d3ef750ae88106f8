//! Which files rows name, and which ones nobody names any more.
//!
//! A file belongs to every row that names it, of whichever organization. The row in `unused_files`
//! is the lock of a file: it is written before a row begins or ceases to name the file, so that
//! nobody removes what another transaction is about to name.

use domain::Timestamp;

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

// The update that changes nothing takes the row's lock, so that the next one waits.
const LOCK: &str = "INSERT INTO unused_files (sha256, since) VALUES ($1, $2)
    ON CONFLICT (sha256) DO UPDATE SET since = unused_files.since RETURNING removing_until";
const IS_USED: &str = "DELETE FROM unused_files WHERE sha256 = $1";
pub(crate) const NAMED: &str = "DELETE FROM unused_files WHERE sha256 = $1
    AND (EXISTS (SELECT 1 FROM media m WHERE m.sha256 = $1)
        OR EXISTS (SELECT 1 FROM media m WHERE m.thumbnail_sha256 = $1)
        OR EXISTS (SELECT 1 FROM media_copies c WHERE c.sha256 = $1))";
pub(crate) const UNUSED: &str = "SELECT f.sha256 FROM unused_files f
    WHERE f.removing_until IS NULL OR f.removing_until <= $1 ORDER BY f.sha256 LIMIT $2";
const TAKE: &str = "UPDATE unused_files SET removing_until = $3
    WHERE sha256 = $1 AND (removing_until IS NULL OR removing_until <= $2)";
const FORGET: &str = "DELETE FROM unused_files WHERE sha256 = $1 AND removing_until = $2";

/// Takes the lock of a file that a row is about to name; `false` while somebody removes it.
pub(crate) async fn claim(conn: &mut Conn<'_>, sha256: &str, now: Timestamp) -> Result<bool, StoreError> {
    let removing_until = lock(conn, sha256, now).await?;
    if removing_until.is_some_and(|until| until > now.as_micros()) {
        return Ok(false);
    }
    on!(conn, |c| sqlx::query(IS_USED).bind(sha256).execute(&mut **c).await?.rows_affected());
    Ok(true)
}

/// Notes that a row has ceased to name the file, unless another one names it.
pub(crate) async fn let_go(conn: &mut Conn<'_>, sha256: &str, now: Timestamp) -> Result<(), StoreError> {
    if sha256.is_empty() {
        return Ok(());
    }
    lock(conn, sha256, now).await?;
    on!(conn, |c| sqlx::query(NAMED).bind(sha256).execute(&mut **c).await?.rows_affected());
    Ok(())
}

async fn lock(conn: &mut Conn<'_>, sha256: &str, now: Timestamp) -> Result<Option<i64>, StoreError> {
    Ok(on!(conn, |c| {
        sqlx::query_scalar(LOCK).bind(sha256).bind(now.as_micros()).fetch_one(&mut **c).await?
    }))
}

impl Store {
    /// Takes files that nobody names, for the caller to remove before `until`. What is taken cannot
    /// be named again until then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_unused_files(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    let files: Vec<String> = on!(&mut conn, |c| {
                        sqlx::query_scalar(UNUSED)
                            .bind(now.as_micros())
                            .bind(i64::from(limit))
                            .fetch_all(&mut **c)
                            .await?
                    });
                    let mut taken = Vec::with_capacity(files.len());
                    for sha256 in files {
                        // Another node may have been faster, or a row may name it again.
                        let changed = on!(&mut conn, |c| {
                            sqlx::query(TAKE)
                                .bind(&sha256)
                                .bind(now.as_micros())
                                .bind(until.as_micros())
                                .execute(&mut **c)
                                .await?
                                .rows_affected()
                        });
                        if changed > 0 {
                            taken.push(sha256);
                        }
                    }
                    Ok(taken)
                })
            })
            .await
    }

    /// The file that was taken until then is removed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_unused_file(&self, sha256: &str, until: Timestamp) -> Result<(), StoreError> {
        let sha256 = sha256.to_owned();
        self.writer
            .run(move |mut conn| {
                let sha256 = sha256.clone();
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET)
                            .bind(sha256)
                            .bind(until.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}
