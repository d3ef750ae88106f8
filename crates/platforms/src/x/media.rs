//! Uploading images in segments, and describing them (docs.x.com: chunked media upload).

use connector::{Cx, Failure, MediaItem, Next, Publication};
use domain::{Class, Span};
use net::{Part, Request};

use super::NAME;
use super::errors::classify;
use super::publish::{Stage, State, address, read};
use super::wire::{Data, Id, InitializeUpload, Media};

/// Segments of this size are taken by every server; larger ones answer 413.
const SEGMENT_BYTES: u64 = 4 * 1024 * 1024;
const CHECK_AGAIN: Span = Span::from_seconds(2);

/// The next step of uploading: one request.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let Some(item) = to.media.get(at.media.len()) else {
        return Ok(Next::Go(State { stage: Stage::Ready, ..at }));
    };
    match at.stage.clone() {
        Stage::Upload { media_id: None, .. } => {
            let media_id = Some(initialize(cx, item).await?);
            Ok(Next::Go(State { stage: Stage::Upload { media_id, segment: 0 }, ..at }))
        }
        Stage::Upload { media_id: Some(id), segment }
            if u64::from(segment) * SEGMENT_BYTES < item.size_bytes =>
        {
            append(cx, item, &id, segment).await?;
            Ok(Next::Go(State { stage: Stage::Upload { media_id: Some(id), segment: segment + 1 }, ..at }))
        }
        Stage::Upload { media_id: Some(id), .. } => {
            let answer = post(cx, &format!("/2/media/upload/{id}/finalize")).await?;
            after_processing(cx, at, id, &answer)
        }
        Stage::Processing { media_id } => {
            let answer = status(cx, &media_id).await?;
            after_processing(cx, at, media_id, &answer)
        }
        Stage::Describe { media_id } => {
            if let Some(text) = &item.alt_text {
                describe(cx, &media_id, text).await?;
            }
            let mut media = at.media;
            media.push(media_id);
            Ok(Next::Go(State { media, stage: Stage::start(), ..at }))
        }
        Stage::Ready | Stage::Comment => Ok(Next::Go(at)),
    }
}

async fn initialize(cx: &Cx<'_>, item: &MediaItem) -> Result<String, Failure> {
    let body = InitializeUpload {
        media_type: &item.content_type,
        total_bytes: item.size_bytes,
        media_category: if item.content_type == "image/gif" { "tweet_gif" } else { "tweet_image" },
    };
    let request = Request::post(address(cx, "/2/media/upload/initialize")?).json(&body);
    let answer = send(cx, request).await?;
    Ok(read::<Data<Id>>(&answer)?.data.id)
}

async fn append(cx: &Cx<'_>, item: &MediaItem, id: &str, segment: u32) -> Result<(), Failure> {
    let bytes = cx.media.read(item.id, u64::from(segment) * SEGMENT_BYTES, SEGMENT_BYTES).await?;
    let field = |name: &str, bytes: bytes::Bytes, file: bool| Part {
        name: name.to_owned(),
        file_name: file.then(|| "media".to_owned()),
        content_type: file.then(|| "application/octet-stream".to_owned()),
        bytes,
    };
    let parts = vec![field("segment_index", segment.to_string().into(), false), field("media", bytes, true)];
    let url = address(cx, &format!("/2/media/upload/{id}/append"))?;
    send(cx, Request::post(url).multipart(parts)).await?;
    Ok(())
}

async fn status(cx: &Cx<'_>, id: &str) -> Result<net::Answer, Failure> {
    let mut url = address(cx, "/2/media/upload")?;
    url.query_pairs_mut().append_pair("media_id", id).append_pair("command", "STATUS");
    send(cx, Request::get(url)).await
}

async fn describe(cx: &Cx<'_>, id: &str, text: &str) -> Result<(), Failure> {
    let body = serde_json::json!({ "id": id, "metadata": { "alt_text": { "text": text } } });
    send(cx, Request::post(address(cx, "/2/media/metadata")?).json(&body)).await?;
    Ok(())
}

/// No `processing_info` means ready; an unknown state means still at it.
fn after_processing(
    cx: &Cx<'_>,
    at: State,
    media_id: String,
    answer: &net::Answer,
) -> Result<Next<State>, Failure> {
    let Some(info) = read::<Data<Media>>(answer)?.data.processing_info else {
        return Ok(Next::Go(State { stage: Stage::Describe { media_id }, ..at }));
    };
    match info.state.as_str() {
        "succeeded" => Ok(Next::Go(State { stage: Stage::Describe { media_id }, ..at })),
        "failed" => {
            let public = format!("{NAME} could not process a media file; try another one.");
            Err(Failure::answered(Class::MediaFailed, public, answer))
        }
        _ => {
            let pause = info.check_after_secs.map_or(CHECK_AGAIN, |s| Span::from_seconds(s.clamp(1, 60)));
            Ok(Next::Wait(State { stage: Stage::Processing { media_id }, ..at }, cx.now() + pause))
        }
    }
}

async fn post(cx: &Cx<'_>, path: &str) -> Result<net::Answer, Failure> {
    send(cx, Request::post(address(cx, path)?)).await
}

async fn send(cx: &Cx<'_>, request: Request) -> Result<net::Answer, Failure> {
    let request = request.bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() { Ok(answer) } else { Err(classify(&answer, cx.now())) }
}
