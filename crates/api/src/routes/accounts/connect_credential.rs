//! `POST /accounts/connect-credential`

use std::collections::BTreeMap;

use app::Caller;
use axum::extract::State;
use domain::PlatformName;
use serde_json::Value;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ConnectErrors;
use crate::wire::{ConnectedAccount, ConnectedAccountEnvelope};

/// The platform and what it asks for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct ConnectCredentialRequest {
    /// The platform.
    platform: CredentialPlatform,
    /// Bluesky: the handle, such as `ana.bsky.social`.
    #[schema(required = false)]
    handle: Option<String>,
    /// Bluesky and WordPress: a password for programs, never the login password.
    #[schema(required = false)]
    app_password: Option<String>,
    /// Telegram: the bot's token.
    #[schema(required = false)]
    bot_token: Option<String>,
    /// Telegram: `@name`, a link, or a numeric id.
    #[schema(required = false)]
    channel: Option<String>,
    /// Discord: the address of an incoming webhook.
    #[schema(required = false)]
    webhook_url: Option<String>,
    /// WordPress: the site's address.
    #[schema(required = false)]
    site_url: Option<String>,
    /// WordPress: the author's login name.
    #[schema(required = false)]
    username: Option<String>,
    /// Mastodon: the account's server, such as `mastodon.social`.
    #[schema(required = false)]
    server_url: Option<String>,
    /// Mastodon: the token of an app that its owner made on that server.
    #[schema(required = false)]
    access_token: Option<String>,
}

/// Platforms that are connected by credentials.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "lowercase")]
pub(crate) enum CredentialPlatform {
    /// Bluesky.
    Bluesky,
    /// Telegram.
    Telegram,
    /// Discord.
    Discord,
    /// WordPress.
    WordPress,
    /// Mastodon, and servers that speak its API.
    Mastodon,
}

/// Connect an account by credentials.
///
/// They are tried with the platform before anything is stored. An account that is there already is
/// renewed in place.
#[utoipa::path(post, path = "/accounts/connect-credential", operation_id = "connect_credential_account",
    tag = "accounts",
    request_body = ConnectCredentialRequest,
    responses(
        (status = 200, description = "The account was there and is renewed.", body = ConnectedAccountEnvelope),
        (status = 201, description = "The account is new.", body = ConnectedAccountEnvelope),
        ConnectErrors))]
pub(crate) async fn connect_credential_account(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let platform = PlatformName::from_text(&Fields::of(&body)?.needed_text("platform")?);
    connect(&state, &scoped.caller, &platform, &body).await
}

/// Connects an account of `platform` by the members of `body`.
pub(crate) async fn connect(
    state: &ApiState,
    caller: &Caller,
    platform: &PlatformName,
    body: &Value,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(body)?;
    let mut given = BTreeMap::new();
    for name in app::connect::credential_fields(&state.app, platform)? {
        given.insert((*name).to_owned(), fields.needed_text(name)?);
    }
    let connected = app::connect::with_credentials(&state.app, caller, platform, &given).await?;
    let shown = ConnectedAccount::from(&connected);
    if connected.created { Reply::created(&shown) } else { Reply::ok(&shown) }
}
