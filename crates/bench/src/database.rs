//! The two databases that everything durable is measured on: made, opened, looked into, removed.

use std::path::PathBuf;
use std::str::FromStr as _;

use anyhow::{Context as _, Result};
use pgtest::{Durability, Postgres};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use store::{Keyring, Store, StoreConfig};

use crate::bare_posts;
use crate::workplace::Workplace;

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// As people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Makes databases: files in the workplace, or on a private server that is as durable as in
/// production and goes when this is dropped.
pub(crate) struct Databases<'a> {
    workplace: &'a Workplace,
    server: Postgres,
}

impl<'a> Databases<'a> {
    /// Starts the server with these settings, each as `name=value`.
    pub(crate) fn start(workplace: &'a Workplace, settings: &[&str]) -> Result<Self> {
        let server =
            Postgres::start_with(Durability::Full, settings).context("cannot start a private PostgreSQL")?;
        Ok(Self { workplace, server })
    }

    /// An empty database with a data folder; `name` tells it from others of the workplace.
    pub(crate) fn make(&self, kind: Kind, name: &str) -> Result<Database> {
        let folder = self.workplace.folder(&format!("{name}-{}", kind.name()))?;
        let url = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(self.server.create_database()?),
        };
        Ok(Database { kind, folder, url })
    }

    /// Frees its disk and spares those that come later its vacuum. Nobody may be connected to it.
    pub(crate) fn remove(&self, database: &Database) -> Result<()> {
        std::fs::remove_dir_all(&database.folder)?;
        if let Some(name) = database.url().and_then(|url| url.rsplit('/').next()) {
            self.server.execute("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"))?;
        }
        Ok(())
    }
}

/// A database with a data folder.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) kind: Kind,
    /// Holds the file too, where the database is one.
    pub(crate) folder: PathBuf,
    url: Option<String>,
}

impl Database {
    /// The address of one on a server.
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Opens it as the server does, making its tables as needed.
    pub(crate) async fn open(&self, keyring: Keyring, config: &StoreConfig) -> Result<Store> {
        Ok(match &self.url {
            Some(url) => Store::open_postgres(url, keyring, config).await?,
            None => Store::open_sqlite(&self.folder.join("fanfare.db"), keyring, config).await?,
        })
    }

    /// A connection past the store.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        Ok(match &self.url {
            Some(url) => {
                Connection::Postgres(PgConnection::connect_with(&PgConnectOptions::from_str(url)?).await?)
            }
            None => Connection::Sqlite(bare_posts::open(&self.folder.join("fanfare.db")).await?),
        })
    }
}

/// A connection past the store.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connection {
    /// Runs a statement that this program has written.
    pub(crate) async fn execute(&mut self, statement: String) -> Result<()> {
        let query = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(connection) => sqlx::raw_sql(query).execute(connection).await?.rows_affected(),
            Self::Postgres(connection) => sqlx::raw_sql(query).execute(connection).await?.rows_affected(),
        };
        Ok(())
    }

    /// The number that a statement gives.
    pub(crate) async fn number(&mut self, statement: &'static str) -> Result<i64> {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(statement).fetch_one(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(statement).fetch_one(connection).await?,
        })
    }

    pub(crate) async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
