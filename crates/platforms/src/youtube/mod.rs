//! YouTube: its rules are known; there is no connector yet.

pub(crate) mod spec;
