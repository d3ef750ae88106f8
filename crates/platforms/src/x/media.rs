//! Uploading media in segments, and describing them (docs.x.com: chunked media upload).

use connector::{Cx, Failure, MediaItem, MediaKind, Next, Publication};
use domain::{Class, Span};
use net::{Answer, Part, Request};

use super::NAME;
use super::errors::{classify_media, names_media};
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
            let media_id = Some(initialize(cx, to, item).await?);
            Ok(Next::Go(State { stage: Stage::Upload { media_id, segment: 0 }, ..at }))
        }
        Stage::Upload { media_id: Some(id), segment }
            if u64::from(segment) * SEGMENT_BYTES < item.size_bytes =>
        {
            if !append(cx, item, &id, segment).await? {
                return again(at);
            }
            Ok(Next::Go(State { stage: Stage::Upload { media_id: Some(id), segment: segment + 1 }, ..at }))
        }
        Stage::Upload { media_id: Some(id), .. } => {
            let url = address(cx, &format!("/2/media/upload/{id}/finalize"))?;
            match send(cx, Request::post(url)).await? {
                Some(answer) => after_processing(cx, at, id, &answer),
                None => again(at),
            }
        }
        Stage::Processing { media_id } => match status(cx, &media_id).await? {
            Some(answer) => after_processing(cx, at, media_id, &answer),
            None => again(at),
        },
        Stage::Describe { media_id } => {
            if let Some(text) = alt_text(to, at.media.len())
                && !describe(cx, &media_id, text).await?
            {
                return again(at);
            }
            let mut media = at.media;
            media.push(media_id);
            Ok(Next::Go(State { media, stage: Stage::start(), ..at }))
        }
        Stage::Ready | Stage::Comment | Stage::Done => Ok(Next::Go(at)),
    }
}

/// Uploads live for a day. One that is gone is begun again, once for each publish.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.uploaded_again {
        let public = format!("{NAME} does not accept the uploaded media; attach it again.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Next::Go(State { stage: Stage::start(), uploaded_again: true, ..at }))
}

/// The description of the file: its own, else the one in the settings, which is one text for all
/// files or a list of texts.
fn alt_text(to: &Publication, file: usize) -> Option<&str> {
    let own = to.media.get(file).and_then(|item| item.alt_text.as_deref());
    let setting = to.settings.0.get("mediaAltText");
    let listed = || setting.and_then(|texts| texts.get(file).or(Some(texts))).and_then(|text| text.as_str());
    own.or_else(listed).filter(|text| !text.is_empty())
}

fn category(to: &Publication, item: &MediaItem) -> &'static str {
    match (item.kind, item.content_type.as_str()) {
        (MediaKind::Video, _) => "tweet_video",
        // Beside other pictures a GIF is a still one.
        (_, "image/gif") if to.media.len() == 1 => "tweet_gif",
        _ => "tweet_image",
    }
}

async fn initialize(cx: &Cx<'_>, to: &Publication, item: &MediaItem) -> Result<String, Failure> {
    let body = InitializeUpload {
        media_type: &item.content_type,
        total_bytes: item.size_bytes,
        media_category: category(to, item),
    };
    let request = Request::post(address(cx, "/2/media/upload/initialize")?).json(&body);
    let answer = exchange(cx, request).await?;
    if !answer.is_success() {
        return Err(classify_media(&answer, cx.now()));
    }
    Ok(read::<Data<Id>>(&answer)?.data.id)
}

/// Sends one segment; `false` when the upload is gone.
async fn append(cx: &Cx<'_>, item: &MediaItem, id: &str, segment: u32) -> Result<bool, Failure> {
    let bytes = cx.media.read(item.id, u64::from(segment) * SEGMENT_BYTES, SEGMENT_BYTES).await?;
    let field = |name: &str, bytes: bytes::Bytes, file: bool| Part {
        name: name.to_owned(),
        file_name: file.then(|| "media".to_owned()),
        content_type: file.then(|| "application/octet-stream".to_owned()),
        bytes,
    };
    let parts = vec![field("segment_index", segment.to_string().into(), false), field("media", bytes, true)];
    let url = address(cx, &format!("/2/media/upload/{id}/append"))?;
    Ok(send(cx, Request::post(url).multipart(parts)).await?.is_some())
}

async fn status(cx: &Cx<'_>, id: &str) -> Result<Option<Answer>, Failure> {
    let mut url = address(cx, "/2/media/upload")?;
    url.query_pairs_mut().append_pair("media_id", id).append_pair("command", "STATUS");
    send(cx, Request::get(url)).await
}

/// Sets the file's description; `false` when the upload is gone.
async fn describe(cx: &Cx<'_>, id: &str, text: &str) -> Result<bool, Failure> {
    let body = serde_json::json!({ "id": id, "metadata": { "alt_text": { "text": text } } });
    let url = address(cx, "/2/media/metadata")?;
    Ok(send(cx, Request::post(url).json(&body)).await?.is_some())
}

/// No `processing_info` means ready; an unknown state means still at it.
fn after_processing(
    cx: &Cx<'_>,
    at: State,
    media_id: String,
    answer: &Answer,
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

/// Sends a request about an upload that was begun; `None` when the platform no longer knows it.
async fn send(cx: &Cx<'_>, request: Request) -> Result<Option<Answer>, Failure> {
    let answer = exchange(cx, request).await?;
    if answer.is_success() {
        return Ok(Some(answer));
    }
    if answer.status == 404 || names_media(&answer) {
        return Ok(None);
    }
    Err(classify_media(&answer, cx.now()))
}

async fn exchange(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    let request = request.bearer(&cx.credentials.access_token);
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}
