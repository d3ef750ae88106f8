//! `POST /posts/validate`

use axum::extract::State;

use super::input::{CreatePostRequest, new_post};
use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::wire::{ValidatedPost, ValidatedPostEnvelope};

/// Say what would become of a post, without making it.
///
/// Takes the body of `POST /posts`. For each account: why its platform would refuse the post, what
/// would go out otherwise than asked, how long the text is as the platform counts, and which media
/// would be converted. What is wrong with the body itself is refused as `POST /posts` refuses it.
#[utoipa::path(post, path = "/posts/validate", operation_id = "validate_post", tag = "posts",
    request_body = CreatePostRequest,
    responses((status = 200, body = ValidatedPostEnvelope), WriteErrors))]
pub(crate) async fn validate_post(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let new = new_post(&body)?;
    let validation = app::posts::validate(&state.app, &scoped.caller, &new).await?;
    Reply::ok(&ValidatedPost::from(&validation))
}
