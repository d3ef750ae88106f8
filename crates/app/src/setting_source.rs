//! Where a setting of the installation comes from that its configuration, an operator or the sandbox gives.

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingSource {
    /// The configuration, which wins.
    Configuration,
    /// An operator set it.
    Stored,
    /// The sandbox stands for it.
    Sandbox,
    /// There is none.
    None,
}

impl SettingSource {
    /// The first that has one.
    pub(crate) const fn first(is_configured: bool, is_stored: bool, has_sandbox: bool) -> Self {
        if is_configured {
            Self::Configuration
        } else if is_stored {
            Self::Stored
        } else if has_sandbox {
            Self::Sandbox
        } else {
            Self::None
        }
    }

    /// Its name in answers.
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Configuration => Some("configuration"),
            Self::Stored => Some("stored"),
            Self::Sandbox => Some("sandbox"),
            Self::None => None,
        }
    }
}
