//! Connected accounts.

pub(crate) mod get;
pub(crate) mod health;
pub(crate) mod list;
