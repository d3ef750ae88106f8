//! Looking through what the account shows for a post that is, or may be, live.

use connector::{Cx, Failure, Next, Publication};
use domain::{Class, Span, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::NAME;
use super::graph::{edge, get, read, send};
use super::publish::{after, profile, receipt};
use super::state::{Kind, Posted, Stage, State};
use super::wire::{Comment, List, Media};

/// Clocks differ: posts from this long before are looked at too.
const BEFORE: Span = Span::from_seconds(60);
const PAGES_MAX: usize = 32;
const FIELDS: &str = "id,caption,media_type,permalink,timestamp";
/// How often a post that is live is looked for.
const TRIES: u8 = 6;

/// What looking came to.
pub(super) enum Look {
    Found(Posted),
    Missing,
    /// There is more than is looked through, or nothing to know the post by.
    InVain,
}

/// Finds which post a published container became. It is live, so nothing here fails the publish.
pub(super) async fn find_live(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
    tries: u8,
) -> Result<Next<State>, Failure> {
    let pause = match newest(cx, to, since).await {
        Ok(Some(posted)) => return Ok(after(to, at, posted)),
        Err(failure) if failure.died => return Err(failure),
        Ok(None) => Span::from_seconds(10),
        Err(failure) => {
            let named = failure.retry_at().map(|until| until.since(cx.now()));
            named.unwrap_or(Span::from_seconds(20)).min(Span::from_minutes(10))
        }
    };
    if tries < TRIES {
        let stage = Stage::Find { since, tries: tries + 1 };
        return Ok(Next::Wait(State { stage, ..at }, cx.now() + pause));
    }
    let posted = Posted { id: at.container.unwrap_or_default(), url: profile(cx) };
    let warning = format!("The post is live, but {NAME} does not show which one it is.");
    Ok(Next::Published(receipt(to, posted, Some(warning))))
}

async fn newest(cx: &Cx<'_>, to: &Publication, since: Timestamp) -> Result<Option<Posted>, Failure> {
    let list = page(cx, to, None).await?;
    let recent = || list.data.iter().filter(|media| !is_older(media, since));
    // Captions may be kept from us; the newest of the kind is it then.
    let is_untold = |media: &&Media| media.caption.is_none() && has_kind(media, to);
    let found = recent().find(|media| is_it(media, to)).or_else(|| recent().find(is_untold));
    Ok(found.map(|media| posted(cx, media)))
}

/// Looks for the post among those since `since`, by what is public of it.
pub(super) async fn post(cx: &Cx<'_>, to: &Publication, since: Timestamp) -> Result<Look, Failure> {
    if to.text.trim().is_empty() || Kind::of(to).is_story() {
        return Ok(Look::InVain);
    }
    let mut after: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let list = page(cx, to, after.as_deref()).await?;
        let is_over = list.data.last().is_some_and(|media| is_older(media, since));
        let recent = || list.data.iter().filter(|media| !is_older(media, since));
        if let Some(media) = recent().find(|media| is_it(media, to)) {
            return Ok(Look::Found(posted(cx, media)));
        }
        if recent().any(|media| media.caption.is_none() && has_kind(media, to)) {
            return Ok(Look::InVain);
        }
        after = list.after();
        if after.is_none() || is_over {
            // Trials are shown to strangers, and perhaps not here.
            return Ok(if Kind::of(to) == Kind::TrialReel { Look::InVain } else { Look::Missing });
        }
    }
    Ok(Look::InVain)
}

/// The account's posts or stories, newest first.
async fn page(cx: &Cx<'_>, to: &Publication, after: Option<&str>) -> Result<List<Media>, Failure> {
    let name = if Kind::of(to).is_story() { "stories" } else { "media" };
    let mut query = vec![("fields", FIELDS), ("limit", "50")];
    query.extend(after.map(|cursor| ("after", cursor)));
    read(&send(cx, get(cx, &edge(cx, name), &query)?).await?)
}

fn posted(cx: &Cx<'_>, media: &Media) -> Posted {
    Posted { id: media.id.clone(), url: media.permalink.clone().unwrap_or_else(|| profile(cx)) }
}

fn is_older(media: &Media, since: Timestamp) -> bool {
    let time = media.timestamp.as_deref().and_then(|text| Timestamp::parse(text).ok());
    time.is_some_and(|time| time < since - BEFORE)
}

fn has_kind(media: &Media, to: &Publication) -> bool {
    media.media_type.as_deref().is_none_or(|kind| kind == Kind::of(to).media_type())
}

/// Whether it has the post's kind and words. Stories have none.
pub(super) fn is_it(media: &Media, to: &Publication) -> bool {
    let wanted = if Kind::of(to).is_story() { "" } else { to.text.as_str() };
    has_kind(media, to) && comparable(media.caption.as_deref().unwrap_or_default()) == comparable(wanted)
}

/// Whether the account has made this comment below its post.
pub(super) async fn comment(cx: &Cx<'_>, to: &Publication, posted: &Posted) -> Result<bool, Failure> {
    let text = comparable(to.settings.text("firstComment").unwrap_or_default());
    let query = [("fields", "id,text,username"), ("limit", "50")];
    let answer = send(cx, get(cx, &format!("/{}/comments", posted.id), &query)?).await?;
    let own = cx.account.username.as_deref();
    let is_own = |comment: &Comment| {
        comment.username.as_deref().zip(own).is_none_or(|(name, own)| name.eq_ignore_ascii_case(own))
    };
    let comments = read::<List<Comment>>(&answer)?.data;
    Ok(comments.iter().any(|comment| is_own(comment) && comparable(&comment.text) == text))
}

/// What is left when spelling that the platform may change is taken out.
fn comparable(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether looking failed only because the post or comment may not be seen.
pub(super) fn is_blind(failure: &Failure) -> bool {
    failure.class == Class::PermissionMissing
}
