//! Values between the two databases: reading a row whatever its columns, writing many at once, and
//! sums that are the same wherever and in whichever order the rows are read.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, Postgres, QueryBuilder, Row as _, Sqlite, TypeInfo as _, ValueRef as _};
use uuid::Uuid;

use super::TransferError;
use super::tables::{Kind, Table};

/// The most values in one statement (SQLite: 32,766).
const MOST_VALUES: usize = 16_000;
const MOST_BYTES: usize = 2_000_000;

/// A table's content in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// The table.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// The sum of the hashes of its rows, in hex; the order of rows does not matter.
    pub checksum: String,
}

/// A value. Ids and bytes are the same to a sum.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    fn size_bytes(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) => 8,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// Adds up the hashes of rows.
#[derive(Default)]
pub(super) struct Sum {
    rows: u64,
    lanes: [u64; 4],
}

impl Sum {
    pub(super) fn add(&mut self, row: &[Value]) {
        let mut hash = Sha256::new();
        let mut part = |tag: u8, bytes: &[u8]| {
            hash.update([tag]);
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(bytes);
        };
        for value in row {
            match value {
                Value::Null => part(0, &[]),
                Value::Int(value) => part(1, &value.to_be_bytes()),
                Value::Text(text) => part(2, text.as_bytes()),
                Value::Bytes(bytes) => part(3, bytes),
            }
        }
        self.rows += 1;
        for (lane, bytes) in self.lanes.iter_mut().zip(hash.finalize().chunks_exact(8)) {
            let bytes: [u8; 8] = bytes.try_into().unwrap_or_default();
            *lane = lane.wrapping_add(u64::from_be_bytes(bytes));
        }
    }

    pub(super) fn of(self, name: &str) -> TableSum {
        let mut checksum = String::with_capacity(64);
        for lane in self.lanes {
            let _ = write!(checksum, "{lane:016x}");
        }
        TableSum { name: name.to_owned(), rows: self.rows, checksum }
    }
}

/// Rows that are to be written to a table.
pub(super) struct Batch<'t> {
    table: &'t Table,
    rows: Vec<Vec<Value>>,
    size_bytes: usize,
}

impl<'t> Batch<'t> {
    pub(super) fn new(table: &'t Table) -> Self {
        Self { table, rows: Vec::new(), size_bytes: 0 }
    }

    /// Adds a row; `true` when the batch is full.
    pub(super) fn push(&mut self, row: Vec<Value>) -> bool {
        self.size_bytes += row.iter().map(Value::size_bytes).sum::<usize>();
        self.rows.push(row);
        self.size_bytes >= MOST_BYTES || (self.rows.len() + 1) * self.table.columns.len() > MOST_VALUES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The statement up to the rows.
    pub(super) fn insert(&self) -> String {
        format!("INSERT INTO {} ({}) VALUES ", self.table.quoted(), self.table.names())
    }

    /// The rows as the target's columns take them.
    pub(super) fn take(&mut self) -> Result<Vec<Vec<Bound>>, TransferError> {
        self.size_bytes = 0;
        let table = self.table;
        std::mem::take(&mut self.rows)
            .into_iter()
            .map(|row| {
                row.into_iter()
                    .zip(&table.columns)
                    .map(|(value, (name, kind))| {
                        bound(value, *kind).ok_or_else(|| TransferError::UnknownType {
                            table: table.name.clone(),
                            column: name.clone(),
                            kind: format!("{kind:?}"),
                        })
                    })
                    .collect()
            })
            .collect()
    }
}

/// A value with the type of its column.
pub(super) enum Bound {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
}

fn bound(value: Value, kind: Kind) -> Option<Bound> {
    Some(match (kind, value) {
        (Kind::Int, Value::Null) => Bound::Int(None),
        (Kind::Int, Value::Int(value)) => Bound::Int(Some(value)),
        (Kind::Text, Value::Null) => Bound::Text(None),
        (Kind::Text, Value::Text(value)) => Bound::Text(Some(value)),
        (Kind::Bytes, Value::Null) => Bound::Bytes(None),
        (Kind::Bytes, Value::Bytes(value)) => Bound::Bytes(Some(value)),
        (Kind::Uuid, Value::Null) => Bound::Uuid(None),
        (Kind::Uuid, Value::Bytes(value)) => Bound::Uuid(Some(Uuid::from_slice(&value).ok()?)),
        _ => return None,
    })
}

/// A row of either database.
pub(super) trait ReadRow {
    /// Its values, in order.
    fn values(&self) -> Result<Vec<Value>, TransferError>;
}

/// A statement that takes many rows.
pub(super) trait Cells {
    fn push_rows(&mut self, rows: Vec<Vec<Bound>>);
}

macro_rules! database {
    ($row:ty, $database:ty) => {
        impl ReadRow for $row {
            fn values(&self) -> Result<Vec<Value>, TransferError> {
                let mut values = Vec::with_capacity(self.len());
                for at in 0..self.len() {
                    let raw = self.try_get_raw(at)?;
                    let kind = raw.type_info().name().to_ascii_uppercase();
                    if raw.is_null() {
                        values.push(Value::Null);
                        continue;
                    }
                    values.push(match kind.as_str() {
                        "INTEGER" | "INT8" => Value::Int(self.try_get(at)?),
                        "TEXT" => Value::Text(self.try_get(at)?),
                        "UUID" => Value::Bytes(self.try_get::<Uuid, _>(at)?.into_bytes().to_vec()),
                        "BLOB" | "BYTEA" => Value::Bytes(self.try_get(at)?),
                        _ => {
                            return Err(TransferError::UnknownType {
                                table: String::new(),
                                column: self.column(at).name().to_owned(),
                                kind,
                            });
                        }
                    });
                }
                Ok(values)
            }
        }

        impl Cells for QueryBuilder<$database> {
            fn push_rows(&mut self, rows: Vec<Vec<Bound>>) {
                for (number, row) in rows.into_iter().enumerate() {
                    self.push(if number == 0 { "(" } else { ", (" });
                    let mut list = self.separated(", ");
                    for value in row {
                        match value {
                            Bound::Int(value) => list.push_bind(value),
                            Bound::Text(value) => list.push_bind(value),
                            Bound::Bytes(value) => list.push_bind(value),
                            Bound::Uuid(value) => list.push_bind(value),
                        };
                    }
                    self.push(")");
                }
            }
        }
    };
}
database!(SqliteRow, Sqlite);
database!(PgRow, Postgres);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_knows_every_value_and_no_order() {
        let sum = |rows: &[&Vec<Value>]| {
            let mut sum = Sum::default();
            for row in rows {
                sum.add(row);
            }
            sum.of("t")
        };
        let one = vec![Value::Int(1), Value::Text("a".to_owned())];
        let two = vec![Value::Null, Value::Text("b".to_owned())];
        let moved = vec![Value::Text("1".to_owned()), Value::Text("a".to_owned())];
        assert_eq!(sum(&[&one, &two]), sum(&[&two, &one]));
        assert_ne!(sum(&[&one]), sum(&[&two]));
        assert_ne!(sum(&[&one]), sum(&[&one, &two]));
        assert_ne!(sum(&[&one]), sum(&[&moved]));
    }
}
