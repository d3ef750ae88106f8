//! The refresher: renews access before it ends and asks platforms now and then whether they still
//! take a token, so that a dead one is found before the next publish.
//!
//! What is due stands in the database, where nodes take it from one another's hands; whoever
//! publishes renews through the same lease. Must not know what is published.

mod access;
mod plan;
mod probe;
mod renew;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use domain::causes::with_causes;
use domain::{AccountId, PlatformName, Span, Timestamp};
use store::{AccessRow, AccessWork, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::Engine;

pub(crate) use access::{Asked, whose};
pub(crate) use plan::can_renew;

/// How many accounts are planned at a time.
const PLANNED_AT_ONCE: u32 = 200;
/// What one node took, others leave alone for so long: longer than a renewal can take.
const TAKEN_FOR: Span = Span::from_minutes(10);

/// How renewals and probes are done.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// How often to look what is due.
    pub every: Span,
    /// How often each account's token is probed; `None` for never.
    pub probe_every: Option<Span>,
    /// Renewals, and as many probes, under way at a time with one platform.
    pub at_once: usize,
}

impl Default for TokensConfig {
    fn default() -> Self {
        Self { every: Span::from_seconds(30), probe_every: Some(Span::from_hours(6)), at_once: 8 }
    }
}

/// What one look found to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokensReport {
    /// Accounts whose renewal was tried.
    pub renewals: usize,
    /// Accounts that were probed, or left alone because they published lately.
    pub probes: usize,
}

/// Renewals that changed nothing, so that they are not tried again at every step of a publish. Lost
/// with the process, at the price of one more try.
#[derive(Debug, Default)]
pub(crate) struct Fruitless(Mutex<HashMap<AccountId, (i64, Timestamp)>>);

impl Fruitless {
    const FOR: Span = Span::from_hours(1);

    /// Renewing this version of the credentials changed nothing.
    pub(crate) fn note(&self, account: AccountId, version: i64, now: Timestamp) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|_, (_, until)| *until > now);
        noted.insert(account, (version, now + Self::FOR));
    }

    /// Whether it did so a short while ago.
    pub(crate) fn is_noted(&self, account: AccountId, version: i64, now: Timestamp) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(&account).is_some_and(|(known, until)| *known == version && *until > now)
    }
}

/// The refresher of one node.
pub struct Refresher {
    engine: Engine,
    /// Hands for one platform and one kind of work.
    hands: HashMap<(PlatformName, bool), Arc<Semaphore>>,
    running: JoinSet<()>,
    /// Whether the last look left work that no hand was free for.
    left_over: bool,
}

impl Engine {
    /// A refresher beside this publish loop, over the same accounts.
    pub fn refresher(&self) -> Refresher {
        let (hands, running) = (HashMap::new(), JoinSet::new());
        Refresher { engine: self.clone(), hands, running, left_over: false }
    }
}

impl Refresher {
    /// Looks now and then until `stop` resolves, then finishes what is under way: a renewal that is
    /// cut off may cost the account its access.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        let clock = Arc::clone(&self.engine.parts.clock);
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(error = %with_causes(&error), "what is due of tokens cannot be read; it is looked at again");
            }
            let next = clock.now() + self.engine.config.tokens.every;
            loop {
                tokio::select! {
                    () = &mut stop => return self.finish().await,
                    () = clock.poll_until(next) => break,
                    Some(ended) = self.running.join_next(), if !self.running.is_empty() => {
                        note_end(ended);
                        if self.left_over {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Does all that is due now. For tests: [`Refresher::run`] does the same with pauses around it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&mut self) -> Result<TokensReport, StoreError> {
        let mut sum = TokensReport::default();
        loop {
            let report = self.look().await?;
            sum.renewals += report.renewals;
            sum.probes += report.probes;
            while let Some(ended) = self.running.join_next().await {
                note_end(ended);
            }
            if report == TokensReport::default() && !self.left_over {
                return Ok(sum);
            }
        }
    }

    async fn finish(mut self) {
        let grace = self.engine.config.grace;
        let clock = Arc::clone(&self.engine.parts.clock);
        let deadline = clock.now() + grace;
        loop {
            tokio::select! {
                ended = self.running.join_next() => match ended {
                    Some(ended) => note_end(ended),
                    None => return,
                },
                () = clock.sleep_until(deadline) => break,
            }
        }
        tracing::warn!(accounts = self.running.len(), "stopped before the renewal of these was answered");
        self.running.shutdown().await;
    }

    /// Plans what is new, and begins what is due as far as hands are free.
    async fn look(&mut self) -> Result<TokensReport, StoreError> {
        self.engine.plan_new_access().await?;
        self.left_over = false;
        let mut report = TokensReport::default();
        let registry = Arc::clone(&self.engine.parts.registry);
        for entry in registry.entries() {
            let platform = &entry.spec.name;
            report.renewals += self.begin(AccessWork::Renewal, platform).await?;
            if self.engine.config.tokens.probe_every.is_some() {
                report.probes += self.begin(AccessWork::Probe, platform).await?;
            }
        }
        Ok(report)
    }

    async fn begin(&mut self, work: AccessWork, platform: &PlatformName) -> Result<usize, StoreError> {
        let at_once = self.engine.config.tokens.at_once;
        let hands = self
            .hands
            .entry((platform.clone(), work == AccessWork::Renewal))
            .or_insert_with(|| Arc::new(Semaphore::new(at_once)));
        let hands = Arc::clone(hands);
        let free = hands.available_permits();
        if free == 0 {
            self.left_over = true;
            return Ok(0);
        }
        let store = &self.engine.parts.store;
        let now = self.engine.parts.clock.now();
        let due = store.list_due_access(work, platform, now, u32::try_from(free).unwrap_or(1)).await?;
        self.left_over |= due.len() == free;
        let mut begun = 0;
        for row in due {
            let Ok(hand) = Arc::clone(&hands).try_acquire_owned() else { break };
            if store.take_access(work, &row, now + TAKEN_FOR).await? {
                begun += 1;
                let engine = self.engine.clone();
                self.running.spawn(async move { engine.work_on_access(work, row, hand).await });
            }
        }
        Ok(begun)
    }
}

impl Engine {
    async fn work_on_access(&self, work: AccessWork, row: AccessRow, _hand: OwnedSemaphorePermit) {
        let done = match work {
            AccessWork::Renewal => self.renew_due(&row).await,
            AccessWork::Probe => self.probe_due(&row).await,
        };
        if let Err(error) = done {
            tracing::warn!(
                account.id = row.id.0,
                platform = %row.platform,
                error = %with_causes(&error),
                "an account's access could not be looked after; it is tried again"
            );
        }
    }
}

fn note_end(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("looking after an account's access panicked; it is tried again");
    }
}
