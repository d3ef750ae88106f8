//! `POST /accounts/connect-link`

use axum::extract::State;
use domain::PlatformName;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::LinkErrors;
use crate::wire::{ConnectLink, ConnectLinkEnvelope};

/// Which platform to connect.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct CreateConnectLinkRequest {
    /// One that people sign in to.
    platform: SignInPlatform,
    /// One of the platform's logins, where it has several; the usual one by default.
    #[schema(required = false)]
    login: Option<String>,
}

/// Platforms that people sign in to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "lowercase")]
pub(crate) enum SignInPlatform {
    /// Instagram.
    Instagram,
    /// Facebook Pages.
    Facebook,
    /// X.
    X,
    /// LinkedIn.
    LinkedIn,
    /// YouTube.
    YouTube,
    /// TikTok.
    TikTok,
    /// Threads.
    Threads,
    /// Pinterest.
    Pinterest,
}

/// Make a link that connects an account.
///
/// The account's owner opens it in any browser within ten minutes and signs in to the platform.
#[utoipa::path(post, path = "/accounts/connect-link", operation_id = "create_connect_link", tag = "accounts",
    request_body = CreateConnectLinkRequest,
    responses((status = 201, body = ConnectLinkEnvelope), LinkErrors))]
pub(crate) async fn create_connect_link(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let platform = PlatformName::from_text(&fields.needed_text("platform")?);
    let login = fields.text("login")?;
    let base_url = &state.settings.base_url;
    let link =
        app::connect::new_link(&state.app, &scoped.caller, base_url, &platform, login.as_deref()).await?;
    Reply::created(&ConnectLink::from(&link))
}
