//! A post as a caller sees it.

use domain::{
    AccountId, CampaignId, DestinationId, DestinationStatus, MediaId, PlatformName, PostId, PostStatus,
    Timestamp,
};

use std::collections::HashMap;

use store::{AccountRow, DestinationRow, MediaRow, NewPostRow, PostRow};

use super::content::Targets;
use super::{ApprovalView, PlatformContent, approval};
use crate::accounts::shown_name;
use crate::{App, AppError, Caller};

/// A post with its destinations.
#[derive(Clone, Debug, PartialEq)]
pub struct PostView {
    /// Its id.
    pub id: PostId,
    /// Derived from the destinations.
    pub status: PostStatus,
    /// The text.
    pub content: String,
    /// The targets, in the order given.
    pub account_ids: Vec<AccountId>,
    /// When it goes out; `None` on a draft without a suggestion.
    pub scheduled_for: Option<Timestamp>,
    /// Display metadata.
    pub timezone: String,
    /// The media, in order.
    pub media_ids: Vec<MediaId>,
    /// What is known of the media.
    pub media: Vec<PostMediaView>,
    /// Per-platform content.
    pub platform_content: PlatformContent,
    /// Parts 2..n of a thread.
    pub thread_posts: Vec<String>,
    /// The campaign.
    pub campaign_id: Option<CampaignId>,
    /// Where its approval stands.
    pub approval: ApprovalView,
    /// One per account; a draft's are all `queued` and have no row yet, hence no id.
    pub destinations: Vec<DestinationView>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl PostView {
    /// The post as it is once it has taken the slot at `at`.
    #[must_use]
    pub fn due_at(mut self, at: Timestamp) -> Self {
        self.scheduled_for = Some(at);
        for destination in &mut self.destinations {
            destination.scheduled_for = Some(at);
        }
        self
    }
}

/// A media file of a post.
#[derive(Clone, Debug, PartialEq)]
pub struct PostMediaView {
    /// Its id.
    pub id: MediaId,
    /// The original file name.
    pub filename: String,
    /// `image`, `video` or `document`.
    pub kind: &'static str,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Length of a video in seconds.
    pub seconds: Option<f64>,
    /// The path of its file on this server, good for a day.
    pub path: String,
}

/// One post on one account.
#[derive(Clone, Debug, PartialEq)]
pub struct DestinationView {
    /// Its id; `None` on a draft.
    pub id: Option<DestinationId>,
    /// The account.
    pub account_id: AccountId,
    /// The account's name; `None` if it is gone.
    pub account_name: Option<String>,
    /// The platform.
    pub platform: PlatformName,
    /// Where it stands.
    pub status: DestinationStatus,
    /// When it is due.
    pub scheduled_for: Option<Timestamp>,
    /// The platform's id of the post.
    pub platform_post_id: Option<String>,
    /// The post's public address.
    pub platform_post_url: Option<String>,
    /// When it went live.
    pub published_at: Option<Timestamp>,
    /// A stable code of the failure, such as `token_expired` or `outcome_unknown`.
    pub error_code: Option<String>,
    /// Why it failed, in a sentence.
    pub error: Option<String>,
    /// What was published otherwise than asked.
    pub warnings: Vec<String>,
    /// Attempts made.
    pub attempts: u32,
    /// When the next automatic attempt is due.
    pub next_retry_at: Option<Timestamp>,
}

/// A post that was just made, without reading it back.
pub(super) fn view_of_new(
    app: &App,
    caller: &Caller,
    row: &NewPostRow,
    targets: &Targets,
    content: PlatformContent,
    approval: ApprovalView,
) -> PostView {
    PostView {
        id: row.id,
        status: row.status,
        content: row.content.clone(),
        account_ids: row.account_ids.clone(),
        scheduled_for: row.scheduled_for,
        timezone: row.timezone.clone(),
        media_ids: row.media_ids.clone(),
        media: targets.media.iter().map(|row| media_view(app, caller, row)).collect(),
        platform_content: content,
        thread_posts: row.thread_posts.clone(),
        campaign_id: row.campaign_id,
        approval,
        destinations: targets
            .accounts
            .iter()
            .enumerate()
            .map(|(at, account)| {
                let id = row.destinations.get(at).map(|destination| destination.id);
                untouched(account, id, row.scheduled_for)
            })
            .collect(),
        created_at: row.now,
        updated_at: row.now,
    }
}

/// Posts with their destinations and media, read in as few queries as there are tables.
pub(super) async fn assemble(
    app: &App,
    caller: &Caller,
    rows: Vec<PostRow>,
) -> Result<Vec<PostView>, AppError> {
    let organization = caller.organization_id;
    let ids: Vec<PostId> =
        rows.iter().filter(|row| row.status != PostStatus::Draft).map(|row| row.id).collect();
    let mut by_post: HashMap<PostId, Vec<DestinationRow>> = HashMap::new();
    for destination in app.store.list_destinations(organization, &ids).await? {
        by_post.entry(destination.post_id).or_default().push(destination);
    }
    let mut media_ids: Vec<MediaId> = rows.iter().flat_map(|row| row.media_ids.iter().copied()).collect();
    media_ids.sort_unstable();
    media_ids.dedup();
    let media: HashMap<MediaId, MediaRow> =
        app.store.find_media(organization, &media_ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let accounts = if ids.len() == rows.len() {
        HashMap::new()
    } else {
        // Only drafts need them: their targets have no destinations yet.
        let drafts = rows.iter().filter(|row| row.status == PostStatus::Draft);
        let mut ids: Vec<AccountId> = drafts.flat_map(|row| row.account_ids.iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        let rows = app.store.find_accounts(organization, caller.workspace_id, &ids).await?;
        rows.into_iter().map(|row| (row.id, row)).collect()
    };
    let names = approval::names(app, rows.iter().map(|row| &row.approval)).await?;
    rows.into_iter()
        .map(|mut row| {
            let destinations = by_post.remove(&row.id).unwrap_or_default();
            let approval = approval::view(std::mem::take(&mut row.approval), &names);
            view((app, caller), (row, approval), destinations, &media, &accounts)
        })
        .collect()
}

fn view(
    (app, caller): (&App, &Caller),
    (row, approval): (PostRow, ApprovalView),
    destinations: Vec<DestinationRow>,
    media: &HashMap<MediaId, MediaRow>,
    accounts: &HashMap<AccountId, AccountRow>,
) -> Result<PostView, AppError> {
    let destinations: Vec<DestinationView> = if row.status == PostStatus::Draft {
        row.account_ids
            .iter()
            .filter_map(|id| accounts.get(id))
            .map(|account| untouched(account, None, row.scheduled_for))
            .collect()
    } else {
        destinations.into_iter().map(destination_view).collect()
    };
    let status = status_of(row.status, &destinations);
    let platform_content =
        serde_json::from_str(&row.platform_content).map_err(|error| AppError::Internal(Box::new(error)))?;
    Ok(PostView {
        id: row.id,
        status,
        account_ids: row.account_ids,
        scheduled_for: row.scheduled_for,
        timezone: row.timezone,
        media: row
            .media_ids
            .iter()
            .filter_map(|id| media.get(id))
            .map(|row| media_view(app, caller, row))
            .collect(),
        media_ids: row.media_ids,
        platform_content,
        thread_posts: row.thread_posts,
        campaign_id: row.campaign_id,
        approval,
        destinations,
        created_at: row.created_at,
        updated_at: row.updated_at,
        content: row.content,
    })
}

/// A post that began to go out a moment ago may be stored as scheduled still.
fn status_of(stored: PostStatus, destinations: &[DestinationView]) -> PostStatus {
    let goes_out = || destinations.iter().any(|one| one.status == DestinationStatus::Publishing);
    if stored == PostStatus::Scheduled && goes_out() { PostStatus::Publishing } else { stored }
}

/// A destination that nothing has happened to.
fn untouched(
    account: &AccountRow,
    id: Option<DestinationId>,
    scheduled_for: Option<Timestamp>,
) -> DestinationView {
    DestinationView {
        id,
        account_id: account.id,
        account_name: Some(shown_name(account.username.as_deref(), &account.display_name)),
        platform: account.platform.clone(),
        status: DestinationStatus::Queued,
        scheduled_for,
        platform_post_id: None,
        platform_post_url: None,
        published_at: None,
        error_code: None,
        error: None,
        warnings: Vec::new(),
        attempts: 0,
        next_retry_at: None,
    }
}

pub(super) fn destination_view(row: DestinationRow) -> DestinationView {
    DestinationView {
        id: Some(row.id),
        account_id: row.account_id,
        account_name: row.display_name.as_deref().map(|name| shown_name(row.username.as_deref(), name)),
        platform: row.platform,
        status: row.status,
        scheduled_for: Some(row.scheduled_for),
        platform_post_id: row.platform_post_id,
        platform_post_url: row.platform_post_url,
        published_at: row.published_at,
        error_code: row.error_code,
        error: row.error,
        warnings: row.warnings,
        attempts: row.attempts,
        next_retry_at: row.next_retry_at,
    }
}

fn media_view(app: &App, caller: &Caller, row: &MediaRow) -> PostMediaView {
    let pixels = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    PostMediaView {
        id: row.id,
        filename: row.filename.clone(),
        kind: match row.kind.as_str() {
            "video" => "video",
            "document" => "document",
            _ => "image",
        },
        width: pixels(row.width),
        height: pixels(row.height),
        seconds: row.seconds,
        path: app.store.media_path(caller.organization_id, row.id, &row.filename, app.clock.now()),
    }
}
