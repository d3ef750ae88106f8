//! Where a publish stands.

use connector::Publication;
use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::instance::Limits;

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// What the account's server takes, once it was asked.
    #[serde(default)]
    pub limits: Option<Limits>,
    /// Ids of the uploaded files, in order.
    #[serde(default)]
    pub media: Vec<String>,
    /// Ids of the parts that are live, in order.
    #[serde(default)]
    pub posted: Vec<String>,
    /// The address of the first part.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether the files were uploaded a second time.
    #[serde(default)]
    pub uploaded_again: bool,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Asking the server what it takes.
    #[default]
    Server,
    /// Uploading the next file.
    Upload,
    /// The server processes a file.
    Processing {
        /// The file's id.
        media_id: String,
        /// When it was uploaded.
        since: Timestamp,
    },
    /// The commit of the next part.
    Ready,
}

impl State {
    /// The text of the part that is due.
    pub(super) fn text<'a>(&self, to: &'a Publication) -> &'a str {
        match self.posted.len() {
            0 => &to.text,
            part => to.thread.get(part - 1).map_or("", String::as_str),
        }
    }

    /// The key of the part that is due: the same on every try, so that the server takes it once.
    pub(super) fn key(&self, to: &Publication) -> String {
        format!("{}-{}", to.destination_id.0, self.posted.len() + 1)
    }
}
