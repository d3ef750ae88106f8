//! What is asked of a queue: the documented shape of its body, and reading it member by member.

use app::queue::QueuePatch;
use domain::queue::Slot;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::fields::{Fields, wrong};
use crate::query::Query;
use crate::wire::QueueSlot;

/// How many free slots are shown where it is not said.
pub(super) const PREVIEW_DEFAULT: usize = 10;
const PREVIEW_MAX: usize = 30;
/// More than any week has slots.
const MAX_SLOTS: usize = 500;

/// A queue, or what to change in one; at least one member. A new queue needs `slots`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct SetQueueRequest {
    /// Its name; `Posting queue` by default.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// The IANA zone that the slots are times of; `UTC` by default.
    #[schema(required = false, example = "Europe/Berlin")]
    timezone: Option<String>,
    /// All slots of the week; they replace those that are there.
    #[schema(required = false, min_items = 1, max_items = 168)]
    slots: Option<Vec<QueueSlot>>,
}

pub(super) fn patch(body: &Value) -> Result<QueuePatch, ApiError> {
    let fields = Fields::of(body)?;
    let slots = fields.list("slots", MAX_SLOTS)?;
    let slots = slots.map(|items| items.iter().enumerate().map(|(at, item)| slot(at, item)).collect());
    Ok(QueuePatch {
        name: fields.text("name")?,
        timezone: fields.text("timezone")?,
        slots: slots.transpose()?,
    })
}

fn slot(at: usize, item: &Value) -> Result<Slot, ApiError> {
    let path = format!("slots[{at}]");
    let fields = Fields::of(item).map_err(|_| wrong(&path, "an object with day and time", item))?;
    let (day, time) = (fields.whole("day"), fields.text("time"));
    let (Ok(day), Ok(time)) = (day, time) else { return Err(not_a_slot(&path)) };
    let slot = day.zip(time).and_then(|(day, time)| Slot::parse(day, &time));
    slot.ok_or_else(|| not_a_slot(&path))
}

fn not_a_slot(path: &str) -> ApiError {
    let message = format!("{path} must have a day from 1 (Monday) to 7 (Sunday) and a time such as 09:30.");
    ApiError::validation(path, message)
}

/// How many free slots are asked for.
pub(super) fn preview(query: &Query) -> Result<Option<usize>, ApiError> {
    let Some(asked) = query.integer::<i64>("preview")? else { return Ok(None) };
    let asked = usize::try_from(asked).ok().filter(|asked| (1..=PREVIEW_MAX).contains(asked));
    let message = format!("preview must be between 1 and {PREVIEW_MAX}.");
    asked.map(Some).ok_or_else(|| ApiError::validation("preview", message))
}
