//! `POST /posts/{post_id}/resolve`

use app::posts::Resolution;
use axum::extract::State;
use domain::AccountId;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::routes::path::PostPath;
use crate::wire::{Destination, ResolvedPost, ResolvedPostEnvelope};

/// What a person saw on the platform.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ResolvedOutcome {
    /// It is live.
    Published,
    /// It is not, and goes out again.
    NotPublished,
}

/// What became of a post on one account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ResolvePostRequest {
    /// The account whose outcome is unknown.
    account_id: i64,
    outcome: ResolvedOutcome,
    /// Where it is live; needed with `published`.
    #[schema(required = false, nullable = false, max_length = 2000, example = "https://x.com/you/status/1")]
    platform_post_url: Option<String>,
    /// The platform's id of it. Without one, its numbers are not read.
    #[schema(required = false, nullable = false, min_length = 1, max_length = 500)]
    platform_post_id: Option<String>,
}

/// Say what became of a destination whose outcome nobody could find out (`outcome_unknown`).
///
/// It becomes published with the address that you give, or is queued again. Once only.
#[utoipa::path(post, path = "/posts/{post_id}/resolve", operation_id = "resolve_post", tag = "posts",
    params(("post_id" = uuid::Uuid, Path, description = "The post.")),
    request_body = ResolvePostRequest,
    responses((status = 200, body = ResolvedPostEnvelope), ChangeErrors))]
pub(crate) async fn resolve_post(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    PostPath(id): PostPath,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let (account, resolution) = read(&Fields::of(&body)?)?;
    let message = match &resolution {
        Resolution::Published { .. } => "It is noted as published.",
        Resolution::NotPublished => "It was queued again.",
    };
    let destination = app::posts::resolve(&state.app, &scoped.caller, id, account, resolution).await?;
    Reply::ok(&ResolvedPost { post_id: id.0, destination: Destination::from(&destination), message })
}

fn read(fields: &Fields<'_>) -> Result<(AccountId, Resolution), ApiError> {
    let account = fields.account_id()?;
    let account = account.ok_or_else(|| ApiError::validation("account_id", "account_id is missing."))?;
    let url = fields.text("platform_post_url")?;
    let platform_post_id = fields.text("platform_post_id")?;
    let resolution = match fields.needed_text("outcome")?.as_str() {
        "published" => Resolution::Published {
            platform_post_url: url.ok_or_else(|| {
                let message = "platform_post_url is missing: say where the post is live.";
                ApiError::validation("platform_post_url", message)
            })?,
            platform_post_id,
        },
        "not_published" if url.is_some() || platform_post_id.is_some() => {
            let field = if url.is_some() { "platform_post_url" } else { "platform_post_id" };
            let message = format!("{field} goes with the outcome published only.");
            return Err(ApiError::validation(field, message));
        }
        "not_published" => Resolution::NotPublished,
        _ => {
            let message = "outcome must be published or not_published.";
            return Err(ApiError::validation("outcome", message));
        }
    };
    Ok((account, resolution))
}
