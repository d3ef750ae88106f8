//! Finding out what became of a post whose answer was lost. An organization's posts can be read
//! back. A member's cannot, but the platform refuses the same post twice and names the first one,
//! so the same is sent again.

use connector::{Cx, Failure, Intent, Publication, Verdict};
use domain::{Class, Span};
use net::Request;

use super::publish::{
    Stage, State, address, after, author, encode, is_text_alone, read, rest, send, without_comment,
};
use super::text;
use super::wire::{Elements, Post};

/// Clocks differ: posts from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);
const PAGE: usize = 20;
const PAGES_MAX: usize = 50;
/// How long the platform certainly remembers a post against being published twice.
const REMEMBERED: Span = Span::from_hours(24);

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let author = author(cx);
    if at.stage == Stage::Comment {
        // The post is live; a comment is not worth sending twice.
        let urn = at.posted.unwrap_or_default();
        return Ok(Verdict::Found(without_comment(cx, urn, "the answer was lost; look at the post.")));
    }
    if !author.starts_with("urn:li:organization:") {
        return Ok(repeat(cx, to, at, intent));
    }
    if intent.restored && to.text.trim().is_empty() && at.images.len() != to.media.len() {
        // The images that it would be known by went with the lost progress.
        return Ok(Verdict::Unknowable);
    }
    let since = (intent.at - BEFORE).as_millis();
    for page in 0..PAGES_MAX {
        let start = page * PAGE;
        let path = format!(
            "/rest/posts?q=author&author={}&count={PAGE}&start={start}&sortBy=LAST_MODIFIED",
            encode(&author)
        );
        let request = rest(cx, Request::get(address(cx, "api", &path)?)).header("x-restli-method", "FINDER");
        let answer = match send(cx, request).await {
            Ok(answer) => answer,
            // An app that may post but not read falls back to the platform's own check.
            Err(failure) if failure.class == Class::PermissionMissing => {
                return Ok(repeat(cx, to, at, intent));
            }
            Err(failure) => return Err(failure),
        };
        let posts = read::<Elements>(&answer)?.elements;
        let is_last = posts.len() < PAGE
            || posts.last().and_then(|post| post.last_modified_at).is_some_and(|changed| changed < since);
        let found = posts.into_iter().find(|post| {
            post.created_at.is_some_and(|created| created >= since) && is_it(post, &to.text, &at.images)
        });
        match found {
            Some(post) => return Ok(Verdict::Found(after(cx, to, at, post.id))),
            None if is_last => return Ok(Verdict::Absent(at)),
            None => {}
        }
    }
    Ok(Verdict::Unknowable)
}

/// The same is sent again, if the platform certainly knows it again. After a restore that takes the
/// same body, and one that was sent not too long ago.
fn repeat(cx: &Cx<'_>, to: &Publication, at: State, intent: &Intent) -> Verdict<State> {
    let is_recent = cx.now() < intent.at + REMEMBERED;
    if intent.restored && !(is_recent && (at.stage == Stage::Ready || is_text_alone(to))) {
        return Verdict::Unknowable;
    }
    Verdict::Repeat(at)
}

/// Whether `post` has this text; one without text is known by its images.
fn is_it(post: &Post, text: &str, images: &[String]) -> bool {
    let shown = text::unescape(&post.commentary);
    shown.trim_end() == text.trim_end() && (!text.trim().is_empty() || post.content.image_ids().eq(images))
}
