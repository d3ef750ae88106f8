//! Files: uploaded first, then referred to by a record (com.atproto.repo.uploadBlob).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::BAD;
use super::cid;
use super::errors::{XrpcError, invalid, plain};
use super::state::{Blob, Bluesky};

/// The largest file of a hosted account.
const LIMIT_BYTES: usize = 50 * 1024 * 1024;

/// `com.atproto.repo.uploadBlob`
pub(super) async fn upload(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let user = bluesky.caller(&headers)?;
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let declared =
        declared.ok_or_else(|| invalid("Request encoding (Content-Type) required but not provided"))?;
    if body.len() > LIMIT_BYTES {
        return Err(plain(StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLarge", "request entity too large"));
    }
    let blob = Blob {
        mime: sniff(&body).unwrap_or(declared).to_owned(),
        size_bytes: body.len() as u64,
        sha256: bluesky.world.blobs.put(&body)?,
        did: user.did.clone(),
    };
    let cid = cid::of_blob(&body);
    bluesky.blobs.put(&format!("{}/{cid}", user.did), &blob)?;
    Ok(Json(json!({
        "blob": {"$type": "blob", "ref": {"$link": cid}, "mimeType": blob.mime, "size": blob.size_bytes},
    })))
}

/// A data server believes the content more than the header.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    did: String,
    cid: String,
}

/// `com.atproto.sync.getBlob`
pub(super) async fn get(
    State(bluesky): State<Arc<Bluesky>>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, XrpcError> {
    let found = bluesky.blobs.get(&format!("{}/{}", wanted.did, wanted.cid));
    let file = found.and_then(|blob| bluesky.world.blobs.get(&blob.sha256).map(|bytes| (blob, bytes)));
    let (blob, bytes) = file.ok_or_else(|| plain(BAD, "BlobNotFound", "Blob not found"))?;
    Ok(([(header::CONTENT_TYPE, blob.mime)], bytes).into_response())
}
