//! The logins of other systems that lead to a person: their list, one more, and one less.

use domain::{IdentityId, Timestamp, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::identities::{self, Identity};
use crate::ways_in::{self, Removal, WaysOpen};
use crate::{Store, StoreError, user_email};

/// A login of another system in the list of somebody's own ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// The id of the link.
    pub id: IdentityId,
    /// The system.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// The address that the system last vouched for.
    pub email: Option<String>,
    /// What it last called them.
    pub name: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When they last signed in by it.
    pub last_used_at: Timestamp,
}

/// A login to be linked.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The id of the link.
    pub id: IdentityId,
    /// The system, and who they are there.
    pub identity: Identity,
    /// The address that the system vouches for.
    pub email: Option<String>,
    /// What it calls them.
    pub name: String,
    /// When it is linked.
    pub created_at: Timestamp,
}

/// What came of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// It leads to the person, since now or before.
    Done,
    /// It leads to somebody else.
    Elsewhere,
    /// The person has another login of the same system.
    Another,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: uuid::Uuid,
    issuer: String,
    subject: String,
    email: Option<String>,
    name: Option<String>,
    created_at: i64,
    last_used_at: i64,
}

impl From<Stored> for IdentityRow {
    fn from(row: Stored) -> Self {
        Self {
            id: IdentityId(row.id),
            issuer: row.issuer,
            subject: row.subject,
            email: row.email,
            name: row.name,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: Timestamp::from_micros(row.last_used_at),
        }
    }
}

pub(crate) const LIST: &str =
    "SELECT id, issuer, subject, email, name, created_at, last_used_at FROM identities
    WHERE user_id = $1 ORDER BY created_at, id";
const DELETE: &str = "DELETE FROM identities WHERE user_id = $1 AND id = $2";

async fn link(
    conn: &mut Conn<'_>,
    user: UserId,
    new: &NewLink,
    log: &[NewAuditEntry],
) -> Result<LinkEnd, StoreError> {
    let NewLink { id, identity, email, name, created_at } = new;
    ways_in::lock(conn, user).await?;
    match identities::find(conn, identity).await? {
        Some((theirs, _)) if theirs != user => return Ok(LinkEnd::Elsewhere),
        Some(_) => identities::see(conn, identity, email.as_deref(), name, *created_at).await?,
        None if identities::add(conn, *id, identity, user, email.as_deref(), name, *created_at).await? => {
            audit_log::insert(conn, log).await?;
        }
        // Somebody else linked it at the same moment, or the person has one of this system.
        None if identities::find(conn, identity).await?.is_some() => return Ok(LinkEnd::Elsewhere),
        None => return Ok(LinkEnd::Another),
    }
    if let Some(email) = email {
        user_email::vouch(conn, user, email).await?;
    }
    Ok(LinkEnd::Done)
}

impl Store {
    /// Somebody's logins of other systems, the oldest link first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_identities(&self, user: UserId) -> Result<Vec<IdentityRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).bind(user.0).fetch_all(&mut *c).await? });
        Ok(rows.into_iter().map(IdentityRow::from).collect())
    }

    /// Leads a login of another system to somebody, unless it leads to somebody else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link_identity(
        &self,
        user: UserId,
        new: NewLink,
        log: Vec<NewAuditEntry>,
    ) -> Result<LinkEnd, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (new, log) = (new.clone(), log.clone());
                Box::pin(async move { link(&mut conn, user, &new, &log).await })
            })
            .await
    }

    /// Takes a login away from somebody, unless they come in by no other way. Their address leads no login
    /// to them afterwards, or the next sign-in would bring it back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unlink_identity(
        &self,
        user: UserId,
        id: IdentityId,
        open: WaysOpen,
        log: Vec<NewAuditEntry>,
    ) -> Result<Removal, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (open, log) = (open.clone(), log.clone());
                Box::pin(async move {
                    let end = ways_in::remove(&mut conn, user, id.0, &open, DELETE, &log).await?;
                    if end == Removal::Done {
                        user_email::stop_linking(&mut conn, user).await?;
                    }
                    Ok(end)
                })
            })
            .await
    }
}
