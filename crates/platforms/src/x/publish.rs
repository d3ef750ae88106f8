//! The states of a publish: upload the media, then one commit for each part of the thread, then
//! the first comment.

use connector::{CommitPermit, Cx, Failure, Internal, Next, Publication, Receipt};
use domain::{Class, Settings};
use net::{Answer, Request, SendError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;

use super::errors::{classify_commit, names_media};
use super::wire::{Data, Id, NewPost, NewPostMedia, Reply};
use super::{NAME, media};

/// Where a publish stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// Ids of the uploaded media, in order.
    #[serde(default)]
    pub media: Vec<String>,
    /// Ids of the parts that are live, in order, and of the first comment at last.
    #[serde(default)]
    pub posted: Vec<String>,
    /// Whether the media were uploaded a second time.
    #[serde(default)]
    pub uploaded_again: bool,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// The next media file, or its next segment.
    Upload {
        /// The upload that is open.
        media_id: Option<String>,
        /// Its next segment.
        segment: u32,
    },
    /// The platform processes the file.
    Processing {
        /// The file's id.
        media_id: String,
    },
    /// The file's alternative text.
    Describe {
        /// The file's id.
        media_id: String,
    },
    /// The commit of the next part.
    Ready,
    /// The commit of the first comment.
    Comment,
    /// Everything is live, and stored by its ids.
    Done,
}

impl Stage {
    pub(super) const fn start() -> Self {
        Self::Upload { media_id: None, segment: 0 }
    }
}

impl Default for State {
    fn default() -> Self {
        Self { stage: Stage::start(), media: Vec::new(), posted: Vec::new(), uploaded_again: false }
    }
}

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    if to.settings.text("post_type") == Some("article") {
        let public = "This server does not publish X Articles yet; leave post_type out to post the text.";
        return Err(Failure::before_sending(Class::ContentRejected, public));
    }
    match &at.stage {
        Stage::Ready | Stage::Comment => Ok(Next::Commit(at)),
        Stage::Done => Ok(Next::Published(receipt(cx, &at, Vec::new()))),
        Stage::Upload { .. } | Stage::Processing { .. } | Stage::Describe { .. } => {
            media::step(cx, to, at).await
        }
    }
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let repeats_unknown = permit.repeats_unknown();
    let url = address(cx, "/2/tweets")?;
    let request = Request::post(url).bearer(&cx.credentials.access_token).json(&body(to, &at));
    let sent = cx.send_commit(request, permit).await;
    if at.stage != Stage::Comment {
        let part = at.posted.len() + 1;
        return conclude(cx, to, at, sent, repeats_unknown).map_err(|failure| failure.of_part(part));
    }
    match conclude(cx, to, at.clone(), sent, repeats_unknown) {
        Err(failure) if !failure.died && !failure.leaves_commit_open() => {
            Ok(without_comment(cx, &at, &failure.public))
        }
        // What stays open is looked up.
        outcome => outcome,
    }
}

/// What the answer to a publishing request means.
fn conclude(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    sent: Result<Answer, SendError>,
    repeats_unknown: bool,
) -> Result<Next<State>, Failure> {
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(after(cx, to, at, read::<Data<Id>>(&answer)?.data.id));
    }
    if names_media(&answer) && at.stage == Stage::Ready {
        return media::again(State { media: Vec::new(), ..at });
    }
    Err(classify_commit(&answer, repeats_unknown, cx.now()))
}

/// What comes after a first comment that certainly, or perhaps, did not go out. The post is live,
/// so nothing that happens to the comment may fail the publish or repeat it.
pub(super) fn without_comment(cx: &Cx<'_>, at: &State, why: &str) -> Next<State> {
    let warning = format!("The first comment may not have been published: {why}");
    Next::Published(receipt(cx, at, vec![warning]))
}

fn body<'a>(to: &'a Publication, at: &'a State) -> NewPost<'a> {
    let reply = at.posted.last().map(|id| Reply { in_reply_to_tweet_id: id });
    let first = at.posted.is_empty();
    let settings = &to.settings;
    NewPost {
        text: text_of(to, at),
        media: (first && !at.media.is_empty()).then(|| NewPostMedia { media_ids: &at.media }),
        reply,
        reply_settings: settings
            .text("replySettings")
            .filter(|value| first && matches!(*value, "following" | "mentionedUsers")),
        community_id: community(settings).filter(|_| first),
        made_with_ai: settings.flag("made_with_ai").unwrap_or(false),
        paid_partnership: settings.flag("paid_partnership").unwrap_or(false),
    }
}

/// Ids arrive as text or as numbers.
fn community(settings: &Settings) -> Option<String> {
    let number = settings.0.get("community_id").and_then(serde_json::Value::as_u64);
    settings.text("community_id").map(ToOwned::to_owned).or_else(|| number.map(|id| id.to_string()))
}

/// The text of the part, or of the comment, that is due.
pub(super) fn text_of<'a>(to: &'a Publication, at: &State) -> &'a str {
    match (&at.stage, at.posted.len()) {
        (Stage::Comment | Stage::Done, _) => to.settings.text("firstComment").unwrap_or_default(),
        (_, 0) => &to.text,
        (_, part) => to.thread.get(part - 1).map_or("", String::as_str),
    }
}

/// What comes after the part with this id went live.
pub(super) fn after(cx: &Cx<'_>, to: &Publication, mut at: State, id: String) -> Next<State> {
    at.posted.push(id);
    if at.stage == Stage::Comment {
        return Next::Go(State { stage: Stage::Done, ..at });
    }
    if at.posted.len() <= to.thread.len() {
        return Next::Go(at);
    }
    if to.settings.text("firstComment").is_some() {
        return Next::Go(State { stage: Stage::Comment, ..at });
    }
    if !to.thread.is_empty() {
        // The receipt names the first part alone; the others can be taken down by what is stored here.
        return Next::Go(State { stage: Stage::Done, ..at });
    }
    Next::Published(receipt(cx, &at, Vec::new()))
}

pub(super) fn receipt(cx: &Cx<'_>, at: &State, warnings: Vec<String>) -> Receipt {
    let id = at.posted.first().cloned().unwrap_or_default();
    // The form without a name works for every account.
    let name = cx.account.username.as_deref().filter(|name| !name.is_empty()).unwrap_or("i/web");
    let base = cx.hosts.base("permalink");
    Receipt { platform_post_url: format!("{base}/{name}/status/{id}"), platform_post_id: id, warnings }
}

pub(super) fn address(cx: &Cx<'_>, path: &str) -> Result<Url, Failure> {
    cx.hosts.url("api", path).map_err(|error| Failure {
        internal: Internal::new(format!("host \"api\": {error}")),
        ..Failure::before_sending(Class::Transient, "This server's address for X is not usable.")
    })
}

pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
