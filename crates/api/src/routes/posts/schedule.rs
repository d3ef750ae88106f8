//! `POST /posts/{post_id}/schedule`

use app::posts::{SchedulePost, When};
use axum::extract::State;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::input::time;
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::routes::path::PostPath;
use crate::wire::{Post, ScheduledPost, ScheduledPostEnvelope};

/// When a draft is to go out: exactly one of `scheduled_for` and `publish_now`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct SchedulePostRequest {
    /// At least one minute ahead.
    #[schema(required = false, format = DateTime)]
    scheduled_for: Option<String>,
    /// At once.
    #[schema(required = false)]
    publish_now: Option<bool>,
    /// Replaces the draft's accounts; needed if it has none.
    #[schema(required = false, max_items = 500)]
    account_ids: Option<Vec<i64>>,
    /// IANA time zone for display.
    #[schema(required = false)]
    timezone: Option<String>,
    /// Take it even where an account gets the same within 24 hours, on a server that refuses that.
    #[schema(required = false)]
    allow_duplicate: Option<bool>,
    /// Let it wait until somebody with a key that may approve has approved it.
    #[schema(required = false)]
    request_approval: Option<bool>,
}

/// Publish or schedule a draft.
#[utoipa::path(post, path = "/posts/{post_id}/schedule", operation_id = "schedule_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The draft.")),
    request_body = SchedulePostRequest,
    responses((status = 200, body = ScheduledPostEnvelope), ChangeErrors))]
pub(crate) async fn schedule_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let input = read(&body.unwrap_or_else(|| json!({})))?;
    let publish_now = input.when == When::Now;
    let view = app::posts::schedule(&state.app, &scoped.caller, id, input).await?;
    let message = match (view.approval.state.waits(), publish_now) {
        (true, _) => "Draft waits for an approval",
        (false, true) => "Draft is being published",
        (false, false) => "Draft scheduled",
    };
    Reply::ok(&ScheduledPost {
        post: Post::new(&view, &state.settings.base_url),
        publish_now,
        message: message.to_owned(),
    })
}

fn read(body: &Value) -> Result<SchedulePost, ApiError> {
    let fields = Fields::of(body)?;
    fields.refuse_wrong_names()?;
    let when = match (time(&fields)?, fields.flag("publish_now")?.unwrap_or(false)) {
        (Some(time), false) => When::At(time),
        (None, true) => When::Now,
        (Some(_), true) | (None, false) => {
            let message = "Send exactly one of scheduled_for and publish_now: true.";
            return Err(ApiError::validation("scheduled_for", message));
        }
    };
    Ok(SchedulePost {
        when,
        account_ids: fields.account_ids()?,
        timezone: fields.text("timezone")?,
        allow_duplicate: fields.flag("allow_duplicate")?.unwrap_or(false),
        request_approval: fields.flag("request_approval")?.unwrap_or(false),
    })
}
