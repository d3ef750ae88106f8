//! Figures and checks for the operator.

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

const COUNT: &str = "SELECT status, COUNT(*) FROM destinations GROUP BY status ORDER BY status";
const CHECK: &str = "PRAGMA quick_check";

impl Store {
    /// How many destinations stand where, over all organizations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_destinations(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let mut read = self.read().await?;
        Ok(on!(read.conn(), |c| { sqlx::query_as(COUNT).fetch_all(&mut *c).await? }))
    }

    /// What the database says of its own health: `ok`, or what is broken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_integrity(&self) -> Result<String, StoreError> {
        let mut read = self.read().await?;
        match read.conn() {
            Conn::Sqlite(c) => Ok(sqlx::query_scalar(CHECK).fetch_one(&mut *c).await?),
            // PostgreSQL checks its pages as it reads them; that it answers is what can be said.
            Conn::Postgres(c) => Ok(sqlx::query_scalar("SELECT 'ok'").fetch_one(&mut *c).await?),
        }
    }
}
