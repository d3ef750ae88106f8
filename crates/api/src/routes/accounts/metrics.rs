//! `GET /accounts/{account_id}/metrics`

use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::DeleteErrors;
use crate::query::Query;
use crate::routes::path::AccountPath;
use crate::wire::{AccountMetricsEnvelope, AccountReadings};

/// The readings that are asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct MetricsParams {
    /// Readings of this time and later; all by default.
    #[param(required = false, format = DateTime)]
    from: Option<String>,
    /// Readings until this time; until now by default.
    #[param(required = false, format = DateTime)]
    to: Option<String>,
}

/// Get how many followed an account, day by day.
#[utoipa::path(get, path = "/accounts/{account_id}/metrics", operation_id = "get_account_metrics",
    tag = "analytics",
    params(("account_id" = i64, Path, description = "The account."), MetricsParams),
    responses((status = 200, body = AccountMetricsEnvelope), DeleteErrors))]
pub(crate) async fn get_account_metrics(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    AccountPath(id): AccountPath,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let (from, to) = (query.time("from")?, query.time("to")?);
    let metrics = app::metrics::of_account(&state.app, &scoped.caller, id, from, to).await?;
    Reply::ok(&AccountReadings::from(metrics))
}
