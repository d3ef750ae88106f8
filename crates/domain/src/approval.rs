//! Where the approval of a post stands. While it waits, nothing of the post goes out.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, Timestamp, UserId};

/// Where the approval of a post stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Nobody was asked.
    #[default]
    NotRequired,
    /// Somebody is asked.
    Requested,
    /// Somebody said yes to what the post is now.
    Approved,
    /// Somebody wants it changed.
    ChangesRequested,
}

impl ApprovalState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::NotRequired, Self::Requested, Self::Approved, Self::ChangesRequested];

    /// The state as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotRequired => "not_required",
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
        }
    }

    /// Reads the shown form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the post must not go out.
    pub const fn waits(self) -> bool {
        match self {
            Self::NotRequired | Self::Approved => false,
            Self::Requested | Self::ChangesRequested => true,
        }
    }
}

/// Who took the last step, when, and what they said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalStep {
    /// The key.
    pub api_key_id: ApiKeyId,
    /// Its owner.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
    /// What they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The approval of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approval {
    /// Where it stands.
    pub state: ApprovalState,
    /// The last step; `None` where nobody was asked.
    pub step: Option<ApprovalStep>,
}

/// What an edit is, as far as approval goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The editor asks for approval.
    pub asks: bool,
    /// Something else goes out than before, or elsewhere.
    pub changes_content: bool,
    /// The post goes out after the edit, and the editor may not publish without an approval.
    pub needs_approval: bool,
}

impl ApprovalState {
    /// Where the approval stands after an edit.
    #[must_use]
    pub const fn after(self, edited: Edited) -> Self {
        match self {
            _ if edited.asks => Self::Requested,
            Self::Approved if edited.changes_content => Self::Requested,
            Self::NotRequired if edited.needs_approval && edited.changes_content => Self::Requested,
            same => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ApprovalState::{Approved, ChangesRequested, NotRequired, Requested};

    const NOTHING: Edited = Edited { asks: false, changes_content: false, needs_approval: true };
    const CONTENT: Edited = Edited { changes_content: true, ..NOTHING };

    #[test]
    fn what_was_approved_is_what_goes_out() {
        for state in ApprovalState::ALL {
            assert_eq!(state.after(NOTHING), state, "another time is no other content");
            assert_eq!(state.after(Edited { asks: true, ..NOTHING }), Requested);
            assert_eq!(ApprovalState::parse(state.as_str()), Some(state));
        }
        assert_eq!(Approved.after(CONTENT), Requested);
        assert_eq!(Approved.after(Edited { needs_approval: false, ..CONTENT }), Requested);
        assert_eq!(Requested.after(CONTENT), Requested);
        assert_eq!(ChangesRequested.after(CONTENT), ChangesRequested);
    }

    #[test]
    fn who_may_not_publish_asks() {
        assert_eq!(NotRequired.after(CONTENT), Requested);
        assert_eq!(NotRequired.after(Edited { needs_approval: false, ..CONTENT }), NotRequired);
    }

    #[test]
    fn what_waits_does_not_go_out() {
        let waiting: Vec<_> = ApprovalState::ALL.into_iter().filter(|state| state.waits()).collect();
        assert_eq!(waiting, [Requested, ChangesRequested]);
    }
}
