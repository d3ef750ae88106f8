//! Replacing the encryption key: every sealed value that was written with another key than the present
//! one is sealed anew, a few at a time, while servers go on working.

use std::sync::Arc;

use domain::{AccountId, ConnectId, OrganizationId, PlatformName, WebhookId};
use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;

use crate::conn::on;
use crate::credentials::bound_row;
use crate::{
    Keyring, Store, StoreError, ai_provider, connect_sessions, idempotency, platform_apps, webhooks,
};

/// How many rows are read, and at most written, at a time.
const PAGE: i64 = 100;

/// A column of a key that tells rows apart.
#[derive(Clone, Copy, Debug)]
enum KeyColumn {
    Uuid(&'static str),
    Int(&'static str),
    Text(&'static str),
}

impl KeyColumn {
    const fn name(self) -> &'static str {
        match self {
            Self::Uuid(name) | Self::Int(name) | Self::Text(name) => name,
        }
    }
}

/// Its value in one row.
#[derive(Clone, Debug, PartialEq)]
enum KeyValue {
    Uuid(Uuid),
    Int(i64),
    Text(String),
}

/// A column of sealed values.
struct SealedColumn {
    table: &'static str,
    column: &'static str,
    key: &'static [KeyColumn],
    /// The row that a value is bound to, as whoever seals it names it.
    bound: fn(&[KeyValue]) -> Option<String>,
}

/// Every sealed column there is. Whoever seals another one adds it here.
const SEALED: &[SealedColumn] = &[
    SealedColumn {
        table: "accounts",
        column: "credentials",
        key: &[KeyColumn::Uuid("organization_id"), KeyColumn::Int("id")],
        bound: |key| match key {
            [KeyValue::Uuid(organization), KeyValue::Int(account)] => {
                Some(bound_row(OrganizationId(*organization), AccountId(*account)))
            }
            _ => None,
        },
    },
    of_session("secrets", |key| session_row(key, "secrets")),
    of_session("found", |key| session_row(key, "found")),
    SealedColumn {
        table: "platform_apps",
        column: "client_secret",
        key: &[KeyColumn::Text("platform")],
        bound: |key| match key {
            [KeyValue::Text(platform)] => Some(platform_apps::bound_row(&PlatformName::from_text(platform))),
            _ => None,
        },
    },
    SealedColumn {
        table: "ai_provider",
        column: "api_key",
        key: &[KeyColumn::Int("id")],
        bound: |_| Some(ai_provider::BOUND_ROW.to_owned()),
    },
    SealedColumn {
        table: "webhooks",
        column: "secret",
        key: &[KeyColumn::Uuid("organization_id"), KeyColumn::Uuid("id")],
        bound: |key| match key {
            [KeyValue::Uuid(organization), KeyValue::Uuid(id)] => {
                Some(webhooks::bound_row(OrganizationId(*organization), WebhookId(*id)))
            }
            _ => None,
        },
    },
    SealedColumn {
        table: "idempotency_keys",
        column: "answer",
        key: &[KeyColumn::Uuid("organization_id"), KeyColumn::Uuid("id")],
        bound: |key| match key {
            [KeyValue::Uuid(organization), KeyValue::Uuid(id)] => {
                Some(idempotency::bound_row(OrganizationId(*organization), *id))
            }
            _ => None,
        },
    },
];

const fn of_session(column: &'static str, bound: fn(&[KeyValue]) -> Option<String>) -> SealedColumn {
    let key = &[KeyColumn::Uuid("organization_id"), KeyColumn::Uuid("id")];
    SealedColumn { table: "connect_sessions", column, key, bound }
}

fn session_row(key: &[KeyValue], column: &str) -> Option<String> {
    match key {
        [KeyValue::Uuid(organization), KeyValue::Uuid(id)] => {
            Some(connect_sessions::bound_row(OrganizationId(*organization), ConnectId(*id), column))
        }
        _ => None,
    }
}

/// What a pass over all sealed values did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values that were looked at.
    pub looked_at: u64,
    /// Values that were sealed anew.
    pub changed: u64,
    /// Values under another key that were changed by somebody else meanwhile.
    pub overtaken: u64,
    /// Values that no key opens.
    pub unreadable: u64,
}

impl Resealed {
    /// Whether nothing is left that needs another key than the present one.
    pub fn is_done(&self) -> bool {
        self.changed == 0 && self.overtaken == 0 && self.unreadable == 0
    }
}

struct Found {
    key: Vec<KeyValue>,
    sealed: Vec<u8>,
}

struct Change {
    found: Found,
    sealed: Vec<u8>,
}

macro_rules! bind_key {
    ($query:expr, $key:expr) => {{
        let mut query = $query;
        for value in $key {
            query = match value {
                KeyValue::Uuid(value) => query.bind(*value),
                KeyValue::Int(value) => query.bind(*value),
                KeyValue::Text(value) => query.bind(value.clone()),
            };
        }
        query
    }};
}

impl Store {
    /// Goes once over every sealed value and seals those anew that another key than the present one
    /// was used for. `nonce` gives 24 random bytes, never the same twice.
    ///
    /// # Errors
    /// When the database fails; what was changed by then stays changed.
    pub async fn reseal(&self, mut nonce: impl FnMut() -> [u8; 24] + Send) -> Result<Resealed, StoreError> {
        let mut sum = Resealed::default();
        for column in SEALED {
            let mut after: Option<Vec<KeyValue>> = None;
            loop {
                let found = self.sealed_page(column, after.as_deref()).await?;
                let is_last = found.len() < usize::try_from(PAGE).unwrap_or(0);
                after = found.last().map(|found| found.key.clone());
                self.reseal_page(column, found, &mut nonce, &mut sum).await?;
                if is_last {
                    break;
                }
            }
        }
        Ok(sum)
    }

    async fn sealed_page(
        &self,
        column: &SealedColumn,
        after: Option<&[KeyValue]>,
    ) -> Result<Vec<Found>, StoreError> {
        let text = select(column, after.is_some());
        let after = after.unwrap_or_default();
        let mut read = self.read().await?;
        on!(read.conn(), |c| {
            let query = bind_key!(sqlx::query(AssertSqlSafe(text)), after).bind(PAGE);
            let rows = query.fetch_all(&mut *c).await?;
            rows.iter()
                .map(|row| {
                    let key = column.key.iter().map(|part| match part {
                        KeyColumn::Uuid(name) => row.try_get(*name).map(KeyValue::Uuid),
                        KeyColumn::Int(name) => row.try_get(*name).map(KeyValue::Int),
                        KeyColumn::Text(name) => row.try_get(*name).map(KeyValue::Text),
                    });
                    Ok(Found { key: key.collect::<Result<_, _>>()?, sealed: row.try_get(column.column)? })
                })
                .collect()
        })
    }

    async fn reseal_page(
        &self,
        column: &SealedColumn,
        found: Vec<Found>,
        nonce: &mut (impl FnMut() -> [u8; 24] + Send),
        sum: &mut Resealed,
    ) -> Result<(), StoreError> {
        let current = self.keyring.current();
        let mut changes = Vec::new();
        for found in found {
            sum.looked_at += 1;
            if Keyring::number_of(&found.sealed) == Some(current) {
                continue;
            }
            let Some(row) = (column.bound)(&found.key) else { continue };
            match self.keyring.open(&row, &found.sealed) {
                Ok(secret) => {
                    let sealed = self.keyring.seal(&row, &secret, nonce())?;
                    changes.push(Change { found, sealed });
                }
                Err(_) => sum.unreadable += 1,
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let count = u64::try_from(changes.len()).unwrap_or(0);
        let written = self.write_resealed(update(column), changes).await?;
        sum.changed += written;
        sum.overtaken += count - written;
        Ok(())
    }

    /// A value that was changed since it was read is left alone: whoever changed it sealed it.
    async fn write_resealed(&self, text: String, changes: Vec<Change>) -> Result<u64, StoreError> {
        let changes = Arc::new(changes);
        self.writer
            .run(move |mut conn| {
                let (text, changes) = (text.clone(), Arc::clone(&changes));
                Box::pin(async move {
                    let mut written = 0;
                    for change in changes.iter() {
                        written += on!(&mut conn, |c| {
                            let query =
                                bind_key!(sqlx::query(AssertSqlSafe(text.clone())), &change.found.key);
                            query
                                .bind(&change.found.sealed)
                                .bind(&change.sealed)
                                .execute(&mut **c)
                                .await?
                                .rows_affected()
                        });
                    }
                    Ok(written)
                })
            })
            .await
    }
}

fn key_names(column: &SealedColumn) -> String {
    column.key.iter().map(|part| part.name()).collect::<Vec<_>>().join(", ")
}

fn select(column: &SealedColumn, after: bool) -> String {
    let (names, SealedColumn { table, column: sealed, key, .. }) = (key_names(column), column);
    let marks = (1..=key.len()).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
    let (condition, limit) =
        if after { (format!(" AND ({names}) > ({marks})"), key.len() + 1) } else { (String::new(), 1) };
    format!(
        "SELECT {names}, {sealed} FROM {table} WHERE {sealed} IS NOT NULL{condition} ORDER BY {names} LIMIT ${limit}"
    )
}

fn update(column: &SealedColumn) -> String {
    let SealedColumn { table, column: sealed, key, .. } = column;
    let same: Vec<String> =
        key.iter().enumerate().map(|(at, part)| format!("{} = ${}", part.name(), at + 1)).collect();
    let (old, new) = (key.len() + 1, key.len() + 2);
    format!("UPDATE {table} SET {sealed} = ${new} WHERE {} AND {sealed} = ${old}", same.join(" AND "))
}
