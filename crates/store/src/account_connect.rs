//! Connecting accounts, and renewing those that are there.

use std::sync::Arc;

use domain::account::shown_name;
use domain::event::EventKind;
use domain::{AccountId, EventId, OrganizationId, PlatformName, Timestamp, WorkspaceId};
use serde_json::json;

use crate::accounts::COUNT_ACTIVE;
use crate::conn::{Conn, on};
use crate::credentials::bound_row;
use crate::events::{self, NewEvent};
use crate::organizations::next_integer;
use crate::{Store, StoreError, metrics};

/// An account to be connected.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The platform.
    pub platform: PlatformName,
    /// The platform's own id.
    pub platform_user_id: String,
    /// The handle without `@`.
    pub username: Option<String>,
    /// The shown name.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<String>,
    /// Whether it has the platform's paid tier.
    pub premium: bool,
    /// The host that serves it, where accounts live on different ones.
    pub service_url: Option<String>,
    /// When access ends for good.
    pub access_ends_at: Option<Timestamp>,
    /// The credentials as plain bytes; they are sealed before they are written.
    pub credentials: Vec<u8>,
    /// 24 random bytes for sealing.
    pub nonce: [u8; 24],
    /// When it is connected.
    pub now: Timestamp,
}

/// What opened an account.
#[derive(Clone, Debug, Default)]
pub struct AccountSource {
    /// The person who agreed, as the platform calls them.
    pub owner: Option<String>,
    /// The name of the platform's login.
    pub login: Option<String>,
    /// The id of the event that tells of it; none is written without.
    pub event_id: Option<EventId>,
    /// The most accounts that the organization may have with it; `None` for no limit.
    pub most: Option<i64>,
}

/// Makes the credentials to store out of those that an account has: the bytes, and when access ends
/// for good. `None` where the new ones replace them.
pub type MergeCredentials = Arc<dyn Fn(&[u8]) -> Option<(Vec<u8>, Option<Timestamp>)> + Send + Sync>;

const FIND_SAME: &str = "SELECT id, is_active FROM accounts
    WHERE organization_id = $1 AND workspace_id = $2 AND platform = $3 AND platform_user_id = $4";
/// Two that are connected at once take their turn, so that each sees the other one.
const LOCK_ORGANIZATION: &str = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
const OLD_CREDENTIALS: &str = "SELECT credentials FROM accounts WHERE organization_id = $1 AND id = $2";
/// Both begin with the same values.
const RECONNECT: &str = "UPDATE accounts SET username = $3, display_name = $4, avatar_url = $5, premium = $6,
    service_url = $7, is_active = 1, access_ends_at = $8, credentials = $9,
    credentials_version = credentials_version + 1, needs_reconnection_since = NULL,
    needs_reconnection_reason = NULL, refresh_owner = NULL, refresh_until = NULL, updated_at = $10,
    owner_platform_user_id = COALESCE($11, owner_platform_user_id), login = COALESCE($12, login)
    WHERE organization_id = $1 AND id = $2";
const INSERT: &str = "INSERT INTO accounts
    (organization_id, id, username, display_name, avatar_url, premium, service_url, access_ends_at, credentials,
     created_at, updated_at, owner_platform_user_id, login, workspace_id, platform, platform_user_id,
     is_active, credentials_version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13, $14, $15, 1, 1)";

impl Store {
    /// Connects an account, or renews it in place if the workspace has it already. The second
    /// value tells whether it is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connect_account(
        &self,
        organization: OrganizationId,
        new: NewAccount,
    ) -> Result<(AccountId, bool), StoreError> {
        let connected =
            self.connect_account_of(organization, new, AccountSource::default(), Arc::new(|_| None)).await?;
        // Without a limit there is room.
        connected.ok_or(StoreError::RowCount { statement: "connect account", rows: 0 })
    }

    /// The same for an account that `source` opened; `merge` sees the credentials that are replaced. `None`
    /// when the organization has as many accounts as it may.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connect_account_of(
        &self,
        organization: OrganizationId,
        new: NewAccount,
        source: AccountSource,
        merge: MergeCredentials,
    ) -> Result<Option<(AccountId, bool)>, StoreError> {
        let keyring = Arc::clone(&self.keyring);
        self.writer
            .run(move |mut conn| {
                let (mut new, keyring) = (new.clone(), Arc::clone(&keyring));
                let (source, merge) = (source.clone(), Arc::clone(&merge));
                Box::pin(async move {
                    let same: Option<(i64, i64)> = on!(&mut conn, |c| {
                        sqlx::query_as(FIND_SAME)
                            .bind(organization.0)
                            .bind(new.workspace_id.0)
                            .bind(new.platform.as_str())
                            .bind(&new.platform_user_id)
                            .fetch_optional(&mut **c)
                            .await?
                    });
                    let is_counted = same.is_some_and(|(_, is_active)| is_active != 0);
                    if let Some(most) = source.most.filter(|_| !is_counted)
                        && count_active(&mut conn, organization).await? >= most
                    {
                        return Ok(None);
                    }
                    let id = match same {
                        Some((id, _)) => id,
                        None => next_integer(&mut conn, "accounts", 3121).await?,
                    };
                    let row = bound_row(organization, AccountId(id));
                    if same.is_some()
                        && let Some(old) = old_credentials(&mut conn, organization, id).await?
                        // What another key sealed is lost, and is what reconnecting replaces.
                        && let Ok(old) = keyring.open(&row, &old)
                        && let Some((merged, ends_at)) = merge(&old)
                    {
                        (new.credentials, new.access_ends_at) = (merged, ends_at);
                    }
                    let sealed = keyring.seal(&row, &new.credentials, new.nonce)?;
                    let event_id = source.event_id;
                    write(&mut conn, organization, (id, same.is_some()), &new, sealed, source).await?;
                    metrics::plans::open_lane(&mut conn, organization, AccountId(id), new.now).await?;
                    if let Some(event_id) = event_id {
                        let event = connected_event(event_id, id, &new, same.is_none());
                        events::insert(&mut conn, organization, &event, new.now).await?;
                    }
                    Ok(Some((AccountId(id), same.is_none())))
                })
            })
            .await
    }
}

fn connected_event(event_id: EventId, account: i64, new: &NewAccount, is_new: bool) -> NewEvent {
    let reason = if is_new { "The account was connected." } else { "The account was connected again." };
    NewEvent {
        id: event_id,
        kind: EventKind::AccountConnected,
        payload: json!({
            "account_id": account,
            "platform": new.platform,
            "account_name": shown_name(new.username.as_deref(), &new.display_name),
            "reason": reason,
        }),
    }
}

async fn count_active(conn: &mut Conn<'_>, organization: OrganizationId) -> Result<i64, StoreError> {
    if let Conn::Postgres(c) = conn {
        sqlx::query(LOCK_ORGANIZATION).bind(organization.0).execute(&mut **c).await?;
    }
    Ok(on!(conn, |c| { sqlx::query_scalar(COUNT_ACTIVE).bind(organization.0).fetch_one(&mut **c).await? }))
}

async fn old_credentials(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let old: Option<Option<Vec<u8>>> = on!(conn, |c| {
        sqlx::query_scalar(OLD_CREDENTIALS).bind(organization.0).bind(id).fetch_optional(&mut **c).await?
    });
    Ok(old.flatten())
}

async fn write(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    (id, is_there): (i64, bool),
    new: &NewAccount,
    sealed: Vec<u8>,
    source: AccountSource,
) -> Result<(), StoreError> {
    let ends_at = new.access_ends_at.map(Timestamp::as_micros);
    let now = new.now.as_micros();
    on!(conn, |c| {
        let mut query = sqlx::query(if is_there { RECONNECT } else { INSERT })
            .bind(organization.0)
            .bind(id)
            .bind(&new.username)
            .bind(&new.display_name)
            .bind(&new.avatar_url)
            .bind(i64::from(new.premium))
            .bind(&new.service_url)
            .bind(ends_at)
            .bind(sealed)
            .bind(now)
            .bind(source.owner)
            .bind(source.login);
        if !is_there {
            query = query.bind(new.workspace_id.0).bind(new.platform.as_str()).bind(&new.platform_user_id);
        }
        query.execute(&mut **c).await?.rows_affected()
    });
    Ok(())
}
