//! What the users asked for: the plan of each destination as it stands, against which everything
//! that goes out is held.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AccountId, DestinationId, PostId, Span, Timestamp};

/// How far a worker's clock may be ahead of the true time.
pub(crate) const MOST_AHEAD: Span = Span::from_seconds(30);

/// A destination as its author wants it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) post: PostId,
    /// Which of the run's accounts.
    pub(crate) account: usize,
    pub(crate) account_id: AccountId,
    /// The parts of the thread, as they stand.
    pub(crate) parts: Vec<String>,
    pub(crate) due: Timestamp,
    /// After the post was deleted: how many requests that publish may still leave.
    pub(crate) may_leave: Option<u32>,
    /// Which definite refusals the platform gave for it.
    pub(crate) refused: BTreeSet<&'static str>,
}

/// All plans.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) wanted: BTreeMap<DestinationId, Wanted>,
}

impl Book {
    /// Why this request may not leave, if it may not.
    pub(crate) fn objects(
        &mut self,
        id: DestinationId,
        part: usize,
        text: &str,
        now: Timestamp,
    ) -> Option<String> {
        let Some(wanted) = self.wanted.get_mut(&id) else { return Some("nobody wants it".to_owned()) };
        if wanted.parts.get(part).map(String::as_str) != Some(text) {
            return Some(format!("{text:?} goes out, but the post says {:?} by now", wanted.parts));
        }
        if now + MOST_AHEAD < wanted.due {
            return Some(format!("{text:?} goes out before its time, {}", wanted.due));
        }
        if let Some(left) = &mut wanted.may_leave {
            if *left == 0 {
                return Some(format!("{text:?} goes out, but its post was deleted before it was picked up"));
            }
            *left -= 1;
        }
        None
    }
}
