//! What an organization may use: a plan with a name and numbers. Without a number there is no limit.

use serde::{Deserialize, Serialize};

/// What an organization may use; `None` for no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name, for people.
    pub name: String,
    /// Accounts that are connected at a time.
    pub accounts: Option<i64>,
    /// Credits for captions and pictures in a month of UTC.
    pub ai_credits: Option<i64>,
    /// Bytes in the media library.
    pub storage_bytes: Option<i64>,
    /// People.
    pub seats: Option<i64>,
    /// Posts that are made or scheduled in a day of UTC.
    pub posts_per_day: Option<i64>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            name: "SELF_HOSTED".to_owned(),
            accounts: None,
            ai_credits: None,
            storage_bytes: None,
            seats: None,
            posts_per_day: None,
        }
    }
}

/// A limit of one organization in place of the plan's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// As much as it likes.
    Unlimited,
    /// No more than this.
    AtMost(i64),
}

impl Limit {
    /// The number, if there is one.
    pub const fn number(self) -> Option<i64> {
        match self {
            Self::Unlimited => None,
            Self::AtMost(number) => Some(number),
        }
    }
}

/// What is different for one organization; `None` is as in the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanChanges {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Limit>,
    /// Credits in a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai_credits: Option<Limit>,
    /// Bytes in the media library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_bytes: Option<Limit>,
    /// People.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<Limit>,
    /// Posts in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts_per_day: Option<Limit>,
}

/// What an operator has set for one organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationSettings {
    /// Whether posts of keys that may not approve wait for somebody who may.
    pub approvals_required: bool,
    /// What of the plan is different.
    pub limits: PlanChanges,
}

impl Plan {
    /// The plan as it is for an organization with these changes.
    #[must_use]
    pub fn with(&self, changes: &PlanChanges) -> Self {
        let of = |change: Option<Limit>, plan: Option<i64>| change.map_or(plan, Limit::number);
        Self {
            name: changes.name.clone().unwrap_or_else(|| self.name.clone()),
            accounts: of(changes.accounts, self.accounts),
            ai_credits: of(changes.ai_credits, self.ai_credits),
            storage_bytes: of(changes.storage_bytes, self.storage_bytes),
            seats: of(changes.seats, self.seats),
            posts_per_day: of(changes.posts_per_day, self.posts_per_day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_may_have_more_or_less_than_the_plan() {
        let plan = Plan { accounts: Some(10), ai_credits: Some(50), ..Plan::default() };
        assert_eq!(plan.with(&PlanChanges::default()), plan);
        let changes = PlanChanges {
            name: Some("GROWTH".to_owned()),
            accounts: Some(Limit::Unlimited),
            seats: Some(Limit::AtMost(3)),
            ..PlanChanges::default()
        };
        let own = plan.with(&changes);
        assert_eq!(
            (own.name.as_str(), own.accounts, own.ai_credits, own.seats),
            ("GROWTH", None, Some(50), Some(3))
        );
    }

    #[test]
    fn what_is_as_in_the_plan_is_not_written() {
        let changes = PlanChanges {
            accounts: Some(Limit::Unlimited),
            storage_bytes: Some(Limit::AtMost(5)),
            ..PlanChanges::default()
        };
        let text = serde_json::to_string(&changes).unwrap();
        assert_eq!(text, r#"{"accounts":"unlimited","storage_bytes":{"at_most":5}}"#);
        assert_eq!(serde_json::from_str::<PlanChanges>(&text).unwrap(), changes);
        assert_eq!(serde_json::from_str::<PlanChanges>("{}").unwrap(), PlanChanges::default());
    }
}
