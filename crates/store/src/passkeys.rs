//! Passkeys: one row each. What the library has to know of one is a text that only it reads.

use domain::{PasskeyId, Timestamp, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::ways_in::{self, Removal, WaysOpen};
use crate::{Store, StoreError};

/// A passkey in the list of somebody's own ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id.
    pub id: PasskeyId,
    /// What its person calls it.
    pub name: String,
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

/// A passkey to be added.
#[derive(Clone)]
pub struct NewPasskey {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// What its person calls it.
    pub name: String,
    /// The library's record.
    pub credential: String,
    /// When it is added.
    pub created_at: Timestamp,
}

/// A passkey that somebody signs in with.
#[derive(Clone)]
pub struct FoundPasskey {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// What they call it.
    pub name: String,
    /// The library's record.
    pub credential: String,
}

/// What became of a passkey to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyAdded {
    /// It is there.
    Done,
    /// Somebody has it already.
    Taken,
    /// The person has as many as there may be.
    TooMany,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: uuid::Uuid,
    name: String,
    credential_id: Vec<u8>,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl From<Stored> for PasskeyRow {
    fn from(row: Stored) -> Self {
        Self {
            id: PasskeyId(row.id),
            name: row.name,
            credential_id: row.credential_id,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        }
    }
}

const COUNT: &str = "SELECT COUNT(*) FROM passkeys WHERE user_id = $1";
const INSERT: &str =
    "INSERT INTO passkeys (id, user_id, credential_id, name, credential, created_at, last_used_at)
    VALUES ($1, $2, $3, $4, $5, $6, NULL) ON CONFLICT (credential_id) DO NOTHING";
pub(crate) const LIST: &str = "SELECT id, name, credential_id, created_at, last_used_at FROM passkeys
    WHERE user_id = $1 ORDER BY created_at, id";
pub(crate) const FIND: &str = "SELECT p.id, p.user_id, u.email, p.name, p.credential
    FROM passkeys p JOIN users u ON u.id = p.user_id WHERE p.credential_id = $1";
// Only over what was read: of two uses with the same count, one is the clone's.
const USED: &str = "UPDATE passkeys SET credential = $2, last_used_at = $3 WHERE id = $1 AND credential = $4";
const RENAME: &str = "UPDATE passkeys SET name = $3 WHERE user_id = $1 AND id = $2";
const DELETE: &str = "DELETE FROM passkeys WHERE user_id = $1 AND id = $2";

async fn add(conn: &mut Conn<'_>, new: &NewPasskey, most: i64) -> Result<PasskeyAdded, StoreError> {
    ways_in::lock(conn, new.user_id).await?;
    let count: i64 =
        on!(&mut *conn, |c| { sqlx::query_scalar(COUNT).bind(new.user_id.0).fetch_one(&mut **c).await? });
    if count >= most {
        return Ok(PasskeyAdded::TooMany);
    }
    let added = on!(&mut *conn, |c| {
        sqlx::query(INSERT)
            .bind(new.id.0)
            .bind(new.user_id.0)
            .bind(&new.credential_id)
            .bind(&new.name)
            .bind(&new.credential)
            .bind(new.created_at.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(if added == 1 { PasskeyAdded::Done } else { PasskeyAdded::Taken })
}

impl Store {
    /// Adds a passkey, unless somebody has it or the person has `most` of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_passkey(
        &self,
        new: NewPasskey,
        most: i64,
        log: Vec<NewAuditEntry>,
    ) -> Result<PasskeyAdded, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (new, log) = (new.clone(), log.clone());
                Box::pin(async move {
                    let added = add(&mut conn, &new, most).await?;
                    if added == PasskeyAdded::Done {
                        audit_log::insert(&mut conn, &log).await?;
                    }
                    Ok(added)
                })
            })
            .await
    }

    /// Somebody's passkeys, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_passkeys(&self, user: UserId) -> Result<Vec<PasskeyRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).bind(user.0).fetch_all(&mut *c).await? });
        Ok(rows.into_iter().map(PasskeyRow::from).collect())
    }

    /// The passkey that its authenticator calls so. A look-up that comes before the person is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_passkey(&self, credential_id: &[u8]) -> Result<Option<FoundPasskey>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(uuid::Uuid, i64, String, String, String)> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).bind(credential_id).fetch_optional(&mut *c).await? });
        Ok(row.map(|(id, user, email, name, credential)| FoundPasskey {
            id: PasskeyId(id),
            user_id: UserId(user),
            email,
            name,
            credential,
        }))
    }

    /// Notes that a passkey was used, and how the library's record reads since. `false` when the record
    /// is not the one that was read any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_passkey(
        &self,
        found: &FoundPasskey,
        credential: String,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (id, read) = (found.id, found.credential.clone());
        self.writer
            .run(move |mut conn| {
                let (credential, read) = (credential.clone(), read.clone());
                Box::pin(async move {
                    let used = on!(&mut conn, |c| {
                        sqlx::query(USED)
                            .bind(id.0)
                            .bind(credential)
                            .bind(now.as_micros())
                            .bind(read)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(used == 1)
                })
            })
            .await
    }

    /// Gives one of somebody's passkeys another name; `false` when it is not theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        name: String,
        log: Vec<NewAuditEntry>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (name, log) = (name.clone(), log.clone());
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(RENAME)
                            .bind(user.0)
                            .bind(id.0)
                            .bind(name)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if done == 1 {
                        audit_log::insert(&mut conn, &log).await?;
                    }
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Removes one of somebody's passkeys, unless they come in by no other way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        open: WaysOpen,
        log: Vec<NewAuditEntry>,
    ) -> Result<Removal, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (open, log) = (open.clone(), log.clone());
                Box::pin(async move { ways_in::remove(&mut conn, user, id.0, &open, DELETE, &log).await })
            })
            .await
    }
}
