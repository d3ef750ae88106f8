//! Where a publish stands. Parts of the post are counted from 0; the first comment is the part
//! behind the last one.

use connector::Publication;
use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The containers of a carousel's items, in order.
    #[serde(default)]
    pub children: Vec<String>,
    /// Ids of the parts that are live, in order.
    #[serde(default)]
    pub posted: Vec<String>,
    /// How often the containers of the present part were made anew.
    #[serde(default)]
    pub made_again: u32,
    /// How often the present thing was not there, or could not be had.
    #[serde(default)]
    pub misses: u32,
    /// Remarks for the receipt.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Asking how much of the account's allowance is left.
    #[default]
    Quota,
    /// Making the next container of a carousel's items.
    Child,
    /// Waiting for them.
    Children {
        /// The one that is asked about.
        next: usize,
        /// When they were made.
        since: Timestamp,
    },
    /// Making the container of the present part.
    Container,
    /// Waiting for it.
    Processing {
        /// The container.
        container: String,
        /// When it was made.
        since: Timestamp,
    },
    /// The commit: publishing it.
    Ready {
        /// The container.
        container: String,
        /// When it was made.
        since: Timestamp,
    },
    /// It is published; which post it became is to be found.
    Locate {
        /// The container.
        container: String,
        /// When it was made.
        since: Timestamp,
    },
    /// Everything is live; its address is to be read.
    Permalink,
}

impl State {
    /// The same with another stage.
    pub(super) fn to(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// Whether the present part is the first comment.
    pub(super) fn is_comment(&self, to: &Publication) -> bool {
        self.posted.len() > to.thread.len() && self.stage != Stage::Permalink
    }

    /// Whether the present part has more than text.
    pub(super) fn has_media(&self, to: &Publication) -> bool {
        self.posted.is_empty() && !to.media.is_empty()
    }

    /// The text of the present part.
    pub(super) fn text<'a>(&self, to: &'a Publication) -> &'a str {
        match self.posted.len() {
            0 => &to.text,
            part if part <= to.thread.len() => &to.thread[part - 1],
            _ => to.settings.text("firstComment").unwrap_or_default(),
        }
    }
}
