//! The stage: who acts, what each waits for, and what time it is. Only one actor moves at a time,
//! from one simulated point to the next; the seed says which and when.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use domain::{Span, Timestamp};

use crate::book::Book;
use crate::chance::Chance;
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::network::Network;
use crate::report::Line;
use crate::worker::WorkerState;

/// When every run begins.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// What an actor does.
pub(crate) type Act = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What an actor waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wait {
    /// A moment of true time.
    Until(Timestamp),
    /// A moment on the clock of the actor's worker.
    Clock(Timestamp),
    /// Somebody wakes the worker.
    Woken,
}

/// Somebody who acts.
#[derive(Debug)]
pub(crate) struct Actor {
    pub(crate) name: String,
    /// Which worker it dies with.
    pub(crate) worker: Option<usize>,
    has_begun: bool,
    /// Whether it stands where standing still is most likely to do harm: its intent is durable.
    pub(crate) is_at_stake: bool,
    waits: Vec<Slot>,
}

/// One wait of an actor, for as long as the actor holds on to it.
#[derive(Debug)]
struct Slot {
    wait: Wait,
    is_over: bool,
    /// Asked for since the actor last moved.
    is_fresh: bool,
}

/// What happens by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A request arrives at its platform.
    Arrival(u64),
    /// A worker starts.
    Start(usize),
    /// A worker that was told to stop is gone.
    Gone(usize, u64),
}

/// Everything that is simulated.
pub(crate) struct State {
    /// True time, which no worker knows.
    pub(crate) now: Timestamp,
    pub(crate) chance: Chance,
    pub(crate) faults: Faults,
    /// When faults stop.
    pub(crate) calm_at: Timestamp,
    pub(crate) trace: Vec<Line>,
    pub(crate) broken: Option<String>,
    pub(crate) workers: Vec<WorkerState>,
    pub(crate) network: Network,
    pub(crate) ledger: Ledger,
    pub(crate) book: Book,
    /// Until when the database fails.
    pub(crate) outage_until: Timestamp,
    pub(crate) actors: BTreeMap<u32, Actor>,
    pub(crate) current: u32,
    next_actor: u32,
    spawned: Vec<(u32, Act)>,
    events: BTreeMap<(Timestamp, u64), Event>,
    next_event: u64,
}

impl State {
    pub(crate) fn new(
        seed: u64,
        faults: Faults,
        calm_at: Timestamp,
        workers: Vec<WorkerState>,
        book: Book,
        ledger: Ledger,
    ) -> Self {
        Self {
            now: START,
            chance: Chance::new(seed.wrapping_mul(3).wrapping_add(1)),
            faults,
            calm_at,
            trace: Vec::new(),
            broken: None,
            workers,
            network: Network::default(),
            ledger,
            book,
            outage_until: START,
            actors: BTreeMap::new(),
            current: 0,
            next_actor: 1,
            spawned: Vec::new(),
            events: BTreeMap::new(),
            next_event: 0,
        }
    }

    /// Whether a fault of this rate happens now.
    pub(crate) fn strikes(&mut self, rate: impl FnOnce(&Faults) -> u64) -> bool {
        self.now < self.calm_at && self.chance.happens(rate(&self.faults))
    }

    /// Notes what the current actor does.
    pub(crate) fn note(&mut self, what: impl Into<String>) {
        let who = self.actors.get(&self.current).map_or("world", |actor| actor.name.as_str()).to_owned();
        self.trace.push(Line { at: self.now, who, what: what.into() });
    }

    /// What must hold does not.
    pub(crate) fn break_off(&mut self, why: impl Into<String>) {
        let why = why.into();
        self.note(format!("VIOLATION: {why}"));
        self.broken.get_or_insert(why);
    }

    pub(crate) fn spawn(&mut self, name: String, worker: Option<usize>, act: Act) {
        let id = self.next_actor;
        self.next_actor += 1;
        let begins = self.now + self.chance.span_ms(0, 4);
        let begins = Slot { wait: Wait::Until(begins), is_over: false, is_fresh: false };
        let actor = Actor { name, worker, has_begun: false, is_at_stake: false, waits: vec![begins] };
        self.actors.insert(id, actor);
        self.spawned.push((id, act));
    }

    pub(crate) fn take_spawned(&mut self) -> Vec<(u32, Act)> {
        std::mem::take(&mut self.spawned)
    }

    pub(crate) fn plan(&mut self, at: Timestamp, event: Event) {
        self.events.insert((at, self.next_event), event);
        self.next_event += 1;
    }

    /// The clock of a worker; the true time for others.
    pub(crate) fn clock_of(&self, worker: Option<usize>) -> Timestamp {
        self.now + worker.map_or(Span::ZERO, |worker| self.workers[worker].offset)
    }

    pub(crate) fn worker_of_current(&self) -> Option<usize> {
        self.actors.get(&self.current).and_then(|actor| actor.worker)
    }

    /// When a wait is over, in true time.
    fn ends_at(&self, worker: Option<usize>, wait: Wait) -> Option<Timestamp> {
        let of = worker.map(|worker| &self.workers[worker]);
        let ends_at = match wait {
            Wait::Until(moment) => moment,
            Wait::Clock(moment) => {
                let ahead = of.map_or(0, |worker| worker.offset.as_micros());
                moment + Span::from_micros(-ahead)
            }
            Wait::Woken => of.filter(|worker| worker.woken).map(|_| self.now)?,
        };
        Some(ends_at.max(of.map_or(ends_at, |worker| worker.paused_until)).max(self.now))
    }

    /// What comes next: an event, or an actor whose wait is over first. Events go before actors.
    pub(crate) fn next(&mut self) -> Option<(Timestamp, Next)> {
        let event = self.events.first_key_value().map(|((at, number), event)| (*at, *number, *event));
        let actor = self
            .actors
            .iter()
            .flat_map(|(id, actor)| actor.waits.iter().map(move |slot| (*id, actor.worker, slot)))
            .filter(|(_, _, slot)| !slot.is_over)
            .filter_map(|(id, worker, slot)| Some((self.ends_at(worker, slot.wait)?, id, slot.wait)))
            .min();
        match (event, actor) {
            (Some((at, number, event)), actor) if actor.is_none_or(|(then, _, _)| at <= then) => {
                self.events.remove(&(at, number));
                Some((at.max(self.now), Next::Event(event)))
            }
            (_, Some((at, id, wait))) => Some((at, Next::Actor(id, wait))),
            (_, None) => None,
        }
    }

    /// Lets an actor's wait end.
    pub(crate) fn fire(&mut self, id: u32, wait: Wait) {
        self.current = id;
        let Some(actor) = self.actors.get_mut(&id) else { return };
        if !actor.has_begun {
            actor.has_begun = true;
            actor.waits.clear();
        }
        for slot in actor.waits.iter_mut().filter(|slot| slot.wait == wait) {
            slot.is_over = true;
        }
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    Event(Event),
    Actor(u32, Wait),
}

/// The stage, in many hands.
#[derive(Clone)]
pub(crate) struct Stage(Arc<Mutex<State>>);

impl Stage {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the first of these.
    pub(crate) fn wait(&self, waits: impl IntoIterator<Item = Wait>) -> Park {
        Park { stage: self.clone(), waits: waits.into_iter().collect(), of: None }
    }

    /// A point at which an actor may be held up, or die.
    pub(crate) async fn point(&self) {
        let until = {
            let mut state = self.lock();
            let takes = if state.strikes(|f| f.slow) { (100, 9_000) } else { (0, 3) };
            state.now + state.chance.span_ms(takes.0, takes.1)
        };
        self.wait([Wait::Until(until)]).await;
    }

    /// The same, between a durable intent and the request.
    pub(crate) async fn point_at_stake(&self) {
        self.set_at_stake(true);
        self.point().await;
        self.set_at_stake(false);
    }

    fn set_at_stake(&self, is_at_stake: bool) {
        let mut state = self.lock();
        let current = state.current;
        if let Some(actor) = state.actors.get_mut(&current) {
            actor.is_at_stake = is_at_stake;
        }
    }

    /// Moves an actor to its next simulated point; `true` when it is done. What it asks of the
    /// database meanwhile is awaited.
    pub(crate) async fn advance(&self, id: u32, act: &mut Act) -> bool {
        std::future::poll_fn(|cx| {
            if let Some(actor) = self.lock().actors.get_mut(&id) {
                for slot in &mut actor.waits {
                    slot.is_fresh = false;
                }
            }
            match catch_unwind(AssertUnwindSafe(|| act.as_mut().poll(cx))) {
                Ok(Poll::Ready(())) => return Poll::Ready(true),
                Ok(Poll::Pending) => {}
                Err(_) => {
                    self.lock().break_off("it panics");
                    return Poll::Ready(true);
                }
            }
            let state = self.lock();
            let is_parked =
                state.actors.get(&id).is_some_and(|actor| actor.waits.iter().any(|slot| slot.is_fresh));
            if is_parked { Poll::Ready(false) } else { Poll::Pending }
        })
        .await
    }
}

/// An actor's wait. It ends when the stage says so, and not by looking at the time, so that the
/// order in which the branches of a select are polled makes no difference.
pub(crate) struct Park {
    stage: Stage,
    waits: Vec<Wait>,
    /// Whose wait it is, once it was asked for.
    of: Option<u32>,
}

impl Future for Park {
    type Output = Wait;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Wait> {
        let this = &mut *self;
        let mut state = this.stage.lock();
        let id = *this.of.get_or_insert(state.current);
        let Some(actor) = state.actors.get_mut(&id) else { return Poll::Pending };
        for wait in &this.waits {
            match actor.waits.iter_mut().find(|slot| slot.wait == *wait) {
                Some(slot) if slot.is_over => return Poll::Ready(*wait),
                Some(slot) => slot.is_fresh = true,
                None => actor.waits.push(Slot { wait: *wait, is_over: false, is_fresh: true }),
            }
        }
        Poll::Pending
    }
}

impl Drop for Park {
    fn drop(&mut self) {
        let Some(id) = self.of else { return };
        if let Some(actor) = self.stage.lock().actors.get_mut(&id) {
            actor.waits.retain(|slot| !self.waits.contains(&slot.wait));
        }
    }
}

/// The clock of one worker, or the true time.
pub(crate) struct StageClock {
    pub(crate) stage: Stage,
    pub(crate) worker: Option<usize>,
}

impl net::Clock for StageClock {
    fn now(&self) -> Timestamp {
        self.stage.lock().clock_of(self.worker)
    }

    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        // Decided here and not when it is polled: two branches of a select may be polled in any order.
        let is_over = self.now() >= moment;
        Box::pin(async move {
            if !is_over {
                self.stage.wait([Wait::Clock(moment)]).await;
            }
        })
    }
}
