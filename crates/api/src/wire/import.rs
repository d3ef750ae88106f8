//! Rows of tables, on the wire: what would become of them, and what did.

use app::ValidationError;
use app::posts::NewPost;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ErrorEnvelope, ImportedPostsEnvelope, shown};
use crate::error::ApiError;

/// What would become of the rows of a call.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkScheduleDryRun {
    /// Always true.
    #[serde(rename = "dryRun")]
    dry_run_older: bool,
    /// Always true.
    dry_run: bool,
    total: usize,
    /// How many would be made.
    valid: usize,
    /// How many would be refused.
    invalid: usize,
    /// One entry for each row, in the order in which they were sent.
    results: Vec<CheckedRow>,
}

impl BulkScheduleDryRun {
    pub(crate) fn of(results: Vec<CheckedRow>) -> Self {
        let valid = results.iter().filter(|result| result.valid).count();
        let total = results.len();
        Self { dry_run_older: true, dry_run: true, total, valid, invalid: total - valid, results }
    }
}

/// What would become of a row.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckedRow {
    /// Its place in `posts`, from 0.
    index: usize,
    valid: bool,
    /// When it would go out.
    #[schema(required, format = DateTime)]
    scheduled_for: Option<String>,
    /// Where it would go.
    account_ids: Vec<i64>,
    /// With which media.
    media_ids: Vec<Uuid>,
    /// Why it would be refused.
    errors: Vec<RowError>,
    /// What would go out otherwise than asked, and what was decided, in sentences.
    warnings: Vec<String>,
}

impl CheckedRow {
    pub(crate) fn new(
        index: usize,
        post: Option<&NewPost>,
        errors: Vec<RowError>,
        warnings: Vec<String>,
    ) -> Self {
        Self {
            index,
            valid: errors.is_empty(),
            scheduled_for: shown(post.and_then(|post| post.scheduled_for)),
            account_ids: post
                .map(|post| post.account_ids.iter().map(|id| id.0).collect())
                .unwrap_or_default(),
            media_ids: post.map(|post| post.media_ids.iter().map(|id| id.0).collect()).unwrap_or_default(),
            errors,
            warnings,
        }
    }
}

/// Why a row is refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RowError {
    /// A code of errors, or of `validation_errors` where a platform would refuse it.
    code: String,
    /// For people.
    message: String,
    /// The column or member, where it is one.
    #[schema(required)]
    field: Option<String>,
    /// The account that would refuse it, where it is one.
    #[schema(required)]
    account_id: Option<i64>,
    /// Whether the same row may be taken later.
    retryable: bool,
}

impl RowError {
    pub(crate) fn new(field: &str, message: &str) -> Self {
        Self::from(&ApiError::validation(field, message))
    }

    /// The same, which may be taken later or not.
    pub(crate) fn retryable(self, retryable: bool) -> Self {
        Self { retryable, ..self }
    }
}

impl From<&ApiError> for RowError {
    fn from(error: &ApiError) -> Self {
        let detail = |name: &str| error.details.as_ref().and_then(|details| details.get(name));
        Self {
            code: error.code.to_owned(),
            message: error.message.clone(),
            field: detail("field").and_then(|field| field.as_str()).map(ToOwned::to_owned),
            account_id: None,
            retryable: error.retryable,
        }
    }
}

impl From<&ValidationError> for RowError {
    fn from(error: &ValidationError) -> Self {
        Self {
            code: error.code.to_owned(),
            message: error.message.clone(),
            field: Some(error.field.clone()),
            account_id: Some(error.account_id.0),
            retryable: false,
        }
    }
}

/// What became of a file.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedPosts {
    /// What the file was taken for.
    #[schema(value_type = ImportFormat)]
    pub(crate) format: &'static str,
    /// Whether nothing was made, only looked at.
    pub(crate) dry_run: bool,
    pub(crate) total: usize,
    /// Made, or to be made if this was a dry run.
    pub(crate) created: usize,
    /// Made by an earlier import, or the post that the row was made of.
    pub(crate) already_there: usize,
    /// No posts that are still to go out.
    pub(crate) skipped: usize,
    /// To be sent again: their media are on the way, or a limit is reached.
    pub(crate) waiting: usize,
    /// Not made; `errors` say why.
    pub(crate) refused: usize,
    /// When to send the file again for what waits, in seconds; null if nothing does.
    #[schema(required)]
    pub(crate) retry_after: Option<i64>,
    /// One entry for each post of the file, in its order.
    pub(crate) results: Vec<ImportedRow>,
}

/// None of the posts could be made, or the request as a whole was refused.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "names the two shapes for the document")]
pub(crate) enum ImportRefused {
    /// None of the posts could be made.
    None(ImportedPostsEnvelope),
    /// The request was refused.
    Refused(ErrorEnvelope),
}

/// What became of one post of a file.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedRow {
    /// The row of a table, where the first row has the names, or the place in a list, from 1.
    pub(crate) row: usize,
    #[schema(value_type = ImportOutcome)]
    pub(crate) outcome: &'static str,
    /// The post, if there is one.
    #[schema(required)]
    pub(crate) post_id: Option<Uuid>,
    /// `draft` or `scheduled`, of a post that is made.
    #[schema(required)]
    pub(crate) status: Option<&'static str>,
    #[schema(required, format = DateTime)]
    pub(crate) scheduled_for: Option<String>,
    pub(crate) account_ids: Vec<i64>,
    /// Why it was not made.
    pub(crate) errors: Vec<RowError>,
    /// What is not carried over, and what was decided, in sentences.
    pub(crate) notes: Vec<String>,
}

/// What a file is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ImportFormat {
    Csv,
    Json,
    Postiz,
    Mixpost,
}

/// What became of one post of a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ImportOutcome {
    /// It was made.
    Created,
    /// It would be made.
    WouldBeCreated,
    /// An earlier import made it, or it is the post that the row was made of.
    AlreadyThere,
    /// It is no post that is still to go out.
    Skipped,
    /// Send the file again for it.
    Waiting,
    /// It was not made.
    Refused,
}
