//! What a restore does: whatever may have gone out after the backup is looked up before anything is
//! sent, and everybody signs in again.

use std::path::Path;

use domain::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::{TransferError, take_postgres};
use crate::conn::{Conn, on};

/// What may have gone out between the two moments, by the backup's knowledge. What waited for an approval
/// may have got it.
const OPEN: &str = "(run_at IS NOT NULL OR awaits_approval = 1) AND (scheduled_for <= $2 OR run_at <= $2 OR lease_owner IS NOT NULL
    OR intent IS NOT NULL OR status = 'publishing')";
/// The intent is what the connectors read: nothing of it is older than `at`, and its progress may be
/// lost.
const MARK: &str = "UPDATE destinations SET
    intent = '{\"attempt\":' || attempts || ',\"at\":'
        || CASE WHEN first_sent_at < CAST($1 AS BIGINT) THEN first_sent_at ELSE CAST($1 AS BIGINT) END
        || ',\"fingerprint\":\"\",\"restored\":true}',
    first_sent_at = CASE WHEN first_sent_at < $1 THEN first_sent_at ELSE $1 END,
    unknown_since = NULL, looks = 0, tries = 0,
    run_at = CASE WHEN lease_owner IS NOT NULL AND run_at > $2 THEN $2 ELSE run_at END,
    lease_owner = NULL, next_retry_at = NULL, line_count = line_count + 1, updated_at = $2";
const JOURNAL: &str = "INSERT INTO journal (organization_id, destination_id, seq, kind, attempt, at, detail)
    SELECT d.organization_id, d.id, COALESCE((SELECT MAX(j.seq) + 1 FROM journal j
            WHERE j.organization_id = d.organization_id AND j.destination_id = d.id
              AND j.seq > d.line_count), d.line_count + 1), 'restored', d.attempts, CAST($2 AS BIGINT),
        '{\"backup_at\":' || CAST($1 AS BIGINT) || '}'
    FROM destinations d WHERE ";
const RENEWALS: &str = "UPDATE accounts SET refresh_owner = NULL, refresh_until = NULL
    WHERE refresh_owner IS NOT NULL";
/// What was ended after the backup must not live again.
const SIGNED_IN: [&str; 3] =
    ["DELETE FROM sessions", "DELETE FROM sign_in_links", "DELETE FROM sign_in_challenges"];

/// Marks every destination in the SQLite file at `path` that may have gone out between `backup_at`
/// and `now`: each is looked up before it is sent. Returns how many there are.
///
/// # Errors
/// When the database fails.
pub async fn mark_restored(path: &Path, backup_at: Timestamp, now: Timestamp) -> Result<u64, TransferError> {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?;
    connection.execute("BEGIN IMMEDIATE").await?;
    let marked = mark(Conn::Sqlite(&mut connection), backup_at, now).await?;
    connection.execute("COMMIT").await?;
    connection.close().await?;
    Ok(marked)
}

/// The same in the PostgreSQL database at `url`, which other means have put back to what it was at `as_of`.
///
/// # Errors
/// When a server works on it, or the database fails. Nothing has changed then.
pub async fn mark_restored_postgres(
    url: &str,
    as_of: Timestamp,
    now: Timestamp,
) -> Result<u64, TransferError> {
    let mut connection = take_postgres(url).await?;
    let marked = mark(Conn::Postgres(&mut connection), as_of, now).await?;
    connection.execute("COMMIT").await?;
    connection.close().await?;
    Ok(marked)
}

async fn mark(mut conn: Conn<'_>, from: Timestamp, to: Timestamp) -> Result<u64, TransferError> {
    let (from, to) = (from.as_micros(), to.as_micros());
    let mut rows = 0;
    for statement in [format!("{JOURNAL}{OPEN}"), format!("{MARK} WHERE {OPEN}")] {
        let statement = sqlx::AssertSqlSafe(statement);
        rows = on!(&mut conn, |c| {
            sqlx::query(statement).bind(from).bind(to).execute(&mut **c).await?.rows_affected()
        });
    }
    for statement in SIGNED_IN.into_iter().chain([RENEWALS]) {
        on!(&mut conn, |c| sqlx::query(statement).execute(&mut **c).await?.rows_affected());
    }
    Ok(rows)
}
