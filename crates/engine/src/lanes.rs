//! The jobs of a loop that works lane by lane: one job at a time for each lane of this process. Must not
//! know what a job does; which lanes are due stands in the database.

use std::collections::HashSet;
use std::future::Future;
use std::hash::Hash;

use domain::Timestamp;
use net::Clock;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// The jobs that run.
pub(crate) struct Lanes<L> {
    /// What a job is, for the log.
    what: &'static str,
    running: JoinSet<L>,
    /// Lanes that a job of this process is at.
    busy: HashSet<L>,
    stop: watch::Sender<bool>,
}

impl<L: Copy + Eq + Hash + Send + 'static> Lanes<L> {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, running: JoinSet::new(), busy: HashSet::new(), stop: watch::Sender::new(false) }
    }

    /// How many jobs run.
    pub(crate) fn running(&self) -> usize {
        self.running.len()
    }

    /// How many due lanes to ask for, so that `capacity` jobs can run: lanes of these jobs may be listed as
    /// well, since such a job may be about to take its lane.
    pub(crate) fn to_list(&self, capacity: usize) -> u32 {
        u32::try_from(capacity + self.busy.len()).unwrap_or(u32::MAX)
    }

    /// Starts a job for a lane that has none. It is told when to stop.
    pub(crate) fn start<J>(&mut self, lane: L, job: impl FnOnce(watch::Receiver<bool>) -> J)
    where
        J: Future<Output = ()> + Send + 'static,
    {
        if self.busy.insert(lane) {
            let job = job(self.stop.subscribe());
            self.running.spawn(async move {
                job.await;
                lane
            });
        }
    }

    /// Takes note of the jobs that have ended.
    pub(crate) fn note_ended(&mut self) {
        while let Some(ended) = self.running.try_join_next() {
            self.note(ended);
        }
    }

    /// Waits until a job ends; false when none runs.
    pub(crate) async fn next_ended(&mut self) -> bool {
        let Some(ended) = self.running.join_next().await else { return false };
        self.note(ended);
        true
    }

    fn note(&mut self, ended: Result<L, JoinError>) {
        match ended {
            Ok(lane) => drop(self.busy.remove(&lane)),
            Err(error) => {
                // Whose it was is not known any more; the leases tell.
                self.busy.clear();
                if error.is_panic() {
                    tracing::error!("{} panicked; it is tried again when its lease ends", self.what);
                }
            }
        }
    }

    /// Has the jobs stop, and ends those that have not by then.
    pub(crate) async fn end(mut self, clock: &dyn Clock, deadline: Timestamp) {
        self.stop.send_replace(true);
        loop {
            tokio::select! {
                ended = self.running.join_next() => if ended.is_none() { return },
                () = clock.sleep_until(deadline) => break,
            }
        }
        tracing::warn!(lanes = self.running.len(), "stopped before these had ended: {}", self.what);
        self.running.shutdown().await;
    }
}
