//! Looking through what the Page shows for a post that may have gone out.

use connector::{Cx, Failure, Intent, Publication};
use domain::{Span, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::graph::{get, page, read, send};
use super::publish::posted;
use super::state::{Kind, Posted, State};
use super::wire::{Comment, List, Seen};

/// Clocks differ: posts from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);
/// A reel bears the time at which its upload began.
const BEFORE_UPLOAD: Span = Span::from_days(1);
const PAGES_MAX: usize = 32;
const POST_FIELDS: &str = "id,message,created_time,permalink_url,\
                           attachments{media_type,target,unshimmed_url,subattachments{media_type,target}}";
const REEL_FIELDS: &str = "id,description,created_time,permalink_url,post_id";

/// What looking came to.
pub(super) enum Look {
    Found(Posted),
    Missing,
    /// There is more than is looked through, or nothing to know the post by.
    InVain,
}

/// Looks for the post among those of the Page.
pub(super) async fn post(
    cx: &Cx<'_>,
    to: &Publication,
    at: &State,
    intent: &Intent,
) -> Result<Look, Failure> {
    let uploads_are_lost = !to.media.is_empty() && (intent.restored || at.photos.len() != to.media.len());
    if to.text.trim().is_empty() && uploads_are_lost {
        return Ok(Look::InVain);
    }
    let since = (intent.at - BEFORE).as_seconds().to_string();
    let kind = Kind::of(to);
    let edge = |name: &str| format!("/{}/{name}", page(cx));
    let query = [("fields", POST_FIELDS), ("limit", "100"), ("since", since.as_str())];
    let is_wanted = |seen: &Seen| is_it(seen, to, at, intent.restored);
    let look = walk(cx, &edge("published_posts"), &query, is_wanted, |_| false).await?;
    if kind != Kind::Reel || !matches!(look, Look::Missing) {
        return Ok(look);
    }
    let oldest = intent.at - BEFORE_UPLOAD;
    let is_old = |seen: &Seen| {
        let made = seen.created_time.as_deref().and_then(|text| Timestamp::parse(text).ok());
        made.is_some_and(|made| made < oldest)
    };
    let is_wanted = |seen: &Seen| !is_old(seen) && comparable(&seen.message) == comparable(&to.text);
    walk(cx, &edge("video_reels"), &[("fields", REEL_FIELDS), ("limit", "100")], is_wanted, is_old).await
}

async fn walk(
    cx: &Cx<'_>,
    path: &str,
    query: &[(&str, &str)],
    is_wanted: impl Fn(&Seen) -> bool,
    is_past: impl Fn(&Seen) -> bool,
) -> Result<Look, Failure> {
    let mut after: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut query = query.to_vec();
        query.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let list: List<Seen> = read(&send(cx, get(cx, path, &query)?).await?)?;
        if let Some(seen) = list.data.iter().find(|seen| is_wanted(seen)) {
            let id = seen.post_id.as_deref().unwrap_or(&seen.id);
            return Ok(Look::Found(posted(cx, id, seen.permalink_url.as_deref())));
        }
        let is_over = list.data.last().is_some_and(&is_past);
        after = list.paging.after();
        if after.is_none() || is_over {
            return Ok(Look::Missing);
        }
    }
    Ok(Look::InVain)
}

/// Whether it has the text, and the photos as far as they are known. After a restore the ids of
/// uploads may be those of earlier ones.
pub(super) fn is_it(seen: &Seen, to: &Publication, at: &State, restored: bool) -> bool {
    if comparable(&seen.message) != comparable(&to.text) {
        return false;
    }
    let photos = seen.photos();
    if to.media.is_empty() {
        let is_link_alone = to.text.trim().is_empty();
        return photos.is_empty() && (!is_link_alone || seen.link() == at.link.as_deref());
    }
    if restored || Kind::of(to).is_video() {
        return !to.text.trim().is_empty();
    }
    let is_same = at.photos.len() == photos.len() && at.photos.iter().all(|id| photos.contains(&id.as_str()));
    // A Page whose attachments may not be read still shows its texts.
    is_same || (photos.is_empty() && !to.text.trim().is_empty())
}

/// Whether the Page has made this comment below its post.
pub(super) async fn comment(cx: &Cx<'_>, to: &Publication, posted: &Posted) -> Result<bool, Failure> {
    let text = comparable(to.settings.text("firstComment").unwrap_or_default());
    let query = [("fields", "id,message,from"), ("limit", "100"), ("filter", "stream")];
    let answer = send(cx, get(cx, &format!("/{}/comments", posted.id), &query)?).await?;
    let comments = read::<List<Comment>>(&answer)?.data;
    Ok(comments.iter().any(|comment| {
        let is_own = comment.from.as_ref().is_none_or(|from| from.id == page(cx));
        is_own && comparable(&comment.message) == text
    }))
}

/// What is left when spelling that the platform may change is taken out.
fn comparable(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}
