//! A post's status, derived from its destinations and never stored on its own authority.

use serde::{Deserialize, Serialize};

use crate::DestinationStatus;

/// Where a post stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostStatus {
    /// Saved, never scheduled.
    Draft,
    /// Waits for its time.
    Scheduled,
    /// Going out: a destination is publishing, or some are live and others still queued.
    Publishing,
    /// Live on every account.
    Published,
    /// Live on some accounts, failed on others.
    PartiallyFailed,
    /// Failed, and live nowhere.
    Failed,
}

impl PostStatus {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Scheduled,
        Self::Publishing,
        Self::Published,
        Self::PartiallyFailed,
        Self::Failed,
    ];

    /// The status as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::PartiallyFailed => "partially_failed",
            Self::Failed => "failed",
        }
    }

    /// Reads a status as a caller may name it; old clients say `queued` and `done`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "done" => Some(Self::Published),
            "queued" => Some(Self::Scheduled),
            other => Self::ALL.into_iter().find(|status| status.as_str() == other),
        }
    }

    /// The status of a post that is no draft, from its destinations.
    ///
    /// `due` tells whether the post's time has come: an immediate post that waits for a worker is
    /// already publishing, one for tomorrow is scheduled.
    pub fn derive(destinations: impl IntoIterator<Item = DestinationStatus>, due: bool) -> Self {
        let (mut queued, mut publishing, mut published, mut failed) = (0, 0, 0, 0);
        for status in destinations {
            match status {
                DestinationStatus::Queued => queued += 1,
                DestinationStatus::Publishing => publishing += 1,
                DestinationStatus::Published => published += 1,
                DestinationStatus::Failed => failed += 1,
            }
        }
        match (queued, publishing, published, failed) {
            (0, 0, 0, 0) => Self::Scheduled,
            (0, 0, _, 0) => Self::Published,
            (0, 0, 0, _) => Self::Failed,
            (_, 0, 1.., 1..) => Self::PartiallyFailed,
            (_, 1.., _, _) | (1.., 0, 1.., 0) => Self::Publishing,
            (1.., 0, 0, _) if due => Self::Publishing,
            _ => Self::Scheduled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DestinationStatus::{Failed, Published, Publishing, Queued};

    #[track_caller]
    fn check(destinations: &[DestinationStatus], due: bool, expect: PostStatus) {
        assert_eq!(PostStatus::derive(destinations.iter().copied(), due), expect, "{destinations:?}");
    }

    #[test]
    fn the_table() {
        check(&[Queued, Queued], false, PostStatus::Scheduled);
        check(&[Queued, Queued], true, PostStatus::Publishing);
        check(&[Queued, Publishing], true, PostStatus::Publishing);
        check(&[Published, Publishing, Failed], true, PostStatus::Publishing);
        check(&[Published, Published], true, PostStatus::Published);
        check(&[Published, Failed], true, PostStatus::PartiallyFailed);
        check(&[Published, Failed, Queued], true, PostStatus::PartiallyFailed);
        check(&[Failed, Failed], true, PostStatus::Failed);
        check(&[Published, Queued], true, PostStatus::Publishing);
        check(&[Failed, Queued], true, PostStatus::Publishing);
        check(&[Failed, Queued], false, PostStatus::Scheduled);
    }

    #[test]
    fn old_words_are_read() {
        assert_eq!(PostStatus::parse("done"), Some(PostStatus::Published));
        assert_eq!(PostStatus::parse("queued"), Some(PostStatus::Scheduled));
        assert_eq!(PostStatus::parse("gone"), None);
    }
}
