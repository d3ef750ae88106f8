//! Creating a post.

use std::collections::BTreeMap;

use domain::approval::Edited;
use domain::event::EventKind;
use domain::{
    AccountId, Approval, CampaignId, DestinationId, EventId, MediaId, PostId, PostStatus, Settings, Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{AccountRow, CreateOutcome, NewDestination, NewEvent, NewPostRow, PostCreation, Tripped};

use super::content::{
    Body, Targets, check_content, check_timezone, find_targets, look_at_media, resolve_time,
};
use super::duplicates::fingerprint;
use super::view::view_of_new;
use super::{PostView, approval, queued};
use crate::idempotency::Keep;
use crate::{App, AppError, Caller, DuplicatePost, limits};

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
#[expect(clippy::struct_excessive_bools, reason = "members of the body, each independent of the others")]
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
    /// Take it even where the account has the same already.
    pub allow_duplicate: bool,
    /// Let it wait until somebody approves it.
    pub request_approval: bool,
    /// The id that it shall have, where that was made from what it is: such a post is made once, however
    /// often it is asked for.
    pub once_as: Option<PostId>,
}

/// A post that was checked and is about to be written.
#[derive(Clone, Debug)]
pub struct PlannedPost {
    row: NewPostRow,
    events: Vec<NewEvent>,
    due: Timestamp,
    allow_duplicate: bool,
    takes_slot: bool,
    most_per_day: Option<i64>,
    once: bool,
    /// The post as its caller will see it. What takes a slot has its time only once it is written.
    pub view: PostView,
}

/// Checks a post. Nothing is written.
///
/// # Errors
/// Every refusal that the contract documents for `POST /posts`.
pub async fn plan(app: &App, caller: &Caller, new: NewPost) -> Result<PlannedPost, AppError> {
    let now = app.clock.now();
    let Prepared { timezone, due, mut targets } = prepare(app, caller, &new, now).await?;
    if !new.draft {
        look_at_media(app, &mut targets).await;
        check_content(app, &targets, &Body::of(&new))?;
    }
    let edited = Edited {
        asks: new.request_approval,
        changes_content: true,
        needs_approval: caller.must_ask() && !new.draft,
    };
    let (approval, is_asked) = approval::after(caller, &Approval::default(), edited, now);
    let waits = approval.state.waits();
    let is_for_later = due > now || new.use_queue;
    let status = if new.draft {
        PostStatus::Draft
    } else if is_for_later || waits {
        PostStatus::Scheduled
    } else {
        PostStatus::Publishing
    };
    let destinations =
        if new.draft { Vec::new() } else { destinations(app, &targets.accounts, &Body::of(&new), due, now) };
    let (allow_duplicate, once) = (new.allow_duplicate, new.once_as.is_some());
    let row = NewPostRow {
        id: new.once_as.unwrap_or_else(|| PostId(app.entropy.uuid(now))),
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
        approval,
        destinations,
        now,
    };
    let scheduled = (!new.draft && is_for_later).then(|| scheduled_event(app, &row));
    let asked = is_asked.then(|| approval::requested_event(app, &row));
    let events = scheduled.into_iter().chain(asked).collect();
    let names = approval::names(app, std::iter::once(&row.approval)).await?;
    let shown = approval::view(row.approval.clone(), &names);
    let view = view_of_new(app, caller, &row, &targets, new.platform_content, shown);
    let most_per_day = if new.draft { None } else { limits::of_caller(app, caller).posts_per_day };
    Ok(PlannedPost { row, events, due, allow_duplicate, takes_slot: new.use_queue, most_per_day, once, view })
}

/// What became of a planned post: the slot that it took, if it asked for one, or why it is not there.
pub type Written = Result<Option<Timestamp>, NotWritten>;

/// Why a planned post was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// It was made before.
    There {
        /// Whether it was deleted since.
        deleted: bool,
    },
    /// The same has failed too often.
    KeepsFailing(Tripped),
    /// An account has the same already.
    Duplicate(DuplicatePost),
    /// It asked for a slot, and there is no queue.
    NoQueue,
    /// It asked for a slot, and all are taken.
    QueueFull,
    /// The organization may make so many posts a day, and has.
    DayFull(i64),
}

impl From<NotWritten> for AppError {
    fn from(why: NotWritten) -> Self {
        match why {
            NotWritten::There { deleted: false } => Self::Conflict("This post was made before.".to_owned()),
            NotWritten::There { deleted: true } => {
                Self::Conflict("This post was made before, and deleted since.".to_owned())
            }
            NotWritten::KeepsFailing(tripped) => Self::KeepsFailing(tripped),
            NotWritten::Duplicate(duplicate) => Self::DuplicatePost(duplicate),
            NotWritten::NoQueue => queued::no_queue(),
            NotWritten::QueueFull => queued::full(),
            NotWritten::DayFull(most) => limits::day_full(most),
        }
    }
}

/// Writes planned posts in one transaction, and `keep`'s answer with them: durable when this returns.
/// Says of each what became of it.
///
/// # Errors
/// [`AppError::KeyInUse`] when another request took the key over; then nothing was written.
pub async fn write(
    app: &App,
    caller: &Caller,
    planned: Vec<PlannedPost>,
    keep: Option<Keep<[Written]>>,
) -> Result<Vec<Written>, AppError> {
    let timed = planned.iter().filter(|one| one.view.status != PostStatus::Draft && !one.takes_slot);
    let due = timed.map(|one| one.due).min();
    let creation = |one: PlannedPost| PostCreation {
        post: one.row,
        events: one.events,
        allow_duplicate: one.allow_duplicate,
        takes_slot: one.takes_slot,
        most_per_day: one.most_per_day,
        once: one.once,
    };
    // The same for all posts of an organization.
    let most = planned.iter().find_map(|one| one.most_per_day).unwrap_or(0);
    let posts = planned.into_iter().map(creation).collect();
    let keep = keep.map(|keep| {
        keep.told(app, move |outcomes: &[CreateOutcome], answer| {
            let written: Vec<Written> = outcomes.iter().map(|outcome| written(*outcome, most)).collect();
            answer(&written)
        })
    });
    let outcomes = app.store.create_posts(caller.organization_id, posts, keep).await?;
    let outcomes = outcomes.ok_or(AppError::KeyInUse)?;
    let slots = outcomes.iter().filter_map(|outcome| match outcome {
        CreateOutcome::Queued(at) => Some(*at),
        _ => None,
    });
    if let Some(due) = slots.chain(due).min() {
        (app.wake)(due);
    }
    Ok(outcomes.into_iter().map(|outcome| written(outcome, most)).collect())
}

fn written(outcome: CreateOutcome, most_per_day: i64) -> Written {
    match outcome {
        CreateOutcome::Created => Ok(None),
        CreateOutcome::Queued(at) => Ok(Some(at)),
        CreateOutcome::There { deleted } => Err(NotWritten::There { deleted }),
        CreateOutcome::NoQueue => Err(NotWritten::NoQueue),
        CreateOutcome::QueueFull => Err(NotWritten::QueueFull),
        CreateOutcome::DayFull => Err(NotWritten::DayFull(most_per_day)),
        CreateOutcome::Tripped(tripped) => Err(NotWritten::KeepsFailing(tripped)),
        CreateOutcome::Duplicate { post, account } => {
            Err(NotWritten::Duplicate(DuplicatePost { post, account }))
        }
    }
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
    queued::check(app, caller, new).await?;
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
    content: &Body<'_>,
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
            fingerprint: fingerprint(app, account, content),
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
