//! Who somebody is in the other system that people sign in by. Its subjects are what is believed; an
//! address only leads to a person the first time.

use domain::audit::AuditAction;
use domain::people::{Role, fold_email};
use domain::{AuditId, IdentityId, OrganizationId, Timestamp, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::invitations::{self, InvitationRow};
use crate::{Store, StoreError, user_email, users};

/// Somebody in the other system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The system.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
}

/// An organization that a new person joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// The organization.
    pub organization_id: OrganizationId,
    /// What they become there.
    pub role: Role,
}

/// Somebody whom the other system vouches for.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Who they are there.
    pub identity: Identity,
    /// The id of the link, where one is made.
    pub link_id: IdentityId,
    /// Their address, if that system has verified it.
    pub email: Option<String>,
    /// Their name.
    pub name: String,
    /// What becomes of somebody whom nobody here knows.
    pub newcomer: Option<NewMember>,
    /// The line that says that the identity leads to the person from now on. The organization and the
    /// person are filled in.
    pub linked: NewAuditEntry,
    /// The same for an organization that they join.
    pub joined: NewAuditEntry,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuestEnd {
    /// This person, with their address here.
    Person(UserId, String),
    /// Nobody here has the address, and nobody invited it.
    Unknown,
    /// The identity is new, and its system did not verify an address.
    Unverified,
    /// The person with this address has another identity of the same system.
    Taken,
    /// Nobody but the person with this address said that it is theirs, or they took the link back.
    NotLinked,
}

pub(crate) const FIND: &str = "SELECT u.id, u.email FROM identities i JOIN users u ON u.id = i.user_id
    WHERE i.issuer = $1 AND i.subject = $2";
// An address that is not vouched for any more stays as it was known.
const SEEN: &str = "UPDATE identities SET last_used_at = $3, email = COALESCE($4, email), name = $5
    WHERE issuer = $1 AND subject = $2";
const INSERT: &str =
    "INSERT INTO identities (id, issuer, subject, user_id, email, name, created_at, last_used_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING";
pub(crate) const INVITED: &str =
    "SELECT organization_id, id, email, role, created_at, expires_at FROM invitations
    WHERE email = $1 AND expires_at > $2 ORDER BY created_at, id";

/// The open invitations of an address, in every organization.
async fn invited(conn: &mut Conn<'_>, email: &str, now: Timestamp) -> Result<Vec<InvitationRow>, StoreError> {
    let rows: Vec<invitations::Stored> = on!(conn, |c| {
        sqlx::query_as(INVITED).bind(fold_email(email)).bind(now.as_micros()).fetch_all(&mut **c).await?
    });
    Ok(rows.into_iter().filter_map(invitations::Stored::read).collect())
}

pub(crate) async fn find(
    conn: &mut Conn<'_>,
    identity: &Identity,
) -> Result<Option<(UserId, String)>, StoreError> {
    let row: Option<(i64, String)> = on!(conn, |c| {
        sqlx::query_as(FIND).bind(&identity.issuer).bind(&identity.subject).fetch_optional(&mut **c).await?
    });
    Ok(row.map(|(id, email)| (UserId(id), email)))
}

/// Notes that somebody came with an identity, and what its system says of them.
pub(crate) async fn see(
    conn: &mut Conn<'_>,
    identity: &Identity,
    email: Option<&str>,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(SEEN)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .bind(now.as_micros())
            .bind(email)
            .bind(name)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

/// Leads an identity to a person; `false` when it leads to somebody, or the person has one of this system.
pub(crate) async fn add(
    conn: &mut Conn<'_>,
    id: IdentityId,
    identity: &Identity,
    user: UserId,
    email: Option<&str>,
    name: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let added = on!(conn, |c| {
        sqlx::query(INSERT)
            .bind(id.0)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .bind(user.0)
            .bind(email)
            .bind(name)
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(added == 1)
}

/// Lets the person join what they are invited to.
async fn accept(
    conn: &mut Conn<'_>,
    user: UserId,
    open: Vec<InvitationRow>,
    joined: &NewAuditEntry,
) -> Result<(), StoreError> {
    for invitation in open {
        let organization = invitation.organization_id;
        if invitations::remove(conn, organization, invitation.id).await? {
            users::join(conn, organization, user, invitation.role, joined.created_at).await?;
            audit_log::insert(conn, &[line(joined, organization, user)]).await?;
        }
    }
    Ok(())
}

fn line(of: &NewAuditEntry, organization: OrganizationId, user: UserId) -> NewAuditEntry {
    NewAuditEntry { organization_id: organization, user_id: Some(user), id: AuditId(of.id.0), ..of.clone() }
}

async fn admit(conn: &mut Conn<'_>, guest: &Guest) -> Result<GuestEnd, StoreError> {
    let (identity, now) = (&guest.identity, guest.linked.created_at);
    if let Some((user, email)) = find(conn, identity).await? {
        see(conn, identity, guest.email.as_deref(), &guest.name, now).await?;
        let is_theirs = |vouched: &&String| fold_email(vouched) == fold_email(&email);
        if let Some(vouched) = guest.email.as_ref().filter(is_theirs) {
            user_email::vouch(conn, user, vouched).await?;
            let open = invited(conn, vouched, now).await?;
            accept(conn, user, open, &guest.joined).await?;
        }
        return Ok(GuestEnd::Person(user, email));
    }
    let Some(email) = &guest.email else { return Ok(GuestEnd::Unverified) };
    let open = invited(conn, email, now).await?;
    let known = users::find_by_email(conn, email).await?;
    let newcomer = guest.newcomer.filter(|_| known.is_none() && open.is_empty());
    if known.is_none() && open.is_empty() && newcomer.is_none() {
        return Ok(GuestEnd::Unknown);
    }
    let (user, called) = match known {
        Some(user) if !user.links_by_email => return Ok(GuestEnd::NotLinked),
        Some(user) => (user.id, user.email),
        None => (users::find_or_create(conn, email, &guest.name, None, now).await?.0, email.clone()),
    };
    if !add(conn, guest.link_id, identity, user, Some(email), &guest.name, now).await? {
        return Ok(GuestEnd::Taken);
    }
    accept(conn, user, open, &guest.joined).await?;
    if let Some(member) = newcomer {
        users::join(conn, member.organization_id, user, member.role, now).await?;
        let joined = NewAuditEntry { action: AuditAction::MemberAdd, ..guest.joined.clone() };
        audit_log::insert(conn, &[line(&joined, member.organization_id, user)]).await?;
    }
    for organization in users::organizations_of(conn, user).await? {
        audit_log::insert(conn, &[line(&guest.linked, organization, user)]).await?;
    }
    Ok(GuestEnd::Person(user, called))
}

impl Store {
    /// Finds the person whom the other system vouches for, links or makes them where that is allowed, and
    /// accepts what their verified address is invited to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn admit_guest(&self, guest: Guest) -> Result<GuestEnd, StoreError> {
        self.writer
            .run(move |mut conn| {
                let guest = guest.clone();
                Box::pin(async move { admit(&mut conn, &guest).await })
            })
            .await
    }

    /// Whether an identity leads to somebody here, or its address to somebody or an invitation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_guest(
        &self,
        identity: &Identity,
        email: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut read = self.read().await?;
        if find(&mut read.conn(), identity).await?.is_some() {
            return Ok(true);
        }
        let Some(email) = email else { return Ok(false) };
        let known = users::find_by_email(&mut read.conn(), email).await?.is_some();
        Ok(known || !invited(&mut read.conn(), email, now).await?.is_empty())
    }

    /// The organizations that an address has open invitations to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invited_to(&self, email: &str, now: Timestamp) -> Result<Vec<OrganizationId>, StoreError> {
        let mut read = self.read().await?;
        let open = invited(&mut read.conn(), email, now).await?;
        Ok(open.into_iter().map(|row| row.organization_id).collect())
    }
}
