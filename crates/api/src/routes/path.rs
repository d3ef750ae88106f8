//! Ids in paths. What cannot be an id names nothing, so it is answered like an unknown one.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::{
    AccountId, ApiKeyId, CampaignId, ConnectId, DeliveryId, IdentityId, InvitationId, MediaId, PasskeyId,
    PlatformName, PostId, SessionId, UserId, WebhookId,
};
use uuid::Uuid;

use crate::ApiState;
use crate::error::ApiError;

/// The post that the path names.
pub(crate) struct PostPath(pub(crate) PostId);

impl FromRequestParts<ApiState> for PostPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(PostId(id))).ok_or_else(|| ApiError::not_found("Post"))
    }
}

/// The account that the path names.
pub(crate) struct AccountPath(pub(crate) AccountId);

impl FromRequestParts<ApiState> for AccountPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(integer);
        id.map(|id| Self(AccountId(id))).ok_or_else(|| ApiError::not_found("Account"))
    }
}

/// The library item that the path names.
pub(crate) struct MediaPath(pub(crate) MediaId);

impl FromRequestParts<ApiState> for MediaPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.filter(|text| text.len() == 36);
        let id = id.and_then(|text| Uuid::parse_str(&text).ok());
        id.map(|id| Self(MediaId(id))).ok_or_else(|| ApiError::not_found("Media"))
    }
}

/// The connect session that the path names.
pub(crate) struct SessionPath(pub(crate) ConnectId);

impl FromRequestParts<ApiState> for SessionPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(ConnectId(id))).ok_or_else(|| ApiError::not_found("Connect session"))
    }
}

/// The campaign that the path names.
pub(crate) struct CampaignPath(pub(crate) CampaignId);

impl FromRequestParts<ApiState> for CampaignPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(integer);
        id.map(|id| Self(CampaignId(id))).ok_or_else(|| ApiError::not_found("Campaign"))
    }
}

/// The platform that the path names, which need not be one of this server.
pub(crate) struct PlatformPath(pub(crate) PlatformName);

impl FromRequestParts<ApiState> for PlatformPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let name = segment(parts, state).await;
        name.map(|name| Self(PlatformName::from_text(&name))).ok_or_else(|| ApiError::not_found("Platform"))
    }
}

/// The passkey that the path names.
pub(crate) struct PasskeyPath(pub(crate) PasskeyId);

impl FromRequestParts<ApiState> for PasskeyPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(PasskeyId(id))).ok_or_else(|| ApiError::not_found("Passkey"))
    }
}

/// The login of another system that the path names.
pub(crate) struct IdentityPath(pub(crate) IdentityId);

impl FromRequestParts<ApiState> for IdentityPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(IdentityId(id))).ok_or_else(|| ApiError::not_found("Login"))
    }
}

/// The webhook that the path names.
pub(crate) struct WebhookPath(pub(crate) WebhookId);

impl FromRequestParts<ApiState> for WebhookPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(WebhookId(id))).ok_or_else(|| ApiError::not_found("Webhook"))
    }
}

/// The webhook and its delivery that the path names.
pub(crate) struct DeliveryPath(pub(crate) WebhookId, pub(crate) DeliveryId);

impl FromRequestParts<ApiState> for DeliveryPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let named = Path::<(String, String)>::from_request_parts(parts, state).await.ok();
        let named = named.and_then(|Path((webhook, delivery))| Some((uuid(&webhook)?, uuid(&delivery)?)));
        let (webhook, delivery) = named.ok_or_else(|| ApiError::not_found("Delivery"))?;
        Ok(Self(WebhookId(webhook), DeliveryId(delivery)))
    }
}

/// The member that the path names.
pub(crate) struct MemberPath(pub(crate) UserId);

impl FromRequestParts<ApiState> for MemberPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(integer);
        id.map(|id| Self(UserId(id))).ok_or_else(|| ApiError::not_found("Member"))
    }
}

/// The person's session that the path names.
pub(crate) struct OwnSessionPath(pub(crate) SessionId);

impl FromRequestParts<ApiState> for OwnSessionPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(SessionId(id))).ok_or_else(|| ApiError::not_found("Session"))
    }
}

/// The invitation that the path names.
pub(crate) struct InvitationPath(pub(crate) InvitationId);

impl FromRequestParts<ApiState> for InvitationPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(InvitationId(id))).ok_or_else(|| ApiError::not_found("Invitation"))
    }
}

/// The API key that the path names.
pub(crate) struct KeyPath(pub(crate) ApiKeyId);

impl FromRequestParts<ApiState> for KeyPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let id = segment(parts, state).await.as_deref().and_then(uuid);
        id.map(|id| Self(ApiKeyId(id))).ok_or_else(|| ApiError::not_found("API key"))
    }
}

fn integer(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::parse_str(text).ok() } else { None }
}

async fn segment(parts: &mut Parts, state: &ApiState) -> Option<String> {
    Path::<String>::from_request_parts(parts, state).await.ok().map(|Path(text)| text)
}
