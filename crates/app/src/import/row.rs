//! A row: a post as a table names it. Nothing has been looked up yet.

use domain::time::{Wall, WallError, WallKind};
use domain::{AccountId, CampaignId, MediaId, PlatformName, PostId, Timestamp};
use uuid::Uuid;

use crate::AppError;
use crate::posts::PlatformContent;

/// What separates accounts in a cell.
const BETWEEN_TARGETS: char = '+';
/// What separates files in a cell.
pub(super) const BETWEEN_MEDIA: char = '|';

/// What a file has at one place.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A post.
    Post(Box<Row>),
    /// Something that is no post to be made, and why.
    Skipped {
        /// The row.
        row: usize,
        /// Why, in a sentence.
        why: String,
    },
    /// Something that cannot be read as a post.
    Refused {
        /// The row.
        row: usize,
        /// What is wrong with it.
        field: String,
        /// Why, in a sentence.
        message: String,
    },
}

impl Entry {
    /// The row of the file.
    pub fn row(&self) -> usize {
        match self {
            Self::Post(row) => row.number,
            Self::Skipped { row, .. } | Self::Refused { row, .. } => *row,
        }
    }
}

/// A post as a table names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its place: the row of a table, where the first row has the names, or its number in a list, from 1.
    pub number: usize,
    /// When it goes out.
    pub when: When,
    /// Display metadata.
    pub timezone: Option<String>,
    /// The text.
    pub content: String,
    /// Parts 2..n of a thread.
    pub thread: Vec<String>,
    /// The accounts.
    pub targets: Vec<Target>,
    /// The media, in order.
    pub media: Vec<MediaRef>,
    /// For the platforms that have titles.
    pub title: Option<String>,
    /// For the platforms that have first comments.
    pub first_comment: Option<String>,
    /// Per-platform content.
    pub platform_content: PlatformContent,
    /// The campaign.
    pub campaign_id: Option<CampaignId>,
    /// The post of this workspace that the row was made of.
    pub post_id: Option<PostId>,
    /// What is not carried over, and what was decided, in sentences.
    pub notes: Vec<String>,
}

/// When a row's post goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// It is kept as a draft.
    #[default]
    Draft,
    /// It is kept as a draft that suggests a time.
    DraftFor(Timestamp),
    /// Then.
    At(Timestamp),
}

/// An account as a table names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// What it is called, for people.
    pub shown: String,
    /// Its id in the workspace that the table comes from.
    pub id: Option<AccountId>,
    /// Its platform.
    pub platform: Option<PlatformName>,
    /// Its names: handle, shown name, another program's id.
    pub names: Vec<String>,
}

impl Target {
    /// What a cell calls an account: an id, a platform, or a name.
    pub fn called(text: &str, is_platform: impl Fn(&PlatformName) -> bool) -> Self {
        let shown = text.to_owned();
        if let Ok(id) = text.parse::<i64>() {
            return Self { shown, id: Some(AccountId(id)), ..Self::default() };
        }
        let platform = PlatformName::from_text(&text.to_lowercase());
        if is_platform(&platform) {
            return Self { shown, platform: Some(platform), ..Self::default() };
        }
        Self { names: vec![shown.clone()], shown, ..Self::default() }
    }
}

/// The accounts of a cell, such as `instagram+facebook` or `3121+3127`.
pub fn targets_list(cell: &str, is_platform: impl Fn(&PlatformName) -> bool) -> Vec<Target> {
    let parts = cell.split(BETWEEN_TARGETS).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Target::called(part, &is_platform)).collect()
}

/// A media file as a table names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaRef {
    /// Its id in the library that the table comes from.
    pub id: Option<MediaId>,
    /// Its name in the library.
    pub name: Option<String>,
    /// Where it can be fetched from.
    pub url: Option<String>,
}

impl MediaRef {
    /// What a cell calls a file: an id, an address, or a name.
    pub fn called(text: &str) -> Self {
        if let Ok(id) = Uuid::parse_str(text) {
            return Self { id: Some(MediaId(id)), ..Self::default() };
        }
        if is_address(text) {
            return Self { url: Some(text.to_owned()), ..Self::default() };
        }
        Self { name: Some(text.to_owned()), ..Self::default() }
    }

    /// What it is called, for people.
    pub fn shown(&self) -> String {
        let text = self.name.clone().or_else(|| self.url.clone());
        text.or_else(|| self.id.map(|id| id.to_string())).unwrap_or_default()
    }
}

/// Whether a text is a web address.
pub(super) fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// The files of a cell.
pub fn media_list(cell: &str) -> Vec<MediaRef> {
    let parts = cell.split(BETWEEN_MEDIA).map(str::trim).filter(|part| !part.is_empty());
    parts.map(MediaRef::called).collect()
}

/// A local date and time as a moment, and what has to be said of it.
///
/// # Errors
/// With `date`, `time` or `timezone` named.
pub fn local_moment(zone: &str, date: &str, time: &str) -> Result<(Timestamp, Option<String>), AppError> {
    let wall = Wall::read(zone, date, time).map_err(|error| match error {
        WallError::Date => {
            AppError::validation("date", "date must be written as 2027-01-31, and be a day that there is.")
        }
        WallError::Time => {
            AppError::validation("time", "time must be written as 09:30, on a clock of 24 hours.")
        }
        WallError::Zone => AppError::InvalidTimezone(zone.chars().take(100).collect()),
    })?;
    let (date, time) = (date.trim(), time.trim());
    let note = match wall.kind {
        WallKind::Once => None,
        WallKind::Skipped => Some(format!(
            "The clocks of {zone} go forward over {time} on {date}; the post goes out as much later: {}.",
            wall.at
        )),
        WallKind::Twice => Some(format!(
            "The clocks of {zone} show {time} twice on {date}; the post goes out at the first one: {}.",
            wall.at
        )),
    };
    Ok((wall.at, note))
}
