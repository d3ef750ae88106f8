//! A whole database as rows: one moment of it, copied completely into another database of either
//! kind. Owns the reading in one transaction, the copy, and the proof that it is complete. Must not
//! know what the rows mean, except which destinations a restore has to look up.

mod cells;
mod restored;
mod tables;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, SqliteConnection,
};

use crate::StoreError;
use crate::conn::{Conn, on};
use crate::open::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};

pub use cells::TableSum;
use cells::{Batch, Cells as _, ReadRow as _, Sum};
pub use restored::{mark_restored, mark_restored_postgres};
use tables::Table;

/// Under this name the copy's own connections are not taken for a server's.
const APPLICATION: &str = "fanfare-transfer";
const SERVED: &str = "SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'fanfare' AND pid <> pg_backend_pid()";
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
const MEDIA: &str = "SELECT sha256 FROM media WHERE sha256 <> ''
    UNION SELECT thumbnail_sha256 FROM media WHERE thumbnail_sha256 IS NOT NULL
    UNION SELECT sha256 FROM media_copies ORDER BY 1";

/// Why a database was not copied.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no database file.
    #[error("there is no database at {0}")]
    Missing(String),
    /// The database's schema is not that of this program.
    #[error(
        "the database has another version than this program; use the fanfare that its server runs, or \
         start the new server on it once"
    )]
    OtherVersion,
    /// Somebody works with the database.
    #[error("a Fanfare server is connected to the database; stop it first")]
    Served,
    /// The target is not empty.
    #[error("the target database holds organizations already")]
    Occupied,
    /// The two databases' tables are not the same.
    #[error("the databases differ in the table {0}")]
    OtherTable(String),
    /// A column has a type that the copy does not know.
    #[error("{table}.{column} has the type {kind}, which cannot be copied")]
    UnknownType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its type.
        kind: String,
    },
    /// What was written is not what was read.
    #[error("the copy of the table {0} is not what was read; nothing was kept")]
    Differs(String),
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<sqlx::migrate::MigrateError> for TransferError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Store(error.into())
    }
}

/// What may be in the target before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// No organization.
    Empty,
    /// Anything; it is removed.
    Anything,
}

/// One moment of a database: everything read from it is as of when it was opened.
pub struct Snapshot(Side);

enum Side {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Side {
    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Snapshot {
    /// The present moment of the SQLite file at `path`. A server may run on it.
    ///
    /// # Errors
    /// When there is no such file, or it is of another version.
    pub async fn of_sqlite(path: &Path) -> Result<Self, TransferError> {
        if !path.is_file() {
            return Err(TransferError::Missing(path.display().to_string()));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(Duration::from_secs(5))
            .pragma("query_only", "1")
            .disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        connection.execute("BEGIN").await?;
        Self::checked(Side::Sqlite(connection)).await
    }

    /// The present moment of the PostgreSQL database at `url`. Servers may work on it.
    ///
    /// # Errors
    /// When it cannot be reached, holds no Fanfare, or is of another version.
    pub async fn of_postgres(url: &str) -> Result<Self, TransferError> {
        let mut connection = connect(url).await?;
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Self::checked(Side::Postgres(connection)).await
    }

    async fn checked(mut side: Side) -> Result<Self, TransferError> {
        // The first statement is what fixes the moment.
        if tables::versions(side.conn()).await? != expected_versions(&side.conn()) {
            return Err(TransferError::OtherVersion);
        }
        Ok(Self(side))
    }

    /// Ends the reading. A snapshot that is dropped ends a moment later.
    ///
    /// # Errors
    /// When the connection does not close in order.
    pub async fn close(self) -> Result<(), TransferError> {
        match self.0 {
            Side::Sqlite(connection) => connection.close().await?,
            Side::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    /// The hashes of the media files that rows name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn media_hashes(&mut self) -> Result<Vec<String>, TransferError> {
        Ok(on!(self.0.conn(), |c| sqlx::query_scalar(MEDIA).fetch_all(&mut *c).await?))
    }

    /// Whether there is an organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds_organizations(&mut self) -> Result<bool, TransferError> {
        holds_organizations(self.0.conn()).await
    }

    /// Fails when a server works on the PostgreSQL database.
    ///
    /// # Errors
    /// [`TransferError::Served`], or when the database fails.
    pub async fn refuse_served(&mut self) -> Result<(), TransferError> {
        refuse_served(self.0.conn()).await
    }

    /// Every table's number of rows and the sum of their content, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sums(&mut self) -> Result<Vec<TableSum>, TransferError> {
        let tables = tables::read(self.0.conn()).await?;
        sums(self.0.conn(), &tables).await
    }

    /// Copies everything into a new SQLite file at `path`, which is complete and on the disk when
    /// this returns, and worthless when it fails.
    ///
    /// # Errors
    /// When either database fails or the copy is not what was read.
    pub async fn write_sqlite(&mut self, path: &Path) -> Result<Vec<TableSum>, TransferError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // A file that was not finished is not used, so that nothing has to survive.
            .journal_mode(SqliteJournalMode::Memory)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(true)
            .disable_statement_logging();
        let mut target = SqliteConnection::connect_with(&options).await?;
        SQLITE_MIGRATIONS.run(&mut target).await?;
        target.execute("BEGIN IMMEDIATE").await?;
        let sums = self.write_all(Conn::Sqlite(&mut target)).await?;
        target.execute("COMMIT").await?;
        target.close().await?;
        let file = std::fs::OpenOptions::new().write(true).open(path).map_err(sqlx::Error::Io)?;
        file.sync_all().map_err(sqlx::Error::Io)?;
        Ok(sums)
    }

    /// Copies everything into the PostgreSQL database at `url`, in one transaction.
    ///
    /// # Errors
    /// When a server works on it, it holds what it must not, a database fails or the copy is not
    /// what was read. Nothing has changed then.
    pub async fn write_postgres(
        &mut self,
        url: &str,
        before: Before,
    ) -> Result<Vec<TableSum>, TransferError> {
        let mut target = take_postgres(url).await?;
        if before == Before::Empty && holds_organizations(Conn::Postgres(&mut target)).await? {
            return Err(TransferError::Occupied);
        }
        let sums = self.write_all(Conn::Postgres(&mut target)).await?;
        target.execute("COMMIT").await?;
        target.execute("ANALYZE").await?;
        target.close().await?;
        Ok(sums)
    }

    /// Empties `target`'s tables, fills them, and reads them again.
    async fn write_all(&mut self, mut target: Conn<'_>) -> Result<Vec<TableSum>, TransferError> {
        let from = tables::read(self.0.conn()).await?;
        let into = tables::read(reborrow(&mut target)).await?;
        tables::compare(&from, &into)?;
        // Made anew of the posts when the copy is opened.
        on!(reborrow(&mut target), |c| c.execute("DELETE FROM post_search").await.map(|_| ()))?;
        for table in into.iter().rev() {
            let text = AssertSqlSafe(format!("DELETE FROM {}", table.quoted()));
            on!(reborrow(&mut target), |c| sqlx::query(text).execute(&mut *c).await.map(|_| ()))?;
        }
        let mut read = Vec::with_capacity(from.len());
        for table in &into {
            read.push(copy(self.0.conn(), &mut target, table).await?);
        }
        read.sort_by(|a, b| a.name.cmp(&b.name));
        let written = sums(target, &into).await?;
        match read.iter().zip(&written).find(|(read, written)| read != written) {
            Some((table, _)) => Err(TransferError::Differs(table.name.clone())),
            None => Ok(read),
        }
    }
}

/// Brings the schema of the SQLite file at `path` up to date.
///
/// # Errors
/// When it is no database or of a newer version.
pub async fn bring_up_to_date(path: &Path) -> Result<(), TransferError> {
    let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    SQLITE_MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

async fn connect(url: &str) -> Result<PgConnection, TransferError> {
    let options = PgConnectOptions::from_str(url)?.application_name(APPLICATION).disable_statement_logging();
    Ok(PgConnection::connect_with(&options).await?)
}

/// A transaction on the PostgreSQL database at `url`, brought up to date, on which no server works: those that
/// come now wait for its end, as do other copies.
async fn take_postgres(url: &str) -> Result<PgConnection, TransferError> {
    let mut connection = connect(url).await?;
    POSTGRES_MIGRATIONS.run(&mut connection).await?;
    connection.execute("BEGIN").await?;
    connection.execute("LOCK TABLE organizations, counters IN ACCESS EXCLUSIVE MODE").await?;
    refuse_served(Conn::Postgres(&mut connection)).await?;
    Ok(connection)
}

fn expected_versions(conn: &Conn<'_>) -> Vec<i64> {
    let migrations = match conn {
        Conn::Sqlite(_) => &SQLITE_MIGRATIONS,
        Conn::Postgres(_) => &POSTGRES_MIGRATIONS,
    };
    migrations.iter().map(|migration| migration.version).collect()
}

async fn holds_organizations(conn: Conn<'_>) -> Result<bool, TransferError> {
    let count: i64 =
        on!(conn, |c| { sqlx::query_scalar("SELECT COUNT(*) FROM organizations").fetch_one(&mut *c).await? });
    Ok(count > 0)
}

async fn refuse_served(conn: Conn<'_>) -> Result<(), TransferError> {
    let Conn::Postgres(c) = conn else { return Ok(()) };
    // PostgreSQL shows a connection for a moment after its client has gone.
    for look in 0..LOOKS {
        if look > 0 {
            #[expect(clippy::disallowed_methods, reason = "the wait for a server, not the product's time")]
            tokio::time::sleep(BETWEEN_LOOKS).await;
            // Within a transaction the same picture is shown until it is asked for a new one.
            c.execute("SELECT pg_stat_clear_snapshot()").await?;
        }
        if sqlx::query_scalar::<_, i64>(SERVED).fetch_one(&mut *c).await? == 0 {
            return Ok(());
        }
    }
    Err(TransferError::Served)
}

fn reborrow<'c>(conn: &'c mut Conn<'_>) -> Conn<'c> {
    match conn {
        Conn::Sqlite(c) => Conn::Sqlite(c),
        Conn::Postgres(c) => Conn::Postgres(c),
    }
}

/// Copies one table row by row; what is in memory is one batch.
async fn copy(from: Conn<'_>, into: &mut Conn<'_>, table: &Table) -> Result<TableSum, TransferError> {
    let mut sum = Sum::default();
    let mut batch = Batch::new(table);
    let text = table.select();
    on!(from, |c| {
        let mut rows = sqlx::query(AssertSqlSafe(text)).persistent(false).fetch(&mut *c);
        while let Some(row) = rows.try_next().await? {
            let values = row.values()?;
            sum.add(&values);
            if batch.push(values) {
                insert(into, &mut batch).await?;
            }
        }
    });
    insert(into, &mut batch).await?;
    Ok(sum.of(&table.name))
}

async fn insert(into: &mut Conn<'_>, batch: &mut Batch<'_>) -> Result<(), TransferError> {
    if batch.is_empty() {
        return Ok(());
    }
    on!(into, |c| {
        let mut query = sqlx::QueryBuilder::new(batch.insert());
        query.push_rows(batch.take()?);
        query.build().persistent(false).execute(&mut **c).await?;
    });
    Ok(())
}

async fn sums(mut conn: Conn<'_>, tables: &[Table]) -> Result<Vec<TableSum>, TransferError> {
    let mut sums = Vec::with_capacity(tables.len());
    for table in tables {
        let mut sum = Sum::default();
        on!(&mut conn, |c| {
            let mut rows = sqlx::query(AssertSqlSafe(table.select())).persistent(false).fetch(&mut **c);
            while let Some(row) = rows.try_next().await? {
                sum.add(&row.values()?);
            }
        });
        sums.push(sum.of(&table.name));
    }
    sums.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sums)
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}
