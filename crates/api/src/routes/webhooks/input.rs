//! Bodies of webhooks: their documented shape, and reading them member by member.

use app::webhooks::{NewWebhookInput, WebhookChange};
use domain::DeliveryId;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiError;
use crate::fields::Fields;
use crate::wire::EventName;

/// A webhook to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct CreateWebhookRequest {
    /// The receiver: a public HTTPS address.
    #[schema(format = "uri", max_length = 2048, example = "https://hooks.example.org/fanfare")]
    url: String,
    /// What it asks for.
    #[schema(min_items = 1, max_items = 100)]
    events: Vec<EventName>,
    /// What it is called.
    #[schema(required = false, max_length = 100)]
    name: Option<String>,
    /// What it is for.
    #[schema(required = false, max_length = 500)]
    description: Option<String>,
}

/// What to change in a webhook; at least one member.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct UpdateWebhookRequest {
    /// Another receiver. What waits is sent there, beginning at once.
    #[schema(required = false, format = "uri", max_length = 2048)]
    url: Option<String>,
    /// Replaces what it asks for.
    #[schema(required = false, min_items = 1, max_items = 100)]
    events: Option<Vec<EventName>>,
    /// Another name; null for none.
    #[schema(required = false, max_length = 100)]
    name: Option<String>,
    /// Another description; null for none.
    #[schema(required = false, max_length = 500)]
    description: Option<String>,
    /// Switches it on or off. Switching it on clears its failures and sends what waits at once.
    #[schema(required = false)]
    is_active: Option<bool>,
}

/// Which deliveries are to be tried again.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct RequeueDeliveriesRequest {
    /// These; all that were given up when it is left out.
    #[schema(required = false, min_items = 1, max_items = 100)]
    delivery_ids: Option<Vec<Uuid>>,
}

pub(super) fn new(body: &Value) -> Result<NewWebhookInput, ApiError> {
    let fields = Fields::of(body)?;
    let url = fields.needed_text("url")?;
    let events = fields.texts("events")?;
    let events = events.ok_or_else(|| ApiError::validation("events", "events is missing."))?;
    Ok(NewWebhookInput { url, events, name: fields.text("name")?, description: fields.text("description")? })
}

pub(super) fn change(body: &Value) -> Result<WebhookChange, ApiError> {
    let fields = Fields::of(body)?;
    Ok(WebhookChange {
        url: fields.text("url")?,
        events: fields.texts("events")?,
        name: fields.clearable_text("name")?,
        description: fields.clearable_text("description")?,
        is_active: fields.flag("is_active")?,
    })
}

pub(super) fn delivery_ids(body: &Value) -> Result<Option<Vec<DeliveryId>>, ApiError> {
    let Some(texts) = Fields::of(body)?.texts("delivery_ids")? else { return Ok(None) };
    let read = |(at, text): (usize, &String)| {
        let path = format!("delivery_ids[{at}]");
        Uuid::parse_str(text)
            .map(DeliveryId)
            .map_err(|_| ApiError::validation(&path, format!("{path} must be a delivery id (a UUID).")))
    };
    texts.iter().enumerate().map(read).collect::<Result<_, _>>().map(Some)
}
