//! Posts.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
mod input;
pub(crate) mod list;
pub(crate) mod results;
pub(crate) mod retry;
pub(crate) mod schedule;
pub(crate) mod update;

use domain::PostId;

use crate::error::ApiError;

/// A post id from a path. What is no UUID names no post.
fn post_id(text: &str) -> Result<PostId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("Post"))
}
