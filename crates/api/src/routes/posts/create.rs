//! `POST /posts`

use std::collections::BTreeMap;
use std::sync::Arc;

use app::AppError;
use app::idempotency::Keep;
use app::posts::{NewPost, PostView, Written};
use axum::extract::State;
use domain::{PostStatus, Timestamp};

use super::input::{CreatePostRequest, new_post};
use crate::auth::{Needs as _, Scoped, Write, payer};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::rate_limit::CountedPost;
use crate::wire::{CreatedPost, CreatedPostEnvelope, ErrorEnvelope, Post};
use crate::{ApiState, observe};

/// Create a post: now, for later, or as a draft.
///
/// The post is durable when the answer arrives; publishing goes on behind it. An account that
/// cannot post does not make the call fail: its destination fails at once.
#[utoipa::path(post, path = "/posts", operation_id = "create_post", tag = "posts",
    request_body = CreatePostRequest,
    responses(
        (status = 201, body = CreatedPostEnvelope),
        (status = 422, body = ErrorEnvelope, description = "The same failed for good too often, or the Idempotency-Key was used for another request."),
        WriteErrors))]
pub(crate) async fn create_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let new = new_post(&body)?;
    let counted = count(&state, &scoped, &new).await?;
    let made = make(&state, &scoped, new).await;
    if made.is_err() {
        give_back(&state, &scoped, counted);
    }
    made
}

async fn make(state: &ApiState, scoped: &Scoped<Write>, new: NewPost) -> Result<Reply, ApiError> {
    let planned = app::posts::plan(&state.app, &scoped.caller, new).await?;
    let view = planned.view.clone();
    let keep = scoped.claim.map(|claim| {
        let (view, base_url) = (view.clone(), state.settings.base_url.clone());
        let answer = Arc::new(move |written: &[Written]| {
            let slot = written.first().copied()?.ok()?;
            let reply = Reply::created(&created(&at_slot(&view, slot), &base_url)).ok()?;
            Some(reply.kept(Write::SCOPE.as_str()))
        });
        Keep { claim, answer }
    });
    let mut slot = None;
    for written in app::posts::write(&state.app, &scoped.caller, vec![planned], keep).await? {
        slot = written.map_err(AppError::from)?;
    }
    observe::note_post(view.id);
    let reply = Reply::created(&created(&at_slot(&view, slot), &state.settings.base_url))?;
    Ok(scoped.kept(reply))
}

/// The post as it was written: with the slot that it took, if it did.
pub(super) fn at_slot(view: &PostView, slot: Option<Timestamp>) -> PostView {
    match slot {
        Some(at) => view.clone().due_at(at),
        None => view.clone(),
    }
}

/// Counts a post against the caller's limits, or refuses it. Drafts are not counted.
pub(super) async fn count(
    state: &ApiState,
    scoped: &Scoped<Write>,
    new: &NewPost,
) -> Result<Option<CountedPost>, ApiError> {
    if new.draft {
        return Ok(None);
    }
    let now = state.app.clock.now();
    let is_for_later = new.scheduled_for.is_some_and(|time| time > now) || new.use_queue;
    let taken = state.limiter.take_post(payer(&scoped.caller), is_for_later, now).await?;
    taken.map(Some).map_err(|limited| ApiError::rate_limited(limited.what, limited.seconds))
}

/// Takes back what was counted for a post that was not made.
pub(super) fn give_back(state: &ApiState, scoped: &Scoped<Write>, counted: Option<CountedPost>) {
    if let Some(counted) = counted {
        state.limiter.give_post_back(payer(&scoped.caller), counted, state.app.clock.now());
    }
}

pub(super) fn created(view: &PostView, base_url: &str) -> CreatedPost {
    let id = view.id;
    let count = view.account_ids.len();
    let accounts = if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") };
    let draft = view.status == PostStatus::Draft;
    let waits = view.approval.state.waits();
    let message = match view.status {
        PostStatus::Draft => "Draft saved".to_owned(),
        PostStatus::Scheduled if waits => format!("Post for {accounts} waits for an approval"),
        PostStatus::Scheduled => format!("Post scheduled for {accounts}"),
        PostStatus::Publishing | PostStatus::Published | PostStatus::PartiallyFailed | PostStatus::Failed => {
            format!("Post is being published to {accounts}")
        }
    };
    let next_step = if draft {
        format!("Call POST /v1/posts/{id}/schedule to publish or schedule it.")
    } else if waits {
        format!("Somebody with a key that may approve calls POST /v1/posts/{id}/approve.")
    } else {
        format!("Read GET /v1/posts/{id}/results for the outcome.")
    };
    let steps = || {
        BTreeMap::from([
            ("review", format!("GET /v1/posts/{id}")),
            ("edit", format!("PATCH /v1/posts/{id}")),
            ("schedule", format!("POST /v1/posts/{id}/schedule with scheduled_for or publish_now")),
        ])
    };
    CreatedPost {
        post: Post::new(view, base_url),
        post_group_id: id.0,
        accounts_count: count,
        message,
        next_step,
        next_steps: draft.then(steps),
    }
}
