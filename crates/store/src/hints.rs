//! Tells this process, once a transaction is durable, that there is something to hand to webhooks. A
//! hint carries no work and may be lost: the loop also looks by itself.

use std::cell::Cell;
use std::sync::OnceLock;

use crate::Store;

tokio::task_local! {
    /// Whether the transaction that this task runs wrote something that the delivery loop waits for.
    static RAISED: Cell<bool>;
}

/// Whoever is to be told.
#[derive(Default)]
pub(crate) struct Hints(OnceLock<Box<dyn Fn() + Send + Sync>>);

impl Hints {
    pub(crate) fn give(&self) {
        if let Some(tell) = self.0.get() {
            tell();
        }
    }
}

/// The present transaction writes something to be delivered.
pub(crate) fn raise() {
    // Outside of a writer there is nobody to tell.
    let _ = RAISED.try_with(|raised| raised.set(true));
}

/// Runs `work`; the second value tells whether it raised a hint.
pub(crate) async fn noting<T>(work: impl Future<Output = T>) -> (T, bool) {
    RAISED
        .scope(Cell::new(false), async {
            let value = work.await;
            (value, RAISED.with(Cell::get))
        })
        .await
}

impl Store {
    /// From now on `tell` is called after each write of this process that leaves something for the
    /// delivery loop. Only the first call counts.
    pub fn on_deliveries(&self, tell: impl Fn() + Send + Sync + 'static) {
        let _ = self.hints.0.set(Box::new(tell));
    }
}
