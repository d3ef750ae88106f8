//! One connection, whichever database it leads to, and the macro that runs one body on each.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, SqliteConnection, SqlitePool};

use crate::StoreError;

/// A connection inside a write transaction.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A connection for reading.
pub(crate) enum ReadConn {
    Sqlite(PoolConnection<sqlx::Sqlite>),
    Postgres(PoolConnection<sqlx::Postgres>),
}

impl ReadConn {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(&mut *connection),
            Self::Postgres(connection) => Conn::Postgres(&mut *connection),
        }
    }
}

/// The connections for reading.
#[derive(Clone)]
pub(crate) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Readers {
    pub(crate) async fn acquire(&self) -> Result<ReadConn, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => ReadConn::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => ReadConn::Postgres(pool.acquire().await?),
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Runs the same body on the connection that there is, so that each statement is written once and
/// bind types stay the driver's own.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::conn::Conn::Sqlite($c) => $body,
            $crate::conn::Conn::Postgres($c) => $body,
        }
    };
}
pub(crate) use on;
