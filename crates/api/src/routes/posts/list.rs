//! `GET /posts`

use app::posts::ListPosts;
use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::cursor::Place;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::{Query, posts_list};
use crate::wire::{Pagination, Post, PostList, PostListEnvelope};

/// Filters, order and page of the list of posts.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ListPostsParams {
    /// One or more of draft, scheduled, publishing, published, partially_failed, failed.
    #[param(
        required = false,
        example = "scheduled,published",
        pattern = "^(draft|scheduled|publishing|published|partially_failed|failed)(,(draft|scheduled|publishing|published|partially_failed|failed))*$"
    )]
    status: Option<String>,
    /// One or more of not_required, requested, approved, changes_requested.
    #[param(
        required = false,
        example = "requested",
        pattern = "^(not_required|requested|approved|changes_requested)(,(not_required|requested|approved|changes_requested))*$"
    )]
    approval: Option<String>,
    /// One or more platform names.
    #[param(
        required = false,
        example = "x,linkedin",
        pattern = "^(instagram|facebook|x|twitter|linkedin|youtube|tiktok|threads|pinterest|bluesky|telegram|discord|wordpress|mastodon)(,(instagram|facebook|x|twitter|linkedin|youtube|tiktok|threads|pinterest|bluesky|telegram|discord|wordpress|mastodon))*$"
    )]
    platform: Option<String>,
    /// Posts that target this account.
    #[param(required = false)]
    account_id: Option<i64>,
    /// Posts of this campaign.
    #[param(required = false)]
    campaign_id: Option<i64>,
    /// Made at or after.
    #[param(required = false, format = DateTime)]
    created_after: Option<String>,
    /// Made at or before.
    #[param(required = false, format = DateTime)]
    created_before: Option<String>,
    /// Scheduled for at or after.
    #[param(required = false, format = DateTime)]
    scheduled_after: Option<String>,
    /// Scheduled for at or before.
    #[param(required = false, format = DateTime)]
    scheduled_before: Option<String>,
    /// Live on an account at or after.
    #[param(required = false, format = DateTime)]
    published_after: Option<String>,
    /// Live on an account at or before.
    #[param(required = false, format = DateTime)]
    published_before: Option<String>,
    /// Changed at or after: for polling.
    #[param(required = false, format = DateTime)]
    updated_after: Option<String>,
    /// Words that the text has, in whatever order, case and with or without accents. Nothing but the
    /// spaces between them has a meaning.
    #[param(required = false, max_length = 500)]
    search: Option<String>,
    /// What to sort by; created_at by default.
    #[param(required = false, inline)]
    sort: Option<Sort>,
    /// desc by default.
    #[param(required = false, inline)]
    order: Option<Order>,
    /// Page size, 20 by default.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// Posts to pass over.
    #[param(required = false, minimum = 0)]
    offset: Option<i64>,
    /// A `next_cursor`, to get the page after that one; with the same filters, sort and order.
    #[param(required = false)]
    cursor: Option<String>,
}

/// What posts are sorted by.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
enum Sort {
    CreatedAt,
    ScheduledFor,
    PublishedAt,
    UpdatedAt,
}

/// In which direction.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
enum Order {
    Desc,
    Asc,
}

/// List posts, newest first unless asked otherwise.
#[utoipa::path(get, path = "/posts", operation_id = "list_posts", tag = "posts",
    params(ListPostsParams),
    responses((status = 200, body = PostListEnvelope), ListErrors))]
pub(crate) async fn list_posts(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?.list_posts()?;
    known_platforms(&state, &query)?;
    let page = app::posts::list(&state.app, &scoped.caller, &query).await?;
    let (limit, offset, total) = (query.limit, query.offset, page.total);
    let list = posts_list(query.sort, query.ascending);
    let next = page.next.map(|place| Place { at: place.at, id: place.id.0 }.write(list));
    Reply::ok(&PostList {
        posts: page.posts.iter().map(|post| Post::new(post, &state.settings.base_url)).collect(),
        pagination: Pagination::with_cursor(limit, offset, total, next),
        total,
        limit,
        offset,
    })
}

/// Refuses a filter by what is no platform.
pub(super) fn known_platforms(state: &ApiState, query: &ListPosts) -> Result<(), ApiError> {
    match query.platforms.iter().find(|name| state.app.registry.spec(name).is_none()) {
        Some(unknown) => {
            let message = format!("platform: \"{unknown}\" is no platform of this server.");
            Err(ApiError::validation("platform", message))
        }
        None => Ok(()),
    }
}
