//! The section `plan` of the configuration: what each organization may use.

use anyhow::{Result, bail};
use domain::plan::Plan;
use serde::Deserialize;

/// The longest name of a plan.
pub(crate) const LONGEST_NAME: usize = 50;

/// What each organization may use; 0 for no limit. Credits and bytes stand in `ai` and `media`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PlanSection {
    /// The plan's name.
    pub(crate) name: String,
    /// Accounts that are connected at a time.
    pub(crate) accounts: u32,
    /// People.
    pub(crate) seats: u32,
    /// Posts in a day of UTC.
    pub(crate) posts_per_day: u32,
}

impl Default for PlanSection {
    fn default() -> Self {
        Self { name: Plan::default().name, accounts: 0, seats: 0, posts_per_day: 0 }
    }
}

/// Whether callers can be shown this as the name of a plan.
pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        bail!("the name of a plan has between 1 and {LONGEST_NAME} characters");
    }
    Ok(())
}

impl PlanSection {
    pub(crate) fn check(&self) -> Result<()> {
        check_name(&self.name).map_err(|error| error.context("plan.name"))
    }

    /// The plan, with what the sections `ai` and `media` say.
    pub(crate) fn plan(&self, credits_per_month: u32, quota_bytes: u64) -> Plan {
        let limit =
            |number: u64| Some(i64::try_from(number).unwrap_or(i64::MAX)).filter(|number| *number > 0);
        Plan {
            name: self.name.clone(),
            accounts: limit(self.accounts.into()),
            ai_credits: limit(credits_per_month.into()),
            storage_bytes: limit(quota_bytes),
            seats: limit(self.seats.into()),
            posts_per_day: limit(self.posts_per_day.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_limited_where_nothing_is_set() {
        assert_eq!(PlanSection::default().plan(0, 0), Plan::default());
        let section = PlanSection { name: "STARTER".to_owned(), accounts: 10, ..PlanSection::default() };
        let plan = section.plan(50, 1_000);
        assert_eq!((plan.name.as_str(), plan.accounts, plan.seats), ("STARTER", Some(10), None));
        assert_eq!((plan.ai_credits, plan.storage_bytes), (Some(50), Some(1_000)));
    }

    #[test]
    fn a_plan_has_a_name_that_can_be_shown() {
        for bad in ["", "  ", "a\nb", &"x".repeat(51)] {
            let section = PlanSection { name: bad.to_owned(), ..PlanSection::default() };
            assert!(section.check().is_err(), "{bad:?}");
        }
        assert!(PlanSection::default().check().is_ok());
    }
}
