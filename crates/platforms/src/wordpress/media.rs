//! Files: looked for under their name, uploaded, described. A name holds the destination's token, so
//! that an upload whose answer was lost is found and not repeated.

use std::time::Duration;

use connector::{Cx, Failure, MediaItem, MediaKind, Next, Publication, Streamed};
use domain::Class;
use net::Request;

use super::state::{File, Stage, State};
use super::wire::{Description, Media};
use super::{NAME, errors, rest, slug};

const UPLOAD_TIMEOUT: Duration = Duration::from_mins(2);

/// Refuses what a site cannot show, before anything is sent.
pub(super) fn check(to: &Publication) -> Result<(), Failure> {
    for item in &to.media {
        if item.kind == MediaKind::Document || ending(item).is_none() {
            let public =
                format!("{} is neither an image nor an MP4 video; {NAME} takes no other.", item.filename);
            return Err(Failure::before_sending(Class::MediaFailed, public));
        }
    }
    Ok(())
}

/// The ending by which the site knows what a file is.
fn ending(item: &MediaItem) -> Option<&'static str> {
    match item.content_type.as_str() {
        "image/jpeg" => Some("jpg"),
        "image/png" => Some("png"),
        "image/gif" => Some("gif"),
        "image/webp" => Some("webp"),
        "video/mp4" => Some("mp4"),
        _ => None,
    }
}

/// Uploads the next file, unless it is on the site already: an earlier try may have brought it there.
pub(super) async fn upload(cx: &Cx<'_>, to: &Publication, mut at: State) -> Result<Next<State>, Failure> {
    let Some(item) = to.media.get(at.files.len()) else { return Ok(Next::Go(at.to(Stage::Tag { next: 0 }))) };
    let name = slug::of_file(to, item, at.files.len());
    let Media { id, source_url } = match find(cx, &name).await? {
        Some(there) => there,
        None => send(cx, item, &name).await?,
    };
    at.files.push(File { id, url: source_url });
    Ok(Next::Go(at.to(Stage::Describe)))
}

async fn find(cx: &Cx<'_>, name: &str) -> Result<Option<Media>, Failure> {
    let query = [("slug", name), ("_fields", "id,source_url")];
    let found: Vec<Media> = rest::get(cx, "/wp/v2/media", &query).await?;
    Ok(found.into_iter().next())
}

async fn send(cx: &Cx<'_>, item: &MediaItem, name: &str) -> Result<Media, Failure> {
    let ending = ending(item).unwrap_or_default();
    let request = Request::post(rest::own(cx, "/wp/v2/media", &[("_fields", "id,source_url")])?)
        .header("content-disposition", &format!("attachment; filename=\"{name}.{ending}\""))
        .timeout(UPLOAD_TIMEOUT);
    let sent = cx.send_streamed_guarded(rest::signed(cx, request), Streamed::file(item)).await?;
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(errors::classify_upload(&answer, cx.now()));
    }
    rest::read(&answer)
}

/// Gives the last file its alternative text.
pub(super) async fn describe(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let described = at.files.len().checked_sub(1).and_then(|last| to.media.get(last).zip(at.files.get(last)));
    if let Some((MediaItem { alt_text: Some(alt_text), .. }, file)) = described {
        let url = rest::own(cx, &format!("/wp/v2/media/{}", file.id), &[("_fields", "id")])?;
        let answer = rest::send(cx, Request::post(url).json(&Description { alt_text })).await?;
        if !answer.is_success() {
            return Err(errors::classify_upload(&answer, cx.now()));
        }
    }
    Ok(Next::Go(at.to(Stage::Upload)))
}
