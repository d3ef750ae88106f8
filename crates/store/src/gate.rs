//! For the simulation only: the gate that every call of this thread passes. It decides when the call
//! goes on, whether it fails, and whether a write is reported as failed although it was done.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::StoreError;

/// On which side of a call the gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nothing is done yet.
    Before,
    /// It is durable, and the caller does not know yet. Only for writes.
    After,
}

/// Holds calls up and lets them fail.
pub trait Gate: Send + Sync {
    /// Returns when the call may go on; an error is what the caller gets. `call` names it: `read`,
    /// `record`, or the type of the job that writes.
    fn pass<'a>(
        &'a self,
        call: &'static str,
        side: Side,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;
}

thread_local! {
    static GATE: RefCell<Option<Arc<dyn Gate>>> = const { RefCell::new(None) };
}

/// Sets the gate of this thread's calls, or takes it away.
pub fn set_gate(gate: Option<Arc<dyn Gate>>) {
    GATE.set(gate);
}

pub(crate) async fn pass(call: &'static str, side: Side) -> Result<(), StoreError> {
    let gate = GATE.with_borrow(Clone::clone);
    match gate {
        Some(gate) => gate.pass(call, side).await,
        None => Ok(()),
    }
}
