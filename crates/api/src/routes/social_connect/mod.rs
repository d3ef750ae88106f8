//! Connecting an account from a command line: the owner's browser does the rest.

pub(crate) mod credentials;
pub(crate) mod poll;
pub(crate) mod start;
