//! Comparing what was accepted, what the API says and what is public. Pure.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::collect::{Found, Told};
use crate::sent::{Fate, SentPost};
use crate::tenants::{Account, Tenant};

/// The code of a destination of which nobody can know.
const UNKNOWN: &str = "outcome_unknown";

/// What the comparison came to. A run is good when the last five are empty.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    pub(crate) accepted: usize,
    /// Of the accepted ones, those whose answer was lost and that were found by listing.
    pub(crate) found_later: usize,
    pub(crate) published: usize,
    /// By code.
    pub(crate) failed: BTreeMap<String, usize>,
    /// Threads of which only the first parts went out, and the reason says so.
    pub(crate) broken_off: usize,
    /// By platform, where nobody could know.
    pub(crate) unknown: BTreeMap<String, usize>,
    /// Unknown where somebody could have known.
    pub(crate) unknown_without_reason: Vec<String>,
    pub(crate) lost: Vec<String>,
    pub(crate) duplicated: Vec<String>,
    /// The API says failed, and it is live all the same.
    pub(crate) wrong: Vec<String>,
    /// Public without having been accepted, and the like.
    pub(crate) strange: Vec<String>,
}

impl Verdicts {
    /// Whether everything was published exactly once or says why not.
    pub(crate) fn are_good(&self) -> bool {
        self.bad().iter().all(|(_, list)| list.is_empty())
    }

    /// What may not be, by name.
    pub(crate) fn bad(&self) -> [(&'static str, &Vec<String>); 5] {
        [
            ("LOST", &self.lost),
            ("DUPLICATED", &self.duplicated),
            ("WRONG", &self.wrong),
            ("UNKNOWN without reason", &self.unknown_without_reason),
            ("STRANGE", &self.strange),
        ]
    }
}

type Ledger = BTreeMap<(usize, usize, String, String), usize>;

/// Compares.
pub(crate) fn audit(found: &Found, before: &[SentPost], tenants: &[Arc<Tenant>]) -> Verdicts {
    let mut verdicts = Verdicts { strange: found.strange.clone(), ..Verdicts::default() };
    let first_fates: HashMap<usize, &Fate> = before.iter().map(|post| (post.number, &post.fate)).collect();
    let mut meant = HashSet::new();
    for post in &found.posts {
        let Fate::Accepted(id) = &post.fate else { continue };
        let told = found.told.get(&post.number);
        if first_fates.get(&post.number) == Some(&&Fate::Unclear) {
            verdicts.found_later += post.targets.len();
        }
        for &target in &post.targets {
            verdicts.accepted += 1;
            let account = &tenants[post.tenant].accounts[target];
            meant.insert((post.number, account.platform.to_owned(), account.owner.clone()));
            let name = format!("post {id} (mark {}) on {} {}", post.number, account.platform, account.owner);
            let told = told.and_then(|rows| rows.iter().find(|row| row.account_id == account.id));
            judge(&mut verdicts, &name, post, account, told, found);
        }
    }
    for ((number, part, platform, owner), count) in &found.ledger {
        if *count > 1 {
            verdicts
                .duplicated
                .push(format!("mark {number} part {part} on {platform} {owner}: {count} times"));
        }
        if !meant.contains(&(*number, platform.clone(), owner.clone())) {
            verdicts.strange.push(format!("mark {number} is public on {platform} {owner}, not accepted"));
        }
    }
    verdicts
}

fn judge(
    verdicts: &mut Verdicts,
    name: &str,
    post: &SentPost,
    account: &Account,
    told: Option<&Told>,
    found: &Found,
) {
    let parts = account.parts_of(post.parts);
    let live = live_parts(&found.ledger, post.number, parts, account);
    let Some(told) = told else {
        verdicts.lost.push(format!("{name}: the API does not know it"));
        return;
    };
    match (told.status.as_str(), told.error_code.as_deref()) {
        ("published", _) if live == parts => verdicts.published += 1,
        ("published", _) => {
            verdicts.lost.push(format!("{name}: published says the API, {live} of {parts} parts are public"));
        }
        ("failed", Some(UNKNOWN)) => {
            // A LinkedIn member's posts cannot be read back; elsewhere only lost access excuses.
            if account.platform == "linkedin" || found.dead_accounts.contains(&account.id) {
                *verdicts.unknown.entry(account.platform.to_owned()).or_default() += 1;
            } else {
                verdicts.unknown_without_reason.push(format!("{name}: {:?}", told.error));
            }
        }
        ("failed", Some(code)) => {
            *verdicts.failed.entry(code.to_owned()).or_default() += 1;
            if live == parts {
                verdicts
                    .wrong
                    .push(format!("{name}: {code} says the API, and it is public: {:?}", told.error));
            } else if live > 0 {
                verdicts.broken_off += 1;
            }
        }
        ("failed", None) => verdicts.lost.push(format!("{name}: failed without a reason: {:?}", told.error)),
        (other, _) => verdicts.lost.push(format!("{name}: still {other}")),
    }
}

fn live_parts(ledger: &Ledger, number: usize, parts: usize, account: &Account) -> usize {
    (0..parts)
        .filter(|part| {
            ledger.contains_key(&(number, *part, account.platform.to_owned(), account.owner.clone()))
        })
        .count()
}

#[cfg(test)]
mod tests;
