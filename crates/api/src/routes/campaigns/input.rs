//! Bodies of campaigns: their documented shape, and reading them member by member.

use app::campaigns::{CampaignPatch, NewCampaign};
use domain::campaign::CampaignStatus;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::fields::Fields;
use crate::wire::CampaignState;

/// A campaign to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct CreateCampaignRequest {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(required = false, max_length = 500)]
    description: Option<String>,
    /// Its colour; `#3b82f6` by default.
    #[schema(required = false, pattern = "^#[0-9a-fA-F]{6}$")]
    color: Option<String>,
    /// Where it stands; `active` by default.
    #[schema(required = false)]
    status: Option<CampaignState>,
}

/// What to change in a campaign; at least one member.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct UpdateCampaignRequest {
    /// Another name.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Another description; null for none.
    #[schema(required = false, max_length = 500)]
    description: Option<String>,
    /// Another colour.
    #[schema(required = false, pattern = "^#[0-9a-fA-F]{6}$")]
    color: Option<String>,
    /// Another status.
    #[schema(required = false)]
    status: Option<CampaignState>,
}

pub(super) fn new(body: &Value) -> Result<NewCampaign, ApiError> {
    let fields = Fields::of(body)?;
    Ok(NewCampaign {
        name: fields.needed_text("name")?,
        description: fields.text("description")?,
        color: fields.text("color")?,
        status: status(&fields)?,
    })
}

pub(super) fn patch(body: &Value) -> Result<CampaignPatch, ApiError> {
    let fields = Fields::of(body)?;
    Ok(CampaignPatch {
        name: fields.text("name")?,
        description: fields.clearable_text("description")?,
        color: fields.text("color")?,
        status: status(&fields)?,
    })
}

fn status(fields: &Fields<'_>) -> Result<Option<CampaignStatus>, ApiError> {
    let Some(word) = fields.text("status")? else { return Ok(None) };
    let status = CampaignStatus::parse(&word);
    status.map(Some).ok_or_else(|| ApiError::validation("status", "status must be active or archived."))
}
