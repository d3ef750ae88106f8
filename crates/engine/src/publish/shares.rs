//! How many of the loop's places each platform takes. One that does not answer would soon hold them all,
//! and everything else would be late with it: a platform takes no more than a part of what the others leave.
//! Must not know what is due.

use std::collections::HashMap;
use std::sync::Arc;

use domain::PlatformName;

/// Of the places that the other platforms leave, one takes three in four.
const PART: (usize, usize) = (3, 4);

/// Who holds how many places.
#[derive(Debug)]
pub(super) struct Shares {
    capacity: usize,
    /// Every place that is held is a clone.
    held: HashMap<PlatformName, Arc<()>>,
}

/// A place of a platform; free again when dropped, also by a job that panics.
#[derive(Debug)]
pub(super) struct Place {
    _held: Arc<()>,
}

/// What is left for what is about to be claimed.
#[derive(Debug)]
pub(super) struct Room {
    capacity: usize,
    all: usize,
    used: HashMap<PlatformName, usize>,
}

impl Shares {
    pub(super) fn new(capacity: u32) -> Self {
        Self { capacity: usize::try_from(capacity).unwrap_or(usize::MAX), held: HashMap::new() }
    }

    /// Takes a place, whether there is room or not: what is claimed has to go on.
    pub(super) fn hold(&mut self, platform: &PlatformName) -> Place {
        let held = self.held.entry(platform.clone()).or_default();
        Place { _held: Arc::clone(held) }
    }

    pub(super) fn room(&self) -> Room {
        let used: HashMap<_, _> =
            self.held.iter().map(|(name, held)| (name.clone(), Arc::strong_count(held) - 1)).collect();
        Room { capacity: self.capacity, all: used.values().sum(), used }
    }
}

impl Room {
    /// How many more the platform may have.
    pub(super) fn left_for(&self, platform: &PlatformName) -> usize {
        let used = self.used.get(platform).copied().unwrap_or(0);
        let others = self.all.saturating_sub(used);
        let most = (self.capacity.saturating_sub(others) * PART.0).div_ceil(PART.1);
        most.saturating_sub(used).min(self.left())
    }

    /// Takes one for the platform, if it may have more.
    pub(super) fn take(&mut self, platform: &PlatformName) -> bool {
        if self.left_for(platform) == 0 {
            return false;
        }
        *self.used.entry(platform.clone()).or_default() += 1;
        self.all += 1;
        true
    }

    fn left(&self) -> usize {
        self.capacity.saturating_sub(self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> PlatformName {
        PlatformName::from_text(text)
    }

    /// How many places the platform gets, one after another.
    fn fill(room: &mut Room, platform: &str) -> usize {
        std::iter::repeat_with(|| room.take(&name(platform))).take_while(|taken| *taken).count()
    }

    #[test]
    fn whatever_one_platform_wants_there_is_room_for_the_next() {
        let mut room = Shares::new(128).room();
        let taken: Vec<usize> = ["x", "linkedin", "threads", "x"].map(|each| fill(&mut room, each)).into();
        assert_eq!(taken, [96, 24, 6, 0]);
        assert_eq!(room.left_for(&name("mastodon")), 2);
    }

    #[test]
    fn one_place_is_for_whoever_comes() {
        let mut room = Shares::new(1).room();
        assert_eq!((fill(&mut room, "x"), fill(&mut room, "threads")), (1, 0));
    }

    #[test]
    fn a_place_is_free_again_when_it_is_let_go() {
        let mut shares = Shares::new(4);
        let mut places: Vec<Place> = (0..3).map(|_| shares.hold(&name("x"))).collect();
        assert_eq!((shares.room().left_for(&name("x")), shares.room().left_for(&name("threads"))), (0, 1));
        places.pop();
        assert_eq!(shares.room().left_for(&name("x")), 1);
        drop(places);
        assert_eq!(shares.room().left_for(&name("x")), 3);
    }

    #[test]
    fn more_than_there_is_room_for_leaves_none() {
        let mut shares = Shares::new(2);
        let _places: Vec<Place> = (0..3).map(|_| shares.hold(&name("x"))).collect();
        assert_eq!((shares.room().left_for(&name("x")), shares.room().left_for(&name("threads"))), (0, 0));
    }
}
