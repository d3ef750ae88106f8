//! Posts.

pub(crate) mod approve;
pub(crate) mod attempts;
pub(crate) mod bulk;
pub(crate) mod bulk_schedule;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod import;
mod input;
pub(crate) mod list;
pub(crate) mod metrics;
pub(crate) mod request_approval;
pub(crate) mod request_changes;
pub(crate) mod resolve;
pub(crate) mod results;
pub(crate) mod retry;
pub(crate) mod retry_failed;
mod rows;
pub(crate) mod schedule;
pub(crate) mod update;
pub(crate) mod validate;
