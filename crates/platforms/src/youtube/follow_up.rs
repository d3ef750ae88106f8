//! What follows once the video exists: its processing, its thumbnail, the way to its first comment, the
//! receipt. The post is out, so only the platform's own refusal of the video may fail it; whatever else
//! goes wrong is a remark.

use bytes::Bytes;
use connector::{Cx, Failure, MediaKind, Next, Publication, Receipt};
use domain::{Class, Span, Timestamp};
use net::Request;
use url::Url;

use super::api::{address, exchange, get};
use super::errors::classify;
use super::publish::again;
use super::state::{Stage, State};
use super::wire::{List, Video};
use super::{NAME, comment};

/// How long the processing is watched. Long videos take longer and are out all the same.
const PATIENCE: Span = Span::from_minutes(30);
const THUMBNAIL_TRIES: u8 = 3;
const THUMBNAIL_MAX_BYTES: usize = 52_428_800;

/// The state once the video exists.
pub(super) fn live(cx: &Cx<'_>, at: State, video: String) -> State {
    State { stage: Stage::Processing { since: cx.now() }, video: Some(video), ..at }
}

/// What follows a video that was found after a restore: it may have come to its end before, so the
/// thumbnail is left as it is, and the first comment is looked for.
pub(super) fn restored(cx: &Cx<'_>, to: &Publication, at: State, video: String) -> Next<State> {
    let at = State { video: Some(video), ..at };
    let unknown = "This server was restored from a backup; look whether the thumbnail is set.";
    let at = if thumbnail_url(to).is_some() { warned(at, unknown.to_owned()) } else { at };
    commented(cx, to, at)
}

/// What follows when the video is as it shall be.
fn commented(cx: &Cx<'_>, to: &Publication, at: State) -> Next<State> {
    match (comment::text(to), comment::obstacle(to)) {
        (None, _) => Next::Published(receipt(cx, to, at)),
        (Some(_), None) => Next::Go(State { stage: Stage::Comment, ..at }),
        (Some(_), Some(why)) => comment::without(cx, to, at, &why),
    }
}

/// Looks how the processing goes.
pub(super) async fn processing(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let waited = cx.now().since(since);
    let id = at.video.clone().unwrap_or_default();
    let query = [("part", "status,processingDetails"), ("id", id.as_str())];
    let asked: Result<List<Video>, Failure> = get(cx, "/youtube/v3/videos", &query).await;
    let pause = if waited < Span::from_minutes(1) { 5 } else { 60 };
    let wait = |at: State| Ok(Next::Wait(at, cx.now() + Span::from_seconds(pause)));
    let why = match asked {
        Ok(list) => match list.items.first().map_or(Ok(Fate::Open), fate_of)? {
            Fate::Processed => return Ok(after_processing(cx, to, at)),
            Fate::Broken => return again(at),
            Fate::Open if waited < PATIENCE => return wait(at),
            Fate::Open => "it takes long".to_owned(),
        },
        Err(failure) if failure.died => return Err(failure),
        Err(failure) => match failure.class {
            Class::Transient | Class::Ambiguous | Class::RateLimited { .. } if waited < PATIENCE => {
                return wait(at);
            }
            _ => failure.public,
        },
    };
    let warning = format!("Whether {NAME} has processed the video is not known: {why}");
    Ok(after_processing(cx, to, warned(at, warning)))
}

/// What became of a video.
enum Fate {
    Processed,
    /// It is still being processed, or not shown yet.
    Open,
    /// The platform lost what was sent: the same file can do better.
    Broken,
}

/// What the platform says became of a video.
///
/// # Errors
/// When the platform will not show the video.
fn fate_of(video: &Video) -> Result<Fate, Failure> {
    let (status, details) = (&video.status, &video.processing_details);
    let failed = |class: Class, public: String| Err(Failure::before_sending(class, public));
    match status.upload_status.as_str() {
        "processed" => Ok(Fate::Processed),
        "failed" if status.failure_reason == "uploadAborted" => Ok(Fate::Broken),
        "failed" => failed(
            Class::MediaFailed,
            format!(
                "{NAME} could not take the video ({}); try another file.",
                or_unnamed(&status.failure_reason)
            ),
        ),
        "rejected" => {
            let why = or_unnamed(&status.rejection_reason);
            match why {
                "duplicate" => failed(
                    Class::Duplicate { existing: None },
                    format!("{NAME} has the same video already; upload another one."),
                ),
                "uploaderAccountSuspended" | "uploaderAccountClosed" => failed(
                    Class::AccountRestricted,
                    format!("{NAME} has closed or restricted this channel; open {NAME} to see why."),
                ),
                _ => failed(
                    Class::ContentRejected,
                    format!("{NAME} rejected the video ({why}); open YouTube Studio to see why."),
                ),
            }
        }
        "deleted" => failed(Class::ContentRejected, format!("The video was deleted on {NAME}.")),
        _ => match details.processing_status.as_str() {
            "succeeded" => Ok(Fate::Processed),
            "failed"
                if matches!(
                    details.processing_failure_reason.as_str(),
                    "uploadFailed" | "streamingFailed"
                ) =>
            {
                Ok(Fate::Broken)
            }
            "failed" | "terminated" => failed(
                Class::MediaFailed,
                format!(
                    "{NAME} could not process the video ({}); try another file.",
                    or_unnamed(&details.processing_failure_reason)
                ),
            ),
            _ => Ok(Fate::Open),
        },
    }
}

fn or_unnamed(reason: &str) -> &str {
    if reason.is_empty() { "no reason was given" } else { reason }
}

pub(super) fn warned(mut at: State, warning: String) -> State {
    at.warnings.push(warning);
    at
}

/// Thumbnails of Shorts are taken only after the processing.
fn after_processing(cx: &Cx<'_>, to: &Publication, at: State) -> Next<State> {
    if thumbnail_url(to).is_some() {
        Next::Go(State { stage: Stage::Thumbnail { tries: 0 }, ..at })
    } else {
        commented(cx, to, at)
    }
}

fn thumbnail_url(to: &Publication) -> Option<&str> {
    to.settings.text("thumbnailUrl").or_else(|| to.settings.text("thumbnail_url"))
}

/// Sets the custom thumbnail: what stands at the address that was named.
pub(super) async fn thumbnail(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    tries: u8,
) -> Result<Next<State>, Failure> {
    let failure = match set_thumbnail(cx, to, &at).await {
        Ok(()) => return Ok(commented(cx, to, at)),
        Err(failure) if failure.died => return Err(failure),
        Err(failure) => failure,
    };
    let may_pass = matches!(failure.class, Class::Transient | Class::Ambiguous | Class::RateLimited { .. });
    if may_pass && tries + 1 < THUMBNAIL_TRIES {
        let until = failure.retry_at().unwrap_or(cx.now() + Span::from_seconds(30));
        return Ok(Next::Wait(State { stage: Stage::Thumbnail { tries: tries + 1 }, ..at }, until));
    }
    let warning = match failure.class {
        Class::PermissionMissing => {
            format!(
                "The thumbnail was not set: {NAME} takes them from channels with a verified phone number."
            )
        }
        _ => format!("The thumbnail was not set: {}", failure.public),
    };
    Ok(commented(cx, to, warned(at, warning)))
}

async fn set_thumbnail(cx: &Cx<'_>, to: &Publication, at: &State) -> Result<(), Failure> {
    let (bytes, content_type) = picture(cx, to).await?;
    let mut url = address(cx.hosts, "api", "/upload/youtube/v3/thumbnails/set")?;
    let id = at.video.clone().unwrap_or_default();
    url.query_pairs_mut().extend_pairs([("videoId", id.as_str()), ("uploadType", "media")]);
    let answer = exchange(cx, Request::post(url).bytes(bytes, &content_type)).await?;
    if answer.is_success() { Ok(()) } else { Err(classify(&answer, cx.now())) }
}

async fn picture(cx: &Cx<'_>, to: &Publication) -> Result<(Bytes, String), Failure> {
    let unusable = || Failure::before_sending(Class::ContentRejected, "its address cannot be read.");
    let url = thumbnail_url(to).and_then(|text| Url::parse(text).ok()).ok_or_else(unusable)?;
    let fetched = cx.guarded.fetch(&url, THUMBNAIL_MAX_BYTES).await.map_err(|_| unusable())?;
    let content_type = fetched.content_type;
    if !matches!(content_type.as_str(), "image/jpeg" | "image/png") {
        let public = "its address leads to no JPEG or PNG.";
        return Err(Failure::before_sending(Class::ContentRejected, public));
    }
    Ok((fetched.bytes, content_type))
}

pub(super) fn receipt(cx: &Cx<'_>, to: &Publication, at: State) -> Receipt {
    let id = at.video.unwrap_or_default();
    let base = cx.hosts.base("permalink");
    let mut warnings = at.warnings;
    let is_short = is_short(to);
    let is_wide = to.media.iter().any(|item| {
        item.kind == MediaKind::Video
            && item.width.zip(item.height).is_some_and(|(width, height)| width > height)
    });
    if is_short && is_wide {
        warnings.push(format!("{NAME} makes Shorts only of upright or square videos; this one is a video."));
    }
    let url =
        if is_short && !is_wide { format!("{base}/shorts/{id}") } else { format!("{base}/watch?v={id}") };
    Receipt { platform_post_id: id, platform_post_url: url, warnings }
}

/// YouTube makes a Short of a video by its shape and length alone; this is what the author named it.
fn is_short(to: &Publication) -> bool {
    to.content_type.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("Short"))
        || to.settings.flag("is_short").or_else(|| to.settings.flag("isShort")).unwrap_or(false)
}
