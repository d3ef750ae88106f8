//! Time travel: one clock for a server and its sandbox, which can be stopped and moved forward.
//! Exists only where every platform is the sandbox; a server of real platforms has the machine's
//! clock and nothing of this.

mod drive;
mod follow;
mod followers;
mod party;
mod wire;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use domain::{Span, Timestamp};
use net::{Clock, Entropy as _, SystemClock, SystemEntropy, TravelClock};
use sandbox::{ClockOrder, ClockView, Keep, KeptClock, SandboxClock, Steered, Steering, Target};
use serde_json::Value;

use crate::config::Config;

pub(crate) use follow::Follower;
pub(crate) use party::{Kind, Loop};

use followers::Followers;
use party::Party;
use wire::{Report, Shown};

/// The furthest that one order moves the clock.
const FURTHEST: Span = Span::from_days(3_660);

/// Whether every platform that `config` reaches is its sandbox.
pub(crate) fn is_possible(config: &Config) -> bool {
    let Ok(sandbox) = url::Url::parse(&config.sandbox_url) else { return false };
    let leads_there =
        |address: &String| url::Url::parse(address).is_ok_and(|address| address.origin() == sandbox.origin());
    config.platforms.values().flat_map(|platform| platform.hosts.values()).all(leads_there)
}

/// The shared clock of this process, and everybody in it.
pub(crate) struct Travel {
    clock: Arc<TravelClock>,
    parties: Mutex<Vec<Party>>,
    followers: Followers,
    /// Calls of the emulated platforms that are being handled.
    calls: AtomicUsize,
    /// Held while an order is carried out.
    order: tokio::sync::Mutex<()>,
    moving: AtomicBool,
    /// Whether whoever steers wants the time to stand still between orders.
    frozen: AtomicBool,
    ending: AtomicBool,
    keep: OnceLock<Keep>,
}

impl Travel {
    /// A clock that shows the machine's time until it is moved.
    pub(crate) fn new() -> Arc<Self> {
        let mut run = [0; 8];
        SystemEntropy.fill(&mut run);
        Arc::new(Self {
            clock: Arc::new(TravelClock::new(Arc::new(SystemClock))),
            parties: Mutex::default(),
            followers: Followers::new(u64::from_le_bytes(run)),
            calls: AtomicUsize::new(0),
            order: tokio::sync::Mutex::default(),
            moving: AtomicBool::new(false),
            frozen: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            keep: OnceLock::new(),
        })
    }

    /// The clock for the server.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// The clock for the sandbox.
    pub(crate) fn sandbox_clock(self: &Arc<Self>) -> Arc<dyn SandboxClock> {
        Arc::new(Shared(Arc::clone(self)))
    }

    /// From now on the clock waits for this loop. What makes work for another one joins before it.
    pub(crate) fn join(&self, works: Loop) {
        let party = Party::new(works, Arc::clone(&self.clock));
        self.parties.lock().unwrap_or_else(PoisonError::into_inner).push(party);
    }

    /// The process is about to end: orders end, and time runs, so that what waits can end too.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
        self.clock.run();
        // Whoever waits for news would hold the end up.
        self.followers.tell();
    }

    /// Keeps where the clock stands at the very end, so that the next run does not go back.
    pub(crate) fn keep_end(&self) {
        self.keep(self.clock.now());
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Keeps `moment` as the one that the clock shows now.
    fn keep(&self, moment: Timestamp) {
        if let Some(keep) = self.keep.get() {
            let frozen_at = self.frozen.load(Ordering::SeqCst).then_some(moment);
            keep(KeptClock { offset: moment.since(SystemClock.now()), frozen_at });
        }
    }

    async fn carry_out(&self, order: ClockOrder) -> Result<ClockView, String> {
        let _one_order = self.order.lock().await;
        if self.is_ending() {
            return Err("the server is stopping".to_owned());
        }
        let before = self.clock.stop();
        let gone = match target(order.to, before) {
            Ok(target) => {
                if order.freeze == Some(true) {
                    self.frozen.store(true, Ordering::SeqCst);
                }
                self.moving.store(true, Ordering::SeqCst);
                // Without a target too: what is due now comes to rest before the order is answered.
                let gone = self.go(target).await;
                self.moving.store(false, Ordering::SeqCst);
                gone
            }
            Err(reason) => Err(reason),
        };
        if order.freeze == Some(false) && gone.is_ok() {
            self.frozen.store(false, Ordering::SeqCst);
        }
        let now = self.clock.now();
        self.keep(now);
        let frozen = self.frozen.load(Ordering::SeqCst);
        if !frozen || self.is_ending() {
            self.clock.run();
        }
        self.nudge();
        Ok(ClockView { now, frozen, moved: now.since(before), stops: gone? })
    }

    async fn answer(&self, follower: String, report: Report) -> Shown {
        let at = report.at;
        self.followers.hear(follower, report).await;
        if !self.moving.load(Ordering::SeqCst) {
            // A sandbox that was started anew is behind the servers that were there before.
            if let Some(at) = at {
                self.catch_up(at).await;
            }
        }
        Shown {
            epoch: self.followers.epoch(),
            now: self.clock.now(),
            still: self.clock.is_still(),
            moving: self.moving.load(Ordering::SeqCst),
        }
    }

    async fn catch_up(&self, at: Timestamp) {
        if at <= self.clock.now() + Span::from_seconds(1) {
            return;
        }
        let _one_order = self.order.lock().await;
        if at > self.clock.now() {
            tracing::warn!(to = %at, "a server that follows this clock is ahead; the clock catches up");
            self.keep(at);
            self.clock.move_to(at);
            self.nudge();
        }
    }
}

fn target(to: Option<Target>, now: Timestamp) -> Result<Timestamp, String> {
    let target = match to {
        None => now,
        Some(Target::By(span)) => now + span,
        Some(Target::At(moment)) => moment,
    };
    if target < now {
        return Err(format!("the clock shows {now} and does not go back; {target} is before that"));
    }
    if target > now + FURTHEST {
        return Err(format!("{target} is too far; go ten years at a time at most"));
    }
    Ok(target)
}

impl Steering for Travel {
    fn restore(&self, kept: Option<KeptClock>, keep: Keep) {
        if let Some(kept) = kept {
            self.clock.begin_at(kept.frozen_at.unwrap_or(SystemClock.now() + kept.offset));
            if kept.frozen_at.is_some() {
                self.frozen.store(true, Ordering::SeqCst);
                self.clock.stop();
            }
        }
        // A second sandbox on one clock would have nothing to keep.
        let _ = self.keep.set(keep);
    }

    fn view(&self) -> ClockView {
        let frozen = self.frozen.load(Ordering::SeqCst);
        ClockView { now: self.clock.now(), frozen, moved: Span::ZERO, stops: 0 }
    }

    fn steer(&self, order: ClockOrder) -> Steered<'_, ClockView> {
        Box::pin(self.carry_out(order))
    }

    fn follow(&self, follower: String, report: Value) -> Steered<'_, Value> {
        Box::pin(async move {
            let report: Report = serde_json::from_value(report)
                .map_err(|error| format!("the report is not right: {error}"))?;
            let shown = self.answer(follower, report).await;
            serde_json::to_value(shown).map_err(|error| error.to_string())
        })
    }
}

/// The clock as the sandbox sees it.
struct Shared(Arc<Travel>);

impl SandboxClock for Shared {
    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let span = Span::from_micros(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX));
        let clock = &self.0.clock;
        clock.pause_until(clock.now() + span)
    }

    fn steering(&self) -> Option<Arc<dyn Steering>> {
        Some(Arc::clone(&self.0) as Arc<dyn Steering>)
    }

    fn call_began(&self) {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
    }

    fn call_ended(&self) {
        self.0.calls.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Platform;

    fn config(sandbox_url: &str, x_host: Option<&str>) -> Config {
        let mut platform = Platform::default();
        platform.hosts.extend(x_host.map(|address| ("api".to_owned(), address.to_owned())));
        let platforms = [("x".to_owned(), platform)].into();
        Config { sandbox_url: sandbox_url.to_owned(), platforms, ..Config::default() }
    }

    #[test]
    fn time_can_be_moved_only_where_every_platform_is_the_sandbox() {
        assert!(!is_possible(&config("", None)), "real platforms");
        assert!(!is_possible(&config("", Some("http://127.0.0.1:9090/api.x.com"))));
        assert!(is_possible(&config("http://127.0.0.1:9090", None)));
        assert!(is_possible(&config("http://127.0.0.1:9090", Some("http://127.0.0.1:9090/api.x.com"))));
        assert!(!is_possible(&config("http://127.0.0.1:9090", Some("https://api.x.com"))), "one real one");
        assert!(!is_possible(&config("http://127.0.0.1:9090", Some("http://127.0.0.1:9091"))));
    }

    #[test]
    fn a_target_lies_ahead_and_not_too_far() {
        let now = Timestamp::from_seconds(1_800_000_000);
        assert_eq!(target(None, now), Ok(now));
        assert_eq!(target(Some(Target::By(Span::from_days(1))), now), Ok(now + Span::from_days(1)));
        assert_eq!(target(Some(Target::At(now)), now), Ok(now));
        assert!(target(Some(Target::At(now - Span::from_millis(1))), now).is_err());
        assert!(target(Some(Target::By(Span::from_millis(-1))), now).is_err());
        assert!(target(Some(Target::By(Span::from_days(4_000))), now).is_err());
    }
}
