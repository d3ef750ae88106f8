//! `POST /posts`

use std::collections::BTreeMap;

use app::posts::PostView;
use axum::extract::State;
use domain::PostStatus;

use super::input::{CreatePostRequest, new_post};
use crate::auth::{Scoped, Write, payer};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::wire::{CreatedPost, CreatedPostEnvelope, Post};
use crate::{ApiState, observe};

/// Create a post: now, for later, or as a draft.
///
/// The post is durable when the answer arrives; publishing goes on behind it. An account that
/// cannot post does not make the call fail: its destination fails at once.
#[utoipa::path(post, path = "/posts", operation_id = "create_post", tag = "posts",
    request_body = CreatePostRequest,
    responses((status = 201, body = CreatedPostEnvelope), WriteErrors))]
pub(crate) async fn create_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let new = new_post(&body)?;
    let now = state.app.clock.now();
    let payer = payer(&scoped.caller);
    let is_for_later = new.scheduled_for.is_some_and(|time| time > now) || new.use_queue;
    let mut counted = None;
    if !new.draft {
        let taken = state.limiter.take_post(payer, is_for_later, now).await?;
        counted = Some(taken.map_err(|limited| ApiError::rate_limited(limited.what, limited.seconds))?);
    }
    match app::posts::create(&state.app, &scoped.caller, new).await {
        Ok(view) => {
            observe::note_post(view.id);
            Reply::created(&created(&view, &state.settings.base_url))
        }
        Err(error) => {
            if let Some(counted) = counted {
                state.limiter.give_post_back(payer, counted, now);
            }
            Err(error.into())
        }
    }
}

fn created(view: &PostView, base_url: &str) -> CreatedPost {
    let id = view.id;
    let count = view.account_ids.len();
    let accounts = if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") };
    let draft = view.status == PostStatus::Draft;
    let message = match view.status {
        PostStatus::Draft => "Draft saved".to_owned(),
        PostStatus::Scheduled => format!("Post scheduled for {accounts}"),
        PostStatus::Publishing | PostStatus::Published | PostStatus::PartiallyFailed | PostStatus::Failed => {
            format!("Post is being published to {accounts}")
        }
    };
    let next_step = if draft {
        format!("Call POST /v1/posts/{id}/schedule to publish or schedule it.")
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
