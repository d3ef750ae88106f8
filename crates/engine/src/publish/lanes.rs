//! Whose turn it is: the accounts that have something due, in turns between organizations, so that
//! one tenant's burst does not hold up another's single post. Pure; what is in it may be out of
//! date, and the claim finds out.

use std::collections::{HashMap, HashSet, VecDeque};

use domain::{AccountId, OrganizationId};
use store::DueAccount;

/// Accounts that wait for their turn.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// The organizations with waiting accounts, the next one first.
    turns: VecDeque<OrganizationId>,
    waiting: HashMap<OrganizationId, VecDeque<AccountId>>,
    known: HashSet<DueAccount>,
}

impl Lanes {
    /// Adds the accounts that do not wait yet, each at its organization's end.
    pub(super) fn add(&mut self, accounts: impl IntoIterator<Item = DueAccount>) {
        for account in accounts {
            if !self.known.insert(account) {
                continue;
            }
            let lane = self.waiting.entry(account.organization_id).or_default();
            if lane.is_empty() {
                self.turns.push_back(account.organization_id);
            }
            lane.push_back(account.account_id);
        }
    }

    /// Takes up to `most` accounts: one of each organization, then the next of each, and so on.
    pub(super) fn take(&mut self, most: usize) -> Vec<DueAccount> {
        let mut taken = Vec::with_capacity(most.min(self.known.len()));
        while taken.len() < most {
            let Some(organization_id) = self.turns.pop_front() else { break };
            let Some(lane) = self.waiting.get_mut(&organization_id) else { continue };
            if let Some(account_id) = lane.pop_front() {
                let account = DueAccount { organization_id, account_id };
                self.known.remove(&account);
                taken.push(account);
            }
            if lane.is_empty() {
                self.waiting.remove(&organization_id);
            } else {
                self.turns.push_back(organization_id);
            }
        }
        taken
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
        DueAccount {
            organization_id: OrganizationId(uuid::Uuid::from_u128(organization)),
            account_id: AccountId(number),
        }
    }

    #[test]
    fn organizations_take_turns_however_much_one_of_them_has_due() {
        let mut lanes = Lanes::default();
        lanes.add((1..=1000).map(|number| account(1, number)));
        lanes.add([account(2, 1), account(2, 2), account(3, 1)]);
        let taken = lanes.take(5);
        assert_eq!(taken, [account(1, 1), account(2, 1), account(3, 1), account(1, 2), account(2, 2)]);
        lanes.add([account(3, 9)]);
        assert_eq!(lanes.take(2), [account(1, 3), account(3, 9)], "the turn goes on where it was");
        assert_eq!(lanes.take(10_000).len(), 997);
        assert!(lanes.is_empty());
    }

    #[test]
    fn an_account_waits_once() {
        let mut lanes = Lanes::default();
        lanes.add([account(1, 1), account(1, 1)]);
        lanes.add([account(1, 1)]);
        assert_eq!((lanes.len(), lanes.take(9).len()), (1, 1));
    }
}
