//! What tables a database has, asked from the database itself, so that a table or a column that a
//! migration adds is copied without anybody's thinking of it.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use super::TransferError;
use crate::conn::{Conn, on};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
    Uuid,
}

/// A table with its columns by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<(String, Kind)>,
}

/// Without the search index, which is made of the posts when the copy is opened, and without the marks of
/// PostgreSQL's writers.
const SQLITE_COLUMNS: &str = "SELECT t.name, c.name, c.type
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name <> '_sqlx_migrations'
      AND t.name NOT LIKE 'post!_search%' ESCAPE '!' AND c.name <> 'search_id'
    ORDER BY t.name, c.name";
const POSTGRES_COLUMNS: &str = "SELECT c.table_name::TEXT, c.column_name::TEXT, c.data_type::TEXT
    FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
      AND c.table_name NOT IN ('_sqlx_migrations', 'post_search', 'commit_marks') AND c.column_name <> 'search_id'
    ORDER BY c.table_name::TEXT COLLATE \"C\", c.column_name::TEXT COLLATE \"C\"";
const SQLITE_REFERENCES: &str = "SELECT DISTINCT t.name, f.\"table\"
    FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
const POSTGRES_REFERENCES: &str = "SELECT DISTINCT a.relname::TEXT, b.relname::TEXT FROM pg_constraint f
    JOIN pg_class a ON a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid
    WHERE f.contype = 'f' AND a.relnamespace = current_schema()::regnamespace";
const VERSIONS: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";

impl Table {
    pub(super) fn quoted(&self) -> String {
        format!("\"{}\"", self.name)
    }

    /// The columns as a list.
    pub(super) fn names(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        names.join(", ")
    }

    /// A statement that reads everything.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.names(), self.quoted())
    }
}

/// The migrations that the database has seen.
pub(super) async fn versions(conn: Conn<'_>) -> Result<Vec<i64>, TransferError> {
    Ok(on!(conn, |c| sqlx::query_scalar(VERSIONS).fetch_all(&mut *c).await?))
}

/// The tables; those that others refer to come first.
pub(crate) async fn read(mut conn: Conn<'_>) -> Result<Vec<Table>, TransferError> {
    let (columns, references) = match &conn {
        Conn::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Conn::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let rows: Vec<(String, String, String)> =
        on!(&mut conn, |c| sqlx::query_as(AssertSqlSafe(columns)).fetch_all(&mut **c).await?);
    let references: Vec<(String, String)> =
        on!(&mut conn, |c| sqlx::query_as(AssertSqlSafe(references)).fetch_all(&mut **c).await?);
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for (table, column, kind) in rows {
        let Some(known) = parse(&kind) else {
            return Err(TransferError::UnknownType { table, column, kind });
        };
        let entry = tables.entry(table.clone()).or_insert(Table { name: table, columns: Vec::new() });
        entry.columns.push((column, known));
    }
    in_order(tables, &references)
}

fn parse(kind: &str) -> Option<Kind> {
    match kind.to_ascii_lowercase().as_str() {
        "integer" | "int" | "bigint" => Some(Kind::Int),
        "text" => Some(Kind::Text),
        "blob" | "bytea" => Some(Kind::Bytes),
        "uuid" => Some(Kind::Uuid),
        _ => None,
    }
}

fn in_order(
    mut tables: BTreeMap<String, Table>,
    references: &[(String, String)],
) -> Result<Vec<Table>, TransferError> {
    let mut ordered = Vec::with_capacity(tables.len());
    while let Some(name) = tables.keys().find(|name| {
        references.iter().all(|(from, to)| from != *name || to == *name || !tables.contains_key(to))
    }) {
        let name = name.clone();
        ordered.extend(tables.remove(&name));
    }
    match tables.into_keys().next() {
        // Tables that refer to one another cannot be filled one after another.
        Some(name) => Err(TransferError::OtherTable(name)),
        None => Ok(ordered),
    }
}

/// Fails unless both have the same tables and columns, whatever each calls its types.
pub(crate) fn compare(from: &[Table], into: &[Table]) -> Result<(), TransferError> {
    let by_name = |tables: &[Table]| -> BTreeMap<String, Vec<(String, Kind)>> {
        let plain = |kind: Kind| if kind == Kind::Uuid { Kind::Bytes } else { kind };
        tables
            .iter()
            .map(|table| {
                let columns = table.columns.iter().map(|(name, kind)| (name.clone(), plain(*kind)));
                (table.name.clone(), columns.collect())
            })
            .collect()
    };
    let (from, into) = (by_name(from), by_name(into));
    let differs = |name: &&String| from.get(*name) != into.get(*name);
    match from.keys().chain(into.keys()).find(differs) {
        Some(name) => Err(TransferError::OtherTable(name.clone())),
        None => Ok(()),
    }
}
