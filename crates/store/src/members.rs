//! The members of an organization: what they are there, and their leaving.

use domain::people::Role;
use domain::{OrganizationId, Timestamp, UserId};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Who it is.
    pub user_id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When one of their sessions was last used.
    pub last_seen_at: Option<Timestamp>,
}

/// What came of changing a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// It is done; so many of their keys were revoked.
    Done(u64),
    /// There is no such member.
    NotFound,
    /// There would be no owner left.
    LastOwner,
    /// Who wants it has no say about this member or this role.
    NotAllowed,
}

#[derive(sqlx::FromRow)]
struct Stored {
    user_id: i64,
    email: String,
    name: String,
    role: String,
    created_at: i64,
    last_seen_at: Option<i64>,
}

pub(crate) const LIST: &str = "SELECT m.user_id, u.email, u.name, m.role, m.created_at,
        (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = m.user_id) AS last_seen_at
    FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.organization_id = $1 ORDER BY m.created_at, m.user_id";
// Changes nothing but takes the row's lock, so that of two changes the second sees the first.
const LOCK: &str = "UPDATE organizations SET name = name WHERE id = $1";
const ROLE: &str = "SELECT role FROM memberships WHERE organization_id = $1 AND user_id = $2";
const OTHER_OWNERS: &str = "SELECT COUNT(*) FROM memberships
    WHERE organization_id = $1 AND user_id <> $2 AND role = 'owner'";
const CHANGE: &str = "UPDATE memberships SET role = $3 WHERE organization_id = $1 AND user_id = $2";
const REMOVE: &str = "DELETE FROM memberships WHERE organization_id = $1 AND user_id = $2";
const REVOKE_KEYS: &str = "UPDATE api_keys SET revoked_at = $3
    WHERE organization_id = $1 AND user_id = $2 AND revoked_at IS NULL";
const TAKE_INVITATIONS_BACK: &str = "DELETE FROM invitations WHERE organization_id = $1 AND invited_by = $2";
const LOOK_ELSEWHERE: &str = "UPDATE sessions SET organization_id = (SELECT m.organization_id
        FROM memberships m WHERE m.user_id = $2 ORDER BY m.created_at, m.organization_id LIMIT 1)
    WHERE user_id = $2 AND organization_id = $1";

/// Looks whether `by` may change this member so that they are `role`, or gone.
async fn refuse(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    user: UserId,
    by: Role,
    role: Option<Role>,
) -> Result<Option<MemberChange>, StoreError> {
    let present: Option<String> = on!(&mut *conn, |c| {
        sqlx::query(LOCK).bind(organization.0).execute(&mut **c).await?;
        sqlx::query_scalar(ROLE).bind(organization.0).bind(user.0).fetch_optional(&mut **c).await?
    });
    let Some(present) = present.as_deref().and_then(Role::parse) else {
        return Ok(Some(MemberChange::NotFound));
    };
    if !by.governs(present) || role.is_some_and(|role| !by.governs(role)) {
        return Ok(Some(MemberChange::NotAllowed));
    }
    if present != Role::Owner || role == Some(Role::Owner) {
        return Ok(None);
    }
    let others: i64 = on!(&mut *conn, |c| {
        sqlx::query_scalar(OTHER_OWNERS).bind(organization.0).bind(user.0).fetch_one(&mut **c).await?
    });
    Ok((others == 0).then_some(MemberChange::LastOwner))
}

async fn take_invitations_back(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(TAKE_INVITATIONS_BACK)
            .bind(organization.0)
            .bind(user.0)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

impl Store {
    /// The members of an organization, in the order in which they joined.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_members(&self, organization: OrganizationId) -> Result<Vec<MemberRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).bind(organization.0).fetch_all(&mut *c).await? });
        let read = |row: Stored| {
            Some(MemberRow {
                user_id: UserId(row.user_id),
                email: row.email,
                name: row.name,
                role: Role::parse(&row.role)?,
                joined_at: Timestamp::from_micros(row.created_at),
                last_seen_at: row.last_seen_at.map(Timestamp::from_micros),
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Gives a member another role, as somebody who is `by` wants it. Invitations of a member who no
    /// longer manages are taken back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_member_role(
        &self,
        organization: OrganizationId,
        user: UserId,
        role: Role,
        by: Role,
        log: Vec<NewAuditEntry>,
    ) -> Result<MemberChange, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    if let Some(refused) = refuse(&mut conn, organization, user, by, Some(role)).await? {
                        return Ok(refused);
                    }
                    on!(&mut conn, |c| {
                        sqlx::query(CHANGE)
                            .bind(organization.0)
                            .bind(user.0)
                            .bind(role.as_str())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if !role.manages() {
                        take_invitations_back(&mut conn, organization, user).await?;
                    }
                    audit_log::insert(&mut conn, &log).await?;
                    Ok(MemberChange::Done(0))
                })
            })
            .await
    }

    /// Removes a member, as somebody who is `by` wants it. Their keys are revoked, their invitations are
    /// taken back, and their sessions look at another organization of theirs, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_member(
        &self,
        organization: OrganizationId,
        user: UserId,
        by: Role,
        now: Timestamp,
        log: Vec<NewAuditEntry>,
    ) -> Result<MemberChange, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    if let Some(refused) = refuse(&mut conn, organization, user, by, None).await? {
                        return Ok(refused);
                    }
                    let revoked = on!(&mut conn, |c| {
                        sqlx::query(REMOVE).bind(organization.0).bind(user.0).execute(&mut **c).await?;
                        sqlx::query(LOOK_ELSEWHERE)
                            .bind(organization.0)
                            .bind(user.0)
                            .execute(&mut **c)
                            .await?;
                        sqlx::query(REVOKE_KEYS)
                            .bind(organization.0)
                            .bind(user.0)
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    take_invitations_back(&mut conn, organization, user).await?;
                    audit_log::insert(&mut conn, &log).await?;
                    Ok(MemberChange::Done(revoked))
                })
            })
            .await
    }
}
