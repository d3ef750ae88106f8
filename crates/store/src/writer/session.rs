//! A writer's connection: how a transaction begins, ends and is given up, on either database.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::postgres::PostgresSession;
use crate::StoreError;
use crate::conn::Conn;

/// The connection of one writing task.
pub(crate) enum Session {
    Sqlite(SqliteConnection),
    Postgres(Box<PostgresSession>),
}

impl Session {
    pub(crate) async fn postgres(options: PgConnectOptions) -> Result<Self, StoreError> {
        Ok(Self::Postgres(Box::new(PostgresSession::open(options).await?)))
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
            Self::Postgres(session) => session.conn(),
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
            Self::Postgres(session) => session.close().await,
        };
        if let Err(error) = closed {
            tracing::warn!(error = %error, "the database did not close cleanly");
        }
    }
}
