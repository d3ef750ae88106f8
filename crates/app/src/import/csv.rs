//! Tables: CSV as spreadsheets write it, with commas, semicolons or tabs.

use std::collections::HashSet;

use ::csv::{ByteRecord, ReaderBuilder};
use domain::{AccountId, CampaignId, PlatformName, Timestamp};

use super::cells::unescape;
use super::file::{MOST_ROWS, Reading};
use super::row::local_moment;
use super::{Entry, MediaRef, Row, Target, When, media_list, targets_list};
use crate::AppError;
use crate::posts::PlatformContent;

/// Columns whose cells are read.
const READ: [&str; 16] = [
    "date",
    "time",
    "scheduled_for",
    "timezone",
    "content",
    "platforms",
    "account_names",
    "media",
    "media_names",
    "title",
    "first_comment",
    "thread_posts",
    "platform_content",
    "campaign_id",
    "status",
    "post_id",
];
/// Columns that only an export has.
const ANSWERED: [&str; 5] = ["urls", "errors", "warnings", "created_at", "updated_at"];
/// What joins the names of accounts and of files, which stand in the order of the ids.
pub(crate) const BETWEEN_NAMES: &str = " | ";

/// Reads a table. Its first row has the names of the columns.
pub(super) fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Vec<Entry>, AppError> {
    let (bytes, delimiter) = delimiter(bytes);
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut columns: Option<Vec<String>> = None;
    let mut entries = Vec::new();
    let (places, is_open) = places(bytes, delimiter);
    let mut places = places.into_iter();
    let mut number = 0;
    loop {
        let there = reader.read_byte_record(&mut record);
        if !there.map_err(|error| AppError::bad_file(format!("The table cannot be read: {error}.")))? {
            break;
        }
        number = places.next().unwrap_or(number + 1);
        let cells = texts(&record, number, columns.as_deref())?;
        let Some(columns) = &columns else {
            columns = Some(header(&cells)?);
            continue;
        };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if entries.len() == MOST_ROWS {
            return Err(AppError::bad_file(format!(
                "The file has more than {MOST_ROWS} posts; send {MOST_ROWS} at most in one file."
            )));
        }
        entries.push(entry(number, columns, &cells, reading));
    }
    if is_open {
        let message = format!("A quote in row {number} is not closed; the rest of the file is in one cell.");
        return Err(AppError::BadFile { row: Some(number), column: None, message });
    }
    Ok(entries)
}

/// What separates cells: what a first line `sep=;` says, or what the row of names has most of.
fn delimiter(bytes: &[u8]) -> (&[u8], u8) {
    if let Some(rest) = bytes.strip_prefix(b"sep=")
        && let Some((&delimiter, rest)) = rest.split_first()
    {
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        return (rest.strip_prefix(b"\n").unwrap_or(rest), delimiter);
    }
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == delimiter);
                }
            }
            _ => {}
        }
    }
    // Where two are as frequent, the earlier one of the list.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    (bytes, best.map_or(b',', |(delimiter, _)| *delimiter))
}

/// The cells as texts.
fn texts(record: &ByteRecord, row: usize, columns: Option<&[String]>) -> Result<Vec<String>, AppError> {
    let named = |at: usize| {
        columns.and_then(|columns| columns.get(at).cloned()).unwrap_or_else(|| format!("number {}", at + 1))
    };
    let mut cells = Vec::with_capacity(record.len());
    for (at, cell) in record.iter().enumerate() {
        let bad = |what: &str| AppError::bad_cell(row, named(at), what);
        let text =
            std::str::from_utf8(cell).map_err(|_| bad("is not in UTF-8; save the file as \"CSV UTF-8\""))?;
        if text.contains('\0') {
            return Err(bad("must not hold NUL characters"));
        }
        cells.push(unescape(text).to_owned());
    }
    Ok(cells)
}

/// The names of the columns in their plain form.
fn header(cells: &[String]) -> Result<Vec<String>, AppError> {
    let plain = |cell: &String| {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        match name.as_str() {
            "text" | "caption" => "content".to_owned(),
            "accounts" | "account_ids" | "platform" => "platforms".to_owned(),
            "id" => "post_id".to_owned(),
            _ => name,
        }
    };
    let columns: Vec<String> = cells.iter().map(plain).collect();
    let mut seen = HashSet::new();
    if let Some(twice) = columns.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
        return Err(AppError::bad_cell(1, twice.clone(), "is there twice"));
    }
    if ["content", "media"].iter().all(|name| !seen.contains(name)) {
        return Err(AppError::bad_file(
            "The first row must have the names of the columns: date, time, content, platforms, media.",
        ));
    }
    Ok(columns)
}

/// Where the rows that are not empty stand, as a spreadsheet counts them: the reader passes over empty
/// lines. And whether a quote is open at the end, which makes one cell of the rest of the file.
fn places(bytes: &[u8], delimiter: u8) -> (Vec<usize>, bool) {
    let mut places = Vec::new();
    let (mut row, mut is_empty) = (1, true);
    let (mut quoted, mut begins) = (false, true);
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if quoted {
            if byte == b'"' && rest.next_if_eq(&b'"').is_none() {
                quoted = false;
            }
            continue;
        }
        if matches!(byte, b'\r' | b'\n') {
            if byte == b'\r' {
                rest.next_if_eq(&b'\n');
            }
            (row, is_empty, begins) = (row + 1, true, true);
            continue;
        }
        if is_empty {
            places.push(row);
            is_empty = false;
        }
        quoted = byte == b'"' && begins;
        begins = byte == delimiter;
    }
    (places, quoted)
}

/// A row's cells by the names of their columns.
struct Cells<'a> {
    columns: &'a [String],
    cells: &'a [String],
}

impl<'a> Cells<'a> {
    /// The cell as it is.
    fn whole(&self, column: &str) -> &'a str {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }

    /// The cell without the spaces around it; `None` for an empty one.
    fn get(&self, column: &str) -> Option<&'a str> {
        Some(self.whole(column).trim()).filter(|cell| !cell.is_empty())
    }

    /// What has no meaning here and is not empty.
    fn unknown(&self) -> impl Iterator<Item = &'a str> {
        let known = |name: &str| READ.contains(&name) || ANSWERED.contains(&name);
        let cells = self.columns.iter().zip(self.cells);
        cells
            .filter(move |(name, cell)| !name.is_empty() && !known(name) && !cell.trim().is_empty())
            .map(|(name, _)| name.as_str())
    }
}

fn entry(number: usize, columns: &[String], cells: &[String], reading: &Reading<'_>) -> Entry {
    let refused = |error: AppError| {
        let (field, message) = match error {
            AppError::Validation { field, message } => (field, message),
            other => ("timezone".to_owned(), other.to_string()),
        };
        Entry::Refused { row: number, field, message }
    };
    if cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
        let message = format!("The row has {} cells, and there are {} columns.", cells.len(), columns.len());
        return refused(AppError::validation("row", message));
    }
    let cells = Cells { columns, cells };
    if let Some(status) = cells.get("status").filter(|word| is_over(word)) {
        let why = format!("Its status is \"{status}\": it went out already, or tried to.");
        return Entry::Skipped { row: number, why };
    }
    row(number, &cells, reading).map_or_else(refused, |row| Entry::Post(Box::new(row)))
}

/// Whether a post with this status is none that is still to go out.
pub(super) fn is_over(status: &str) -> bool {
    let word = status.trim().to_ascii_lowercase();
    matches!(word.as_str(), "published" | "publishing" | "partially_failed" | "failed")
}

fn row(number: usize, cells: &Cells<'_>, reading: &Reading<'_>) -> Result<Row, AppError> {
    let mut notes: Vec<String> =
        cells.unknown().map(|name| format!("The column \"{name}\" has no meaning here.")).collect();
    let zone = cells.get("timezone").or(reading.zone);
    let when = when(cells, zone, reading, &mut notes)?;
    Ok(Row {
        number,
        when,
        timezone: zone.map(ToOwned::to_owned),
        content: cells.whole("content").to_owned(),
        thread: json(cells, "thread_posts", "a list of texts, such as [\"second part\"]")?,
        targets: targets(cells, reading),
        media: media(cells),
        title: cells.get("title").map(ToOwned::to_owned),
        first_comment: cells.get("first_comment").map(ToOwned::to_owned),
        platform_content: json::<PlatformContent>(cells, "platform_content", "an object, by platform")?,
        campaign_id: campaign(cells)?,
        post_id: cells.get("post_id").and_then(|text| text.parse().ok()),
        notes,
    })
}

fn when(
    cells: &Cells<'_>,
    zone: Option<&str>,
    reading: &Reading<'_>,
    notes: &mut Vec<String>,
) -> Result<When, AppError> {
    let (date, time) = (cells.get("date"), cells.get("time"));
    let at = match (cells.get("scheduled_for"), date, time) {
        (None, None, None) => None,
        (Some(text), None, None) => Some(Timestamp::parse(text).map_err(|_| {
            let message = "scheduled_for must be an ISO 8601 time such as 2027-01-31T09:00:00Z.";
            AppError::validation("scheduled_for", message)
        })?),
        (None, Some(date), Some(time)) => {
            let (at, note) = local_moment(zone.unwrap_or(reading.zone()), date, time)?;
            notes.extend(note);
            Some(at)
        }
        (None, Some(_), None) => return Err(AppError::validation("time", "There is a date, and no time.")),
        (None, None, Some(_)) => return Err(AppError::validation("date", "There is a time, and no date.")),
        (Some(_), _, _) => {
            return Err(AppError::validation("scheduled_for", "Send scheduled_for, or date and time."));
        }
    };
    let is_draft = cells.get("status").is_some_and(|word| word.eq_ignore_ascii_case("draft"));
    Ok(match at {
        None => When::Draft,
        Some(at) if is_draft => When::DraftFor(at),
        Some(at) => When::At(at),
    })
}

/// The accounts. Names that stand beside ids tell which accounts the ids meant where they come from.
fn targets(cells: &Cells<'_>, reading: &Reading<'_>) -> Vec<Target> {
    let mut targets = targets_list(cells.whole("platforms"), reading.is_platform);
    let names: Vec<&str> = cells
        .get("account_names")
        .map_or_else(Vec::new, |cell| cell.split(BETWEEN_NAMES).map(str::trim).collect());
    if names.len() != targets.len() {
        return targets;
    }
    for (target, name) in targets.iter_mut().zip(names) {
        if let (Some(_), Some((platform, name))) = (target.id, name.split_once(':')) {
            target.platform = Some(PlatformName::from_text(platform));
            target.names = vec![name.to_owned()];
        }
    }
    targets
}

fn media(cells: &Cells<'_>) -> Vec<MediaRef> {
    let mut media = media_list(cells.whole("media"));
    let names: Vec<&str> = cells
        .get("media_names")
        .map_or_else(Vec::new, |cell| cell.split(BETWEEN_NAMES).map(str::trim).collect());
    if names.len() == media.len() {
        for (file, name) in media.iter_mut().zip(names) {
            if file.id.is_some() {
                file.name = Some(name.to_owned());
            }
        }
    }
    media
}

fn campaign(cells: &Cells<'_>) -> Result<Option<CampaignId>, AppError> {
    let id = cells.get("campaign_id").map(|text| {
        text.parse::<i64>()
            .map_err(|_| AppError::validation("campaign_id", "campaign_id must be an integer."))
    });
    Ok(id.transpose()?.map(CampaignId))
}

fn json<T: serde::de::DeserializeOwned + Default>(
    cells: &Cells<'_>,
    column: &str,
    what: &str,
) -> Result<T, AppError> {
    let Some(cell) = cells.get(column) else { return Ok(T::default()) };
    serde_json::from_str(cell)
        .map_err(|error| AppError::validation(column, format!("{column} must be JSON, {what}: {error}.")))
}

/// The ids of accounts as a cell has them.
pub(crate) fn ids_cell(ids: &[AccountId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    ids.join("+")
}
