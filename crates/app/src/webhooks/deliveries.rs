//! What was sent to a webhook, and sending it again.

use domain::event::EventKind;
use domain::webhook::DeliveryStatus;
use domain::{DeliveryId, WebhookId};
use store::{Answer, DeliveryFilter, DeliveryRow};

use crate::idempotency::{Keep, done};
use crate::{App, AppError, Caller};

/// Which deliveries are wanted, and which page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListDeliveries {
    /// Those that stand there.
    pub status: Option<DeliveryStatus>,
    /// Those of this event.
    pub event: Option<EventKind>,
    /// How many.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u64,
    /// Only those that come after this one.
    pub after: Option<DeliveryId>,
}

/// A page of deliveries.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryPage {
    /// The deliveries, the latest first.
    pub deliveries: Vec<DeliveryRow>,
    /// How many there are in all.
    pub total: u64,
    /// The last of them, where more come after it.
    pub next: Option<DeliveryId>,
}

/// A delivery that goes out again.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// The one that was made.
    pub delivery: DeliveryRow,
    /// The one that it repeats.
    pub of: DeliveryId,
}

/// A page of what was sent to a webhook in the last 30 days.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn list_deliveries(
    app: &App,
    caller: &Caller,
    id: WebhookId,
    query: &ListDeliveries,
) -> Result<DeliveryPage, AppError> {
    super::get(app, caller, id).await?;
    let filter =
        DeliveryFilter { status: query.status, event: query.event.map(|event| event.as_str().to_owned()) };
    let organization = caller.organization_id;
    // One more tells whether more come after the page.
    let page = (query.limit.saturating_add(1), query.offset, query.after);
    let mut deliveries = app.store.list_deliveries(organization, id, &filter, page).await?;
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let has_more = deliveries.len() > limit;
    deliveries.truncate(limit);
    let next = deliveries.last().filter(|_| has_more).map(|delivery| delivery.id);
    let total = app.store.count_deliveries(organization, id, &filter).await?;
    Ok(DeliveryPage { deliveries, total, next })
}

/// One delivery.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delivery(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<DeliveryRow, AppError> {
    let found = app.store.find_delivery(caller.organization_id, webhook, id).await?;
    found.ok_or(AppError::NotFound("Delivery"))
}

/// Sends the event of a delivery once more, with the same event id, after what waits already.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] while it has not ended, or the webhook is off.
pub async fn replay(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    id: DeliveryId,
    keep: Option<Keep<Replayed>>,
) -> Result<Replayed, AppError> {
    refuse_inactive(app, caller, webhook).await?;
    let old = delivery(app, caller, webhook, id).await?;
    if old.status == DeliveryStatus::Pending {
        return Err(AppError::Conflict("This delivery has not ended; it will be tried anyway.".to_owned()));
    }
    let now = app.clock.now();
    let new = DeliveryId(app.entropy.uuid(now));
    let keep = keep.map(|keep| {
        let told = move |made: &DeliveryRow, answer: &Answer<Replayed>| {
            answer(&Replayed { delivery: made.clone(), of: id })
        };
        keep.told(app, told)
    });
    let made = app.store.replay_delivery(caller.organization_id, webhook, id, new, now, keep).await?;
    let delivery = done(made)?.ok_or(AppError::NotFound("Delivery"))?;
    Ok(Replayed { delivery, of: id })
}

/// Lets these deliveries that were given up, or all of them, be tried anew. Gives their number.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] while the webhook is off.
pub async fn requeue(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    ids: Option<Vec<DeliveryId>>,
) -> Result<u64, AppError> {
    refuse_inactive(app, caller, webhook).await?;
    if ids.as_ref().is_some_and(Vec::is_empty) {
        let message = "delivery_ids must name at least one delivery; leave it out for all.";
        return Err(AppError::validation("delivery_ids", message));
    }
    Ok(app.store.requeue_deliveries(caller.organization_id, webhook, ids, app.clock.now()).await?)
}

async fn refuse_inactive(app: &App, caller: &Caller, webhook: WebhookId) -> Result<(), AppError> {
    if super::get(app, caller, webhook).await?.is_active {
        return Ok(());
    }
    Err(AppError::Conflict("The webhook is switched off; set is_active to true first.".to_owned()))
}
