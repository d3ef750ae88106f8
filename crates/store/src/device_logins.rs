//! Logins of devices: a device waits, a person lets it in, and the key is handed out once.

use domain::api_key::Scope;
use domain::{OrganizationId, Span, Timestamp, UserId, WorkspaceId};
use sha2::{Digest as _, Sha256};

use crate::conn::{Conn, on};
use crate::keys::{self, NewKey};
use crate::{Store, StoreError};

/// How long an ended login is remembered.
const REMEMBERED: Span = Span::from_hours(1);

/// A device that asks to be let in.
#[derive(Clone, Debug)]
pub struct NewDeviceLogin {
    /// What the person enters.
    pub user_code: String,
    /// What the device calls itself.
    pub client_name: String,
    /// When it asks.
    pub created_at: Timestamp,
    /// Until when it may be let in.
    pub expires_at: Timestamp,
}

/// A device that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingDevice {
    /// What it calls itself.
    pub client_name: String,
    /// When it asked.
    pub created_at: Timestamp,
}

/// For whom a device is let in, and with what.
#[derive(Clone, Debug)]
pub struct DeviceApproval {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The workspace that the key will work in.
    pub workspace_id: WorkspaceId,
    /// The key's owner.
    pub user_id: UserId,
    /// What the key may do.
    pub scopes: Vec<Scope>,
    /// When the key ends.
    pub key_expires_at: Option<Timestamp>,
}

/// What a device that asks is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DevicePoll {
    /// Nobody has decided.
    Pending,
    /// It asks too often.
    SlowDown,
    /// A person said no.
    Denied,
    /// It is over, was used, or never was.
    Expired,
    /// The organization has as many keys as it may; the login stays.
    TooManyKeys,
    /// It is let in, this once.
    Authorized {
        /// The tenant.
        organization_id: OrganizationId,
        /// The key's owner.
        user_email: String,
    },
}

/// How a device's poll is judged, and the key that it gets when it is let in.
#[derive(Clone, Debug)]
pub struct DeviceAsk {
    /// The shortest time between two polls.
    pub interval: Span,
    /// The most keys that an organization may have.
    pub most_keys: i64,
    /// The id of the key.
    pub key_id: domain::ApiKeyId,
    /// The secret of the key; not kept.
    pub key_secret: String,
    /// The present moment.
    pub now: Timestamp,
}

#[derive(Clone, sqlx::FromRow)]
struct Stored {
    client_name: String,
    status: String,
    organization_id: Option<uuid::Uuid>,
    workspace_id: Option<uuid::Uuid>,
    user_id: Option<i64>,
    scopes: String,
    key_expires_at: Option<i64>,
    last_poll_at: Option<i64>,
    expires_at: i64,
}

const FORGET: &str = "DELETE FROM device_logins WHERE expires_at < $1";
const INSERT: &str = "INSERT INTO device_logins
    (device_hash, user_code, client_name, status, scopes, created_at, expires_at)
    VALUES ($1, $2, $3, 'pending', '', $4, $5)";
pub(crate) const WAITING: &str = "SELECT client_name, created_at FROM device_logins
    WHERE user_code = $1 AND status = 'pending' AND expires_at > $2";
const APPROVE: &str = "UPDATE device_logins SET status = 'approved', organization_id = $3, workspace_id = $4,
    user_id = $5, scopes = $6, key_expires_at = $7
    WHERE user_code = $1 AND status = 'pending' AND expires_at > $2";
const DENY: &str = "UPDATE device_logins SET status = 'denied'
    WHERE user_code = $1 AND status = 'pending' AND expires_at > $2";
const FIND: &str =
    "SELECT client_name, status, organization_id, workspace_id, user_id, scopes, key_expires_at,
    last_poll_at, expires_at FROM device_logins WHERE device_hash = $1";
const POLLED: &str = "UPDATE device_logins SET last_poll_at = $2 WHERE device_hash = $1";
const USE: &str = "UPDATE device_logins SET status = 'used' WHERE device_hash = $1 AND status = 'approved'";
const LIVE_KEYS: &str = "SELECT COUNT(*) FROM api_keys WHERE organization_id = $1 AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > $2)";
const EMAIL: &str = "SELECT email FROM users WHERE id = $1";

/// What a device is found by. Its code is random, so a plain hash is enough.
fn hash(device_code: &str) -> Vec<u8> {
    Sha256::digest(device_code.as_bytes()).to_vec()
}

impl Store {
    /// Notes that a device waits, and forgets those of long ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_device_login(
        &self,
        device_code: &str,
        new: NewDeviceLogin,
    ) -> Result<(), StoreError> {
        let device = hash(device_code);
        self.writer
            .run(move |mut conn| {
                let (new, device) = (new.clone(), device.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET)
                            .bind((new.created_at - REMEMBERED).as_micros())
                            .execute(&mut **c)
                            .await?;
                        sqlx::query(INSERT)
                            .bind(device)
                            .bind(&new.user_code)
                            .bind(&new.client_name)
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

    /// The device that waits under this code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_waiting_device(
        &self,
        user_code: &str,
        now: Timestamp,
    ) -> Result<Option<WaitingDevice>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(String, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(WAITING).bind(user_code).bind(now.as_micros()).fetch_optional(&mut *c).await?
        });
        Ok(row.map(|(client_name, created_at)| WaitingDevice {
            client_name,
            created_at: Timestamp::from_micros(created_at),
        }))
    }

    /// Lets the device in that waits under this code, or turns it away. `false` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decide_device_login(
        &self,
        user_code: &str,
        approval: Option<DeviceApproval>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let user_code = user_code.to_owned();
        self.writer
            .run(move |mut conn| {
                let (user_code, approval) = (user_code.clone(), approval.clone());
                Box::pin(async move {
                    let done = on!(&mut conn, |c| match &approval {
                        None => sqlx::query(DENY)
                            .bind(&user_code)
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected(),
                        Some(approval) => sqlx::query(APPROVE)
                            .bind(&user_code)
                            .bind(now.as_micros())
                            .bind(approval.organization_id.0)
                            .bind(approval.workspace_id.0)
                            .bind(approval.user_id.0)
                            .bind(keys::scopes_text(&approval.scopes))
                            .bind(approval.key_expires_at.map(Timestamp::as_micros))
                            .execute(&mut **c)
                            .await?
                            .rows_affected(),
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// What the device with this code is told. When it is let in, its key is made in the same
    /// transaction, and the login is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn poll_device_login(
        &self,
        device_code: &str,
        ask: DeviceAsk,
    ) -> Result<DevicePoll, StoreError> {
        let device = hash(device_code);
        self.writer
            .run(move |mut conn| {
                let (device, ask) = (device.clone(), ask.clone());
                Box::pin(async move { poll(&mut conn, &device, &ask).await })
            })
            .await
    }
}

async fn poll(conn: &mut Conn<'_>, device: &[u8], ask: &DeviceAsk) -> Result<DevicePoll, StoreError> {
    let now = ask.now.as_micros();
    let found: Option<Stored> =
        on!(&mut *conn, |c| { sqlx::query_as(FIND).bind(device).fetch_optional(&mut **c).await? });
    let Some(row) = found.filter(|row| row.expires_at > now) else { return Ok(DevicePoll::Expired) };
    on!(&mut *conn, |c| {
        sqlx::query(POLLED).bind(device).bind(now).execute(&mut **c).await?.rows_affected()
    });
    let is_early = row.last_poll_at.is_some_and(|last| now - last < ask.interval.as_micros());
    match row.status.as_str() {
        "pending" if is_early => Ok(DevicePoll::SlowDown),
        "pending" => Ok(DevicePoll::Pending),
        "denied" => Ok(DevicePoll::Denied),
        "approved" => hand_out(conn, device, row, ask).await,
        _ => Ok(DevicePoll::Expired),
    }
}

async fn hand_out(
    conn: &mut Conn<'_>,
    device: &[u8],
    row: Stored,
    ask: &DeviceAsk,
) -> Result<DevicePoll, StoreError> {
    let (Some(organization), Some(workspace), Some(user)) =
        (row.organization_id, row.workspace_id, row.user_id)
    else {
        return Ok(DevicePoll::Expired);
    };
    let live: i64 = on!(&mut *conn, |c| {
        sqlx::query_scalar(LIVE_KEYS).bind(organization).bind(ask.now.as_micros()).fetch_one(&mut **c).await?
    });
    if live >= ask.most_keys {
        return Ok(DevicePoll::TooManyKeys);
    }
    // Of two polls at the same moment, one changes the row.
    let taken =
        on!(&mut *conn, |c| { sqlx::query(USE).bind(device).execute(&mut **c).await?.rows_affected() });
    if taken != 1 {
        return Ok(DevicePoll::Expired);
    }
    let email: Option<String> =
        on!(&mut *conn, |c| { sqlx::query_scalar(EMAIL).bind(user).fetch_optional(&mut **c).await? });
    let organization = OrganizationId(organization);
    let key = NewKey {
        id: ask.key_id,
        workspace_id: WorkspaceId(workspace),
        user_id: UserId(user),
        name: row.client_name,
        scopes: keys::read_scopes(&row.scopes),
        created_at: ask.now,
        expires_at: row.key_expires_at.map(Timestamp::from_micros),
    };
    keys::insert(conn, organization, &key, &ask.key_secret).await?;
    Ok(DevicePoll::Authorized { organization_id: organization, user_email: email.unwrap_or_default() })
}
