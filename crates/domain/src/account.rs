//! An account's health: what its next publish will meet, and why.

use crate::{Span, Timestamp};

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthStatus {
    /// Token alive, no recent permanent failures.
    Healthy,
    /// It can post, but the token ends soon or several posts failed for good.
    Warning,
    /// It cannot post.
    Broken,
}

/// A reason behind a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthReason {
    /// The account was switched off.
    AccountInactive,
    /// The platform refused the token; the owner has to connect again.
    NeedsReconnection,
    /// The token's end has passed and nothing can renew it.
    TokenExpired,
    /// The token ends within seven days and nothing can renew it.
    TokenExpiringSoon,
    /// Three or more permanent failures in seven days.
    RecentPermanentFailures,
}

impl HealthReason {
    /// The reason's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountInactive => "account_inactive",
            Self::NeedsReconnection => "needs_reconnection",
            Self::TokenExpired => "token_expired",
            Self::TokenExpiringSoon => "token_expiring_soon",
            Self::RecentPermanentFailures => "recent_permanent_failures",
        }
    }
}

/// What health is judged by.
#[derive(Clone, Copy, Debug)]
pub struct HealthFacts {
    /// Whether the account is switched on.
    pub is_active: bool,
    /// Since when the platform refuses the token.
    pub needs_reconnection_since: Option<Timestamp>,
    /// When the access ends for good: the access token's end, unless a refresh token can renew
    /// it. `None` where tokens have no end.
    pub access_ends_at: Option<Timestamp>,
    /// Whether the token is exchanged for a fresh one while it lives, so that its end moves on.
    pub is_kept_alive: bool,
    /// Destinations that failed for good in the last seven days.
    pub permanent_failures_last_7d: i64,
}

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountHealth {
    /// The worst of what the reasons say.
    pub status: HealthStatus,
    /// Every reason that holds, most severe first.
    pub reasons: Vec<HealthReason>,
}

impl AccountHealth {
    /// How many permanent failures in seven days are a warning.
    pub const FAILURES_THAT_WARN: i64 = 3;
    /// How long before its end a token is said to end soon.
    pub const SOON: Span = Span::from_days(7);

    /// Judges the facts as of `now`.
    pub fn judge(facts: &HealthFacts, now: Timestamp) -> Self {
        let mut reasons = Vec::new();
        if !facts.is_active {
            reasons.push(HealthReason::AccountInactive);
        }
        if facts.needs_reconnection_since.is_some() {
            reasons.push(HealthReason::NeedsReconnection);
        }
        let expired = facts.access_ends_at.is_some_and(|end| end <= now);
        if expired {
            reasons.push(HealthReason::TokenExpired);
        }
        let broken = !reasons.is_empty();
        let soon = facts.access_ends_at.is_some_and(|end| end <= now + Self::SOON);
        if !expired && soon && !facts.is_kept_alive {
            reasons.push(HealthReason::TokenExpiringSoon);
        }
        if facts.permanent_failures_last_7d >= Self::FAILURES_THAT_WARN {
            reasons.push(HealthReason::RecentPermanentFailures);
        }
        let status = match (broken, reasons.is_empty()) {
            (true, _) => HealthStatus::Broken,
            (false, false) => HealthStatus::Warning,
            (false, true) => HealthStatus::Healthy,
        };
        Self { status, reasons }
    }

    /// Whether the next publish has a chance.
    pub fn can_post(&self) -> bool {
        self.status != HealthStatus::Broken
    }

    /// Whether the token's end is among the reasons.
    pub fn is_expired(&self) -> bool {
        self.reasons.contains(&HealthReason::TokenExpired)
    }
}

/// The name that people know an account by: `@handle` where there is a handle.
pub fn shown_name(username: Option<&str>, display_name: &str) -> String {
    match username {
        Some(username) if !username.is_empty() => format!("@{username}"),
        _ => display_name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn facts() -> HealthFacts {
        HealthFacts {
            is_active: true,
            needs_reconnection_since: None,
            access_ends_at: None,
            is_kept_alive: false,
            permanent_failures_last_7d: 0,
        }
    }

    #[test]
    fn a_dead_token_breaks_and_says_both_reasons() {
        let health = AccountHealth::judge(
            &HealthFacts {
                needs_reconnection_since: Some(NOW),
                access_ends_at: Some(NOW - Span::from_hours(1)),
                ..facts()
            },
            NOW,
        );
        assert_eq!(health.status, HealthStatus::Broken);
        assert_eq!(health.reasons, [HealthReason::NeedsReconnection, HealthReason::TokenExpired]);
        assert!(!health.can_post());
    }

    #[test]
    fn a_token_that_ends_soon_warns() {
        let soon = HealthFacts { access_ends_at: Some(NOW + Span::from_days(6)), ..facts() };
        assert_eq!(AccountHealth::judge(&soon, NOW).status, HealthStatus::Warning);
        let later = HealthFacts { access_ends_at: Some(NOW + Span::from_days(8)), ..facts() };
        assert_eq!(AccountHealth::judge(&later, NOW).status, HealthStatus::Healthy);
    }

    #[test]
    fn a_token_that_is_kept_alive_does_not_end_soon_but_can_be_dead() {
        let in_days = |days| HealthFacts {
            is_kept_alive: true,
            access_ends_at: Some(NOW + Span::from_days(days)),
            ..facts()
        };
        assert_eq!(AccountHealth::judge(&in_days(6), NOW).status, HealthStatus::Healthy);
        assert_eq!(AccountHealth::judge(&in_days(-1), NOW).reasons, [HealthReason::TokenExpired]);
    }

    #[test]
    fn three_permanent_failures_warn() {
        let two = HealthFacts { permanent_failures_last_7d: 2, ..facts() };
        assert_eq!(AccountHealth::judge(&two, NOW).status, HealthStatus::Healthy);
        let three = HealthFacts { permanent_failures_last_7d: 3, ..facts() };
        assert_eq!(AccountHealth::judge(&three, NOW).reasons, [HealthReason::RecentPermanentFailures]);
    }
}
