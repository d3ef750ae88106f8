//! Webhooks.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod get;
mod input;
pub(crate) mod list;
pub(crate) mod replay;
pub(crate) mod requeue;
pub(crate) mod test;
pub(crate) mod update;
