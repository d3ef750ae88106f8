//! Finding out what became of a post whose answer was lost. An organization's posts can be read
//! back. A member's cannot, but the platform refuses the same post twice and names the first one,
//! so the same is sent again.

use connector::{Cx, Failure, Intent, Publication, Verdict};
use domain::{Class, Span};
use net::Request;

use super::publish::{Stage, State, address, after, author, encode, read, rest, send, without_comment};
use super::text;
use super::wire::{Elements, Post};

/// Clocks differ: posts from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);

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
        return Ok(Verdict::Repeat(at));
    }
    let path = format!("/rest/posts?q=author&author={}&count=20&sortBy=LAST_MODIFIED", encode(&author));
    let request = rest(cx, Request::get(address(cx, "api", &path)?)).header("x-restli-method", "FINDER");
    let answer = match send(cx, request).await {
        Ok(answer) => answer,
        // An app that may post but not read falls back to the platform's own check.
        Err(failure) if failure.class == Class::PermissionMissing => return Ok(Verdict::Repeat(at)),
        Err(failure) => return Err(failure),
    };
    let since = (intent.at - BEFORE).as_millis();
    let posts = read::<Elements>(&answer)?.elements;
    let found = posts.into_iter().find(|post| {
        post.created_at.is_some_and(|created| created >= since) && is_it(post, &to.text, &at.images)
    });
    Ok(match found {
        Some(post) => Verdict::Found(after(cx, to, at, post.id)),
        None => Verdict::Absent(at),
    })
}

/// Whether `post` has this text; one without text is known by its images.
fn is_it(post: &Post, text: &str, images: &[String]) -> bool {
    let shown = text::unescape(&post.commentary);
    shown.trim_end() == text.trim_end() && (!text.trim().is_empty() || post.content.image_ids().eq(images))
}
