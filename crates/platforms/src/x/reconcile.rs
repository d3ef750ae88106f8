//! Looking up what became of a post whose answer was lost: among the author's own recent posts.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};
use domain::{Span, Timestamp};
use net::Request;
use unicode_normalization::UnicodeNormalization as _;

use super::NAME;
use super::errors::classify;
use super::publish::{Stage, State, address, after, read, receipt, text_of, without_comment};
use super::wire::{Timeline, TimelinePost};

/// Clocks differ: posts from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);

/// X lists an account's latest 3,200 posts, 100 on a page.
const PAGES_MAX: usize = 32;

/// What looking through the account's posts came to.
enum Look {
    Found(String),
    Missing,
    /// There are more posts than X lists, or nothing to know the post by.
    InVain,
}

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    mut at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    if at.stage == Stage::Done {
        return Ok(Verdict::Found(Next::Published(receipt(cx, &at, Vec::new()))));
    }
    let comments = at.stage == Stage::Comment;
    if intent.restored && !comments && !at.posted.is_empty() {
        // Only the first part carries media.
        at.stage = Stage::Ready;
    }
    match find(cx, to, &at, intent).await {
        Ok(Look::Found(id)) => Ok(Verdict::Found(after(cx, to, at, id))),
        Ok(Look::Missing | Look::InVain) if comments => {
            Ok(Verdict::Found(without_comment(cx, &at, &format!("{NAME} does not show it."))))
        }
        Ok(Look::Missing) => Ok(Verdict::Absent(at)),
        Ok(Look::InVain) => Ok(Verdict::Unknowable),
        Err(failure) if comments && !failure.died => {
            Ok(Verdict::Found(without_comment(cx, &at, &failure.public)))
        }
        Err(failure) => Err(failure),
    }
}

/// Looks for the part, or comment, that was about to be sent.
async fn find(cx: &Cx<'_>, to: &Publication, at: &State, intent: &Intent) -> Result<Look, Failure> {
    let text = text_of(to, at);
    let uploads_are_lost = intent.restored && at.media.len() != to.media.len();
    if text.trim().is_empty() && uploads_are_lost {
        return Ok(Look::InVain);
    }
    let since = Timestamp::from_seconds((intent.at - BEFORE).as_seconds()).to_iso_millis();
    let mut url = address(cx, &format!("/2/users/{}/tweets", cx.account.platform_user_id))?;
    url.query_pairs_mut()
        .append_pair("max_results", "100")
        .append_pair("start_time", &since)
        .append_pair("tweet.fields", "created_at,entities,referenced_tweets,attachments");
    let mut page = url.clone();
    for _ in 0..PAGES_MAX {
        let request = Request::get(page).bearer(&cx.credentials.access_token);
        let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
        if !answer.is_success() {
            return Err(classify(&answer, cx.now()));
        }
        let timeline: Timeline = read(&answer)?;
        if let Some(post) = timeline.data.iter().find(|post| is_it(post, text, at)) {
            return Ok(Look::Found(post.id.clone()));
        }
        let Some(next) = timeline.meta.next_token else { return Ok(Look::Missing) };
        page = url.clone();
        page.query_pairs_mut().append_pair("pagination_token", &next);
    }
    Ok(Look::InVain)
}

/// Whether `post` is the part with this text that follows the parts that are live.
pub(super) fn is_it(post: &TimelinePost, text: &str, at: &State) -> bool {
    let parent = post.referenced_tweets.iter().find(|other| other.kind == "replied_to");
    !at.posted.contains(&post.id)
        && parent.map(|other| &other.id) == at.posted.last()
        && comparable(&shown(post)) == comparable(text)
        && (!text.trim().is_empty() || has_media(post, &at.media))
}

/// A post without text is known by its media. A key is the id behind a number for the kind.
fn has_media(post: &TimelinePost, media: &[String]) -> bool {
    let keys = post.attachments.media_keys.iter();
    keys.map(|key| key.split_once('_').map_or(key.as_str(), |(_, id)| id)).eq(media)
}

/// The text with its `t.co` links replaced by what they stand for. The link that the platform
/// appends for the post's own media stands for nothing.
fn shown(post: &TimelinePost) -> String {
    let mut text = post.text.clone();
    let own = format!("/status/{}/", post.id);
    for link in &post.entities.urls {
        let target = link.expanded_url.as_deref().unwrap_or(&link.url);
        text = text.replace(&link.url, if target.contains(&own) { "" } else { target });
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What is left when spelling that the platform may change is taken out: white space at the ends,
/// schemes that it adds to bare domains, slashes that it adds after them, capitals in hosts.
fn comparable(text: &str) -> String {
    let plain: String = text.nfc().collect::<String>().to_lowercase();
    let plain = plain.replace("https://", "").replace("http://", "").replace('/', "");
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}
