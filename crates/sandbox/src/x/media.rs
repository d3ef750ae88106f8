//! What is said about uploaded media: alternative text and subtitles.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{XError, invalid};
use super::state::X;

#[derive(Deserialize)]
struct Metadata {
    id: String,
    metadata: MetadataFields,
}

#[derive(Deserialize)]
struct MetadataFields {
    alt_text: Option<AltText>,
}

#[derive(Deserialize)]
struct AltText {
    text: String,
}

/// `POST /2/media/metadata`
pub(super) async fn set_metadata(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["media.write"])?;
    let wanted: Metadata =
        serde_json::from_slice(&body).map_err(|error| invalid("body", "", &error.to_string()))?;
    x.own_media(&user, &wanted.id)?;
    let alt = wanted.metadata.alt_text.map(|alt| alt.text).unwrap_or_default();
    if alt.chars().count() > 1_000 {
        return Err(invalid("metadata.alt_text.text", &alt, "alt_text has a maximum of 1000 characters."));
    }
    x.media.update(&wanted.id, |media| media.alt = Some(alt.clone()))?;
    let data = json!({"id": wanted.id, "associated_metadata": {"alt_text": {"text": alt}}});
    Ok(Json(json!({"data": data})))
}

#[derive(Deserialize)]
struct Subtitles {
    id: String,
    subtitles: Option<SubtitleFile>,
}

#[derive(Deserialize)]
struct SubtitleFile {
    id: String,
}

/// `POST /2/media/subtitles`
pub(super) async fn add_subtitles(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XError> {
    let wanted = own_film(&x, &headers, &body)?;
    let user = x.caller(&headers, &["media.write"])?;
    let file = wanted.subtitles.ok_or_else(|| invalid("subtitles", "", "subtitles is required."))?;
    x.own_media(&user, &file.id)?;
    Ok(Json(json!({"data": {"id": wanted.id, "associated_subtitles": [{"id": file.id}]}})))
}

/// `DELETE /2/media/subtitles`
pub(super) async fn remove_subtitles(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XError> {
    own_film(&x, &headers, &body)?;
    Ok(Json(json!({"data": {"deleted": true}})))
}

fn own_film(x: &X, headers: &HeaderMap, body: &Bytes) -> Result<Subtitles, XError> {
    let user = x.caller(headers, &["media.write"])?;
    let wanted: Subtitles =
        serde_json::from_slice(body).map_err(|error| invalid("body", "", &error.to_string()))?;
    x.own_media(&user, &wanted.id)?;
    Ok(wanted)
}
