//! What has to be done to a file so that a platform takes it. A plan only: pure, and the same on
//! every machine. Must not know how pictures are made.

mod canvas;
mod film;
mod image;
mod video;
mod words;

use serde::{Deserialize, Serialize};

use crate::Settings;

pub use canvas::{Layout, Size};
pub use film::{FilmRecipe, plan_animation};
pub use image::{ImageFacts, ImageRecipe, StillFormat, plan_image};
pub use video::{VideoFacts, VideoRecipe, plan_video};
pub use words::{Change, Tense, sentence};

/// The key of [`Frame`] in every platform's settings.
pub const FRAME_KEY: &str = "fit";
/// Part of every key. Goes up when the same recipe begins to give another file.
const VERSION: u32 = 1;

/// How a picture gets another aspect than it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// All of it stays, with bars beside it.
    #[default]
    Pad,
    /// Its middle stays.
    Crop,
}

impl Frame {
    /// What a post's settings choose.
    pub fn of(settings: &Settings) -> Self {
        match settings.text(FRAME_KEY) {
            Some("crop") => Self::Crop,
            _ => Self::Pad,
        }
    }
}

/// What is to be done to a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Nothing: it goes out as it is, byte for byte.
    Untouched,
    /// A copy is made.
    Convert {
        /// How.
        recipe: Recipe,
        /// What becomes different, for people.
        changes: Vec<Change>,
    },
    /// Nothing can be made of it that the platform takes.
    Refused(Refusal),
}

/// How a copy is made. The same recipe and the same original give the same copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
    /// The same picture or film, bit for bit, without the words that say where it was taken.
    WithoutLocation,
    /// An image that is made anew.
    Image(ImageRecipe),
    /// A video that is made anew.
    Video(VideoRecipe),
    /// A silent video that is made of an animated image.
    Film(FilmRecipe),
}

impl Recipe {
    /// Names the recipe: two with the same key are the same.
    pub fn key(&self) -> String {
        // Numbers and words only: this cannot fail.
        serde_json::to_string(&(VERSION, self)).unwrap_or_default()
    }
}

/// Why nothing can be made of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The platform takes none of the formats that are made here.
    #[error("takes no format that this file can be converted to")]
    NoFormat,
    /// Its limits contradict each other for this file.
    #[error("takes no picture of this shape")]
    NoShape,
    /// A video is so long that hardly a picture would be left in the bytes that the platform takes.
    #[error("takes {max_bytes} bytes, in which a video of this length cannot be shown")]
    TooLongForBytes {
        /// The platform's limit.
        max_bytes: u64,
    },
}

#[cfg(test)]
mod tests;
