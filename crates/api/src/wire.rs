//! The shapes that answers have. Where the generations of the contract disagree, an answer carries
//! the names of all of them.

use app::accounts::{AccountHealthView, AccountView};
use app::posts::{DestinationView, PlatformContentItem, PostMediaView, PostView};
use domain::{AccountHealth, HealthStatus, Timestamp};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// When and under which id a request was answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct Meta {
    /// Quote it when you ask for help; also the header `x-request-id`.
    #[schema(example = "7c1e09ab")]
    request_id: String,
    /// ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    timestamp: String,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorInfo {
    /// For people.
    message: String,
    /// Stable, snake_case.
    code: String,
    /// Whether the same request may work later.
    retryable: bool,
    /// Facts that depend on the code, such as `field` or `validation_errors`.
    #[schema(value_type = Option<Object>, required = false, nullable = false)]
    details: Option<Value>,
}

/// The envelope of a failure.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorEnvelope {
    /// Always null.
    #[schema(value_type = Value, nullable, required)]
    data: Option<Value>,
    /// What went wrong.
    error: ErrorInfo,
    /// About the answer.
    meta: Meta,
}

/// Declares the envelope of a success with this data, for the OpenAPI document.
macro_rules! envelopes {
    ($($(#[$doc:meta])* $name:ident: $data:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Serialize, ToSchema)]
        pub(crate) struct $name {
            /// What was asked for.
            data: $data,
            /// Always null.
            #[schema(value_type = Value, nullable, required)]
            error: Option<Value>,
            /// About the answer.
            meta: Meta,
        }
    )*};
}

envelopes! {
    /// Envelope of the account list.
    AccountListEnvelope: AccountList;
    /// Envelope of an account.
    AccountEnvelope: AccountDetail;
    /// Envelope of an account's health.
    AccountHealthEnvelope: AccountHealthReport;
    /// Envelope of a post.
    PostEnvelope: Post;
    /// Envelope of a post that was made.
    CreatedPostEnvelope: CreatedPost;
    /// Envelope of a list of posts.
    PostListEnvelope: PostList;
    /// Envelope of a post's results.
    ResultsEnvelope: Results;
    /// Envelope of a deletion.
    DeletedPostEnvelope: DeletedPost;
    /// Envelope of a draft that was scheduled.
    ScheduledPostEnvelope: ScheduledPost;
    /// Envelope of a retry.
    RetriedPostEnvelope: RetriedPost;
    /// Envelope of the caller.
    MeEnvelope: crate::routes::me::Me;
    /// Envelope of the platform rules.
    PlatformRulesEnvelope: crate::routes::platform_rules::PlatformRules;
}

/// Every account of the workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountList {
    /// In the order in which they were connected.
    pub(crate) accounts: Vec<Account>,
    /// Their ids, in the same order.
    pub(crate) account_ids: Vec<i64>,
    /// How many there are.
    pub(crate) total: usize,
}

/// A connected social account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Account {
    /// Goes into `account_ids`.
    account_id: i64,
    /// The same.
    id: i64,
    /// Lower-case platform name.
    #[schema(example = "linkedin")]
    platform: String,
    /// Display name or @handle.
    account_name: String,
    /// The picture.
    #[schema(required)]
    avatar_url: Option<String>,
    /// Whether it is switched on.
    is_active: bool,
    /// When it was connected.
    #[schema(format = DateTime)]
    created_at: String,
    /// What the next publish will meet.
    health: Health,
}

/// An account's health in short.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `healthy`, `expired` or `unhealthy`.
    #[schema(value_type = ShortHealth)]
    status: &'static str,
    /// Whether a post has a chance.
    can_post: bool,
}

/// The short health states.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ShortHealth {
    /// It can post.
    Healthy,
    /// Its access has ended.
    Expired,
    /// It cannot post for another reason.
    Unhealthy,
}

impl Health {
    fn of(health: &AccountHealth) -> Self {
        let status = match (health.can_post(), health.is_expired()) {
            (true, _) => "healthy",
            (false, true) => "expired",
            (false, false) => "unhealthy",
        };
        Self { status, can_post: health.can_post() }
    }
}

impl From<&AccountView> for Account {
    fn from(view: &AccountView) -> Self {
        Self {
            account_id: view.id.0,
            id: view.id.0,
            platform: view.platform.to_string(),
            account_name: view.account_name.clone(),
            avatar_url: view.avatar_url.clone(),
            is_active: view.is_active,
            created_at: view.created_at.to_iso_millis(),
            health: Health::of(&view.health),
        }
    }
}

/// A connected social account with what else is known of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountDetail {
    /// Goes into `account_ids`.
    account_id: i64,
    /// The same.
    id: i64,
    /// Lower-case platform name.
    #[schema(example = "linkedin")]
    platform: String,
    /// Display name or @handle.
    account_name: String,
    /// The picture.
    #[schema(required)]
    avatar_url: Option<String>,
    /// Whether it is switched on.
    is_active: bool,
    /// When it was connected.
    #[schema(format = DateTime)]
    created_at: String,
    /// What the next publish will meet, and why.
    health: HealthDetail,
    /// The platform's own id.
    platform_user_id: String,
    /// The handle without `@`.
    #[schema(required)]
    platform_username: Option<String>,
    /// The name on the platform.
    display_name: String,
}

/// An account's health with the reason.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthDetail {
    /// `healthy`, `expired` or `unhealthy`.
    #[schema(value_type = ShortHealth)]
    status: &'static str,
    /// Whether a post has a chance.
    can_post: bool,
    /// Whether the owner has to connect it again.
    needs_reconnection: bool,
    /// What is wrong, in a sentence.
    #[schema(required)]
    message: Option<String>,
}

impl From<&AccountView> for AccountDetail {
    fn from(view: &AccountView) -> Self {
        let Account { account_id, id, platform, account_name, avatar_url, is_active, created_at, health } =
            view.into();
        Self {
            account_id,
            id,
            platform,
            account_name,
            avatar_url,
            is_active,
            created_at,
            health: HealthDetail {
                status: health.status,
                can_post: health.can_post,
                needs_reconnection: !health.can_post,
                message: view.health_message.clone(),
            },
            platform_user_id: view.platform_user_id.clone(),
            platform_username: view.username.clone(),
            display_name: view.display_name.clone(),
        }
    }
}

/// An account's health in full.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountHealthReport {
    account_id: i64,
    platform: String,
    account_name: String,
    /// The platform's own id.
    platform_account_id: String,
    /// `healthy`, `warning` or `broken`.
    #[schema(value_type = LongHealth)]
    status: &'static str,
    can_post: bool,
    /// Every reason that holds, most severe first.
    reasons: Vec<&'static str>,
    is_active: bool,
    needs_reconnection: bool,
    #[schema(required, format = DateTime)]
    needs_reconnection_since: Option<String>,
    token: TokenReport,
    activity: ActivityReport,
    #[schema(format = DateTime)]
    connected_at: String,
}

/// The long health states.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum LongHealth {
    /// Token alive, no recent permanent failures.
    Healthy,
    /// It can post, but something needs attention.
    Warning,
    /// It cannot post.
    Broken,
}

/// An account's token.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenReport {
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    #[schema(required, format = DateTime)]
    last_refresh: Option<String>,
    expired: bool,
    expiring_soon: bool,
}

/// What an account did of late.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityReport {
    #[schema(required, format = DateTime)]
    last_published_at: Option<String>,
    failures_last_7d: i64,
    permanent_failures_last_7d: i64,
    queued_count: i64,
}

impl From<&AccountHealthView> for AccountHealthReport {
    fn from(view: &AccountHealthView) -> Self {
        use domain::HealthReason;
        let account = &view.account;
        let health = &account.health;
        Self {
            account_id: account.id.0,
            platform: account.platform.to_string(),
            account_name: account.account_name.clone(),
            platform_account_id: account.platform_user_id.clone(),
            status: match health.status {
                HealthStatus::Healthy => "healthy",
                HealthStatus::Warning => "warning",
                HealthStatus::Broken => "broken",
            },
            can_post: health.can_post(),
            reasons: health.reasons.iter().map(|reason| reason.as_str()).collect(),
            is_active: account.is_active,
            needs_reconnection: view.needs_reconnection_since.is_some() || health.is_expired(),
            needs_reconnection_since: shown(view.needs_reconnection_since),
            token: TokenReport {
                expires_at: shown(view.token_expires_at),
                last_refresh: shown(view.token_last_refresh),
                expired: health.is_expired(),
                expiring_soon: health.reasons.contains(&HealthReason::TokenExpiringSoon),
            },
            activity: ActivityReport {
                last_published_at: shown(view.last_published_at),
                failures_last_7d: view.failures_last_7d,
                permanent_failures_last_7d: view.permanent_failures_last_7d,
                queued_count: view.queued_count,
            },
            connected_at: account.created_at.to_iso_millis(),
        }
    }
}

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
    #[schema(value_type = BTreeMap<String, Object>)]
    platform_content: BTreeMap<String, PlatformContentItem>,
    /// Parts 2..n of a thread.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    thread_posts: Vec<String>,
    #[schema(required)]
    campaign_id: Option<i64>,
    destinations: Vec<Destination>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
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
    #[schema(required)]
    url: Option<String>,
}

impl From<&PostMediaView> for PostMedia {
    fn from(view: &PostMediaView) -> Self {
        Self {
            media_id: view.id.0,
            id: view.id.0,
            kind: view.kind,
            width: view.width,
            height: view.height,
            duration: None,
            url: None,
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

impl From<&PostView> for Post {
    fn from(view: &PostView) -> Self {
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
            media: view.media.iter().map(PostMedia::from).collect(),
            platform_content: view.platform_content.clone(),
            thread_posts: view.thread_posts.clone(),
            campaign_id: view.campaign_id.map(|id| id.0),
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

/// A moment as answers show it.
pub(crate) fn shown(moment: Option<Timestamp>) -> Option<String> {
    moment.map(Timestamp::to_iso_millis)
}
