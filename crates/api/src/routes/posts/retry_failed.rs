//! `POST /posts/retry-failed`

use app::posts::{Range, RetryFailed};
use axum::extract::State;
use domain::{PlatformName, PostId};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::{Fields, text};
use crate::openapi::WriteErrors;
use crate::wire::{RequeuedDestination, RetriedPosts, RetriedPostsEnvelope};

const MOST_POSTS: usize = 200;
const MOST_ATTEMPTS: u64 = 10;

/// Which failed destinations; at least one member beside `max_attempts`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct RetryFailedRequest {
    /// Of these posts.
    #[schema(required = false, min_items = 1, max_items = 200)]
    post_ids: Option<Vec<Uuid>>,
    /// On this account.
    #[schema(required = false)]
    account_id: Option<i64>,
    /// On this platform.
    #[schema(required = false)]
    platform: Option<String>,
    /// Failed at or after.
    #[schema(required = false, format = DateTime)]
    failed_after: Option<String>,
    /// Failed at or before.
    #[schema(required = false, format = DateTime)]
    failed_before: Option<String>,
    /// Leaves out destinations with as many attempts or more.
    #[schema(required = false, minimum = 1, maximum = 10)]
    max_attempts: Option<i64>,
}

/// Queue failed destinations of many posts again.
///
/// Every failed destination that matches goes out again. One whose outcome is unknown may be live, so it
/// is left alone unless `post_ids` names its post.
#[utoipa::path(post, path = "/posts/retry-failed", operation_id = "retry_failed_posts", tag = "posts",
    request_body = RetryFailedRequest,
    responses((status = 200, body = RetriedPostsEnvelope), WriteErrors))]
pub(crate) async fn retry_failed_posts(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let input = read(&body.unwrap_or_else(|| json!({})))?;
    let requeued = app::posts::retry_failed(&state.app, &scoped.caller, input).await?;
    let count = requeued.len();
    Reply::ok(&RetriedPosts {
        retried_count: count,
        destinations: requeued.iter().map(RequeuedDestination::from).collect(),
        message: match count {
            0 => "Nothing that matches had failed.".to_owned(),
            1 => "1 destination was queued again.".to_owned(),
            more => format!("{more} destinations were queued again."),
        },
    })
}

fn read(body: &Value) -> Result<RetryFailed, ApiError> {
    let fields = Fields::of(body)?;
    let max_attempts = fields.whole("max_attempts")?;
    if max_attempts.is_some_and(|number| !(1..=MOST_ATTEMPTS).contains(&number)) {
        let message = format!("max_attempts must be between 1 and {MOST_ATTEMPTS}.");
        return Err(ApiError::validation("max_attempts", message));
    }
    Ok(RetryFailed {
        post_ids: post_ids(&fields)?,
        account_id: fields.account_id()?,
        platform: fields.text("platform")?.map(|name| PlatformName::from_text(&name)),
        failed: Range { after: fields.time("failed_after")?, before: fields.time("failed_before")? },
        max_attempts: max_attempts.and_then(|number| u32::try_from(number).ok()),
    })
}

fn post_ids(fields: &Fields<'_>) -> Result<Vec<PostId>, ApiError> {
    if fields.has_none_of(&["post_ids"]) {
        return Ok(Vec::new());
    }
    let entries = fields.entries("post_ids")?;
    if entries.is_empty() || entries.len() > MOST_POSTS {
        let message = format!("post_ids must hold between 1 and {MOST_POSTS} ids.");
        return Err(ApiError::validation("post_ids", message));
    }
    let id = |(at, entry): (usize, &Value)| {
        let path = format!("post_ids[{at}]");
        let given = text(entry, &path)?;
        let refused = || ApiError::validation(&path, format!("{path} must be a post id (a UUID)."));
        Uuid::parse_str(&given).map(PostId).map_err(|_| refused())
    };
    entries.iter().enumerate().map(id).collect()
}
