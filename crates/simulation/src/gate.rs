//! The database's faults: each write of a worker is held up, fails, or is reported as failed
//! although it was done.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sqlx::SqliteConnection;
use store::{Gate, Side, StoreError};
use tokio::sync::Mutex;

use crate::check;
use crate::stage::Stage;

/// These are written while a lock of the engine is held, which only its other jobs could release.
const HELD_UP_NEVER: [&str; 2] = ["rest_account", "note_app_budget"];

/// The gate of one run.
pub(crate) struct Faulty {
    pub(crate) stage: Stage,
    pub(crate) eye: Arc<Mutex<SqliteConnection>>,
}

impl Faulty {
    fn decide(&self, write: &str, side: Side) -> Result<(), StoreError> {
        let mut state = self.stage.lock();
        let fails = match side {
            Side::Before => {
                if state.strikes(|f| f.outage) {
                    state.outage_until = state.now + state.chance.span_ms(100, 60_000);
                }
                state.now < state.outage_until || state.strikes(|f| f.failed_write)
            }
            Side::After => state.strikes(|f| f.denied_write),
        };
        if !fails {
            state.note(format!("{write}: {side:?}"));
            return Ok(());
        }
        state.note(format!("{write}: {side:?}, reported as failed"));
        let is_passing = state.chance.happens(8_000);
        Err(if is_passing { StoreError::Commit("simulated".to_owned()) } else { StoreError::Closed })
    }
}

impl Gate for Faulty {
    fn pass<'a>(
        &'a self,
        write: &'static str,
        side: Side,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>> {
        Box::pin(async move {
            let Some(worker) = self.stage.lock().worker_of_current() else { return Ok(()) };
            let write = short_name(write);
            if !HELD_UP_NEVER.contains(&write) {
                self.stage.point().await;
            }
            self.decide(write, side)?;
            if write == "claim_accounts" && side == Side::Before {
                let held = check::list_held(&mut *self.eye.lock().await).await;
                self.stage.lock().workers[worker].held = held;
            }
            Ok(())
        })
    }
}

/// The function that a job is written in, from the job's type.
fn short_name(write: &'static str) -> &'static str {
    let function = write.split("::{{closure}}").next().unwrap_or(write);
    function.rsplit("::").next().unwrap_or(function)
}

