//! `POST /auth/social-connect/{bluesky, telegram, discord}`: the same as connect-credential, with the
//! platform in the path.

use axum::extract::State;
use domain::PlatformName;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ConnectErrors;
use crate::routes::accounts::connect_credential::connect;
use crate::wire::ConnectedAccountEnvelope;

/// What Bluesky asks for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ConnectBlueskyRequest {
    /// The handle, such as `ana.bsky.social`.
    handle: String,
    /// A password for programs (xxxx-xxxx-xxxx-xxxx), never the login password.
    app_password: String,
}

/// What Telegram asks for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ConnectTelegramRequest {
    /// The bot's token.
    bot_token: String,
    /// `@name`, a link, or a numeric id.
    channel: String,
}

/// What Discord asks for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ConnectDiscordRequest {
    /// The address of an incoming webhook.
    webhook_url: String,
}

/// Connect a Bluesky account.
#[utoipa::path(post, path = "/auth/social-connect/bluesky", operation_id = "connect_bluesky", tag = "connecting",
    request_body = ConnectBlueskyRequest,
    responses((status = 200, description = "The account was there and is renewed.", body = ConnectedAccountEnvelope),
        (status = 201, description = "The account is new.", body = ConnectedAccountEnvelope), ConnectErrors))]
pub(crate) async fn connect_bluesky(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    connect(&state, &scoped.caller, &PlatformName::from_static("bluesky"), &body).await
}

/// Connect a Telegram channel.
#[utoipa::path(post, path = "/auth/social-connect/telegram", operation_id = "connect_telegram", tag = "connecting",
    request_body = ConnectTelegramRequest,
    responses((status = 200, description = "The account was there and is renewed.", body = ConnectedAccountEnvelope),
        (status = 201, description = "The account is new.", body = ConnectedAccountEnvelope), ConnectErrors))]
pub(crate) async fn connect_telegram(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    connect(&state, &scoped.caller, &PlatformName::from_static("telegram"), &body).await
}

/// Connect a Discord channel.
#[utoipa::path(post, path = "/auth/social-connect/discord", operation_id = "connect_discord", tag = "connecting",
    request_body = ConnectDiscordRequest,
    responses((status = 200, description = "The account was there and is renewed.", body = ConnectedAccountEnvelope),
        (status = 201, description = "The account is new.", body = ConnectedAccountEnvelope), ConnectErrors))]
pub(crate) async fn connect_discord(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    connect(&state, &scoped.caller, &PlatformName::from_static("discord"), &body).await
}
