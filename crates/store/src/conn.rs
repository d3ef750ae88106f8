//! One connection, whichever database it leads to, and the macro that runs one body on each.

use sqlx::SqliteConnection;
use sqlx::pool::PoolConnection;

/// A connection inside a write transaction.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
}

/// A connection for reading.
pub(crate) enum ReadConn {
    Sqlite(PoolConnection<sqlx::Sqlite>),
}

impl ReadConn {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(&mut *connection),
        }
    }
}

/// Runs the same body on the connection that there is, so that each statement is written once and
/// bind types stay the driver's own.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::conn::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use on;
