//! For the simulation only: the gate that every write of this thread passes. It decides when the
//! write goes on, whether it fails, and whether it is reported as failed although it was done.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::StoreError;

/// On which side of a write the gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nothing is written yet.
    Before,
    /// It is durable, and the caller does not know yet.
    After,
}

/// Holds writes up and lets them fail.
pub trait Gate: Send + Sync {
    /// Returns when the write may go on; an error is what the caller gets. `write` names it.
    fn pass<'a>(
        &'a self,
        write: &'static str,
        side: Side,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;
}

thread_local! {
    static GATE: RefCell<Option<Arc<dyn Gate>>> = const { RefCell::new(None) };
}

/// Sets the gate of this thread's writes, or takes it away.
pub fn set_gate(gate: Option<Arc<dyn Gate>>) {
    GATE.set(gate);
}

pub(crate) async fn pass(write: &'static str, side: Side) -> Result<(), StoreError> {
    let gate = GATE.with_borrow(Clone::clone);
    match gate {
        Some(gate) => gate.pass(write, side).await,
        None => Ok(()),
    }
}
