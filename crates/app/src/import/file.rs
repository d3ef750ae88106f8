//! Which kind of file it is, and reading it.

use domain::PlatformName;
use serde_json::Value;

use super::{Entry, csv, mixpost, own, postiz};
use crate::AppError;

/// The largest file that is taken.
pub const FILE_BYTES: usize = 10 * 1024 * 1024;
/// The most posts of one file.
pub const MOST_ROWS: usize = 1_000;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table.
    Csv,
    /// What this server gives out.
    Json,
    /// What Postiz has.
    Postiz,
    /// What Mixpost has.
    Mixpost,
}

impl Format {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Postiz => "postiz",
            Self::Mixpost => "mixpost",
        }
    }

    /// The format that a word means.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Csv, Self::Json, Self::Postiz, Self::Mixpost].into_iter().find(|one| one.as_str() == word)
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile {
    /// What it was taken for.
    pub format: Format,
    /// Its rows, in order.
    pub entries: Vec<Entry>,
}

/// What a reader goes by beside the file.
pub(super) struct Reading<'a> {
    /// The zone of times that name none; where it is missing, they are UTC.
    pub(super) zone: Option<&'a str>,
    /// Whether a word is the name of a platform.
    pub(super) is_platform: &'a dyn Fn(&PlatformName) -> bool,
}

impl Reading<'_> {
    /// The zone of times that name none.
    pub(super) fn zone(&self) -> &str {
        self.zone.unwrap_or("UTC")
    }
}

/// Reads a file. Without a format, it is found out by looking.
///
/// # Errors
/// [`AppError::BadFile`] where the file as a whole cannot be read, with the place where there is one.
pub fn read(
    bytes: &[u8],
    format: Option<Format>,
    zone: Option<&str>,
    is_platform: &dyn Fn(&PlatformName) -> bool,
) -> Result<ReadFile, AppError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(AppError::bad_file("The file is empty."));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(AppError::bad_file("The file is in UTF-16; save it as UTF-8."));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let reading = Reading { zone, is_platform };
    let looks_like_json = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    let (format, entries) = match format {
        Some(Format::Csv) => (Format::Csv, csv::read(bytes, &reading)?),
        None if !looks_like_json => (Format::Csv, csv::read(bytes, &reading)?),
        format => {
            let value = parse(bytes)?;
            let format = format.unwrap_or_else(|| guess(&value));
            let entries = match format {
                Format::Postiz => postiz::read(&value, &reading)?,
                Format::Mixpost => mixpost::read(&value, &reading)?,
                Format::Csv | Format::Json => own::read(&value, &reading)?,
            };
            (format, entries)
        }
    };
    match entries.len() {
        0 => Err(AppError::bad_file("There are no posts in the file.")),
        count if count > MOST_ROWS => Err(AppError::bad_file(format!(
            "The file has {count} posts; send {MOST_ROWS} at most in one file."
        ))),
        _ => Ok(ReadFile { format, entries }),
    }
}

fn parse(bytes: &[u8]) -> Result<Value, AppError> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| AppError::bad_file(format!("The file is not valid JSON: {error}.")))?;
    // JSON writes NUL as an escape only, so most files need no second look.
    if bytes.windows(6).any(|window| window == br"\u0000")
        && let Some(place) = nul(&value, String::new())
    {
        return Err(AppError::bad_file(format!("{place} must not hold NUL characters.")));
    }
    Ok(value)
}

/// Where a text holds a NUL character.
fn nul(value: &Value, place: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(place),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| nul(item, format!("{place}[{at}]")))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let inner = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            if name.contains('\0') { Some(inner) } else { nul(member, inner) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// What a JSON file is, by the members of its first post.
fn guess(value: &Value) -> Format {
    let first = posts_of(value).and_then(|posts| posts.first());
    let has = |name: &str| first.is_some_and(|post| post.get(name).is_some());
    if mixpost::is_tables(value) || has("versions") {
        Format::Mixpost
    } else if has("publishDate") || has("integration") {
        Format::Postiz
    } else {
        Format::Json
    }
}

/// The posts of a document: a list, or what `posts` or `data` holds.
pub(super) fn posts_of(value: &Value) -> Option<&Vec<Value>> {
    match value {
        Value::Array(posts) => Some(posts),
        Value::Object(members) => members.get("posts").or_else(|| members.get("data")).and_then(posts_of),
        _ => None,
    }
}

/// The same, or why not.
pub(super) fn needed_posts(value: &Value) -> Result<&Vec<Value>, AppError> {
    posts_of(value).ok_or_else(|| {
        AppError::bad_file("The file must hold a list of posts, or an object with such a list as \"posts\".")
    })
}
