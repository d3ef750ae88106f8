//! What an account has used of its platform's limits, on the wire.

use app::account_limits::{AccountLimits, CapUse};
use app::domain::caps::Counts;
use serde::Serialize;
use utoipa::ToSchema;

use super::shown;

/// Where an account stands with its platform's limits.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountLimitsReport {
    account_id: i64,
    platform: String,
    /// What the platform allows an account to publish. Empty where nothing is known in advance.
    caps: Vec<CapReport>,
    /// Until when nothing goes out to the account.
    #[schema(required, format = DateTime)]
    rests_until: Option<String>,
    /// Why.
    #[schema(required)]
    rest_reason: Option<String>,
}

/// A cap of a platform.
#[derive(Serialize, ToSchema)]
pub(crate) struct CapReport {
    /// In words, such as `100 posts in 15 minutes`.
    description: String,
    limit: u32,
    /// What this server published in the window.
    used: u32,
    remaining: u32,
    /// `parts` where each part of a thread counts.
    #[schema(value_type = CapCounts)]
    counts: &'static str,
    /// When one more may go out, where none may now.
    #[schema(required, format = DateTime)]
    opens_at: Option<String>,
}

/// What counts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum CapCounts {
    /// A thread is one.
    Posts,
    /// Each part of a thread is one.
    Parts,
}

impl From<&CapUse> for CapReport {
    fn from(used: &CapUse) -> Self {
        Self {
            description: used.cap.in_words(),
            limit: used.cap.count,
            used: used.used,
            remaining: used.cap.count.saturating_sub(used.used),
            counts: match used.cap.counts {
                Counts::Posts => "posts",
                Counts::Parts => "parts",
            },
            opens_at: shown(used.opens_at),
        }
    }
}

impl From<AccountLimits> for AccountLimitsReport {
    fn from(limits: AccountLimits) -> Self {
        Self {
            account_id: limits.account_id.0,
            platform: limits.platform.to_string(),
            caps: limits.caps.iter().map(CapReport::from).collect(),
            rests_until: shown(limits.rest.as_ref().map(|rest| rest.until)),
            rest_reason: limits.rest.map(|rest| rest.reason),
        }
    }
}
