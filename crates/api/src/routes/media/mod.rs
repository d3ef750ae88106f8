//! The media library, one file per operation.

pub(crate) mod complete;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod send;
mod stream;
pub(crate) mod tus;
pub(crate) mod upload;
