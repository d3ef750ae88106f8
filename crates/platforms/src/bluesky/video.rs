//! Videos by way of the video service: it takes them in parts, processes them and leaves them at the
//! account's host, with a token that the host gives for exactly that. Hosts without the service take
//! a video as any other file. Of a video there is never more than one part in memory, and how far it
//! is stands in the state; tokens do not.

use connector::{Cx, Failure, Internal, MediaItem, Next};
use domain::{Class, Span, Timestamp};
use net::{Answer, Request};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::errors::{self, VideoTrouble};
use super::publish::{Progress, State};
use super::wire::{Blob, Completed, Described, JobStatus, ServiceToken, Started, UploadLimits, WrappedJob};
use super::{NAME, media, xrpc};

/// Who the service is, whatever address it has.
const SERVICE: &str = "did:web:video.bsky.app";
const TOKEN_SECONDS: i64 = 30 * 60;
const PROCESSING_MAX: Span = Span::from_minutes(30);
/// How often an upload that was lost on the way is begun anew.
const BEGUN_AGAIN_MAX: u32 = 2;

/// How far a video is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub(super) enum Upload {
    /// Asking whether the account may upload.
    #[default]
    Limits,
    /// Opening the upload.
    Start,
    /// Sending the parts, and finishing.
    Parts {
        /// The upload.
        job: String,
        /// The size of each part but the last.
        part_bytes: u64,
        /// How many parts are there.
        sent: u32,
    },
    /// The service processes it.
    Job {
        /// What it is known by.
        job: String,
        /// When it was finished.
        since: Timestamp,
    },
    /// Straight to the host: there is no service.
    Direct,
}

/// The next step of a video: into the list of files when it is there.
pub(super) async fn step(cx: &Cx<'_>, item: &MediaItem, mut at: Progress) -> Result<Next<State>, Failure> {
    let upload = at.video.clone().unwrap_or_default();
    let outcome = match &upload {
        _ if cx.hosts.base("video").is_empty() => direct(cx, item).await,
        Upload::Direct => direct(cx, item).await,
        Upload::Limits => limits(cx).await,
        Upload::Start => start(cx, item).await,
        Upload::Parts { job, part_bytes, sent } => part(cx, item, job, *part_bytes, *sent).await,
        Upload::Job { job, since } => processed(cx, job, *since).await,
    };
    match outcome {
        Ok(Moved::To(upload)) => at.video = Some(upload),
        Ok(Moved::Waits(upload, until)) => {
            at.video = Some(upload);
            return Ok(Next::Wait(State::V1(at), until));
        }
        Ok(Moved::There(blob)) => {
            at.video = None;
            at.files.push(blob);
        }
        Err(Trouble::Lost(failure)) if at.begun_again >= BEGUN_AGAIN_MAX => return Err(failure),
        Err(Trouble::Lost(_)) => {
            at.begun_again += 1;
            at.video = Some(Upload::Start);
        }
        Err(Trouble::NoService) => at.video = Some(Upload::Direct),
        Err(Trouble::Failed(failure)) => return Err(failure),
    }
    Ok(Next::Go(State::V1(at)))
}

/// What a step came to.
enum Moved {
    To(Upload),
    Waits(Upload, Timestamp),
    There(Blob),
}

/// Why it came to nothing.
enum Trouble {
    /// The upload is gone, and another one may do.
    Lost(Failure),
    /// The service does not know the method.
    NoService,
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

async fn direct(cx: &Cx<'_>, item: &MediaItem) -> Result<Moved, Trouble> {
    Ok(Moved::There(media::upload(cx, item).await?))
}

async fn limits(cx: &Cx<'_>) -> Result<Moved, Trouble> {
    let token = token(cx, SERVICE, "app.bsky.video.getUploadLimits").await?;
    let url = xrpc::address(cx.hosts.base("video"), "app.bsky.video.getUploadLimits", &[])?;
    let limits: UploadLimits = xrpc::read(&ask(cx, Request::get(url).bearer(&token)).await?)?;
    if limits.can_upload {
        return Ok(Moved::To(Upload::Start));
    }
    Err(errors::of_limits(&limits.error.unwrap_or_default(), &limits.message.unwrap_or_default(), cx.now())
        .into())
}

async fn start(cx: &Cx<'_>, item: &MediaItem) -> Result<Moved, Trouble> {
    let body = json!({
        "sizeBytes": item.size_bytes,
        "mimeType": item.content_type,
        "name": item.filename,
    });
    let url = xrpc::address(cx.hosts.base("video"), "app.bsky.video.startUpload", &[])?;
    let started: Started = xrpc::read(&ask(cx, for_host(cx, Request::post(url)).await?.json(&body)).await?)?;
    if started.part_size_bytes == 0 {
        let internal = Internal::new("parts of no size");
        let public = format!("{NAME} gave no usable upload.");
        return Err(Failure { internal, ..Failure::before_sending(Class::Transient, public) }.into());
    }
    Ok(Moved::To(Upload::Parts { job: started.job_id, part_bytes: started.part_size_bytes, sent: 0 }))
}

/// Sends the next part, or finishes the upload.
async fn part(
    cx: &Cx<'_>,
    item: &MediaItem,
    job: &str,
    part_bytes: u64,
    sent: u32,
) -> Result<Moved, Trouble> {
    let from = u64::from(sent) * part_bytes;
    if from >= item.size_bytes {
        return finish(cx, job).await;
    }
    let length = part_bytes.min(item.size_bytes - from);
    let bytes = cx.media.read(item.id, from, length).await?;
    if bytes.len() as u64 != length {
        let public =
            format!("{} is shorter than it was when it was uploaded here; attach it again.", item.filename);
        return Err(Failure::before_sending(Class::MediaFailed, public).into());
    }
    let number = (sent + 1).to_string();
    let query = [("jobId", job), ("partNumber", number.as_str())];
    let url = xrpc::address(cx.hosts.base("video"), "app.bsky.video.uploadPart", &query)?;
    let request = for_host(cx, Request::post(url)).await?.bytes(bytes, "application/octet-stream");
    ask(cx, request).await?;
    Ok(Moved::To(Upload::Parts { job: job.to_owned(), part_bytes, sent: sent + 1 }))
}

/// May be repeated. The same bytes as an earlier video's go on with that one's job.
async fn finish(cx: &Cx<'_>, job: &str) -> Result<Moved, Trouble> {
    let url = xrpc::address(cx.hosts.base("video"), "app.bsky.video.finishUpload", &[])?;
    let request = for_host(cx, Request::post(url)).await?.json(&json!({ "jobId": job }));
    let completed: Completed = xrpc::read(&ask(cx, request).await?)?;
    Ok(Moved::To(Upload::Job { job: completed.completed_job_id, since: cx.now() }))
}

/// Asks how far the job is: soon at first, then ever more seldom. A state that is not known is one
/// of work.
async fn processed(cx: &Cx<'_>, job: &str, since: Timestamp) -> Result<Moved, Trouble> {
    let url = xrpc::address(cx.hosts.base("video"), "app.bsky.video.getJobStatus", &[("jobId", job)])?;
    let WrappedJob { job_status: JobStatus { state, blob, error, failure_code } } =
        xrpc::read(&ask(cx, Request::get(url)).await?)?;
    match (state.as_str(), blob) {
        ("JOB_STATE_COMPLETED", Some(blob)) => return Ok(Moved::There(blob)),
        ("JOB_STATE_FAILED", _) => {
            let (may_pass, failure) =
                errors::of_job(&failure_code.unwrap_or_default(), &error.unwrap_or_default());
            return Err(if may_pass { Trouble::Lost(failure) } else { Trouble::Failed(failure) });
        }
        _ => {}
    }
    let waited = cx.now().since(since);
    if waited > PROCESSING_MAX {
        let public = format!("{NAME} did not get through with the video; try another one.");
        return Err(Failure::before_sending(Class::MediaFailed, public).into());
    }
    let pause = (waited.as_millis() / 4).clamp(1_500, 30_000);
    let upload = Upload::Job { job: job.to_owned(), since };
    Ok(Moved::Waits(upload, cx.now() + Span::from_millis(pause)))
}

/// The request with leave to bring a file to the account's host.
async fn for_host(cx: &Cx<'_>, request: Request) -> Result<Request, Failure> {
    let url = xrpc::address(xrpc::service(cx), "com.atproto.server.describeServer", &[])?;
    let host: Described = xrpc::call(cx.http, Request::get(url)).await?;
    let token = token(cx, &host.did, "com.atproto.repo.uploadBlob").await?;
    Ok(request.bearer(&token))
}

/// A token of the account's host for `audience` and nothing but `method`.
async fn token(cx: &Cx<'_>, audience: &str, method: &str) -> Result<String, Failure> {
    let end = (cx.now().as_seconds() + TOKEN_SECONDS).to_string();
    let query = [("aud", audience), ("lxm", method), ("exp", end.as_str())];
    let url = xrpc::address(xrpc::service(cx), "com.atproto.server.getServiceAuth", &query)?;
    let token: ServiceToken =
        xrpc::call(cx.http, Request::get(url).bearer(&cx.credentials.access_token)).await?;
    Ok(token.token)
}

async fn ask(cx: &Cx<'_>, request: Request) -> Result<Answer, Trouble> {
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(answer);
    }
    Err(match errors::of_video(&answer, cx.now()) {
        VideoTrouble::Lost(failure) => Trouble::Lost(failure),
        VideoTrouble::NoService => Trouble::NoService,
        VideoTrouble::Failed(failure) => Trouble::Failed(failure),
    })
}
