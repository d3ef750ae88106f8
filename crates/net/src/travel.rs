//! A clock that can be stopped, moved forward and let run again: the machine's time plus an offset,
//! or one moment that stands still. Knows who waits on it, so that whoever moves it can stop at
//! every moment at which somebody has something to do. Must not know who that is.
//!
//! Only for servers whose platforms are all a sandbox.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Span, Timestamp};
use tokio::sync::watch;

use crate::Clock;

type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A clock that travels forward in time.
pub struct TravelClock {
    machine: Arc<dyn Clock>,
    state: Mutex<State>,
    moved: watch::Sender<()>,
}

struct State {
    shown: Shown,
    sleepers: BTreeMap<(Timestamp, u64), Kind>,
    next_sleeper: u64,
}

/// What the clock shows.
#[derive(Clone, Copy)]
enum Shown {
    Running { offset: Span },
    Still { at: Timestamp },
}

/// What a sleeper means to whoever moves the clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Has something to do at its moment.
    Due,
    /// The same, and whatever it belongs to does nothing until then.
    Pause,
    /// Looks now and then; its moment is no reason to stop.
    Poll,
}

impl TravelClock {
    /// A clock that shows what `machine` shows, until it is moved.
    pub fn new(machine: Arc<dyn Clock>) -> Self {
        let state = State {
            shown: Shown::Running { offset: Span::ZERO },
            sleepers: BTreeMap::new(),
            next_sleeper: 0,
        };
        Self { machine, state: Mutex::new(state), moved: watch::Sender::new(()) }
    }

    /// Begins at `moment`, earlier or later than the machine's time. Only before anybody has read
    /// this clock: from then on it does not go back.
    pub fn begin_at(&self, moment: Timestamp) {
        let machine = self.machine.now();
        self.change(|shown, _| match shown {
            Shown::Still { at } => *at = moment,
            Shown::Running { offset } => *offset = moment.since(machine),
        });
    }

    /// Stops the clock, if it runs; returns the moment at which it stands.
    pub fn stop(&self) -> Timestamp {
        self.change(|shown, now| {
            *shown = Shown::Still { at: now };
        })
    }

    /// Lets the clock run on from where it stands.
    pub fn run(&self) -> Timestamp {
        let machine = self.machine.now();
        self.change(|shown, now| {
            if matches!(shown, Shown::Still { .. }) {
                *shown = Shown::Running { offset: now.since(machine) };
            }
        })
    }

    /// Moves the clock to `moment` and wakes everybody whose time has come. A moment that is past
    /// changes nothing. Returns the moment that the clock shows then.
    pub fn move_to(&self, moment: Timestamp) -> Timestamp {
        let machine = self.machine.now();
        self.change(|shown, now| match shown {
            _ if moment <= now => {}
            Shown::Still { at } => *at = moment,
            Shown::Running { offset } => *offset = moment.since(machine),
        })
    }

    /// Whether the clock stands still.
    pub fn is_still(&self) -> bool {
        matches!(self.state().shown, Shown::Still { .. })
    }

    /// The next moment at which somebody who waits on this clock has something to do.
    pub fn next_due(&self) -> Option<Timestamp> {
        let state = self.state();
        let now = self.shown(state.shown);
        let mut later = state.sleepers.iter().filter(|((moment, _), _)| *moment > now);
        later.find(|(_, kind)| **kind != Kind::Poll).map(|((moment, _), _)| *moment)
    }

    /// How many wait for a later moment and do nothing else meanwhile.
    pub fn pausing(&self) -> usize {
        let state = self.state();
        let now = self.shown(state.shown);
        state.sleepers.iter().filter(|((moment, _), kind)| *moment > now && **kind == Kind::Pause).count()
    }

    /// Whether somebody whose moment has come has not gone on yet.
    pub fn is_waking(&self) -> bool {
        let state = self.state();
        let now = self.shown(state.shown);
        state.sleepers.first_key_value().is_some_and(|((moment, _), _)| *moment <= now)
    }

    fn change(&self, change: impl FnOnce(&mut Shown, Timestamp)) -> Timestamp {
        let shows = {
            let mut state = self.state();
            let now = self.shown(state.shown);
            change(&mut state.shown, now);
            self.shown(state.shown)
        };
        self.moved.send_replace(());
        shows
    }

    fn shown(&self, shown: Shown) -> Timestamp {
        match shown {
            Shown::Running { offset } => self.machine.now() + offset,
            Shown::Still { at } => at,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, moment: Timestamp, kind: Kind) -> Sleeper<'_> {
        let mut state = self.state();
        let key = (moment, state.next_sleeper);
        state.next_sleeper += 1;
        state.sleepers.insert(key, kind);
        Sleeper { clock: self, key }
    }

    async fn wait(&self, moment: Timestamp, kind: Kind) {
        let mut moved = self.moved.subscribe();
        let _listed = self.enter(moment, kind);
        loop {
            let shown = self.state().shown;
            if self.shown(shown) >= moment {
                return;
            }
            let comes = async {
                match shown {
                    Shown::Running { offset } => self.machine.sleep_until(moment - offset).await,
                    Shown::Still { .. } => std::future::pending().await,
                }
            };
            tokio::select! {
                // The sender lives in `self`, so waiting cannot fail.
                _ = moved.changed() => {}
                () = comes => {}
            }
        }
    }
}

/// A place in the list of sleepers, for as long as its future lives.
struct Sleeper<'a> {
    clock: &'a TravelClock,
    key: (Timestamp, u64),
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&self.key);
    }
}

impl Clock for TravelClock {
    fn now(&self) -> Timestamp {
        self.shown(self.state().shown)
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep<'_> {
        Box::pin(self.wait(moment, Kind::Due))
    }

    fn pause_until(&self, moment: Timestamp) -> Sleep<'_> {
        Box::pin(self.wait(moment, Kind::Pause))
    }

    fn poll_until(&self, moment: Timestamp) -> Sleep<'_> {
        Box::pin(self.wait(moment, Kind::Poll))
    }
}

impl std::fmt::Debug for TravelClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TravelClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FrozenClock;
    use futures_util::FutureExt as _;

    const START: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn clock() -> (Arc<FrozenClock>, TravelClock) {
        let machine = Arc::new(FrozenClock::new(START));
        let clock = TravelClock::new(Arc::clone(&machine) as Arc<dyn Clock>);
        (machine, clock)
    }

    #[test]
    fn it_runs_with_the_machine_stands_still_and_runs_on_from_there() {
        let (machine, clock) = clock();
        machine.advance(Span::from_seconds(5));
        assert_eq!(clock.now(), START + Span::from_seconds(5));
        clock.stop();
        machine.advance(Span::from_seconds(5));
        assert_eq!(clock.now(), START + Span::from_seconds(5));
        clock.move_to(START + Span::from_days(3));
        clock.run();
        machine.advance(Span::from_seconds(1));
        assert_eq!(clock.now(), START + Span::from_days(3) + Span::from_seconds(1));
    }

    #[test]
    fn it_never_goes_back() {
        let (_, clock) = clock();
        assert_eq!(clock.move_to(START - Span::from_days(1)), START);
        clock.stop();
        assert_eq!(clock.move_to(START - Span::from_days(1)), START);
    }

    #[tokio::test]
    async fn sleepers_are_woken_by_the_move_that_reaches_them_and_by_the_machine() {
        let (machine, clock) = clock();
        clock.stop();
        let mut first = clock.sleep_until(START + Span::from_seconds(10));
        let mut second = clock.pause_until(START + Span::from_seconds(20));
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        assert_eq!((clock.next_due(), clock.pausing()), (Some(START + Span::from_seconds(10)), 1));

        clock.move_to(START + Span::from_seconds(10));
        assert!(clock.is_waking());
        assert!(first.as_mut().now_or_never().is_some());
        assert!(!clock.is_waking());
        assert!(second.as_mut().now_or_never().is_none());

        clock.run();
        machine.advance(Span::from_seconds(10));
        assert_eq!(clock.pausing(), 0, "its moment has come, whether or not it was polled");
        assert!(second.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn whoever_only_polls_is_woken_but_is_no_reason_to_stop() {
        let (_, clock) = clock();
        clock.stop();
        let mut poll = clock.poll_until(START + Span::from_seconds(10));
        assert!(poll.as_mut().now_or_never().is_none());
        assert_eq!(clock.next_due(), None);
        clock.move_to(START + Span::from_seconds(30));
        assert!(poll.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_sleeper_that_is_dropped_is_forgotten() {
        let (_, clock) = clock();
        let mut sleep = clock.sleep_until(START + Span::from_seconds(10));
        assert!(sleep.as_mut().now_or_never().is_none());
        assert!(clock.next_due().is_some());
        drop(sleep);
        assert_eq!(clock.next_due(), None);
    }
}
