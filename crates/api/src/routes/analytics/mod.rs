//! Numbers.

pub(crate) mod breakdown;
pub(crate) mod summary;
