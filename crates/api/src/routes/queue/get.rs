//! `GET /queue`

use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use super::input::{PREVIEW_DEFAULT, preview};
use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::Query;
use crate::wire::{QueueForecast, QueueForecastEnvelope};

/// How far the look ahead goes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct QueueParams {
    /// How many free slots to show, 10 by default.
    #[param(required = false, minimum = 1, maximum = 30)]
    preview: Option<i64>,
}

/// Get the workspace's posting queue and its next free slots.
///
/// The slots are a forecast: nothing is reserved until a post takes one.
#[utoipa::path(get, path = "/queue", operation_id = "get_queue", tag = "queue",
    params(QueueParams),
    responses((status = 200, body = QueueForecastEnvelope), ListErrors))]
pub(crate) async fn get_queue(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let asked = preview(&Query::parse(query.as_deref())?)?.unwrap_or(PREVIEW_DEFAULT);
    let view = app::queue::get(&state.app, &scoped.caller, asked).await?;
    Reply::ok(&QueueForecast::of(view.as_ref()))
}
