//! The name of a social platform. Which platforms exist is the registry's business, not ours.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A platform's lower-case name, such as `x` or `linkedin`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlatformName(Cow<'static, str>);

impl PlatformName {
    /// The name of a platform that is known when Fanfare is built.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A name that came from outside (a request, a row); `twitter` is read as `x`.
    pub fn from_text(name: &str) -> Self {
        match name {
            "twitter" => Self(Cow::Borrowed("x")),
            other => Self(Cow::Owned(other.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlatformName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
