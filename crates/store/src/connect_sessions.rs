//! Connect sessions: one way through a platform's sign-in each, used once, over in minutes.

use domain::{AccountId, ConnectId, OrganizationId, PlatformName, Span, Timestamp, WorkspaceId};

use crate::conn::on;
use crate::error::{from_json, to_json};
use crate::{Store, StoreError};

/// How long an ended session can still be asked for.
const REMEMBERED: Span = Span::from_hours(24);

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewConnectSession {
    /// Its id.
    pub id: ConnectId,
    /// Where the accounts will belong.
    pub workspace_id: WorkspaceId,
    /// The platform.
    pub platform: PlatformName,
    /// The name of the platform's login that is used.
    pub login: String,
    /// The account that is renewed; `None` for new ones.
    pub account_id: Option<AccountId>,
    /// The hash of the state that comes back from the platform.
    pub state_hash: Vec<u8>,
    /// Plain bytes that only the session's own way needs; they are sealed before they are written.
    pub secrets: Vec<u8>,
    /// 24 random bytes for sealing.
    pub nonce: [u8; 24],
    /// When it begins.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectStatus {
    /// The owner has not come back from the platform.
    Open,
    /// The owner is back; the platform is being asked.
    Exchanging,
    /// The owner chooses.
    Choosing,
    /// Accounts are connected.
    Completed,
    /// The owner said no.
    Cancelled,
    /// It went wrong.
    Failed,
}

impl ConnectStatus {
    const ALL: [Self; 6] =
        [Self::Open, Self::Exchanging, Self::Choosing, Self::Completed, Self::Cancelled, Self::Failed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Exchanging => "exchanging",
            Self::Choosing => "choosing",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// A stored session.
#[derive(Clone)]
pub struct ConnectSession {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ConnectId,
    /// Where the accounts will belong.
    pub workspace_id: WorkspaceId,
    /// The platform.
    pub platform: PlatformName,
    /// The platform's login.
    pub login: String,
    /// The account that is renewed.
    pub account_id: Option<AccountId>,
    /// The plain secrets; empty once it has ended.
    pub secrets: Vec<u8>,
    /// Where it stands.
    pub status: ConnectStatus,
    /// What the sign-in opened, while the owner chooses; plain bytes.
    pub found: Option<Vec<u8>>,
    /// The hash of what the choosing browser has to show.
    pub choice_hash: Option<Vec<u8>>,
    /// How it ended, in words for the owner.
    pub message: Option<String>,
    /// The accounts that were connected.
    pub connected: Vec<AccountId>,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for ConnectSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectSession")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// What became of a state that came back.
#[derive(Clone, Debug)]
pub enum TakenState {
    /// The session is the caller's alone.
    Taken(Box<ConnectSession>),
    /// No session has it.
    Unknown,
    /// It came back before.
    Used,
    /// Its session is over.
    Expired,
    /// Its session is for this other platform.
    OtherPlatform(PlatformName),
}

/// How a session ends.
#[derive(Clone, Debug)]
pub struct ConnectEnd {
    /// The last status.
    pub status: ConnectStatus,
    /// In words for the owner.
    pub message: Option<String>,
    /// The accounts that were connected.
    pub connected: Vec<AccountId>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    organization_id: uuid::Uuid,
    id: uuid::Uuid,
    workspace_id: uuid::Uuid,
    platform: String,
    login: String,
    account_id: Option<i64>,
    secrets: Option<Vec<u8>>,
    status: String,
    found: Option<Vec<u8>>,
    choice_hash: Option<Vec<u8>>,
    message: Option<String>,
    connected: String,
    expires_at: i64,
}

macro_rules! select {
    ($wherein:literal) => {
        concat!(
            "SELECT organization_id, id, workspace_id, platform, login, account_id, secrets, status, found,
            choice_hash, message, connected, expires_at FROM connect_sessions WHERE ",
            $wherein
        )
    };
}

const INSERT: &str = "INSERT INTO connect_sessions (organization_id, id, workspace_id, platform, login,
    account_id, state_hash, secrets, status, connected, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '[]', $9, $10)";
pub(crate) const FORGET: &str = "DELETE FROM connect_sessions WHERE expires_at < $1";
pub(crate) const FIND: &str = select!("id = $1");
pub(crate) const FIND_STATE: &str = select!("state_hash = $1");
const TAKE: &str = "UPDATE connect_sessions SET status = 'exchanging'
    WHERE organization_id = $1 AND id = $2 AND status = 'open'";
const OFFER: &str =
    "UPDATE connect_sessions SET status = 'choosing', found = $3, choice_hash = $4, secrets = NULL
    WHERE organization_id = $1 AND id = $2 AND status = 'exchanging'";
const END: &str = "UPDATE connect_sessions SET status = $3, message = $4, connected = $5, secrets = NULL,
    found = NULL WHERE organization_id = $1 AND id = $2 AND status IN ('open', 'exchanging', 'choosing')";

/// Names the row and the column that a secret is bound to.
pub(crate) fn bound_row(organization: OrganizationId, id: ConnectId, column: &str) -> String {
    format!("connect_sessions/{organization}/{id}/{column}")
}

impl Store {
    /// Opens a session, and forgets those that ended long ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_connect_session(
        &self,
        organization: OrganizationId,
        new: NewConnectSession,
    ) -> Result<(), StoreError> {
        let row = bound_row(organization, new.id, "secrets");
        let sealed = self.keyring.seal(&row, &new.secrets, new.nonce)?;
        self.writer
            .run(move |mut conn| {
                let (new, sealed) = (new.clone(), sealed.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET)
                            .bind((new.created_at - REMEMBERED).as_micros())
                            .execute(&mut **c)
                            .await?;
                        sqlx::query(INSERT)
                            .bind(organization.0)
                            .bind(new.id.0)
                            .bind(new.workspace_id.0)
                            .bind(new.platform.as_str())
                            .bind(&new.login)
                            .bind(new.account_id.map(|id| id.0))
                            .bind(&new.state_hash)
                            .bind(sealed)
                            .bind(new.created_at.as_micros())
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

    /// The session with this id, whosever it is: a browser that follows a link has no key. The id
    /// cannot be guessed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_connect_session(&self, id: ConnectId) -> Result<Option<ConnectSession>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).bind(id.0).fetch_optional(&mut *c).await? });
        row.map(|row| self.open_connect_session(row)).transpose()
    }

    /// Takes the session whose state has this hash, once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_connect_session(
        &self,
        state_hash: Vec<u8>,
        platform: PlatformName,
        now: Timestamp,
    ) -> Result<TakenState, StoreError> {
        let found: Option<Stored> = {
            let mut read = self.read().await?;
            on!(read.conn(), |c| {
                sqlx::query_as(FIND_STATE).bind(state_hash).fetch_optional(&mut *c).await?
            })
        };
        let Some(found) = found else { return Ok(TakenState::Unknown) };
        let session = self.open_connect_session(found)?;
        if session.platform != platform {
            return Ok(TakenState::OtherPlatform(session.platform));
        }
        if session.status != ConnectStatus::Open {
            return Ok(TakenState::Used);
        }
        if session.expires_at <= now {
            return Ok(TakenState::Expired);
        }
        let (organization, id) = (session.organization_id, session.id);
        let taken = self
            .writer
            .run(move |mut conn| {
                Box::pin(async move {
                    Ok(on!(&mut conn, |c| {
                        sqlx::query(TAKE)
                            .bind(organization.0)
                            .bind(id.0)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    }))
                })
            })
            .await?;
        Ok(if taken == 1 { TakenState::Taken(Box::new(session)) } else { TakenState::Used })
    }

    /// Keeps what the sign-in opened until the owner has chosen. `false` when the session is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_connect_choice(
        &self,
        organization: OrganizationId,
        id: ConnectId,
        found: &[u8],
        choice_hash: Vec<u8>,
        nonce: [u8; 24],
    ) -> Result<bool, StoreError> {
        let sealed = self.keyring.seal(&bound_row(organization, id, "found"), found, nonce)?;
        self.writer
            .run(move |mut conn| {
                let (sealed, choice_hash) = (sealed.clone(), choice_hash.clone());
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(OFFER)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(sealed)
                            .bind(choice_hash)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Ends a session. `false` when it had ended before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_connect_session(
        &self,
        organization: OrganizationId,
        id: ConnectId,
        end: ConnectEnd,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let end = end.clone();
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(END)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(end.status.as_str())
                            .bind(end.message)
                            .bind(to_json(&end.connected))
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    fn open_connect_session(&self, row: Stored) -> Result<ConnectSession, StoreError> {
        let (organization, id) = (OrganizationId(row.organization_id), ConnectId(row.id));
        let open = |sealed: Option<Vec<u8>>, column| {
            sealed.map(|sealed| self.keyring.open(&bound_row(organization, id, column), &sealed)).transpose()
        };
        let status = ConnectStatus::ALL.into_iter().find(|status| status.as_str() == row.status);
        Ok(ConnectSession {
            organization_id: organization,
            id,
            workspace_id: WorkspaceId(row.workspace_id),
            platform: PlatformName::from_text(&row.platform),
            login: row.login,
            account_id: row.account_id.map(AccountId),
            secrets: open(row.secrets, "secrets")?.unwrap_or_default(),
            status: status.unwrap_or(ConnectStatus::Failed),
            found: open(row.found, "found")?,
            choice_hash: row.choice_hash,
            message: row.message,
            connected: from_json("connect_sessions", "connected", &id, &row.connected)?,
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}
