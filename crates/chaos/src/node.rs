//! A program that is kept running, as a service keeper would: whatever ends is started again.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};
use domain::Timestamp;

use crate::calls::{Calls, Reply};
use crate::time::{now, pause_ms, span_ms};

const LOOK_EVERY_MS: u64 = 15;
/// How soon a program that ended by itself is started again.
const AFTER_OWN_END_MS: u64 = 250;

/// What is to be run.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// Its name in logs and tables.
    pub(crate) name: String,
    /// The program and its arguments.
    pub(crate) words: Vec<String>,
    /// Its settings. None of the caller's `FANFARE_` ones are handed on.
    pub(crate) settings: Vec<(String, String)>,
    /// Where its output goes.
    pub(crate) log: PathBuf,
    /// What answers 200 when it is ready.
    pub(crate) ready_url: String,
}

/// A program that is kept running until this is dropped.
#[derive(Clone)]
pub(crate) struct Node(Arc<Inner>);

struct Inner {
    program: Program,
    state: Mutex<State>,
    stopping: AtomicBool,
    frozen: AtomicBool,
    ended_alone: AtomicU32,
}

#[derive(Default)]
struct State {
    child: Option<Child>,
    not_before: Option<Timestamp>,
    killed: bool,
}

impl Program {
    /// The command, as this process's child that does not outlive it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]).args(&self.words).stdin(Stdio::null());
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FANFARE_"))
        {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    fn spawn(&self) -> Result<Child> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut command = self.command();
        command.stdout(log.try_clone()?).stderr(log);
        command.spawn().with_context(|| format!("cannot start {}", self.name))
    }
}

impl Node {
    /// Starts the program and keeps it running.
    pub(crate) fn start(program: Program) -> Result<Self> {
        let child = program.spawn()?;
        let inner = Arc::new(Inner {
            program,
            state: Mutex::new(State { child: Some(child), ..State::default() }),
            stopping: AtomicBool::new(false),
            frozen: AtomicBool::new(false),
            ended_alone: AtomicU32::new(0),
        });
        tokio::spawn(keep_running(Arc::clone(&inner)));
        Ok(Self(inner))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.program.name
    }

    /// How often it ended without having been killed.
    pub(crate) fn ended_alone(&self) -> u32 {
        self.0.ended_alone.load(Ordering::Relaxed)
    }

    /// `kill -9`. It is started again after this long. False when it was not running.
    pub(crate) fn kill(&self, down_for_ms: u64) -> bool {
        let mut state = self.0.state();
        let Some(child) = &mut state.child else { return false };
        if child.kill().is_err() {
            return false;
        }
        state.killed = true;
        state.not_before = Some(now() + span_ms(down_for_ms));
        true
    }

    /// Stops the process without its notice, and lets it go on after this long.
    pub(crate) async fn freeze(&self, ms: u64) -> bool {
        let Some(id) = self.signal("-STOP", None) else { return false };
        self.0.frozen.store(true, Ordering::Release);
        pause_ms(ms).await;
        self.0.frozen.store(false, Ordering::Release);
        self.signal("-CONT", Some(id)).is_some()
    }

    /// Whether it is stopped at the moment.
    pub(crate) fn is_frozen(&self) -> bool {
        self.0.frozen.load(Ordering::Acquire)
    }

    /// Sends a signal to the running process, if it is still the one that is meant.
    fn signal(&self, signal: &str, only: Option<u32>) -> Option<u32> {
        let state = self.0.state();
        let id = state.child.as_ref()?.id();
        if only.is_some_and(|only| only != id) {
            return None;
        }
        let sent = Command::new("kill").args([signal, &id.to_string()]).stderr(Stdio::null()).status();
        sent.is_ok_and(|status| status.success()).then_some(id)
    }

    /// Whether it answers.
    pub(crate) async fn is_ready(&self, calls: &Calls) -> bool {
        matches!(calls.get(&self.0.program.ready_url, "").await, Reply::Answer { status: 200, .. })
    }

    /// Waits until it answers.
    pub(crate) async fn wait_until_ready(&self, calls: &Calls, within_ms: u64) -> Result<()> {
        let deadline = now() + span_ms(within_ms);
        while !self.is_ready(calls).await {
            if now() > deadline {
                bail!("{} does not answer; its log is {}", self.name(), self.0.program.log.display());
            }
            pause_ms(40).await;
        }
        Ok(())
    }

    /// Ends it for good.
    pub(crate) fn stop(&self) {
        self.0.stopping.store(true, Ordering::Release);
        let mut state = self.0.state();
        if let Some(mut child) = state.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) {
        let mut guard = self.state();
        let state = &mut *guard;
        if self.stopping.load(Ordering::Acquire) {
            return;
        }
        match &mut state.child {
            Some(child) => {
                if let Ok(Some(_)) = child.try_wait() {
                    state.child = None;
                    if !std::mem::take(&mut state.killed) {
                        self.ended_alone.fetch_add(1, Ordering::Relaxed);
                        state.not_before = Some(now() + span_ms(AFTER_OWN_END_MS));
                    }
                }
            }
            None if state.not_before.is_none_or(|moment| now() >= moment) => {
                state.child = self.program.spawn().ok();
            }
            None => {}
        }
    }
}

async fn keep_running(inner: Arc<Inner>) {
    while !inner.stopping.load(Ordering::Acquire) {
        inner.look();
        pause_ms(LOOK_EVERY_MS).await;
    }
}
