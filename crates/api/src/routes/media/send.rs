//! `PUT` and `POST /uploads/{token}`: the bytes of an upload, raw or as a form. Without a key; the
//! address is signed and ends.

use app::media::{Upload, open_upload};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::routing::put;
use domain::MediaId;
use serde::Serialize;
use uuid::Uuid;

use super::stream;
use crate::ApiState;
use crate::address::{Address, Errand};
use crate::envelope::Reply;
use crate::error::ApiError;

/// A form's other fields may have so many bytes together.
const OTHER_FIELDS: usize = 64 * 1024;

/// The address of uploads. Bodies may be as large as files.
pub(crate) fn routes() -> Router<ApiState> {
    let take = put(take).post(take).layer(DefaultBodyLimit::disable());
    Router::new().route("/uploads/{token}", take)
}

/// What was received.
#[derive(Serialize)]
struct Sent {
    media_id: Uuid,
    id: Uuid,
    status: &'static str,
    media_status: &'static str,
    next_step: String,
}

async fn take(
    State(state): State<ApiState>,
    address: Address,
    Path(token): Path<String>,
    request: Request,
) -> Result<Reply, ApiError> {
    address.take(&state, Errand::Upload)?;
    let upload = match open_upload(&state.app, &token).await {
        Ok(upload) => upload,
        Err(error) => {
            stream::drain(request.into_body()).await;
            return Err(error.into());
        }
    };
    let media =
        if is_form(&request) { by_form(upload, request).await? } else { raw(upload, request).await? };
    Reply::ok(&Sent {
        media_id: media.0,
        id: media.0,
        status: "uploading",
        media_status: "uploading",
        next_step: format!("POST /v1/media/{media}/complete."),
    })
}

fn is_form(request: &Request) -> bool {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|text| text.trim().to_ascii_lowercase().starts_with("multipart/form-data"))
}

async fn raw(mut upload: Upload, request: Request) -> Result<MediaId, ApiError> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced = announced.and_then(|text| text.parse::<u64>().ok());
    let mut body = request.into_body();
    let taken = async {
        if let Some(size) = announced {
            upload.expect(size)?;
        }
        while let Some(bytes) = stream::next(&mut body).await? {
            upload.write(&bytes).await?;
        }
        Ok(())
    };
    if let Err(error) = taken.await {
        stream::drain(body).await;
        return Err(error);
    }
    Ok(upload.finish().await?)
}

async fn by_form(upload: Upload, request: Request) -> Result<MediaId, ApiError> {
    let broken = |why: String| ApiError::validation("body", format!("The form cannot be read: {why}."));
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| broken(error.body_text()))?;
    let mut others = 0;
    loop {
        let next = form.next_field().await.map_err(|error| broken(error.body_text()))?;
        let Some(mut field) = next else {
            return Err(ApiError::validation("file", "The form has no field \"file\"."));
        };
        if field.name() == Some("file") {
            let mut upload = upload;
            while let Some(bytes) = field.chunk().await.map_err(|error| broken(error.body_text()))? {
                upload.write(&bytes).await?;
            }
            return Ok(upload.finish().await?);
        }
        while let Some(bytes) = field.chunk().await.map_err(|error| broken(error.body_text()))? {
            others += bytes.len();
            if others > OTHER_FIELDS {
                let message = "The form's other fields are too large.";
                return Err(ApiError::protocol(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message));
            }
        }
    }
}
