//! The page for a way that ended without an account.

use app::connect::{Stop, Stopped};
use axum::http::StatusCode;
use axum::response::Response;

use super::html::Html;
use super::page::page;
use crate::error::ApiError;

pub(super) fn stopped(stopped: Stopped) -> Response {
    if let Some(cause) = stopped.cause {
        // Logged as every fault of the API is.
        ApiError::from(cause).log("-");
    }
    let status = match stopped.stop {
        Stop::Unknown => StatusCode::NOT_FOUND,
        Stop::Expired | Stop::Used => StatusCode::GONE,
        Stop::OtherPlatform | Stop::Declined | Stop::Nothing | Stop::OtherProfile => StatusCode::BAD_REQUEST,
        Stop::Full => StatusCode::FORBIDDEN,
        Stop::Platform => StatusCode::BAD_GATEWAY,
        Stop::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let body = Html::default().raw("<p>").text(&stopped.message).raw("</p>").list(&stopped.details);
    page(status, &stopped.title, body)
}
