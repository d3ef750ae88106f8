//! Invitations: somebody who is not a member yet may become one by a link. Of the link's token only a
//! hash is kept.

use domain::people::{Role, fold_email};
use domain::{InvitationId, OrganizationId, Timestamp, UserId};
use sha2::{Digest as _, Sha256};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::{Store, StoreError, user_email, users};

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// Who invites.
    pub invited_by: UserId,
    /// When it is made.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// An open invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Who accepts an invitation.
#[derive(Clone)]
pub enum Invitee {
    /// Somebody who proved who they are.
    Known(UserId),
    /// Somebody new, with the hash of their password.
    New {
        /// Their name.
        name: String,
        /// The hash of their password.
        password_hash: String,
    },
}

/// What came of accepting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// They are a member now.
    Joined(UserId),
    /// The invitation is not there any more.
    Gone,
    /// Somebody with this address came in between.
    Taken,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Stored {
    organization_id: uuid::Uuid,
    id: uuid::Uuid,
    email: String,
    role: String,
    created_at: i64,
    expires_at: i64,
}

impl Stored {
    pub(crate) fn read(self) -> Option<InvitationRow> {
        Some(InvitationRow {
            organization_id: OrganizationId(self.organization_id),
            id: InvitationId(self.id),
            email: self.email,
            role: Role::parse(&self.role)?,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
        })
    }
}

const IS_MEMBER: &str = "SELECT COUNT(*) FROM users u JOIN memberships m ON m.user_id = u.id
    WHERE m.organization_id = $1 AND u.email_folded = $2";
const FORGET: &str = "DELETE FROM invitations WHERE expires_at <= $1";
const REPLACE: &str = "DELETE FROM invitations WHERE organization_id = $1 AND email = $2";
const INSERT: &str = "INSERT INTO invitations
    (organization_id, id, token_hash, email, role, invited_by, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const LIST: &str = "SELECT organization_id, id, email, role, created_at, expires_at
    FROM invitations WHERE organization_id = $1 AND expires_at > $2 ORDER BY id DESC";
pub(crate) const FIND: &str = "SELECT organization_id, id, email, role, created_at, expires_at
    FROM invitations WHERE token_hash = $1 AND expires_at > $2";
const DELETE: &str = "DELETE FROM invitations WHERE organization_id = $1 AND id = $2";

/// What an invitation is found by. A token has 256 random bits, so a plain hash is enough.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Store {
    /// Invites somebody; `token` itself is not kept, and an earlier invitation for the same address ends.
    /// `false` when they are a member already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_invitation(
        &self,
        organization: OrganizationId,
        new: NewInvitation,
        token: &str,
        log: Vec<NewAuditEntry>,
    ) -> Result<bool, StoreError> {
        let token = hash(token);
        self.writer
            .run(move |mut conn| {
                let (new, token, log) = (new.clone(), token.clone(), log.clone());
                Box::pin(async move {
                    let email = fold_email(&new.email);
                    let members: i64 = on!(&mut conn, |c| {
                        sqlx::query_scalar(IS_MEMBER)
                            .bind(organization.0)
                            .bind(&email)
                            .fetch_one(&mut **c)
                            .await?
                    });
                    if members > 0 {
                        return Ok(false);
                    }
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET).bind(new.created_at.as_micros()).execute(&mut **c).await?;
                        sqlx::query(REPLACE).bind(organization.0).bind(&email).execute(&mut **c).await?;
                        sqlx::query(INSERT)
                            .bind(organization.0)
                            .bind(new.id.0)
                            .bind(token)
                            .bind(&email)
                            .bind(new.role.as_str())
                            .bind(new.invited_by.0)
                            .bind(new.created_at.as_micros())
                            .bind(new.expires_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    audit_log::insert(&mut conn, &log).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// The open invitations of an organization, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_invitations(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<InvitationRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(LIST).bind(organization.0).bind(now.as_micros()).fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().filter_map(Stored::read).collect())
    }

    /// The open invitation with this token. A look-up that comes before the organization is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_invitation(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<InvitationRow>, StoreError> {
        let mut read = self.read().await?;
        find(&mut read.conn(), &hash(token), now).await
    }

    /// Takes an invitation back; `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_invitation(
        &self,
        organization: OrganizationId,
        id: InvitationId,
        log: Vec<NewAuditEntry>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    let done = remove(&mut conn, organization, id).await?;
                    if done {
                        audit_log::insert(&mut conn, &log).await?;
                    }
                    Ok(done)
                })
            })
            .await
    }

    /// Accepts an invitation, this once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accept_invitation(
        &self,
        token: &str,
        invitee: Invitee,
        log: NewAuditEntry,
    ) -> Result<Acceptance, StoreError> {
        let token = hash(token);
        self.writer
            .run(move |mut conn| {
                let (token, invitee, log) = (token.clone(), invitee.clone(), log.clone());
                Box::pin(async move { accept(&mut conn, &token, invitee, log).await })
            })
            .await
    }
}

async fn find(
    conn: &mut Conn<'_>,
    token: &[u8],
    now: Timestamp,
) -> Result<Option<InvitationRow>, StoreError> {
    let row: Option<Stored> = on!(conn, |c| {
        sqlx::query_as(FIND).bind(token).bind(now.as_micros()).fetch_optional(&mut **c).await?
    });
    Ok(row.and_then(Stored::read))
}

/// Removes an invitation; `false` when it is not there any more.
pub(crate) async fn remove(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<bool, StoreError> {
    let done = on!(conn, |c| {
        sqlx::query(DELETE).bind(organization.0).bind(id.0).execute(&mut **c).await?.rows_affected()
    });
    Ok(done == 1)
}

async fn accept(
    conn: &mut Conn<'_>,
    token: &[u8],
    invitee: Invitee,
    log: NewAuditEntry,
) -> Result<Acceptance, StoreError> {
    let now = log.created_at;
    let Some(invitation) = find(conn, token, now).await? else { return Ok(Acceptance::Gone) };
    if matches!(invitee, Invitee::New { .. })
        && users::find_by_email(conn, &invitation.email).await?.is_some()
    {
        return Ok(Acceptance::Taken);
    }
    // Of two who accept at the same moment, one removes the row.
    if !remove(conn, invitation.organization_id, invitation.id).await? {
        return Ok(Acceptance::Gone);
    }
    let user = match invitee {
        Invitee::Known(user) => user,
        Invitee::New { name, password_hash } => {
            let hash = Some(password_hash.as_str());
            let (user, is_new) = users::find_or_create(conn, &invitation.email, &name, hash, now).await?;
            if !is_new {
                // Nothing of it stays, and the invitation is there for another try.
                return Err(StoreError::RowCount { statement: "make the invited person", rows: 0 });
            }
            // Who invites may name any address, and may open the link themselves.
            user_email::stop_linking(conn, user).await?;
            user
        }
    };
    users::join(conn, invitation.organization_id, user, invitation.role, now).await?;
    let log = NewAuditEntry { organization_id: invitation.organization_id, user_id: Some(user), ..log };
    audit_log::insert(conn, &[log]).await?;
    Ok(Acceptance::Joined(user))
}
