//! `POST /auth/device`

use axum::extract::State;
use serde_json::Value;
use utoipa::ToSchema;

use crate::ApiState;
use crate::address::{Address, Errand};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::OpenErrors;
use crate::wire::{DeviceCode, DeviceCodeEnvelope};

/// Who asks to be let in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct BeginDeviceLoginRequest {
    /// What the person is shown, such as `CLI on ana-laptop`.
    #[schema(required = false)]
    client_name: Option<String>,
}

/// Ask for a device to be let in.
///
/// A person enters `user_code` at `verification_uri`; the device asks `/auth/device/token` meanwhile.
#[utoipa::path(post, path = "/auth/device", operation_id = "begin_device_login", tag = "device", security(()),
    request_body(content = Option<BeginDeviceLoginRequest>),
    responses((status = 200, body = DeviceCodeEnvelope), OpenErrors))]
pub(crate) async fn begin_device_login(
    State(state): State<ApiState>,
    address: Address,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    address.take(&state, Errand::Begin)?;
    let name = match &body {
        None | Some(Value::Null) => None,
        Some(body) => Fields::of(body)?.text("client_name")?,
    };
    let begun = app::device::begin(&state.app, name.as_deref().unwrap_or_default()).await?;
    let page = format!("{}/device", state.settings.base_url);
    Reply::ok(&DeviceCode {
        verification_uri_complete: format!("{page}?code={}", begun.user_code),
        verification_uri: page,
        device_code: begun.device_code,
        user_code: begun.user_code,
        interval: app::device::INTERVAL.as_seconds_ceil(),
        expires_in: app::device::LIFE.as_seconds_ceil(),
    })
}
