//! `GET /posts/{post_id}/results`

use axum::extract::{Path, State};

use super::post_id;
use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::wire::{Destination, Results, ResultsEnvelope, shown};

/// Get what became of a post on each account.
#[utoipa::path(get, path = "/posts/{post_id}/results", operation_id = "get_post_results", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    responses((status = 200, body = ResultsEnvelope), ItemErrors))]
pub(crate) async fn get_post_results(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    Path(id): Path<String>,
) -> Result<Reply, ApiError> {
    let view = app::posts::get(&state.app, &scoped.caller, post_id(&id)?).await?;
    Reply::ok(&Results {
        post_id: view.id.0,
        post_status: view.status.as_str(),
        scheduled_for: shown(view.scheduled_for),
        results: view.destinations.iter().map(Destination::from).collect(),
        content: view.content,
    })
}
