//! The workspace's posting queue: its slots, and which of them are free.

use domain::Timestamp;
use domain::queue::{DEFAULT_NAME, LocalTime, NAME_MAX, SLOTS_MAX, Slot, Timetable};
use store::QueueRow;

use crate::{App, AppError, Caller};

pub use store::QueuePatch;

/// A free slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The moment.
    pub at: Timestamp,
    /// What clocks show there then.
    pub local: LocalTime,
}

/// A queue and what is free of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueView {
    /// Its name.
    pub name: String,
    /// The zone that its slots are times of.
    pub timezone: String,
    /// Its slots, from Monday on.
    pub slots: Vec<Slot>,
    /// The next free slots.
    pub upcoming: Vec<Opening>,
    /// Whether there are fewer free slots than were asked for.
    pub exhausted: bool,
}

/// The workspace's queue with its next `preview` free slots; `None` when it has no queue.
///
/// # Errors
/// Only internal ones.
pub async fn get(app: &App, caller: &Caller, preview: usize) -> Result<Option<QueueView>, AppError> {
    let found = app.store.find_queue(caller.organization_id, caller.workspace_id).await?;
    let Some(queue) = found else { return Ok(None) };
    view(app, caller, queue, preview).await.map(Some)
}

/// Changes the queue; makes it where there is none, for which `slots` is needed.
///
/// # Errors
/// [`AppError::Validation`], [`AppError::InvalidTimezone`].
pub async fn set(
    app: &App,
    caller: &Caller,
    patch: QueuePatch,
    preview: usize,
) -> Result<QueueView, AppError> {
    if patch == QueuePatch::default() {
        let message = "Name at least one of name, timezone and slots.";
        return Err(AppError::validation("body", message));
    }
    if let Some(zone) = patch.timezone.as_deref().filter(|zone| !domain::time::is_known_time_zone(zone)) {
        return Err(AppError::InvalidTimezone(zone.chars().take(100).collect()));
    }
    let patch = QueuePatch {
        name: patch.name.as_deref().map(checked_name).transpose()?,
        slots: patch.slots.map(checked_slots).transpose()?,
        timezone: patch.timezone,
    };
    let fresh = patch.slots.clone().map(|slots| QueueRow {
        name: DEFAULT_NAME.to_owned(),
        timezone: "UTC".to_owned(),
        slots,
    });
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let set = app.store.set_queue(organization, workspace, patch, fresh, app.clock.now()).await?;
    let missing = || AppError::validation("slots", "slots is missing: the workspace has no queue yet.");
    view(app, caller, set.ok_or_else(missing)?, preview).await
}

/// Forgets the queue. Posts that took its slots stay scheduled.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete(app: &App, caller: &Caller) -> Result<(), AppError> {
    let deleted = app.store.delete_queue(caller.organization_id, caller.workspace_id).await?;
    if deleted { Ok(()) } else { Err(AppError::NotFound("Queue")) }
}

/// A named zone; where none is named, the queue's, or UTC.
pub(crate) async fn zone_or_own(
    app: &App,
    caller: &Caller,
    named: Option<String>,
) -> Result<String, AppError> {
    let zone = if let Some(zone) = named {
        zone
    } else {
        let queue = app.store.find_queue(caller.organization_id, caller.workspace_id).await?;
        queue.map_or_else(|| "UTC".to_owned(), |queue| queue.timezone)
    };
    if domain::time::is_known_time_zone(&zone) {
        Ok(zone)
    } else {
        Err(AppError::InvalidTimezone(zone.chars().take(100).collect()))
    }
}

async fn view(app: &App, caller: &Caller, queue: QueueRow, preview: usize) -> Result<QueueView, AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let now = app.clock.now();
    let free = app.store.list_free_slots(organization, workspace, &queue, now, preview).await?;
    let table = Timetable::new(&queue.timezone, Vec::new());
    let table = table.ok_or_else(|| AppError::InvalidTimezone(queue.timezone.clone()))?;
    let upcoming: Vec<Opening> =
        free.into_iter().filter_map(|at| table.local(at).map(|local| Opening { at, local })).collect();
    let exhausted = upcoming.len() < preview;
    let QueueRow { name, timezone, slots } = queue;
    Ok(QueueView { name, timezone, slots, upcoming, exhausted })
}

fn checked_name(name: &str) -> Result<String, AppError> {
    if name.chars().count() <= NAME_MAX && !name.trim().is_empty() {
        return Ok(name.trim().to_owned());
    }
    Err(AppError::validation("name", format!("name must have 1 to {NAME_MAX} characters.")))
}

fn checked_slots(mut slots: Vec<Slot>) -> Result<Vec<Slot>, AppError> {
    slots.sort_unstable();
    slots.dedup();
    if (1..=SLOTS_MAX).contains(&slots.len()) {
        return Ok(slots);
    }
    Err(AppError::validation("slots", format!("slots must have 1 to {SLOTS_MAX} entries.")))
}
