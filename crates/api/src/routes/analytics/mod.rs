//! Numbers.

pub(crate) mod summary;
