//! Trying whether a webhook works: one signed ping, sent while the caller waits.

use domain::event::EventKind;
use domain::{DeliveryId, EventId, WebhookId, webhook};
use net::WebhookCall;
use serde_json::json;
use store::{DeliveryAttempt, TestDelivery};

use crate::{App, AppError, Caller};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The receiver's status; `None` when there was no HTTP answer.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: i64,
    /// Why it failed; `None` when it did not.
    pub error: Option<String>,
}

/// Sends a ping and notes it in the log. It counts neither for nor against the webhook.
///
/// # Errors
/// [`AppError::NotFound`]. A receiver that fails is no error.
pub async fn test(app: &App, caller: &Caller, id: WebhookId) -> Result<Tested, AppError> {
    let webhook = super::get(app, caller, id).await?;
    let organization = caller.organization_id;
    let secret = app.store.find_webhook_secret(organization, id).await?;
    let secret = secret.ok_or(AppError::NotFound("Webhook"))?;
    let now = app.clock.now();
    let (delivery, event) = (DeliveryId(app.entropy.uuid(now)), EventId(app.entropy.uuid(now)));
    let kind = EventKind::WebhookTest.as_str();
    let payload = json!({
        "webhook_id": id,
        "message": "This is a test. If you can read it and its signature is right, the webhook works.",
    });
    let call = WebhookCall {
        url: webhook.url,
        secret,
        event: kind.to_owned(),
        delivery: delivery.to_string(),
        body: webhook::body(organization, kind, event, now, &payload),
        at: now,
        timeout: app.outside.webhook_timeout,
    };
    let answer = app.outside.guarded.call_webhook(&call).await;
    let tested =
        Tested { status: answer.status, duration_ms: answer.duration.as_millis(), error: answer.problem };
    let attempt = DeliveryAttempt {
        at: now,
        status: tested.status,
        duration_ms: tested.duration_ms,
        error: tested.error.clone(),
    };
    let noted = TestDelivery { id: delivery, event_id: event, payload, attempt };
    app.store.record_test_delivery(organization, id, noted).await?;
    Ok(tested)
}
