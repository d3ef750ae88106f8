//! `GET /posts/{post_id}/metrics`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::PostPath;
use crate::wire::{DestinationReadings, PostMetrics, PostMetricsEnvelope};

/// Get how a post did on each account, reading by reading.
///
/// Numbers are read from the platforms 1, 6 and 24 hours and 2, 4, 7, 14 and 30 days after the post
/// went live.
#[utoipa::path(get, path = "/posts/{post_id}/metrics", operation_id = "get_post_metrics", tag = "analytics",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    responses((status = 200, body = PostMetricsEnvelope), ItemErrors))]
pub(crate) async fn get_post_metrics(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    PostPath(id): PostPath,
) -> Result<Reply, ApiError> {
    let destinations = app::metrics::of_post(&state.app, &scoped.caller, id).await?;
    let destinations = destinations.into_iter().map(DestinationReadings::from).collect();
    Reply::ok(&PostMetrics { post_id: id.0, destinations })
}
