//! Where a publish stands.

use std::fmt;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The video, once it exists.
    #[serde(default)]
    pub video: Option<String>,
    /// How often the upload had to be begun again.
    #[serde(default)]
    pub reopened: u8,
    /// Remarks for the author so far.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// The opening of the upload.
    #[default]
    Open,
    /// The next piece that is not the last.
    Chunks {
        /// The upload.
        session: Session,
        /// How many bytes the platform has.
        sent: u64,
    },
    /// The commit: the rest of the file.
    Ready {
        /// The upload.
        session: Session,
        /// How many bytes the platform has.
        sent: u64,
    },
    /// The platform processes the video.
    Processing {
        /// When that was first asked.
        since: Timestamp,
    },
    /// The custom thumbnail.
    Thumbnail {
        /// How often it was tried in vain.
        tries: u8,
    },
    /// The commit: the first comment.
    Comment,
}

/// The address of an upload. Whoever has it can write to the upload, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Session(pub String);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl State {
    /// The upload, while there is one.
    pub(super) const fn session(&self) -> Option<&Session> {
        match &self.stage {
            Stage::Chunks { session, .. } | Stage::Ready { session, .. } => Some(session),
            Stage::Open | Stage::Processing { .. } | Stage::Thumbnail { .. } | Stage::Comment => None,
        }
    }

    /// The state before the upload, for another time.
    pub(super) fn begun_again(self) -> Self {
        Self { stage: Stage::Open, video: None, reopened: self.reopened.saturating_add(1), ..self }
    }
}
