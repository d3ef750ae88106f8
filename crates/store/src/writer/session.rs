//! A writer's connection: how a transaction begins, ends and is given up, and how a lost
//! connection is made again.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::StoreError;
use crate::conn::Conn;

/// How often and after which pauses a lost connection is made again: a restart of the server takes
/// a few seconds, and callers wait meanwhile.
const RECONNECTS: u32 = 7;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// At the start more often, about 20 seconds long: the server may be starting at the same time.
const FIRST_CONNECTS: u32 = 11;

/// How PostgreSQL plans what a writer sends: every statement has its index, and a batch is small beside
/// the tables that it touches. Left to itself, a server that has no fresh statistics (a new
/// installation, a table that grew fast) reads whole tables to join a batch of a few rows, and plans
/// each statement anew.
const PLANNING: &str = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan; SET jit = off";

/// The connection of one writing task.
pub(crate) enum Session {
    Sqlite(SqliteConnection),
    Postgres { options: Box<PgConnectOptions>, connection: Option<PgConnection> },
}

impl Session {
    pub(crate) async fn postgres(options: PgConnectOptions) -> Result<Self, StoreError> {
        let connection = connect(&options, 1).await?;
        Ok(Self::Postgres { options: Box::new(options), connection: Some(connection) })
    }

    /// Begins a transaction, on a new connection if the old one is gone.
    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute("BEGIN IMMEDIATE").await?;
            }
            Self::Postgres { options, connection } => {
                if let Some(open) = connection
                    && open.execute("BEGIN").await.is_err()
                {
                    *connection = None;
                }
                if connection.is_none() {
                    let mut new = connect(options, RECONNECTS)
                        .await
                        .map_err(|error| StoreError::Unreachable(error.to_string()))?;
                    new.execute("BEGIN").await?;
                    *connection = Some(new);
                }
            }
        }
        Ok(())
    }

    pub(super) fn conn(&mut self) -> Result<Conn<'_>, StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(Conn::Sqlite(connection)),
            Self::Postgres { connection: Some(connection), .. } => Ok(Conn::Postgres(connection)),
            Self::Postgres { connection: None, .. } => Err(StoreError::Disconnected),
        }
    }

    /// Makes the transaction durable. When this fails, it may be durable all the same.
    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite(connection) => connection.execute("COMMIT").await.map(|_| ()),
            Self::Postgres { connection, .. } => match connection {
                Some(open) => open.execute("COMMIT").await.map(|_| ()),
                None => return Err(StoreError::Disconnected),
            },
        };
        if let Err(error) = done {
            // A commit that failed (disk full) may leave the transaction open.
            self.roll_back().await;
            return Err(StoreError::Commit(error.to_string()));
        }
        Ok(())
    }

    /// Gives the transaction up. A connection that cannot do that is dropped with it.
    pub(super) async fn roll_back(&mut self) {
        match self {
            Self::Sqlite(connection) => {
                let _ = connection.execute("ROLLBACK").await;
            }
            Self::Postgres { connection, .. } => {
                let failed = match connection {
                    Some(open) => open.execute("ROLLBACK").await.is_err(),
                    None => false,
                };
                if failed {
                    *connection = None;
                }
            }
        }
    }

    pub(super) async fn close(self) {
        let closed = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres { connection: Some(connection), .. } => connection.close().await,
            Self::Postgres { connection: None, .. } => Ok(()),
        };
        if let Err(error) = closed {
            tracing::warn!(error = %error, "the database did not close cleanly");
        }
    }
}

/// The first connection of a process.
pub(crate) async fn connect_at_start(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    Ok(connect(options, FIRST_CONNECTS).await?)
}

async fn connect(options: &PgConnectOptions, times: u32) -> Result<PgConnection, sqlx::Error> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..times {
        match connect_once(options).await {
            Ok(connection) => return Ok(connection),
            Err(error) if may_come_back(&error) => {
                tracing::warn!(error = %error, "cannot connect to the database; trying again");
            }
            Err(error) => return Err(error),
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the database driver's own pause, not the product's time"
        )]
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    connect_once(options).await
}

async fn connect_once(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute(PLANNING).await?;
    Ok(connection)
}

/// Whether the server is away or not up yet, unlike one that refuses the name or the password.
fn may_come_back(error: &sqlx::Error) -> bool {
    match error {
        // Stopping, crashed, starting, and out of connections.
        sqlx::Error::Database(error) => {
            matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53300"))
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}
