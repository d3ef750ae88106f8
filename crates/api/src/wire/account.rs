//! Accounts and their health on the wire.

use app::accounts::{AccountHealthView, AccountView};
use domain::{AccountHealth, HealthReason, HealthStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::shown;

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
