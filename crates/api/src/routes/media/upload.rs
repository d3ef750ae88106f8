//! `POST /media/upload`

use app::media::{NewUpload, UploadTarget};
use axum::extract::State;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::UploadErrors;
use crate::wire::{BegunUpload, BegunUploadEnvelope, UploadMethod};

/// A file that is to be uploaded.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct BeginUploadRequest {
    /// Its name with the ending.
    #[schema(min_length = 1)]
    filename: String,
    /// Its MIME type.
    #[schema(
        pattern = "^(image/jpeg|image/png|image/gif|image/webp|image/heic|image/heif|video/mp4|application/pdf)$"
    )]
    content_type: String,
    /// Its size in bytes; needed under this name or as `file_size`.
    #[schema(required = false, minimum = 1)]
    size: Option<u64>,
    /// Another name of `size`.
    #[schema(required = false, minimum = 1)]
    file_size: Option<u64>,
    /// The platforms that it is meant for.
    #[schema(required = false)]
    platforms: Option<Vec<String>>,
    /// Width in pixels. What the file says wins.
    #[schema(required = false, minimum = 0)]
    width: Option<u64>,
    /// Height in pixels.
    #[schema(required = false, minimum = 0)]
    height: Option<u64>,
    /// Length in seconds.
    #[schema(required = false, minimum = 0)]
    duration: Option<f64>,
}

/// Begin an upload.
///
/// Send the bytes to `upload_url`, then call `/media/{media_id}/complete`.
#[utoipa::path(post, path = "/media/upload", operation_id = "begin_upload", tag = "media",
    request_body = BeginUploadRequest,
    responses((status = 201, body = BegunUploadEnvelope), UploadErrors))]
pub(crate) async fn begin_upload(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let (filename, content_type) = (fields.needed_text("filename")?, fields.needed_text("content_type")?);
    let (size, file_size) = (fields.whole("size")?, fields.whole("file_size")?);
    if file_size == Some(0) {
        return Err(ApiError::validation("file_size", "file_size must be 1 at least."));
    }
    let size = size.or(file_size).ok_or_else(|| ApiError::validation("size", "size is missing."))?;
    // What a caller knows of the file is taken for a hint; a wrong type is a mistake all the same.
    fields.whole("width")?;
    fields.whole("height")?;
    fields.amount("duration")?;
    let platforms = fields.texts("platforms")?.unwrap_or_default();
    let new = NewUpload { filename, content_type, size_bytes: size, platforms };
    let begun = app::media::begin(&state.app, &scoped.caller, new).await?;
    let id = begun.view.id.0;
    let upload_method = if begun.by_form {
        UploadMethod {
            method: "POST",
            content_type: "multipart/form-data".to_owned(),
            field_name: Some("file"),
        }
    } else {
        UploadMethod { method: "PUT", content_type: begun.view.content_type.clone(), field_name: None }
    };
    let verb = upload_method.method;
    let (upload_url, provider) = match begun.target {
        UploadTarget::Here(path) => (format!("{}{path}", state.settings.base_url), "fanfare"),
        UploadTarget::Bucket(url) => (url.to_string(), "s3"),
    };
    Reply::created(&BegunUpload {
        media_id: id,
        id,
        media_ids: [id],
        status: begun.view.status,
        media_status: begun.view.status,
        protocol: upload_url.split_once("://").map_or("http", |(scheme, _)| scheme).to_owned(),
        upload_url,
        upload_method,
        provider,
        expires_in: begun.good_for.as_seconds_ceil(),
        max_size: begun.max_bytes,
        next_step: format!("{verb} the file to upload_url, then POST /v1/media/{id}/complete."),
    })
}
