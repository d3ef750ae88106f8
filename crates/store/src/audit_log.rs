//! The audit log: what people did in an organization. A line is written in the transaction of what it
//! tells of.

use domain::audit::AuditAction;
use domain::{AuditId, OrganizationId, Timestamp, UserId};

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// A line to be written.
#[derive(Clone, Debug)]
pub struct NewAuditEntry {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id, made in the order of time.
    pub id: AuditId,
    /// Who did it; `None` for the operator.
    pub user_id: Option<UserId>,
    /// What they are called.
    pub actor: String,
    /// What they did.
    pub action: AuditAction,
    /// To what.
    pub subject: String,
    /// From where.
    pub address: String,
    /// When.
    pub created_at: Timestamp,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditId,
    /// Who did it; `None` for the operator.
    pub user_id: Option<UserId>,
    /// What they were called.
    pub actor: String,
    /// What they did.
    pub action: String,
    /// To what.
    pub subject: String,
    /// From where.
    pub address: String,
    /// When.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: uuid::Uuid,
    user_id: Option<i64>,
    actor: String,
    action: String,
    subject: String,
    address: String,
    created_at: i64,
}

impl From<Stored> for AuditRow {
    fn from(row: Stored) -> Self {
        Self {
            id: AuditId(row.id),
            user_id: row.user_id.map(UserId),
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            address: row.address,
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

const INSERT: &str = "INSERT INTO audit_log
    (organization_id, id, user_id, actor, action, subject, address, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const LIST: &str = "SELECT id, user_id, actor, action, subject, address, created_at FROM audit_log
    WHERE organization_id = $1 ORDER BY id DESC LIMIT $2";
pub(crate) const LIST_AFTER: &str = "SELECT id, user_id, actor, action, subject, address, created_at
    FROM audit_log WHERE organization_id = $1 AND id < $3 ORDER BY id DESC LIMIT $2";
pub(crate) const FORGET: &str = "DELETE FROM audit_log WHERE created_at < $1";

/// Writes lines, within the transaction of what they tell of.
pub(crate) async fn insert(conn: &mut Conn<'_>, entries: &[NewAuditEntry]) -> Result<(), StoreError> {
    for entry in entries {
        on!(&mut *conn, |c| {
            sqlx::query(INSERT)
                .bind(entry.organization_id.0)
                .bind(entry.id.0)
                .bind(entry.user_id.map(|user| user.0))
                .bind(&entry.actor)
                .bind(entry.action.as_str())
                .bind(&entry.subject)
                .bind(&entry.address)
                .bind(entry.created_at.as_micros())
                .execute(&mut **c)
                .await?
                .rows_affected()
        });
    }
    Ok(())
}

impl Store {
    /// Writes lines of what needs no transaction of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_audit(&self, entries: Vec<NewAuditEntry>) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let entries = entries.clone();
                Box::pin(async move { insert(&mut conn, &entries).await })
            })
            .await
    }

    /// A page of an organization's log, the latest line first, beginning after `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_audit_log(
        &self,
        organization: OrganizationId,
        after: Option<AuditId>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            let text = if after.is_some() { LIST_AFTER } else { LIST };
            let mut query = sqlx::query_as(text).bind(organization.0).bind(i64::from(limit));
            if let Some(after) = after {
                query = query.bind(after.0);
            }
            query.fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(AuditRow::from).collect())
    }

    /// Removes lines that were written before that moment, over all organizations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_audit_log(&self, before: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(FORGET).bind(before.as_micros()).execute(&mut *c).await?.rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}
