//! The ways by which a person comes in. The last one stays.

use domain::UserId;
use uuid::Uuid;

use crate::StoreError;
use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};

/// Which ways in work on this server, besides passwords.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaysOpen {
    /// Whether browsers know passkeys here.
    pub passkeys: bool,
    /// The other system that people sign in by.
    pub issuer: Option<String>,
}

/// What came of removing a way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Done,
    /// It is not there, or not theirs.
    NotFound,
    /// They would not come in any more.
    LastWay,
}

// The person's row is locked, so that of two at once the second one sees the first.
const LOCK: &str = "UPDATE users SET name = name WHERE id = $1";
const OTHERS: &str = "SELECT
    (SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash IS NOT NULL) +
    (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND id <> $2 AND $3 = 1) +
    (SELECT COUNT(*) FROM identities WHERE user_id = $1 AND id <> $2 AND issuer = $4)";

/// Makes whoever else changes a person's ways in wait.
pub(crate) async fn lock(conn: &mut Conn<'_>, user: UserId) -> Result<(), StoreError> {
    on!(conn, |c| { sqlx::query(LOCK).bind(user.0).execute(&mut **c).await?.rows_affected() });
    Ok(())
}

/// Whether somebody comes in without the passkey or the login of this id.
async fn is_any_left(
    conn: &mut Conn<'_>,
    user: UserId,
    without: Uuid,
    open: &WaysOpen,
) -> Result<bool, StoreError> {
    let others: i64 = on!(conn, |c| {
        sqlx::query_scalar(OTHERS)
            .bind(user.0)
            .bind(without)
            .bind(i64::from(open.passkeys))
            .bind(open.issuer.as_deref())
            .fetch_one(&mut **c)
            .await?
    });
    Ok(others > 0)
}

/// Removes the passkey or the login of this id by `delete`, which takes the person and the id, unless it is
/// their last way in.
pub(crate) async fn remove(
    conn: &mut Conn<'_>,
    user: UserId,
    id: Uuid,
    open: &WaysOpen,
    delete: &'static str,
    log: &[NewAuditEntry],
) -> Result<Removal, StoreError> {
    lock(conn, user).await?;
    if !is_any_left(conn, user, id, open).await? {
        return Ok(Removal::LastWay);
    }
    let done = on!(&mut *conn, |c| sqlx::query(delete)
        .bind(user.0)
        .bind(id)
        .execute(&mut **c)
        .await?
        .rows_affected());
    if done == 0 {
        return Ok(Removal::NotFound);
    }
    audit_log::insert(conn, log).await?;
    Ok(Removal::Done)
}
