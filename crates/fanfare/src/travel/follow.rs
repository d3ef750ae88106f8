//! A server in a process of its own follows the clock of its sandbox: it reports what it has to do
//! and shows what the sandbox shows. Without the sandbox its time runs on from where it was.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::{Span, Timestamp};
use net::{Client, ClientConfig, Clock, Entropy as _, Request, SystemClock, SystemEntropy, TravelClock};
use url::Url;

use super::party::{Load, Loop, Party};
use super::wire::{Epoch, Report, Shown};

/// How long the sandbox may hold an answer back while nothing happens.
const WAIT_MS: u64 = 2_000;
/// How long a call may take: that, and the way.
const CALL: Duration = Duration::from_secs(5);
/// How long the first contact may take before the server starts without it.
const FIRST: Duration = Duration::from_secs(2);
/// How long a report waits for the publish loop to come to rest.
const REST: Span = Span::from_millis(20);
const LOOK: Span = Span::from_millis(1);
/// How long until a sandbox that did not answer is asked again.
const AGAIN: Span = Span::from_millis(500);
/// A running clock is set only for more than messages take.
const SLACK: Span = Span::from_millis(50);

/// A server's clock that follows its sandbox's.
pub(crate) struct Follower {
    clock: Arc<TravelClock>,
    http: Client,
    url: Url,
    seen: Option<Shown>,
    /// Whether anybody may have read the clock.
    in_use: bool,
}

impl Follower {
    /// A clock that shows what the sandbox at `sandbox_url` shows; the machine's time, if it does
    /// not answer.
    pub(crate) async fn start(sandbox_url: &str) -> Result<Self> {
        let mut name = [0; 8];
        SystemEntropy.fill(&mut name);
        let url = format!(
            "{}/_sandbox/clock/followers/{:016x}",
            sandbox_url.trim_end_matches('/'),
            u64::from_le_bytes(name)
        );
        let http =
            Client::new(ClientConfig { timeout: CALL, connect_timeout: FIRST, ..ClientConfig::default() })
                .context("cannot set up the HTTP client")?;
        let clock = Arc::new(TravelClock::new(Arc::new(SystemClock)));
        let mut follower = Self {
            clock,
            http,
            url: Url::parse(&url).context("sandbox_url is not an address")?,
            seen: None,
            in_use: false,
        };
        let first = tokio::time::timeout(FIRST, follower.tell(Load::NONE, 0, false)).await;
        match first {
            Ok(Ok(shown)) => {
                follower.clock.begin_at(shown.now);
                follower.take_over(shown);
            }
            Ok(Err(reason)) => tracing::warn!(reason, "the sandbox's clock cannot be followed yet"),
            Err(_) => tracing::warn!("the sandbox does not answer; its clock cannot be followed yet"),
        }
        follower.in_use = true;
        Ok(follower)
    }

    /// The clock for the server.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// Follows until `stop` resolves. The sandbox waits for these loops of the process; what makes work
    /// for another one comes before it.
    pub(crate) async fn follow(mut self, loops: Vec<Loop>, stop: impl Future<Output = ()>) {
        let clock = Arc::clone(&self.clock);
        let parties: Vec<Party> =
            loops.into_iter().map(|works| Party::new(works, Arc::clone(&clock))).collect();
        tokio::select! {
            () = self.keep_following(&parties) => {}
            () = stop => {}
        }
        // Time runs, so that what waits can end; the sandbox does not wait for this server any more.
        clock.run();
        let _ = self.tell(Load::NONE, 0, true).await;
    }

    async fn keep_following(&mut self, parties: &[Party]) {
        let mut lost = false;
        loop {
            let load = self.load(parties).await;
            let hurries = self.seen.is_some_and(|seen| seen.moving) && !load.rests();
            match self.tell(load, if hurries { 0 } else { WAIT_MS }, false).await {
                Ok(shown) => {
                    lost = false;
                    let epoch = self.seen.map(|seen| seen.epoch);
                    self.take_over(shown);
                    if epoch != Some(shown.epoch) {
                        parties.iter().for_each(Party::look_again);
                    }
                }
                Err(reason) => {
                    if !lost {
                        tracing::warn!(
                            reason,
                            "the sandbox's clock cannot be followed; time runs on from here"
                        );
                    }
                    lost = true;
                    self.seen = None;
                    self.clock.run();
                    SystemClock.sleep_until(SystemClock.now() + AGAIN).await;
                }
            }
        }
    }

    /// What this server has to do; while the clock is moved, as soon as it rests.
    async fn load(&self, parties: &[Party]) -> Load {
        let until = SystemClock.now() + REST;
        loop {
            let (pausing, next) = (self.clock.pausing(), self.clock.next_due());
            let mut load = Load { pausing, next, ..Load::NONE };
            for party in parties {
                let Ok(own) = party.load().await else {
                    load.settled = false;
                    continue;
                };
                load.settled &= own.settled;
                load.in_flight += own.in_flight;
                load.next = load.next.into_iter().chain(own.next).min();
            }
            let moving = self.seen.is_some_and(|seen| seen.moving);
            if load.rests() || !moving || SystemClock.now() > until {
                return load;
            }
            SystemClock.sleep_until(SystemClock.now() + LOOK).await;
        }
    }

    fn take_over(&mut self, shown: Shown) {
        if shown.still {
            self.clock.stop();
            self.clock.move_to(shown.now);
        } else {
            self.clock.run();
            if shown.now > self.clock.now() + SLACK {
                self.clock.move_to(shown.now);
            }
        }
        self.seen = Some(shown);
    }

    async fn tell(&self, load: Load, wait_ms: u64, leaves: bool) -> Result<Shown, String> {
        let seen: Option<Epoch> = self.seen.map(|seen| seen.epoch);
        let at: Option<Timestamp> = self.in_use.then(|| self.clock.now());
        let Load { settled, in_flight, pausing, next } = load;
        let report = Report { seen, at, settled, in_flight, pausing, next, wait_ms, leaves };
        let answer = self.http.send(Request::post(self.url.clone()).json(&report)).await;
        let answer = answer.map_err(|error| error.to_string())?;
        if !answer.is_success() {
            return Err(format!("the sandbox answered with status {}", answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|error| error.to_string())
    }
}
