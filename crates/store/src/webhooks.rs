//! Webhooks: which addresses an organization wants its events at. Secrets are sealed and bound to
//! their row.

use std::sync::Arc;

use domain::event::EventKind;
use domain::{OrganizationId, Timestamp, WebhookId};

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::idempotency::{KeepWith, Keeper, Once};
use crate::{Store, StoreError, hints};

/// A webhook to be made.
#[derive(Clone)]
pub struct NewWebhook {
    /// Its id.
    pub id: WebhookId,
    /// The receiver's address.
    pub url: String,
    /// What it asks for.
    pub events: Vec<EventKind>,
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The plain secret; it is sealed before it is written.
    pub secret: String,
    /// 24 random bytes for sealing.
    pub nonce: [u8; 24],
    /// The present moment.
    pub now: Timestamp,
}

/// A webhook, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its id.
    pub id: WebhookId,
    /// The receiver's address.
    pub url: String,
    /// The names of the events that it asks for.
    pub events: Vec<String>,
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether events are sent to it.
    pub is_active: bool,
    /// Tries in a row that failed.
    pub consecutive_failures: u32,
    /// When it was switched off because of them.
    pub auto_disabled_at: Option<Timestamp>,
    /// When something was last sent.
    pub last_delivery_at: Option<Timestamp>,
    /// When the receiver last took something.
    pub last_success_at: Option<Timestamp>,
    /// When it last did not.
    pub last_failure_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookPatch {
    /// Another address.
    pub url: Option<String>,
    /// Other events.
    pub events: Option<Vec<EventKind>>,
    /// Another name, or none.
    pub name: Option<Option<String>>,
    /// Another description, or none.
    pub description: Option<Option<String>>,
    /// Switches it on or off.
    pub is_active: Option<bool>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: uuid::Uuid,
    url: String,
    events: String,
    name: Option<String>,
    description: Option<String>,
    is_active: i64,
    consecutive_failures: i64,
    auto_disabled_at: Option<i64>,
    last_delivery_at: Option<i64>,
    last_success_at: Option<i64>,
    last_failure_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl Stored {
    fn read(self) -> Result<WebhookRow, StoreError> {
        let moment = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        Ok(WebhookRow {
            id: WebhookId(self.id),
            url: self.url,
            events: from_json("webhooks", "events", &self.id, &self.events)?,
            name: self.name,
            description: self.description,
            is_active: self.is_active != 0,
            consecutive_failures: u32::try_from(self.consecutive_failures).unwrap_or(u32::MAX),
            auto_disabled_at: moment(self.auto_disabled_at),
            last_delivery_at: moment(self.last_delivery_at),
            last_success_at: moment(self.last_success_at),
            last_failure_at: moment(self.last_failure_at),
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}

macro_rules! select {
    ($wherein:literal) => {
        concat!(
            "SELECT id, url, events, name, description, is_active, consecutive_failures, auto_disabled_at,
            last_delivery_at, last_success_at, last_failure_at, created_at, updated_at
            FROM webhooks WHERE ",
            $wherein
        )
    };
}

/// Two that are made at once must not both be the last one allowed.
const LOCK_ORGANIZATION: &str = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
const LOCK: &str = "SELECT id FROM webhooks WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE";
const COUNT: &str = "SELECT COUNT(*) FROM webhooks WHERE organization_id = $1";
const INSERT: &str = "INSERT INTO webhooks
    (organization_id, id, url, events, name, description, secret, is_active, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)";
pub(crate) const LIST: &str = select!("organization_id = $1 ORDER BY created_at, id");
const FIND: &str = select!("organization_id = $1 AND id = $2");
const SECRET: &str = "SELECT secret FROM webhooks WHERE organization_id = $1 AND id = $2";
const UPDATE: &str = "UPDATE webhooks SET url = $3, events = $4, name = $5, description = $6, is_active = $7,
    consecutive_failures = $8, auto_disabled_at = $9, updated_at = $10
    WHERE organization_id = $1 AND id = $2";
/// Whoever holds the lane looks itself what comes next.
const RESUME: &str = "UPDATE webhooks SET run_at = $3
    WHERE organization_id = $1 AND id = $2 AND lease_owner IS NULL";
const RESUME_DELIVERIES: &str = "UPDATE webhook_deliveries SET run_at = $3
    WHERE organization_id = $1 AND webhook_id = $2 AND run_at IS NOT NULL AND run_at > $3";
const DELETE_DELIVERIES: &str =
    "DELETE FROM webhook_deliveries WHERE organization_id = $1 AND webhook_id = $2";
const DELETE: &str = "DELETE FROM webhooks WHERE organization_id = $1 AND id = $2";

/// Names the row that a secret is bound to.
pub(crate) fn bound_row(organization: OrganizationId, id: WebhookId) -> String {
    format!("webhooks/{organization}/{id}/secret")
}

/// Makes other writers of this webhook and its lane wait until this transaction ends, so that a look
/// at what waits in the lane stays true. SQLite has one writer anyway.
pub(crate) async fn lock(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: WebhookId,
) -> Result<(), StoreError> {
    if let Conn::Postgres(c) = conn {
        sqlx::query(LOCK).bind(organization.0).bind(id.0).execute(&mut **c).await?;
    }
    Ok(())
}

impl Store {
    /// Makes a webhook. `false` when the organization has `most` already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_webhook(
        &self,
        organization: OrganizationId,
        new: NewWebhook,
        most: u32,
        keep: Option<KeepWith<bool>>,
    ) -> Result<Once<bool>, StoreError> {
        let keeper = Arc::new(Keeper::new(keep, &self.keyring));
        let sealed = self.keyring.seal(&bound_row(organization, new.id), new.secret.as_bytes(), new.nonce)?;
        self.writer
            .run(move |mut conn| {
                let (new, sealed, keeper) = (new.clone(), sealed.clone(), Arc::clone(&keeper));
                Box::pin(async move {
                    if !keeper.begin(&mut conn).await? {
                        return Ok(Once::TakenOver);
                    }
                    if let Conn::Postgres(c) = &mut conn {
                        sqlx::query(LOCK_ORGANIZATION).bind(organization.0).execute(&mut **c).await?;
                    }
                    let count: i64 = on!(&mut conn, |c| {
                        sqlx::query_scalar(COUNT).bind(organization.0).fetch_one(&mut **c).await?
                    });
                    if count >= i64::from(most) {
                        return Ok(Once::Done(false));
                    }
                    on!(&mut conn, |c| {
                        sqlx::query(INSERT)
                            .bind(organization.0)
                            .bind(new.id.0)
                            .bind(&new.url)
                            .bind(events_text(&new.events))
                            .bind(&new.name)
                            .bind(&new.description)
                            .bind(sealed)
                            .bind(new.now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    keeper.end(&mut conn, &true).await?;
                    Ok(Once::Done(true))
                })
            })
            .await
    }

    /// The organization's webhooks, oldest first.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn list_webhooks(&self, organization: OrganizationId) -> Result<Vec<WebhookRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).bind(organization.0).fetch_all(&mut *c).await? });
        rows.into_iter().map(Stored::read).collect()
    }

    /// One webhook.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<WebhookRow>, StoreError> {
        let mut read = self.read().await?;
        find(&mut read.conn(), organization, id).await
    }

    /// A webhook's secret.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the encryption key is the wrong one.
    pub async fn find_webhook_secret(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<String>, StoreError> {
        let mut read = self.read().await?;
        let sealed: Option<Vec<u8>> = on!(read.conn(), |c| {
            sqlx::query_scalar(SECRET).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        sealed.map(|sealed| self.open_webhook_secret(organization, id, &sealed)).transpose()
    }

    pub(crate) fn open_webhook_secret(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        sealed: &[u8],
    ) -> Result<String, StoreError> {
        let opened = self.keyring.open(&bound_row(organization, id), sealed)?;
        String::from_utf8(opened).map_err(|_| StoreError::Sealed)
    }

    /// Changes a webhook and gives it as it is then; `None` when there is none. One that is switched on
    /// again, or leads elsewhere, is tried at once with whatever waits for it.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn update_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        patch: WebhookPatch,
        now: Timestamp,
    ) -> Result<Option<WebhookRow>, StoreError> {
        self.writer
            .run(move |mut conn| {
                let patch = patch.clone();
                Box::pin(async move { write_patch(&mut conn, organization, id, patch, now).await })
            })
            .await
    }

    /// Forgets a webhook and all that was sent to it. `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    lock(&mut conn, organization, id).await?;
                    let deleted = on!(&mut conn, |c| {
                        sqlx::query(DELETE_DELIVERIES)
                            .bind(organization.0)
                            .bind(id.0)
                            .execute(&mut **c)
                            .await?;
                        sqlx::query(DELETE)
                            .bind(organization.0)
                            .bind(id.0)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(deleted == 1)
                })
            })
            .await
    }
}

fn events_text(events: &[EventKind]) -> String {
    to_json(&events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>())
}

async fn find(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: WebhookId,
) -> Result<Option<WebhookRow>, StoreError> {
    let row: Option<Stored> = on!(conn, |c| {
        sqlx::query_as(FIND).bind(organization.0).bind(id.0).fetch_optional(&mut **c).await?
    });
    row.map(Stored::read).transpose()
}

async fn write_patch(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: WebhookId,
    patch: WebhookPatch,
    now: Timestamp,
) -> Result<Option<WebhookRow>, StoreError> {
    lock(conn, organization, id).await?;
    let Some(mut row) = find(conn, organization, id).await? else { return Ok(None) };
    let is_active = patch.is_active.unwrap_or(row.is_active);
    let is_resumed = is_active && !row.is_active;
    let is_moved = is_active && patch.url.as_ref().is_some_and(|url| *url != row.url);
    if is_resumed {
        (row.consecutive_failures, row.auto_disabled_at) = (0, None);
    }
    row.is_active = is_active;
    row.url = patch.url.unwrap_or(row.url);
    if let Some(events) = patch.events {
        row.events = events.iter().map(|kind| kind.as_str().to_owned()).collect();
    }
    row.name = patch.name.unwrap_or(row.name);
    row.description = patch.description.unwrap_or(row.description);
    row.updated_at = now;
    on!(&mut *conn, |c| {
        sqlx::query(UPDATE)
            .bind(organization.0)
            .bind(id.0)
            .bind(&row.url)
            .bind(to_json(&row.events))
            .bind(&row.name)
            .bind(&row.description)
            .bind(i64::from(row.is_active))
            .bind(i64::from(row.consecutive_failures))
            .bind(row.auto_disabled_at.map(Timestamp::as_micros))
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    if is_resumed || is_moved {
        resume(conn, organization, id, now).await?;
    }
    Ok(Some(row))
}

/// Everything that waits in the lane may go out now.
pub(crate) async fn resume(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: WebhookId,
    now: Timestamp,
) -> Result<(), StoreError> {
    for text in [RESUME_DELIVERIES, RESUME] {
        on!(&mut *conn, |c| {
            sqlx::query(text)
                .bind(organization.0)
                .bind(id.0)
                .bind(now.as_micros())
                .execute(&mut **c)
                .await?
                .rows_affected()
        });
    }
    hints::raise();
    Ok(())
}
