//! Bytes of a film for a container that was made for them.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::callers::Right;
use super::containers::FILM_PROCESSING;
use super::intake::{Wanted, max_film_bytes, taken};
use super::state::Instagram;
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;

/// `POST rupload.facebook.com/ig-api-upload/{version}/{container}`
pub(super) fn receive(instagram: &Instagram, asked: &Asked) -> Response {
    let fail = |error: GraphError| error.answer(&instagram.world.entropy);
    let refuse = |kind: &str, retriable: bool, message: &str| {
        let info = json!({"retriable": retriable, "type": kind, "message": message});
        (StatusCode::BAD_REQUEST, axum::Json(json!({"debug_info": info}))).into_response()
    };
    let id = asked.request.path.last().map(String::as_str).unwrap_or_default();
    let _one_at_a_time = lock(&instagram.gate);
    let Some(mut container) = instagram.containers.get(id) else {
        return fail(GraphError::unsupported("post", id));
    };
    if let Err(error) = instagram.allowed(&asked.request, &asked.origin.host, &container.user, Right::Publish)
    {
        return fail(error);
    }
    let header = |name: &str| asked.headers.get(name).and_then(|value| value.to_str().ok());
    let number = |name: &str| header(name).and_then(|text| text.trim().parse::<u64>().ok());
    let (Some(offset), Some(size)) = (number("offset"), number("file_size")) else {
        return refuse("ProcessingFailedError", false, "Header offset or file_size is missing");
    };
    if offset != 0 || container.ready_at.is_some() {
        return refuse("OffsetInvalidError", false, "Request starting offset is invalid");
    }
    let wanted = Wanted { kind: container.kind, is_child: container.is_child };
    if size == 0 || size > max_film_bytes(wanted) {
        return refuse("ProcessingFailedError", false, "The size of the file is not right");
    }
    if asked.body.len() as u64 != size {
        return refuse("PartialRequestError", true, "Partial request (did not match length of file)");
    }
    match taken(instagram, &asked.body, wanted) {
        Ok(file) => container.file = Some(file),
        Err(subcode) => container.failure = Some(subcode),
    }
    container.ready_at = Some(instagram.world.now() + FILM_PROCESSING);
    match instagram.containers.put(id, &container) {
        Ok(()) => axum::Json(json!({"success": true, "message": "Upload successful."})).into_response(),
        Err(error) => fail(error.into()),
    }
}
