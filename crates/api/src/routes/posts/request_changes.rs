//! `POST /posts/{post_id}/request-changes`

use axum::extract::State;
use serde_json::json;
use utoipa::ToSchema;

use super::input::note;
use crate::ApiState;
use crate::auth::{Approve, Scoped};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::routes::path::PostPath;
use crate::wire::{Post, PostEnvelope};

/// What is to be changed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct RequestChangesRequest {
    /// For the author.
    #[schema(min_length = 1, max_length = 2000, pattern = "\\S")]
    note: String,
}

/// Send a post back to its author. It does not go out before somebody approves it.
#[utoipa::path(post, path = "/posts/{post_id}/request-changes", operation_id = "request_post_changes",
    tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body = RequestChangesRequest,
    responses((status = 200, body = PostEnvelope), ChangeErrors))]
pub(crate) async fn request_post_changes(
    State(state): State<ApiState>,
    scoped: Scoped<Approve>,
    PostPath(id): PostPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let note = note(&Fields::of(&body.unwrap_or_else(|| json!({})))?)?
        .ok_or_else(|| ApiError::validation("note", "note is missing: say what is to be changed."))?;
    let view = app::posts::request_changes(&state.app, &scoped.caller, id, note).await?;
    Reply::ok(&Post::new(&view, &state.settings.base_url))
}
