//! The last backup of the installation that was finished. It is written down after the moment that the
//! backup holds, so that a restored database never tells of the backup that it came from, or of a later one.

use domain::{Span, Timestamp};

use crate::conn::on;
use crate::{Store, StoreError};

/// A backup that was finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupRow {
    /// The moment that it holds.
    pub made_at: Timestamp,
    /// The name of its folder, without the way there.
    pub name: String,
    /// How large it is.
    pub size_bytes: i64,
    /// How long it took.
    pub duration: Span,
}

// Of two at once, the one that holds the later moment stays.
const RECORD: &str = "INSERT INTO last_backup (id, made_at, name, size_bytes, duration)
    VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET made_at = excluded.made_at,
    name = excluded.name, size_bytes = excluded.size_bytes, duration = excluded.duration
    WHERE last_backup.made_at < excluded.made_at";
const FIND: &str = "SELECT made_at, name, size_bytes, duration FROM last_backup WHERE id = 1";

impl Store {
    /// Writes down that a backup was finished.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_backup(&self, backup: BackupRow) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let backup = backup.clone();
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(RECORD)
                            .bind(backup.made_at.as_micros())
                            .bind(&backup.name)
                            .bind(backup.size_bytes)
                            .bind(backup.duration.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// The last backup, if there ever was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_last_backup(&self) -> Result<Option<BackupRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(i64, String, i64, i64)> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).fetch_optional(&mut *c).await? });
        Ok(row.map(|(made_at, name, size_bytes, duration)| BackupRow {
            made_at: Timestamp::from_micros(made_at),
            name,
            size_bytes,
            duration: Span::from_micros(duration),
        }))
    }
}
