//! Lists of posts: filters, order and paging.

use domain::search::Search;
use domain::{
    AccountId, ApprovalState, CampaignId, OrganizationId, PlatformName, PostId, PostStatus, Timestamp,
    WorkspaceId,
};
use sqlx::QueryBuilder;

use crate::conn::{Conn, on};
use crate::posts::{POST_COLUMNS, PostRow, StoredPost};
use crate::rows::{Column, Dialect, Rows, Value};
use crate::search::Narrowed;
use crate::{Store, StoreError, search};

/// Which posts. Empty lists and `None` filter nothing; bounds are inclusive.
#[derive(Clone, Debug, Default)]
pub struct PostFilter {
    /// Any of these statuses.
    pub statuses: Vec<PostStatus>,
    /// Any of these states of approval.
    pub approvals: Vec<ApprovalState>,
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
    /// Words that the text has, whatever their case and their accents.
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

/// Where a post stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostPlace {
    /// What the list is sorted by; `None` where the post has none.
    pub at: Option<Timestamp>,
    /// The post.
    pub id: PostId,
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostPage {
    /// The order.
    pub order: PostOrder,
    /// The smallest first.
    pub ascending: bool,
    /// How many posts.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u64,
    /// Those that come after this one.
    pub after: Option<PostPlace>,
}

/// A stretch of a list: the posts that have what it is sorted by come before those that have not.
#[derive(Clone, Copy)]
enum Stretch {
    All,
    After(Timestamp, PostId),
    Without(Option<PostId>),
}

impl PostPage {
    /// The direction, with missing values last. PostgreSQL uses an index only for the order of missing
    /// values that the index has, so where the filter leaves none, they go where the index has them.
    fn direction(&self, filter: &PostFilter, stretch: Stretch) -> &'static str {
        let has_all = match (self.order, stretch) {
            (PostOrder::CreatedAt | PostOrder::UpdatedAt, _) => {
                return if self.ascending { " ASC" } else { " DESC" };
            }
            (_, Stretch::After(..)) => true,
            (PostOrder::ScheduledFor, _) => filter.scheduled != (None, None),
            (PostOrder::PublishedAt, _) => filter.published != (None, None),
        };
        match (self.ascending, has_all) {
            (false, false) => " DESC NULLS LAST",
            (false, true) => " DESC",
            (true, false) => " ASC NULLS LAST",
            (true, true) => " ASC NULLS FIRST",
        }
    }

    fn can_be_missing(&self) -> bool {
        matches!(self.order, PostOrder::ScheduledFor | PostOrder::PublishedAt)
    }
}

impl PostRow {
    /// Where it stands in a list that is sorted so.
    pub fn place(&self, order: PostOrder) -> PostPlace {
        let at = match order {
            PostOrder::CreatedAt => Some(self.created_at),
            PostOrder::ScheduledFor => self.scheduled_for,
            PostOrder::PublishedAt => self.published_at,
            PostOrder::UpdatedAt => Some(self.updated_at),
        };
        PostPlace { at, id: self.id }
    }
}

impl Store {
    /// A page of posts.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn list_posts(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        filter: &PostFilter,
        page: PostPage,
    ) -> Result<Vec<PostRow>, StoreError> {
        let mut read = self.read().await?;
        let narrowed = narrow(&mut read.conn(), workspace, filter).await?;
        let list = List { organization, workspace, filter, page, narrowed: &narrowed };
        let limit = page.limit;
        let rows = match page.after {
            None => list.read(&mut read.conn(), Stretch::All, limit).await?,
            Some(PostPlace { at: None, id }) => {
                list.read(&mut read.conn(), Stretch::Without(Some(id)), limit).await?
            }
            Some(PostPlace { at: Some(at), id }) => {
                let mut rows = list.read(&mut read.conn(), Stretch::After(at, id), limit).await?;
                let missing = limit.saturating_sub(u32::try_from(rows.len()).unwrap_or(limit));
                if missing > 0 && page.can_be_missing() {
                    rows.extend(list.read(&mut read.conn(), Stretch::Without(None), missing).await?);
                }
                rows
            }
        };
        rows.into_iter().map(StoredPost::read).collect()
    }
}

/// A list that is being read.
struct List<'a> {
    organization: OrganizationId,
    workspace: WorkspaceId,
    filter: &'a PostFilter,
    page: PostPage,
    narrowed: &'a Narrowed,
}

impl List<'_> {
    async fn read(
        &self,
        conn: &mut Conn<'_>,
        stretch: Stretch,
        limit: u32,
    ) -> Result<Vec<StoredPost>, StoreError> {
        let Self { organization, workspace, filter, page, narrowed } = self;
        if matches!(narrowed, Narrowed::To(numbers) if numbers.is_empty()) {
            return Ok(Vec::new());
        }
        Ok(on!(conn, |c| {
            let mut query = QueryBuilder::new("");
            push_from(&mut query, POST_COLUMNS, narrowed);
            push_filter(&mut query, *organization, *workspace, filter);
            push_stretch(&mut query, page, stretch);
            query
                .push(" ORDER BY ")
                .push(page.order.column())
                .push(page.direction(filter, stretch))
                .push(", p.id")
                .push(if page.ascending { " ASC" } else { " DESC" })
                .push(" LIMIT ")
                .push_bind(i64::from(limit))
                .push(" OFFSET ")
                .push_bind(i64::try_from(page.offset).unwrap_or(i64::MAX));
            query.build_query_as().persistent(matches!(narrowed, Narrowed::Not)).fetch_all(&mut **c).await?
        }))
    }
}

fn push_stretch<DB: Dialect>(query: &mut QueryBuilder<DB>, page: &PostPage, stretch: Stretch) {
    let compares = if page.ascending { " > " } else { " < " };
    let column = page.order.column();
    match stretch {
        Stretch::All => {}
        Stretch::After(at, id) => {
            query.push(" AND (").push(column).push(", p.id)").push(compares).push("(");
            DB::push_value(query, Value::Int(at.as_micros()));
            query.push(", ");
            DB::push_value(query, Value::Uuid(id.0));
            query.push(")");
        }
        Stretch::Without(after) => {
            query.push(" AND ").push(column).push(" IS NULL");
            if let Some(id) = after {
                query.push(" AND p.id").push(compares);
                DB::push_value(query, Value::Uuid(id.0));
            }
        }
    }
}

/// What the search index leaves of the posts.
pub(crate) async fn narrow(
    conn: &mut Conn<'_>,
    workspace: WorkspaceId,
    filter: &PostFilter,
) -> Result<Narrowed, StoreError> {
    match &filter.search {
        Some(text) => search::narrow(conn, workspace, &Search::of(text)).await,
        None => Ok(Narrowed::Not),
    }
}

/// Begins a statement over the posts that are left; its conditions follow.
pub(crate) fn push_from<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    columns: &'static str,
    narrowed: &Narrowed,
) {
    match narrowed {
        Narrowed::Not => {
            query.push("SELECT ").push(columns).push(" FROM posts p WHERE ");
        }
        Narrowed::To(numbers) => {
            query.push("WITH v (search_id) AS (");
            DB::push_rows(query, &Rows::new([Column::ints(numbers.iter().copied())]));
            query.push(") SELECT ").push(columns);
            query.push(" FROM v CROSS JOIN posts p WHERE p.search_id = v.search_id AND ");
        }
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
    push_approvals(query, &filter.approvals);
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
    // The index may be wrong about a post; its text is not.
    for word in filter.search.iter().flat_map(|text| Search::of(text).words) {
        query.push(" AND p.content_folded LIKE ");
        DB::push_value(query, Value::Text(format!("%{}%", escape_like(&word))));
        query.push(" ESCAPE '\\'");
    }
}

/// Where nobody was asked, the column is empty.
fn push_approvals<DB: Dialect>(query: &mut QueryBuilder<DB>, states: &[ApprovalState]) {
    let asked = || states.iter().filter(|state| **state != ApprovalState::NotRequired);
    let any_asked = asked().next().is_some();
    match (states.contains(&ApprovalState::NotRequired), any_asked) {
        (false, false) => {}
        (true, false) => {
            query.push(" AND p.approval IS NULL");
        }
        (false, true) => {
            query.push(" AND p.approval IS NOT NULL AND p.approval IN (");
            push_texts(query, asked().map(|state| state.as_str()));
        }
        (true, true) => {
            query.push(" AND (p.approval IS NULL OR p.approval IN (");
            push_texts(query, asked().map(|state| state.as_str()));
            query.push(")");
        }
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
