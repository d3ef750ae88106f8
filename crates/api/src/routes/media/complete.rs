//! `POST /media/{media_id}/complete`

use axum::extract::State;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::CompleteErrors;
use crate::routes::path::MediaPath;
use crate::wire::{CompletedUpload, CompletedUploadEnvelope, Media, next_step};

/// Nothing has to be said.
#[derive(ToSchema)]
pub(crate) struct CompleteUploadRequest {}

/// Complete an upload once all bytes are sent.
///
/// The file is looked at, and the item is ready or has failed. Calling it again gives the same answer.
#[utoipa::path(post, path = "/media/{media_id}/complete", operation_id = "complete_upload", tag = "media",
    params(("media_id" = uuid::Uuid, Path, description = "The library item.")),
    request_body(content = Option<CompleteUploadRequest>),
    responses((status = 200, body = CompletedUploadEnvelope), CompleteErrors))]
pub(crate) async fn complete_upload(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    MediaPath(id): MediaPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    if let Some(body) = body.filter(|body| !body.is_null()) {
        Fields::of(&body)?;
    }
    let view = app::media::complete(&state.app, &scoped.caller, id).await?;
    let message = match view.status {
        "ready" => "Upload complete.".to_owned(),
        "failed" => view.error_message.clone().unwrap_or_default(),
        _ => "The file is on its way.".to_owned(),
    };
    let media = Media::new(&view, &state.settings.base_url);
    Reply::ok(&CompletedUpload { media, message, next_step: next_step(&view) })
}
