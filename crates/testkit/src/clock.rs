//! The sandbox's machine clock: the frozen one that the server has too.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use net::{Clock as _, FrozenClock};
use sandbox::SandboxClock;

pub(crate) struct Shared(pub(crate) Arc<FrozenClock>);

impl SandboxClock for Shared {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Emulated delays pass at once: nobody moves the clock while a request is open.
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::ready(()))
    }
}
