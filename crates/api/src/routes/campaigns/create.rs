//! `POST /campaigns`

use axum::extract::State;

use super::input::{CreateCampaignRequest, new};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::wire::{Campaign, CampaignEnvelope};

/// Make a campaign.
#[utoipa::path(post, path = "/campaigns", operation_id = "create_campaign", tag = "campaigns",
    request_body = CreateCampaignRequest,
    responses((status = 201, body = CampaignEnvelope), WriteErrors))]
pub(crate) async fn create_campaign(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let keep = scoped.keep(|made| Reply::created(&Campaign::from(made)));
    let row = app::campaigns::create(&state.app, &scoped.caller, new(&body)?, keep).await?;
    Ok(scoped.kept(Reply::created(&Campaign::from(&row))?))
}
