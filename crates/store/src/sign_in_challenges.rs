//! What a browser has to come back with: a signature of a passkey, or an answer of another system. Each
//! works once and for a short time. Of its token only a hash is kept.

use domain::{Timestamp, UserId};
use sha2::{Digest as _, Sha256};

use crate::conn::on;
use crate::{Store, StoreError};

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeKind {
    /// Adds a passkey.
    AddPasskey,
    /// Signs in with a passkey.
    UsePasskey,
    /// Signs in by the other system.
    Provider,
    /// Links a login of the other system to who is signed in.
    LinkIdentity,
}

impl ChallengeKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::AddPasskey => "add_passkey",
            Self::UsePasskey => "use_passkey",
            Self::Provider => "provider",
            Self::LinkIdentity => "link_identity",
        }
    }
}

/// A challenge to be kept.
#[derive(Clone, Debug)]
pub struct NewChallenge {
    /// What for.
    pub kind: ChallengeKind,
    /// Whose it is, where that is known.
    pub user_id: Option<UserId>,
    /// What has to be known when it is answered.
    pub state: String,
    /// When it is over.
    pub expires_at: Timestamp,
}

pub(crate) const FORGET: &str = "DELETE FROM sign_in_challenges WHERE expires_at <= $1";
const INSERT: &str = "INSERT INTO sign_in_challenges (token_hash, kind, user_id, state, expires_at)
    VALUES ($1, $2, $3, $4, $5)";
const TAKE: &str = "DELETE FROM sign_in_challenges WHERE token_hash = $1 AND kind = $2
        AND (user_id = $3 OR (user_id IS NULL AND $3 = 0)) AND expires_at > $4
    RETURNING state";

/// What a challenge is found by. A token has 256 random bits, so a plain hash is enough.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Store {
    /// Keeps a challenge; `token` itself is not kept. Those that are over are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_challenge(
        &self,
        token: &str,
        new: NewChallenge,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let token = hash(token);
        self.writer
            .run(move |mut conn| {
                let (token, new) = (token.clone(), new.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET).bind(now.as_micros()).execute(&mut **c).await?;
                        sqlx::query(INSERT)
                            .bind(token)
                            .bind(new.kind.as_str())
                            .bind(new.user_id.map(|user| user.0))
                            .bind(new.state)
                            .bind(new.expires_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// Takes a challenge, this once: what was kept with it. One of somebody else, or of another kind,
    /// is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_challenge(
        &self,
        token: &str,
        kind: ChallengeKind,
        user: Option<UserId>,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let token = hash(token);
        self.writer
            .run(move |mut conn| {
                let token = token.clone();
                Box::pin(async move {
                    // Ids of people begin above 0, which stands for nobody.
                    Ok(on!(&mut conn, |c| {
                        sqlx::query_scalar(TAKE)
                            .bind(token)
                            .bind(kind.as_str())
                            .bind(user.map_or(0, |user| user.0))
                            .bind(now.as_micros())
                            .fetch_optional(&mut **c)
                            .await?
                    }))
                })
            })
            .await
    }
}
