//! Campaigns.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
mod input;
pub(crate) mod list;
pub(crate) mod update;
