//! One batch in one transaction; on failure, each of its entries in one of its own.

use futures_util::FutureExt as _;

use super::{AnyBox, Entry, Session};
use crate::StoreError;
use crate::hints::{self, Hints};
use crate::record::{self, Record};

/// How often a transaction that lost against another one, or whose connection was lost before its
/// commit was sent, is run again.
const RUNS: u32 = 6;

/// What an entry came to.
enum Value {
    Job(AnyBox),
    Record(bool),
}

/// Writes every entry and answers every caller.
pub(super) async fn write(session: &mut Session, entries: Vec<Entry>, hints: &Hints) {
    telemetry::write_batch(entries.len());
    if entries.len() > 1 {
        match write_together(session, &entries, hints).await {
            Ok(values) => {
                for (entry, value) in entries.into_iter().zip(values) {
                    answer(entry, value);
                }
                return;
            }
            Err(StoreError::Unreachable(reason)) => {
                for entry in entries {
                    entry.refuse(StoreError::Unreachable(reason.clone()));
                }
                return;
            }
            // What may be durable is not written again.
            Err(StoreError::Unsure(reason)) => {
                for entry in entries {
                    entry.refuse(StoreError::Unsure(reason.clone()));
                }
                return;
            }
            // Whose fault it was shows one by one.
            Err(error) => tracing::debug!(error = %error, "a batch of writes is taken apart"),
        }
    }
    for entry in entries {
        match write_alone(session, &entry, hints).await {
            Ok(value) => answer(entry, value),
            Err(error) => entry.refuse(error),
        }
    }
}

fn answer(entry: Entry, value: Value) {
    match (entry, value) {
        (Entry::Job { reply, .. }, Value::Job(value)) => drop(reply.send(Ok(value))),
        (Entry::Record { reply, .. }, Value::Record(written)) => drop(reply.send(Ok(written))),
        (entry, _) => entry.refuse(StoreError::Closed),
    }
}

async fn write_alone(session: &mut Session, entry: &Entry, hints: &Hints) -> Result<Value, StoreError> {
    let mut runs = 1;
    loop {
        match write_together(session, std::slice::from_ref(entry), hints).await {
            Ok(values) => return values.into_iter().next().ok_or(StoreError::Closed),
            Err(error) if runs < RUNS && error.may_run_again() => runs += 1,
            Err(error) => return Err(error),
        }
    }
}

/// All entries in one transaction, or none of them.
async fn write_together(
    session: &mut Session,
    entries: &[Entry],
    hints: &Hints,
) -> Result<Vec<Value>, StoreError> {
    session.begin().await?;
    let (ran, is_awaited) = hints::noting(run_all(session, entries)).await;
    match ran {
        Ok(values) => {
            session.commit().await?;
            if is_awaited {
                hints.give();
            }
            Ok(values)
        }
        Err(error) => {
            session.roll_back().await;
            Err(error)
        }
    }
}

async fn run_all(session: &mut Session, entries: &[Entry]) -> Result<Vec<Value>, StoreError> {
    let records: Vec<&Record> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Record { record, .. } => Some(&**record),
            Entry::Job { .. } => None,
        })
        .collect();
    let mut written = record::write_all(&mut session.conn()?, &records).await?.into_iter();
    let mut values = Vec::with_capacity(entries.len());
    for entry in entries {
        values.push(match entry {
            Entry::Record { .. } => Value::Record(written.next().unwrap_or(false)),
            Entry::Job { run, .. } => {
                let running = std::panic::AssertUnwindSafe(run(session.conn()?));
                Value::Job(running.catch_unwind().await.unwrap_or(Err(StoreError::Panicked))?)
            }
        });
    }
    Ok(values)
}
