//! What a restore does: whatever may have gone out after the backup is looked up before anything is
//! sent, and everybody signs in again.

use std::path::Path;

use domain::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use super::TransferError;

/// What may have gone out between the two moments, by the backup's knowledge. What waited for an approval
/// may have got it.
const OPEN: &str = "(run_at IS NOT NULL OR awaits_approval = 1) AND (scheduled_for <= $2 OR run_at <= $2 OR lease_owner IS NOT NULL
    OR intent IS NOT NULL OR status = 'publishing')";
/// The intent is what the connectors read: nothing of it is older than `at`, and its progress may be
/// lost.
const MARK: &str = "UPDATE destinations SET
    intent = json_object('attempt', attempts, 'at', MIN(COALESCE(first_sent_at, $1), $1),
        'fingerprint', '', 'restored', json('true')),
    first_sent_at = MIN(COALESCE(first_sent_at, $1), $1), unknown_since = NULL, looks = 0, tries = 0,
    run_at = CASE WHEN lease_owner IS NULL THEN run_at ELSE MIN(run_at, $2) END,
    lease_owner = NULL, next_retry_at = NULL, line_count = line_count + 1, updated_at = $2";
const JOURNAL: &str = "INSERT INTO journal (organization_id, destination_id, seq, kind, attempt, at, detail)
    SELECT d.organization_id, d.id, COALESCE((SELECT MAX(j.seq) + 1 FROM journal j
            WHERE j.organization_id = d.organization_id AND j.destination_id = d.id
              AND j.seq > d.line_count), d.line_count + 1), 'restored', d.attempts, $2, json_object('backup_at', $1)
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
    let mut transaction = connection.begin().await?;
    let journal = sqlx::AssertSqlSafe(format!("{JOURNAL}{OPEN}"));
    let mark = sqlx::AssertSqlSafe(format!("{MARK} WHERE {OPEN}"));
    let (from, to) = (backup_at.as_micros(), now.as_micros());
    sqlx::query(journal).bind(from).bind(to).execute(&mut *transaction).await?;
    let marked = sqlx::query(mark).bind(from).bind(to).execute(&mut *transaction).await?.rows_affected();
    sqlx::query(RENEWALS).execute(&mut *transaction).await?;
    for statement in SIGNED_IN {
        sqlx::query(statement).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    connection.close().await?;
    Ok(marked)
}
