//! Times that are worth posting at, from how the workspace's own posts did and when they went live.

use std::collections::BTreeMap;

use domain::best_times::{LOOK_BACK, QUARTER, Week, usual};
use domain::queue::{Slot, Timetable};
use domain::{AccountId, PlatformName, Span, Timestamp};
use store::AccountRow;

use crate::queue::Opening;
use crate::{App, AppError, Caller};

/// Whose best times are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// These accounts'.
    Accounts(Vec<AccountId>),
    /// All the workspace's accounts' on a platform.
    Platform(PlatformName),
}

/// What a recommendation rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The account's own posts, or those of the accounts that were named, taken together.
    Personal,
    /// The posts of all the workspace's accounts on the platform.
    Platform,
    /// A habit; too little is known.
    General,
}

impl Basis {
    /// The basis as it is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Platform => "platform",
            Self::General => "general",
        }
    }
}

/// A time of the week and its next moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestSlot {
    /// The time of the week.
    pub slot: Slot,
    /// When it is next.
    pub next: Opening,
}

/// Times for one account, for a platform, or for several accounts together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The account, if it is for one.
    pub account_id: Option<AccountId>,
    /// The platform; `None` where accounts of several are taken together.
    pub platform: Option<PlatformName>,
    /// The best first.
    pub slots: Vec<BestSlot>,
    /// What they rest on.
    pub basis: Basis,
    /// How many posts that is.
    pub posts: u64,
    /// Whether it is how these posts did, and not only when they went live.
    pub is_read: bool,
}

/// Recommendations in a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestTimes {
    /// The zone.
    pub timezone: String,
    /// For several accounts together.
    pub combined: Option<Recommendation>,
    /// For each account in the order in which they were named, or for the platform.
    pub each: Vec<Recommendation>,
}

/// The best times to post at. Without a zone, the queue's is taken, or UTC.
///
/// # Errors
/// [`AppError::InvalidAccounts`], [`AppError::InvalidTimezone`], [`AppError::Validation`].
pub async fn get(
    app: &App,
    caller: &Caller,
    whose: Whose,
    timezone: Option<String>,
) -> Result<BestTimes, AppError> {
    let zone = crate::queue::zone_or_own(app, caller, timezone).await?;
    let invalid = || AppError::InvalidTimezone(zone.chars().take(100).collect());
    let known = Known::read(app, caller, Timetable::new(&zone, Vec::new()).ok_or_else(invalid)?).await?;
    let next = NextMoment { zone: &zone, now: app.clock.now() };
    let (combined, each) = match whose {
        Whose::Platform(platform) => {
            if app.registry.spec(&platform).is_none() {
                let message = format!("\"{platform}\" is no platform.");
                return Err(AppError::validation("platform", message));
            }
            let week = known.platform(&platform);
            (None, vec![next.recommend(None, Some(platform), &[(Basis::Platform, week)])])
        }
        Whose::Accounts(ids) => {
            let accounts = known.find(&ids)?;
            let each = accounts.iter().map(|account| {
                let own = known.weeks.get(&account.id).cloned().unwrap_or_default();
                let shared = known.platform(&account.platform);
                let weeks = [(Basis::Personal, own), (Basis::Platform, shared)];
                next.recommend(Some(account.id), Some(account.platform.clone()), &weeks)
            });
            let each = each.collect();
            ((accounts.len() > 1).then(|| known.combine(&accounts, &next)), each)
        }
    };
    Ok(BestTimes { combined, each, timezone: zone.clone() })
}

/// What is known of the workspace's posts.
struct Known {
    accounts: Vec<AccountRow>,
    weeks: BTreeMap<AccountId, Week>,
}

impl Known {
    async fn read(app: &App, caller: &Caller, table: Timetable) -> Result<Self, AppError> {
        let (organization, now) = (caller.organization_id, app.clock.now());
        let accounts = app.store.list_accounts(organization, caller.workspace_id, now).await?;
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
        let counted = app.store.count_went_live(organization, &ids, now - LOOK_BACK, QUARTER).await?;
        let mut weeks: BTreeMap<AccountId, Week> = BTreeMap::new();
        for step in counted {
            weeks.entry(step.account_id).or_default().add(&table, step.at, step.count);
        }
        for step in app.store.sum_engagement(organization, &ids, now - LOOK_BACK, QUARTER).await? {
            let week = weeks.entry(step.account_id).or_default();
            week.add_read(&table, step.at, step.posts, step.engagement);
        }
        Ok(Self { accounts, weeks })
    }

    fn find(&self, ids: &[AccountId]) -> Result<Vec<&AccountRow>, AppError> {
        let find = |id: &AccountId| self.accounts.iter().find(|account| account.id == *id);
        let unknown: Vec<AccountId> = ids.iter().filter(|id| find(id).is_none()).copied().collect();
        if unknown.is_empty() {
            Ok(ids.iter().filter_map(find).collect())
        } else {
            Err(AppError::InvalidAccounts(unknown))
        }
    }

    fn platform(&self, platform: &PlatformName) -> Week {
        self.sum(self.accounts.iter().filter(|account| account.platform == *platform))
    }

    fn sum<'a>(&self, accounts: impl Iterator<Item = &'a AccountRow>) -> Week {
        let mut sum = Week::default();
        for week in accounts.filter_map(|account| self.weeks.get(&account.id)) {
            sum.join(week);
        }
        sum
    }

    fn combine(&self, accounts: &[&AccountRow], next: &NextMoment<'_>) -> Recommendation {
        let first = accounts.first().map(|account| account.platform.clone());
        let platform = first.filter(|first| accounts.iter().all(|account| account.platform == *first));
        next.recommend(None, platform, &[(Basis::Personal, self.sum(accounts.iter().copied()))])
    }
}

struct NextMoment<'a> {
    zone: &'a str,
    now: Timestamp,
}

impl NextMoment<'_> {
    /// Takes the first week that has enough in it.
    fn recommend(
        &self,
        account_id: Option<AccountId>,
        platform: Option<PlatformName>,
        weeks: &[(Basis, Week)],
    ) -> Recommendation {
        // How posts did says more than how many there were, but only of the posts that are asked about.
        let liked = |(basis, week): &(Basis, Week)| Some((*basis, week.liked()?, week.read(), true));
        let fullest = |(basis, week): &(Basis, Week)| Some((*basis, week.best()?, week.total(), false));
        let found = weeks.iter().find_map(|week| liked(week).or_else(|| fullest(week)));
        let own = weeks.first().map_or(0, |(_, week)| week.total());
        let (basis, slots, posts, is_read) = found.unwrap_or_else(|| (Basis::General, usual(), own, false));
        let slots = slots.into_iter().filter_map(|slot| self.next(slot)).collect();
        Recommendation { account_id, platform, slots, basis, posts, is_read }
    }

    fn next(&self, slot: Slot) -> Option<BestSlot> {
        let table = Timetable::new(self.zone, vec![slot])?;
        // A week and the hours that clocks may be put back by.
        let at = table.openings(self.now, self.now + Span::from_days(9)).into_iter().next()?;
        Some(BestSlot { slot, next: Opening { at, local: table.local(at)? } })
    }
}
