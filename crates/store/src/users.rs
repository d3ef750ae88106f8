//! People: one row each, whatever organizations they belong to. Of a password only its hash comes here.

use domain::people::{Role, fold_email};
use domain::{OrganizationId, SessionId, Timestamp, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::organizations::next_integer;
use crate::{Store, StoreError};

/// A person.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address, as it was given.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The hash of their password; `None` for who has none.
    pub password_hash: Option<String>,
    /// Whether a login that another system vouches for leads to them by this address.
    pub links_by_email: bool,
}

/// A person to be made, with the organization that they join.
#[derive(Clone)]
pub struct NewUser {
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The hash of their password.
    pub password_hash: String,
    /// The organization.
    pub organization_id: OrganizationId,
    /// What they are there.
    pub role: Role,
    /// When they are made.
    pub created_at: Timestamp,
}

/// An organization that somebody belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipRow {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// What they are there.
    pub role: Role,
}

/// A person as the operator sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUser {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they can sign in.
    pub has_password: bool,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: i64,
    email: String,
    name: String,
    password_hash: Option<String>,
    links_by_email: i64,
}

impl From<Stored> for UserRow {
    fn from(row: Stored) -> Self {
        Self {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            links_by_email: row.links_by_email != 0,
        }
    }
}

pub(crate) const FIND_BY_EMAIL: &str =
    "SELECT id, email, name, password_hash, links_by_email FROM users WHERE email_folded = $1";
pub(crate) const FIND: &str =
    "SELECT id, email, name, password_hash, links_by_email FROM users WHERE id = $1";
const LIST: &str = "SELECT id, email, name, password_hash, links_by_email FROM users ORDER BY id";
// Of two that make the same person at once, the second finds the first one's.
const INSERT: &str = "INSERT INTO users (id, email, email_folded, name, password_hash, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (email_folded) DO UPDATE SET email_folded = excluded.email_folded RETURNING id";
// An owner who signs in by another system needs no password.
const ANY_PASSWORD: &str = "SELECT COUNT(*) FROM (
    SELECT 1 FROM users WHERE password_hash IS NOT NULL UNION ALL
    SELECT 1 FROM identities i JOIN memberships m ON m.user_id = i.user_id WHERE m.role = 'owner' LIMIT 1) u";
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $2 WHERE id = $1";
const RENAME: &str = "UPDATE users SET name = $2 WHERE id = $1";
const JOIN: &str = "INSERT INTO memberships (organization_id, user_id, role, created_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT (organization_id, user_id) DO NOTHING";
const OWN: &str = "INSERT INTO memberships (organization_id, user_id, role, created_at)
    VALUES ($1, $2, 'owner', $3) ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role";
const END_SESSIONS: &str = "DELETE FROM sessions WHERE user_id = $1";
const END_OTHER_SESSIONS: &str = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
const END_LINKS: &str = "DELETE FROM sign_in_links WHERE user_id = $1";
pub(crate) const MEMBERSHIPS: &str = "SELECT m.organization_id, o.name, m.role FROM memberships m
    JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = $1
    ORDER BY m.created_at, m.organization_id";

/// The person with this address.
pub(crate) async fn find_by_email(conn: &mut Conn<'_>, email: &str) -> Result<Option<UserRow>, StoreError> {
    let row: Option<Stored> = on!(conn, |c| {
        sqlx::query_as(FIND_BY_EMAIL).bind(fold_email(email)).fetch_optional(&mut **c).await?
    });
    Ok(row.map(UserRow::from))
}

/// Whether anybody can sign in.
pub(crate) async fn has_password(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    let count: i64 = on!(conn, |c| { sqlx::query_scalar(ANY_PASSWORD).fetch_one(&mut **c).await? });
    Ok(count > 0)
}

/// The id of the person with this address, who is made if there is none yet, and whether they were.
pub(crate) async fn find_or_create(
    conn: &mut Conn<'_>,
    email: &str,
    name: &str,
    password_hash: Option<&str>,
    now: Timestamp,
) -> Result<(UserId, bool), StoreError> {
    if let Some(user) = find_by_email(conn, email).await? {
        return Ok((user.id, false));
    }
    let id = next_integer(conn, "users", 501).await?;
    let made: i64 = on!(conn, |c| {
        sqlx::query_scalar(INSERT)
            .bind(id)
            .bind(email.trim())
            .bind(fold_email(email))
            .bind(name)
            .bind(password_hash)
            .bind(now.as_micros())
            .fetch_one(&mut **c)
            .await?
    });
    Ok((UserId(made), made == id))
}

/// Makes somebody a member; one who is a member already stays what they are.
pub(crate) async fn join(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let joined = on!(conn, |c| {
        sqlx::query(JOIN)
            .bind(organization.0)
            .bind(user.0)
            .bind(role.as_str())
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(joined == 1)
}

/// Makes somebody an owner, whatever they were.
pub(crate) async fn make_owner(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(OWN)
            .bind(organization.0)
            .bind(user.0)
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

/// The organizations that somebody belongs to.
pub(crate) async fn organizations_of(
    conn: &mut Conn<'_>,
    user: UserId,
) -> Result<Vec<OrganizationId>, StoreError> {
    let rows: Vec<(uuid::Uuid, String, String)> =
        on!(conn, |c| { sqlx::query_as(MEMBERSHIPS).bind(user.0).fetch_all(&mut **c).await? });
    Ok(rows.into_iter().map(|(id, ..)| OrganizationId(id)).collect())
}

/// Changes a person's name.
pub(crate) async fn rename(conn: &mut Conn<'_>, user: UserId, name: &str) -> Result<(), StoreError> {
    on!(conn, |c| { sqlx::query(RENAME).bind(user.0).bind(name).execute(&mut **c).await?.rows_affected() });
    Ok(())
}

/// Sets a password and ends what was opened by the old one, but for one session.
pub(crate) async fn set_password(
    conn: &mut Conn<'_>,
    user: UserId,
    hash: &str,
    keep: Option<SessionId>,
) -> Result<(), StoreError> {
    on!(&mut *conn, |c| {
        sqlx::query(SET_PASSWORD).bind(user.0).bind(hash).execute(&mut **c).await?.rows_affected()
    });
    end_what_is_open(conn, user, keep).await
}

/// Ends what somebody is signed in with, and what could sign them in, but for one session.
pub(crate) async fn end_what_is_open(
    conn: &mut Conn<'_>,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        match keep {
            Some(session) => {
                sqlx::query(END_OTHER_SESSIONS).bind(user.0).bind(session.0).execute(&mut **c).await?
            }
            None => sqlx::query(END_SESSIONS).bind(user.0).execute(&mut **c).await?,
        };
        sqlx::query(END_LINKS).bind(user.0).execute(&mut **c).await?.rows_affected()
    });
    Ok(())
}

impl Store {
    /// The person with this address, in whatever case it is written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_user_by_email(&self, email: &str) -> Result<Option<UserRow>, StoreError> {
        let mut read = self.read().await?;
        find_by_email(&mut read.conn(), email).await
    }

    /// A person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_user(&self, id: UserId) -> Result<Option<UserRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).bind(id.0).fetch_optional(&mut *c).await? });
        Ok(row.map(UserRow::from))
    }

    /// Everybody. For the operator, never for a tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_users(&self) -> Result<Vec<KnownUser>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| { sqlx::query_as(LIST).fetch_all(&mut *c).await? });
        let known = |row: Stored| KnownUser {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            has_password: row.password_hash.is_some(),
        };
        Ok(rows.into_iter().map(known).collect())
    }

    /// The organizations that somebody belongs to, the one that they joined first before the others.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_memberships(&self, user: UserId) -> Result<Vec<MembershipRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(uuid::Uuid, String, String)> =
            on!(read.conn(), |c| { sqlx::query_as(MEMBERSHIPS).bind(user.0).fetch_all(&mut *c).await? });
        Ok(rows
            .into_iter()
            .filter_map(|(id, organization_name, role)| {
                let role = Role::parse(&role)?;
                Some(MembershipRow { organization_id: OrganizationId(id), organization_name, role })
            })
            .collect())
    }

    /// Whether anybody can sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_any_password(&self) -> Result<bool, StoreError> {
        let mut read = self.read().await?;
        has_password(&mut read.conn()).await
    }

    /// Makes a person, who may belong to an organization. `false` when there is one with this address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_user(&self, new: NewUser, log: Vec<NewAuditEntry>) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (new, log) = (new.clone(), log.clone());
                Box::pin(async move {
                    let (hash, now) = (Some(new.password_hash.as_str()), new.created_at);
                    let (user, is_new) = find_or_create(&mut conn, &new.email, &new.name, hash, now).await?;
                    if !is_new {
                        return Ok(false);
                    }
                    join(&mut conn, new.organization_id, user, new.role, now).await?;
                    audit_log::insert(&mut conn, &log).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// Sets somebody's password. Their sessions end, but for `keep`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_user_password(
        &self,
        user: UserId,
        hash: String,
        keep: Option<SessionId>,
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let (hash, log) = (hash.clone(), log.clone());
                Box::pin(async move {
                    set_password(&mut conn, user, &hash, keep).await?;
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }

    /// Changes somebody's name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename_user(
        &self,
        user: UserId,
        name: String,
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let (name, log) = (name.clone(), log.clone());
                Box::pin(async move {
                    rename(&mut conn, user, &name).await?;
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }
}
