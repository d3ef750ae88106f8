//! A destination's states: queued → publishing → published or failed, and failed → queued by retry.

use serde::{Deserialize, Serialize};

/// Where one post stands on one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DestinationStatus {
    /// Waits for its time, or for the next automatic attempt.
    Queued,
    /// A worker is on it, or the platform is.
    Publishing,
    /// Live.
    Published,
    /// Ended without being live; `error` says why.
    Failed,
}

impl DestinationStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Publishing, Self::Published, Self::Failed];

    /// The status as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::Failed => "failed",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether nothing more happens by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Published | Self::Failed)
    }

    /// Whether a destination may go from this status to `next`.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Queued, Self::Publishing | Self::Failed)
                | (Self::Publishing, Self::Queued | Self::Published | Self::Failed)
                | (Self::Failed, Self::Queued)
        )
    }
}
