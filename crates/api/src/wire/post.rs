//! Posts and destinations on the wire.

use std::collections::BTreeMap;

use app::posts::{DestinationView, PlatformContentItem, PostMediaView, PostView, TakenDown};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::approval::PostApproval;
use super::shown;

/// A post.
#[derive(Serialize, ToSchema)]
pub(crate) struct Post {
    post_id: Uuid,
    /// The same.
    id: Uuid,
    /// Derived from the destinations.
    #[schema(value_type = PostStatus)]
    status: &'static str,
    /// The same.
    #[schema(value_type = PostStatus)]
    post_status: &'static str,
    content: String,
    account_ids: Vec<i64>,
    #[schema(required, format = DateTime)]
    scheduled_for: Option<String>,
    /// Display only; it never moves the moment of publishing.
    timezone: String,
    media_ids: Vec<Uuid>,
    media: Vec<PostMedia>,
    #[schema(value_type = BTreeMap<String, PlatformContentEntry>)]
    platform_content: BTreeMap<String, PlatformContentItem>,
    /// Parts 2..n of a thread.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    thread_posts: Vec<String>,
    #[schema(required)]
    campaign_id: Option<i64>,
    approval: PostApproval,
    destinations: Vec<Destination>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What a post is like on one platform.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct PlatformContentEntry {
    /// Replaces the text there.
    #[schema(required = false)]
    content: Option<String>,
    /// `Post`, `Reels`, `Story` and others, as the platform has them.
    #[schema(required = false, rename = "contentType")]
    content_type: Option<String>,
    /// The platform's settings. Unknown ones are kept and have no effect.
    #[schema(required = false, value_type = Option<Object>)]
    settings: Option<serde_json::Value>,
}

/// Where a post stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum PostStatus {
    /// Saved, never scheduled.
    Draft,
    /// Waits for its time.
    Scheduled,
    /// Going out.
    Publishing,
    /// Live everywhere.
    Published,
    /// Live on some accounts, failed on others.
    PartiallyFailed,
    /// Live nowhere.
    Failed,
}

/// Where a destination stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum DestinationStatus {
    /// Waits.
    Queued,
    /// Going out.
    Publishing,
    /// Live.
    Published,
    /// Ended without being live.
    Failed,
}

/// A media file of a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostMedia {
    media_id: Uuid,
    id: Uuid,
    /// `image`, `video` or `document`.
    #[serde(rename = "type")]
    kind: &'static str,
    #[schema(required)]
    width: Option<u32>,
    #[schema(required)]
    height: Option<u32>,
    /// Seconds, of a video.
    #[schema(required)]
    duration: Option<f64>,
    /// Signed, and good for a day at least.
    url: String,
}

impl PostMedia {
    fn new(view: &PostMediaView, base_url: &str) -> Self {
        Self {
            media_id: view.id.0,
            id: view.id.0,
            kind: view.kind,
            width: view.width,
            height: view.height,
            duration: view.seconds,
            url: format!("{base_url}{}", view.path),
        }
    }
}

/// One post on one account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Destination {
    /// Null on a draft.
    #[schema(required)]
    id: Option<Uuid>,
    account_id: i64,
    /// The same, by its older name.
    social_account_id: i64,
    #[schema(required)]
    account_name: Option<String>,
    platform: String,
    #[schema(value_type = DestinationStatus)]
    status: &'static str,
    #[schema(required, format = DateTime)]
    scheduled_for: Option<String>,
    #[schema(required)]
    platform_post_id: Option<String>,
    #[schema(required)]
    platform_post_url: Option<String>,
    #[schema(required, format = DateTime)]
    published_at: Option<String>,
    /// Why it failed, in a sentence.
    #[schema(required)]
    error: Option<String>,
    /// The same, by its older name.
    #[schema(required)]
    last_error: Option<String>,
    /// A stable code of the failure, such as `token_expired` or `outcome_unknown`.
    #[schema(required)]
    error_code: Option<String>,
    /// What was published otherwise than asked.
    warnings: Vec<String>,
    attempts: u32,
    #[schema(required, format = DateTime)]
    next_retry_at: Option<String>,
    /// Only in the answer to a retry: the status it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(crate) new_status: Option<&'static str>,
}

impl From<&DestinationView> for Destination {
    fn from(view: &DestinationView) -> Self {
        Self {
            id: view.id.map(|id| id.0),
            account_id: view.account_id.0,
            social_account_id: view.account_id.0,
            account_name: view.account_name.clone(),
            platform: view.platform.to_string(),
            status: view.status.as_str(),
            scheduled_for: shown(view.scheduled_for),
            platform_post_id: view.platform_post_id.clone(),
            platform_post_url: view.platform_post_url.clone(),
            published_at: shown(view.published_at),
            error: view.error.clone(),
            last_error: view.error.clone(),
            error_code: view.error_code.clone(),
            warnings: view.warnings.clone(),
            attempts: view.attempts,
            next_retry_at: shown(view.next_retry_at),
            new_status: None,
        }
    }
}

impl Destination {
    /// A destination as a retry leaves it, whatever the engine has made of it since.
    pub(crate) fn queued_again(view: &DestinationView) -> Self {
        let queued = domain::DestinationStatus::Queued.as_str();
        Self {
            status: queued,
            new_status: Some(queued),
            platform_post_id: None,
            platform_post_url: None,
            published_at: None,
            error: None,
            last_error: None,
            error_code: None,
            warnings: Vec::new(),
            ..Self::from(view)
        }
    }
}

impl Post {
    /// The post on the server whose address is `base_url`.
    pub(crate) fn new(view: &PostView, base_url: &str) -> Self {
        Self {
            post_id: view.id.0,
            id: view.id.0,
            status: view.status.as_str(),
            post_status: view.status.as_str(),
            content: view.content.clone(),
            account_ids: view.account_ids.iter().map(|id| id.0).collect(),
            scheduled_for: shown(view.scheduled_for),
            timezone: view.timezone.clone(),
            media_ids: view.media_ids.iter().map(|id| id.0).collect(),
            media: view.media.iter().map(|item| PostMedia::new(item, base_url)).collect(),
            platform_content: view.platform_content.clone(),
            thread_posts: view.thread_posts.clone(),
            campaign_id: view.campaign_id.map(|id| id.0),
            approval: PostApproval::from(&view.approval),
            destinations: view.destinations.iter().map(Destination::from).collect(),
            created_at: view.created_at.to_iso_millis(),
            updated_at: view.updated_at.to_iso_millis(),
        }
    }
}

/// A post that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedPost {
    #[serde(flatten)]
    pub(crate) post: Post,
    /// The post's id, by an older name.
    pub(crate) post_group_id: Uuid,
    /// How many accounts it goes to.
    pub(crate) accounts_count: usize,
    /// What happened, for people.
    pub(crate) message: String,
    /// What to call next.
    pub(crate) next_step: String,
    /// Only for drafts: what to do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(crate) next_steps: Option<BTreeMap<&'static str, String>>,
}

/// A page of posts.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostList {
    pub(crate) posts: Vec<Post>,
    pub(crate) pagination: Pagination,
    /// The same as in `pagination`, for older clients.
    pub(crate) total: u64,
    /// The same as in `pagination`, for older clients.
    pub(crate) limit: u32,
    /// The same as in `pagination`, for older clients.
    pub(crate) offset: u64,
}

/// Where a page stands in the whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pagination {
    pub(crate) limit: u32,
    pub(crate) offset: u64,
    pub(crate) total: u64,
    pub(crate) has_more: bool,
    /// For `cursor`, to get the page after this one; null on the last page. Unlike an offset it stays
    /// right while things are added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "a list without cursors and a last page are two things")]
    pub(crate) next_cursor: Option<Option<String>>,
}

impl Pagination {
    /// A page of `shown` things out of `total`.
    pub(crate) fn of(limit: u32, offset: u64, shown: usize, total: u64) -> Self {
        let end = offset.saturating_add(u64::try_from(shown).unwrap_or(u64::MAX));
        Self { limit, offset, total, has_more: end < total, next_cursor: None }
    }

    /// A page of a list that can be gone through by cursor.
    pub(crate) fn with_cursor(limit: u32, offset: u64, total: u64, next_cursor: Option<String>) -> Self {
        Self { limit, offset, total, has_more: next_cursor.is_some(), next_cursor: Some(next_cursor) }
    }
}

/// What became of a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct Results {
    pub(crate) post_id: Uuid,
    /// Derived from the destinations.
    #[schema(value_type = PostStatus)]
    pub(crate) post_status: &'static str,
    pub(crate) content: String,
    #[schema(required, format = DateTime)]
    pub(crate) scheduled_for: Option<String>,
    /// What waits for an approval is not going out.
    pub(crate) approval: PostApproval,
    /// One entry per account.
    pub(crate) results: Vec<Destination>,
}

/// A post that is gone.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedPost {
    pub(crate) post_id: Uuid,
    pub(crate) id: Uuid,
    pub(crate) deleted: bool,
    pub(crate) message: String,
    /// What became of the copies on X, if they were to be removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(crate) x_deletion: Option<Vec<XDeletion>>,
}

/// What became of a copy on X.
#[derive(Serialize, ToSchema)]
pub(crate) struct XDeletion {
    destination_id: Uuid,
    account_id: i64,
    /// X's id of the post, of its first part if it is a thread.
    #[schema(required)]
    platform_post_id: Option<String>,
    /// Whether nothing of it is live any more.
    deleted: bool,
    /// The ids of the parts that were removed.
    deleted_parts: Vec<String>,
    /// Why something of it is still live.
    #[schema(required)]
    error: Option<String>,
}

impl From<&TakenDown> for XDeletion {
    fn from(taken: &TakenDown) -> Self {
        Self {
            destination_id: taken.destination_id.0,
            account_id: taken.account_id.0,
            platform_post_id: taken.platform_post_id.clone(),
            deleted: taken.error.is_none(),
            deleted_parts: taken.parts.clone(),
            error: taken.error.clone(),
        }
    }
}

/// A draft that was scheduled.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScheduledPost {
    #[serde(flatten)]
    pub(crate) post: Post,
    /// Whether it goes out at once.
    pub(crate) publish_now: bool,
    pub(crate) message: String,
}

/// What was queued again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RetriedPost {
    pub(crate) post_id: Uuid,
    pub(crate) retried_count: usize,
    /// The same, by its older name.
    pub(crate) retried: usize,
    pub(crate) destinations: Vec<Destination>,
    pub(crate) message: String,
    pub(crate) next_step: String,
}
