//! Containers: what goes into one, and what one says of itself (Threads API: create posts).

use connector::{Cx, Failure, MediaItem, MediaKind, Publication};
use domain::{Class, Settings};
use net::Request;

use super::NAME;
use super::errors::{classify, is_missing};
use super::graph::{address, read, send};
use super::state::State;
use super::wire::{Id, Status};

/// Where a container stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Processing,
    Finished,
    Published,
    /// It will never be ready, for this reason.
    Failed(String),
    /// It has expired, or Threads does not know it.
    Gone,
}

type Fields = Vec<(&'static str, String)>;

/// Makes the container of a carousel's item.
pub(super) async fn make_child(cx: &Cx<'_>, to: &Publication, at: &State) -> Result<String, Failure> {
    let file = at.children.len();
    let mut fields = match to.media.get(file) {
        Some(item) => media_fields(cx, to, item, file)?,
        None => Fields::new(),
    };
    fields.push(("is_carousel_item", "true".to_owned()));
    make(cx, &fields).await
}

/// Makes the container of the present part.
pub(super) async fn make_part(cx: &Cx<'_>, to: &Publication, at: &State) -> Result<String, Failure> {
    let mut fields = match to.media.as_slice() {
        [item] if at.posted.is_empty() => media_fields(cx, to, item, 0)?,
        [_, ..] if at.posted.is_empty() => {
            vec![("media_type", "CAROUSEL".to_owned()), ("children", at.children.join(","))]
        }
        _ => vec![("media_type", "TEXT".to_owned())],
    };
    let text = at.text(to);
    if !text.is_empty() {
        fields.push(("text", text.to_owned()));
    }
    match at.posted.last() {
        Some(parent) => fields.push(("reply_to_id", parent.clone())),
        None => fields.extend(first_part_fields(&to.settings, to.media.is_empty())),
    }
    make(cx, &fields).await
}

/// The settings, which belong to the first part.
fn first_part_fields(settings: &Settings, is_text_alone: bool) -> Fields {
    let control = match settings.text("replyControl") {
        Some("following") => Some("accounts_you_follow"),
        Some("mentioned") => Some("mentioned_only"),
        _ => None,
    };
    let topic = settings.text("topicTag").map(|tag| tag.trim_start_matches('#'));
    let link = settings.text("link").filter(|_| is_text_alone);
    [("reply_control", control), ("topic_tag", topic), ("link_attachment", link)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?.to_owned())))
        .collect()
}

fn media_fields(cx: &Cx<'_>, to: &Publication, item: &MediaItem, file: usize) -> Result<Fields, Failure> {
    let (kind, name) = match item.kind {
        MediaKind::Image => ("IMAGE", "image_url"),
        MediaKind::Video => ("VIDEO", "video_url"),
        MediaKind::Document => return Err(no_documents()),
    };
    let url = cx.media.public_url(item.id)?;
    let mut fields = vec![("media_type", kind.to_owned()), (name, url.to_string())];
    if let Some(text) = alt_text(to, file) {
        fields.push(("alt_text", text.to_owned()));
    }
    Ok(fields)
}

/// The refusal of a document.
pub(super) fn no_documents() -> Failure {
    let public = format!("{NAME} takes images and videos, not documents.");
    Failure::before_sending(Class::MediaFailed, public)
}

/// The description of a file: its own, else the one in the settings, which is one text for all
/// files or a list of texts.
fn alt_text(to: &Publication, file: usize) -> Option<&str> {
    let own = to.media.get(file).and_then(|item| item.alt_text.as_deref());
    let setting = to.settings.0.get("altText");
    let listed = || setting.and_then(|texts| texts.get(file).or(Some(texts))).and_then(|text| text.as_str());
    own.or_else(listed).filter(|text| !text.is_empty())
}

async fn make(cx: &Cx<'_>, fields: &Fields) -> Result<String, Failure> {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let url = address(cx.hosts, &format!("/{}/threads", cx.account.platform_user_id))?;
    let answer = send(cx, Request::post(url).form(&pairs)).await?;
    if answer.is_success() {
        return Ok(read::<Id>(&answer)?.id);
    }
    if is_missing(&answer) {
        return Err(missing(cx, fields, &answer));
    }
    Err(classify(&answer, cx.now()))
}

/// Either the post to answer is not there (yet), or the account is not: withdrawn access can look
/// like that.
fn missing(cx: &Cx<'_>, fields: &Fields, answer: &net::Answer) -> Failure {
    let shown = String::from_utf8_lossy(&answer.body);
    let is_account = shown.contains(&cx.account.platform_user_id)
        || !fields.iter().any(|(name, _)| *name == "reply_to_id");
    if is_account {
        return Failure::answered(
            Class::TokenExpired,
            format!("{NAME} no longer shows this account."),
            answer,
        );
    }
    let public = format!("{NAME} does not find the post to answer.");
    Failure::answered(Class::Transient, public, answer)
}

/// Asks where a container stands.
pub(super) async fn standing(cx: &Cx<'_>, container: &str) -> Result<Standing, Failure> {
    let mut url = address(cx.hosts, &format!("/{container}"))?;
    url.query_pairs_mut().append_pair("fields", "id,status,error_message");
    let answer = send(cx, Request::get(url)).await?;
    if is_missing(&answer) {
        return Ok(Standing::Gone);
    }
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let Status { status, error_message } = read(&answer)?;
    Ok(match status.as_str() {
        "FINISHED" => Standing::Finished,
        "PUBLISHED" => Standing::Published,
        "ERROR" => Standing::Failed(error_message.unwrap_or_default()),
        "EXPIRED" => Standing::Gone,
        // A word that is not known means that it is not ready.
        _ => Standing::Processing,
    })
}
