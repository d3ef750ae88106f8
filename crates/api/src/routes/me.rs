//! `GET /me`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ReadErrors;
use crate::wire::{MeEnvelope, shown};

/// Typed clients expect a number, so "no limit" is the largest integer that all of them can hold.
const NO_LIMIT: i64 = 9_007_199_254_740_991;

/// Who the caller is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    api_key: ApiKey,
    scopes: Vec<&'static str>,
    user: User,
    organization: Organization,
    workspace: Workspace,
    quota: Quota,
    stats: Stats,
}

/// The key in use.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKey {
    id: Uuid,
    key_prefix: String,
    name: String,
    scopes: Vec<&'static str>,
    #[schema(required, format = DateTime)]
    last_used_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
}

/// The key's owner.
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    id: i64,
    email: String,
    name: String,
}

/// The organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct Organization {
    id: Uuid,
    name: String,
    subscription_plan: String,
    subscription_status: &'static str,
    subscription_source: &'static str,
    #[schema(required, format = DateTime)]
    trial_end: Option<String>,
    #[schema(required, format = DateTime)]
    current_period_end: Option<String>,
    cancel_at_period_end: bool,
    /// Whether the organization may post.
    entitled: bool,
    /// Whether posts of keys without the scope `approve` wait for an approval.
    approvals_required: bool,
}

/// The workspace that the key works in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Workspace {
    id: Uuid,
    name: String,
}

/// What is used of what is allowed. 9007199254740991 stands for "no limit": who runs the server decides.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quota {
    accounts: Used,
    ai_credits: AiCredits,
    storage_bytes: Used,
    team_seats: Seats,
    /// Posts of today (UTC); null where a day has no limit.
    #[schema(required)]
    posts_per_day: Option<Used>,
}

/// Used and allowed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Used {
    used: i64,
    limit: i64,
}

/// Credits for captions and images, in this month of UTC. `bonus` is what is left of those beyond the months.
#[derive(Serialize, ToSchema)]
pub(crate) struct AiCredits {
    used: i64,
    limit: i64,
    bonus: i64,
}

/// Seats of the team.
#[derive(Serialize, ToSchema)]
pub(crate) struct Seats {
    limit: i64,
}

/// How much was posted.
#[derive(Serialize, ToSchema)]
pub(crate) struct Stats {
    posts_last_30d: i64,
    total_posts: i64,
}

/// Get the key, its owner, organization and workspace, and what is used of what is allowed.
#[utoipa::path(get, path = "/me", operation_id = "get_me", tag = "me",
    responses((status = 200, body = MeEnvelope), ReadErrors))]
pub(crate) async fn get_me(State(state): State<ApiState>, scoped: Scoped<Read>) -> Result<Reply, ApiError> {
    let view = app::me::get(&state.app, &scoped.caller).await?;
    let plan = view.plan;
    let posts_per_day = plan.posts_per_day.map(|limit| Used { used: view.posts_today, limit });
    Reply::ok(&Me {
        api_key: ApiKey {
            id: view.api_key_id.0,
            key_prefix: view.key_prefix,
            name: view.key_name,
            scopes: view.scopes.clone(),
            last_used_at: shown(view.last_used_at),
            created_at: view.key_created_at.to_iso_millis(),
            expires_at: shown(view.key_expires_at),
        },
        scopes: view.scopes,
        user: User { id: view.user_id.0, email: view.user_email, name: view.user_name },
        organization: Organization {
            id: view.organization_id.0,
            name: view.organization_name,
            subscription_plan: plan.name,
            subscription_status: "active",
            subscription_source: "admin_comp",
            trial_end: None,
            current_period_end: None,
            cancel_at_period_end: false,
            entitled: true,
            approvals_required: view.approvals_required,
        },
        workspace: Workspace { id: view.workspace_id.0, name: view.workspace_name },
        quota: Quota {
            accounts: Used { used: view.accounts_used, limit: plan.accounts.unwrap_or(NO_LIMIT) },
            ai_credits: AiCredits {
                used: view.ai_credits.used,
                limit: view.ai_credits.limit,
                bonus: view.ai_credits.bonus,
            },
            storage_bytes: Used {
                used: view.storage_bytes_used,
                limit: plan.storage_bytes.unwrap_or(NO_LIMIT),
            },
            team_seats: Seats { limit: plan.seats.unwrap_or(NO_LIMIT) },
            posts_per_day,
        },
        stats: Stats { posts_last_30d: view.posts_last_30d, total_posts: view.total_posts },
    })
}
