//! A video's bytes, in chunks to the address that TikTok opened for them (page "Media transfer
//! guide"). The last chunk publishes, so it goes out as the commit.

use std::ops::Range;

use connector::{CommitPermit, Cx, Failure, Hosts, MediaItem, Next, Publication};
use domain::{Class, Span};
use http::Method;
use net::{Answer, Request};
use url::Url;

use super::NAME;
use super::api::{read, send, without_body};
use super::errors::{classify, is_ok};
use super::post;
use super::state::{Opened, Stage, State};
use super::status;
use super::wire::{Begun, VideoSource};

/// Chunks have 5 to 64 MB; this is in between whether a MB has 1,000,000 bytes or more.
const CHUNK_BYTES: u64 = 6_000_000;
/// The address lives for an hour; the last minutes are not counted on.
const LIFE: Span = Span::from_minutes(55);
/// How often the whole is begun anew by itself.
pub(super) const MADE_AGAIN_MAX: u32 = 2;

/// How a file is cut: the size of a chunk and their number. What is left over goes into the last.
pub(super) fn cut(size_bytes: u64) -> (u64, u64) {
    if size_bytes < 2 * CHUNK_BYTES { (size_bytes, 1) } else { (CHUNK_BYTES, size_bytes / CHUNK_BYTES) }
}

/// The chunk that begins with byte `sent`.
pub(super) fn chunk_at(size_bytes: u64, sent: u64) -> Range<u64> {
    let (chunk, count) = cut(size_bytes);
    let number = sent / chunk.max(1) + 1;
    sent..if number >= count { size_bytes } else { number * chunk }
}

/// Whether the chunk that begins with byte `sent` is the last one.
pub(super) fn is_last(size_bytes: u64, sent: u64) -> bool {
    chunk_at(size_bytes, sent).end == size_bytes
}

/// Opens the upload. An answer that is lost costs nothing but a call: without bytes there is no post.
pub(super) async fn open(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let size = film(to)?.size_bytes;
    let (chunk_size, total_chunk_count) = cut(size);
    let source = VideoSource::Upload { video_size: size, chunk_size, total_chunk_count };
    let answer = send(cx, post::video(cx, to, &at, source)?).await?;
    if !is_ok(&answer) {
        return Err(classify(&answer, cx.now()));
    }
    let begun = begun(&answer)?;
    let Some(url) = begun.upload_url else {
        return Err(Failure::unreadable(NAME, "there is no upload_url", &without_body(&answer)));
    };
    let opened =
        State { upload: Some(Opened { url, at: cx.now() }), publish_id: Some(begun.publish_id), ..at };
    Ok(Next::Go(opened.to(Stage::Send { sent: 0 })))
}

/// What was begun. The address in the answer is a secret, so one that cannot be read is not shown.
fn begun(answer: &Answer) -> Result<Begun, Failure> {
    read(answer).map_err(|_| Failure::unreadable(NAME, "the begun upload", &without_body(answer)))
}

/// Sends the next chunk, or says that the commit is due.
pub(super) async fn next(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    sent: u64,
) -> Result<Next<State>, Failure> {
    let size = film(to)?.size_bytes;
    if is_over(cx, &at) {
        return again(at);
    }
    if sent >= size {
        return Ok(Next::Go(at.to(Stage::Processing { since: cx.now() })));
    }
    if is_last(size, sent) {
        return Ok(Next::Commit(at));
    }
    let chunk = chunk_at(size, sent);
    let end = chunk.end;
    let answer = send(cx, put(cx, to, &at, chunk).await?).await?;
    match answer.status {
        206 => Ok(Next::Go(at.to(Stage::Send { sent: stored(&answer).unwrap_or(end) }))),
        // All is there, which only an earlier last chunk can have done; or another one is wanted.
        201 | 416 => resume(cx, to, at, sent).await,
        403 | 404 => again(at),
        429 | 500.. => Err(classify(&answer, cx.now())),
        _ => {
            let public = format!("{NAME} did not take the video (status {}).", answer.status);
            Err(Failure::answered(Class::MediaFailed, public, &answer))
        }
    }
}

/// Sends the last chunk. Only "all is stored" and "something is missing" say what happened.
pub(super) async fn finish(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    sent: u64,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let request = put(cx, to, &at, chunk_at(film(to)?.size_bytes, sent)).await?;
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    match answer.status {
        201 => Ok(Next::Go(at.to(Stage::Processing { since: cx.now() }))),
        status => {
            let public = format!("{NAME} did not confirm the end of the upload (status {status}).");
            Err(Failure::unproven(public, &answer))
        }
    }
}

/// Goes on with the byte that TikTok does not have yet, by its own count.
async fn resume(cx: &Cx<'_>, to: &Publication, at: State, sent: u64) -> Result<Next<State>, Failure> {
    let known = status::ask(cx, &at).await?;
    let size = film(to)?.size_bytes;
    match known.uploaded_bytes {
        Some(there) if known.is_waiting_for_bytes() && there < size => {
            if there == sent {
                // It wants what it has just refused.
                return again(at);
            }
            Ok(Next::Go(at.to(Stage::Send { sent: there })))
        }
        _ => Ok(Next::Go(at.to(Stage::Processing { since: cx.now() }))),
    }
}

/// Whether the address of the upload has ended, or is about to.
pub(super) fn is_over(cx: &Cx<'_>, at: &State) -> bool {
    at.upload.as_ref().is_none_or(|upload| upload.at + LIFE <= cx.now())
}

/// Begins anew, unless that did not help before. Nothing is live that lacks bytes.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.made_again >= MADE_AGAIN_MAX {
        let public = format!("{NAME} did not take the video in time; try it again later.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    let made_again = at.made_again + 1;
    Ok(Next::Go(State { made_again, ..at }.anew()))
}

/// The video.
pub(super) fn film(to: &Publication) -> Result<&MediaItem, Failure> {
    to.media.first().ok_or_else(|| {
        Failure::before_sending(Class::MediaFailed, format!("{NAME} needs a video or photos."))
    })
}

/// The request with a chunk. It carries no token: the address is the leave.
async fn put(cx: &Cx<'_>, to: &Publication, at: &State, chunk: Range<u64>) -> Result<Request, Failure> {
    let item = film(to)?;
    let unusable =
        || Failure::before_sending(Class::Transient, format!("{NAME} gave no usable upload address."));
    let given = at.upload.as_ref().map(|upload| upload.url.as_str()).unwrap_or_default();
    let url = Url::parse(given).ok().filter(|url| is_theirs(cx.hosts, url)).ok_or_else(unusable)?;
    let range = format!("bytes {}-{}/{}", chunk.start, chunk.end.saturating_sub(1), item.size_bytes);
    let bytes = cx.media.read(item.id, chunk.start, chunk.end - chunk.start).await?;
    if bytes.len() as u64 != chunk.end - chunk.start {
        let public = "The video file is shorter than it was; upload it again.";
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Request::new(Method::PUT, url).header("content-range", &range).bytes(bytes, &item.content_type))
}

/// Whether an upload address leads to TikTok, or to where configuration says that its hosts are.
pub(super) fn is_theirs(hosts: &Hosts, url: &Url) -> bool {
    let is_configured = hosts.url("upload", "").is_ok_and(|base| base.origin() == url.origin());
    let host = url.host_str().unwrap_or_default();
    is_configured || (url.scheme() == "https" && host.ends_with(".tiktokapis.com"))
}

/// How many bytes are stored, as `Content-Range: bytes 0-{last}/{total}` says.
pub(super) fn stored(answer: &Answer) -> Option<u64> {
    let range = answer.header("content-range")?.trim().strip_prefix("bytes")?;
    let (_, last) = range.split_once('/')?.0.trim().split_once('-')?;
    last.parse::<u64>().ok()?.checked_add(1)
}
