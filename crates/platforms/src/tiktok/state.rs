//! Where a publish stands.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// What the account may post, and what was chosen of it.
    #[serde(default)]
    pub creator: Option<Creator>,
    /// The upload of the video.
    #[serde(default)]
    pub upload: Option<Opened>,
    /// The id of the publish; TikTok tells by it what became of it.
    #[serde(default)]
    pub publish_id: Option<String>,
    /// How often the whole was begun anew by itself.
    #[serde(default)]
    pub made_again: u32,
    /// Remarks for the receipt.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Asking what the account may post.
    #[default]
    Creator,
    /// Opening the upload of the video.
    Open,
    /// Sending chunks; the last one is the commit.
    Send {
        /// How many bytes TikTok has.
        sent: u64,
    },
    /// The commit of what TikTok fetches by itself.
    Fetch,
    /// Everything is with TikTok, which works on it.
    Processing {
        /// Since when.
        since: Timestamp,
    },
    /// It is live; which post it became is yet to be told.
    Locate {
        /// Since when.
        since: Timestamp,
    },
    /// TikTok has given it up. That is told once; whoever tries again later begins anew.
    Failed {
        /// In TikTok's word.
        reason: String,
        /// When that was learnt.
        since: Timestamp,
    },
}

/// What was decided from the account's own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creator {
    /// The handle, as it is now.
    pub username: String,
    /// Who sees the post.
    pub privacy: String,
    /// Whether nobody may comment.
    pub no_comments: bool,
    /// Whether nobody may make a duet.
    pub no_duet: bool,
    /// Whether nobody may make a stitch.
    pub no_stitch: bool,
}

/// An upload that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Where the bytes go.
    pub url: String,
    /// When it was opened; it ends an hour later.
    pub at: Timestamp,
}

impl State {
    /// The same with another stage.
    pub(super) fn to(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// From the beginning; what was opened so far is left to itself.
    pub(super) fn anew(self) -> Self {
        Self { made_again: self.made_again, ..Self::default() }
    }

    /// Whether everybody will see the post: only then has it an id that is told.
    pub(super) fn is_public(&self) -> bool {
        self.creator.as_ref().is_some_and(|creator| creator.privacy == PUBLIC)
    }
}

/// The widest audience.
pub(super) const PUBLIC: &str = "PUBLIC_TO_EVERYONE";
/// The smallest one.
pub(super) const SELF_ONLY: &str = "SELF_ONLY";
