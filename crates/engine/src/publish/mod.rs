//! The loop: claim what is due, run it, sleep until the next thing is due.

mod decide;
mod figures;
mod follow;
mod job;
mod lanes;
mod load;
mod look;
mod media;
mod run;
mod shares;
mod turn;

use std::future::Future;

use domain::causes::with_causes;
use domain::{EventId, Timestamp};
use store::{Claim, DueAccount, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Engine;
pub(crate) use job::Wish;
pub(crate) use load::item_of;
use shares::Shares;
use turn::{Ended, Turn};

/// How many destinations one claim takes at most.
const CLAIM_BATCH: u32 = 2000;

impl Engine {
    /// Takes over what a dead predecessor held. Only for a process that knows it is the only one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        self.parts.store.recover_leases(self.parts.clock.now()).await
    }

    /// Runs everything that is due now to where it rests; returns how many destinations were
    /// picked up. For tests: [`Engine::run`] does the same with sleep and wake-ups around it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let (_keep, stopping) = watch::channel(false);
        let claims = self.claim(CLAIM_BATCH).await?;
        let count = claims.len();
        let mut running = JoinSet::new();
        self.start(claims, &mut running, &mut Shares::new(CLAIM_BATCH), &stopping).await;
        while running.join_next().await.is_some() {}
        Ok(count)
    }

    /// Publishes what is due until `stop` resolves, then finishes or parks what is in flight.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let (stop_jobs, stopping) = watch::channel(false);
        let mut turn = Turn::new(self.config.capacity, stopping);
        tokio::pin!(stop);
        let _alive = self.pulse.start(self.parts.clock.now());
        loop {
            // Wake-ups from here on are kept, so that work written while looking is not missed.
            self.wake.awake();
            let until = self.take_turn(&mut turn).await;
            self.beat(turn.running.len());
            self.wake.sleeping_until(until, turn.running.len());
            tokio::select! {
                () = &mut stop => break,
                () = self.wake.woken() => turn.look_soon(),
                () = self.sleep_until_look(until) => {}
                Some(ended) = turn.running.join_next(), if !turn.running.is_empty() => turn.note_end(ended),
            }
        }
        stop_jobs.send_replace(true);
        self.wait_for_the_last(turn.running).await;
    }

    async fn wait_for_the_last(&self, mut running: JoinSet<Ended>) {
        let deadline = self.parts.clock.now() + self.config.grace;
        loop {
            tokio::select! {
                ended = running.join_next() => match ended {
                    Some(ended) => drop(turn::end_of(ended)),
                    None => return self.give_slots_back().await,
                },
                () = self.parts.clock.sleep_until(deadline) => break,
            }
        }
        tracing::warn!(
            destinations = running.len(),
            "stopped before these were done; they are looked up at the next start"
        );
        running.shutdown().await;
        self.give_slots_back().await;
    }

    /// Lets the other nodes have what this one held of the platforms' publishes at a time.
    async fn give_slots_back(&self) {
        if !self.config.limits.shared {
            return;
        }
        let now = self.parts.clock.now();
        if let Err(error) = self.parts.store.drop_app_slots(self.owner.to_string(), now).await {
            tracing::warn!(error = %with_causes(&error), "slots were not given back; they end by themselves");
        }
    }

    /// Takes up to `limit` due destinations. Each has to be handed to [`Engine::run_claim`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self, limit: u32) -> Result<Vec<Claim>, StoreError> {
        let now = self.parts.clock.now();
        self.limits.wake_accounts(&self.parts.store, now).await?;
        let claimed = match self.parts.store.list_due_accounts("", now, limit).await {
            Ok(accounts) => self.claim_accounts(accounts, now).await,
            Err(error) => Err(error),
        };
        self.note_look(claimed.is_ok());
        claimed
    }

    /// Takes the head of each of these accounts' lanes.
    async fn claim_accounts(
        &self,
        accounts: Vec<DueAccount>,
        now: Timestamp,
    ) -> Result<Vec<Claim>, StoreError> {
        let ids = accounts.iter().map(|_| EventId(self.parts.entropy.uuid(now))).collect();
        let until = now + self.config.lease;
        let store = &self.parts.store;
        let claims = store.claim_accounts(self.owner.to_string(), now, until, accounts, ids).await?;
        if let Err(error) = self.limits.learn(store, &claims, self.config.limits.shared, now).await {
            // What is claimed has to go on; at worst a platform says itself that it takes no more.
            tracing::warn!(error = %with_causes(&error), "what other nodes know of limits cannot be read");
        }
        Ok(claims)
    }

    /// Starts a job for each claim; what they need is read for all of them together.
    async fn start(
        &self,
        claims: Vec<Claim>,
        running: &mut JoinSet<Ended>,
        shares: &mut Shares,
        stopping: &watch::Receiver<bool>,
    ) {
        let targets = match self.parts.store.load_targets(&claims).await {
            Ok(targets) => targets.into_iter().map(Some).collect(),
            Err(error) => {
                tracing::warn!(error = %with_causes(&error), "due posts cannot be read together; reading them one by one");
                claims.iter().map(|_| None).collect::<Vec<_>>()
            }
        };
        for (claim, target) in claims.into_iter().zip(targets) {
            let account = turn::account(&claim);
            let place = shares.hold(&account.platform);
            let (engine, stopping) = (self.clone(), stopping.clone());
            running.spawn(async move {
                let is_over = engine.run_target(claim, target, stopping).await;
                drop(place);
                Ended { account, is_over }
            });
        }
    }
}
