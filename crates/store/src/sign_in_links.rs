//! Links that sign somebody in once, and those that let the first person set the installation up. Of a
//! link's token only a hash is kept.

use domain::{Timestamp, UserId};
use sha2::{Digest as _, Sha256};

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

const FORGET: &str = "DELETE FROM sign_in_links WHERE expires_at <= $1";
const INSERT: &str = "INSERT INTO sign_in_links (token_hash, user_id, created_at, expires_at)
    VALUES ($1, $2, $3, $4)";
const USE: &str =
    "DELETE FROM sign_in_links WHERE token_hash = $1 AND expires_at > $2 AND user_id IS NOT NULL
    RETURNING user_id";
const USE_FOR_SETUP: &str =
    "DELETE FROM sign_in_links WHERE token_hash = $1 AND expires_at > $2 AND user_id IS NULL";
const END_SETUP: &str = "DELETE FROM sign_in_links WHERE user_id IS NULL";

/// What a link is found by. A token has 256 random bits, so a plain hash is enough.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Uses a link that sets the installation up; all others of its kind end with it.
pub(crate) async fn use_for_setup(
    conn: &mut Conn<'_>,
    token: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let used = on!(&mut *conn, |c| {
        sqlx::query(USE_FOR_SETUP)
            .bind(hash(token))
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    if used == 1 {
        on!(conn, |c| { sqlx::query(END_SETUP).execute(&mut **c).await?.rows_affected() });
    }
    Ok(used == 1)
}

impl Store {
    /// Keeps a link for a person, or for whoever sets the installation up; `token` itself is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_sign_in_link(
        &self,
        token: &str,
        user: Option<UserId>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let token = hash(token);
        self.writer
            .run(move |mut conn| {
                let token = token.clone();
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET).bind(now.as_micros()).execute(&mut **c).await?;
                        sqlx::query(INSERT)
                            .bind(token)
                            .bind(user.map(|user| user.0))
                            .bind(now.as_micros())
                            .bind(expires_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// Uses a link: whom it signs in, this once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_sign_in_link(&self, token: &str, now: Timestamp) -> Result<Option<UserId>, StoreError> {
        let token = hash(token);
        self.writer
            .run(move |mut conn| {
                let token = token.clone();
                Box::pin(async move {
                    let user: Option<i64> = on!(&mut conn, |c| {
                        sqlx::query_scalar(USE)
                            .bind(token)
                            .bind(now.as_micros())
                            .fetch_optional(&mut **c)
                            .await?
                    });
                    Ok(user.map(UserId))
                })
            })
            .await
    }
}
