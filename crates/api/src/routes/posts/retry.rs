//! `POST /posts/{post_id}/retry`

use axum::extract::{Path, State};
use domain::DestinationStatus;
use utoipa::ToSchema;

use super::post_id;
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::wire::{Destination, RetriedPost, RetriedPostEnvelope};

/// Which accounts to retry.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct RetryPostRequest {
    /// Only these; all failed ones by default.
    #[schema(required = false, max_items = 500)]
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
    Path(id): Path<String>,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let id = post_id(&id)?;
    let accounts = match body.filter(|body| !body.is_null()) {
        Some(body) => Fields::of(&body)?.account_ids()?,
        None => None,
    };
    let retried = app::posts::retry(&state.app, &scoped.caller, id, accounts).await?;
    let count = retried.destinations.len();
    let queued = |view| {
        let mut destination = Destination::from(view);
        destination.new_status = Some(DestinationStatus::Queued.as_str());
        destination
    };
    Reply::ok(&RetriedPost {
        post_id: id.0,
        retried_count: count,
        retried: count,
        destinations: retried.destinations.iter().map(queued).collect(),
        message: match count {
            0 => "Nothing had failed.".to_owned(),
            1 => "1 destination was queued again.".to_owned(),
            more => format!("{more} destinations were queued again."),
        },
        next_step: format!("Read GET /v1/posts/{id}/results for the outcome."),
    })
}
