//! Uploads to the emulated LinkedIn: initialize, bytes to the addresses it hands out, finalize.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::{Bytes, BytesMut};
use domain::Span;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{LiError, denied, invalid, plain};
use super::state::{Asset, LinkedIn, Slot, split_urn};
use super::{PAGE_HOST, PLATFORM};
use crate::core::origin::Origin;
use crate::core::page::sniff;

const PART_BYTES: u64 = 4_194_304;
const ADDRESS_LIFE: Span = Span::from_days(1);
const PROCESSING: Span = Span::from_seconds(1);
const MIN_FILM_BYTES: u64 = 75_000;
const MAX_FILM_BYTES: u64 = 524_288_000;
const MAX_DOCUMENT_BYTES: u64 = 104_857_600;
const WRONG: StatusCode = StatusCode::BAD_REQUEST;

#[derive(Deserialize)]
pub(super) struct Action {
    action: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Initialize {
    initialize_upload_request: InitializeFields,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InitializeFields {
    owner: String,
    file_size_bytes: Option<u64>,
    #[serde(default)]
    upload_captions: bool,
    #[serde(default)]
    upload_thumbnail: bool,
}

/// `POST /rest/{images|videos|documents}?action=…`
pub(super) async fn act(
    State(linkedin): State<Arc<LinkedIn>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    Path(family): Path<String>,
    Query(Action { action }): Query<Action>,
    body: Bytes,
) -> Result<Response, LiError> {
    let kind = kind_of(&family).ok_or_else(no_resource)?;
    let unreadable = |error: serde_json::Error| invalid(WRONG, "body", "INVALID_VALUE", &error.to_string());
    match action.as_deref() {
        Some("initializeUpload") => {
            let Initialize { initialize_upload_request: wanted } =
                serde_json::from_slice(&body).map_err(unreadable)?;
            initialize(&linkedin, &origin, &headers, kind, &wanted).map(IntoResponse::into_response)
        }
        Some("finalizeUpload") if kind == "video" => {
            let Finalize { finalize_upload_request: wanted } =
                serde_json::from_slice(&body).map_err(unreadable)?;
            finalize(&linkedin, &headers, &wanted).map(IntoResponse::into_response)
        }
        _ => Err(plain(WRONG, "ILLEGAL_ARGUMENT", "the action is not known")),
    }
}

fn kind_of(family: &str) -> Option<&'static str> {
    match family {
        "images" => Some("image"),
        "videos" => Some("video"),
        "documents" => Some("document"),
        _ => None,
    }
}

/// The answer for a path LinkedIn does not have.
pub(super) fn no_resource() -> LiError {
    plain(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND", "No virtual resource found")
}

fn initialize(
    linkedin: &LinkedIn,
    origin: &Origin,
    headers: &HeaderMap,
    kind: &str,
    wanted: &InitializeFields,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(headers)?;
    let what = format!("{kind}s.ACTION-initializeUpload.20260901");
    linkedin.check_author(&caller, &wanted.owner, "w_organization_social", &what)?;
    let size_bytes = wanted.file_size_bytes.unwrap_or(0);
    if kind == "video" && !(MIN_FILM_BYTES..=MAX_FILM_BYTES).contains(&size_bytes) {
        let description = format!("a video has {MIN_FILM_BYTES} to {MAX_FILM_BYTES} bytes");
        return Err(invalid(WRONG, "fileSizeBytes", "FIELD_VALUE_INVALID", &description));
    }
    let urn = format!("urn:li:{kind}:D4E10AQ{}", linkedin.world.entropy.token(20));
    let expires_at = linkedin.world.now() + ADDRESS_LIFE;
    let mut batch = linkedin.world.journal.batch();
    let asset = Asset {
        urn: urn.clone(),
        owner: wanted.owner.clone(),
        kind: kind.to_owned(),
        size_bytes,
        parts: std::collections::BTreeMap::new(),
        sha256: None,
        ready_at: None,
        fails: false,
    };
    batch.put(&linkedin.assets, &urn, &asset)?;
    let mut address = |part: usize, size_bytes: Option<u64>, asset: &str| {
        let token = linkedin.world.entropy.token(40);
        let slot = Slot { asset: asset.to_owned(), part, size_bytes, expires_at };
        batch.put(&linkedin.slots, &token, &slot)?;
        Ok::<_, LiError>(origin.url(PAGE_HOST, &format!("/dms-uploads/sp/{token}")))
    };
    let mut value = json!({});
    value[kind] = json!(urn);
    if kind == "video" {
        let mut instructions = Vec::new();
        for part in 0..size_bytes.div_ceil(PART_BYTES) {
            let first = part * PART_BYTES;
            let last = (first + PART_BYTES).min(size_bytes) - 1;
            let number = usize::try_from(part).unwrap_or(usize::MAX);
            let url = address(number, Some(last - first + 1), &urn)?;
            instructions.push(json!({"firstByte": first, "lastByte": last, "uploadUrl": url}));
        }
        value["uploadInstructions"] = json!(instructions);
        value["uploadToken"] = json!("");
        value["uploadUrlsExpireAt"] = json!(expires_at.as_millis());
        for (is_wanted, name) in
            [(wanted.upload_captions, "captionsUploadUrl"), (wanted.upload_thumbnail, "thumbnailUploadUrl")]
        {
            if is_wanted {
                value[name] = json!(address(0, None, "")?);
            }
        }
    } else {
        value["uploadUrl"] = json!(address(0, None, &urn)?);
        value["uploadUrlExpiresAt"] = json!(expires_at.as_millis());
    }
    batch.commit()?;
    Ok(Json(json!({"value": value})))
}

/// `PUT` to an address that was handed out
pub(super) async fn receive(
    State(linkedin): State<Arc<LinkedIn>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response, LiError> {
    let gone = || plain(StatusCode::FORBIDDEN, "ACCESS_DENIED", "The upload URL is unknown or expired");
    let slot = linkedin.slots.get(&token).filter(|slot| slot.expires_at > linkedin.world.now());
    let slot = slot.ok_or_else(gone)?;
    if slot.size_bytes.is_some_and(|size| size != body.len() as u64) || body.is_empty() {
        let expected = slot.size_bytes.map_or("some".to_owned(), |size| size.to_string());
        let message = format!("{} bytes arrived where {expected} were expected", body.len());
        return Err(plain(WRONG, "ILLEGAL_ARGUMENT", &message));
    }
    let sha256 = linkedin.world.blobs.put(&body)?;
    let etag = format!("\"{}\"", &sha256[..32]);
    if let Some(mut asset) = linkedin.assets.get(&slot.asset) {
        if asset.kind == "video" {
            linkedin.assets.update(&slot.asset, |asset| asset.parts.insert(slot.part, sha256))?;
        } else {
            check_file(&asset.kind, &body)?;
            asset.sha256 = Some(sha256);
            asset.ready_at = Some(linkedin.world.now() + PROCESSING);
            asset.fails = linkedin.world.faults.take_processing_failure(PLATFORM);
            linkedin.assets.put(&slot.asset, &asset)?;
        }
    }
    Ok((StatusCode::CREATED, [(header::ETAG, etag)]).into_response())
}

fn check_file(kind: &str, body: &Bytes) -> Result<(), LiError> {
    let found = sniff(body);
    let is_right = match kind {
        "image" => matches!(found, "image/png" | "image/jpeg" | "image/gif"),
        _ => body.len() as u64 <= MAX_DOCUMENT_BYTES,
    };
    if is_right { Ok(()) } else { Err(plain(WRONG, "ILLEGAL_ARGUMENT", "The file type is not supported")) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finalize {
    finalize_upload_request: FinalizeFields,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FinalizeFields {
    video: String,
    uploaded_part_ids: Vec<String>,
}

fn finalize(
    linkedin: &LinkedIn,
    headers: &HeaderMap,
    wanted: &FinalizeFields,
) -> Result<StatusCode, LiError> {
    let caller = linkedin.rest_caller(headers)?;
    let mut asset = linkedin.assets.get(&wanted.video).ok_or_else(no_resource)?;
    let what = "videos.ACTION-finalizeUpload.20260901";
    linkedin.check_author(&caller, &asset.owner, "w_organization_social", what)?;
    let tags: Vec<&str> = asset.parts.values().map(|sha256| &sha256[..32]).collect();
    let all_parts = asset.size_bytes.div_ceil(PART_BYTES);
    if tags.len() as u64 != all_parts || tags != wanted.uploaded_part_ids {
        let description =
            format!("{all_parts} part ids are expected, in order, as the ETag headers named them");
        return Err(invalid(WRONG, "uploadedPartIds", "INVALID_VALUE", &description));
    }
    if asset.sha256.is_none() {
        let mut whole = BytesMut::new();
        for sha256 in asset.parts.values() {
            whole.extend_from_slice(&linkedin.world.blobs.get(sha256).unwrap_or_default());
        }
        let whole = whole.freeze();
        asset.fails = sniff(&whole) != "video/mp4" || linkedin.world.faults.take_processing_failure(PLATFORM);
        asset.sha256 = Some(linkedin.world.blobs.put(&whole)?);
        asset.ready_at = Some(linkedin.world.now() + PROCESSING);
        linkedin.assets.put(&wanted.video, &asset)?;
    }
    Ok(StatusCode::OK)
}

/// `GET /rest/{images|videos|documents}/{urn}`
pub(super) async fn show(
    State(linkedin): State<Arc<LinkedIn>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    Path((family, urn)): Path<(String, String)>,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let kind = kind_of(&family).ok_or_else(no_resource)?;
    let what = format!("{family}.GET.20260901");
    // Self-serve apps upload pictures and documents but cannot ask about them.
    if kind != "video" && !caller.has("r_organization_social") && !caller.has("w_organization_social") {
        return Err(denied(&what));
    }
    let asset = linkedin.assets.get(&urn).filter(|asset| asset.kind == kind).ok_or_else(no_resource)?;
    linkedin.check_author(&caller, &asset.owner, "w_organization_social", &what)?;
    let status = asset.status(linkedin.world.now());
    let mut shown = json!({"id": asset.urn, "owner": asset.owner, "status": status});
    match status {
        "PROCESSING_FAILED" => shown["processingFailureReason"] = json!("The file could not be processed"),
        "AVAILABLE" => {
            let name = split_urn(&asset.urn).map(|(_, name)| name).unwrap_or_default();
            shown["downloadUrl"] =
                json!(origin.url("media.licdn.com", &format!("/dms/{kind}/{name}/original")));
        }
        _ => {}
    }
    Ok(Json(shown))
}
