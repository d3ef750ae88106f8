//! Finding a post among the account's own recent ones, by what is public of it.

use connector::{Cx, Failure, MediaKind, Publication};
use domain::{Class, Span, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::graph::get;
use super::state::State;
use super::wire::{List, Post};

/// Clocks differ: posts from this long before are looked at too.
const BEFORE: Span = Span::from_seconds(60);
const PAGE: usize = 100;
const PAGES_MAX: usize = 20;

/// What looking through the account's posts came to.
#[derive(Debug)]
pub(super) enum Look {
    Found(String),
    Missing,
    /// The account's replies may not be read, or there are too many.
    InVain,
}

/// Looks for the present part among what was published since.
pub(super) async fn find(
    cx: &Cx<'_>,
    to: &Publication,
    at: &State,
    since: Timestamp,
) -> Result<Look, Failure> {
    let list = if at.posted.is_empty() { "threads" } else { "replies" };
    let path = format!("/{}/{list}", cx.account.platform_user_id);
    let (limit, since) = (PAGE.to_string(), (since - BEFORE).as_seconds().to_string());
    let mut after: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut query = vec![
            ("fields", "id,text,media_type,timestamp,is_reply,replied_to"),
            ("since", since.as_str()),
            ("limit", limit.as_str()),
        ];
        query.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let page: List<Post> = match get(cx, &path, &query).await {
            Ok(page) => page,
            Err(failure) if failure.class == Class::PermissionMissing => return Ok(Look::InVain),
            Err(failure) => return Err(failure),
        };
        if let Some(post) = page.data.iter().find(|post| is_it(post, to, at)) {
            return Ok(Look::Found(post.id.clone()));
        }
        after = page.paging.cursors.after.filter(|_| page.data.len() >= PAGE);
        if after.is_none() {
            return Ok(Look::Missing);
        }
    }
    Ok(Look::InVain)
}

/// Whether `post` is the present part: the same text, kind and parent.
pub(super) fn is_it(post: &Post, to: &Publication, at: &State) -> bool {
    let kind = match to.media.as_slice() {
        _ if !at.posted.is_empty() => "TEXT_POST",
        [] => "TEXT_POST",
        [item] if item.kind == MediaKind::Video => "VIDEO",
        [_] => "IMAGE",
        [_, ..] => "CAROUSEL_ALBUM",
    };
    !at.posted.contains(&post.id)
        && post.media_type == kind
        && post.replied_to.as_ref().map(|parent| &parent.id) == at.posted.last()
        && comparable(&post.text) == comparable(at.text(to))
}

/// What is left when spelling that the platform may change is taken out: white space, and the sign
/// before the tag that becomes the topic.
fn comparable(text: &str) -> String {
    let plain: String = text.nfc().filter(|letter| *letter != '#').collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}
