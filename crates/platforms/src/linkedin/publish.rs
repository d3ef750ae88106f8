//! The states of a publish: fetch the link's description, upload the images, commit, comment.

use connector::{CommitPermit, Cx, Failure, Internal, MediaKind, Next, Publication, Receipt};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::errors::{classify, classify_commit, duplicate_of};
use super::wire::{Content, Distribution, Image, ImageUpload, NewPost, Value};
use super::{NAME, text};
use crate::page;

/// Where a publish stands. Everything that the post is made of is frozen here, so that sending it
/// again sends the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The uploaded images, in order.
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
    /// Opening the next image's upload.
    Open,
    /// Sending the bytes.
    Put {
        /// The image.
        image: String,
        /// Where the bytes go.
        upload_url: String,
    },
    /// The commit.
    Ready,
    /// The first comment.
    Comment,
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
            refuse_unsupported(to)?;
            let article = if to.media.is_empty() { card(cx, to).await } else { None };
            Ok(Next::Go(State { stage: Stage::Open, article, ..at }))
        }
        Stage::Open if at.images.len() == to.media.len() => Ok(Next::Go(State { stage: Stage::Ready, ..at })),
        Stage::Open => {
            let upload = open(cx).await?;
            let stage = Stage::Put { image: upload.image, upload_url: upload.upload_url };
            Ok(Next::Go(State { stage, ..at }))
        }
        Stage::Put { image, upload_url } => {
            if !put(cx, to, at.images.len(), &upload_url, at.opened_again).await? {
                return Ok(Next::Go(State { stage: Stage::Open, opened_again: true, ..at }));
            }
            let mut images = at.images;
            images.push(image);
            Ok(Next::Go(State { stage: Stage::Open, images, ..at }))
        }
        Stage::Ready | Stage::Comment => Ok(Next::Commit(at)),
    }
}

/// Says at once what this connector cannot do, in place of leaving something out.
fn refuse_unsupported(to: &Publication) -> Result<(), Failure> {
    if to.media.iter().all(|item| item.kind == MediaKind::Image) {
        return Ok(());
    }
    let public = format!("This server publishes text and images to {NAME}, not yet videos or documents.");
    Err(Failure::before_sending(Class::MediaFailed, public))
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

async fn open(cx: &Cx<'_>) -> Result<ImageUpload, Failure> {
    let body = json!({ "initializeUploadRequest": { "owner": author(cx) } });
    let url = address(cx, "api", "/rest/images?action=initializeUpload")?;
    let answer = send(cx, rest(cx, Request::post(url)).json(&body)).await?;
    Ok(read::<Value<ImageUpload>>(&answer)?.value)
}

/// Sends the bytes of one image. `false` when the address no longer takes them: it lives for a
/// day, and a publish that waited longer opens another one, once.
async fn put(
    cx: &Cx<'_>,
    to: &Publication,
    at: usize,
    upload_url: &str,
    last_try: bool,
) -> Result<bool, Failure> {
    let url = Url::parse(upload_url).map_err(|error| Failure {
        internal: Internal::new(format!("upload url: {error}")),
        ..Failure::before_sending(Class::Transient, format!("{NAME} gave no usable upload address."))
    })?;
    let Some(item) = to.media.get(at) else { return Ok(true) };
    let bytes = cx.media.read(item.id, 0, item.size_bytes).await?;
    let request = Request::new(http::Method::PUT, url)
        .bearer(&cx.credentials.access_token)
        .bytes(bytes, &item.content_type);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(true);
    }
    if matches!(answer.status, 403 | 404 | 410) && !last_try {
        return Ok(false);
    }
    let failure = classify(&answer, cx.now());
    Err(match failure.class {
        Class::ContentRejected | Class::PermissionMissing => Failure { class: Class::MediaFailed, ..failure },
        _ => failure,
    })
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
    let images =
        || at.images.iter().zip(&to.media).map(|(id, item)| Image { id, alt_text: item.alt_text.as_deref() });
    let content = match (at.images.len(), &at.article) {
        (1, _) => images().next().map(Content::Media),
        (2.., _) => Some(Content::MultiImage { images: images().collect() }),
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
