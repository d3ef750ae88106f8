//! Taking live copies down.

use std::future::Future;
use std::pin::Pin;

use crate::{Cx, Failure};

/// How a platform's live copies are taken down.
pub trait Deletion: Send + Sync {
    /// The platform's ids of what is live of a destination, in the order in which it went out: the parts of a
    /// thread, and a first comment. `platform_post_id` is that of its receipt, `state` what its publish left.
    fn live(&self, platform_post_id: Option<&str>, state: Option<&str>) -> Vec<String>;

    /// Takes one of them down. What is gone already is no failure.
    ///
    /// # Errors
    /// As every call to a platform.
    fn delete<'a>(
        &'a self,
        cx: &'a Cx<'a>,
        id: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;
}
