//! Many rows as one argument of a statement, so that a batch costs one round trip: a list of
//! values on SQLite, arrays on PostgreSQL. The statement around it is the same text on both.
//!
//! A statement that reads begins its `FROM` with `v CROSS JOIN`: SQLite keeps that order, where it
//! would otherwise rather walk through a whole table to look each row up in the batch.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Postgres, QueryBuilder, Sqlite};
use uuid::Uuid;

use crate::StoreError;
use crate::conn::{Conn, on};

/// The most rows that one statement takes; SQLite allows 32,766 values in one.
pub(crate) const MOST_ROWS: usize = 500;
/// How many rows the texts of statements have room for on SQLite.
const ROOMS: [usize; 5] = [1, 8, 32, 128, MOST_ROWS];

/// A column of a batch.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Uuid(Vec<Uuid>),
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
}

/// Columns of equal length.
#[derive(Clone, Debug)]
pub(crate) struct Rows(Vec<Column>);

impl Column {
    /// Ids, one a row.
    pub(crate) fn uuids(values: impl IntoIterator<Item = Uuid>) -> Self {
        Self::Uuid(values.into_iter().collect())
    }

    /// Numbers, one a row.
    pub(crate) fn ints(values: impl IntoIterator<Item = i64>) -> Self {
        Self::Int(values.into_iter().map(Some).collect())
    }

    /// Numbers or nothing, one a row.
    pub(crate) fn maybe_ints(values: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::Int(values.into_iter().collect())
    }

    /// Texts, one a row.
    pub(crate) fn texts<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Text(values.into_iter().map(|text| Some(text.into())).collect())
    }

    /// Texts or nothing, one a row.
    pub(crate) fn maybe_texts<T: Into<String>>(values: impl IntoIterator<Item = Option<T>>) -> Self {
        Self::Text(values.into_iter().map(|text| text.map(Into::into)).collect())
    }

    fn len(&self) -> usize {
        match self {
            Self::Uuid(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }
}

impl Rows {
    pub(crate) fn new<const N: usize>(columns: [Column; N]) -> Self {
        Self(columns.into())
    }

    /// As [`Rows::new`], of columns that are counted only when it runs.
    #[cfg(test)]
    pub(crate) fn of(columns: Vec<Column>) -> Self {
        Self(columns)
    }

    fn len(&self) -> usize {
        self.0.first().map_or(0, Column::len)
    }

    /// Runs `WITH v (names) AS (these rows) text`; returns how many rows it changed.
    pub(crate) async fn execute(
        &self,
        conn: &mut Conn<'_>,
        names: &'static str,
        text: &'static str,
    ) -> Result<u64, StoreError> {
        Ok(on!(conn, |c| self.statement(names, text).build().execute(&mut **c).await?.rows_affected()))
    }

    /// Runs `WITH v (names) AS (these rows) text` and reads what it returns.
    pub(crate) async fn query_as<T>(
        &self,
        conn: &mut Conn<'_>,
        names: &'static str,
        text: &'static str,
    ) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        Ok(on!(conn, |c| self.statement(names, text).build_query_as().fetch_all(&mut **c).await?))
    }

    fn statement<DB: Dialect>(&self, names: &'static str, text: &'static str) -> QueryBuilder<DB> {
        let mut query = QueryBuilder::new("WITH v (");
        query.push(names).push(") AS (");
        DB::push_batch(&mut query, self);
        query.push(") ").push(text);
        query
    }
}

/// How a database takes many rows.
pub(crate) trait Dialect: sqlx::Database {
    /// Adds these rows as a query of its own.
    fn push_rows(query: &mut QueryBuilder<Self>, rows: &Rows);

    /// As [`Dialect::push_rows`], in a text that many batches share. No values may be bound after it.
    fn push_batch(query: &mut QueryBuilder<Self>, rows: &Rows) {
        Self::push_rows(query, rows);
    }

    /// Adds a value where a statement is put together from parts.
    fn push_value(query: &mut QueryBuilder<Self>, value: Value);
}

/// A value of a statement that is put together from parts.
pub(crate) enum Value {
    Uuid(Uuid),
    Int(i64),
    Text(String),
}

impl Dialect for Sqlite {
    fn push_rows(query: &mut QueryBuilder<Self>, rows: &Rows) {
        query.push("VALUES ");
        for row in 0..rows.len() {
            query.push(if row == 0 { "(" } else { ", (" });
            let mut list = query.separated(", ");
            for column in &rows.0 {
                match column {
                    Column::Uuid(values) => list.push_bind(values[row]),
                    Column::Int(values) => list.push_bind(values[row]),
                    Column::Text(values) => list.push_bind(values[row].clone()),
                };
            }
            query.push(")");
        }
    }

    /// The text has room for more rows than there may be, so that few texts serve any number of them and
    /// each is prepared once. What is not bound is never read: the rows end before it. Their number stands
    /// first because SQLite counts what is bound from the left.
    fn push_batch(query: &mut QueryBuilder<Self>, rows: &Rows) {
        let count = rows.len();
        let room = ROOMS.into_iter().find(|room| count <= *room).unwrap_or(count);
        query.push("WITH n (most) AS (SELECT ").push_bind(i64::try_from(count).unwrap_or(i64::MAX));
        query.push(") SELECT * FROM (");
        Self::push_rows(query, rows);
        let unbound = format!(", ({})", vec!["?"; rows.0.len()].join(", "));
        query.push(unbound.repeat(room - count)).push(") LIMIT (SELECT most FROM n)");
    }

    fn push_value(query: &mut QueryBuilder<Self>, value: Value) {
        match value {
            Value::Uuid(value) => query.push_bind(value),
            Value::Int(value) => query.push_bind(value),
            Value::Text(value) => query.push_bind(value),
        };
    }
}

impl Dialect for Postgres {
    fn push_rows(query: &mut QueryBuilder<Self>, rows: &Rows) {
        query.push("SELECT * FROM UNNEST(");
        let mut list = query.separated(", ");
        for column in &rows.0 {
            match column {
                Column::Uuid(values) => list.push_bind(values.clone()).push_unseparated("::UUID[]"),
                Column::Int(values) => list.push_bind(values.clone()).push_unseparated("::BIGINT[]"),
                Column::Text(values) => list.push_bind(values.clone()).push_unseparated("::TEXT[]"),
            };
        }
        query.push(")");
    }

    fn push_value(query: &mut QueryBuilder<Self>, value: Value) {
        match value {
            Value::Uuid(value) => query.push_bind(value),
            Value::Int(value) => query.push_bind(value),
            Value::Text(value) => query.push_bind(value),
        };
    }
}
