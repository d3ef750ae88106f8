//! `POST /posts/{post_id}/request-approval`

use axum::extract::State;
use serde_json::json;
use utoipa::ToSchema;

use super::input::note;
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::routes::path::PostPath;
use crate::wire::{Post, PostEnvelope};

/// What is said with it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct RequestApprovalRequest {
    /// For whoever approves.
    #[schema(required = false, max_length = 2000)]
    note: Option<String>,
}

/// Ask for the approval of a draft or scheduled post. It does not go out before somebody approves it.
#[utoipa::path(post, path = "/posts/{post_id}/request-approval", operation_id = "request_post_approval",
    tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body(content = Option<RequestApprovalRequest>),
    responses((status = 200, body = PostEnvelope), ChangeErrors))]
pub(crate) async fn request_post_approval(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let note = note(&Fields::of(&body.unwrap_or_else(|| json!({})))?)?;
    let view = app::posts::request_approval(&state.app, &scoped.caller, id, note).await?;
    Reply::ok(&Post::new(&view, &state.settings.base_url))
}
