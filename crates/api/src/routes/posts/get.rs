//! `GET /posts/{post_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::PostPath;
use crate::wire::{Post, PostEnvelope};

/// Get one post with its destinations.
#[utoipa::path(get, path = "/posts/{post_id}", operation_id = "get_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    responses((status = 200, body = PostEnvelope), ItemErrors))]
pub(crate) async fn get_post(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    PostPath(id): PostPath,
) -> Result<Reply, ApiError> {
    let view = app::posts::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&Post::new(&view, &state.settings.base_url))
}
