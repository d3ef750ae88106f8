//! `GET /posts/{post_id}/results`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::PostPath;
use crate::wire::{Destination, PostApproval, Results, ResultsEnvelope, shown};

/// Get what became of a post on each account.
#[utoipa::path(get, path = "/posts/{post_id}/results", operation_id = "get_post_results", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    responses((status = 200, body = ResultsEnvelope), ItemErrors))]
pub(crate) async fn get_post_results(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    PostPath(id): PostPath,
) -> Result<Reply, ApiError> {
    let view = app::posts::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&Results {
        post_id: view.id.0,
        post_status: view.status.as_str(),
        scheduled_for: shown(view.scheduled_for),
        approval: PostApproval::from(&view.approval),
        // A draft's destinations are only meant: there is nothing to tell of them yet.
        results: view.destinations.iter().filter(|one| one.id.is_some()).map(Destination::from).collect(),
        content: view.content,
    })
}
