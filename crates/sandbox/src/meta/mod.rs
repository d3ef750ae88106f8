//! What the emulators of Meta's platforms share: how Graph calls are read, refused and limited,
//! which versions are served, and who is logged in with Facebook.
//! Must not know posts or media of any of them.

pub(crate) mod asked;
pub(crate) mod error;
pub(crate) mod fields;
pub(crate) mod logins;
pub(crate) mod page_cursor;
pub(crate) mod request;
pub(crate) mod signed_request;
pub(crate) mod tokens;
pub(crate) mod versions;
