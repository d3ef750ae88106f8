//! Schema, migrations and every SQL text: SQLite today, PostgreSQL by the same texts next.
//!
//! Owns what is durable, in which transaction, and who may overwrite what (leases). Every call on
//! a tenant's rows takes the organization as its first argument. Must not know platforms or HTTP,
//! and never calls out of a transaction.

mod accounts;
mod claims;
mod conn;
mod credentials;
mod destinations;
mod error;
mod events;
mod housekeeping;
mod key_cache;
mod keys;
mod limits;
#[cfg(test)]
mod limits_tests;
mod media;
mod organizations;
mod posts;
mod posts_change;
mod posts_list;
mod rate_windows;
mod seal;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

pub use accounts::{AccountHealthRow, AccountRow, NewAccount};
pub use claims::{Claim, Lease};
pub use credentials::StoredCredentials;
pub use destinations::{Finish, JournalEntry, JournalRow, Outcome, Work};
pub use error::StoreError;
pub use events::{EventRow, NewEvent};
pub use keys::{KeyRow, NewKey};
pub use limits::{ACCOUNT_DOES_NOT_REST, AccountRest, AppBudget, SlotHold};
pub use media::MediaRow;
pub use organizations::{MeRow, NewOrganization, OrganizationRow};
pub use posts::{DestinationRow, NewDestination, NewPostRow, PostRow};
pub use posts_change::{DeleteOutcome, PostUpdate, UpdateOutcome};
pub use posts_list::{PostFilter, PostOrder};
pub use rate_windows::WindowAsk;
pub use seal::Keyring;

use writer::Writer;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: Writer,
    keyring: Arc<Keyring>,
    key_cache: Arc<key_cache::KeyCache>,
}

/// How to open the database.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Connections for reading.
    pub readers: u32,
    /// Largest number of write jobs that share a commit.
    pub batch: usize,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { readers: 4, batch: 256 }
    }
}

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

impl Store {
    /// Opens the SQLite file at `path`, making and migrating it as needed.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or a migration fails.
    pub async fn open_sqlite(
        path: &Path,
        keyring: Keyring,
        config: &StoreConfig,
    ) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL may lose the last commits on a power cut, and a lost "published" is a double post.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .optimize_on_close(true, None)
            .statement_cache_capacity(256);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        SQLITE_MIGRATIONS.run(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(config.readers)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self {
            readers,
            writer: Writer::start(connection, config.batch),
            keyring: Arc::new(keyring),
            key_cache: Arc::new(key_cache::KeyCache::new(path)),
        })
    }

    /// Finishes what is queued for writing and closes the file.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }

    async fn read(&self) -> Result<conn::ReadConn, StoreError> {
        Ok(conn::ReadConn::Sqlite(self.readers.acquire().await?))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
