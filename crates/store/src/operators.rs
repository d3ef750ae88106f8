//! People who run the installation: they change what belongs to no organization.

use domain::UserId;

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::{Store, StoreError};

const SET: &str = "UPDATE users SET is_operator = $2 WHERE id = $1";
const LIST: &str = "SELECT email FROM users WHERE is_operator = 1 ORDER BY id";

/// Makes somebody an operator, or an ordinary person again.
pub(crate) async fn set(conn: &mut Conn<'_>, user: UserId, is_operator: bool) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(SET).bind(user.0).bind(i64::from(is_operator)).execute(&mut **c).await?.rows_affected()
    });
    Ok(())
}

impl Store {
    /// Makes somebody an operator, or an ordinary person again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_operator(
        &self,
        user: UserId,
        is_operator: bool,
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    set(&mut conn, user, is_operator).await?;
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }

    /// The operators' addresses.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_operators(&self) -> Result<Vec<String>, StoreError> {
        let mut read = self.read().await?;
        Ok(on!(read.conn(), |c| { sqlx::query_scalar(LIST).fetch_all(&mut *c).await? }))
    }
}
