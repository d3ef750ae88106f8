//! `GET /posts/{post_id}/attempts`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::PostPath;
use crate::wire::{DestinationAttempts, PostAttempts, PostAttemptsEnvelope};

/// Get what was tried for a post on each account: when something was sent, what the platform said, and how
/// that was understood.
///
/// The 2,000 latest lines of a post.
#[utoipa::path(get, path = "/posts/{post_id}/attempts", operation_id = "get_post_attempts", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    responses((status = 200, body = PostAttemptsEnvelope), ItemErrors))]
pub(crate) async fn get_post_attempts(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    PostPath(id): PostPath,
) -> Result<Reply, ApiError> {
    let journals = app::posts::attempts(&state.app, &scoped.caller, id).await?;
    let destinations = journals.into_iter().map(DestinationAttempts::from).collect();
    Reply::ok(&PostAttempts { post_id: id.0, destinations })
}
