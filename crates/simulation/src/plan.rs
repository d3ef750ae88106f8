//! What a seed sets up: workers, accounts, posts, what their authors do later, and what goes wrong.

use domain::{Span, Timestamp};

use crate::chance::Chance;
use crate::faults::Faults;
use crate::ledger::Kind;
use crate::stage::START;

/// How long after the last fault some authors ask once more for what failed.
const LAST_ORDERS: Span = Span::from_minutes(40);

/// A run's set-up.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) workers: Vec<Span>,
    pub(crate) capacity: u32,
    pub(crate) accounts: Vec<PlannedAccount>,
    pub(crate) posts: Vec<PlannedPost>,
    /// What the authors do, in order of time.
    pub(crate) orders: Vec<(Timestamp, Order)>,
    pub(crate) faults: Faults,
    pub(crate) calm_at: Timestamp,
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct PlannedAccount {
    pub(crate) kind: Kind,
    /// How long its tokens last.
    pub(crate) lifetime: Span,
}

/// A post.
#[derive(Clone, Debug)]
pub(crate) struct PlannedPost {
    pub(crate) due: Timestamp,
    pub(crate) accounts: Vec<usize>,
    pub(crate) parts: usize,
}

/// What an author does with a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Create(usize),
    Move(usize),
    Delete(usize),
    Retry(usize),
}

impl Plan {
    /// The plan of a seed. How many workers there are is the seed's rest by three, so that a test
    /// can choose.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let faults = Faults::draw(&mut chance);
        let count = usize::try_from(seed % 3).unwrap_or(0) + 1;
        let workers = (0..count).map(|_| chance.span_ms(0, 2_000)).collect();
        let calm_at = START + chance.span_ms(300_000, 1_200_000);
        let accounts: Vec<PlannedAccount> = (0..=chance.index(3)).map(|_| account(&mut chance)).collect();
        let posts: Vec<PlannedPost> =
            (0..=chance.index(5)).map(|_| post(&mut chance, accounts.len())).collect();
        let orders = orders(&mut chance, &posts, calm_at);
        let capacity = u32::try_from(chance.between(1, 5)).unwrap_or(1);
        Self { workers, capacity, accounts, posts, orders, faults, calm_at }
    }
}

fn account(chance: &mut Chance) -> PlannedAccount {
    let kind = match chance.between(0, 5) {
        0 => Kind::Refusing,
        1 => Kind::Blind,
        _ => Kind::Readable,
    };
    PlannedAccount { kind, lifetime: chance.span_ms(360_000, 3_600_000) }
}

fn post(chance: &mut Chance, accounts: usize) -> PlannedPost {
    let first = chance.index(accounts);
    let mut targets = vec![first];
    if accounts > 1 && chance.happens(4_000) {
        targets.push((first + 1) % accounts);
    }
    // Many are due at about the same moment.
    let due = if chance.happens(5_000) { START } else { START + chance.span_ms(0, 240_000) };
    let parts = if chance.happens(3_500) { 2 + chance.index(2) } else { 1 };
    PlannedPost { due, accounts: targets, parts }
}

fn orders(chance: &mut Chance, posts: &[PlannedPost], calm_at: Timestamp) -> Vec<(Timestamp, Order)> {
    let mut orders = Vec::new();
    for (number, post) in posts.iter().enumerate() {
        orders.push((START, Order::Create(number)));
        if chance.happens(2_500) {
            let before = chance.span_ms(0, 30_000);
            orders.push((post.due + Span::from_micros(-before.as_micros()), Order::Move(number)));
        }
        if chance.happens(1_500) {
            orders.push((post.due + chance.span_ms(0, 120_000), Order::Delete(number)));
        }
        for _ in 0..chance.index(3) {
            orders.push((post.due + chance.span_ms(20_000, 900_000), Order::Retry(number)));
        }
        if chance.happens(5_000) {
            orders.push((calm_at + LAST_ORDERS, Order::Retry(number)));
        }
    }
    orders.sort_unstable();
    orders
}
