//! `GET /analytics/summary`

use axum::extract::{RawQuery, State};
use domain::analytics::Period;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::Query;
use crate::wire::{AnalyticsSummary, AnalyticsSummaryEnvelope, PeriodName};

/// The period that is asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct SummaryParams {
    /// `month` by default; `custom` where only `from` and `to` are sent.
    #[param(required = false)]
    period: Option<PeriodName>,
    /// The beginning of a custom period.
    #[param(required = false, format = DateTime)]
    from: Option<String>,
    /// The end of a custom period.
    #[param(required = false, format = DateTime)]
    to: Option<String>,
}

/// Sum up a period: posts by status, destinations by platform, what people did with them, followers.
///
/// Periods roll back from now. A post that has gone out counts by the time that it was due; one that
/// waits, and a draft, by when it was made. `metrics` and `audience` are what was read from the platforms.
#[utoipa::path(get, path = "/analytics/summary", operation_id = "get_analytics_summary", tag = "analytics",
    params(SummaryParams),
    responses((status = 200, body = AnalyticsSummaryEnvelope), ListErrors))]
pub(crate) async fn get_analytics_summary(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let period = period(&Query::parse(query.as_deref())?)?;
    let summary = app::analytics::summary(&state.app, &scoped.caller, period).await?;
    Reply::ok(&AnalyticsSummary::from(&summary))
}

/// The period that the parameters name.
pub(super) fn period(query: &Query) -> Result<Period, ApiError> {
    let has_bounds = query.get("from").is_some() || query.get("to").is_some();
    let bound = |name: &str| {
        let message = format!("A custom period needs {name}.");
        query.time(name)?.ok_or_else(|| ApiError::validation(name, message))
    };
    match query.get("period") {
        None if !has_bounds => Ok(Period::default()),
        None | Some("custom") => Ok(Period::Custom(bound("from")?, bound("to")?)),
        Some("today") => Ok(Period::Today),
        Some("week") => Ok(Period::Week),
        Some("month") => Ok(Period::Month),
        Some("all") => Ok(Period::All),
        Some(_) => Err(ApiError::validation("period", "period must be today, week, month, all or custom.")),
    }
}
