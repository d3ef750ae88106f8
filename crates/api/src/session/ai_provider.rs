//! The provider of captions and pictures, as who runs the installation sets, removes and tests it.

use app::AppError;
use app::ai::{self, NewProvider};
use app::setting_source::SettingSource;
use axum::extract::State;
use serde::Serialize;

use super::enter::typed;
use super::guard::Session;
use super::server::reply;
use crate::ApiState;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;

/// What a test of the provider says.
#[derive(Serialize)]
struct Tested {
    works: bool,
    /// Whether the same may work a moment later, as it is.
    passing: bool,
    /// What the provider's refusal means.
    message: Option<String>,
}

/// `PUT /session/ai-provider`
pub(super) async fn set(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    session.signed_in.operating()?;
    let fields = Fields::of(&body)?;
    let new = NewProvider {
        base_url: typed(&fields, "base_url")?,
        api_key: fields.text("api_key")?,
        caption_model: fields.text("caption_model")?.unwrap_or_default(),
        image_model: fields.text("image_model")?.unwrap_or_default(),
    };
    ai::set_provider(&state.app, &session.signed_in, &session.visit, new).await?;
    reply(&state, &session).await
}

/// `DELETE /session/ai-provider`
pub(super) async fn remove(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    ai::remove_provider(&state.app, &session.signed_in, &session.visit).await?;
    reply(&state, &session).await
}

/// `POST /session/ai-provider/test`
pub(super) async fn test(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    session.signed_in.operating()?;
    if state.app.ai.source() == SettingSource::None {
        return Err(AppError::NotFound("AI provider").into());
    }
    let tested = match ai::test_provider(&state.app, &session.signed_in).await {
        Ok(()) => Tested { works: true, passing: false, message: None },
        Err(error @ (AppError::Internal(_) | AppError::Forbidden(_))) => return Err(error.into()),
        Err(error) => Tested {
            works: false,
            passing: matches!(error, AppError::Busy(_)),
            message: Some(error.to_string()),
        },
    };
    Reply::ok(&tested)
}
