//! What platforms tell of people who leave: `/connect/{platform}/deauthorize`,
//! `/connect/{platform}/data-deletion`, and the page of what was deleted.

use app::connect::Notice;
use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::PlatformName;
use serde_json::json;

use super::connect::missing;
use super::html::Html;
use super::page::page;
use super::stopped::stopped;
use super::{Pairs, first};
use crate::ApiState;
use crate::envelope::bare;
use crate::error::ApiError;

type SentForm = Result<Form<Pairs>, FormRejection>;

fn signed(form: &SentForm) -> Result<&str, ApiError> {
    let sent = form.as_ref().ok().and_then(|Form(form)| first(form, "signed_request"));
    sent.ok_or_else(|| ApiError::validation("signed_request", "signed_request is missing."))
}

/// `POST /connect/{platform}/deauthorize`
pub(super) async fn left(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    form: SentForm,
) -> Response {
    let platform = PlatformName::from_text(&name);
    let signed = match signed(&form) {
        Ok(signed) => signed,
        Err(error) => return error.into_response(),
    };
    match app::connect::owner_left(&state.app, Notice { platform: &platform, signed }).await {
        Ok(()) => bare(StatusCode::OK),
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// `POST /connect/{platform}/data-deletion`
pub(super) async fn erase(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    form: SentForm,
) -> Response {
    let platform = PlatformName::from_text(&name);
    let signed = match signed(&form) {
        Ok(signed) => signed,
        Err(error) => return error.into_response(),
    };
    match app::connect::owner_erased(&state.app, Notice { platform: &platform, signed }).await {
        Ok(code) => {
            let url = format!("{}/connect/deletion/{code}", state.settings.base_url);
            bare(Json(json!({ "url": url, "confirmation_code": code })))
        }
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// `GET /connect/deletion/{code}`
pub(super) async fn erased(State(state): State<ApiState>, Path(code): Path<String>) -> Response {
    let found = match app::connect::erased(&state.app, &code).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return stopped(error.into()),
    };
    let what = match found.accounts {
        0 => "Nothing of yours was stored here.".to_owned(),
        1 => "1 account was switched off; its tokens, name and picture are deleted.".to_owned(),
        more => format!("{more} accounts were switched off; their tokens, names and pictures are deleted."),
    };
    let body = Html::default()
        .raw("<p>")
        .text(&what)
        .raw("</p><p class=\"soft\">Asked for through ")
        .text(&found.platform)
        .raw(", done ")
        .text(&found.at.to_iso_millis())
        .raw(". Confirmation code: ")
        .text(&code)
        .raw("</p>");
    page(StatusCode::OK, "Your data is deleted", body)
}
