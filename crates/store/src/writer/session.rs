//! A writer's connection: how a transaction begins, ends and is given up, how a lost connection is
//! made again, and how it is found out whether a commit that it was lost in is durable.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};

use crate::StoreError;
use crate::conn::Conn;

/// How often and after which pauses a lost connection is made again: a restart of the server takes
/// a few seconds, and callers wait meanwhile.
const RECONNECTS: u32 = 7;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// At the start more often, about 20 seconds long: the server may be starting at the same time.
const FIRST_CONNECTS: u32 = 11;

/// How often it is asked how a commit ended.
const FATE_LOOKS: u32 = 7;

/// Begins a transaction and tells its number, by which another connection can learn how it ended.
const BEGIN: &str = "BEGIN; SELECT pg_current_xact_id()::text";
const FATE: &str = "SELECT pg_xact_status(CAST($1 AS xid8))";

/// How PostgreSQL plans what a writer sends: every statement has its index, and a batch is small beside
/// the tables that it touches. Left to itself, a server that has no fresh statistics (a new
/// installation, a table that grew fast) reads whole tables to join a batch of a few rows, and plans
/// each statement anew.
const PLANNING: &str = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan; SET jit = off";

/// The connection of one writing task.
pub(crate) enum Session {
    Sqlite(SqliteConnection),
    Postgres(Box<PostgresSession>),
}

pub(crate) struct PostgresSession {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    /// The number of the transaction that was begun last.
    transaction: String,
}

impl Session {
    pub(crate) async fn postgres(options: PgConnectOptions) -> Result<Self, StoreError> {
        let connection = Some(connect(&options, 1).await?);
        Ok(Self::Postgres(Box::new(PostgresSession { options, connection, transaction: String::new() })))
    }

    /// Begins a transaction, on a new connection if the old one is gone.
    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute("BEGIN IMMEDIATE").await?;
                Ok(())
            }
            Self::Postgres(session) => session.begin().await,
        }
    }

    pub(super) fn conn(&mut self) -> Result<Conn<'_>, StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(Conn::Sqlite(connection)),
            Self::Postgres(session) => {
                session.connection.as_mut().map(Conn::Postgres).ok_or(StoreError::Disconnected)
            }
        }
    }

    /// Makes the transaction durable. On [`StoreError::Unsure`] it may be durable all the same.
    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                if let Err(error) = connection.execute("COMMIT").await {
                    // A commit that failed (disk full) may leave the transaction open.
                    self.roll_back().await;
                    return Err(StoreError::Commit(error.to_string()));
                }
                Ok(())
            }
            Self::Postgres(session) => session.commit().await,
        }
    }

    /// Gives the transaction up. A connection that cannot do that is dropped with it.
    pub(super) async fn roll_back(&mut self) {
        match self {
            Self::Sqlite(connection) => {
                let _ = connection.execute("ROLLBACK").await;
            }
            Self::Postgres(session) => session.roll_back().await,
        }
    }

    pub(super) async fn close(self) {
        let closed = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(session) => match session.connection {
                Some(connection) => connection.close().await,
                None => Ok(()),
            },
        };
        if let Err(error) = closed {
            tracing::warn!(error = %error, "the database did not close cleanly");
        }
    }
}

impl PostgresSession {
    async fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(open) = &mut self.connection {
            match begin(open).await {
                Ok(transaction) => {
                    self.transaction = transaction;
                    return Ok(());
                }
                Err(_) => self.connection = None,
            }
        }
        let mut new = connect(&self.options, RECONNECTS)
            .await
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        self.transaction = begin(&mut new).await?;
        self.connection = Some(new);
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        let open = self.connection.as_mut().ok_or(StoreError::Disconnected)?;
        match open.execute("COMMIT").await {
            Ok(_) => Ok(()),
            Err(error) if may_come_back(&error) => {
                self.connection = None;
                self.find_fate(&error).await
            }
            Err(error) => {
                self.roll_back().await;
                Err(error.into())
            }
        }
    }

    /// Whether the transaction whose commit was not answered is durable: `Ok` when it is,
    /// [`StoreError::Disconnected`] when it certainly is not.
    async fn find_fate(&mut self, lost: &sqlx::Error) -> Result<(), StoreError> {
        let unsure = |why: &dyn std::fmt::Display| StoreError::Unsure(format!("{lost}, then {why}"));
        let mut pause = FIRST_PAUSE;
        for _ in 0..FATE_LOOKS {
            let mut new = connect(&self.options, RECONNECTS).await.map_err(|error| unsure(&error))?;
            let fate: Result<Option<String>, sqlx::Error> =
                sqlx::query_scalar(FATE).bind(&self.transaction).fetch_one(&mut new).await;
            match fate.as_ref().map(Option::as_deref) {
                Ok(Some("committed")) => {
                    self.connection = Some(new);
                    return Ok(());
                }
                Ok(Some("aborted")) => {
                    self.connection = Some(new);
                    return Err(StoreError::Disconnected);
                }
                // The server has not noticed yet that nobody listens.
                Ok(Some(_)) => {}
                // Another server may have taken over, which does not know the number.
                Ok(None) => return Err(unsure(&"the server does not know the transaction")),
                Err(error) if may_come_back(error) => {}
                Err(error) => return Err(unsure(error)),
            }
            rest(&mut pause).await;
        }
        Err(unsure(&"the transaction did not end"))
    }

    async fn roll_back(&mut self) {
        if let Some(open) = &mut self.connection
            && open.execute("ROLLBACK").await.is_err()
        {
            self.connection = None;
        }
    }
}

async fn begin(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    connection.fetch_one(sqlx::raw_sql(BEGIN)).await?.try_get(0)
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
        rest(&mut pause).await;
    }
    connect_once(options).await
}

/// Waits, the next time twice as long.
async fn rest(pause: &mut Duration) {
    #[expect(clippy::disallowed_methods, reason = "the database driver's own pause, not the product's time")]
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
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
