//! The posting queue on the wire.

use app::queue::{Opening, QueueView};
use serde::Serialize;
use utoipa::ToSchema;

/// A posting queue and its next free slots.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueForecast {
    /// Null where none is set up.
    #[schema(required)]
    queue: Option<Queue>,
    /// Free slots, the next one first. A forecast: nothing is reserved.
    upcoming: Vec<QueueOpening>,
    /// Whether fewer slots are free within a year than were asked for.
    exhausted: bool,
    /// The same in words.
    message: String,
}

/// A posting queue.
#[derive(Serialize, ToSchema)]
pub(crate) struct Queue {
    name: String,
    /// The IANA zone that the slots are times of.
    #[schema(example = "Europe/Berlin")]
    timezone: String,
    /// From Monday on.
    slots: Vec<QueueSlot>,
}

/// A time of the week.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueSlot {
    /// 1 is Monday, 7 is Sunday.
    #[schema(minimum = 1, maximum = 7)]
    day: u16,
    /// In the queue's time zone.
    #[schema(example = "09:30", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    time: String,
}

/// A free slot.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueOpening {
    /// In the queue's time zone.
    #[schema(example = "2026-10-03")]
    date: String,
    /// In the queue's time zone.
    #[schema(example = "09:00")]
    time: String,
    /// The same moment in UTC.
    #[schema(format = DateTime)]
    scheduled_for: String,
}

/// A queue that is gone.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedQueue {
    pub(crate) deleted: bool,
}

impl QueueForecast {
    pub(crate) fn of(view: Option<&QueueView>) -> Self {
        let message = match view {
            None => "No posting queue is set up; set its slots with PATCH /v1/queue.".to_owned(),
            Some(view) => match view.upcoming.first() {
                None => "Every slot is taken for a year ahead; add slots.".to_owned(),
                Some(next) => {
                    format!(
                        "The next free slot is {} {} ({}).",
                        next.local.date, next.local.time, view.timezone
                    )
                }
            },
        };
        let slot = |slot: &domain::queue::Slot| QueueSlot { day: slot.day(), time: slot.time() };
        Self {
            queue: view.map(|view| Queue {
                name: view.name.clone(),
                timezone: view.timezone.clone(),
                slots: view.slots.iter().map(slot).collect(),
            }),
            upcoming: view
                .map_or_else(Vec::new, |view| view.upcoming.iter().map(QueueOpening::from).collect()),
            exhausted: view.is_some_and(|view| view.exhausted),
            message,
        }
    }
}

impl From<&Opening> for QueueOpening {
    fn from(opening: &Opening) -> Self {
        Self {
            date: opening.local.date.clone(),
            time: opening.local.time.clone(),
            scheduled_for: opening.at.to_iso_millis(),
        }
    }
}
