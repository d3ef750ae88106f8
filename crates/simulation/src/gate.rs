//! The database's faults: a call of a worker is held up or fails, or a write is reported as failed
//! although it was done.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sqlx::SqliteConnection;
use store::{Gate, Side, StoreError};
use tokio::sync::Mutex;

use crate::check;
use crate::stage::Stage;

/// Reads may fail; there are too many of them to hold each up.
const READ: &str = "read";
/// A worker's note: an intent among others.
const RECORD: &str = "record";
/// These are written while a lock of the engine is held, which another job may wait for: only one
/// actor moves at a time, so they are not held up.
const HELD_UP_NEVER: [&str; 3] = [READ, "rest_account", "note_app_budget"];

/// The gate of one run.
pub(crate) struct Faulty {
    pub(crate) stage: Stage,
    pub(crate) eye: Arc<Mutex<SqliteConnection>>,
}

impl Faulty {
    fn decide(&self, call: &str, side: Side) -> Result<(), StoreError> {
        let mut state = self.stage.lock();
        let fails = match side {
            Side::Before if call == READ => {
                state.now < state.outage_until || state.strikes(|f| f.failed_read)
            }
            Side::Before => {
                if state.strikes(|f| f.outage) {
                    state.outage_until = state.now + state.chance.span_ms(100, 60_000);
                }
                state.now < state.outage_until || state.strikes(|f| f.failed_write)
            }
            Side::After => state.strikes(|f| f.denied_write),
        };
        if !fails {
            if call != READ {
                state.note(format!("{call}: {side:?}"));
            }
            return Ok(());
        }
        state.note(format!("{call}: {side:?}, reported as failed"));
        let is_passing = state.chance.happens(8_000);
        Err(if is_passing { StoreError::Commit("simulated".to_owned()) } else { StoreError::Closed })
    }
}

impl Gate for Faulty {
    fn pass<'a>(
        &'a self,
        call: &'static str,
        side: Side,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>> {
        Box::pin(async move {
            let Some(worker) = self.stage.lock().worker_of_current() else { return Ok(()) };
            let call = short_name(call);
            if call == RECORD && side == Side::After {
                self.stage.point_at_stake().await;
            } else if !HELD_UP_NEVER.contains(&call) {
                self.stage.point().await;
            }
            self.decide(call, side)?;
            if call == "claim_accounts" && side == Side::Before {
                let held = check::list_held(&mut *self.eye.lock().await).await;
                self.stage.lock().workers[worker].held = held;
            }
            Ok(())
        })
    }
}

/// The function that a job is written in, from the job's type.
fn short_name(call: &'static str) -> &'static str {
    let function = call.split("::{{closure}}").next().unwrap_or(call);
    function.rsplit("::").next().unwrap_or(function)
}
