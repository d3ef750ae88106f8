//! A platform as an operator has set it up. Must not know where the settings come from.

use crate::{AppCredentials, Hosts};

/// A platform's settings.
#[derive(Clone, Debug, Default)]
pub struct PlatformConfig {
    /// Where its hosts are.
    pub hosts: Hosts,
    /// The app that is registered with it.
    pub app: AppCredentials,
    /// The name of the login that is used unless a caller names another; the platform's first one
    /// when empty.
    pub login: String,
}
