//! Looking up what became of a pin whose answer was lost: among the newest pins of its board.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};
use domain::{Class, Span, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::api::get;
use super::publish::receipt;
use super::state::State;
use super::wire::{Page, Pin};
use super::{boards, pin};

/// Clocks differ: pins from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);
const PAGES_MAX: usize = 40;

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let words = [pin::title(to), pin::description(to), pin::link(to), pin::alt_text(to)];
    if intent.restored && words.iter().all(Option::is_none) {
        // Nothing to know a pin by in all of that time.
        return Ok(Verdict::Unknowable);
    }
    let board = at.board_id.clone().or_else(|| boards::named(&to.settings));
    let path = match &board {
        Some(id) => format!("/boards/{id}/pins"),
        None => "/pins".to_owned(),
    };
    let since = intent.at - BEFORE;
    let mut bookmark = String::new();
    for _ in 0..PAGES_MAX {
        let mut query = vec![("page_size", "100")];
        if !bookmark.is_empty() {
            query.push(("bookmark", &bookmark));
        }
        let page: Page<Pin> = match get(cx, &path, &query).await {
            Ok(page) => page,
            // Without its board there is no pin.
            Err(failure) if failure.class == Class::ContentRejected => return Ok(Verdict::Absent(at)),
            Err(failure) => return Err(failure),
        };
        let found = page.items.iter().find(|pin| !is_before(pin, since) && is_it(pin, to, board.as_deref()));
        if let Some(found) = found {
            let id = found.id.clone();
            return Ok(Verdict::Found(Next::Published(receipt(cx, at, id))));
        }
        let is_end = page.items.last().is_none_or(|last| is_before(last, since));
        match page.bookmark.filter(|next| !next.is_empty() && !is_end) {
            Some(next) => bookmark = next,
            None => return Ok(Verdict::Absent(at)),
        }
    }
    Ok(Verdict::Unknowable)
}

/// Whether a pin is older than this. One without a readable time may be of any.
fn is_before(pin: &Pin, since: Timestamp) -> bool {
    pin.created_at().is_some_and(|at| at < since)
}

/// Whether `found` is the pin that was to be created: its board and all of its words.
pub(super) fn is_it(found: &Pin, to: &Publication, board: Option<&str>) -> bool {
    let is_same = |shown: &Option<String>, wanted: Option<&str>| {
        comparable(shown.as_deref().unwrap_or_default()) == comparable(wanted.unwrap_or_default())
    };
    let same_link = found.link.as_deref().unwrap_or_default().trim().trim_end_matches('/')
        == pin::link(to).unwrap_or_default().trim_end_matches('/');
    (board.is_none() || found.board_id.as_deref() == board)
        && is_same(&found.title, pin::title(to))
        && is_same(&found.description, pin::description(to))
        && is_same(&found.alt_text, pin::alt_text(to))
        && same_link
}

/// White space at the ends is not kept, and perhaps none between.
fn comparable(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}
