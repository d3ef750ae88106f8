//! `GET /analytics/breakdown`

use app::analytics::{Ask, By};
use axum::extract::{RawQuery, State};
use domain::{AccountId, CampaignId, PlatformName};
use utoipa::IntoParams;

use super::summary::period;
use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::Query;
use crate::wire::{AnalyticsBreakdown, AnalyticsBreakdownEnvelope, BreakdownBy, PeriodName};

/// The period, what to tell apart, and which destinations count.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct BreakdownParams {
    /// `month` by default; `custom` where only `from` and `to` are sent.
    #[param(required = false)]
    period: Option<PeriodName>,
    /// The beginning of a custom period; by `day` 20 years before its end at most.
    #[param(required = false, format = DateTime)]
    from: Option<String>,
    /// The end of a custom period.
    #[param(required = false, format = DateTime)]
    to: Option<String>,
    /// `day` by default.
    #[param(required = false)]
    by: Option<BreakdownBy>,
    /// Only of this account.
    #[param(required = false)]
    account_id: Option<i64>,
    /// Only of this campaign's posts.
    #[param(required = false)]
    campaign_id: Option<i64>,
    /// Only on this platform.
    #[param(required = false, example = "instagram")]
    platform: Option<String>,
    /// The time zone (IANA) that the days are of; the queue's, or UTC, by default.
    #[param(required = false, example = "Europe/Berlin")]
    timezone: Option<String>,
}

/// Tell a period's destinations apart by time, platform, account or campaign.
///
/// A destination counts when it went live, or when it failed for good. Of those that went live, `metrics`
/// sums up the latest reading of each. By `day`, periods of more than 100 days are told by the week, those
/// of more than two years by the month: `step` says which.
#[utoipa::path(get, path = "/analytics/breakdown", operation_id = "get_analytics_breakdown", tag = "analytics",
    params(BreakdownParams),
    responses((status = 200, body = AnalyticsBreakdownEnvelope), ListErrors))]
pub(crate) async fn get_analytics_breakdown(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let ask = ask(&Query::parse(query.as_deref())?)?;
    let found = app::analytics::breakdown(&state.app, &scoped.caller, ask).await?;
    Reply::ok(&AnalyticsBreakdown::from(found))
}

fn ask(query: &Query) -> Result<Ask, ApiError> {
    let by = match query.get("by") {
        None | Some("day") => By::Day,
        Some("platform") => By::Platform,
        Some("account") => By::Account,
        Some("campaign") => By::Campaign,
        Some(_) => {
            return Err(ApiError::validation("by", "by must be day, platform, account or campaign."));
        }
    };
    Ok(Ask {
        period: period(query)?,
        by,
        timezone: query.get("timezone").map(ToOwned::to_owned),
        account_id: query.integer("account_id")?.map(AccountId),
        campaign_id: query.integer("campaign_id")?.map(CampaignId),
        platform: query.get("platform").map(PlatformName::from_text),
    })
}
