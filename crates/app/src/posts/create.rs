//! Creating a post.

use std::collections::BTreeMap;

use domain::event::EventKind;
use domain::{
    AccountId, CampaignId, DestinationId, EventId, MediaId, PostId, PostStatus, Settings, Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{AccountRow, NewDestination, NewEvent, NewPostRow};

use super::PostView;
use super::content::{
    Body, Targets, check_content, check_timezone, find_targets, look_at_videos, resolve_time,
};
use super::view::view_of_new;
use crate::{App, AppError, Caller};

/// Per-platform content, by platform name (`twitter` is `x`).
pub type PlatformContent = BTreeMap<String, PlatformContentItem>;

/// What a post is like on one platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlatformContentItem {
    /// Replaces the text there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// `Post`, `Reels`, `Story` …
    #[serde(default, rename = "contentType", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The platform's settings.
    #[serde(default, skip_serializing_if = "settings_are_empty")]
    pub settings: Settings,
}

fn settings_are_empty(settings: &Settings) -> bool {
    settings.0.is_empty()
}

/// A post to be made. Types are checked; meaning is not yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewPost {
    /// The text.
    pub content: String,
    /// The targets.
    pub account_ids: Vec<AccountId>,
    /// When it goes out; `None` for now.
    pub scheduled_for: Option<Timestamp>,
    /// Display metadata; `None` for UTC.
    pub timezone: Option<String>,
    /// The media, in order.
    pub media_ids: Vec<MediaId>,
    /// Per-platform content.
    pub platform_content: PlatformContent,
    /// Parts 2..n of a thread.
    pub thread_posts: Vec<String>,
    /// The campaign.
    pub campaign_id: Option<CampaignId>,
    /// Save without publishing.
    pub draft: bool,
    /// Take the next free slot of the posting queue.
    pub use_queue: bool,
}

/// Creates a post: durable when this returns.
///
/// # Errors
/// Every refusal that the contract documents for `POST /posts`.
pub async fn create(app: &App, caller: &Caller, new: NewPost) -> Result<PostView, AppError> {
    let now = app.clock.now();
    let Prepared { timezone, due, mut targets } = prepare(app, caller, &new, now).await?;
    if !new.draft {
        look_at_videos(app, &mut targets).await;
        check_content(app, &targets, &Body::of(&new))?;
    }
    let status = if new.draft {
        PostStatus::Draft
    } else if due > now {
        PostStatus::Scheduled
    } else {
        PostStatus::Publishing
    };
    let destinations = if new.draft { Vec::new() } else { destinations(app, &targets.accounts, due, now) };
    let row = NewPostRow {
        id: PostId(app.entropy.uuid(now)),
        workspace_id: caller.workspace_id,
        api_key_id: caller.api_key_id,
        status,
        scheduled_for: if new.draft { new.scheduled_for } else { Some(due) },
        timezone,
        account_ids: targets.accounts.iter().map(|account| account.id).collect(),
        platform_content: write_platform_content(&new.platform_content),
        content: new.content,
        media_ids: new.media_ids,
        thread_posts: new.thread_posts,
        // A draft is in no campaign.
        campaign_id: if new.draft { None } else { new.campaign_id },
        destinations,
        now,
    };
    let event = (status == PostStatus::Scheduled).then(|| scheduled_event(app, &row));
    let view = view_of_new(app, caller, &row, &targets, new.platform_content);
    app.store.create_post(caller.organization_id, row, event).await?;
    if !new.draft {
        (app.wake)(due);
    }
    Ok(view)
}

/// What a post needs that is about to be made.
pub(super) struct Prepared {
    pub(super) timezone: String,
    pub(super) due: Timestamp,
    pub(super) targets: Targets,
}

/// The checks that do not depend on platforms.
pub(super) async fn prepare(
    app: &App,
    caller: &Caller,
    new: &NewPost,
    now: Timestamp,
) -> Result<Prepared, AppError> {
    let timezone = check_timezone(new.timezone.as_deref())?;
    let due = resolve_time(new.scheduled_for, now)?;
    check_size(app, &new.content)?;
    if new.use_queue {
        return Err(AppError::validation("use_queue", "This workspace has no posting queue set up."));
    }
    crate::campaigns::check(app, caller, new.campaign_id).await?;
    if new.account_ids.is_empty() && !new.draft {
        return Err(AppError::validation("account_ids", "account_ids must name at least one account."));
    }
    let targets = find_targets(app, caller, &new.account_ids, &Body::of(new)).await?;
    Ok(Prepared { timezone, due, targets })
}

/// The most characters that any platform takes.
pub(super) fn check_size(app: &App, content: &str) -> Result<(), AppError> {
    let limits = app.registry.entries().iter().map(|entry| entry.spec.rules.text.limit);
    let limit = usize::try_from(limits.max().unwrap_or(0)).unwrap_or(usize::MAX);
    // Bytes are never fewer than characters, so most texts need no counting.
    if content.len() <= limit {
        return Ok(());
    }
    match content.chars().count() {
        length if length > limit => Err(AppError::ContentTooLong { length, limit }),
        _ => Ok(()),
    }
}

pub(super) fn destinations(
    app: &App,
    accounts: &[AccountRow],
    due: Timestamp,
    now: Timestamp,
) -> Vec<NewDestination> {
    accounts
        .iter()
        .map(|account| NewDestination {
            id: DestinationId(app.entropy.uuid(now)),
            account_id: account.id,
            platform: account.platform.clone(),
            scheduled_for: due,
        })
        .collect()
}

pub(super) fn scheduled_event(app: &App, row: &NewPostRow) -> NewEvent {
    NewEvent {
        id: EventId(app.entropy.uuid(row.now)),
        kind: EventKind::PostScheduled,
        payload: json!({
            "post_id": row.id,
            "status": row.status.as_str(),
            "scheduled_for": row.scheduled_for.map(Timestamp::to_iso_millis),
            "account_ids": row.account_ids,
        }),
    }
}

pub(super) fn write_platform_content(content: &PlatformContent) -> String {
    // Keys are texts and values come from JSON, so this cannot fail.
    serde_json::to_string(content).unwrap_or_else(|_| "{}".to_owned())
}
