//! `POST /posts/{post_id}/retry`

use axum::extract::State;
use domain::AccountId;
use serde_json::Value;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::routes::path::PostPath;
use crate::wire::{Destination, RetriedPost, RetriedPostEnvelope};

/// Which accounts to retry.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct RetryPostRequest {
    /// Only these; all failed ones by default.
    #[schema(required = false, min_items = 1, max_items = 500)]
    account_ids: Option<Vec<i64>>,
}

/// Queue a post's failed destinations again.
#[utoipa::path(post, path = "/posts/{post_id}/retry", operation_id = "retry_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body(content = Option<RetryPostRequest>),
    responses((status = 200, body = RetriedPostEnvelope), ChangeErrors))]
pub(crate) async fn retry_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let accounts = body.as_ref().map(read).transpose()?.flatten();
    let retried = app::posts::retry(&state.app, &scoped.caller, id, accounts).await?;
    let count = retried.destinations.len();
    Reply::ok(&RetriedPost {
        post_id: id.0,
        retried_count: count,
        retried: count,
        destinations: retried.destinations.iter().map(Destination::queued_again).collect(),
        message: match count {
            0 => "Nothing had failed.".to_owned(),
            1 => "1 destination was queued again.".to_owned(),
            more => format!("{more} destinations were queued again."),
        },
        next_step: format!("Read GET /v1/posts/{id}/results for the outcome."),
    })
}

fn read(body: &Value) -> Result<Option<Vec<AccountId>>, ApiError> {
    if body.is_null() {
        return Ok(None);
    }
    let fields = Fields::of(body)?;
    fields.refuse_wrong_names()?;
    let accounts = fields.account_ids()?;
    if accounts.as_ref().is_some_and(Vec::is_empty) {
        let message = "account_ids is empty: name the accounts to retry, or leave it out to retry all.";
        return Err(ApiError::validation("account_ids", message));
    }
    Ok(accounts)
}
