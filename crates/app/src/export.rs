//! Posts as the lines of a table, which [`crate::import`] reads again.
//!
//! Date and time are those of the post's time zone. Where they do not tell the moment (clocks show them
//! twice, or there are parts of a second), `scheduled_for` does.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};
use domain::Timestamp;
use domain::time::{Wall, WallKind, on_the_wall};

use crate::AppError;
use crate::import::{BETWEEN_NAMES, escape, ids_cell};
use crate::posts::{DestinationView, PostView};

/// What a table begins with, so that spreadsheets read it as UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
const COLUMNS: [&str; 19] = [
    "post_id",
    "status",
    "date",
    "time",
    "scheduled_for",
    "timezone",
    "content",
    "platforms",
    "account_names",
    "media",
    "media_names",
    "thread_posts",
    "platform_content",
    "campaign_id",
    "urls",
    "errors",
    "created_at",
    "updated_at",
    "warnings",
];

/// The beginning of a table, with the names of the columns.
///
/// # Errors
/// Only internal ones.
pub fn csv_head() -> Result<Vec<u8>, AppError> {
    let mut head = MARK.to_vec();
    head.extend(line(&COLUMNS.map(Cow::Borrowed))?);
    Ok(head)
}

/// A post as a line.
///
/// # Errors
/// Only internal ones.
pub fn csv_line(post: &PostView) -> Result<Vec<u8>, AppError> {
    let (date, time, moment) = times(post);
    let thread = json(&post.thread_posts, post.thread_posts.is_empty())?;
    let content = json(&post.platform_content, post.platform_content.is_empty())?;
    let media: Vec<String> = post.media_ids.iter().map(ToString::to_string).collect();
    let names: Vec<&str> = post.media.iter().map(|file| file.filename.as_str()).collect();
    let accounts: Vec<String> = post
        .destinations
        .iter()
        .map(|to| format!("{}:{}", to.platform, to.account_name.as_deref().unwrap_or_default()))
        .collect();
    let each = |of: fn(&DestinationView) -> Option<String>| {
        post.destinations.iter().filter_map(of).collect::<Vec<String>>().join("\n")
    };
    let cells = [
        post.id.to_string(),
        post.status.as_str().to_owned(),
        date,
        time,
        moment,
        post.timezone.clone(),
        post.content.clone(),
        ids_cell(&post.account_ids),
        accounts.join(BETWEEN_NAMES),
        media.join("|"),
        names.join(BETWEEN_NAMES),
        thread,
        content,
        post.campaign_id.map(|id| id.0.to_string()).unwrap_or_default(),
        each(|to| to.platform_post_url.clone()),
        each(|to| to.error.clone()),
        post.created_at.to_iso_millis(),
        post.updated_at.to_iso_millis(),
        each(|to| Some(to.warnings.join("\n")).filter(|text| !text.is_empty())),
    ];
    line(&cells.map(Cow::Owned))
}

/// A list or an object as a cell; nothing for an empty one.
fn json<T: serde::Serialize>(value: &T, is_empty: bool) -> Result<String, AppError> {
    if is_empty {
        return Ok(String::new());
    }
    serde_json::to_string(value).map_err(|error| AppError::Internal(Box::new(error)))
}

/// Date and time on the clocks of the post's zone, or the moment.
fn times(post: &PostView) -> (String, String, String) {
    let Some(at) = post.scheduled_for else { return (String::new(), String::new(), String::new()) };
    if let Some((date, time)) = on_the_wall(&post.timezone, at)
        && Wall::read(&post.timezone, &date, &time)
            .is_ok_and(|wall| wall.at == at && wall.kind == WallKind::Once)
    {
        return (date, time, String::new());
    }
    (String::new(), String::new(), exact(at))
}

/// A moment to the microsecond.
fn exact(at: Timestamp) -> String {
    let micros = at.as_micros().rem_euclid(1_000);
    let millis = at.to_iso_millis();
    if micros == 0 { millis } else { millis.replace('Z', &format!("{micros:03}Z")) }
}

fn line(cells: &[Cow<'_, str>]) -> Result<Vec<u8>, AppError> {
    let internal = |error: csv::Error| AppError::Internal(Box::new(error));
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| escape(cell).into_owned())).map_err(internal)?;
    writer.into_inner().map_err(|error| AppError::Internal(error.to_string().into()))
}
