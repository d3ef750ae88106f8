//! Looking posts up.

use domain::{AccountId, ApprovalState, CampaignId, PlatformName, PostId, PostStatus, Timestamp};

pub use store::PostPlace;
use store::{PostFilter, PostOrder, PostPage, PostRow};

use super::PostView;
use super::view::assemble;
use crate::{App, AppError, Caller};

/// Which posts, in which order. Empty lists and `None` filter nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListPosts {
    /// Any of these statuses.
    pub statuses: Vec<PostStatus>,
    /// Any of these states of approval.
    pub approvals: Vec<ApprovalState>,
    /// A destination on any of these platforms.
    pub platforms: Vec<PlatformName>,
    /// A destination on this account.
    pub account_id: Option<AccountId>,
    /// In this campaign.
    pub campaign_id: Option<CampaignId>,
    /// Made at or after / before.
    pub created: Range,
    /// Scheduled for at or after / before.
    pub scheduled: Range,
    /// Published at or after / before, on any destination.
    pub published: Range,
    /// Changed at or after.
    pub updated_after: Option<Timestamp>,
    /// Words that the text has, whatever their case and their accents.
    pub search: Option<String>,
    /// The order.
    pub sort: SortBy,
    /// Oldest first.
    pub ascending: bool,
    /// 1..=100.
    pub limit: u32,
    /// Rows to pass over.
    pub offset: u64,
    /// Only those that come after this one.
    pub after: Option<PostPlace>,
}

/// A stretch of time; either end may be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// At or after.
    pub after: Option<Timestamp>,
    /// At or before.
    pub before: Option<Timestamp>,
}

/// What posts are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// When the record was made.
    #[default]
    CreatedAt,
    /// When it goes out.
    ScheduledFor,
    /// When it went live.
    PublishedAt,
    /// When it last changed.
    UpdatedAt,
}

/// A page of posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The posts.
    pub posts: Vec<PostView>,
    /// How many there are in all.
    pub total: u64,
    /// The last of them, where more come after it.
    pub next: Option<PostPlace>,
}

/// A page of the workspace's posts.
///
/// # Errors
/// Only internal ones.
pub async fn list(app: &App, caller: &Caller, query: &ListPosts) -> Result<Page, AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let filter = filter(query);
    let total = app.store.count_posts(organization, workspace, &filter, app.clock.now()).await?;
    let (posts, next) = look(app, caller, query, &filter).await?;
    Ok(Page { posts, total, next })
}

/// The posts of a page, and the last of them where more come after it, without counting all.
///
/// # Errors
/// Only internal ones.
pub async fn list_uncounted(
    app: &App,
    caller: &Caller,
    query: &ListPosts,
) -> Result<(Vec<PostView>, Option<PostPlace>), AppError> {
    look(app, caller, query, &filter(query)).await
}

fn filter(query: &ListPosts) -> PostFilter {
    let ends = |range: Range| (range.after, range.before);
    PostFilter {
        statuses: query.statuses.clone(),
        approvals: query.approvals.clone(),
        platforms: query.platforms.clone(),
        account_id: query.account_id,
        campaign_id: query.campaign_id,
        created: ends(query.created),
        scheduled: ends(query.scheduled),
        published: ends(query.published),
        updated_after: query.updated_after,
        search: query.search.clone(),
    }
}

async fn look(
    app: &App,
    caller: &Caller,
    query: &ListPosts,
    filter: &PostFilter,
) -> Result<(Vec<PostView>, Option<PostPlace>), AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let order = match query.sort {
        SortBy::CreatedAt => PostOrder::CreatedAt,
        SortBy::ScheduledFor => PostOrder::ScheduledFor,
        SortBy::PublishedAt => PostOrder::PublishedAt,
        SortBy::UpdatedAt => PostOrder::UpdatedAt,
    };
    // One more tells whether more come after the page.
    let page = PostPage {
        order,
        ascending: query.ascending,
        limit: query.limit.saturating_add(1),
        offset: query.offset,
        after: query.after,
    };
    let mut rows = app.store.list_posts(organization, workspace, filter, page).await?;
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| row.place(order));
    Ok((assemble(app, caller, rows).await?, next))
}

/// One post.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: PostId) -> Result<PostView, AppError> {
    let row = find(app, caller, id).await?;
    assemble(app, caller, vec![row]).await?.pop().ok_or(AppError::NotFound("Post"))
}

pub(super) async fn find(app: &App, caller: &Caller, id: PostId) -> Result<PostRow, AppError> {
    app.store
        .find_post(caller.organization_id, caller.workspace_id, id)
        .await?
        .ok_or(AppError::NotFound("Post"))
}
