//! Where a publish stands.

use connector::Publication;
use serde::{Deserialize, Serialize};

use super::slug;

/// Where a publish stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The name of the post in its address, by which it is known: chosen before the first try.
    pub slug: String,
    /// The uploaded files, in the order of the media.
    #[serde(default)]
    pub files: Vec<File>,
    /// The ids of the tags.
    #[serde(default)]
    pub tags: Vec<u64>,
    /// The ids of the categories.
    #[serde(default)]
    pub categories: Vec<u64>,
    /// Remarks for the receipt.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Asking whether the slug is free.
    #[default]
    Slug,
    /// Uploading the next file.
    Upload,
    /// Describing the last one.
    Describe,
    /// Finding or making a tag.
    Tag {
        /// Which, from 0.
        next: usize,
    },
    /// Finding a category.
    Category {
        /// Which, from 0.
        next: usize,
    },
    /// The commit.
    Ready,
}

/// A file on the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id in the site's library.
    pub id: u64,
    /// Its address.
    pub url: String,
}

impl State {
    /// The state before the first step.
    pub(super) fn start(to: &Publication) -> Self {
        Self {
            stage: Stage::Slug,
            slug: slug::of(to),
            files: Vec::new(),
            tags: Vec::new(),
            categories: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The same with another stage.
    pub(super) fn to(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }
}
