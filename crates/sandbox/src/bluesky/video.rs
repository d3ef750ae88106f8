//! The video service (video.bsky.app): limits, uploads in one piece or in parts, jobs that process a
//! film and leave it at the account's host. Whoever calls shows a token that the host has signed for
//! exactly this.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use bytes::{Bytes, BytesMut};
use domain::{Span, Timestamp};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{XrpcError, invalid, plain};
use super::state::{Blob, Bluesky, User};
use super::{BAD, PDS, PLATFORM, cid};
use crate::core::lock;
use crate::core::page::sniff;

/// Who the service is.
const SERVICE: &str = "did:web:video.bsky.app";
/// What the host lets the service do.
const UPLOAD: &str = "com.atproto.repo.uploadBlob";
const LIMITS: &str = "app.bsky.video.getUploadLimits";
const PART_BYTES: u64 = 4 * 1024 * 1024;
const FILM_BYTES: u64 = 300_000_000;
const DAILY_FILMS: usize = 25;
const DAILY_BYTES: u64 = 10_000_000_000;
const OPEN_UPLOADS: usize = 10;
const UPLOAD_LASTS: Span = Span::from_hours(24);
/// When work on a film begins, and when it ends.
const ENCODING: Span = Span::from_seconds(1);
const ENCODED: Span = Span::from_seconds(2);
const TAKEN: [&str; 4] = ["video/mp4", "video/mpeg", "video/webm", "video/quicktime"];

/// An upload in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Upload {
    did: String,
    size_bytes: u64,
    /// SHA-256 of the parts that are there, by number from 1.
    parts: BTreeMap<u32, String>,
    expires_at: i64,
    /// The job that it became.
    finished: Option<String>,
    aborted: bool,
}

/// A film that is processed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    did: String,
    sha256: String,
    size_bytes: u64,
    began_at: i64,
    failure: Option<String>,
}

fn refused(name: &'static str, message: &str) -> XrpcError {
    plain(BAD, name, message)
}

/// Whose leave the call carries: for the service itself, or to act at the account's host.
fn caller(bluesky: &Bluesky, headers: &HeaderMap, audience: &str, method: &str) -> Result<User, XrpcError> {
    let claims = bluesky.service_claims(headers)?;
    let denied = |message: &str| plain(StatusCode::UNAUTHORIZED, "AuthenticationRequired", message);
    if claims.aud != audience {
        let message = format!("invalid token audience {}, should be the user's PDS DID", claims.aud);
        return Err(denied(&message));
    }
    if claims.lxm.as_deref() != Some(method) {
        return Err(denied("bad token method"));
    }
    bluesky.users.get(&claims.iss).ok_or_else(|| denied("unknown issuer"))
}

fn host_did() -> String {
    format!("did:web:{PDS}")
}

/// `app.bsky.video.getUploadLimits`
pub(super) async fn limits(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
) -> Result<Json<Value>, XrpcError> {
    let user = caller(&bluesky, &headers, SERVICE, LIMITS)?;
    let (films, bytes) = left_today(&bluesky, &user.did);
    let mut limits = json!({
        "canUpload": films > 0 && bytes > 0 && user.email_confirmed,
        "remainingDailyVideos": films,
        "remainingDailyBytes": bytes,
    });
    if !user.email_confirmed {
        limits["error"] = json!("unconfirmed_email");
        limits["message"] = json!("Confirm your email address to upload videos");
    } else if films == 0 || bytes == 0 {
        limits["message"] = json!("User has exceeded daily upload videos limit");
    }
    Ok(Json(limits))
}

/// How many films and bytes the account may still upload within 24 hours.
fn left_today(bluesky: &Bluesky, did: &str) -> (usize, u64) {
    let since = (bluesky.world.now() - Span::from_hours(24)).as_micros();
    let recent = |job: &&Job| job.did == did && job.began_at > since;
    let (films, bytes) = bluesky.jobs.read(|rows| {
        let jobs: Vec<&Job> = rows.values().filter(recent).collect();
        (jobs.len(), jobs.iter().map(|job| job.size_bytes).sum::<u64>())
    });
    (DAILY_FILMS.saturating_sub(films), DAILY_BYTES.saturating_sub(bytes))
}

fn check_room(bluesky: &Bluesky, user: &User, size_bytes: u64) -> Result<(), XrpcError> {
    if !user.email_confirmed {
        return Err(refused("unconfirmed_email", "Confirm your email address to upload videos"));
    }
    if size_bytes > FILM_BYTES {
        return Err(refused("VideoTooLarge", "video exceeds the maximum size"));
    }
    let (films, bytes) = left_today(bluesky, &user.did);
    if films == 0 || bytes < size_bytes {
        return Err(refused("DailyLimitExceeded", "User has exceeded daily upload videos limit"));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    size_bytes: u64,
    mime_type: String,
}

/// `app.bsky.video.startUpload`
pub(super) async fn start(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let user = caller(&bluesky, &headers, &host_did(), UPLOAD)?;
    let wanted: Start = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    if !TAKEN.contains(&wanted.mime_type.as_str()) {
        return Err(refused("UnsupportedContentType", "unsupported content type"));
    }
    if wanted.size_bytes == 0 {
        return Err(invalid("sizeBytes must be at least 1"));
    }
    check_room(&bluesky, &user, wanted.size_bytes)?;
    let now = bluesky.world.now();
    let is_open = |upload: &&Upload| {
        upload.did == user.did
            && upload.finished.is_none()
            && !upload.aborted
            && upload.expires_at > now.as_micros()
    };
    if bluesky.uploads.read(|rows| rows.values().filter(is_open).count()) >= OPEN_UPLOADS {
        return Err(refused("TooManyOpenUploads", "too many open uploads"));
    }
    let id = bluesky.world.entropy.token(20);
    let expires_at = now + UPLOAD_LASTS;
    let upload = Upload {
        did: user.did,
        size_bytes: wanted.size_bytes,
        parts: BTreeMap::new(),
        expires_at: expires_at.as_micros(),
        finished: None,
        aborted: false,
    };
    bluesky.uploads.put(&id, &upload)?;
    Ok(Json(json!({
        "jobId": id,
        "partSizeBytes": PART_BYTES,
        "partCount": wanted.size_bytes.div_ceil(PART_BYTES),
        "expiresAt": expires_at.to_iso_millis(),
    })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartOf {
    job_id: String,
    part_number: u32,
}

/// `app.bsky.video.uploadPart`
pub(super) async fn part(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    Query(place): Query<PartOf>,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let user = caller(&bluesky, &headers, &host_did(), UPLOAD)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind != Some("application/octet-stream") {
        return Err(invalid("Wrong request encoding (Content-Type)"));
    }
    let _one_at_a_time = lock(&bluesky.gate);
    let mut upload = open(&bluesky, &user, &place.job_id)?;
    if upload.finished.is_some() {
        return Err(refused("UploadAlreadyCompleted", "the upload is completed"));
    }
    let before = u64::from(place.part_number.saturating_sub(1)) * PART_BYTES;
    if place.part_number == 0 || before >= upload.size_bytes {
        return Err(refused("InvalidPartNumber", "there is no such part"));
    }
    let expected = PART_BYTES.min(upload.size_bytes - before);
    if body.len() as u64 != expected {
        let message = format!("part has {} bytes, expected {expected}", body.len());
        return Err(refused("PartSizeMismatch", &message));
    }
    upload.parts.insert(place.part_number, bluesky.world.blobs.put(&body)?);
    bluesky.uploads.put(&place.job_id, &upload)?;
    Ok(Json(json!({"partNumber": place.part_number, "sizeBytes": expected})))
}

/// An upload of the caller that has not ended.
fn open(bluesky: &Bluesky, user: &User, id: &str) -> Result<Upload, XrpcError> {
    let found = bluesky.uploads.get(id).filter(|upload| upload.did == user.did);
    let upload = found.ok_or_else(|| refused("UploadNotFound", "upload not found"))?;
    if upload.aborted {
        return Err(refused("UploadAborted", "the upload was aborted"));
    }
    if upload.finished.is_none() && upload.expires_at <= bluesky.world.now().as_micros() {
        return Err(refused("UploadExpired", "the upload is expired"));
    }
    Ok(upload)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobOf {
    job_id: String,
}

/// `app.bsky.video.finishUpload`
pub(super) async fn finish(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let user = caller(&bluesky, &headers, &host_did(), UPLOAD)?;
    let wanted: JobOf = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    let _one_at_a_time = lock(&bluesky.gate);
    let mut upload = open(&bluesky, &user, &wanted.job_id)?;
    let job = if let Some(job) = upload.finished.clone() {
        job
    } else {
        if upload.parts.len() as u64 != upload.size_bytes.div_ceil(PART_BYTES) {
            return Err(refused("MissingParts", "not all parts are there"));
        }
        let mut whole = BytesMut::new();
        for sha256 in upload.parts.values() {
            whole.extend_from_slice(&bluesky.world.blobs.get(sha256).unwrap_or_default());
        }
        let (job, _) = begin(&bluesky, &user, &whole.freeze())?;
        upload.finished = Some(job.clone());
        bluesky.uploads.put(&wanted.job_id, &upload)?;
        job
    };
    Ok(Json(json!({"completedJobId": job, "jobStatus": status(&bluesky, &job)?})))
}

/// `app.bsky.video.abortUpload`
pub(super) async fn abort(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let user = caller(&bluesky, &headers, &host_did(), UPLOAD)?;
    let wanted: JobOf = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    let _one_at_a_time = lock(&bluesky.gate);
    let mut upload = open(&bluesky, &user, &wanted.job_id)?;
    upload.aborted = upload.finished.is_none();
    bluesky.uploads.put(&wanted.job_id, &upload)?;
    let state = if upload.aborted { "aborted" } else { "completed" };
    Ok(Json(json!({"state": state, "completedJobId": upload.finished})))
}

/// `app.bsky.video.getUploadStatus`
pub(super) async fn upload_status(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    Query(wanted): Query<JobOf>,
) -> Result<Json<Value>, XrpcError> {
    let user = caller(&bluesky, &headers, &host_did(), UPLOAD)?;
    let found = bluesky.uploads.get(&wanted.job_id).filter(|upload| upload.did == user.did);
    let upload = found.ok_or_else(|| refused("UploadNotFound", "upload not found"))?;
    let state = match (&upload.finished, upload.aborted) {
        (Some(_), _) => "completed",
        (None, true) => "aborted",
        (None, false) if upload.expires_at <= bluesky.world.now().as_micros() => "expired",
        (None, false) => "created",
    };
    let parts: Vec<u32> = upload.parts.keys().copied().collect();
    Ok(Json(json!({"state": state, "completedJobId": upload.finished, "uploadedParts": parts})))
}

/// `app.bsky.video.uploadVideo`: the whole film at once. Answered without the wrapping that the
/// lexicon describes.
pub(super) async fn upload(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), XrpcError> {
    let user = caller(&bluesky, &headers, &host_did(), UPLOAD)?;
    check_room(&bluesky, &user, body.len() as u64)?;
    let _one_at_a_time = lock(&bluesky.gate);
    let (job, is_new) = begin(&bluesky, &user, &body)?;
    let mut shown = status(&bluesky, &job)?;
    if is_new {
        return Ok((StatusCode::OK, Json(shown)));
    }
    shown["error"] = json!("already_exists");
    shown["message"] = json!("Video already processed");
    Ok((StatusCode::CONFLICT, Json(shown)))
}

/// A job for a film; the one of the same bytes if there is one that did not fail.
fn begin(bluesky: &Bluesky, user: &User, film: &Bytes) -> Result<(String, bool), XrpcError> {
    let sha256 = bluesky.world.blobs.put(film)?;
    let same = bluesky.jobs.find(|job| job.did == user.did && job.sha256 == sha256 && job.failure.is_none());
    if let Some((id, _)) = same {
        return Ok((id, false));
    }
    let is_film = TAKEN.contains(&sniff(film));
    let failure = if bluesky.world.faults.take_processing_failure(PLATFORM) {
        Some("encoding_failure".to_owned())
    } else {
        (!is_film).then(|| "validation_failure".to_owned())
    };
    let id = bluesky.world.entropy.token(20);
    let job = Job {
        did: user.did.clone(),
        sha256,
        size_bytes: film.len() as u64,
        began_at: bluesky.world.now().as_micros(),
        failure,
    };
    bluesky.jobs.put(&id, &job)?;
    Ok((id, true))
}

/// `app.bsky.video.getJobStatus`, which anybody may ask.
pub(super) async fn job_status(
    State(bluesky): State<Arc<Bluesky>>,
    Query(wanted): Query<JobOf>,
) -> Result<Json<Value>, XrpcError> {
    Ok(Json(json!({"jobStatus": status(&bluesky, &wanted.job_id)?})))
}

fn status(bluesky: &Bluesky, id: &str) -> Result<Value, XrpcError> {
    let job = bluesky.jobs.get(id).ok_or_else(|| invalid("Job not found"))?;
    let began = Timestamp::from_micros(job.began_at);
    let worked = bluesky.world.now().since(began);
    let (state, progress) = if worked < ENCODING {
        ("JOB_STATE_CREATED", 0)
    } else if worked < ENCODED {
        ("JOB_STATE_ENCODING", 40)
    } else if job.failure.is_some() {
        ("JOB_STATE_FAILED", 40)
    } else {
        ("JOB_STATE_COMPLETED", 100)
    };
    let mut shown = json!({"jobId": id, "did": job.did, "state": state, "progress": progress});
    match (state, &job.failure) {
        ("JOB_STATE_FAILED", Some(failure)) => {
            shown["failureCode"] = json!(failure);
            shown["error"] = json!("unsupported_codec");
            shown["message"] = json!("The video could not be processed");
        }
        ("JOB_STATE_COMPLETED", _) => shown["blob"] = delivered(bluesky, &job)?,
        _ => {}
    }
    Ok(shown)
}

/// The film at the account's host, where the service leaves it.
fn delivered(bluesky: &Bluesky, job: &Job) -> Result<Value, XrpcError> {
    let bytes = bluesky.world.blobs.get(&job.sha256).unwrap_or_default();
    let cid = cid::of_blob(&bytes);
    let key = format!("{}/{cid}", job.did);
    if bluesky.blobs.get(&key).is_none() {
        let blob = Blob {
            did: job.did.clone(),
            mime: "video/mp4".to_owned(),
            size_bytes: job.size_bytes,
            sha256: job.sha256.clone(),
        };
        bluesky.blobs.put(&key, &blob)?;
    }
    Ok(json!({"$type": "blob", "ref": {"$link": cid}, "mimeType": "video/mp4", "size": job.size_bytes}))
}
