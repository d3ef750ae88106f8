//! `POST /media/upload-from-url`

use axum::extract::State;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::MediaErrors;
use crate::wire::{ImportedMedia, ImportedMediaEnvelope, Media, next_step};

/// A file at a public address.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ImportMediaRequest {
    /// Where it is, on the public internet.
    #[schema(pattern = "^https?://[A-Za-z0-9]", max_length = 4096)]
    url: String,
    /// Its name; the last part of the address by default.
    #[schema(required = false)]
    filename: Option<String>,
}

/// Put a file from a public address into the library.
///
/// An image is ready at once. A video is fetched behind the call: poll it until it is ready.
#[utoipa::path(post, path = "/media/upload-from-url", operation_id = "import_media", tag = "media",
    request_body = ImportMediaRequest,
    responses((status = 201, body = ImportedMediaEnvelope), MediaErrors))]
pub(crate) async fn import_media(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let url = fields.needed_text("url")?;
    let filename = fields.text("filename")?.filter(|name| !name.trim().is_empty());
    let view = app::media::import(&state.app, &scoped.caller, &url, filename.as_deref()).await?;
    let media = Media::new(&view, &state.settings.base_url);
    Reply::created(&ImportedMedia { media, next_step: next_step(&view) })
}
