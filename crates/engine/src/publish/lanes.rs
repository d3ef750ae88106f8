//! Whose turn it is: the accounts that have something due, in turns between organizations, so that
//! one tenant's burst does not hold up another's single post, and within one in turns between platforms.
//! Pure; what is in it may be out of date, and the claim finds out.

use std::collections::{HashMap, HashSet, VecDeque};

use domain::{AccountId, OrganizationId, PlatformName};
use store::DueAccount;

/// Accounts that wait for their turn.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// The organizations with waiting accounts, the next one first.
    turns: VecDeque<OrganizationId>,
    /// Their accounts by platform, the next one first.
    waiting: HashMap<OrganizationId, VecDeque<(PlatformName, VecDeque<AccountId>)>>,
    known: HashSet<DueAccount>,
    /// How many accounts of each platform wait.
    counts: HashMap<PlatformName, usize>,
}

impl Lanes {
    /// Adds the accounts that do not wait yet, each at the end of its organization's and platform's.
    pub(super) fn add(&mut self, accounts: impl IntoIterator<Item = DueAccount>) {
        for account in accounts {
            if !self.known.insert(account.clone()) {
                continue;
            }
            let DueAccount { organization_id, account_id, platform } = account;
            *self.counts.entry(platform.clone()).or_default() += 1;
            let lanes = self.waiting.entry(organization_id).or_default();
            if lanes.is_empty() {
                self.turns.push_back(organization_id);
            }
            match lanes.iter_mut().find(|(name, _)| *name == platform) {
                Some((_, lane)) => lane.push_back(account_id),
                None => lanes.push_back((platform, VecDeque::from([account_id]))),
            }
        }
    }

    /// Takes up to `most` accounts: one of each organization, then the next of each, and so on. Those of a
    /// platform that `may_start` refuses keep their place; each that it allows is taken.
    pub(super) fn take(
        &mut self,
        most: usize,
        mut may_start: impl FnMut(&PlatformName) -> bool,
    ) -> Vec<DueAccount> {
        let mut taken = Vec::with_capacity(most.min(self.known.len()));
        let mut held_up = Vec::new();
        while taken.len() < most {
            let Some(organization_id) = self.turns.pop_front() else { break };
            let Some(lanes) = self.waiting.get_mut(&organization_id) else { continue };
            let next = lanes.iter().position(|(platform, _)| may_start(platform));
            let Some((platform, mut lane)) = next.and_then(|next| lanes.remove(next)) else {
                held_up.push(organization_id);
                continue;
            };
            let account_id = lane.pop_front();
            if !lane.is_empty() {
                lanes.push_back((platform.clone(), lane));
            }
            if lanes.is_empty() {
                self.waiting.remove(&organization_id);
            } else {
                self.turns.push_back(organization_id);
            }
            if let Some(account_id) = account_id {
                taken.push(self.forget(DueAccount { organization_id, account_id, platform }));
            }
        }
        for organization_id in held_up.into_iter().rev() {
            self.turns.push_front(organization_id);
        }
        taken
    }

    fn forget(&mut self, account: DueAccount) -> DueAccount {
        self.known.remove(&account);
        if let Some(count) = self.counts.get_mut(&account.platform) {
            *count -= 1;
        }
        account
    }

    /// How many accounts of each platform wait.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&PlatformName, usize)> {
        self.counts.iter().map(|(platform, count)| (platform, *count))
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(organization: u128, number: i64) -> DueAccount {
        account_of("x", organization, number)
    }

    fn account_of(platform: &'static str, organization: u128, number: i64) -> DueAccount {
        DueAccount {
            organization_id: OrganizationId(uuid::Uuid::from_u128(organization)),
            account_id: AccountId(number),
            platform: PlatformName::from_static(platform),
        }
    }

    fn take(lanes: &mut Lanes, most: usize) -> Vec<DueAccount> {
        lanes.take(most, |_| true)
    }

    #[test]
    fn organizations_take_turns_however_much_one_of_them_has_due() {
        let mut lanes = Lanes::default();
        lanes.add((1..=1000).map(|number| account(1, number)));
        lanes.add([account(2, 1), account(2, 2), account(3, 1)]);
        let taken = take(&mut lanes, 5);
        assert_eq!(taken, [account(1, 1), account(2, 1), account(3, 1), account(1, 2), account(2, 2)]);
        lanes.add([account(3, 9)]);
        assert_eq!(take(&mut lanes, 2), [account(1, 3), account(3, 9)], "the turn goes on where it was");
        assert_eq!(take(&mut lanes, 10_000).len(), 997);
        assert!(lanes.is_empty());
    }

    #[test]
    fn an_account_waits_once() {
        let mut lanes = Lanes::default();
        lanes.add([account(1, 1), account(1, 1)]);
        lanes.add([account(1, 1)]);
        assert_eq!((lanes.len(), take(&mut lanes, 9).len()), (1, 1));
    }
    #[test]
    fn the_platforms_of_an_organization_take_turns() {
        let mut lanes = Lanes::default();
        lanes.add((1..=100).map(|number| account(1, number)));
        lanes.add([account_of("threads", 1, 200), account_of("threads", 1, 201)]);
        let numbers: Vec<i64> = take(&mut lanes, 5).iter().map(|account| account.account_id.0).collect();
        assert_eq!(numbers, [1, 200, 2, 201, 3]);
    }

    #[test]
    fn what_a_platform_may_not_start_keeps_its_place_and_holds_nobody_up() {
        let mut lanes = Lanes::default();
        lanes.add([account(1, 1), account(1, 2), account(2, 1), account_of("threads", 2, 2)]);
        let threads = |platform: &PlatformName| platform.as_str() == "threads";
        assert_eq!(lanes.take(9, threads), [account_of("threads", 2, 2)]);
        assert_eq!(lanes.take(9, threads), []);
        let counts: HashMap<_, _> = lanes.counts().map(|(name, count)| (name.as_str(), count)).collect();
        assert_eq!(counts, HashMap::from([("x", 3), ("threads", 0)]));
        assert_eq!(take(&mut lanes, 9), [account(1, 1), account(2, 1), account(1, 2)]);
        assert!(lanes.is_empty());
    }
}
