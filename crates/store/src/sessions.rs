//! Browsers that somebody is signed in with. Of a session's token only a hash is kept.

use domain::people::Role;
use domain::plan::OrganizationSettings;
use domain::{OrganizationId, SessionId, Timestamp, UserId, WorkspaceId};
use sha2::{Digest as _, Sha256};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::on;
use crate::organizations::read_settings;
use crate::{Store, StoreError};

/// A session to be made.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// The organization that they look at.
    pub organization_id: Option<OrganizationId>,
    /// Where they are.
    pub address: String,
    /// What their browser calls itself.
    pub agent: String,
    /// When it begins.
    pub created_at: Timestamp,
}

/// A session with what has to be known for every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they run the installation.
    pub is_operator: bool,
    /// The organization that they look at, if they belong to one.
    pub organization: Option<SessionOrganization>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
}

/// The organization that a session looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its first workspace.
    pub workspace_id: WorkspaceId,
    /// What the person is there.
    pub role: Role,
    /// What is set for it.
    pub settings: OrganizationSettings,
}

/// A session in the list of somebody's own ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Its id.
    pub id: SessionId,
    /// Where it began.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: uuid::Uuid,
    user_id: i64,
    email: String,
    name: String,
    is_operator: i64,
    created_at: i64,
    last_seen_at: i64,
    organization_id: Option<uuid::Uuid>,
    organization_name: Option<String>,
    role: Option<String>,
    workspace_id: Option<uuid::Uuid>,
    approvals_required: Option<i64>,
    limits: Option<String>,
}

impl Stored {
    fn read(self) -> Result<SessionRow, StoreError> {
        let row = self;
        let role = row.role.as_deref().and_then(Role::parse);
        let organization = match (row.organization_id, row.organization_name, role, row.workspace_id) {
            (Some(id), Some(name), Some(role), Some(workspace)) => {
                let id = OrganizationId(id);
                let limits = row.limits.as_deref().unwrap_or("{}");
                let settings = read_settings(id, row.approvals_required.unwrap_or(0), limits)?;
                Some(SessionOrganization { id, name, workspace_id: WorkspaceId(workspace), role, settings })
            }
            _ => None,
        };
        Ok(SessionRow {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            email: row.email,
            name: row.name,
            is_operator: row.is_operator != 0,
            organization,
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
        })
    }
}

const INSERT: &str = "INSERT INTO sessions
    (id, token_hash, user_id, organization_id, address, agent, created_at, last_seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
const END_BY_TOKEN: &str = "DELETE FROM sessions WHERE token_hash = $1";
pub(crate) const FIND: &str =
    "SELECT s.id, s.user_id, u.email, u.name, u.is_operator, s.created_at, s.last_seen_at,
        o.id AS organization_id, o.name AS organization_name, m.role, o.approvals_required, o.limits,
        (SELECT w.id FROM workspaces w WHERE w.organization_id = o.id ORDER BY w.created_at, w.id LIMIT 1)
            AS workspace_id
    FROM sessions s JOIN users u ON u.id = s.user_id
    LEFT JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id
    LEFT JOIN organizations o ON o.id = m.organization_id
    WHERE s.token_hash = $1";
const SEEN: &str = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
pub(crate) const LIST: &str = "SELECT id, address, agent, created_at, last_seen_at FROM sessions
    WHERE user_id = $1 AND last_seen_at > $2 AND created_at > $3 ORDER BY last_seen_at DESC, id";
const END: &str = "DELETE FROM sessions WHERE user_id = $1 AND id = $2";
const END_ALL: &str = "DELETE FROM sessions WHERE user_id = $1";
const SWITCH: &str = "UPDATE sessions SET organization_id = $2 WHERE id = $1 AND EXISTS
    (SELECT 1 FROM memberships m WHERE m.organization_id = $2 AND m.user_id = sessions.user_id)";
pub(crate) const FORGET: &str = "DELETE FROM sessions WHERE last_seen_at < $1";

/// What a session is found by. A token has 256 random bits, so a plain hash is enough.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Store {
    /// Begins a session; `token` itself is not kept. The one with the token `replaced` ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_session(
        &self,
        new: NewSession,
        token: &str,
        replaced: Option<&str>,
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let (token, replaced) = (hash(token), replaced.map(hash));
        self.writer
            .run(move |mut conn| {
                let (new, log) = (new.clone(), log.clone());
                let (token, replaced) = (token.clone(), replaced.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        if let Some(replaced) = replaced {
                            sqlx::query(END_BY_TOKEN).bind(replaced).execute(&mut **c).await?;
                        }
                        sqlx::query(INSERT)
                            .bind(new.id.0)
                            .bind(token)
                            .bind(new.user_id.0)
                            .bind(new.organization_id.map(|organization| organization.0))
                            .bind(&new.address)
                            .bind(&new.agent)
                            .bind(new.created_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }

    /// The session with this token, live or not. A look-up that comes before the organization is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_session(&self, token: &str) -> Result<Option<SessionRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).bind(hash(token)).fetch_optional(&mut *c).await? });
        row.map(Stored::read).transpose()
    }

    /// Notes that a session is used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn see_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(SEEN)
                            .bind(id.0)
                            .bind(now.as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// Somebody's sessions that were used after `seen_after` and began after `made_after`, the last used
    /// first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_sessions(
        &self,
        user: UserId,
        seen_after: Timestamp,
        made_after: Timestamp,
    ) -> Result<Vec<OwnSession>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(uuid::Uuid, String, String, i64, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(LIST)
                .bind(user.0)
                .bind(seen_after.as_micros())
                .bind(made_after.as_micros())
                .fetch_all(&mut *c)
                .await?
        });
        Ok(rows
            .into_iter()
            .map(|(id, address, agent, created_at, last_seen_at)| OwnSession {
                id: SessionId(id),
                address,
                agent,
                created_at: Timestamp::from_micros(created_at),
                last_seen_at: Timestamp::from_micros(last_seen_at),
            })
            .collect())
    }

    /// Ends one of somebody's sessions, or all for `None`; how many ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions(
        &self,
        user: UserId,
        id: Option<SessionId>,
        log: Vec<NewAuditEntry>,
    ) -> Result<u64, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    let ended = on!(&mut conn, |c| match id {
                        Some(id) => {
                            sqlx::query(END).bind(user.0).bind(id.0).execute(&mut **c).await?.rows_affected()
                        }
                        None => {
                            sqlx::query(END_ALL).bind(user.0).execute(&mut **c).await?.rows_affected()
                        }
                    });
                    if ended > 0 {
                        audit_log::insert(&mut conn, &log).await?;
                    }
                    Ok(ended)
                })
            })
            .await
    }

    /// Lets a session look at another organization of its person; `false` when they do not belong to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn switch_session(
        &self,
        id: SessionId,
        organization: OrganizationId,
        log: Vec<NewAuditEntry>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(SWITCH)
                            .bind(id.0)
                            .bind(organization.0)
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

    /// Removes sessions that were last used before that moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_sessions(&self, before: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(FORGET).bind(before.as_micros()).execute(&mut *c).await?.rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}
