//! `GET /campaigns/{campaign_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::CampaignPath;
use crate::wire::{Campaign, CampaignEnvelope};

/// Get one campaign.
#[utoipa::path(get, path = "/campaigns/{campaign_id}", operation_id = "get_campaign", tag = "campaigns",
    params(("campaign_id" = i64, Path, description = "The campaign.")),
    responses((status = 200, body = CampaignEnvelope), ItemErrors))]
pub(crate) async fn get_campaign(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    CampaignPath(id): CampaignPath,
) -> Result<Reply, ApiError> {
    let row = app::campaigns::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&Campaign::from(&row))
}
