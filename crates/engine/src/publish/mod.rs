//! The loop: claim what is due, run it, sleep until the next thing is due.

mod decide;
mod job;
mod load;
mod run;

use std::future::Future;

use domain::{EventId, Timestamp};
use store::{Claim, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Engine;

/// How many destinations one claim takes at most.
const CLAIM_BATCH: u32 = 500;

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
        for claim in claims {
            running.spawn(self.clone().run_claim(claim, stopping.clone()));
        }
        while running.join_next().await.is_some() {}
        Ok(count)
    }

    /// Publishes what is due until `stop` resolves, then finishes or parks what is in flight.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let (stop_jobs, stopping) = watch::channel(false);
        let mut running = JoinSet::new();
        tokio::pin!(stop);
        loop {
            // Wake-ups from here on are kept, so that work written while looking is not missed.
            self.wake.awake();
            let until = self.start_due(&mut running, &stopping).await;
            self.wake.sleeping_until(until, running.len());
            tokio::select! {
                () = &mut stop => break,
                () = self.wake.woken() => {}
                () = self.sleep_until_look(until) => {}
                Some(ended) = running.join_next(), if !running.is_empty() => note_panic(ended),
            }
        }
        stop_jobs.send_replace(true);
        let deadline = self.parts.clock.now() + self.config.grace;
        loop {
            tokio::select! {
                ended = running.join_next() => match ended {
                    Some(ended) => note_panic(ended),
                    None => return,
                },
                () = self.parts.clock.sleep_until(deadline) => break,
            }
        }
        tracing::warn!(
            destinations = running.len(),
            "stopped before these were done; they are looked up at the next start"
        );
        running.shutdown().await;
    }

    /// Starts what is due; returns when to look again.
    async fn start_due(&self, running: &mut JoinSet<()>, stopping: &watch::Receiver<bool>) -> Timestamp {
        let now = self.parts.clock.now();
        let latest = now + self.config.poll;
        let in_flight = u32::try_from(running.len()).unwrap_or(u32::MAX);
        let free = self.config.capacity.saturating_sub(in_flight);
        if free == 0 {
            return latest;
        }
        let claims = match self.claim(free.min(CLAIM_BATCH)).await {
            Ok(claims) => claims,
            Err(error) => {
                tracing::error!(error = %chain(&error), "cannot look for due destinations");
                self.wake.look_failed();
                return now + domain::Span::from_seconds(1);
            }
        };
        for claim in claims {
            running.spawn(self.clone().run_claim(claim, stopping.clone()));
        }
        match self.parts.store.next_due(now).await {
            Ok(Some(next)) => next.min(latest),
            Ok(None) => latest,
            Err(error) => {
                tracing::error!(error = %chain(&error), "cannot look for the next due destination");
                now + domain::Span::from_seconds(1)
            }
        }
    }

    /// Takes up to `limit` due destinations. Each has to be handed to [`Engine::run_claim`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self, limit: u32) -> Result<Vec<Claim>, StoreError> {
        let now = self.parts.clock.now();
        let ids = (0..limit).map(|_| EventId(self.parts.entropy.uuid(now))).collect();
        let until = now + self.config.lease;
        self.parts.store.claim_due(self.owner.to_string(), now, until, limit, ids).await
    }
}

fn note_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("a publish job panicked; its destination is looked up when its lease ends");
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
