//! One turn of the loop: look for accounts with something due, claim as many as there is room for,
//! and say when to come around again.

use std::collections::HashMap;

use domain::causes::with_causes;
use domain::{Span, Timestamp};
use store::{Claim, DueAccount, Lease, StoreError};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::CLAIM_BATCH;
use super::lanes::Lanes;
use super::shares::{Room, Shares};
use crate::Engine;

/// More accounts than this are not remembered; the rest is found by a later look.
const MOST_ACCOUNTS: u32 = 100_000;
/// How often new work is looked for while there is enough to do: what bounds how long a burst of
/// one organization can hide another's single post.
const LOOK_EVERY: Span = Span::from_millis(500);
/// A look may take this share of the time: looking costs more the more is due.
const LOOK_SHARE: i64 = 10;
/// However long a look seemed to take: the clock may have been moved meanwhile.
const LONGEST_REST: Span = Span::from_seconds(1);
/// A free slot waits so long for others, so that one claim serves many.
const GATHER: Span = Span::from_millis(10);
/// How soon an account is tried again that another claim had in hand.
const TRY_AGAIN: Span = Span::from_millis(250);
/// How long the loop leaves a failing database alone.
const AFTER_FAILURE: Span = Span::from_seconds(1);
const ALWAYS: Timestamp = Timestamp::from_micros(i64::MIN);

/// What a job leaves behind.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) account: DueAccount,
    /// Whether its destination is at its end; one that waits may be due already.
    pub(super) is_over: bool,
}

/// What the loop remembers between turns. All of it can be lost.
pub(super) struct Turn {
    pub(super) running: JoinSet<Ended>,
    shares: Shares,
    lanes: Lanes,
    /// The accounts that a job is at, and whether something else of them is known to be due.
    busy: HashMap<DueAccount, bool>,
    stopping: watch::Receiver<bool>,
    /// When to look for accounts again, and not before which moment.
    look_at: Timestamp,
    earliest_look: Timestamp,
    /// Since when there is a free slot that nothing was claimed for.
    free_since: Option<Timestamp>,
}

impl Turn {
    pub(super) fn new(capacity: u32, stopping: watch::Receiver<bool>) -> Self {
        Self {
            running: JoinSet::new(),
            shares: Shares::new(capacity),
            lanes: Lanes::default(),
            busy: HashMap::new(),
            stopping,
            look_at: ALWAYS,
            earliest_look: ALWAYS,
            free_since: None,
        }
    }

    /// Something new is due.
    pub(super) fn look_soon(&mut self) {
        self.look_at = ALWAYS;
    }

    /// A job has ended: its account is free for what else of it is due.
    pub(super) fn note_end(&mut self, ended: Result<Ended, JoinError>) {
        if let Some(Ended { account, is_over }) = end_of(ended) {
            if self.busy.remove(&account).unwrap_or(true) || !is_over {
                self.lanes.add([account]);
            }
        } else {
            // Whose it was is not known any more, so every account counts as free.
            self.busy.clear();
            self.look_soon();
        }
    }

    /// Jobs begin for these.
    fn note_start(&mut self, claims: &[Claim]) {
        self.busy.extend(claims.iter().map(|claim| (account(claim), claim.lane_has_more)));
    }

    /// These have something due. Returns how many of them are free.
    fn note_due(&mut self, accounts: Vec<DueAccount>) -> usize {
        let mut free = accounts;
        free.retain(|account| match self.busy.get_mut(account) {
            Some(has_more) => {
                *has_more = true;
                false
            }
            None => true,
        });
        let count = free.len();
        self.lanes.add(free);
        count
    }

    /// How many of the accounts that wait may be claimed now, if `free` at most.
    fn startable(&self, free: usize, room: &Room) -> usize {
        let by_platform = self.lanes.counts().map(|(platform, count)| count.min(room.left_for(platform)));
        by_platform.sum::<usize>().min(free)
    }

    fn next_look(&self) -> Timestamp {
        self.look_at.max(self.earliest_look)
    }
}

/// Whose destination it is.
pub(super) fn account(claim: &Claim) -> DueAccount {
    let Lease { organization_id, account_id, ref platform, .. } = claim.lease;
    DueAccount { organization_id, account_id, platform: platform.clone() }
}

/// What a job left behind; nothing when it panicked.
pub(super) fn end_of(ended: Result<Ended, JoinError>) -> Option<Ended> {
    match ended {
        Ok(ended) => Some(ended),
        Err(error) => {
            if error.is_panic() {
                tracing::error!("a publish job panicked; its destination is looked up when its lease ends");
            }
            None
        }
    }
}

impl Engine {
    /// Starts what is due; returns when to come around again.
    pub(super) async fn take_turn(&self, turn: &mut Turn) -> Timestamp {
        let taken = self.try_turn(turn).await;
        self.note_look(taken.is_ok());
        match taken {
            Ok(until) => until,
            Err(error) => {
                tracing::error!(error = %with_causes(&error), "cannot look for due destinations");
                turn.look_soon();
                self.wake.look_failed();
                self.parts.clock.now() + AFTER_FAILURE
            }
        }
    }

    async fn try_turn(&self, turn: &mut Turn) -> Result<Timestamp, StoreError> {
        // Jobs that ended together make room together.
        while let Some(ended) = turn.running.try_join_next() {
            turn.note_end(ended);
        }
        if self.parts.clock.now() >= turn.next_look() {
            self.look(turn).await?;
        }
        let capacity = usize::try_from(self.config.capacity).unwrap_or(usize::MAX);
        while !turn.lanes.is_empty() {
            let free = capacity.saturating_sub(turn.running.len());
            let now = self.parts.clock.now();
            let mut room = turn.shares.room();
            let startable = turn.startable(free, &room);
            if startable == 0 {
                // No slot is free, or all that waits is of platforms that have their share.
                turn.free_since = None;
                break;
            }
            let gathered = *turn.free_since.get_or_insert(now) + GATHER;
            if startable < turn.lanes.len() && startable < capacity / 8 && now < gathered {
                return Ok(gathered.min(turn.next_look()));
            }
            turn.free_since = None;
            let most = startable.min(usize::try_from(CLAIM_BATCH).unwrap_or(startable));
            let accounts = turn.lanes.take(most, |platform| room.take(platform));
            let wanted = accounts.len();
            let claims = self.claim_accounts(accounts, now).await?;
            if claims.len() < wanted {
                // Some are busy, some were in another claim's hands.
                turn.look_at = turn.look_at.min(now + TRY_AGAIN);
            }
            turn.note_start(&claims);
            let Turn { running, shares, stopping, .. } = turn;
            self.start(claims, running, shares, stopping).await;
        }
        if let Some(next) = self.parts.store.next_work(self.parts.clock.now()).await? {
            turn.look_at = turn.look_at.min(next);
        }
        Ok(turn.next_look())
    }

    /// Finds the accounts that have something due, and plans the next look.
    async fn look(&self, turn: &mut Turn) -> Result<(), StoreError> {
        let store = &self.parts.store;
        let begun = self.parts.clock.now();
        self.limits.wake_accounts(store, begun).await?;
        let free = turn.note_due(store.list_due_accounts(&self.owner, begun, MOST_ACCOUNTS).await?);
        turn.look_at = begun + if free == 0 { self.config.poll } else { LOOK_EVERY };
        let cost = self.parts.clock.now().since(begun);
        turn.earliest_look = begun + cost.times(LOOK_SHARE).min(LONGEST_REST);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, DestinationId, OrganizationId, PlatformName, PostId};
    use store::Work;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn claim(number: i64, lane_has_more: bool) -> Claim {
        let organization_id = OrganizationId(uuid::Uuid::from_u128(1));
        let destination_id = DestinationId(uuid::Uuid::from_u128(2));
        Claim {
            lease: Lease {
                organization_id,
                destination_id,
                post_id: PostId(uuid::Uuid::from_u128(3)),
                account_id: AccountId(number),
                platform: PlatformName::from_static("fake"),
                token: 1,
            },
            scheduled_for: NOW,
            lease_until: NOW,
            lane_has_more,
            work: Work::default(),
        }
    }

    fn over(claim: &Claim) -> Ended {
        Ended { account: account(claim), is_over: true }
    }

    fn turn() -> Turn {
        let (_, stopping) = watch::channel(false);
        Turn::new(8, stopping)
    }

    #[test]
    fn an_account_waits_again_after_a_job_if_more_of_it_is_due() {
        let (mut turn, quiet, busy) = (turn(), claim(1, false), claim(2, true));
        turn.note_start(&[quiet.clone(), busy.clone()]);
        turn.note_end(Ok(over(&quiet)));
        assert!(turn.lanes.is_empty(), "nothing is asked for in vain");
        turn.note_end(Ok(over(&busy)));
        assert_eq!(turn.lanes.take(9, |_| true), [account(&busy)]);
    }

    #[test]
    fn what_is_to_be_tried_again_may_be_due_at_once() {
        let (mut turn, waiting) = (turn(), claim(1, false));
        turn.note_start(std::slice::from_ref(&waiting));
        turn.note_end(Ok(Ended { account: account(&waiting), is_over: false }));
        assert_eq!(turn.lanes.take(9, |_| true), [account(&waiting)]);
    }

    #[test]
    fn what_becomes_due_during_a_job_comes_after_it() {
        let (mut turn, busy, free) = (turn(), claim(1, false), claim(2, false));
        turn.note_start(std::slice::from_ref(&busy));
        assert_eq!(turn.note_due(vec![account(&busy), account(&free)]), 1);
        assert_eq!(turn.lanes.take(9, |_| true), [account(&free)]);
        turn.note_end(Ok(over(&busy)));
        assert_eq!(turn.lanes.take(9, |_| true), [account(&busy)]);
    }

    #[tokio::test]
    async fn after_a_panic_every_account_counts_as_free() {
        let (mut turn, one, other) = (turn(), claim(1, false), claim(2, false));
        turn.note_start(&[one, other.clone()]);
        turn.look_at = NOW;
        turn.note_end(tokio::spawn(async { panic!("a bug") }).await);
        assert_eq!(turn.look_at, ALWAYS);
        turn.note_end(Ok(over(&other)));
        assert_eq!(turn.lanes.len(), 1);
    }
}
