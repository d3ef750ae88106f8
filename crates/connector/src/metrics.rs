//! Reading the numbers of what is published. Changes nothing on the platform.

use std::future::Future;
use std::pin::Pin;

use domain::Timestamp;
use domain::metrics::Figures;

use crate::{Cx, Failure};

/// A post that is live on the account at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivePost {
    /// The platform's id of it, of a thread's first part.
    pub id: String,
    /// Its public address.
    pub url: String,
    /// When it went live.
    pub published_at: Timestamp,
}

/// What a look at a post came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostReading {
    /// These are its numbers. What the platform does not tell is missing.
    Read(Figures),
    /// The platform does not show it any more.
    Gone,
}

/// A reading that is under way.
pub type Reading<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A platform that tells how posts and accounts do.
///
/// A failure's class says what follows: [`domain::Class::PermissionMissing`] ends the readings,
/// [`domain::Class::RateLimited`] and [`domain::Class::QuotaExhausted`] put them off, the rest is tried
/// again.
pub trait Metrics: Send + Sync {
    /// The numbers of one post.
    fn read_post<'a>(&'a self, cx: &'a Cx<'a>, post: &'a LivePost) -> Reading<'a, PostReading>;

    /// How many follow the account; `None` where it hides that.
    fn read_followers<'a>(&'a self, cx: &'a Cx<'a>) -> Reading<'a, Option<i64>>;

    /// How many readings one app takes an hour, so that calls which publish find their budget whole.
    fn per_hour(&self) -> u32 {
        1_200
    }
}
