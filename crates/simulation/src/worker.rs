//! A worker: what the publish loop does, in simulated steps. It looks when something is due, claims
//! it, and runs each claim as an actor of its own, up to its capacity.

use std::sync::Arc;

use domain::{DestinationId, Span, Timestamp};
use engine::{Engine, EngineConfig, Parts, Wake};
use net::Clock as _;
use store::{Claim, Store};
use tokio::sync::watch;

use crate::check::{self, HeldRow};
use crate::stage::{START, Stage, StageClock, State, Wait};

/// How often a worker looks without being woken.
const POLL: Span = Span::from_minutes(20);
/// How long a worker leaves a failing database alone.
const AFTER_FAILURE: Span = Span::from_seconds(1);

/// A worker as the stage sees it.
pub(crate) struct WorkerState {
    /// How far its clock is ahead of the true time.
    pub(crate) offset: Span,
    /// Until when it stands still.
    pub(crate) paused_until: Timestamp,
    /// It goes on soon after another worker takes something over from it.
    pub(crate) until_overtaken: bool,
    pub(crate) woken: bool,
    pub(crate) alive: bool,
    /// How often it was started.
    pub(crate) life: u64,
    /// The destinations that it works on.
    pub(crate) in_hand: Vec<DestinationId>,
    /// Who held what before the claim that it makes.
    pub(crate) held: Vec<HeldRow>,
    pub(crate) stop: watch::Sender<bool>,
}

impl WorkerState {
    pub(crate) fn new(offset: Span) -> Self {
        Self {
            offset,
            paused_until: START,
            until_overtaken: false,
            woken: false,
            alive: false,
            life: 0,
            in_hand: Vec::new(),
            held: Vec::new(),
            stop: watch::Sender::new(false),
        }
    }
}

impl State {
    /// A job has ended, and its account is free.
    fn note_done(&mut self, worker: usize, id: DestinationId) {
        self.note(format!("is done with {id}"));
        let one = &mut self.workers[worker];
        if let Some(at) = one.in_hand.iter().position(|held| *held == id) {
            one.in_hand.remove(at);
        }
        one.woken = true;
    }
}

/// What a worker is made from.
#[derive(Clone)]
pub(crate) struct Blueprint {
    pub(crate) stage: Stage,
    /// Its clock is replaced by the worker's own.
    pub(crate) parts: Parts,
    pub(crate) config: EngineConfig,
    /// Whether there is no other worker, so that it may take over what its predecessor held.
    pub(crate) is_alone: bool,
}

impl Blueprint {
    /// Starts a worker: a new process that knows nothing but what is stored.
    pub(crate) fn start(&self, worker: usize) {
        let clock = Arc::new(StageClock { stage: self.stage.clone(), worker: Some(worker) });
        let parts = Parts { clock: clock.clone(), ..self.parts.clone() };
        let engine = Engine::new(parts, self.config.clone(), Wake::default());
        let shift = Shift {
            stage: self.stage.clone(),
            engine,
            store: self.parts.store.clone(),
            clock,
            worker,
            capacity: self.config.capacity,
            lease: self.config.lease,
        };
        let mut state = self.stage.lock();
        let one = &mut state.workers[worker];
        one.alive = true;
        one.woken = false;
        one.life += 1;
        one.paused_until = START;
        one.until_overtaken = false;
        one.in_hand.clear();
        one.stop.send_replace(false);
        let name = format!("worker {worker}.{}", one.life);
        let is_alone = self.is_alone;
        state.spawn(name, Some(worker), Box::pin(shift.work(is_alone)));
    }
}

/// A worker from its start to its end.
struct Shift {
    stage: Stage,
    engine: Engine,
    store: Store,
    clock: Arc<StageClock>,
    worker: usize,
    capacity: u32,
    lease: Span,
}

impl Shift {
    async fn work(self, is_alone: bool) {
        while is_alone && self.engine.recover().await.is_err() {
            self.clock.sleep_until(self.clock.now() + AFTER_FAILURE).await;
        }
        loop {
            let next = self.turn().await;
            self.rest_until(next).await;
        }
    }

    /// Claims what is due; returns when to look again.
    async fn turn(&self) -> Timestamp {
        let now = self.clock.now();
        let in_hand = self.stage.lock().workers[self.worker].in_hand.len();
        let free = self.capacity.saturating_sub(u32::try_from(in_hand).unwrap_or(u32::MAX));
        if free == 0 || *self.stage.lock().workers[self.worker].stop.borrow() {
            return now + POLL;
        }
        match self.engine.claim(free).await {
            Ok(claims) => {
                check::leases(&mut self.stage.lock(), self.worker, &claims, self.lease);
                for claim in claims {
                    self.take(claim);
                }
            }
            Err(error) => {
                self.stage.lock().note(format!("cannot claim: {error:?}"));
                return now + AFTER_FAILURE;
            }
        }
        let now = self.clock.now();
        let due = self.store.next_due(now).await.ok().flatten();
        let awake = self.store.next_rest_end().await.ok().flatten();
        due.into_iter().chain(awake).min().unwrap_or(now + POLL).clamp(now + AFTER_FAILURE, now + POLL)
    }

    async fn rest_until(&self, next: Timestamp) {
        self.stage.wait([Wait::Clock(next), Wait::Woken]).await;
        self.stage.lock().workers[self.worker].woken = false;
    }

    /// Runs a claim as an actor of its own.
    fn take(&self, claim: Claim) {
        let id = claim.lease.destination_id;
        let mut state = self.stage.lock();
        state.note(format!("claims {id} with token {}, intent {:?}", claim.lease.token, claim.work.intent));
        state.note_takeover(self.worker, id);
        let one = &mut state.workers[self.worker];
        one.in_hand.push(id);
        let name = format!("worker {}.{} job {}", self.worker, one.life, claim.lease.token);
        let stopping = one.stop.subscribe();
        let job = run_job(self.engine.clone(), claim, stopping, self.stage.clone(), self.worker);
        state.spawn(name, Some(self.worker), Box::pin(job));
    }
}

async fn run_job(engine: Engine, claim: Claim, stopping: watch::Receiver<bool>, stage: Stage, worker: usize) {
    let id = claim.lease.destination_id;
    Box::pin(engine.run_claim(claim, stopping)).await;
    stage.lock().note_done(worker, id);
}
