//! The address of a person, and its change. Nobody else's address is ever taken by it.

use domain::people::fold_email;
use domain::{SessionId, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::{Store, StoreError, users};

/// Who says that an address is somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// The person. No login of another system is led to them by it.
    Themselves,
    /// The operator, who is believed.
    Operator,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChange {
    /// The address is theirs.
    Done,
    /// Somebody else has it.
    Taken,
}

// Who only writes their address in another case has the same one.
const CHANGE: &str = "UPDATE users SET email = $2, email_folded = $3,
    links_by_email = CASE WHEN $4 = 1 THEN 1 WHEN email_folded = $3 THEN links_by_email ELSE 0 END
    WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_folded = $3 AND o.id <> $1)";
const VOUCHED: &str = "UPDATE users SET links_by_email = 1
    WHERE id = $1 AND email_folded = $2 AND links_by_email = 0";
const UNLINKED: &str = "UPDATE users SET links_by_email = 0 WHERE id = $1";

/// A system that somebody signs in by says that this address is theirs.
pub(crate) async fn vouch(conn: &mut Conn<'_>, user: UserId, email: &str) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(VOUCHED).bind(user.0).bind(fold_email(email)).execute(&mut **c).await?.rows_affected()
    });
    Ok(())
}

/// No login is led to somebody by their address: nobody who is believed said that it is theirs, or they took
/// a login back.
pub(crate) async fn stop_linking(conn: &mut Conn<'_>, user: UserId) -> Result<(), StoreError> {
    on!(conn, |c| { sqlx::query(UNLINKED).bind(user.0).execute(&mut **c).await?.rows_affected() });
    Ok(())
}

impl Store {
    /// Gives somebody another address, and ends what they are signed in with, but for `keep`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_user_email(
        &self,
        user: UserId,
        email: &str,
        said_by: SaidBy,
        keep: Option<SessionId>,
        log: Vec<NewAuditEntry>,
    ) -> Result<EmailChange, StoreError> {
        let email = email.trim().to_owned();
        let changed = self
            .writer
            .run(move |mut conn| {
                let (email, log) = (email.clone(), log.clone());
                Box::pin(async move {
                    let changed = on!(&mut conn, |c| {
                        sqlx::query(CHANGE)
                            .bind(user.0)
                            .bind(&email)
                            .bind(fold_email(&email))
                            .bind(i64::from(said_by == SaidBy::Operator))
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if changed == 0 {
                        return Ok(EmailChange::Taken);
                    }
                    users::end_what_is_open(&mut conn, user, keep).await?;
                    audit_log::insert(&mut conn, &log).await?;
                    Ok(EmailChange::Done)
                })
            })
            .await;
        match changed {
            // Somebody took it at the same moment.
            Err(error) if error.is_duplicate() => Ok(EmailChange::Taken),
            changed => changed,
        }
    }
}
