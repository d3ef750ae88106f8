//! `GET /media/{media_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::MediaPath;
use crate::wire::{Media, MediaEnvelope};

/// Get a library item.
#[utoipa::path(get, path = "/media/{media_id}", operation_id = "get_media", tag = "media",
    params(("media_id" = uuid::Uuid, Path, description = "The library item.")),
    responses((status = 200, body = MediaEnvelope), ItemErrors))]
pub(crate) async fn get_media(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    MediaPath(id): MediaPath,
) -> Result<Reply, ApiError> {
    let view = app::media::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&Media::new(&view, &state.settings.base_url))
}
