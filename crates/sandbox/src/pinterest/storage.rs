//! The storage that films are sent to: a form whose signed fields come before the file. It knows no
//! tokens, and its errors are XML.

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart};
use axum::response::{IntoResponse, Response};
use domain::Span;
use http::{Method, Request, StatusCode, header};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::PLATFORM;
use super::state::{Media, Pinterest};
use crate::core::film;
use crate::core::ledger::PublicMedia;
use crate::core::page::sniff;

const PROCESSING: Span = Span::from_seconds(6);
const FILM_MAX_BYTES: usize = 2_000_000_000;
/// Page "Video pins": 4 seconds to 15 minutes.
const SECONDS: RangeInclusive<f64> = 4.0..=900.0;

/// `POST` to the storage.
pub(super) async fn receive(pinterest: &Pinterest, request: Request<Body>) -> Response {
    match receive_form(pinterest, request).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err((status, code, message)) => refused(status, code, message),
    }
}

type Refused = (StatusCode, &'static str, &'static str);

async fn receive_form(pinterest: &Pinterest, request: Request<Body>) -> Result<(), Refused> {
    let malformed =
        (StatusCode::BAD_REQUEST, "MalformedPOSTRequest", "The body is not well-formed form data.");
    let denied = |message| (StatusCode::FORBIDDEN, "AccessDenied", message);
    if request.method() != Method::POST {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "The method is not allowed."));
    }
    if request.headers().contains_key(header::AUTHORIZATION) {
        let why = "Only one auth mechanism allowed.";
        return Err((StatusCode::BAD_REQUEST, "InvalidArgument", why));
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| malformed)?;
    let mut fields = BTreeMap::new();
    let mut file = None;
    // What comes behind the file is not read.
    while file.is_none() {
        let Some(part) = form.next_field().await.map_err(|_| malformed)? else { break };
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| malformed)?;
        if name == "file" {
            file = Some(bytes);
        } else {
            fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let file =
        file.ok_or((StatusCode::BAD_REQUEST, "InvalidArgument", "POST requires exactly one file upload."))?;
    let key = fields.get("key").ok_or((StatusCode::BAD_REQUEST, "InvalidArgument", "The key is missing."))?;
    let found = pinterest.media.find(|media| media.form.get("key") == Some(key));
    let (id, media) = found.ok_or_else(|| denied("Invalid according to Policy."))?;
    if media.form != fields {
        return Err(denied("Invalid according to Policy: Policy Condition failed."));
    }
    if media.form_ends_at <= pinterest.world.now() {
        return Err(denied("Invalid according to Policy: Policy expired."));
    }
    if file.len() > FILM_MAX_BYTES {
        let why = "Your proposed upload exceeds the maximum allowed size.";
        return Err((StatusCode::BAD_REQUEST, "EntityTooLarge", why));
    }
    let failed =
        |_| (StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "We encountered an internal error.");
    let mime = sniff(&file);
    let is_film = mime.starts_with("video/") && mime != "video/webm";
    let lasts = film::seconds(&file).is_none_or(|seconds| SECONDS.contains(&seconds));
    let stored = Media {
        file: Some(PublicMedia {
            media_type: mime.to_owned(),
            sha256: pinterest.world.blobs.put(&file).map_err(failed)?,
            size_bytes: file.len() as u64,
            alt: None,
        }),
        ready_at: Some(pinterest.world.now() + PROCESSING),
        fails: !is_film || !lasts || pinterest.world.faults.take_processing_failure(PLATFORM),
        ..media
    };
    pinterest.media.put(&id, &stored).map_err(failed)
}

/// An error of the storage.
pub(super) fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}
