//! `POST /auth/social-connect/start`

use axum::extract::State;
use domain::PlatformName;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::ChangeErrors;
use crate::routes::accounts::connect_link::SignInPlatform;
use crate::wire::{SocialConnect, SocialConnectEnvelope};

/// How often a client asks.
const INTERVAL_SECONDS: u32 = 3;

/// What to connect.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct StartSocialConnectRequest {
    /// One that people sign in to.
    platform: SignInPlatform,
    /// `connect` by default.
    #[schema(required = false)]
    mode: Option<ConnectMode>,
    /// The account to renew, with `reconnect`.
    #[schema(required = false)]
    account_id: Option<i64>,
}

/// Whether accounts are added or one is renewed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "lowercase")]
pub(crate) enum ConnectMode {
    /// Adds accounts.
    Connect,
    /// Renews one in place.
    Reconnect,
}

/// Begin to connect an account in a browser.
#[utoipa::path(post, path = "/auth/social-connect/start", operation_id = "start_social_connect", tag = "connecting",
    request_body = StartSocialConnectRequest,
    responses((status = 201, body = SocialConnectEnvelope), ChangeErrors))]
pub(crate) async fn start_social_connect(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let platform = PlatformName::from_text(&fields.needed_text("platform")?);
    let mode = fields.text("mode")?.unwrap_or_else(|| "connect".to_owned());
    let account = fields.account_id()?;
    let (app, caller, base_url) = (&state.app, &scoped.caller, &state.settings.base_url);
    let link = match (mode.as_str(), account) {
        ("connect", _) => app::connect::new_link(app, caller, base_url, &platform, None).await?,
        ("reconnect", Some(account)) => {
            let link = app::connect::reconnect_link(app, caller, base_url, account).await?;
            if link.platform != platform {
                let message = format!("Account {account} is on {}, not on {platform}.", link.platform);
                return Err(ApiError::validation("platform", message));
            }
            link
        }
        ("reconnect", None) => {
            let message = "account_id is missing: name the account to reconnect.";
            return Err(ApiError::validation("account_id", message));
        }
        _ => return Err(ApiError::validation("mode", "mode must be connect or reconnect.")),
    };
    Reply::created(&SocialConnect {
        session_id: link.id.to_string(),
        authorize_url: link.url,
        interval: INTERVAL_SECONDS,
        expires_in: app::connect::LIFE.as_seconds_ceil(),
    })
}
