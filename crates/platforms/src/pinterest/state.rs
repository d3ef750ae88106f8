//! Where a publish stands.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The board that the pin goes to, once it is chosen: a retry must not choose another.
    #[serde(default)]
    pub board_id: Option<String>,
    /// The id of the film, once it can be used.
    #[serde(default)]
    pub media_id: Option<String>,
    /// Whether the film was uploaded a second time.
    #[serde(default)]
    pub uploaded_again: bool,
    /// Remarks for the receipt.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Finding the board.
    #[default]
    Board,
    /// Uploading the film.
    Upload,
    /// Pinterest processes the film.
    Processing {
        /// Its id.
        media_id: String,
        /// When it was uploaded.
        since: Timestamp,
    },
    /// The commit: creating the pin.
    Ready,
}
