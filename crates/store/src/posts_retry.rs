//! Queueing failed destinations of many posts again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{
    AccountId, DestinationId, FailureCode, OrganizationId, PlatformName, PostId, PostStatus, Timestamp,
    WorkspaceId,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::posts::lock_posts;
use crate::rows::{Column, Dialect, MOST_ROWS, Rows, Value};
use crate::{Store, StoreError};

/// Which failed destinations. Empty lists and `None` filter nothing; bounds are inclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailedFilter {
    /// Of these posts.
    pub post_ids: Vec<PostId>,
    /// On this account.
    pub account_id: Option<AccountId>,
    /// On this platform.
    pub platform: Option<PlatformName>,
    /// Failed at or after, at or before.
    pub failed: (Option<Timestamp>, Option<Timestamp>),
    /// With fewer attempts than this.
    pub max_attempts: Option<u32>,
}

/// A destination that was queued again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequeuedRow {
    /// Its id.
    pub id: DestinationId,
    /// The post.
    pub post_id: PostId,
    /// The account.
    pub account_id: AccountId,
    /// The platform.
    pub platform: PlatformName,
}

type Found = (Uuid, Uuid, i64, String);

pub(crate) const REQUEUE: &str =
    "UPDATE destinations SET status = 'queued', run_at = v.at, tries = 0, looks = 0,
    intent = NULL, unknown_since = NULL, error = NULL, error_code = NULL, failed_at = NULL,
    next_retry_at = NULL, updated_at = v.at
    FROM v WHERE destinations.organization_id = v.organization_id AND destinations.id = v.id
      AND destinations.status = 'failed' AND destinations.awaits_approval = 0
    RETURNING destinations.id, destinations.post_id, destinations.account_id, destinations.platform";
pub(crate) const POSTS_GO_OUT: &str = "UPDATE posts SET status = v.status, updated_at = v.at
    FROM v WHERE posts.organization_id = v.organization_id AND posts.id = v.post_id";

impl Store {
    /// Queues every failed destination of the workspace that the filter leaves again, `most` at most,
    /// those that failed first before others. Tells which.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_failed(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        filter: FailedFilter,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<RequeuedRow>, StoreError> {
        let filter = Arc::new(filter);
        self.writer
            .run(move |mut conn| {
                let filter = Arc::clone(&filter);
                Box::pin(async move {
                    let found = find(&mut conn, organization, workspace, &filter, most).await?;
                    requeue(&mut conn, organization, found, now).await
                })
            })
            .await
    }
}

async fn find(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    filter: &FailedFilter,
    most: u32,
) -> Result<Vec<Found>, StoreError> {
    Ok(on!(conn, |c| {
        let mut query = QueryBuilder::new(SELECT);
        push_filter(&mut query, organization, workspace, filter);
        query.push(" ORDER BY d.failed_at, d.id LIMIT ").push_bind(i64::from(most));
        query.build_query_as().fetch_all(&mut **c).await?
    }))
}

/// Accounts lead: each has its failed destinations in an index by time.
const SELECT: &str = "SELECT d.id, d.post_id, d.account_id, d.platform FROM destinations d
    JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id
    WHERE d.organization_id = ";

fn push_filter<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    filter: &FailedFilter,
) {
    DB::push_value(query, Value::Uuid(organization.0));
    query.push(
        " AND d.status = 'failed' AND d.failed_at IS NOT NULL AND p.deleted_at IS NULL AND p.workspace_id = ",
    );
    DB::push_value(query, Value::Uuid(workspace.0));
    if !filter.post_ids.is_empty() {
        query.push(" AND d.post_id IN (");
        for (at, id) in filter.post_ids.iter().enumerate() {
            if at > 0 {
                query.push(", ");
            }
            DB::push_value(query, Value::Uuid(id.0));
        }
        query.push(")");
    }
    if let Some(account) = filter.account_id {
        query.push(" AND d.account_id = ");
        DB::push_value(query, Value::Int(account.0));
    }
    if let Some(platform) = &filter.platform {
        query.push(" AND d.platform = ");
        DB::push_value(query, Value::Text(platform.as_str().to_owned()));
    }
    if let (Some(after), _) = filter.failed {
        query.push(" AND d.failed_at >= ");
        DB::push_value(query, Value::Int(after.as_micros()));
    }
    if let (_, Some(before)) = filter.failed {
        query.push(" AND d.failed_at <= ");
        DB::push_value(query, Value::Int(before.as_micros()));
    }
    // What may be live already is posted again only where somebody names the post.
    if filter.post_ids.is_empty() {
        query.push(" AND (d.error_code IS NULL OR d.error_code <> ");
        DB::push_value(query, Value::Text(FailureCode::OutcomeUnknown.as_str().to_owned()));
        query.push(")");
    }
    if let Some(attempts) = filter.max_attempts {
        query.push(" AND d.attempts < ");
        DB::push_value(query, Value::Int(i64::from(attempts)));
    }
}

/// A post locks before its destinations, as where they end.
async fn requeue(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    found: Vec<Found>,
    now: Timestamp,
) -> Result<Vec<RequeuedRow>, StoreError> {
    let posts: BTreeSet<(Uuid, Uuid)> = found.iter().map(|(_, post, ..)| (organization.0, *post)).collect();
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    lock_posts(conn, &posts).await?;
    let mut requeued: HashMap<Uuid, Found> = HashMap::new();
    for some in found.chunks(MOST_ROWS) {
        let rows = Rows::new([
            Column::uuids(some.iter().map(|_| organization.0)),
            Column::uuids(some.iter().map(|(id, ..)| *id)),
            Column::ints(some.iter().map(|_| now.as_micros())),
        ]);
        let changed: Vec<Found> = rows.query_as(conn, "organization_id, id, at", REQUEUE).await?;
        requeued.extend(changed.into_iter().map(|row| (row.0, row)));
    }
    let touched: BTreeSet<Uuid> = requeued.values().map(|(_, post, ..)| *post).collect();
    let touched: Vec<Uuid> = touched.into_iter().collect();
    for some in touched.chunks(MOST_ROWS) {
        let rows = Rows::new([
            Column::uuids(some.iter().map(|_| organization.0)),
            Column::uuids(some.iter().copied()),
            Column::texts(some.iter().map(|_| PostStatus::Publishing.as_str())),
            Column::ints(some.iter().map(|_| now.as_micros())),
        ]);
        rows.execute(conn, "organization_id, post_id, status, at", POSTS_GO_OUT).await?;
    }
    let row = |(id, post, account, platform): Found| RequeuedRow {
        id: DestinationId(id),
        post_id: PostId(post),
        account_id: AccountId(account),
        platform: PlatformName::from_text(&platform),
    };
    // In the order in which they failed.
    Ok(found.iter().filter_map(|(id, ..)| requeued.remove(id)).map(row).collect())
}
