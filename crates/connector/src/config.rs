//! A platform as an operator has set it up. Must not know where the settings come from.

use crate::{AppCredentials, Hosts};

/// A platform's settings.
#[derive(Clone, Debug, Default)]
pub struct PlatformConfig {
    /// Where its hosts are.
    pub hosts: Hosts,
    /// The app that is registered with it.
    pub app: AppCredentials,
}
