//! Asking for an approval, giving it, and wanting changes. A post that waits does not go out, whatever its
//! time.

use std::collections::HashMap;

use domain::approval::Edited;
use domain::event::EventKind;
use domain::{
    ApiKeyId, Approval, ApprovalState, ApprovalStep, EventId, PostId, PostStatus, Span, Timestamp, UserId,
};
use serde_json::json;
use store::{ApprovalChange, ApprovalOutcome, NewEvent, NewPostRow, PostRow};

use super::PostView;
use super::list::{find, get};
use super::update::{EDIT_ROUNDS, changed_meanwhile};
use crate::{App, AppError, Caller, DuplicatePost};

/// The approval of a post, as a caller sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalView {
    /// Where it stands.
    pub state: ApprovalState,
    /// The last step; `None` where nobody was asked.
    pub step: Option<StepView>,
}

/// The last step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// Who took it.
    pub user_id: UserId,
    /// Their name; `None` if they are gone.
    pub user_name: Option<String>,
    /// By which key.
    pub api_key_id: ApiKeyId,
    /// When.
    pub at: Timestamp,
    /// What they said.
    pub note: Option<String>,
}

/// A yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovePost {
    /// What is said with it.
    pub note: Option<String>,
    /// Take it even where an account has the same by now.
    pub allow_duplicate: bool,
    /// When the post had last changed as it was looked at; whichever state it is in when `None`.
    pub seen: Option<Timestamp>,
}

/// A step that somebody takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Request,
    Approve,
    RequestChanges,
}

impl Step {
    fn leads_to(self) -> ApprovalState {
        match self {
            Self::Request => ApprovalState::Requested,
            Self::Approve => ApprovalState::Approved,
            Self::RequestChanges => ApprovalState::ChangesRequested,
        }
    }

    fn event(self) -> EventKind {
        match self {
            Self::Request => EventKind::PostApprovalRequested,
            Self::Approve => EventKind::PostApproved,
            Self::RequestChanges => EventKind::PostChangesRequested,
        }
    }

    /// Refuses a step that a post which stands so cannot take.
    fn check(self, row: &PostRow) -> Result<(), AppError> {
        if !matches!(row.status, PostStatus::Draft | PostStatus::Scheduled) {
            return Err(begun(row.status));
        }
        match (self, row.approval.state) {
            (Self::Approve | Self::RequestChanges, ApprovalState::NotRequired) => {
                Err(AppError::Conflict("Nobody asked for an approval of this post.".to_owned()))
            }
            (Self::Approve, ApprovalState::Approved) => {
                Err(AppError::Conflict("This post is approved already.".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Asks for an approval: the post waits from now on.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Conflict`] once it has begun to go out.
pub async fn request_approval(
    app: &App,
    caller: &Caller,
    id: PostId,
    note: Option<String>,
) -> Result<PostView, AppError> {
    take(app, caller, id, Step::Request, ApprovePost { note, ..ApprovePost::default() }).await
}

/// Approves a post that waits. It goes out at its time, or at once if that has passed.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] for a post that does not wait, or that changed since it was
/// looked at;
/// [`AppError::DuplicatePost`] where an account got the same while the post waited beyond its time.
pub async fn approve(
    app: &App,
    caller: &Caller,
    id: PostId,
    input: ApprovePost,
) -> Result<PostView, AppError> {
    take(app, caller, id, Step::Approve, input).await
}

/// Sends a post back to its author. One that was approved waits again.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] where nobody asked, or once it has begun to go out.
pub async fn request_changes(
    app: &App,
    caller: &Caller,
    id: PostId,
    note: String,
) -> Result<PostView, AppError> {
    let input = ApprovePost { note: Some(note), ..ApprovePost::default() };
    take(app, caller, id, Step::RequestChanges, input).await
}

async fn take(
    app: &App,
    caller: &Caller,
    id: PostId,
    step: Step,
    input: ApprovePost,
) -> Result<PostView, AppError> {
    for _ in 0..EDIT_ROUNDS {
        let row = find(app, caller, id).await?;
        step.check(&row)?;
        // Callers are shown milliseconds.
        if input.seen.is_some_and(|seen| seen.as_millis() != row.updated_at.as_millis()) {
            return Err(AppError::Conflict(
                "The post was changed after you looked at it; look again before you approve it.".to_owned(),
            ));
        }
        let now = app.clock.now();
        let overdue = step == Step::Approve
            && row.status == PostStatus::Scheduled
            && row.scheduled_for.is_none_or(|due| due <= now);
        let approval =
            Approval { state: step.leads_to(), step: Some(step_of(caller, now, input.note.clone())) };
        let status = if overdue { PostStatus::Publishing } else { row.status };
        // From its approval on it is a post that goes out now: it is neither late nor given up.
        let moves_to = overdue.then_some(now);
        let scheduled_for = moves_to.or(row.scheduled_for);
        let event = event(app, step.event(), &row, status, scheduled_for, &approval, now);
        let change = ApprovalChange {
            post: id,
            workspace: caller.workspace_id,
            expected_updated_at: row.updated_at,
            approval,
            status,
            moves_to,
            allow_duplicate: input.allow_duplicate,
            event,
            now: now.max(row.updated_at + Span::from_micros(1)),
        };
        match app.store.change_approval(caller.organization_id, change).await? {
            ApprovalOutcome::Taken => {
                if step == Step::Approve && status != PostStatus::Draft {
                    (app.wake)(scheduled_for.unwrap_or(now));
                }
                return get(app, caller, id).await;
            }
            ApprovalOutcome::Stale => {}
            ApprovalOutcome::NotFound => return Err(AppError::NotFound("Post")),
            ApprovalOutcome::TooLate => return Err(begun(PostStatus::Publishing)),
            ApprovalOutcome::Duplicate { post, account } => {
                return Err(AppError::DuplicatePost(DuplicatePost { post, account }));
            }
        }
    }
    Err(changed_meanwhile())
}

fn begun(status: PostStatus) -> AppError {
    AppError::Conflict(format!(
        "Only draft and scheduled posts can be approved or sent back; this one is {}.",
        status.as_str()
    ))
}

fn step_of(caller: &Caller, at: Timestamp, note: Option<String>) -> ApprovalStep {
    ApprovalStep { api_key_id: caller.api_key_id, user_id: caller.user_id, at, note }
}

/// The approval of a post after its caller made or edited it, and whether somebody is asked by that.
pub(super) fn after(caller: &Caller, before: &Approval, edited: Edited, now: Timestamp) -> (Approval, bool) {
    let state = before.state.after(edited);
    let is_asked = edited.asks || state != before.state;
    if !is_asked {
        return (before.clone(), false);
    }
    (Approval { state, step: Some(step_of(caller, now, None)) }, true)
}

/// What is told where a post that is made or edited asks for its approval.
pub(super) fn requested_event(app: &App, post: &NewPostRow) -> NewEvent {
    NewEvent {
        id: EventId(app.entropy.uuid(post.now)),
        kind: EventKind::PostApprovalRequested,
        payload: payload(post.id, post.status, post.scheduled_for, &post.account_ids, &post.approval),
    }
}

fn event(
    app: &App,
    kind: EventKind,
    row: &PostRow,
    status: PostStatus,
    scheduled_for: Option<Timestamp>,
    approval: &Approval,
    now: Timestamp,
) -> NewEvent {
    let id = EventId(app.entropy.uuid(now));
    NewEvent { id, kind, payload: payload(row.id, status, scheduled_for, &row.account_ids, approval) }
}

fn payload(
    post: PostId,
    status: PostStatus,
    scheduled_for: Option<Timestamp>,
    account_ids: &[domain::AccountId],
    approval: &Approval,
) -> serde_json::Value {
    let step = approval.step.as_ref();
    json!({
        "post_id": post,
        "status": status.as_str(),
        "scheduled_for": scheduled_for.map(Timestamp::to_iso_millis),
        "account_ids": account_ids,
        "approval": {
            "state": approval.state.as_str(),
            "user_id": step.map(|step| step.user_id),
            "note": step.and_then(|step| step.note.as_deref()),
        },
    })
}

/// The names of those who took the last steps.
pub(super) async fn names<'a>(
    app: &App,
    approvals: impl Iterator<Item = &'a Approval>,
) -> Result<HashMap<UserId, String>, AppError> {
    let mut users: Vec<UserId> =
        approvals.filter_map(|approval| Some(approval.step.as_ref()?.user_id)).collect();
    users.sort_unstable();
    users.dedup();
    Ok(app.store.find_user_names(&users).await?)
}

pub(super) fn view(approval: Approval, names: &HashMap<UserId, String>) -> ApprovalView {
    let step = |step: ApprovalStep| StepView {
        user_name: names.get(&step.user_id).cloned(),
        user_id: step.user_id,
        api_key_id: step.api_key_id,
        at: step.at,
        note: step.note,
    };
    ApprovalView { state: approval.state, step: approval.step.map(step) }
}
