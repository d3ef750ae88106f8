//! The posting queue.

pub(crate) mod delete;
pub(crate) mod get;
mod input;
pub(crate) mod set;
