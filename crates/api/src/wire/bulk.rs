//! Many posts at once, on the wire.

use app::RequeuedRow;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::post::DestinationStatus;
use super::{BulkCreatedEnvelope, CreatedPost, ErrorEnvelope};
use crate::error::ApiError;

/// What became of the posts of a call.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkCreated {
    pub(crate) summary: BulkSummary,
    /// One entry for each post, in the order in which they were sent.
    results: Vec<BulkResult>,
}

/// How many posts of a call were made.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkSummary {
    pub(crate) total: usize,
    pub(crate) succeeded: usize,
    pub(crate) failed: usize,
}

/// What became of one post of a call.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkResult {
    /// Its place in `posts`, from 0.
    index: usize,
    ok: bool,
    /// The answer of `POST /posts`, where it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, value_type = Option<CreatedPost>)]
    post: Option<Value>,
    /// Why it was not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    error: Option<BulkError>,
    /// What was decided about it, in sentences, where something was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    notes: Vec<String>,
}

/// Why a post of a call was not made.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkError {
    /// Stable, snake_case.
    #[schema(schema_with = super::error_code)]
    code: &'static str,
    /// For people.
    message: String,
    /// The status that `POST /posts` would have answered with.
    status: u16,
    /// Whether the same post may be taken later.
    retryable: bool,
    /// Facts that depend on the code, such as `field` or `validation_errors`.
    #[schema(value_type = Option<Object>, required)]
    details: Option<Value>,
}

/// None of the posts was made, or the request as a whole was refused.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "names the two shapes for the document")]
pub(crate) enum BulkRefused {
    /// None of the posts was made.
    None(BulkCreatedEnvelope),
    /// The request was refused.
    Refused(ErrorEnvelope),
}

impl BulkCreated {
    pub(crate) fn of(results: Vec<BulkResult>) -> Self {
        let total = results.len();
        let succeeded = results.iter().filter(|result| result.ok).count();
        Self { summary: BulkSummary { total, succeeded, failed: total - succeeded }, results }
    }
}

impl BulkResult {
    pub(crate) fn made(index: usize, post: Value) -> Self {
        Self { index, ok: true, post: Some(post), error: None, notes: Vec::new() }
    }

    pub(crate) fn refused(index: usize, error: &ApiError) -> Self {
        let error = BulkError {
            code: error.code,
            message: error.message.clone(),
            status: error.status.as_u16(),
            retryable: error.retryable,
            details: error.details.clone(),
        };
        Self { index, ok: false, post: None, error: Some(error), notes: Vec::new() }
    }

    /// The same with what was decided.
    pub(crate) fn noted(self, notes: &[String]) -> Self {
        Self { notes: notes.to_vec(), ..self }
    }
}

/// What was queued again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RetriedPosts {
    pub(crate) retried_count: usize,
    pub(crate) destinations: Vec<RequeuedDestination>,
    /// What happened, for people.
    pub(crate) message: String,
}

/// A destination that was queued again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequeuedDestination {
    destination_id: Uuid,
    /// The same.
    id: Uuid,
    post_id: Uuid,
    account_id: i64,
    platform: String,
    #[schema(value_type = DestinationStatus)]
    new_status: &'static str,
}

impl From<&RequeuedRow> for RequeuedDestination {
    fn from(row: &RequeuedRow) -> Self {
        Self {
            destination_id: row.id.0,
            id: row.id.0,
            post_id: row.post_id.0,
            account_id: row.account_id.0,
            platform: row.platform.to_string(),
            new_status: domain::DestinationStatus::Queued.as_str(),
        }
    }
}
