//! `PATCH /campaigns/{campaign_id}`

use axum::extract::State;
use serde_json::json;

use super::input::{UpdateCampaignRequest, patch};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::EditErrors;
use crate::routes::path::CampaignPath;
use crate::wire::{Campaign, CampaignEnvelope};

/// Change a campaign. Fields that are left out stay as they are.
#[utoipa::path(patch, path = "/campaigns/{campaign_id}", operation_id = "update_campaign", tag = "campaigns",
    params(("campaign_id" = i64, Path, description = "The campaign.")),
    request_body = UpdateCampaignRequest,
    responses((status = 200, body = CampaignEnvelope), EditErrors))]
pub(crate) async fn update_campaign(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    CampaignPath(id): CampaignPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let patch = patch(&body.unwrap_or_else(|| json!({})))?;
    let row = app::campaigns::update(&state.app, &scoped.caller, id, patch).await?;
    Reply::ok(&Campaign::from(&row))
}
