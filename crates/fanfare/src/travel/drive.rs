//! Moving the shared time: to the next moment at which anything is due, there until everything
//! rests, then to the next.

use std::sync::PoisonError;

use domain::{Span, Timestamp};
use net::{Clock as _, SystemClock};

use super::Travel;
use super::party::Load;

/// How long everybody may take to come to rest at one moment, by the machine's clock.
const PATIENCE: Span = Span::from_seconds(90);
/// How often a publish loop whose look failed is told to look again.
const NUDGE: Span = Span::from_millis(250);
/// How often it is looked whether everybody rests.
const LOOK: Span = Span::from_millis(1);
/// How often the same has to be seen when work is held up by an emulator, and how far apart: from
/// here it cannot be told whose answer the emulator delays.
const HELD_LOOKS: u32 = 3;
const HELD_LOOK: Span = Span::from_millis(10);

/// What everybody has to do, as far as it matters for moving on.
enum Rest {
    /// Somebody is still at it.
    No,
    /// All rest but for work that waits for an emulator, which waits for the clock.
    Held(Option<Timestamp>),
    /// All rest. The next thing is due then.
    Yes(Option<Timestamp>),
}

impl Travel {
    /// Moves the clock, which stands still, to `target` in order; returns how often it stopped for
    /// something on the way.
    pub(super) async fn go(&self, target: Timestamp) -> Result<u64, String> {
        let mut stops = 0;
        self.nudge();
        loop {
            self.rest().await?;
            // What went live at this moment is read later on: whoever reads has to have seen it.
            self.nudge();
            let next = self.rest().await?;
            let now = self.clock.now();
            if now >= target {
                return Ok(stops);
            }
            let to = next.map_or(target, |next| next.min(target));
            stops += u64::from(next.is_some_and(|next| next <= target));
            self.keep(to);
            self.clock.move_to(to);
            self.nudge();
        }
    }

    /// Waits until everybody rests at the present moment; returns when something is due next.
    async fn rest(&self) -> Result<Option<Timestamp>, String> {
        let began = SystemClock.now();
        let mut nudged = began;
        let mut held = 0;
        loop {
            if self.is_ending() {
                return Err("the server is stopping; the clock stays where it is".to_owned());
            }
            let pause = match self.look().await {
                Rest::Yes(next) => return Ok(next),
                Rest::Held(next) => {
                    held += 1;
                    if held == HELD_LOOKS {
                        return Ok(next);
                    }
                    HELD_LOOK
                }
                Rest::No => {
                    held = 0;
                    LOOK
                }
            };
            let now = SystemClock.now();
            if now > began + PATIENCE {
                return Err(format!(
                    "what became due at {} did not come to rest; look at the log, then go on from there",
                    self.clock.now()
                ));
            }
            if now > nudged + NUDGE {
                nudged = now;
                self.nudge_parties();
            }
            SystemClock.sleep_until(now + pause).await;
        }
    }

    /// Tells everybody that the time is another.
    pub(super) fn nudge(&self) {
        self.followers.tell();
        self.nudge_parties();
    }

    fn nudge_parties(&self) {
        for party in &*self.parties.lock().unwrap_or_else(PoisonError::into_inner) {
            party.look_again();
        }
    }

    async fn look(&self) -> Rest {
        // A follower may have been ahead by the length of a message when the clock was stopped.
        if let Some(latest) = self.followers.latest()
            && latest > self.clock.now()
        {
            self.keep(latest);
            self.clock.move_to(latest);
            self.nudge();
            return Rest::No;
        }
        let now = self.clock.now();
        let parties = self.parties.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut loads = vec![self.followers.load(now)];
        for party in parties {
            match party.load().await {
                Ok(load) => loads.push(load),
                Err(error) => {
                    tracing::warn!(%error, "what is due next could not be read; it is read again");
                    return Rest::No;
                }
            }
        }
        let own = self.clock.pausing();
        let holding = own + loads.iter().map(|load| load.pausing).sum::<usize>();
        let calls = self.calls();
        let in_flight: usize = loads.iter().map(|load| load.in_flight).sum();
        let settled = !self.clock.is_waking() && loads.iter().all(|load: &Load| load.settled);
        if !settled || in_flight > holding || calls > own {
            return Rest::No;
        }
        let dues = loads.iter().map(|load| load.next).chain([self.clock.next_due()]);
        let next = dues.flatten().filter(|due| *due > now).min();
        if in_flight == 0 && calls == 0 { Rest::Yes(next) } else { Rest::Held(next) }
    }
}
