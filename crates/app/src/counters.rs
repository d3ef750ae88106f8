//! Counts of API keys that several nodes share: the port that the API's limits work through.

use std::future::Future;
use std::pin::Pin;

use domain::rate::{Ask, Grant, Shape};
use domain::{ApiKeyId, OrganizationId, Timestamp};
use store::{Store, WindowAsk};

use crate::AppError;

/// Whose tokens are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Payer {
    /// The organization that the key belongs to.
    pub organization: OrganizationId,
    /// The key.
    pub key: ApiKeyId,
}

/// What is asked of one of a key's windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAsk {
    /// The window's stable name.
    pub kind: &'static str,
    /// The limit, and how the window is cut.
    pub shape: Shape,
    /// What is asked.
    pub ask: Ask,
}

/// What counters answer.
pub type Grants<'a> = Pin<Box<dyn Future<Output = Result<Vec<Grant>, AppError>> + Send + 'a>>;

/// Counts that are the same for every node.
pub trait Counters: Send + Sync + 'static {
    /// Takes tokens from a key's windows; the grants come in the order of the asks. Over all nodes
    /// no window ever gives more than its limit.
    fn take_tokens(&self, payer: Payer, asks: Vec<TokenAsk>, now: Timestamp) -> Grants<'_>;
}

/// Counts in the database.
#[derive(Clone)]
pub struct StoredCounters(pub Store);

impl Counters for StoredCounters {
    fn take_tokens(&self, payer: Payer, asks: Vec<TokenAsk>, now: Timestamp) -> Grants<'_> {
        Box::pin(async move {
            let asks = asks
                .into_iter()
                .map(|TokenAsk { kind, shape, ask }| WindowAsk { kind, shape, ask })
                .collect();
            Ok(self.0.take_tokens(payer.organization, payer.key, asks, now).await?)
        })
    }
}
