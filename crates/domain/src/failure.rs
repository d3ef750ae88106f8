//! What can go wrong on the way to a platform, in ten classes. A connector names the class once;
//! the engine alone decides what follows from it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Why a call to a platform did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "class", rename_all = "snake_case")]
pub enum Class {
    /// The token is expired or revoked: refresh once, else the account needs reconnection.
    TokenExpired,
    /// The token, the app or the role lacks a right. A person has to act.
    PermissionMissing,
    /// The platform will never take this content from this account.
    ContentRejected,
    /// The platform says it has this content already; `existing` is its id there, if it said.
    Duplicate {
        /// The platform's id of the post that is already there.
        existing: Option<String>,
    },
    /// A media file could not be taken or processed.
    MediaFailed,
    /// Too many calls for now.
    RateLimited {
        /// When the platform takes calls again; `None` if it did not say.
        until: Option<Timestamp>,
    },
    /// A daily or monthly allowance is used up.
    QuotaExhausted {
        /// When the allowance is renewed; `None` if the platform did not say.
        until: Option<Timestamp>,
    },
    /// A passing fault: the same call may work later.
    Transient,
    /// Nobody can tell from the answer whether it happened. Never resent; looked up.
    Ambiguous,
    /// The platform has restricted the account. The owner has to act there.
    AccountRestricted,
}

/// Codes of a destination's final failure, as results, logs and events carry them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The account's access has expired.
    TokenExpired,
    /// A right is missing.
    PermissionMissing,
    /// The platform refused the content.
    ContentRejected,
    /// The platform has the same content already.
    Duplicate,
    /// A media file was refused.
    MediaFailed,
    /// The platform kept refusing calls for too long.
    RateLimited,
    /// An allowance stayed used up.
    QuotaExhausted,
    /// Every automatic attempt met a passing fault.
    AttemptsExhausted,
    /// The request was sent, no answer came, and nothing can be read back.
    OutcomeUnknown,
    /// The platform has restricted the account.
    AccountRestricted,
    /// The account was disconnected or paused.
    AccountInactive,
    /// This server has no connector for the platform.
    PlatformUnavailable,
    /// A fault of this server.
    Internal,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 13] = [
        Self::TokenExpired,
        Self::PermissionMissing,
        Self::ContentRejected,
        Self::Duplicate,
        Self::MediaFailed,
        Self::RateLimited,
        Self::QuotaExhausted,
        Self::AttemptsExhausted,
        Self::OutcomeUnknown,
        Self::AccountRestricted,
        Self::AccountInactive,
        Self::PlatformUnavailable,
        Self::Internal,
    ];

    /// The code as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenExpired => "token_expired",
            Self::PermissionMissing => "permission_missing",
            Self::ContentRejected => "content_rejected",
            Self::Duplicate => "duplicate",
            Self::MediaFailed => "media_failed",
            Self::RateLimited => "rate_limited",
            Self::QuotaExhausted => "quota_exhausted",
            Self::AttemptsExhausted => "attempts_exhausted",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::AccountRestricted => "account_restricted",
            Self::AccountInactive => "account_inactive",
            Self::PlatformUnavailable => "platform_unavailable",
            Self::Internal => "internal",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// Whether the failure is final for good reason, and not a fault that merely lasted too long.
    /// Three of these in seven days make an account's health a warning.
    pub const fn is_permanent(self) -> bool {
        !matches!(
            self,
            Self::AttemptsExhausted
                | Self::RateLimited
                | Self::QuotaExhausted
                | Self::OutcomeUnknown
                | Self::Internal
        )
    }
}
