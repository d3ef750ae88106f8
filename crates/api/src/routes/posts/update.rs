//! `PATCH /posts/{post_id}`

use axum::extract::{Path, State};

use super::input::{UpdatePostRequest, patch};
use super::post_id;
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ChangeErrors;
use crate::wire::{Post, PostEnvelope};

/// Change a draft or scheduled post. Fields that are left out stay as they are.
#[utoipa::path(patch, path = "/posts/{post_id}", operation_id = "update_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body = UpdatePostRequest,
    responses((status = 200, body = PostEnvelope), ChangeErrors))]
pub(crate) async fn update_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    Path(id): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let id = post_id(&id)?;
    let view = app::posts::update(&state.app, &scoped.caller, id, patch(&body)?).await?;
    Reply::ok(&Post::from(&view))
}
