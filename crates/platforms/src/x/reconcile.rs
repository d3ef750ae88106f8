//! Looking up what became of a post whose answer was lost: among the author's own recent posts.

use connector::{Cx, Failure, Intent, Publication, Verdict};
use domain::{Span, Timestamp};
use net::Request;
use unicode_normalization::UnicodeNormalization as _;

use super::NAME;
use super::errors::classify;
use super::publish::{State, address, after, read, text_of};
use super::wire::{Timeline, TimelinePost};

/// Clocks differ: posts from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let since = Timestamp::from_seconds((intent.at - BEFORE).as_seconds()).to_iso_millis();
    let mut url = address(cx, &format!("/2/users/{}/tweets", cx.account.platform_user_id))?;
    url.query_pairs_mut()
        .append_pair("max_results", "100")
        .append_pair("start_time", &since)
        .append_pair("tweet.fields", "created_at,entities,referenced_tweets");
    let request = Request::get(url).bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let timeline: Timeline = read(&answer)?;
    let found = timeline.data.iter().find(|post| is_it(post, text_of(to, &at), &at.posted));
    Ok(match found.map(|post| post.id.clone()) {
        Some(id) => Verdict::Found(after(cx, to, at, id)),
        None => Verdict::Absent(at),
    })
}

/// Whether `post` is the part with this text that follows the parts that are live.
pub(super) fn is_it(post: &TimelinePost, text: &str, posted: &[String]) -> bool {
    let parent = post.referenced_tweets.iter().find(|other| other.kind == "replied_to");
    !posted.contains(&post.id)
        && parent.map(|other| &other.id) == posted.last()
        && comparable(&shown(post)) == comparable(text)
}

/// The text with its `t.co` links replaced by what they stand for. The link that the platform
/// appends for media stands for nothing.
fn shown(post: &TimelinePost) -> String {
    let mut text = post.text.clone();
    for link in &post.entities.urls {
        let target = link.expanded_url.as_deref().unwrap_or(&link.url);
        let is_media =
            target.contains("/status/") && (target.contains("/photo/") || target.contains("/video/"));
        text = text.replace(&link.url, if is_media { "" } else { target });
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What is left when spelling that the platform may change is taken out: white space at the ends,
/// schemes that it adds to bare domains, and slashes that it adds after them.
fn comparable(text: &str) -> String {
    let plain: String = text.nfc().collect::<String>().replace("https://", "").replace("http://", "");
    let words: Vec<&str> = plain.split_whitespace().map(|word| word.trim_end_matches('/')).collect();
    words.join(" ")
}
