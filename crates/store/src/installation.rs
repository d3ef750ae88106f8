//! How servers notice that what is stored for the whole installation has changed.

use crate::conn::{Conn, on};
use crate::organizations::next_integer;
use crate::{Store, StoreError};

/// Counts the changes.
const VERSION: &str = "installation";
const READ: &str = "SELECT next_value FROM counters WHERE name = $1";

/// Lets every server notice a change.
pub(crate) async fn changed(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    next_integer(conn, VERSION, 1).await.map(|_| ())
}

impl Store {
    /// A number that grows with every change of what is stored for the installation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn installation_version(&self) -> Result<i64, StoreError> {
        let mut read = self.read().await?;
        let version: Option<i64> =
            on!(read.conn(), |c| sqlx::query_scalar(READ).bind(VERSION).fetch_optional(&mut *c).await?);
        Ok(version.unwrap_or(0))
    }
}
