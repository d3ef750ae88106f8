//! Counts that all nodes share. A node takes a few tokens at a time and spends them without asking.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::AppError;
use app::counters::{Counters, TokenAsk};
use domain::Timestamp;
use domain::rate::{Block, Grant, Shape};

use super::{DAY, HOUR, Limited, Limits, MINUTE, Payer, Standing};

const SHARDS: usize = 16;
/// Keys that were not used for a day are forgotten when a shard holds this many.
const SWEEP_ABOVE: usize = 1024;
/// How often a request asks when others of the same key take what it was granted.
const MOST_ROUNDS: usize = 4;

/// A key's windows; the number is the place in all arrays here. Asked for in this order on every
/// node, so that two of them never wait for one another.
const KINDS: [(&str, &str); 6] = [
    ("requests_minute", "requests per minute"),
    ("requests_hour", "requests per hour"),
    ("posts_minute", "posts per minute"),
    ("posts_hour", "posts per hour"),
    ("posts_day", "posts per day"),
    ("ai_hour", "AI calls per hour"),
];
const REQUESTS: [usize; 2] = [0, 1];
const POSTS_NOW: [usize; 3] = [2, 3, 4];
const POSTS_LATER: [usize; 2] = [3, 4];
const AI: [usize; 1] = [5];

/// Tokens that were spent: by window, the bucket that each was counted in.
#[derive(Debug)]
pub(crate) struct Spent(Vec<(usize, i64)>);

/// Counts per key, this node's share of them.
pub(super) struct SharedLimiter {
    shapes: [Shape; 6],
    counters: Arc<dyn Counters>,
    shards: Vec<Mutex<HashMap<Payer, Purse>>>,
}

/// A key's tokens.
#[derive(Default)]
struct Purse {
    blocks: [Block; 6],
    last_used: Option<Timestamp>,
    /// Held while the counters are asked, so that a burst asks once and not once each.
    asking: Arc<tokio::sync::Mutex<()>>,
}

/// What a look into the purse says.
enum Look {
    Spent(Spent),
    Full(usize),
    Ask(Vec<usize>),
}

impl SharedLimiter {
    pub(super) fn new(limits: Limits, counters: Arc<dyn Counters>) -> Self {
        // A block lives as long as a bucket. Five seconds of the minute keep the counters quiet; a
        // count then leaves up to five seconds late.
        let minute = |limit| Shape { limit, length: MINUTE, parts: 12 };
        let long = |limit, length| Shape { limit, length, parts: 60 };
        let shapes = [
            minute(limits.requests_per_minute),
            long(limits.requests_per_hour, HOUR),
            minute(limits.posts_per_minute),
            long(limits.posts_per_hour, HOUR),
            long(limits.posts_per_day, DAY),
            long(limits.ai_per_hour, HOUR),
        ];
        Self { shapes, counters, shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    pub(super) async fn take_request(
        &self,
        payer: Payer,
        now: Timestamp,
    ) -> Result<(Standing, Option<Limited>), AppError> {
        let taken = self.take(payer, &REQUESTS, now).await?;
        let shape = &self.shapes[REQUESTS[0]];
        let standing = self.with(payer, now, |purse| {
            let minute = &purse.blocks[REQUESTS[0]];
            Standing {
                limit: shape.limit,
                remaining: minute.remaining(shape, now),
                reset_at: minute.frees_at(shape, now),
            }
        });
        Ok((standing, taken.err()))
    }

    pub(super) async fn take_post(
        &self,
        payer: Payer,
        is_for_later: bool,
        now: Timestamp,
    ) -> Result<Result<Spent, Limited>, AppError> {
        let windows: &[usize] = if is_for_later { &POSTS_LATER } else { &POSTS_NOW };
        self.take(payer, windows, now).await
    }

    pub(super) async fn take_ai(
        &self,
        payer: Payer,
        now: Timestamp,
    ) -> Result<Result<(), Limited>, AppError> {
        Ok(self.take(payer, &AI, now).await?.map(|_| ()))
    }

    pub(super) fn give_back(&self, payer: Payer, spent: Spent, now: Timestamp) {
        self.with(payer, now, |purse| {
            for (window, bucket) in spent.0 {
                purse.blocks[window].put_back(bucket, now);
            }
        });
    }

    /// Takes one token from each of these windows, or none from any.
    async fn take(
        &self,
        payer: Payer,
        windows: &[usize],
        now: Timestamp,
    ) -> Result<Result<Spent, Limited>, AppError> {
        if let Some(taken) = self.look(payer, windows, now, &[]).taken(self, payer, now) {
            return Ok(taken);
        }
        let asking = self.with(payer, now, |purse| Arc::clone(&purse.asking));
        let _turn = asking.lock().await;
        let mut fresh = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let lacking = match self.look(payer, windows, now, &fresh) {
                Look::Ask(lacking) => lacking,
                look @ (Look::Spent(_) | Look::Full(_)) => {
                    return look.taken(self, payer, now).ok_or_else(|| AppError::Internal("no look".into()));
                }
            };
            let asks = self.with(payer, now, |purse| {
                lacking.iter().map(|&window| self.ask(&mut purse.blocks[window], window, now)).collect()
            });
            let grants = self.counters.take_tokens(payer, asks, now).await?;
            fresh = lacking.into_iter().zip(grants).collect();
        }
        let window = windows[0];
        Ok(Err(self.limited(payer, window, now)))
    }

    /// Takes in what was granted and spends what is needed, in one go.
    fn look(&self, payer: Payer, windows: &[usize], now: Timestamp, fresh: &[(usize, Grant)]) -> Look {
        self.with(payer, now, |purse| {
            for (window, grant) in fresh {
                purse.blocks[*window].take_in(*grant, now);
            }
            if let Some(&full) = windows.iter().find(|&&window| purse.blocks[window].is_known_full(now)) {
                return Look::Full(full);
            }
            let lacking: Vec<usize> =
                windows.iter().copied().filter(|&window| !purse.blocks[window].has_one(now)).collect();
            if !lacking.is_empty() {
                return Look::Ask(lacking);
            }
            let spend = |&window: &usize| Some((window, purse.blocks[window].spend(now)?));
            Look::Spent(Spent(windows.iter().filter_map(spend).collect()))
        })
    }

    fn ask(&self, block: &mut Block, window: usize, now: Timestamp) -> TokenAsk {
        let shape = self.shapes[window];
        TokenAsk { kind: KINDS[window].0, shape, ask: block.ask(&shape, now) }
    }

    fn limited(&self, payer: Payer, window: usize, now: Timestamp) -> Limited {
        let shape = &self.shapes[window];
        let frees_at = self.with(payer, now, |purse| purse.blocks[window].frees_at(shape, now));
        Limited { what: KINDS[window].1, seconds: frees_at.since(now).as_seconds_ceil().max(1) }
    }

    fn with<T>(&self, payer: Payer, now: Timestamp, work: impl FnOnce(&mut Purse) -> T) -> T {
        // The end of a key's id is random; its beginning is the time it was made.
        let shard = usize::from(payer.key.0.as_bytes()[15]) % SHARDS;
        let mut purses = lock(&self.shards[shard]);
        if purses.len() > SWEEP_ABOVE && !purses.contains_key(&payer) {
            purses.retain(|_, purse| purse.last_used.is_some_and(|used| used + DAY > now));
        }
        let purse = purses.entry(payer).or_default();
        purse.last_used = Some(now);
        work(purse)
    }
}

impl Look {
    /// The outcome, unless the counters have to be asked.
    fn taken(self, limiter: &SharedLimiter, payer: Payer, now: Timestamp) -> Option<Result<Spent, Limited>> {
        match self {
            Self::Spent(spent) => Some(Ok(spent)),
            Self::Full(window) => Some(Err(limiter.limited(payer, window, now))),
            Self::Ask(_) => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::counters::Grants;
    use domain::rate::Ring;
    use domain::{ApiKeyId, OrganizationId, Span};

    const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const LIMITS: Limits = Limits::of([30, 100], [2, 3, 9]);

    #[derive(Default)]
    struct InMemory {
        rings: Mutex<HashMap<(ApiKeyId, &'static str), Ring>>,
        asked: Mutex<usize>,
    }

    impl Counters for InMemory {
        fn take_tokens(&self, payer: Payer, asks: Vec<TokenAsk>, now: Timestamp) -> Grants<'_> {
            *lock(&self.asked) += 1;
            let mut rings = lock(&self.rings);
            let grant = |ask: TokenAsk| {
                let ring = rings.entry((payer.key, ask.kind)).or_insert_with(|| ask.shape.ring());
                ask.shape.grant(ring, &ask.ask, now)
            };
            let grants = asks.into_iter().map(grant).collect();
            Box::pin(async move {
                tokio::task::yield_now().await;
                Ok(grants)
            })
        }
    }

    fn payer() -> Payer {
        let id = uuid::Uuid::from_u128(7);
        Payer { organization: OrganizationId(id), key: ApiKeyId(id) }
    }

    fn nodes(count: usize) -> (Arc<InMemory>, Vec<SharedLimiter>) {
        let counters = Arc::new(InMemory::default());
        let node = |_| SharedLimiter::new(LIMITS, Arc::clone(&counters) as Arc<dyn Counters>);
        let nodes = (0..count).map(node).collect();
        (counters, nodes)
    }

    #[tokio::test]
    async fn no_rolling_window_sees_more_than_its_limit_whichever_node_is_asked() {
        let (_, nodes) = nodes(3);
        let mut passed: Vec<Timestamp> = Vec::new();
        let mut now = START;
        let mut dice = 12_345_u64;
        for _ in 0..3_000 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            now = now + Span::from_millis(i64::try_from((dice >> 33) % 3_000).unwrap());
            let node = &nodes[usize::try_from((dice >> 20) % 3).unwrap()];
            let (standing, limited) = node.take_request(payer(), now).await.unwrap();
            assert!(standing.remaining <= 30 && standing.reset_at > now);
            if limited.is_none() {
                passed.push(now);
            }
            for (length, limit) in [(MINUTE, 30), (HOUR, 100)] {
                let inside = passed.iter().filter(|at| **at + length > now).count();
                assert!(inside <= limit, "{inside} in {length:?}");
            }
        }
        assert!(passed.len() > 100, "{}", passed.len());
    }

    #[tokio::test]
    async fn a_burst_gets_the_whole_limit_and_asks_seldom() {
        let (counters, nodes) = nodes(2);
        let mut passed = 0;
        for turn in 0..200 {
            let (_, limited) = nodes[turn % 2].take_request(payer(), START).await.unwrap();
            passed += usize::from(limited.is_none());
        }
        assert_eq!(passed, 30);
        let asked = *lock(&counters.asked);
        assert!(asked < 25, "{asked} round trips for 200 requests");
    }

    #[tokio::test]
    async fn callers_at_the_same_moment_do_not_ask_once_each() {
        let (counters, nodes) = nodes(1);
        let node = Arc::new(nodes.into_iter().next().unwrap());
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let node = Arc::clone(&node);
            calls.spawn(async move { node.take_request(payer(), START).await.unwrap().1.is_none() });
        }
        assert_eq!(calls.join_all().await.into_iter().filter(|passed| *passed).count(), 20);
        let asked = *lock(&counters.asked);
        assert!(asked < 20, "{asked} round trips for 20 requests");
    }

    #[tokio::test]
    async fn a_post_that_was_not_made_can_be_made_at_another_node() {
        let (_, nodes) = nodes(2);
        let take = async |node: usize| nodes[node].take_post(payer(), true, START).await.unwrap();
        let first = take(0).await.unwrap();
        take(0).await.unwrap();
        take(1).await.unwrap();
        assert_eq!(take(1).await.unwrap_err().what, "posts per hour");
        nodes[0].give_back(payer(), first, START);
        take(0).await.unwrap();
        assert_eq!(take(0).await.unwrap_err().what, "posts per hour");
        let now = nodes[1].take_post(payer(), false, START).await.unwrap();
        assert_eq!(now.unwrap_err().what, "posts per hour");
    }
}
