//! `DELETE /campaigns/{campaign_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::CampaignPath;
use crate::wire::{DeletedCampaign, DeletedCampaignEnvelope};

/// Delete a campaign. Its posts stay; their `campaign_id` becomes null.
#[utoipa::path(delete, path = "/campaigns/{campaign_id}", operation_id = "delete_campaign", tag = "campaigns",
    params(("campaign_id" = i64, Path, description = "The campaign.")),
    responses((status = 200, body = DeletedCampaignEnvelope), ItemErrors))]
pub(crate) async fn delete_campaign(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    CampaignPath(id): CampaignPath,
) -> Result<Reply, ApiError> {
    app::campaigns::delete(&state.app, &scoped.caller, id).await?;
    Reply::ok(&DeletedCampaign { id: id.0, deleted: true })
}
