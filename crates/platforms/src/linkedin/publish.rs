//! The states of a publish: fetch the link's description, upload the files, commit, comment.

use connector::{CommitPermit, Cx, Failure, Internal, MediaItem, MediaKind, Next, Publication, Receipt};
use domain::{Class, Timestamp};
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::errors::{classify, classify_commit, duplicate_of};
use super::wire::{Content, Distribution, File, NewPost};
use super::{NAME, media, text};
use crate::page;

/// Where a publish stands. Everything that the post is made of is frozen here, so that sending it
/// again sends the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The uploaded files, in order: images, or a video, or a document.
    #[serde(default)]
    pub images: Vec<String>,
    /// The link card.
    #[serde(default)]
    pub article: Option<Article>,
    /// The post, once it is live.
    #[serde(default)]
    pub posted: Option<String>,
    /// Whether an upload had to be opened a second time.
    #[serde(default)]
    pub opened_again: bool,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// The link's description.
    #[default]
    Card,
    /// Opening the next file's upload.
    Open,
    /// Sending the bytes of an image or a document.
    Put {
        /// The file.
        image: String,
        /// Where the bytes go.
        upload_url: String,
    },
    /// Sending the parts of a video, and finishing it.
    Parts {
        /// The video.
        video: String,
        /// What finishing hands back.
        token: String,
        /// All of its parts.
        parts: Vec<Part>,
        /// The names of those that are there, in order.
        sent: Vec<String>,
    },
    /// The platform processes the video.
    Processing {
        /// The video.
        video: String,
        /// When it was finished.
        since: Timestamp,
    },
    /// The commit.
    Ready,
    /// The first comment.
    Comment,
}

/// A part of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its first byte.
    pub first: u64,
    /// Its last byte.
    pub last: u64,
    /// Where it goes.
    pub upload_url: String,
}

/// A link card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The link.
    pub source: String,
    /// Its title; the platform wants one.
    pub title: String,
    /// Its description; may be empty.
    pub description: String,
}

/// Longest title and description of a card (LinkedIn: Posts API).
const TITLE_MAX: usize = 399;
const DESCRIPTION_MAX: usize = 4085;

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Card => {
            media::check(to)?;
            let article = if to.media.is_empty() { card(cx, to).await } else { None };
            Ok(Next::Go(State { stage: Stage::Open, article, ..at }))
        }
        Stage::Open | Stage::Put { .. } | Stage::Parts { .. } | Stage::Processing { .. } => {
            media::step(cx, to, at).await
        }
        Stage::Ready | Stage::Comment => Ok(Next::Commit(at)),
    }
}

/// The card of the link that the author named, or of the only link in the text. The platform reads
/// no page by itself; a page that cannot be read leaves the post without a card.
async fn card(cx: &Cx<'_>, to: &Publication) -> Option<Article> {
    let named = to.settings.text("link");
    let link = match named {
        Some(link) => link.to_owned(),
        None => only_link(&to.text)?,
    };
    let url = Url::parse(&link).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let page = page::preview(cx.guarded, &url).await;
    // Without a page there is a card only where the author asked for one.
    if page.is_none() && named.is_none() {
        return None;
    }
    let page = page.unwrap_or_default();
    let host = url.host_str().unwrap_or(&link).to_owned();
    let titles = [to.settings.text("linkTitle").unwrap_or_default().to_owned(), page.title, host];
    let title = titles.into_iter().find(|title| !title.is_empty())?;
    Some(Article {
        source: link,
        title: cut(&title, TITLE_MAX),
        description: cut(&page.description, DESCRIPTION_MAX),
    })
}

/// Whether the post is made of its text alone, so that a new start makes the same one.
pub(super) fn is_text_alone(to: &Publication) -> bool {
    to.media.is_empty() && to.settings.text("link").is_none() && only_link(&to.text).is_none()
}

fn only_link(text: &str) -> Option<String> {
    let mut links =
        text.split_whitespace().filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    let link = links.next().filter(|_| links.next().is_none())?;
    Some(link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).to_owned())
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    if at.stage == Stage::Comment {
        return comment(cx, to, &at, permit).await;
    }
    let repeats_unknown = permit.repeats_unknown();
    let author = author(cx);
    let body = body(to, &at, &author);
    let request = rest(cx, Request::post(address(cx, "api", "/rest/posts")?)).json(&body);
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return match answer.header("x-restli-id") {
            Some(urn) => Ok(after(cx, to, at, urn.to_owned())),
            // A proxy that strips headers leaves no proof of which post it is.
            None => Err(Failure::unproven(format!("{NAME} did not say which post it made."), &answer)),
        };
    }
    match duplicate_of(&answer) {
        // What it repeats is what the earlier request of this very post left behind.
        Some(urn) if repeats_unknown => Ok(after(cx, to, at, urn)),
        _ => Err(classify_commit(&answer, repeats_unknown, cx.now())),
    }
}

fn body<'a>(to: &'a Publication, at: &'a State, author: &'a str) -> NewPost<'a> {
    let files = || at.images.iter().zip(&to.media).map(|(id, item)| File::of(id, item, to));
    let content = match (at.images.len(), &at.article) {
        (1, _) => files().next().map(Content::Media),
        (2.., _) => Some(Content::MultiImage { images: files().collect() }),
        (0, Some(article)) => Some(Content::Article {
            source: &article.source,
            title: &article.title,
            description: &article.description,
        }),
        (0, None) => None,
    };
    let visibility =
        to.settings.text("visibility").filter(|value| matches!(*value, "CONNECTIONS" | "LOGGED_IN"));
    NewPost {
        author,
        commentary: text::escape(&to.text),
        visibility: visibility.unwrap_or("PUBLIC"),
        distribution: Distribution { feed: "MAIN_FEED", target_entities: [], third_party_channels: [] },
        lifecycle_state: "PUBLISHED",
        is_reshare_disabled_by_author: false,
        content,
    }
}

impl<'a> File<'a> {
    /// How the post shows a file. A document must have a title.
    fn of(id: &'a str, item: &'a MediaItem, to: &'a Publication) -> Self {
        let stem = item.filename.rsplit_once('.').map_or(item.filename.as_str(), |(stem, _)| stem);
        let title = match item.kind {
            MediaKind::Document if stem.is_empty() => Some("Document"),
            MediaKind::Document => Some(to.settings.text("documentTitle").unwrap_or(stem)),
            MediaKind::Image | MediaKind::Video => None,
        };
        let title = title.map(|title| cut(title, TITLE_MAX));
        let alt_text = item.alt_text.as_deref().filter(|_| item.kind == MediaKind::Image);
        Self { id, title, alt_text }
    }
}

pub(super) fn after(cx: &Cx<'_>, to: &Publication, at: State, urn: String) -> Next<State> {
    if to.settings.text("firstComment").is_some() {
        return Next::Go(State { stage: Stage::Comment, posted: Some(urn), ..at });
    }
    Next::Published(receipt(cx, urn, Vec::new()))
}

/// The post is live whatever becomes of the comment; most apps may not comment at all.
async fn comment(
    cx: &Cx<'_>,
    to: &Publication,
    at: &State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let urn = at.posted.clone().unwrap_or_default();
    let text = to.settings.text("firstComment").unwrap_or_default();
    let path = format!("/rest/socialActions/{}/comments", encode(&urn));
    let body = json!({ "actor": author(cx), "object": urn, "message": { "text": text } });
    let why = match address(cx, "api", &path) {
        Err(failure) => failure.public,
        Ok(url) => match cx.send_commit(rest(cx, Request::post(url)).json(&body), permit).await {
            Ok(answer) if answer.is_success() => return Ok(Next::Published(receipt(cx, urn, Vec::new()))),
            Ok(answer) => classify_commit(&answer, false, cx.now()).public,
            Err(error) if error.died => return Err(Failure::unanswered(NAME, error)),
            Err(error) => Failure::unanswered(NAME, error).public,
        },
    };
    Ok(without_comment(cx, urn, &why))
}

/// What comes after a first comment that certainly, or perhaps, did not go out.
pub(super) fn without_comment(cx: &Cx<'_>, urn: String, why: &str) -> Next<State> {
    let warning = format!("The first comment may not have been published: {why}");
    Next::Published(receipt(cx, urn, vec![warning]))
}

fn receipt(cx: &Cx<'_>, urn: String, warnings: Vec<String>) -> Receipt {
    let base = cx.hosts.base("permalink");
    Receipt { platform_post_url: format!("{base}/feed/update/{urn}/"), platform_post_id: urn, warnings }
}

/// The author's URN: organizations are stored with theirs, members by their id.
pub(super) fn author(cx: &Cx<'_>) -> String {
    let id = &cx.account.platform_user_id;
    if id.starts_with("urn:li:") { id.clone() } else { format!("urn:li:person:{id}") }
}

/// A URN as part of a path or a query.
pub(super) fn encode(urn: &str) -> String {
    url::form_urlencoded::byte_serialize(urn.as_bytes()).collect()
}

/// The headers that every call to the versioned API carries.
pub(super) fn rest(cx: &Cx<'_>, request: Request) -> Request {
    request
        .bearer(&cx.credentials.access_token)
        .header("linkedin-version", cx.hosts.version())
        .header("x-restli-protocol-version", "2.0.0")
}

pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() { Ok(answer) } else { Err(classify(&answer, cx.now())) }
}

pub(super) fn address(cx: &Cx<'_>, host: &str, path: &str) -> Result<Url, Failure> {
    cx.hosts.url(host, path).map_err(|error| Failure {
        internal: Internal::new(format!("host \"{host}\": {error}")),
        ..Failure::before_sending(
            Class::Transient,
            format!("This server's address for {NAME} is not usable."),
        )
    })
}

pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
