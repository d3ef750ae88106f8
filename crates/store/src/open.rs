//! Opening the database: which one, with what settings, and its schema brought up to date.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::conn::Readers;
use crate::key_cache::KeyCache;
use crate::writer::{Place, Session, Writer, connect_at_start};
use crate::{Keyring, Store, StoreConfig, StoreError, search};

pub(crate) static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// SQLite's page cache, in negative KiB; grows as it is used.
const WRITER_CACHE_KIB: &str = "-131072";
const READER_CACHE_KIB: &str = "-16384";
/// How much the write-ahead log holds before it is copied back: 64 MiB of pages.
const CHECKPOINT_PAGES: &str = "16384";

/// How PostgreSQL reads. It takes what a moment leaves in an index of what waits for a third of the table, and
/// begins to compile the query and to start workers for it, which takes longer than all that is ever read.
const READING: &str = "SET jit = off; SET max_parallel_workers_per_gather = 0";

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
            // Every statement has its index. Left to itself, SQLite rather walks through a table and
            // makes an index of the few rows that a batch brings along.
            .pragma("automatic_index", "OFF")
            .statement_cache_capacity(256)
            // Rows come over from the driver's thread; a claim's rows shall not make it wait.
            .row_buffer_size(1024);
        // The default of 2 MiB makes a burst read its pages from the file again and again.
        let writing = options
            .clone()
            .pragma("cache_size", WRITER_CACHE_KIB)
            // What a statement of many rows keeps aside to undo itself goes to a file otherwise.
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
        let mut connection = SqliteConnection::connect_with(&writing).await?;
        SQLITE_MIGRATIONS.run(&mut connection).await?;
        search::fill_sqlite(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(config.readers)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.pragma("cache_size", READER_CACHE_KIB).read_only(true))
            .await?;
        let hints = Arc::default();
        let place = if config.writer_thread { Place::Thread } else { Place::Task };
        Ok(Self {
            readers: Readers::Sqlite(readers),
            writer: Writer::start(vec![Session::Sqlite(connection)], config.batch, place, &hints)?,
            hints,
            keyring: Arc::new(keyring),
            key_cache: Some(Arc::new(KeyCache::new(path))),
            post_counts: crate::posts_count::SharedCounts::default(),
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
        let mut connection = connect_at_start(&options).await?;
        POSTGRES_MIGRATIONS.run(&mut connection).await?;
        search::fill_postgres(&mut connection).await?;
        connection.close().await?;
        let readers = PgPoolOptions::new()
            .max_connections(config.readers)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute(READING).await?;
                    Ok(())
                })
            })
            .connect_with(options.clone())
            .await?;
        let mut sessions = Vec::new();
        for _ in 0..config.writers.max(1) {
            sessions.push(Session::postgres(options.clone()).await?);
        }
        let hints = Arc::default();
        Ok(Self {
            readers: Readers::Postgres(readers),
            writer: Writer::start(sessions, config.batch, Place::Task, &hints)?,
            hints,
            keyring: Arc::new(keyring),
            key_cache: None,
            post_counts: crate::posts_count::SharedCounts::default(),
            backend: Backend::Postgres(Box::new(options)),
        })
    }
}
