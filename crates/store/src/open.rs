//! Opening the database: which one, with what settings, and its schema brought up to date.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::conn::Readers;
use crate::key_cache::KeyCache;
use crate::writer::{Session, Writer};
use crate::{Keyring, Store, StoreConfig, StoreError};

pub(crate) static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// Which database it is, and how to make one more connection to it.
#[derive(Clone)]
pub(crate) enum Backend {
    Sqlite,
    Postgres(Box<PgConnectOptions>),
}

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
            readers: Readers::Sqlite(readers),
            writer: Writer::start(vec![Session::Sqlite(connection)], config.batch),
            keyring: Arc::new(keyring),
            key_cache: Some(Arc::new(KeyCache::new(path))),
            backend: Backend::Sqlite,
        })
    }

    /// Opens the PostgreSQL database at `url`, migrating it as needed. Any number of processes may
    /// do so at the same time: the migrations run under a lock of the database.
    ///
    /// # Errors
    /// When the address is none, the server cannot be reached or refuses, or a migration fails.
    pub async fn open_postgres(
        url: &str,
        keyring: Keyring,
        config: &StoreConfig,
    ) -> Result<Self, StoreError> {
        let options =
            PgConnectOptions::from_str(url)?.application_name("fanfare").statement_cache_capacity(256);
        let mut connection = PgConnection::connect_with(&options).await?;
        POSTGRES_MIGRATIONS.run(&mut connection).await?;
        connection.close().await?;
        let readers = PgPoolOptions::new()
            .max_connections(config.readers)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options.clone())
            .await?;
        let mut sessions = Vec::new();
        for _ in 0..config.writers.max(1) {
            sessions.push(Session::postgres(options.clone()).await?);
        }
        Ok(Self {
            readers: Readers::Postgres(readers),
            writer: Writer::start(sessions, config.batch),
            keyring: Arc::new(keyring),
            key_cache: None,
            backend: Backend::Postgres(Box::new(options)),
        })
    }
}
