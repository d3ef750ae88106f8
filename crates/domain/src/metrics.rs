//! Numbers of what is published: which there are, when they are read, and why reading ends.

use crate::{Span, Timestamp};

/// How long after a post went live its numbers are read. A post gathers most of what it ever gets in
/// its first days, so that readings are close together then.
pub const READINGS: [Span; 8] = [
    Span::from_hours(1),
    Span::from_hours(6),
    Span::from_hours(24),
    Span::from_days(2),
    Span::from_days(4),
    Span::from_days(7),
    Span::from_days(14),
    Span::from_days(30),
];
/// How often an account's followers are counted.
pub const FOLLOWERS_EVERY: Span = Span::from_days(1);
/// How long after an account was connected they are counted first: whoever connects one has other calls
/// to its platform in mind.
pub const FOLLOWERS_FIRST: Span = Span::from_minutes(10);
/// A last reading that comes later than this is not taken for one of the thirtieth day.
pub const LATEST: Span = Span::from_days(33);

/// What people did with a post. A platform tells some of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How often it was watched or looked at.
    pub views: Option<i64>,
    /// Likes, or what stands for them.
    pub likes: Option<i64>,
    /// Comments, or replies.
    pub comments: Option<i64>,
    /// How often it was passed on.
    pub shares: Option<i64>,
    /// How often it was shown.
    pub impressions: Option<i64>,
    /// How often its link was followed.
    pub clicks: Option<i64>,
}

impl Figures {
    /// Whether the platform told nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What people did: likes, comments, shares and clicks together.
    pub fn engagement(&self) -> i64 {
        let parts = [self.likes, self.comments, self.shares, self.clicks];
        parts.into_iter().flatten().fold(0, i64::saturating_add)
    }
}

/// Why a post or an account is not read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingEnd {
    /// The last reading is taken.
    Complete,
    /// The platform does not show the post any more.
    PostGone,
    /// The account's access does not include its numbers.
    PermissionMissing,
    /// The platform offers no numbers.
    NotOffered,
    /// The platform gave no numbers, however often it was asked.
    Unreadable,
}

impl ReadingEnd {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::Complete, Self::PostGone, Self::PermissionMissing, Self::NotOffered, Self::Unreadable];

    /// The reason as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::PostGone => "post_gone",
            Self::PermissionMissing => "permission_missing",
            Self::NotOffered => "not_offered",
            Self::Unreadable => "unreadable",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == text)
    }
}

/// When a post that went live then is read for the `step`th time, counted from 0; `None` after the last.
pub fn reading_at(published_at: Timestamp, step: usize) -> Option<Timestamp> {
    READINGS.get(step).map(|span| published_at + *span)
}

/// The latest reading whose time has come. Those before it that were not taken are left out: their
/// numbers cannot be had any more.
pub fn reading_due(published_at: Timestamp, now: Timestamp) -> Option<usize> {
    READINGS.iter().rposition(|span| published_at + *span <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVE: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn readings_come_further_and_further_apart() {
        let gaps: Vec<i64> = READINGS.windows(2).map(|two| two[1].as_micros() - two[0].as_micros()).collect();
        assert!(gaps.is_sorted(), "{gaps:?}");
        assert_eq!(reading_at(LIVE, 0), Some(LIVE + Span::from_hours(1)));
        assert_eq!(reading_at(LIVE, READINGS.len()), None);
    }

    #[test]
    fn what_was_missed_is_left_out() {
        let due = |span| reading_due(LIVE, LIVE + span);
        assert_eq!(due(Span::from_minutes(59)), None);
        assert_eq!(due(Span::from_hours(1)), Some(0));
        assert_eq!(due(Span::from_hours(5)), Some(0));
        assert_eq!(due(Span::from_days(3)), Some(3));
        assert_eq!(due(Span::from_days(400)), Some(7));
    }

    #[test]
    fn reasons_are_read_as_they_are_written() {
        for end in ReadingEnd::ALL {
            assert_eq!(ReadingEnd::parse(end.as_str()), Some(end));
        }
        assert_eq!(ReadingEnd::parse("tired"), None);
    }

    #[test]
    fn what_is_not_told_is_not_counted() {
        let figures = Figures { likes: Some(3), clicks: Some(4), views: Some(100), ..Figures::default() };
        assert_eq!((figures.engagement(), figures.is_empty()), (7, false));
        assert!(Figures::default().is_empty());
    }
}
