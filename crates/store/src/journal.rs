//! The journal of a destination: what was tried for it, line by line. What nearly every publish writes
//! stands with the destination, whose row is written anyway; everything else is a row of its own table.
//! Must not know what the lines mean.

use std::collections::HashMap;

use domain::{DestinationId, OrganizationId, PostId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::record::Record;
use crate::rows::{Column, Rows};
use crate::{Store, StoreError};

/// A line in a destination's journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// `intent`, `progress`, `published`, `failed`, `retry`, `look` …
    pub kind: &'static str,
    /// Facts for a person who reads it.
    pub detail: Value,
}

/// A stored line of a journal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JournalRow {
    /// Its number within the destination.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// In which attempt.
    pub attempt: u32,
    /// When.
    #[serde(deserialize_with = "micros")]
    pub at: Timestamp,
    /// Facts.
    pub detail: Value,
}

/// The kinds that stand with the destination.
const OWN: [&str; 2] = ["intent", "published"];
/// After so many claims they go to the table as well: a row that grows for ever is slow to write.
const OWN_CLAIMS: i64 = 8;

/// What the statements that write a destination add to its row; `v.adds_line` is 1 where the note has a line.
/// The line's number is put before the rest of it.
macro_rules! own_line {
    () => {
        ", line_count = destinations.line_count + v.adds_line,
    own_lines = destinations.own_lines || CASE WHEN v.own_line = '' THEN ''
        ELSE ',{\"seq\":' || (destinations.line_count + 1) || v.own_line END"
    };
}
pub(crate) use own_line;

/// Their count has been raised by then. During an update of several nodes an older one may have written lines
/// that it did not count; a number that is taken must not keep an outcome from being recorded.
pub(crate) const JOURNAL: &str =
    "INSERT INTO journal (organization_id, destination_id, seq, kind, attempt, at, detail)
    SELECT v.organization_id, v.id, COALESCE((SELECT MAX(j.seq) + 1 FROM journal j
            WHERE j.organization_id = d.organization_id AND j.destination_id = d.id
              AND j.seq >= d.line_count), d.line_count), v.kind, v.attempt, v.at, v.detail
    FROM v CROSS JOIN destinations d WHERE d.organization_id = v.organization_id AND d.id = v.id";
pub(crate) const JOURNAL_COLUMNS: &str = "organization_id, id, kind, attempt, at, detail";
const LIST: &str = "SELECT seq, kind, attempt, at, detail FROM journal
    WHERE organization_id = $1 AND destination_id = $2 ORDER BY seq";
const OWN_LINES: &str = "SELECT id, own_lines FROM destinations WHERE organization_id = $1 AND id = $2";
/// The latest lines; a destination that is looked for during days has many.
pub(crate) const LIST_OF_POST: &str =
    "SELECT j.destination_id, j.seq, j.kind, j.attempt, j.at, j.detail FROM destinations d
    CROSS JOIN journal j
    WHERE d.organization_id = $1 AND d.post_id = $2 AND j.organization_id = d.organization_id
      AND j.destination_id = d.id ORDER BY j.at DESC, j.seq DESC LIMIT $3";
pub(crate) const OWN_LINES_OF_POST: &str =
    "SELECT id, own_lines FROM destinations WHERE organization_id = $1 AND post_id = $2";

type Line = (i64, String, i64, i64, String);

/// A line as it stands with its destination, behind its number.
#[derive(Serialize)]
struct OwnLine<'a> {
    kind: &'a str,
    attempt: u32,
    at: i64,
    detail: &'a Value,
}

/// How many lines the note adds, and what of them stands with the destination.
pub(crate) fn own_line_of(record: &Record) -> (i64, String) {
    let Some(JournalEntry { kind, detail }) = &record.journal else { return (0, String::new()) };
    if !is_own(record, kind) {
        return (1, String::new());
    }
    let line = OwnLine { kind, attempt: record.work.attempts, at: record.now.as_micros(), detail };
    (1, to_json(&line).replacen('{', ",", 1))
}

fn is_own(record: &Record, kind: &str) -> bool {
    record.lease.token <= OWN_CLAIMS && OWN.contains(&kind)
}

/// Writes the other lines of these notes, which are written themselves.
pub(crate) async fn write(conn: &mut Conn<'_>, records: &[&Record]) -> Result<(), StoreError> {
    let lines: Vec<(&Record, &JournalEntry)> = records
        .iter()
        .filter_map(|record| Some((*record, record.journal.as_ref()?)))
        .filter(|(record, entry)| !is_own(record, entry.kind))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let rows = Rows::new([
        Column::uuids(lines.iter().map(|(record, _)| record.lease.organization_id.0)),
        Column::uuids(lines.iter().map(|(record, _)| record.lease.destination_id.0)),
        Column::texts(lines.iter().map(|(_, entry)| entry.kind)),
        Column::ints(lines.iter().map(|(record, _)| i64::from(record.work.attempts))),
        Column::ints(lines.iter().map(|(record, _)| record.now.as_micros())),
        Column::texts(lines.iter().map(|(_, entry)| to_json(&entry.detail))),
    ]);
    rows.execute(conn, JOURNAL_COLUMNS, JOURNAL).await?;
    Ok(())
}

impl Store {
    /// A destination's journal, oldest line first.
    ///
    /// # Errors
    /// When the database fails or a line cannot be read.
    pub async fn list_journal(
        &self,
        organization: OrganizationId,
        destination: DestinationId,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let mut read = self.read().await?;
        let (rows, own): (Vec<Line>, Vec<(Uuid, String)>) = on!(read.conn(), |c| {
            let bound = (organization.0, destination.0);
            let rows = sqlx::query_as(LIST).bind(bound.0).bind(bound.1).fetch_all(&mut *c).await?;
            (rows, sqlx::query_as(OWN_LINES).bind(bound.0).bind(bound.1).fetch_all(&mut *c).await?)
        });
        let mut lines =
            rows.into_iter().map(|row| read_row(destination, row)).collect::<Result<Vec<_>, _>>()?;
        for (_, own) in own {
            lines.extend(read_own(destination, &own)?);
        }
        lines.sort_by_key(|line| line.seq);
        Ok(lines)
    }

    /// The latest lines in the journals of a post's destinations, `most` at most, oldest first.
    ///
    /// # Errors
    /// When the database fails or a line cannot be read.
    pub async fn list_post_journal(
        &self,
        organization: OrganizationId,
        post: PostId,
        most: u32,
    ) -> Result<Vec<(DestinationId, JournalRow)>, StoreError> {
        type Row = (Uuid, i64, String, i64, i64, String);
        let mut read = self.read().await?;
        let (rows, own): (Vec<Row>, HashMap<Uuid, String>) = on!(read.conn(), |c| {
            let rows = sqlx::query_as(LIST_OF_POST)
                .bind(organization.0)
                .bind(post.0)
                .bind(i64::from(most))
                .fetch_all(&mut *c)
                .await?;
            let own: Vec<(Uuid, String)> = sqlx::query_as(OWN_LINES_OF_POST)
                .bind(organization.0)
                .bind(post.0)
                .fetch_all(&mut *c)
                .await?;
            (rows, own.into_iter().collect())
        });
        let mut lines = Vec::with_capacity(rows.len() + 2 * own.len());
        for (id, seq, kind, attempt, at, detail) in rows {
            let destination = DestinationId(id);
            lines.push((destination, read_row(destination, (seq, kind, attempt, at, detail))?));
        }
        for (id, own) in own {
            let destination = DestinationId(id);
            lines.extend(read_own(destination, &own)?.into_iter().map(|line| (destination, line)));
        }
        lines.sort_by_key(|(_, line)| (line.at, line.seq));
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        lines.drain(..lines.len().saturating_sub(most));
        Ok(lines)
    }
}

fn read_row(
    destination: DestinationId,
    (seq, kind, attempt, at, detail): Line,
) -> Result<JournalRow, StoreError> {
    Ok(JournalRow {
        seq,
        kind,
        attempt: u32::try_from(attempt).unwrap_or(0),
        at: Timestamp::from_micros(at),
        detail: from_json("journal", "detail", &destination, &detail)?,
    })
}

fn read_own(destination: DestinationId, lines: &str) -> Result<Vec<JournalRow>, StoreError> {
    let list = format!("[{}]", lines.strip_prefix(',').unwrap_or(lines));
    from_json("destinations", "own_lines", &destination, &list)
}

fn micros<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    i64::deserialize(deserializer).map(Timestamp::from_micros)
}
