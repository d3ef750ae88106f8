//! Whether this process can do its work: what a load balancer and an operator ask.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::{Span, Timestamp};
use telemetry::{Pulse, PulseState};
use tokio::sync::Mutex;

use crate::App;

/// Why this process is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unready {
    /// It is ending.
    Stopping,
    /// The database cannot be read.
    DatabaseUnreadable,
    /// The database cannot be written.
    DatabaseUnwritable,
    /// The publish loop has ended, or never began.
    LoopDead,
    /// The publish loop does not come around.
    LoopStuck,
    /// Every look for due destinations fails.
    ClaimsFail,
    /// Something is due for long though the loop could take more.
    QueueStuck,
}

impl Unready {
    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::DatabaseUnreadable => "database_unreadable",
            Self::DatabaseUnwritable => "database_unwritable",
            Self::LoopDead => "publish_loop_dead",
            Self::LoopStuck => "publish_loop_stuck",
            Self::ClaimsFail => "claims_failing",
            Self::QueueStuck => "queue_stuck",
        }
    }

    /// What happened and what to do, in one sentence.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Stopping => "The server is stopping; send requests elsewhere.",
            Self::DatabaseUnreadable => {
                "The database cannot be read; look at its file or server and at the log."
            }
            Self::DatabaseUnwritable => {
                "The database cannot be written; look for a full disk, a lock or a read-only file."
            }
            Self::LoopDead => "The publish loop has ended; restart this process and look at the log.",
            Self::LoopStuck => "The publish loop does not come around; restart this process.",
            Self::ClaimsFail => "Looking for due posts keeps failing; look at the database and at the log.",
            Self::QueueStuck => {
                "Posts are due for minutes though there is room for them; restart this process and look at \
                 the log."
            }
        }
    }
}

/// What counts as too long.
#[derive(Clone, Copy, Debug)]
pub struct ReadinessConfig {
    /// The loop's last round may be this old: several times its pause between rounds.
    pub beat_within: Span,
    /// Looks for work may fail for this long.
    pub claims_fail_for: Span,
    /// A destination may be due for this long while there is room.
    pub due_for: Span,
    /// An answer of the database may take this long.
    pub patience: Duration,
    /// What was found out about the database holds for this long.
    pub cached_for: Span,
}

impl Default for ReadinessConfig {
    fn default() -> Self {
        Self {
            beat_within: Span::from_seconds(70),
            claims_fail_for: Span::from_seconds(15),
            due_for: Span::from_minutes(5),
            patience: Duration::from_secs(2),
            cached_for: Span::from_seconds(2),
        }
    }
}

/// Answers whether this process is ready. Asking often costs nothing: the database is asked now and
/// then, by one caller for all.
#[derive(Debug)]
pub struct Readiness {
    config: ReadinessConfig,
    /// The publish loop of this process; `None` on a node that does not publish.
    pulse: Option<Arc<Pulse>>,
    stopping: AtomicBool,
    database: Mutex<Option<(Timestamp, Vec<Unready>)>>,
    /// What the log was last told.
    told: std::sync::Mutex<Vec<Unready>>,
}

impl Readiness {
    /// Readiness of a process whose publish loop, if it runs one, has this pulse.
    pub fn new(pulse: Option<Arc<Pulse>>, config: ReadinessConfig) -> Self {
        Self {
            config,
            pulse,
            stopping: AtomicBool::new(false),
            database: Mutex::default(),
            told: std::sync::Mutex::default(),
        }
    }

    /// From now on the process is not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Everything that keeps this process from its work; empty when it is ready.
    pub async fn check(&self, app: &App) -> Vec<Unready> {
        let mut found = Vec::new();
        if self.stopping.load(Ordering::Acquire) {
            found.push(Unready::Stopping);
        }
        let now = app.clock.now();
        if let Some(pulse) = &self.pulse {
            self.check_loop(pulse.state(), now, &mut found);
        }
        found.extend(self.check_database(app, now).await);
        self.tell(&found);
        found
    }

    /// Probes come every few seconds; the log is told of changes.
    fn tell(&self, found: &[Unready]) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told == found {
            return;
        }
        if found.is_empty() {
            tracing::info!("ready again");
        } else {
            tracing::warn!(reasons = ?found, "not ready");
        }
        found.clone_into(&mut told);
    }

    /// How long ago the publish loop last came around.
    pub fn loop_age(&self, now: Timestamp) -> Option<Span> {
        let beat_at = self.pulse.as_ref()?.state().beat_at?;
        Some(now.since(beat_at))
    }

    fn check_loop(&self, pulse: PulseState, now: Timestamp, found: &mut Vec<Unready>) {
        let Some(beat_at) = pulse.beat_at.filter(|_| !pulse.ended) else {
            found.push(Unready::LoopDead);
            return;
        };
        if beat_at + self.config.beat_within < now {
            found.push(Unready::LoopStuck);
        }
        if pulse.failing_since.is_some_and(|since| since + self.config.claims_fail_for <= now) {
            found.push(Unready::ClaimsFail);
        }
    }

    async fn check_database(&self, app: &App, now: Timestamp) -> Vec<Unready> {
        let mut cached = self.database.lock().await;
        if let Some((at, found)) = &*cached
            && now.since(*at) < self.config.cached_for
            && now >= *at
        {
            return found.clone();
        }
        let found = self.ask_database(app, now).await;
        *cached = Some((now, found.clone()));
        found
    }

    async fn ask_database(&self, app: &App, now: Timestamp) -> Vec<Unready> {
        let patience = self.config.patience;
        let mut found = Vec::new();
        let (read, written) = tokio::join!(
            tokio::time::timeout(patience, app.store.probe_read()),
            tokio::time::timeout(patience, app.store.probe_write(now)),
        );
        let readable = matches!(read, Ok(Ok(())));
        if !readable {
            found.push(Unready::DatabaseUnreadable);
        }
        if !matches!(written, Ok(Ok(()))) {
            found.push(Unready::DatabaseUnwritable);
        }
        if readable && self.is_queue_stuck(app, now).await {
            found.push(Unready::QueueStuck);
        }
        found
    }

    /// Whether something is due for long that a loop with room, which ran all that time, has left.
    async fn is_queue_stuck(&self, app: &App, now: Timestamp) -> bool {
        let Some(pulse) = self.pulse.as_ref().map(|pulse| pulse.state()) else { return false };
        let before = now - self.config.due_for;
        if pulse.free == 0 || pulse.started_at.is_none_or(|started| started > before) {
            return false;
        }
        let neglected = app.store.find_neglected(before, now);
        matches!(tokio::time::timeout(self.config.patience, neglected).await, Ok(Ok(Some(_))))
    }
}
