//! One run: sets the stage, lets the seed choose who moves next until everything rests, and checks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use connector::{Credentials, Entry, Registry};
use domain::{AccountId, Span, Timestamp};
use engine::{EngineConfig, LimitsConfig, Parts};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use store::{NewAccount, PlantedBug, Store};
use tokio::sync::Mutex;

use crate::book::Book;
use crate::chance::SeededBytes;
use crate::check;
use crate::connector::Simulated;
use crate::gate::Faulty;
use crate::ledger::{Holder, Kind, Ledger};
use crate::plan::Plan;
use crate::report::Report;
use crate::stage::{Act, Event, Next, START, Stage, StageClock, State};
use crate::user::User;
use crate::worker::{Blueprint, WorkerState};
use crate::workplace::{Database, ORGANIZATION, WORKSPACE, Workplace, runtime};

/// By when everything has to rest: longer than any wait that the engine plans.
const LIMIT: Span = Span::from_days(4);
/// A gap in which nothing happens is when to look whether everything rests.
const GAP: Span = Span::from_seconds(10);

/// How long an actor's real work between two simulated points may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Decides everything.
    pub seed: u64,
    /// What to leave out of the engine or the store, to show that it is noticed.
    pub bug: Option<PlantedBug>,
}

/// Runs one seed.
///
/// # Errors
/// When the run cannot be set up; what goes wrong in the run itself is in the report.
pub fn run(workplace: &Workplace, options: Options) -> Result<Report> {
    let runtime = runtime()?;
    store::plant(options.bug);
    let report = runtime.block_on(run_seed(workplace, options.seed));
    store::set_gate(None);
    store::plant(None);
    report
}

async fn run_seed(workplace: &Workplace, seed: u64) -> Result<Report> {
    let mut theatre = Theatre::set_up(workplace, seed).await?;
    theatre.play().await?;
    let rows = check::list_rows(&mut *theatre.eye.lock().await).await?;
    let cut_off = check::list_cut_off(&mut *theatre.eye.lock().await).await?;
    let mut state = theatre.stage.lock();
    if state.broken.is_none() {
        check::ends(&mut state, &rows, &cut_off);
    }
    Ok(Report {
        seed,
        violation: state.broken.take(),
        published: state.ledger.public.len(),
        trace: std::mem::take(&mut state.trace),
    })
}

/// The stage with everybody on it.
struct Theatre {
    seed: u64,
    stage: Stage,
    acts: BTreeMap<u32, Act>,
    blueprint: Blueprint,
    eye: Arc<Mutex<SqliteConnection>>,
    /// Its file is there for as long as the run.
    _database: Database,
}

impl Theatre {
    async fn set_up(workplace: &Workplace, seed: u64) -> Result<Self> {
        let plan = Plan::draw(seed);
        let database = workplace.make_database()?;
        let store = database.open().await?;
        let options = SqliteConnectOptions::new().filename(&database.path).read_only(true);
        let eye = Arc::new(Mutex::new(options.connect().await?));
        let (accounts, ledger) = connect_accounts(&store, &plan).await?;
        let workers = plan.workers.iter().map(|offset| WorkerState::new(*offset)).collect();
        let stage = Stage::new(State::new(seed, plan.faults, plan.calm_at, workers, Book::default(), ledger));
        let entries = Kind::ALL.into_iter().map(|kind| {
            let connector = Simulated { stage: stage.clone(), kind };
            Entry { spec: kind.spec(), connector: Some(Arc::new(connector)) }
        });
        let entropy = Arc::new(SeededBytes::new(seed));
        let parts = Parts {
            store: store.clone(),
            registry: Arc::new(Registry::new(entries.collect())),
            media: Arc::clone(&workplace.media),
            http: workplace.http.clone(),
            guarded: workplace.guarded.clone(),
            clock: Arc::new(StageClock { stage: stage.clone(), worker: None }),
            entropy: Arc::clone(&entropy) as Arc<dyn net::Entropy>,
        };
        let is_alone = plan.workers.len() == 1;
        let limits = LimitsConfig { shared: !is_alone, ..LimitsConfig::default() };
        let config = EngineConfig { capacity: plan.capacity, limits, ..EngineConfig::default() };
        let user = User {
            stage: stage.clone(),
            store,
            entropy,
            eye: Arc::clone(&eye),
            organization: ORGANIZATION,
            workspace: WORKSPACE,
            accounts,
            posts: plan.posts.clone(),
            orders: plan.orders.clone(),
        };
        stage.lock().begin(&plan, user);
        store::set_gate(Some(Arc::new(Faulty { stage: stage.clone(), eye: Arc::clone(&eye) })));
        let blueprint = Blueprint { stage: stage.clone(), parts, config, is_alone };
        Ok(Self { seed, stage, acts: BTreeMap::new(), blueprint, eye, _database: database })
    }

    /// Lets one actor after another move, until everything rests or something does not hold.
    async fn play(&mut self) -> Result<()> {
        loop {
            let spawned = self.stage.lock().take_spawned();
            self.acts.extend(spawned);
            let (next, gap) = {
                let mut state = self.stage.lock();
                if state.broken.is_some() {
                    return Ok(());
                }
                let Some((at, next)) = state.next() else { bail!("nobody has anything to do") };
                let gap = at.since(state.now);
                state.now = at;
                if at > START + LIMIT {
                    state.break_off("it does not come to rest");
                    return Ok(());
                }
                (next, gap)
            };
            if gap > GAP && self.is_over().await? {
                return Ok(());
            }
            match next {
                Next::Event(event) => self.happen(event),
                Next::Actor(id, wait) => {
                    if self.strike(id) {
                        continue;
                    }
                    self.stage.lock().fire(id, wait);
                    let act = self.acts.get_mut(&id).context("an actor without an act")?;
                    let moves = self.stage.advance(id, act);
                    let is_done = tokio::time::timeout(PATIENCE, moves).await;
                    if is_done.with_context(|| {
                        format!("seed {}: an actor waits for what is not simulated", self.seed)
                    })? {
                        self.acts.remove(&id);
                        self.stage.lock().actors.remove(&id);
                    }
                }
            }
        }
    }

    /// Whether the authors are done, nobody works, and nothing is planned.
    async fn is_over(&self) -> Result<bool> {
        let is_quiet = {
            let state = self.stage.lock();
            let has_authors = state.actors.values().any(|actor| actor.worker.is_none());
            !has_authors && state.workers.iter().all(|worker| worker.in_hand.is_empty())
        };
        Ok(is_quiet && check::is_at_rest(&mut *self.eye.lock().await).await?)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival(number) => {
                let mut state = self.stage.lock();
                state.current = 0;
                state.arrive(number);
            }
            Event::Start(worker) => self.blueprint.start(worker),
            Event::Gone(worker, life) => {
                let is_same = {
                    let state = self.stage.lock();
                    let one = &state.workers[worker];
                    one.alive && one.life == life
                };
                if is_same {
                    self.kill(worker);
                }
            }
        }
    }

    /// What becomes of an actor's worker before it moves: it dies, stops, stands still, or its clock
    /// is set. `true` when the actor does not move now.
    fn strike(&mut self, id: u32) -> bool {
        let mut state = self.stage.lock();
        let Some(worker) = state.actors.get(&id).and_then(|actor| actor.worker) else { return false };
        state.current = id;
        if state.strikes(|f| f.crash) {
            drop(state);
            self.kill(worker);
            return true;
        }
        if state.strikes(|f| f.stop) && !*state.workers[worker].stop.borrow() {
            state.note("is told to stop");
            state.workers[worker].stop.send_replace(true);
            let (at, life) = (state.now + Span::from_seconds(10), state.workers[worker].life);
            state.plan(at, Event::Gone(worker, life));
        }
        if state.strikes(|f| f.jump) {
            state.set_clock(worker);
        }
        let is_at_stake = state.actors.get(&id).is_some_and(|actor| actor.is_at_stake);
        if state.strikes(|f| f.pause * if is_at_stake { 5 } else { 1 }) {
            state.pause(worker);
            return true;
        }
        false
    }

    /// A worker's process ends where it stands.
    fn kill(&mut self, worker: usize) {
        let mut state = self.stage.lock();
        state.note(format!("worker {worker} dies"));
        let dead: Vec<u32> = state
            .actors
            .iter()
            .filter(|(_, actor)| actor.worker == Some(worker))
            .map(|(id, _)| *id)
            .collect();
        for id in &dead {
            state.actors.remove(id);
        }
        let one = &mut state.workers[worker];
        one.alive = false;
        one.in_hand.clear();
        let at = state.now + state.chance.span_ms(200, 20_000);
        state.plan(at, Event::Start(worker));
        let mut spawned = state.take_spawned();
        spawned.retain(|(id, _)| !dead.contains(id));
        drop(state);
        self.acts.extend(spawned);
        for id in dead {
            // Dropped outside of the lock: what an act holds may ask for the time.
            drop(self.acts.remove(&id));
        }
    }
}

/// The longest that clocks are set forward and back, and how far they may be apart at most.
const FORWARD_MS: u64 = 12_000;
const BACK_MS: u64 = 5_000;
const MOST_OFF: Span = Span::from_seconds(15);

impl State {
    /// Lets everybody enter.
    fn begin(&mut self, plan: &Plan, user: User) {
        self.note(format!("{plan:?}"));
        self.spawn("authors".to_owned(), None, Box::pin(user.act()));
        for worker in 0..plan.workers.len() {
            let at = START + self.chance.span_ms(0, 3_000);
            self.plan(at, Event::Start(worker));
        }
    }

    /// Sets a worker's clock forward or, less often, back.
    fn set_clock(&mut self, worker: usize) {
        let old = self.workers[worker].offset;
        let by = if self.chance.happens(6_000) {
            self.chance.span_ms(1, FORWARD_MS)
        } else {
            Span::from_micros(-self.chance.span_ms(1, BACK_MS).as_micros())
        };
        let most = MOST_OFF.as_micros();
        let new = (old.as_micros() + by.as_micros()).clamp(-most, most);
        self.workers[worker].offset = Span::from_micros(new);
        self.note(format!("the clock of worker {worker} goes from {old:?} to {new} µs ahead"));
    }

    /// A worker stands still; sometimes for as long as nobody takes over from it.
    fn pause(&mut self, worker: usize) {
        let until_overtaken = self.chance.happens(6_000);
        let longest = if until_overtaken { (400_000, 900_000) } else { (1_000, 240_000) };
        let until = self.now + self.chance.span_ms(longest.0, longest.1);
        self.note(format!("worker {worker} stands still until {until}, or overtaken: {until_overtaken}"));
        let one = &mut self.workers[worker];
        one.paused_until = until;
        one.until_overtaken = until_overtaken;
    }

    /// A worker has claimed something: whoever stands still with it in hand goes on soon.
    pub(crate) fn note_takeover(&mut self, by: usize, id: domain::DestinationId) {
        for worker in 0..self.workers.len() {
            let one = &self.workers[worker];
            if worker == by || !one.until_overtaken || !one.in_hand.contains(&id) {
                continue;
            }
            // At once, or after the successor has looked twice and sent again.
            let (from, to) =
                [(0, 50), (0, 2_000), (0, 40_000), (45_000, 70_000), (60_000, 150_000)][self.chance.index(5)];
            let until = self.now + self.chance.span_ms(from, to);
            let one = &mut self.workers[worker];
            one.paused_until = until;
            one.until_overtaken = false;
            self.note(format!("worker {worker} was overtaken and goes on at {until}"));
        }
    }
}

/// The accounts at their platforms and in the database.
async fn connect_accounts(store: &Store, plan: &Plan) -> Result<(Vec<AccountId>, Ledger)> {
    let mut ids = Vec::new();
    let mut ledger = Ledger::default();
    for (number, account) in plan.accounts.iter().enumerate() {
        let mut holder = Holder {
            kind: account.kind,
            tokens: vec![],
            lifetime: account.lifetime,
            revoked: false,
            was_refused: false,
        };
        let (access_token, end) = holder.issue(START);
        ledger.holders.push(holder);
        ids.push(connect(store, number, account.kind, access_token, end).await?);
    }
    Ok((ids, ledger))
}

async fn connect(
    store: &Store,
    number: usize,
    kind: Kind,
    access_token: String,
    end: Timestamp,
) -> Result<AccountId> {
    let credentials = Credentials {
        access_token,
        refresh_token: Some("grant".into()),
        access_expires_at: Some(end),
        refresh_expires_at: None,
        scopes: vec![],
        secret: None,
        renews_itself: false,
    };
    let new = NewAccount {
        workspace_id: WORKSPACE,
        platform: kind.spec().name.clone(),
        platform_user_id: number.to_string(),
        username: None,
        display_name: format!("Account {number}"),
        avatar_url: None,
        premium: false,
        service_url: None,
        access_ends_at: credentials.access_ends_at(),
        credentials: serde_json::to_vec(&credentials)?,
        nonce: [3; 24],
        now: START,
    };
    Ok(store.connect_account(ORGANIZATION, new).await?.0)
}
