//! `POST /posts/bulk-schedule`

use std::collections::BTreeMap;

use app::AppError;
use app::import::{
    Entry, Fetch, Known, Mapping, MediaRef, Row, Target, When, local_moment, media_list, targets_list,
};
use axum::extract::State;
use domain::time::is_known_time_zone;
use serde_json::Value;
use utoipa::ToSchema;

use super::bulk::{Wanted, create_all};
use super::rows;
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::{Fields, text, wrong};
use crate::openapi::WriteErrors;
use crate::wire::{
    BulkCreatedEnvelope, BulkRefused, BulkScheduleDryRun, BulkScheduleDryRunEnvelope, CheckedRow,
};

/// How many rows one call may hold.
const MOST: usize = 100;
/// How many accounts or files one row may name.
const MOST_OF_A_ROW: usize = 100;

/// Rows of a table, each a post.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct BulkScheduleRequest {
    /// The rows.
    #[schema(required, min_items = 1, max_items = 100)]
    posts: Vec<BulkScheduleRow>,
    /// The zone whose clocks the dates and times are of.
    #[schema(required, example = "Europe/Berlin")]
    timezone: String,
    /// Say what would become of the rows, and make nothing.
    #[schema(required = false, rename = "dryRun")]
    dry_run: Option<bool>,
    /// Names that the rows use for accounts, and the accounts' ids.
    #[schema(required = false, rename = "accountMapping")]
    account_mapping: Option<BTreeMap<String, i64>>,
}

/// A row of a table.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct BulkScheduleRow {
    /// The day.
    #[schema(required, example = "2027-01-31", format = Date)]
    date: String,
    /// The time of the day, on a clock of 24 hours.
    #[schema(required, example = "09:30", pattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
    time: String,
    /// The text.
    #[schema(required = false)]
    content: Option<String>,
    /// The accounts: platforms, ids or names, joined by `+`.
    #[schema(required, example = "instagram+facebook")]
    platforms: String,
    /// The name or the id of a file in the library; several are separated by `|`.
    #[schema(required = false)]
    media: Option<String>,
}

/// Schedule up to 100 posts as the rows of a table name them.
///
/// Dates and times are those on the clocks of `timezone`. Where the clocks go forward over a time, the post
/// goes out as much later; where they show it twice, at the first one; `notes` say so. A platform stands for
/// the workspace's only account there. With `dryRun`, nothing is made, and each row is told what would
/// become of it: 200. Otherwise the answer is that of `POST /posts/bulk`.
#[utoipa::path(post, path = "/posts/bulk-schedule", operation_id = "bulk_schedule_posts", tag = "posts",
    request_body = BulkScheduleRequest,
    responses(
        (status = 200, body = BulkScheduleDryRunEnvelope, description = "A dry run: nothing was made."),
        (status = 201, body = BulkCreatedEnvelope, description = "All were made."),
        (status = 207, body = BulkCreatedEnvelope, description = "Some were made."),
        (status = 422, body = BulkRefused, description = "None was made, or the Idempotency-Key was used for another request."),
        WriteErrors))]
pub(crate) async fn bulk_schedule_posts(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let call = read(&body)?;
    let is_platform = |name: &_| state.app.registry.spec(name).is_some();
    let entries: Vec<Entry> = call
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| entry(at, row, &call.zone, &is_platform))
        .collect::<Result<_, _>>()?;
    let mut known = Known::load(&state.app, &scoped.caller, &entries, call.mapping, Fetch::Never).await?;
    let mut wanted = Vec::with_capacity(entries.len());
    for entry in &entries {
        let notes = if let Entry::Post(row) = entry { row.notes.clone() } else { Vec::new() };
        match rows::ready(&state, &scoped, &mut known, entry).await {
            Ok(ready) => wanted.push(Wanted { new: Ok(ready.new), notes: ready.notes }),
            Err(error) if error.status.is_server_error() => return Err(error),
            Err(error) => wanted.push(Wanted { new: Err(error), notes }),
        }
    }
    if !call.dry_run {
        return create_all(&state, &scoped, wanted).await;
    }
    let mut results = Vec::with_capacity(wanted.len());
    for (index, Wanted { new, notes }) in wanted.into_iter().enumerate() {
        results.push(match new {
            Err(error) => CheckedRow::new(index, None, vec![(&error).into()], notes),
            Ok(new) => {
                let (errors, warnings) = rows::look(&state, &scoped, &new, false).await?;
                CheckedRow::new(index, Some(&new), errors, notes.into_iter().chain(warnings).collect())
            }
        });
    }
    Reply::ok(&BulkScheduleDryRun::of(results))
}

/// The members of a call.
struct Call<'a> {
    rows: &'a Vec<Value>,
    zone: String,
    dry_run: bool,
    mapping: Mapping,
}

fn read(body: &Value) -> Result<Call<'_>, ApiError> {
    let fields = Fields::of(body)?;
    let rows = fields.entries("posts")?;
    match rows.len() {
        0 => return Err(ApiError::validation("posts", "posts must hold at least one row.")),
        sent if sent > MOST => return Err(ApiError::bulk_limit(sent, MOST)),
        _ => {}
    }
    let zone = fields.needed_text("timezone")?;
    if !is_known_time_zone(&zone) {
        return Err(AppError::InvalidTimezone(zone.chars().take(100).collect()).into());
    }
    let dry_run = fields.flag("dryRun")?.or(fields.flag("dry_run")?).unwrap_or(false);
    let named = ["accountMapping", "account_mapping"];
    let named = named.into_iter().find_map(|name| Some((name, fields.value(name)?)));
    let mapping = named.map(|(name, value)| Mapping::read(value, name)).transpose()?.unwrap_or_default();
    Ok(Call { rows, zone, dry_run, mapping })
}

/// A row. What is no object of texts is refused as a whole; what the texts say is the row's own matter.
fn entry(
    at: usize,
    value: &Value,
    zone: &str,
    is_platform: &dyn Fn(&domain::PlatformName) -> bool,
) -> Result<Entry, ApiError> {
    let refused = |error: &ApiError| {
        let field = error.details.as_ref().and_then(|details| details["field"].as_str());
        let field = field.unwrap_or("posts").to_owned();
        Ok(Entry::Refused { row: at, field, message: error.message.clone() })
    };
    if !value.is_object() {
        let field = format!("posts[{at}]");
        return refused(&ApiError::validation(&field, format!("{field} must be an object, a row.")));
    }
    match row(at, value, zone, is_platform) {
        Ok(row) => Ok(Entry::Post(Box::new(row))),
        Err(error) if error.status.is_server_error() => Err(error),
        Err(error) => refused(&error),
    }
}

fn row(
    at: usize,
    value: &Value,
    zone: &str,
    is_platform: &dyn Fn(&domain::PlatformName) -> bool,
) -> Result<Row, ApiError> {
    let fields = Fields::of(value)?;
    let (date, time) = (fields.needed_text("date")?, fields.needed_text("time")?);
    let (moment, note) = local_moment(zone, &date, &time)?;
    let targets = match fields.value("platforms") {
        None => Vec::new(),
        Some(Value::String(cell)) => targets_list(cell, is_platform),
        Some(Value::Array(items)) if items.len() <= MOST_OF_A_ROW => {
            items.iter().map(|item| target(item, is_platform)).collect::<Result<_, _>>()?
        }
        Some(other) => return Err(wrong("platforms", "a text such as instagram+facebook", other)),
    };
    if targets.is_empty() {
        return Err(ApiError::validation("platforms", "platforms must name at least one account."));
    }
    let media = match fields.value("media") {
        None => Vec::new(),
        Some(Value::String(cell)) => media_list(cell),
        Some(Value::Array(items)) if items.len() <= MOST_OF_A_ROW => items
            .iter()
            .map(|item| Ok(MediaRef::called(text(item, "media")?.trim())))
            .collect::<Result<_, ApiError>>()?,
        Some(other) => return Err(wrong("media", "the name or the id of a file", other)),
    };
    Ok(Row {
        number: at,
        when: When::At(moment),
        timezone: Some(zone.to_owned()),
        content: fields.text("content")?.unwrap_or_default(),
        targets,
        media,
        notes: note.into_iter().collect(),
        ..Row::default()
    })
}

fn target(item: &Value, is_platform: &dyn Fn(&domain::PlatformName) -> bool) -> Result<Target, ApiError> {
    match (item.as_i64(), item.as_str()) {
        (Some(id), _) => Ok(Target::called(&id.to_string(), is_platform)),
        (None, Some(name)) if !name.trim().is_empty() => Ok(Target::called(name.trim(), is_platform)),
        _ => Err(wrong("platforms", "names or ids of accounts", item)),
    }
}
