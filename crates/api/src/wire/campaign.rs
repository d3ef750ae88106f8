//! Campaigns on the wire.

use app::campaigns::CampaignRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::Pagination;

/// Where a campaign stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum CampaignState {
    /// In use.
    Active,
    /// Kept for the record.
    Archived,
}

/// A named group of posts.
#[derive(Serialize, ToSchema)]
pub(crate) struct Campaign {
    id: i64,
    name: String,
    #[schema(required)]
    description: Option<String>,
    /// `#RRGGBB`.
    #[schema(example = "#3b82f6")]
    color: String,
    #[schema(value_type = CampaignState)]
    status: &'static str,
    /// Posts in it; drafts are in none.
    post_count: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<&CampaignRow> for Campaign {
    fn from(row: &CampaignRow) -> Self {
        Self {
            id: row.id.0,
            name: row.content.name.clone(),
            description: row.content.description.clone(),
            color: row.content.color.clone(),
            status: row.content.status.as_str(),
            post_count: row.post_count,
            created_at: row.created_at.to_iso_millis(),
            updated_at: row.updated_at.to_iso_millis(),
        }
    }
}

/// A page of campaigns.
#[derive(Serialize, ToSchema)]
pub(crate) struct CampaignList {
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) pagination: Pagination,
}

/// A campaign that is gone.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedCampaign {
    pub(crate) id: i64,
    pub(crate) deleted: bool,
}
