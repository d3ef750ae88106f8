//! Requests that arrive when they arrive: the moments are drawn beforehand, nobody waits for an answer
//! before the next one comes, and times count from the drawn moment, so that a server that stalls pays
//! for all that came meanwhile.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use net::{Entropy as _, SeededEntropy};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::CREATED;
use super::tenants::Requests;
use crate::load::Connection;
use crate::stopwatch::now;

/// More than are ever under way unless the server stalls.
const CONNECTIONS: usize = 128;
/// The same moments in every run.
const SEED: u64 = 7;

/// What is to arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrivals {
    pub(super) address: SocketAddr,
    /// On average.
    pub(super) per_second: u32,
    /// The number of the first post.
    pub(super) first: usize,
    /// Posts before those that count.
    pub(super) warm_up: usize,
    /// Posts that count.
    pub(super) counted: usize,
}

/// What those that count met.
#[derive(Default)]
pub(super) struct Met {
    /// From the moment that was drawn to the whole answer.
    pub(super) times: Vec<Duration>,
    /// From the moment that was drawn to the sending: the load's own part.
    pub(super) behind: Vec<Duration>,
}

/// One request, and when it was to come.
struct Arrival {
    number: usize,
    at: Instant,
    request: Arc<[u8]>,
}

impl Arrivals {
    /// Lets them arrive.
    pub(super) async fn run(self, requests: Requests) -> Result<Met> {
        let mut connections = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            connections.push(Connection::open(self.address).await?);
        }
        let (sender, receiver) = unbounded_channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut senders = JoinSet::new();
        for connection in connections {
            senders.spawn(self.answer_for(connection, Arc::clone(&receiver)));
        }
        // A thread sleeps more exactly than a task.
        std::thread::Builder::new()
            .name("arrivals".to_owned())
            .spawn(move || self.pace(&requests, &sender))?;
        let mut met = Met::default();
        while let Some(done) = senders.join_next().await {
            let own = done.context("a connection's task ended badly")??;
            met.times.extend(own.times);
            met.behind.extend(own.behind);
        }
        Ok(met)
    }

    fn pace(self, requests: &Requests, sender: &UnboundedSender<Arrival>) {
        let entropy = SeededEntropy::new(SEED);
        let mut at = now();
        for number in self.first..self.first + self.warm_up + self.counted {
            let request = requests.get(number);
            // Exponential gaps are those of many callers who do not know of each other.
            at += Duration::from_secs_f64(-(1.0 - entropy.share()).ln() / f64::from(self.per_second));
            std::thread::sleep(at.saturating_duration_since(now()));
            if sender.send(Arrival { number, at, request }).is_err() {
                return;
            }
        }
    }

    async fn answer_for(
        self,
        mut connection: Connection,
        receiver: Arc<Mutex<UnboundedReceiver<Arrival>>>,
    ) -> Result<Met> {
        let mut met = Met::default();
        loop {
            let next = receiver.lock().await.recv().await;
            let Some(arrival) = next else { return Ok(met) };
            let behind = arrival.at.elapsed();
            connection.expect(&arrival.request, CREATED).await?;
            if arrival.number >= self.first + self.warm_up {
                met.times.push(arrival.at.elapsed());
                met.behind.push(behind);
            }
        }
    }
}
