//! Changing a draft or a scheduled post.

use domain::approval::Edited;
use domain::event::EventKind;
use domain::{
    AccountId, ApprovalState, CampaignId, EventId, MediaId, PlatformName, PostId, PostStatus, Span, Timestamp,
};
use serde_json::json;
use store::{NewEvent, NewPostRow, PostRow, PostUpdate, UpdateOutcome};

use super::content::{Body, check_content, check_timezone, find_targets, look_at_media, resolve_time};
use super::create::{check_size, destinations, write_platform_content};
use super::list::{find, get};
use super::{PlatformContent, PostView, approval};
use crate::{App, AppError, Caller, DuplicatePost, limits};

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PostPatch {
    /// Replaces the text.
    pub content: Option<String>,
    /// Replaces the targets.
    pub account_ids: Option<Vec<AccountId>>,
    /// Moves it, with every destination that has not gone out.
    pub scheduled_for: Option<Timestamp>,
    /// Display metadata.
    pub timezone: Option<String>,
    /// Replaces the whole media set.
    pub media_ids: Option<Vec<MediaId>>,
    /// Merged into what is there.
    pub platform_content: Option<PlatformContent>,
    /// Replaces the further parts.
    pub thread_posts: Option<Vec<String>>,
    /// Moves it into another campaign, or into none. A draft is in none anyway.
    pub campaign_id: Option<Option<CampaignId>>,
    /// Take it even where an account has the same already.
    pub allow_duplicate: bool,
    /// Let it wait until somebody approves it.
    pub request_approval: bool,
}

impl PostPatch {
    /// Whether something else goes out, or at another time, or elsewhere.
    fn changes_what_goes_out(&self) -> bool {
        self.content.is_some()
            || self.account_ids.is_some()
            || self.scheduled_for.is_some()
            || self.media_ids.is_some()
            || self.platform_content.is_some()
            || self.thread_posts.is_some()
    }
}

/// How often an edit is done again when the post changed between reading and writing it.
pub(super) const EDIT_ROUNDS: usize = 4;

/// A post as it shall be.
pub(super) struct Edit {
    pub(super) content: String,
    pub(super) account_ids: Vec<AccountId>,
    pub(super) due: Option<Timestamp>,
    pub(super) status: PostStatus,
    pub(super) timezone: String,
    pub(super) media_ids: Vec<MediaId>,
    pub(super) platform_content: PlatformContent,
    pub(super) thread_posts: Vec<String>,
    pub(super) campaign_id: Option<CampaignId>,
    pub(super) allow_duplicate: bool,
    pub(super) request_approval: bool,
}

impl Edit {
    /// Whether something else goes out than `row` says, or elsewhere.
    fn changes_content(&self, row: &PostRow) -> Result<bool, AppError> {
        Ok(self.content != row.content
            || self.account_ids != row.account_ids
            || self.media_ids != row.media_ids
            || self.thread_posts != row.thread_posts
            || self.platform_content != read_platform_content(row)?)
    }
}

/// Changes a draft or scheduled post.
///
/// # Errors
/// [`AppError::Conflict`] once it is going out or live, and every refusal of creating a post.
pub async fn update(app: &App, caller: &Caller, id: PostId, patch: PostPatch) -> Result<PostView, AppError> {
    crate::campaigns::check(app, caller, patch.campaign_id.flatten()).await?;
    for _ in 0..EDIT_ROUNDS {
        let row = find(app, caller, id).await?;
        if !matches!(row.status, PostStatus::Draft | PostStatus::Scheduled) {
            return Err(not_editable(row.status));
        }
        let now = app.clock.now();
        let edit = apply(&row, &patch, now)?;
        let due = edit.due;
        if let Some(view) = write_edit(app, caller, &row, edit, EventKind::PostUpdated, now).await? {
            if view.status != PostStatus::Draft {
                (app.wake)(due.unwrap_or(now));
            }
            return Ok(view);
        }
    }
    Err(changed_meanwhile())
}

fn apply(row: &PostRow, patch: &PostPatch, now: Timestamp) -> Result<Edit, AppError> {
    let draft = row.status == PostStatus::Draft;
    let due = match patch.scheduled_for {
        Some(time) => Some(resolve_time(Some(time), now)?),
        None => row.scheduled_for,
    };
    let status = match due {
        _ if draft => PostStatus::Draft,
        Some(due) if due > now => PostStatus::Scheduled,
        _ => PostStatus::Publishing,
    };
    let timezone = match &patch.timezone {
        Some(name) => check_timezone(Some(name))?,
        None => row.timezone.clone(),
    };
    let mut platform_content = read_platform_content(row)?;
    for (name, newer) in patch.platform_content.iter().flatten() {
        let item = platform_content.entry(PlatformName::from_text(name).as_str().to_owned()).or_default();
        if newer.content.is_some() {
            item.content.clone_from(&newer.content);
        }
        if newer.content_type.is_some() {
            item.content_type.clone_from(&newer.content_type);
        }
        item.settings.merge(&newer.settings);
    }
    Ok(Edit {
        content: patch.content.clone().unwrap_or_else(|| row.content.clone()),
        account_ids: patch.account_ids.clone().unwrap_or_else(|| row.account_ids.clone()),
        due,
        status,
        timezone,
        media_ids: patch.media_ids.clone().unwrap_or_else(|| row.media_ids.clone()),
        platform_content,
        thread_posts: patch.thread_posts.clone().unwrap_or_else(|| row.thread_posts.clone()),
        campaign_id: if draft { None } else { patch.campaign_id.unwrap_or(row.campaign_id) },
        // What was taken once stays taken.
        allow_duplicate: patch.allow_duplicate || !patch.changes_what_goes_out(),
        request_approval: patch.request_approval,
    })
}

/// Checks and writes an edit; `None` when the post changed since `row` was read.
pub(super) async fn write_edit(
    app: &App,
    caller: &Caller,
    row: &PostRow,
    edit: Edit,
    kind: EventKind,
    now: Timestamp,
) -> Result<Option<PostView>, AppError> {
    let draft = edit.status == PostStatus::Draft;
    if edit.account_ids.is_empty() && !draft {
        return Err(AppError::validation("account_ids", "account_ids must name at least one account."));
    }
    check_size(app, &edit.content)?;
    let timezone = check_timezone(Some(&edit.timezone))?;
    let content = Body {
        text: &edit.content,
        thread: &edit.thread_posts,
        media_ids: &edit.media_ids,
        platform_content: &edit.platform_content,
    };
    let mut targets = find_targets(app, caller, &edit.account_ids, &content).await?;
    if !draft {
        look_at_media(app, &mut targets).await;
        check_content(app, &targets, &content)?;
    }
    let due = edit.due.unwrap_or(now);
    let starts = row.status == PostStatus::Draft && !draft;
    let is_unasked = row.approval.state == ApprovalState::NotRequired;
    let edited = Edited {
        asks: edit.request_approval,
        changes_content: edit.changes_content(row)? || (starts && is_unasked),
        needs_approval: caller.must_ask() && !draft,
    };
    let (approval, is_asked) = approval::after(caller, &row.approval, edited, now);
    // What waits is not going out, even where its time has passed.
    let status = if approval.state.waits() && !draft { PostStatus::Scheduled } else { edit.status };
    let post = NewPostRow {
        id: row.id,
        workspace_id: caller.workspace_id,
        api_key_id: caller.api_key_id,
        status,
        scheduled_for: edit.due,
        timezone,
        account_ids: targets.accounts.iter().map(|account| account.id).collect(),
        platform_content: write_platform_content(&edit.platform_content),
        destinations: if draft {
            Vec::new()
        } else {
            destinations(app, &targets.accounts, &content, due, now)
        },
        content: edit.content,
        media_ids: edit.media_ids,
        thread_posts: edit.thread_posts,
        campaign_id: edit.campaign_id,
        approval,
        // The version must change even when two edits fall into one microsecond.
        now: now.max(row.updated_at + Span::from_micros(1)),
    };
    let event = NewEvent {
        id: EventId(app.entropy.uuid(now)),
        kind,
        payload: json!({
            "post_id": post.id,
            "status": post.status.as_str(),
            "scheduled_for": post.scheduled_for.map(Timestamp::to_iso_millis),
            "account_ids": post.account_ids,
        }),
    };
    let asked = is_asked.then(|| approval::requested_event(app, &post));
    let most_per_day = if starts { limits::of_caller(app, caller).posts_per_day } else { None };
    let update = PostUpdate {
        expected_updated_at: row.updated_at,
        post,
        events: std::iter::once(event).chain(asked).collect(),
        allow_duplicate: edit.allow_duplicate,
        most_per_day,
    };
    match app.store.update_post(caller.organization_id, update).await? {
        UpdateOutcome::Updated => Ok(Some(get(app, caller, row.id).await?)),
        UpdateOutcome::Stale => Ok(None),
        UpdateOutcome::NotFound => Err(AppError::NotFound("Post")),
        UpdateOutcome::Duplicate { post, account } => {
            Err(AppError::DuplicatePost(DuplicatePost { post, account }))
        }
        UpdateOutcome::DayFull => Err(limits::day_full(most_per_day.unwrap_or(0))),
        UpdateOutcome::TooLate => Err(not_editable(PostStatus::Publishing)),
    }
}

pub(super) fn read_platform_content(row: &PostRow) -> Result<PlatformContent, AppError> {
    serde_json::from_str(&row.platform_content).map_err(|error| AppError::Internal(Box::new(error)))
}

pub(super) fn changed_meanwhile() -> AppError {
    AppError::Conflict("The post is being changed by somebody else; try again.".to_owned())
}

fn not_editable(status: PostStatus) -> AppError {
    AppError::Conflict(format!(
        "Only draft and scheduled posts can be changed; this one is {}.",
        status.as_str()
    ))
}
