//! Campaigns: what they may be like.

/// The longest name, in characters.
pub const NAME_MAX: usize = 100;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 500;
/// The colour of a campaign that names none.
pub const DEFAULT_COLOR: &str = "#3b82f6";

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum CampaignStatus {
    /// In use.
    #[default]
    Active,
    /// Kept for the record.
    Archived,
}

impl CampaignStatus {
    /// Every status.
    pub const ALL: [Self; 2] = [Self::Active, Self::Archived];

    /// The status as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// Reads a status.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Whether `text` is a colour as `#RRGGBB`.
pub fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or("");
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_has_six_digits_after_its_sign() {
        for good in [DEFAULT_COLOR, "#FFFFFF", "#00aaBB"] {
            assert!(is_color(good), "{good}");
        }
        for bad in ["", "#", "3b82f6", "#3b82f", "#3b82f60", "#3b82fg", "#3b82é", "red"] {
            assert!(!is_color(bad), "{bad}");
        }
    }
}
