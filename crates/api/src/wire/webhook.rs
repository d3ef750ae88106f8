//! Webhooks and their deliveries on the wire.

use app::webhooks::{DeliveryAttempt, DeliveryRow, Replayed, Tested, WebhookRow};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Pagination, shown};

/// What a webhook may ask for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
pub(crate) enum EventName {
    #[schema(rename = "post.scheduled")]
    PostScheduled,
    #[schema(rename = "post.publishing")]
    PostPublishing,
    #[schema(rename = "post.published")]
    PostPublished,
    #[schema(rename = "post.failed")]
    PostFailed,
    #[schema(rename = "post.partially_failed")]
    PostPartiallyFailed,
    #[schema(rename = "post.updated")]
    PostUpdated,
    #[schema(rename = "post.deleted")]
    PostDeleted,
    #[schema(rename = "post.approval_requested")]
    PostApprovalRequested,
    #[schema(rename = "post.approved")]
    PostApproved,
    #[schema(rename = "post.changes_requested")]
    PostChangesRequested,
    #[schema(rename = "account.connected")]
    AccountConnected,
    #[schema(rename = "account.disconnected")]
    AccountDisconnected,
    #[schema(rename = "account.reconnect_needed")]
    AccountReconnectNeeded,
    #[schema(rename = "media.uploaded")]
    MediaUploaded,
    #[schema(rename = "media.deleted")]
    MediaDeleted,
}

/// A webhook.
#[derive(Serialize, ToSchema)]
pub(crate) struct Webhook {
    id: Uuid,
    url: String,
    #[schema(value_type = Vec<EventName>)]
    events: Vec<String>,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    description: Option<String>,
    is_active: bool,
    /// Tries in a row that failed; at 20 it is switched off.
    consecutive_failures: u32,
    /// When it was switched off because of them, or because the receiver answered 410.
    #[schema(required, format = DateTime)]
    auto_disabled_at: Option<String>,
    #[schema(required, format = DateTime)]
    last_delivery_at: Option<String>,
    #[schema(required, format = DateTime)]
    last_success_at: Option<String>,
    #[schema(required, format = DateTime)]
    last_failure_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<&WebhookRow> for Webhook {
    fn from(row: &WebhookRow) -> Self {
        Self {
            id: row.id.0,
            url: row.url.clone(),
            events: row.events.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            is_active: row.is_active,
            consecutive_failures: row.consecutive_failures,
            auto_disabled_at: shown(row.auto_disabled_at),
            last_delivery_at: shown(row.last_delivery_at),
            last_success_at: shown(row.last_success_at),
            last_failure_at: shown(row.last_failure_at),
            created_at: row.created_at.to_iso_millis(),
            updated_at: row.updated_at.to_iso_millis(),
        }
    }
}

/// A webhook that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    /// The key of the signatures, as a whole. Not shown again.
    #[schema(example = "whsec_…")]
    secret: String,
    /// Says so.
    secret_warning: &'static str,
}

impl From<&app::webhooks::CreatedWebhook> for CreatedWebhook {
    fn from(created: &app::webhooks::CreatedWebhook) -> Self {
        Self {
            webhook: Webhook::from(&created.webhook),
            secret: created.secret.clone(),
            secret_warning: "Save this secret now. It is not shown again.",
        }
    }
}

/// The organization's webhooks.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookList {
    pub(crate) webhooks: Vec<Webhook>,
}

/// A webhook that is gone.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedWebhook {
    pub(crate) id: Uuid,
    pub(crate) deleted: bool,
}

/// How a receiver took a test.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestedWebhook {
    /// Whether it took it.
    ok: bool,
    /// Its status; 0 when there was no HTTP answer.
    status: u16,
    duration_ms: i64,
    /// Why it did not.
    #[schema(required)]
    error: Option<String>,
    /// What happened, for people.
    message: String,
}

impl From<&Tested> for TestedWebhook {
    fn from(tested: &Tested) -> Self {
        let message = match &tested.error {
            None => format!("The receiver took the test within {} ms.", tested.duration_ms),
            Some(problem) => format!("The receiver did not take the test: {problem}."),
        };
        Self {
            ok: tested.error.is_none(),
            status: tested.status.unwrap_or(0),
            duration_ms: tested.duration_ms,
            error: tested.error.clone(),
            message,
        }
    }
}

/// Where a delivery stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum DeliveryStatus {
    /// Waits for its first or next try.
    Pending,
    /// Taken by the receiver.
    Delivered,
    /// Given up.
    Dead,
}

/// An event on its way to a webhook.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookDelivery {
    id: Uuid,
    /// The same at every delivery of the event.
    event_id: Uuid,
    /// The event's name; `webhook.test` for a test.
    event: String,
    #[schema(value_type = DeliveryStatus)]
    status: &'static str,
    /// Tries in all.
    attempts: u32,
    #[schema(required, format = DateTime)]
    next_try_at: Option<String>,
    /// Each try, oldest first.
    tries: Vec<DeliveryTry>,
    /// The event's own data.
    #[schema(value_type = Object)]
    data: Value,
    /// When the event happened.
    #[schema(format = DateTime)]
    event_created_at: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was taken or given up.
    #[schema(required, format = DateTime)]
    ended_at: Option<String>,
}

/// One try.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryTry {
    #[schema(format = DateTime)]
    at: String,
    /// The receiver's status; 0 when there was no HTTP answer.
    status: u16,
    duration_ms: i64,
    /// Why it failed.
    #[schema(required)]
    error: Option<String>,
}

impl From<&DeliveryAttempt> for DeliveryTry {
    fn from(attempt: &DeliveryAttempt) -> Self {
        Self {
            at: attempt.at.to_iso_millis(),
            status: attempt.status.unwrap_or(0),
            duration_ms: attempt.duration_ms,
            error: attempt.error.clone(),
        }
    }
}

impl From<&DeliveryRow> for WebhookDelivery {
    fn from(row: &DeliveryRow) -> Self {
        Self {
            id: row.id.0,
            event_id: row.event_id.0,
            event: row.event.clone(),
            status: row.status.as_str(),
            attempts: row.attempts,
            next_try_at: shown(row.next_try_at),
            tries: row.log.iter().map(DeliveryTry::from).collect(),
            data: row.payload.clone(),
            event_created_at: row.event_at.to_iso_millis(),
            created_at: row.created_at.to_iso_millis(),
            ended_at: shown(row.ended_at),
        }
    }
}

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryList {
    pub(crate) deliveries: Vec<WebhookDelivery>,
    pub(crate) pagination: Pagination,
}

/// A delivery that goes out again.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayedDelivery {
    #[serde(flatten)]
    delivery: WebhookDelivery,
    /// The one that it repeats.
    replay_of: Uuid,
}

impl From<&Replayed> for ReplayedDelivery {
    fn from(replayed: &Replayed) -> Self {
        Self { delivery: WebhookDelivery::from(&replayed.delivery), replay_of: replayed.of.0 }
    }
}

/// What is tried again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequeuedDeliveries {
    pub(crate) requeued_count: u64,
    pub(crate) message: String,
}
