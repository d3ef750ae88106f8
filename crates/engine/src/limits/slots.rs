//! How many destinations are worked on at a time through one app.
//!
//! On a shared database a node holds a block of slots for a few minutes, so that most publishes
//! take one without asking the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use net::Clock;
use store::{SlotHold, Store, StoreError};
use tokio::sync::Notify;

use super::{AppKey, lock};

/// Slots are held in multiples of this.
const BLOCK: u32 = 8;
/// How long a node holds its slots without renewing them.
const HOLD: Span = Span::from_minutes(3);
/// Slots that end sooner than this are renewed before they are used.
const RENEW_BEFORE: Span = Span::from_minutes(2);
/// How soon the database is asked again when the other nodes leave nothing.
const ASK_EVERY: Span = Span::from_seconds(1);

/// The slots of every app.
#[derive(Default)]
pub(super) struct Slots(Mutex<HashMap<AppKey, Arc<Line>>>);

/// The slots of one app, and those who wait for one.
#[derive(Default)]
struct Line {
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Default)]
struct State {
    used: u32,
    waiting: u32,
    /// What the database grants this node, and until when.
    granted: u32,
    granted_until: Option<Timestamp>,
    asked_at: Option<Timestamp>,
}

/// A slot in use; free again when dropped.
pub(crate) struct Slot(Arc<Line>);

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.used = state.used.saturating_sub(1);
        drop(state);
        self.0.freed.notify_one();
    }
}

/// What a slot is taken with.
pub(super) struct Taker<'a> {
    pub(super) clock: &'a dyn Clock,
    /// The database and this node's name, if other nodes use the app as well.
    pub(super) shared: Option<(&'a Store, &'a str)>,
    pub(super) most: u32,
    /// How long to wait for a slot.
    pub(super) patience: Span,
}

impl Slots {
    /// Takes a slot, waiting for one for a while; `None` when none became free.
    pub(super) async fn take(&self, app: &AppKey, taker: Taker<'_>) -> Result<Option<Slot>, StoreError> {
        let line = Arc::clone(lock(&self.0).entry(app.clone()).or_default());
        let give_up_at = taker.clock.now() + taker.patience;
        let _waiting = Waiting::join(&line);
        loop {
            // Registered before looking, so that a slot that is freed meanwhile is noticed.
            let freed = line.freed.notified();
            if let Some(slot) = line.try_take(&taker) {
                return Ok(Some(slot));
            }
            if let Some((store, owner)) = taker.shared
                && line.ask(app, &taker, store, owner).await?
                && let Some(slot) = line.try_take(&taker)
            {
                return Ok(Some(slot));
            }
            let now = taker.clock.now();
            // What the other nodes give back wakes nobody here.
            let nobody_frees = lock(&line.state).used == 0;
            if now >= give_up_at || nobody_frees {
                return Ok(None);
            }
            tokio::select! {
                () = freed => {}
                () = taker.clock.sleep_until(give_up_at) => {}
            }
        }
    }
}

/// One more in the line while it lives.
struct Waiting<'a>(&'a Line);

impl<'a> Waiting<'a> {
    fn join(line: &'a Line) -> Self {
        lock(&line.state).waiting += 1;
        Self(line)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).waiting -= 1;
    }
}

impl Line {
    fn try_take(self: &Arc<Self>, taker: &Taker<'_>) -> Option<Slot> {
        let now = taker.clock.now();
        let mut state = lock(&self.state);
        let free = match taker.shared {
            None => taker.most,
            Some(_) if state.granted_until.is_some_and(|until| until > now + RENEW_BEFORE) => state.granted,
            Some(_) => 0,
        };
        if state.used >= free {
            return None;
        }
        state.used += 1;
        drop(state);
        Some(Slot(Arc::clone(self)))
    }

    /// Asks the database for as many slots as are wanted; `false` when it was asked just now.
    async fn ask(
        &self,
        app: &AppKey,
        taker: &Taker<'_>,
        store: &Store,
        owner: &str,
    ) -> Result<bool, StoreError> {
        let now = taker.clock.now();
        let want = {
            let mut state = lock(&self.state);
            if state.asked_at.is_some_and(|asked| asked + ASK_EVERY > now) && state.granted_until.is_some() {
                return Ok(false);
            }
            state.asked_at = Some(now);
            (state.used + state.waiting).div_ceil(BLOCK).saturating_mul(BLOCK).min(taker.most)
        };
        let until = now + HOLD;
        let hold = SlotHold {
            platform: app.platform.clone(),
            app_key: app.app.clone(),
            owner: owner.to_owned(),
            want,
            most: taker.most,
            until,
        };
        let granted = store.take_app_slots(hold, now).await?;
        let mut state = lock(&self.state);
        state.granted = granted;
        state.granted_until = Some(until);
        drop(state);
        for _ in 0..granted {
            self.freed.notify_one();
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::PlatformName;
    use net::FrozenClock;

    fn app() -> AppKey {
        AppKey { platform: PlatformName::from_static("x"), app: "a".into() }
    }

    fn taker(clock: &FrozenClock, most: u32) -> Taker<'_> {
        Taker { clock, shared: None, most, patience: Span::from_seconds(30) }
    }

    #[tokio::test]
    async fn the_next_in_line_gets_the_slot_that_is_freed_and_nobody_waits_for_ever() {
        let clock = FrozenClock::new(Timestamp::from_seconds(1_800_000_000));
        let slots = Slots::default();
        let first = slots.take(&app(), taker(&clock, 1)).await.unwrap().unwrap();
        let app = app();
        let second = slots.take(&app, taker(&clock, 1));
        let (second, ()) = tokio::join!(second, async { drop(first) });
        assert!(second.unwrap().is_some());
        let held = slots.take(&app, taker(&clock, 1)).await.unwrap().unwrap();
        let late = slots.take(&app, taker(&clock, 1));
        let (late, ()) = tokio::join!(late, async { clock.advance(Span::from_seconds(30)) });
        assert!(late.unwrap().is_none());
        drop(held);
    }
}
