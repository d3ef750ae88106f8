//! Webhooks: making and changing them, trying them, and looking at what was sent. They belong to the
//! organization, whichever workspace a key works in.
//!
//! Owns what may be asked for. Must not know when and how often something is sent.

mod deliveries;
mod input;
mod test;

use domain::webhook::{PER_ORGANIZATION, format_secret};
use domain::{WebhookId, event::EventKind};
use store::NewWebhook;

use crate::idempotency::{Keep, done};
use crate::outside::nonce;
use crate::{App, AppError, Caller};

pub use deliveries::{DeliveryPage, ListDeliveries, Replayed, delivery, list_deliveries, replay, requeue};
pub use store::{DeliveryAttempt, DeliveryRow, WebhookPatch, WebhookRow};
pub use test::{Tested, test};

/// A webhook to be made. Types are checked; meaning is not yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewWebhookInput {
    /// The receiver's address.
    pub url: String,
    /// The names of the events that it asks for.
    pub events: Vec<String>,
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Another address.
    pub url: Option<String>,
    /// Other events, by name.
    pub events: Option<Vec<String>>,
    /// Another name, or none.
    pub name: Option<Option<String>>,
    /// Another description, or none.
    pub description: Option<Option<String>>,
    /// Switches it on or off.
    pub is_active: Option<bool>,
}

/// A webhook that was just made. The secret is shown once.
#[derive(Clone)]
pub struct CreatedWebhook {
    /// The webhook.
    pub webhook: WebhookRow,
    /// The secret.
    pub secret: String,
}

/// Makes a webhook.
///
/// # Errors
/// [`AppError::Validation`], and [`AppError::QuotaExceeded`] when there are as many as there may be.
pub async fn create(
    app: &App,
    caller: &Caller,
    new: NewWebhookInput,
    keep: Option<Keep<CreatedWebhook>>,
) -> Result<CreatedWebhook, AppError> {
    let url = input::url(app, &new.url)?;
    let events = input::events(&new.events)?;
    let name = input::name(new.name)?;
    let description = input::description(new.description)?;
    let mut random = [0; 32];
    app.entropy.fill(&mut random);
    let secret = format_secret(random);
    let now = app.clock.now();
    let id = WebhookId(app.entropy.uuid(now));
    let row = NewWebhook {
        id,
        url: url.clone(),
        events: events.clone(),
        name: name.clone(),
        description: description.clone(),
        secret: secret.clone(),
        nonce: nonce(app.entropy.as_ref()),
        now,
    };
    let webhook = WebhookRow {
        id,
        url,
        events: events.iter().map(|kind: &EventKind| kind.as_str().to_owned()).collect(),
        name,
        description,
        is_active: true,
        consecutive_failures: 0,
        auto_disabled_at: None,
        last_delivery_at: None,
        last_success_at: None,
        last_failure_at: None,
        created_at: now,
        updated_at: now,
    };
    let created = CreatedWebhook { webhook, secret };
    let keep = keep.map(|keep| {
        let created = created.clone();
        keep.told(app, move |is_made: &bool, answer| is_made.then(|| answer(&created)).flatten())
    });
    if !done(app.store.create_webhook(caller.organization_id, row, PER_ORGANIZATION, keep).await?)? {
        return Err(AppError::QuotaExceeded(format!(
            "An organization has {PER_ORGANIZATION} webhooks at most; delete one first."
        )));
    }
    Ok(created)
}

/// Every webhook of the caller's organization, oldest first.
///
/// # Errors
/// Only internal ones.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<WebhookRow>, AppError> {
    Ok(app.store.list_webhooks(caller.organization_id).await?)
}

/// One webhook.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: WebhookId) -> Result<WebhookRow, AppError> {
    let found = app.store.find_webhook(caller.organization_id, id).await?;
    found.ok_or(AppError::NotFound("Webhook"))
}

/// Changes a webhook.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Validation`].
pub async fn update(
    app: &App,
    caller: &Caller,
    id: WebhookId,
    change: WebhookChange,
) -> Result<WebhookRow, AppError> {
    if change == WebhookChange::default() {
        let message = "Name at least one of url, events, name, description and is_active.";
        return Err(AppError::validation("body", message));
    }
    let patch = WebhookPatch {
        url: change.url.map(|url| input::url(app, &url)).transpose()?,
        events: change.events.map(|events| input::events(&events)).transpose()?,
        name: change.name.map(input::name).transpose()?,
        description: change.description.map(input::description).transpose()?,
        is_active: change.is_active,
    };
    let changed = app.store.update_webhook(caller.organization_id, id, patch, app.clock.now()).await?;
    changed.ok_or(AppError::NotFound("Webhook"))
}

/// Forgets a webhook and all that was sent to it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete(app: &App, caller: &Caller, id: WebhookId) -> Result<(), AppError> {
    let deleted = app.store.delete_webhook(caller.organization_id, id).await?;
    if deleted { Ok(()) } else { Err(AppError::NotFound("Webhook")) }
}
