//! `POST /posts/{post_id}/approve`

use app::posts::ApprovePost;
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

/// What is said with it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ApprovePostRequest {
    /// For the author.
    #[schema(required = false, max_length = 2000)]
    note: Option<String>,
    /// Take it even where an account got the same within 24 hours while the post waited, on a server that
    /// refuses that.
    #[schema(required = false)]
    allow_duplicate: Option<bool>,
    /// The post's `updated_at` as you looked at it: one that was changed since is not approved.
    #[schema(required = false, format = DateTime)]
    updated_at: Option<String>,
}

/// Approve a post that waits. It goes out at its time, or at once if that has passed.
#[utoipa::path(post, path = "/posts/{post_id}/approve", operation_id = "approve_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body(content = Option<ApprovePostRequest>),
    responses((status = 200, body = PostEnvelope), ChangeErrors))]
pub(crate) async fn approve_post(
    State(state): State<ApiState>,
    scoped: Scoped<Approve>,
    PostPath(id): PostPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let body = body.unwrap_or_else(|| json!({}));
    let fields = Fields::of(&body)?;
    let input = ApprovePost {
        note: note(&fields)?,
        allow_duplicate: fields.flag("allow_duplicate")?.unwrap_or(false),
        seen: fields.time("updated_at")?,
    };
    let view = app::posts::approve(&state.app, &scoped.caller, id, input).await?;
    Reply::ok(&Post::new(&view, &state.settings.base_url))
}
