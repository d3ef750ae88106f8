//! The step machine: resolve mentions, fetch link cards, upload the files, freeze the records, then
//! write them one by one. Everything that a record holds is in the state before its first write,
//! so that every repeat writes the very same record under the very same key.

use std::collections::BTreeMap;

use connector::{CommitPermit, Cx, Failure, MediaKind, Next, Publication, Receipt, StartCx};
use domain::Span;
use net::Request;
use serde::{Deserialize, Serialize};

use super::facets::{self, What};
use super::video::Upload;
use super::wire::{
    Blob, Embed, External, Facet, Feature, POSTS, PostRecord, PutRecord, Reply, Resolved, StrongRef,
};
use super::{NAME, card, errors, media, tid, video, xrpc};

const LANGUAGES_MAX: usize = 3;

/// Where a publish stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "version")]
pub enum State {
    /// The first form.
    #[serde(rename = "1")]
    V1(Progress),
}

/// What is known so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Handle to DID; `None` for a handle that nobody has.
    mentions: BTreeMap<String, Option<String>>,
    /// Handles that are to be resolved.
    unresolved: Vec<String>,
    /// The uploaded media, in order.
    pub(super) files: Vec<Blob>,
    /// How far a video is on its way into the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) video: Option<Upload>,
    /// How often a video's upload was begun anew.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) begun_again: u32,
    /// Whether the files were uploaded a second time.
    uploaded_again: bool,
    /// The post, or the thread's parts.
    pub(super) parts: Vec<Part>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    pub rkey: String,
    pub created_at: String,
    pub card: Card,
    /// The frozen record.
    pub record: Option<PostRecord>,
    /// Where it is, once it is live.
    pub posted: Option<StrongRef>,
}

/// A part's link card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Card {
    /// None.
    Without,
    /// To be made of this page.
    Due(String),
    /// Made.
    Made(External),
}

/// Chooses keys and moments, and notes what has to be looked up.
pub(super) fn start(cx: StartCx<'_>, to: &Publication) -> State {
    let texts = texts(to);
    let mut keys = tid::of(to, texts.len()).into_iter();
    let mut moment = cx.now;
    let mut progress = Progress::default();
    for (index, text) in texts.iter().enumerate() {
        for detected in facets::detect(text) {
            if let What::Mention(handle) = detected.what
                && !progress.unresolved.contains(&handle)
            {
                progress.unresolved.push(handle);
            }
        }
        let has_media = index == 0 && !to.media.is_empty();
        let link = if has_media { None } else { facets::first_link(text) };
        progress.parts.push(Part {
            rkey: keys.next().unwrap_or_default(),
            created_at: moment.to_iso_millis(),
            card: link.map_or(Card::Without, Card::Due),
            record: None,
            posted: None,
        });
        moment = moment + Span::from_millis(1);
    }
    State::V1(progress)
}

/// Does the next thing that is still missing.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let State::V1(mut progress) = at;
    media::check(&to.media)?;
    if let Some(handle) = progress.unresolved.last().cloned() {
        let did = resolve(cx, &handle).await?;
        progress.mentions.insert(handle, did);
        progress.unresolved.pop();
        return Ok(Next::Go(State::V1(progress)));
    }
    for part in &mut progress.parts {
        if let Card::Due(link) = &part.card {
            part.card = card::make(cx, link).await?.map_or(Card::Without, Card::Made);
            return Ok(Next::Go(State::V1(progress)));
        }
    }
    if let Some(item) = to.media.get(progress.files.len()).filter(|item| item.kind == MediaKind::Video) {
        return video::step(cx, item, progress).await;
    }
    if let Some(item) = to.media.get(progress.files.len()) {
        progress.files.push(media::upload(cx, item).await?);
        return Ok(Next::Go(State::V1(progress)));
    }
    progress.freeze(to);
    Ok(progress.next(cx))
}

/// Writes the next part's record.
pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let State::V1(mut progress) = at;
    let Some((part, record)) = progress.due() else {
        return Ok(Next::Go(State::V1(progress)));
    };
    let body = PutRecord {
        repo: &cx.account.platform_user_id,
        collection: POSTS,
        rkey: &part.rkey,
        validate: true,
        swap_record: None,
        record,
    };
    let url = xrpc::address(xrpc::service(cx), "com.atproto.repo.putRecord", &[])?;
    let request = Request::post(url).bearer(&cx.credentials.access_token).json(&body);
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if errors::is_blob_missing(&answer) && !progress.uploaded_again {
        progress.upload_again(to);
        return Ok(Next::Go(State::V1(progress)));
    }
    if !answer.is_success() {
        let number = progress.parts.iter().filter(|part| part.posted.is_some()).count() + 1;
        return Err(errors::of_commit(&answer).of_part(number));
    }
    Ok(progress.posted(cx, xrpc::read(&answer)?))
}

impl Progress {
    /// The part whose turn it is, with its frozen record.
    pub(super) fn due(&self) -> Option<(&Part, &PostRecord)> {
        let part = self.waiting()?;
        Some((part, part.record.as_ref()?))
    }

    /// The part whose turn it is.
    pub(super) fn waiting(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.posted.is_none())
    }

    /// The part whose turn it is gets another key.
    pub(super) fn rekey(&mut self, rkey: String) {
        if let Some(part) = self.parts.iter_mut().find(|part| part.posted.is_none()) {
            part.rkey = rkey;
        }
    }

    /// What comes after the part whose turn it is became live at `place`.
    pub(super) fn posted(mut self, cx: &Cx<'_>, place: StrongRef) -> Next<State> {
        if let Some(part) = self.parts.iter_mut().find(|part| part.posted.is_none()) {
            part.posted = Some(place);
        }
        self.next(cx)
    }

    /// The next commit, or the receipt.
    fn next(mut self, cx: &Cx<'_>) -> Next<State> {
        let live: Vec<&StrongRef> = self.parts.iter().filter_map(|part| part.posted.as_ref()).collect();
        let reply = match (live.first(), live.last()) {
            (Some(&root), Some(&parent)) => Some(Reply { root: root.clone(), parent: parent.clone() }),
            _ => None,
        };
        match self.parts.iter_mut().find(|part| part.posted.is_none()) {
            Some(part) => {
                if let Some(record) = &mut part.record {
                    record.reply = reply;
                }
                Next::Commit(State::V1(self))
            }
            None => Next::Published(self.receipt(cx)),
        }
    }

    /// Builds every record that is not frozen yet.
    fn freeze(&mut self, to: &Publication) {
        let languages = languages(to);
        for (index, (part, text)) in self.parts.iter_mut().zip(texts(to)).enumerate() {
            if part.record.is_some() {
                continue;
            }
            let attached = if index == 0 { media::embed(&to.media, &self.files) } else { None };
            let embed = attached.or_else(|| match &part.card {
                Card::Made(external) => Some(Embed::External { external: external.clone() }),
                Card::Without | Card::Due(_) => None,
            });
            part.record = Some(PostRecord {
                kind: POSTS.to_owned(),
                text: text.to_owned(),
                created_at: part.created_at.clone(),
                facets: resolved_facets(text, &self.mentions),
                embed,
                reply: None,
                langs: languages.clone(),
            });
        }
    }

    /// The host lost files: those of the parts that are not live are uploaded and frozen anew.
    fn upload_again(&mut self, to: &Publication) {
        self.uploaded_again = true;
        let waiting = self.parts.iter_mut().enumerate().filter(|(_, part)| part.posted.is_none());
        for (index, part) in waiting {
            part.record = None;
            if index == 0 && !to.media.is_empty() {
                self.files.clear();
            }
            if let Card::Made(External { uri, thumb: Some(_), .. }) = &part.card {
                part.card = Card::Due(uri.clone());
            }
        }
    }

    /// Proof of the first part.
    fn receipt(&self, cx: &Cx<'_>) -> Receipt {
        let first = self.parts.first();
        let rkey = first.map_or("", |part| part.rkey.as_str());
        let uri = first.and_then(|part| part.posted.as_ref()).map_or("", |place| place.uri.as_str());
        let profile = cx.account.username.as_deref().unwrap_or(&cx.account.platform_user_id);
        let unknown = self.mentions.iter().filter(|(_, did)| did.is_none());
        Receipt {
            platform_post_id: uri.to_owned(),
            platform_post_url: format!("{}/profile/{profile}/post/{rkey}", cx.hosts.base("permalink")),
            warnings: unknown
                .map(|(handle, _)| format!("Bluesky knows no @{handle}; the mention is plain text."))
                .collect(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn texts(to: &Publication) -> Vec<&str> {
    std::iter::once(to.text.as_str()).chain(to.thread.iter().map(String::as_str)).collect()
}

/// A mention that did not resolve stays plain text: its facet would need a DID.
fn resolved_facets(text: &str, mentions: &BTreeMap<String, Option<String>>) -> Vec<Facet> {
    let feature = |what| match what {
        What::Link(uri) => Some(Feature::Link { uri }),
        What::Tag(tag) => Some(Feature::Tag { tag }),
        What::Mention(handle) => mentions.get(&handle).cloned().flatten().map(|did| Feature::Mention { did }),
    };
    facets::detect(text)
        .into_iter()
        .filter_map(|found| Some(Facet { index: found.range, features: vec![feature(found.what)?] }))
        .collect()
}

/// The author's languages; whatever is no language tag would cost the whole post and is left out.
fn languages(to: &Publication) -> Vec<String> {
    let is_tag = |text: &str| {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        (2..=3).contains(&primary.len())
            && primary.bytes().all(|letter| letter.is_ascii_alphabetic())
            && parts
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric()))
    };
    let given = to.settings.0.get("langs").and_then(|langs| langs.as_array());
    given
        .into_iter()
        .flatten()
        .filter_map(|lang| lang.as_str())
        .filter(|lang| is_tag(lang))
        .map(str::to_owned)
        .take(LANGUAGES_MAX)
        .collect()
}

async fn resolve(cx: &Cx<'_>, handle: &str) -> Result<Option<String>, Failure> {
    let query = [("handle", handle)];
    let url = xrpc::address(xrpc::service(cx), "com.atproto.identity.resolveHandle", &query)?;
    let answer = cx.send(Request::get(url)).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(Some(xrpc::read::<Resolved>(&answer)?.did));
    }
    if errors::is_handle_unknown(&answer) { Ok(None) } else { Err(errors::of_call(&answer)) }
}

#[cfg(test)]
mod tests;
