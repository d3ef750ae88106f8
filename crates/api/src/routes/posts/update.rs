//! `PATCH /posts/{post_id}`

use axum::extract::State;
use serde_json::json;

use super::input::{UpdatePostRequest, patch};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ChangeErrors;
use crate::routes::path::PostPath;
use crate::wire::{Post, PostEnvelope};

/// Change a draft or scheduled post. Fields that are left out stay as they are.
#[utoipa::path(patch, path = "/posts/{post_id}", operation_id = "update_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body = UpdatePostRequest,
    responses((status = 200, body = PostEnvelope), ChangeErrors))]
pub(crate) async fn update_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let view = app::posts::update(&state.app, &scoped.caller, id, patch(&body.unwrap_or_else(|| json!({})))?)
        .await?;
    Reply::ok(&Post::new(&view, &state.settings.base_url))
}
