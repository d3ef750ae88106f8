//! Why a call to the database failed.

/// Why a call to the database failed. None of these is the caller's fault: outcomes that a caller
/// can bring about are return values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is gone.
    #[error("database")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value cannot be read.
    #[error("{table}.{column} of {id} is not readable: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A secret could not be decrypted: the encryption key is not the one it was written with.
    #[error("a stored secret cannot be decrypted with the configured encryption key")]
    Sealed,
    /// A statement changed another number of rows than it had to.
    #[error("{statement} changed {rows} rows")]
    RowCount {
        /// Which statement.
        statement: &'static str,
        /// How many rows it changed.
        rows: u64,
    },
    /// The shared commit of a write failed.
    #[error("commit failed: {0}")]
    Commit(String),
    /// The connection was lost during a commit, and whether it is durable could not be found out.
    #[error("nobody knows whether the commit is durable: {0}")]
    Unsure(String),
    /// The connection was lost before anything was written.
    #[error("the connection to the database was lost")]
    Disconnected,
    /// The database server cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database is closing.
    #[error("the database is closed")]
    Closed,
    /// Some of the notes that were to be written together may be written and some may not. Never leaves
    /// the writer, which then writes them one by one.
    #[error("some leases of a batch are gone")]
    Mixed,
    /// A write job panicked.
    #[error("a write job panicked")]
    Panicked,
}

impl StoreError {
    /// Whether the same call may succeed later: the database failed, not the call.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Database(_) | Self::Commit(_) | Self::Unsure(_) | Self::Disconnected | Self::Unreachable(_)
        )
    }

    /// Whether the database cannot be reached and certainly has done nothing.
    pub fn is_away(&self) -> bool {
        match self {
            Self::Disconnected | Self::Unreachable(_) | Self::Closed => true,
            Self::Database(error) => match error {
                // A connection that ends while it is made is called a fault of the protocol.
                sqlx::Error::Io(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed => true,
                // The server's ways of saying that it stops, or is not up yet.
                sqlx::Error::Database(error) => {
                    matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03"))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a row was there already that may be there once.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether the transaction certainly left nothing behind and may succeed when it runs again:
    /// it lost against another one, or the connection went before the commit was sent.
    pub(crate) fn may_run_again(&self) -> bool {
        match self {
            Self::Disconnected | Self::Database(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => true,
            Self::Database(sqlx::Error::Database(error)) => {
                // Serialization failure, deadlock, and the server's ways of saying that it stops.
                matches!(error.code().as_deref(), Some("40001" | "40P01" | "57P01" | "57P02" | "57P03"))
            }
            _ => false,
        }
    }
}

/// Reads a JSON column.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    id: &dyn std::fmt::Display,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
        table,
        column,
        id: id.to_string(),
        reason: error.to_string(),
    })
}

/// Writes a JSON column. Only maps with non-text keys fail, and no column holds one.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_hangs_up_at_once_is_away() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://fanfare@{}/fanfare", listener.local_addr().unwrap());
        let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
        let hangs_up = async { drop(listener.accept().await.unwrap()) };
        let (connected, ()) =
            tokio::join!(<sqlx::PgConnection as sqlx::Connection>::connect_with(&options), hangs_up);
        let error = StoreError::from(connected.unwrap_err());
        assert!(error.is_away(), "{error:?}");
    }
}
