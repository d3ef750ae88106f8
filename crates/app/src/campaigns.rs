//! Campaigns: named groups of posts, which everybody in a workspace sees.

use domain::CampaignId;
use domain::campaign::{CampaignStatus, DEFAULT_COLOR, DESCRIPTION_MAX, NAME_MAX, is_color};
use store::CampaignContent;

use crate::idempotency::{Keep, done};
use crate::{App, AppError, Caller};

pub use store::{CampaignPatch, CampaignRow};

/// A campaign to be made. Types are checked; meaning is not yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCampaign {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// `#RRGGBB`; `None` for the usual one.
    pub color: Option<String>,
    /// Where it stands; `None` for active.
    pub status: Option<CampaignStatus>,
}

/// Which campaigns are wanted, and which page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListCampaigns {
    /// Those that stand there.
    pub status: Option<CampaignStatus>,
    /// How many.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u64,
}

/// A page of campaigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignPage {
    /// The campaigns, the latest first.
    pub campaigns: Vec<CampaignRow>,
    /// How many there are in all.
    pub total: u64,
}

/// Makes a campaign.
///
/// # Errors
/// [`AppError::Validation`].
pub async fn create(
    app: &App,
    caller: &Caller,
    new: NewCampaign,
    keep: Option<Keep<CampaignRow>>,
) -> Result<CampaignRow, AppError> {
    let content = CampaignContent {
        name: checked_name(&new.name)?,
        description: new.description.map(checked_description).transpose()?,
        color: new.color.map_or_else(|| Ok(DEFAULT_COLOR.to_owned()), checked_color)?,
        status: new.status.unwrap_or_default(),
    };
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let keep = keep.map(|keep| keep.told(app, |made: &CampaignRow, answer| answer(made)));
    let now = app.clock.now();
    done(app.store.create_campaign(organization, workspace, content, now, keep).await?)
}

/// A page of the workspace's campaigns.
///
/// # Errors
/// Only internal ones.
pub async fn list(app: &App, caller: &Caller, query: &ListCampaigns) -> Result<CampaignPage, AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let ListCampaigns { status, limit, offset } = *query;
    Ok(CampaignPage {
        campaigns: app.store.list_campaigns(organization, workspace, status, limit, offset).await?,
        total: app.store.count_campaigns(organization, workspace, status).await?,
    })
}

/// One campaign.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: CampaignId) -> Result<CampaignRow, AppError> {
    let found = app.store.find_campaign(caller.organization_id, caller.workspace_id, id).await?;
    found.ok_or(AppError::NotFound("Campaign"))
}

/// Changes a campaign.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Validation`].
pub async fn update(
    app: &App,
    caller: &Caller,
    id: CampaignId,
    patch: CampaignPatch,
) -> Result<CampaignRow, AppError> {
    if patch == CampaignPatch::default() {
        let message = "Name at least one of name, description, color and status.";
        return Err(AppError::validation("body", message));
    }
    let patch = CampaignPatch {
        name: patch.name.as_deref().map(checked_name).transpose()?,
        description: match patch.description {
            Some(Some(description)) => Some(Some(checked_description(description)?)),
            other => other,
        },
        color: patch.color.map(checked_color).transpose()?,
        status: patch.status,
    };
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let changed = app.store.update_campaign(organization, workspace, id, patch, app.clock.now()).await?;
    changed.ok_or(AppError::NotFound("Campaign"))
}

/// Forgets a campaign. Its posts stay, in none.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete(app: &App, caller: &Caller, id: CampaignId) -> Result<(), AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let deleted = app.store.delete_campaign(organization, workspace, id, app.clock.now()).await?;
    if deleted { Ok(()) } else { Err(AppError::NotFound("Campaign")) }
}

/// Refuses a post's campaign that the workspace does not have.
pub(crate) async fn check(app: &App, caller: &Caller, id: Option<CampaignId>) -> Result<(), AppError> {
    let Some(id) = id else { return Ok(()) };
    match app.store.find_campaign(caller.organization_id, caller.workspace_id, id).await? {
        Some(_) => Ok(()),
        None => Err(AppError::validation("campaign_id", format!("There is no campaign {id}."))),
    }
}

fn checked_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    let length = name.chars().count();
    if (1..=NAME_MAX).contains(&length) {
        return Ok(name.to_owned());
    }
    Err(AppError::validation("name", format!("name must have 1 to {NAME_MAX} characters.")))
}

fn checked_description(description: String) -> Result<String, AppError> {
    if description.chars().count() <= DESCRIPTION_MAX {
        return Ok(description);
    }
    let message = format!("description must have {DESCRIPTION_MAX} characters at most.");
    Err(AppError::validation("description", message))
}

fn checked_color(color: String) -> Result<String, AppError> {
    if is_color(&color) {
        return Ok(color);
    }
    Err(AppError::validation("color", "color must be # and six hexadecimal digits, such as #3b82f6."))
}
