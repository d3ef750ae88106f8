//! `POST /posts/bulk`

use std::sync::Arc;

use app::AppError;
use app::idempotency::Keep;
use app::posts::{NewPost, PlannedPost, PostView, Written};
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;

use super::create::{at_slot, count, created, give_back};
use super::input::{CreatePostRequest, new_post};
use crate::ApiState;
use crate::auth::{Needs as _, Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::WriteErrors;
use crate::rate_limit::CountedPost;
use crate::wire::{BulkCreated, BulkCreatedEnvelope, BulkRefused, BulkResult};

/// How many posts one call may hold.
const MOST: usize = 50;

/// Posts to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct BulkCreateRequest {
    /// Bodies of `POST /posts`.
    #[schema(required, min_items = 1, max_items = 50)]
    posts: Vec<CreatePostRequest>,
}

/// What has become of an entry so far.
#[derive(Clone)]
enum Entry {
    Refused(ApiError),
    /// The post as it is if it is written.
    Planned(Box<PostView>),
}

/// Create up to 50 posts in one call.
///
/// Each entry is checked on its own; those that are good are made together, and are durable when the
/// answer arrives. 201 when all were made, 207 when some were, 422 when none was; `results` has one
/// entry for each post in the order in which they were sent. The call counts as one request, each post
/// as a post.
#[utoipa::path(post, path = "/posts/bulk", operation_id = "bulk_create_posts", tag = "posts",
    request_body = BulkCreateRequest,
    responses(
        (status = 201, body = BulkCreatedEnvelope, description = "All were made."),
        (status = 207, body = BulkCreatedEnvelope, description = "Some were made."),
        (status = 422, body = BulkRefused, description = "None was made, or the Idempotency-Key was used for another request."),
        WriteErrors))]
pub(crate) async fn bulk_create_posts(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let posts = read(&body)?.iter().enumerate();
    let wanted = posts.map(|(at, post)| Wanted { new: parse(post, at), notes: Vec::new() }).collect();
    create_all(&state, &scoped, wanted).await
}

/// An entry of a call: the post, or why there is none, and what has to be said of it.
pub(super) struct Wanted {
    pub(super) new: Result<NewPost, ApiError>,
    pub(super) notes: Vec<String>,
}

/// Makes the posts that are good, in one transaction, and tells of each what became of it.
pub(super) async fn create_all(
    state: &ApiState,
    scoped: &Scoped<Write>,
    wanted: Vec<Wanted>,
) -> Result<Reply, ApiError> {
    let base_url = &state.settings.base_url;
    let mut entries = Vec::with_capacity(wanted.len());
    let (mut planned, mut counts) = (Vec::new(), Vec::new());
    for Wanted { new, notes } in wanted {
        let checked = match new {
            Ok(new) => check(state, scoped, new).await,
            Err(error) => Err(error),
        };
        match checked {
            Ok((plan, counted)) => {
                entries.push((Entry::Planned(Box::new(plan.view.clone())), notes));
                planned.push(plan);
                counts.push(counted);
            }
            // A fault of this server is not the entry's.
            Err(error) if error.status.is_server_error() => {
                give_all_back(state, scoped, counts);
                return Err(error);
            }
            Err(error) => entries.push((Entry::Refused(error), notes)),
        }
    }
    let entries = Arc::new(entries);
    if planned.is_empty() {
        return answer(&entries, &[], base_url);
    }
    let written = match app::posts::write(
        &state.app,
        &scoped.caller,
        planned,
        keep(scoped, &entries, base_url),
    )
    .await
    {
        Ok(written) => written,
        Err(error) => {
            give_all_back(state, scoped, counts);
            return Err(error.into());
        }
    };
    for (counted, _) in counts.into_iter().zip(&written).filter(|(_, written)| written.is_err()) {
        give_back(state, scoped, counted);
    }
    let reply = answer(&entries, &written, base_url)?;
    let is_kept = scoped.claim.is_some() && written.iter().any(Result::is_ok);
    Ok(if is_kept { reply.was_kept() } else { reply })
}

/// Takes back what was counted for posts that were not made.
pub(super) fn give_all_back(state: &ApiState, scoped: &Scoped<Write>, counts: Vec<Option<CountedPost>>) {
    for counted in counts {
        give_back(state, scoped, counted);
    }
}

fn read(body: &Value) -> Result<&Vec<Value>, ApiError> {
    let posts = Fields::of(body)?.entries("posts")?;
    match posts.len() {
        0 => Err(ApiError::validation("posts", "posts must hold at least one post.")),
        sent if sent > MOST => Err(ApiError::bulk_limit(sent, MOST)),
        _ => Ok(posts),
    }
}

fn parse(post: &Value, at: usize) -> Result<NewPost, ApiError> {
    if !post.is_object() {
        let field = format!("posts[{at}]");
        return Err(ApiError::validation(&field, format!("{field} must be an object, the body of a post.")));
    }
    new_post(post)
}

/// Counts and checks a post.
pub(super) async fn check(
    state: &ApiState,
    scoped: &Scoped<Write>,
    new: NewPost,
) -> Result<(PlannedPost, Option<CountedPost>), ApiError> {
    let counted = count(state, scoped, &new).await?;
    match app::posts::plan(&state.app, &scoped.caller, new).await {
        Ok(plan) => Ok((plan, counted)),
        Err(error) => {
            give_back(state, scoped, counted);
            Err(error.into())
        }
    }
}

type Entries = Vec<(Entry, Vec<String>)>;

/// The answer, kept with the posts. A call that made none did nothing, and may be sent again.
fn keep(scoped: &Scoped<Write>, entries: &Arc<Entries>, base_url: &str) -> Option<Keep<[Written]>> {
    let claim = scoped.claim?;
    let (entries, base_url) = (Arc::clone(entries), base_url.to_owned());
    let answer = Arc::new(move |written: &[Written]| {
        let made = written.iter().any(Result::is_ok);
        let reply = made.then(|| answer(&entries, written, &base_url).ok()).flatten()?;
        Some(reply.kept(Write::SCOPE.as_str()))
    });
    Some(Keep { claim, answer })
}

fn answer(entries: &Entries, written: &[Written], base_url: &str) -> Result<Reply, ApiError> {
    let mut written = written.iter();
    let mut results = Vec::with_capacity(entries.len());
    for (at, (entry, notes)) in entries.iter().enumerate() {
        let result = match entry {
            Entry::Refused(error) => BulkResult::refused(at, error),
            Entry::Planned(view) => match written.next().copied().unwrap_or(Ok(None)) {
                Err(why) => BulkResult::refused(at, &ApiError::from(AppError::from(why))),
                Ok(slot) => {
                    let post = serde_json::to_value(created(&at_slot(view, slot), base_url));
                    BulkResult::made(at, post.map_err(|error| ApiError::internal(&error))?)
                }
            },
        };
        results.push(result.noted(notes));
    }
    let data = BulkCreated::of(results);
    let status = match (data.summary.succeeded, data.summary.failed) {
        (_, 0) => StatusCode::CREATED,
        (0, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::MULTI_STATUS,
    };
    Reply::with(status, &data)
}
