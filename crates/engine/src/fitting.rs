//! Who makes which copy in this process, so that nobody makes the same one beside somebody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// As many keys are remembered before those that nobody holds are forgotten.
const FORGET_ABOVE: usize = 64;

/// One lock for each copy that is being made.
#[derive(Debug, Default)]
pub(crate) struct Fitting(Mutex<HashMap<String, Weak<AsyncMutex<()>>>>);

impl Fitting {
    /// Waits until nobody else makes the copy of this key.
    pub(crate) async fn hold(&self, key: String) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if locks.len() > FORGET_ABOVE {
                locks.retain(|_, lock| lock.strong_count() > 0);
            }
            let known = locks.get(&key).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let made = Arc::new(AsyncMutex::new(()));
                locks.insert(key, Arc::downgrade(&made));
                made
            })
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_copy_is_made_by_one_at_a_time() {
        let fitting = Fitting::default();
        let held = fitting.hold("a".to_owned()).await;
        let _other = fitting.hold("b".to_owned()).await;
        let waiting = fitting.hold("a".to_owned());
        tokio::pin!(waiting);
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        drop(held);
        let _now = waiting.await;
    }
}
