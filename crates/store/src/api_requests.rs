//! The last requests that an organization's keys made. Bounded: the oldest go as new ones come.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{ApiKeyId, OrganizationId, Span, Timestamp};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiRequest {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id, made in the order of time.
    pub id: Uuid,
    /// The key that it came with.
    pub api_key_id: ApiKeyId,
    /// The id that the answer carried.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The answer's status.
    pub status: u16,
    /// How long the answer took.
    pub duration: Span,
    /// When it came.
    pub created_at: Timestamp,
}

/// A request that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiRequestRow {
    /// What was written.
    pub request: NewApiRequest,
    /// The key's name and the part of it that may be shown; `None` once the key is gone.
    pub key: Option<(String, String)>,
}

/// Which requests of an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApiRequestFilter {
    /// Older than this one.
    pub after: Option<Uuid>,
    /// Only those whose answer was an error.
    pub failed: bool,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: Uuid,
    api_key_id: Uuid,
    request_id: String,
    method: String,
    path: String,
    status: i64,
    duration: i64,
    created_at: i64,
    name: Option<String>,
    key_prefix: Option<String>,
}

/// The first status that is an error.
const FIRST_ERROR: i64 = 400;

pub(crate) const COLUMNS: &str =
    "organization_id, id, api_key_id, request_id, method, path, status, duration, created_at";
pub(crate) const INSERT: &str =
    "INSERT INTO api_requests (organization_id, id, api_key_id, request_id, method, path, status, duration,
        created_at)
    SELECT v.organization_id, v.id, v.api_key_id, v.request_id, v.method, v.path, v.status, v.duration,
        v.created_at FROM v WHERE TRUE
    ON CONFLICT (organization_id, id) DO NOTHING";
pub(crate) const TRIM: &str = "DELETE FROM api_requests WHERE organization_id = $1 AND id <
    (SELECT r.id FROM api_requests r WHERE r.organization_id = $1 ORDER BY r.id DESC LIMIT 1 OFFSET $2)";
pub(crate) const FORGET: &str = "DELETE FROM api_requests WHERE created_at < $1";
pub(crate) const LIST: &str =
    "SELECT r.id, r.api_key_id, r.request_id, r.method, r.path, r.status, r.duration,
        r.created_at, k.name, k.key_prefix
    FROM api_requests r
    LEFT JOIN api_keys k ON k.organization_id = r.organization_id AND k.id = r.api_key_id
    WHERE r.organization_id = $1 AND r.status >= $3 ORDER BY r.id DESC LIMIT $2";
pub(crate) const LIST_AFTER: &str =
    "SELECT r.id, r.api_key_id, r.request_id, r.method, r.path, r.status, r.duration,
        r.created_at, k.name, k.key_prefix
    FROM api_requests r
    LEFT JOIN api_keys k ON k.organization_id = r.organization_id AND k.id = r.api_key_id
    WHERE r.organization_id = $1 AND r.status >= $3 AND r.id < $4 ORDER BY r.id DESC LIMIT $2";

impl Store {
    /// Writes requests, and removes the oldest of an organization beyond `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_api_requests(
        &self,
        requests: Vec<NewApiRequest>,
        most: u32,
    ) -> Result<(), StoreError> {
        let requests = Arc::new(requests);
        self.writer
            .run(move |mut conn| {
                let requests = Arc::clone(&requests);
                Box::pin(async move {
                    for some in requests.chunks(MOST_ROWS) {
                        insert(&mut conn, some).await?;
                    }
                    let touched: BTreeSet<Uuid> =
                        requests.iter().map(|request| request.organization_id.0).collect();
                    let kept = i64::from(most.saturating_sub(1));
                    for organization in touched {
                        on!(&mut conn, |c| {
                            sqlx::query(TRIM).bind(organization).bind(kept).execute(&mut **c).await?;
                        });
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The latest requests of an organization first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_api_requests(
        &self,
        organization: OrganizationId,
        filter: ApiRequestFilter,
        limit: u32,
    ) -> Result<Vec<ApiRequestRow>, StoreError> {
        let mut read = self.read().await?;
        let from = if filter.failed { FIRST_ERROR } else { 0 };
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            let text = if filter.after.is_some() { LIST_AFTER } else { LIST };
            let mut query = sqlx::query_as(text).bind(organization.0).bind(i64::from(limit)).bind(from);
            if let Some(after) = filter.after {
                query = query.bind(after);
            }
            query.fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(|row| shown(organization, row)).collect())
    }

    /// Removes requests that came before that moment, over all organizations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_api_requests(&self, before: Timestamp) -> Result<(), StoreError> {
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

async fn insert(conn: &mut Conn<'_>, requests: &[NewApiRequest]) -> Result<(), StoreError> {
    let of = || requests.iter();
    let rows = Rows::new([
        Column::uuids(of().map(|request| request.organization_id.0)),
        Column::uuids(of().map(|request| request.id)),
        Column::uuids(of().map(|request| request.api_key_id.0)),
        Column::texts(of().map(|request| request.request_id.as_str())),
        Column::texts(of().map(|request| request.method.as_str())),
        Column::texts(of().map(|request| request.path.as_str())),
        Column::ints(of().map(|request| i64::from(request.status))),
        Column::ints(of().map(|request| request.duration.as_micros())),
        Column::ints(of().map(|request| request.created_at.as_micros())),
    ]);
    rows.execute(conn, COLUMNS, INSERT).await?;
    Ok(())
}

fn shown(organization: OrganizationId, row: Stored) -> ApiRequestRow {
    ApiRequestRow {
        request: NewApiRequest {
            organization_id: organization,
            id: row.id,
            api_key_id: ApiKeyId(row.api_key_id),
            request_id: row.request_id,
            method: row.method,
            path: row.path,
            status: u16::try_from(row.status).unwrap_or_default(),
            duration: Span::from_micros(row.duration),
            created_at: Timestamp::from_micros(row.created_at),
        },
        key: row.name.zip(row.key_prefix),
    }
}
