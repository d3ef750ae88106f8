//! `POST /auth/device/token`

use app::device::DeviceAnswer;
use axum::extract::State;
use utoipa::ToSchema;

use crate::ApiState;
use crate::address::{Address, Errand};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::OpenErrors;
use crate::wire::{DeviceToken, DeviceTokenEnvelope, DeviceUser, ErrorEnvelope};

/// Which device asks.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct PollDeviceLoginRequest {
    /// From `/auth/device`.
    device_code: String,
}

/// See whether a device is let in.
///
/// Always a success; `status` tells. The key is in the answer once.
#[utoipa::path(post, path = "/auth/device/token", operation_id = "poll_device_login", tag = "device", security(()),
    request_body = PollDeviceLoginRequest,
    responses(
        (status = 200, body = DeviceTokenEnvelope),
        (status = 409, body = ErrorEnvelope, description = "The organization has as many keys as it may."),
        OpenErrors))]
pub(crate) async fn poll_device_login(
    State(state): State<ApiState>,
    address: Address,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    address.take(&state, Errand::Poll)?;
    let code = Fields::of(&body)?.needed_text("device_code")?;
    let bare = |status| DeviceToken { status, api_key: None, user: None, organization_id: None };
    Reply::ok(&match app::device::poll(&state.app, &code).await? {
        DeviceAnswer::Pending => bare("pending"),
        DeviceAnswer::SlowDown => bare("slow_down"),
        DeviceAnswer::Denied => bare("denied"),
        DeviceAnswer::Expired => bare("expired"),
        DeviceAnswer::Authorized { api_key, organization_id, user_email } => DeviceToken {
            status: "authorized",
            api_key: Some(api_key),
            user: Some(DeviceUser { email: user_email }),
            organization_id: Some(organization_id.to_string()),
        },
    })
}
