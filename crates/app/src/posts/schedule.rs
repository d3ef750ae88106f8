//! Publishing or scheduling a draft.

use domain::event::EventKind;
use domain::{AccountId, PostId, PostStatus, Span, Timestamp};

use super::PostView;
use super::list::find;
use super::update::{EDIT_ROUNDS, Edit, changed_meanwhile, read_platform_content, write_edit};
use crate::{App, AppError, Caller};

/// When a draft is to go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// At a time at least a minute ahead.
    At(Timestamp),
}

/// What to do with a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct SchedulePost {
    /// When.
    pub when: When,
    /// Replaces the draft's accounts; needed if it has none.
    pub account_ids: Option<Vec<AccountId>>,
    /// Display metadata.
    pub timezone: Option<String>,
    /// Take it even where the account has the same already.
    pub allow_duplicate: bool,
    /// Let it wait until somebody approves it.
    pub request_approval: bool,
}

/// How far ahead a draft's time must be.
const LEAD: Span = Span::from_seconds(60);

/// Turns a draft into a scheduled or publishing post.
///
/// # Errors
/// [`AppError::Conflict`] for anything but a draft, and every refusal of creating a post.
pub async fn schedule(
    app: &App,
    caller: &Caller,
    id: PostId,
    input: SchedulePost,
) -> Result<PostView, AppError> {
    for _ in 0..EDIT_ROUNDS {
        let row = find(app, caller, id).await?;
        if row.status != PostStatus::Draft {
            return Err(AppError::Conflict(format!(
                "Only a draft can be scheduled; this post is {}.",
                row.status.as_str()
            )));
        }
        let now = app.clock.now();
        let due = resolve_when(input.when, now)?;
        let status = if due > now { PostStatus::Scheduled } else { PostStatus::Publishing };
        let edit = Edit {
            content: row.content.clone(),
            account_ids: input.account_ids.clone().unwrap_or_else(|| row.account_ids.clone()),
            due: Some(due),
            status,
            timezone: input.timezone.clone().unwrap_or_else(|| row.timezone.clone()),
            media_ids: row.media_ids.clone(),
            platform_content: read_platform_content(&row)?,
            thread_posts: row.thread_posts.clone(),
            campaign_id: row.campaign_id,
            allow_duplicate: input.allow_duplicate,
            request_approval: input.request_approval,
        };
        if let Some(view) = write_edit(app, caller, &row, edit, EventKind::PostScheduled, now).await? {
            (app.wake)(due);
            return Ok(view);
        }
    }
    Err(changed_meanwhile())
}

fn resolve_when(when: When, now: Timestamp) -> Result<Timestamp, AppError> {
    match when {
        When::Now => Ok(now),
        When::At(time) if time <= now => Err(AppError::PastScheduleTime),
        When::At(time) if time < now + LEAD => {
            Err(AppError::validation("scheduled_for", "scheduled_for must be at least one minute ahead."))
        }
        When::At(time) => Ok(time),
    }
}
