//! Lists of posts: filters, order and paging.

use domain::{AccountId, CampaignId, OrganizationId, PlatformName, PostStatus, Timestamp, WorkspaceId};
use sqlx::QueryBuilder;

use crate::conn::on;
use crate::posts::{POST_COLUMNS, PostRow, StoredPost, fold};
use crate::rows::{Dialect, Value};
use crate::{Store, StoreError};

/// Which posts. Empty lists and `None` filter nothing; bounds are inclusive.
#[derive(Clone, Debug, Default)]
pub struct PostFilter {
    /// Any of these statuses.
    pub statuses: Vec<PostStatus>,
    /// A target on any of these platforms.
    pub platforms: Vec<PlatformName>,
    /// A target on this account.
    pub account_id: Option<AccountId>,
    /// In this campaign.
    pub campaign_id: Option<CampaignId>,
    /// Made at or after, at or before.
    pub created: (Option<Timestamp>, Option<Timestamp>),
    /// Scheduled for at or after, at or before.
    pub scheduled: (Option<Timestamp>, Option<Timestamp>),
    /// Live on an account at or after, at or before.
    pub published: (Option<Timestamp>, Option<Timestamp>),
    /// Changed at or after.
    pub updated_after: Option<Timestamp>,
    /// Text in the content, whatever its case.
    pub search: Option<String>,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostOrder {
    /// When it was made.
    CreatedAt,
    /// When it goes out.
    ScheduledFor,
    /// When it first went live.
    PublishedAt,
    /// When it last changed.
    UpdatedAt,
}

impl PostOrder {
    const fn column(self) -> &'static str {
        match self {
            Self::CreatedAt => "p.created_at",
            Self::ScheduledFor => "p.scheduled_for",
            Self::PublishedAt => "p.published_at",
            Self::UpdatedAt => "p.updated_at",
        }
    }
}

impl PostOrder {
    /// The direction, with missing values last. PostgreSQL uses an index only for the order of missing
    /// values that the index has, so where the filter leaves none, they go where the index has them.
    fn direction(self, ascending: bool, filter: &PostFilter) -> &'static str {
        let range = match self {
            Self::ScheduledFor => filter.scheduled,
            Self::PublishedAt => filter.published,
            Self::CreatedAt | Self::UpdatedAt => return if ascending { " ASC" } else { " DESC" },
        };
        match (ascending, range) {
            (false, _) => " DESC NULLS LAST",
            (true, (None, None)) => " ASC NULLS LAST",
            (true, _) => " ASC NULLS FIRST",
        }
    }
}

impl Store {
    /// A page of posts.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    #[expect(clippy::too_many_arguments, reason = "tenant, filter, order and page are four things")]
    pub async fn list_posts(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        filter: &PostFilter,
        order: PostOrder,
        ascending: bool,
        limit: u32,
        offset: u64,
    ) -> Result<Vec<PostRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<StoredPost> = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new("SELECT ");
            query.push(POST_COLUMNS).push(" FROM posts p WHERE ");
            push_filter(&mut query, organization, workspace, filter);
            query
                .push(" ORDER BY ")
                .push(order.column())
                .push(order.direction(ascending, filter))
                .push(", p.id")
                .push(if ascending { " ASC" } else { " DESC" })
                .push(" LIMIT ")
                .push_bind(i64::from(limit))
                .push(" OFFSET ")
                .push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
            query.build_query_as().fetch_all(&mut *c).await?
        });
        rows.into_iter().map(StoredPost::read).collect()
    }
}

pub(crate) fn push_filter<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    filter: &PostFilter,
) {
    query.push("p.organization_id = ");
    DB::push_value(query, Value::Uuid(organization.0));
    query.push(" AND p.workspace_id = ");
    DB::push_value(query, Value::Uuid(workspace.0));
    query.push(" AND p.deleted_at IS NULL");
    if !filter.statuses.is_empty() {
        query.push(" AND p.status IN (");
        push_texts(query, filter.statuses.iter().map(|status| status.as_str()));
    }
    push_targets(query, filter);
    if let Some(campaign) = filter.campaign_id {
        query.push(" AND p.campaign_id IS NOT NULL AND p.campaign_id = ");
        DB::push_value(query, Value::Int(campaign.0));
    }
    push_range(query, " AND p.created_at", filter.created);
    push_range(query, " AND p.scheduled_for", filter.scheduled);
    if filter.published != (None, None) {
        query.push(
            " AND EXISTS (SELECT 1 FROM destinations d WHERE d.organization_id = p.organization_id
                AND d.post_id = p.id AND d.published_at IS NOT NULL",
        );
        push_range(query, " AND d.published_at", filter.published);
        query.push(")");
    }
    push_range(query, " AND p.updated_at", (filter.updated_after, None));
    if let Some(search) = &filter.search {
        query.push(" AND p.content_folded LIKE ");
        DB::push_value(query, Value::Text(format!("%{}%", escape_like(&fold(search)))));
        query.push(" ESCAPE '\\'");
    }
}

/// Ends a list that was opened.
fn push_texts<'a, DB: Dialect>(query: &mut QueryBuilder<DB>, texts: impl Iterator<Item = &'a str>) {
    for (at, text) in texts.enumerate() {
        if at > 0 {
            query.push(", ");
        }
        DB::push_value(query, Value::Text(text.to_owned()));
    }
    query.push(")");
}

/// Targets are looked up in the destinations, and for drafts, which have none yet, in the ids that
/// the draft carries.
fn push_targets<DB: Dialect>(query: &mut QueryBuilder<DB>, filter: &PostFilter) {
    if filter.platforms.is_empty() && filter.account_id.is_none() {
        return;
    }
    query.push(
        " AND EXISTS (SELECT 1 FROM accounts a WHERE a.organization_id = p.organization_id
            AND a.workspace_id = p.workspace_id",
    );
    if let Some(account) = filter.account_id {
        query.push(" AND a.id = ");
        DB::push_value(query, Value::Int(account.0));
    }
    if !filter.platforms.is_empty() {
        query.push(" AND a.platform IN (");
        push_texts(query, filter.platforms.iter().map(PlatformName::as_str));
    }
    query.push(
        " AND (EXISTS (SELECT 1 FROM destinations d WHERE d.organization_id = p.organization_id
                AND d.post_id = p.id AND d.account_id = a.id)
            OR (p.status = 'draft' AND REPLACE(REPLACE(p.account_ids, '[', ','), ']', ',')
                LIKE '%,' || CAST(a.id AS TEXT) || ',%')))",
    );
}

fn push_range<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    column: &'static str,
    (after, before): (Option<Timestamp>, Option<Timestamp>),
) {
    if let Some(after) = after {
        query.push(column).push(" >= ");
        DB::push_value(query, Value::Int(after.as_micros()));
    }
    if let Some(before) = before {
        query.push(column).push(" <= ");
        DB::push_value(query, Value::Int(before.as_micros()));
    }
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
