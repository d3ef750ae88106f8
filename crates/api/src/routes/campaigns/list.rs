//! `GET /campaigns`

use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::Query;
use crate::wire::{Campaign, CampaignList, CampaignListEnvelope, CampaignState, Pagination};

/// Filter and page of the list of campaigns.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ListCampaignsParams {
    /// Where they stand.
    #[param(required = false)]
    status: Option<CampaignState>,
    /// Page size, 50 by default.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// Campaigns to pass over.
    #[param(required = false, minimum = 0)]
    offset: Option<i64>,
}

/// List the workspace's campaigns, the latest first.
#[utoipa::path(get, path = "/campaigns", operation_id = "list_campaigns", tag = "campaigns",
    params(ListCampaignsParams),
    responses((status = 200, body = CampaignListEnvelope), ListErrors))]
pub(crate) async fn list_campaigns(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?.list_campaigns()?;
    let page = app::campaigns::list(&state.app, &scoped.caller, &query).await?;
    Reply::ok(&CampaignList {
        campaigns: page.campaigns.iter().map(Campaign::from).collect(),
        pagination: Pagination::of(query.limit, query.offset, page.campaigns.len(), page.total),
    })
}
