//! What platforms tell of people who leave: `/connect/{platform}/deauthorize`,
//! `/connect/{platform}/data-deletion`, and the page of what was deleted.

use app::connect::Notice;
use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
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
) -> Result<Response, ApiError> {
    let platform = PlatformName::from_text(&name);
    let notice = Notice { platform: &platform, signed: signed(&form)? };
    app::connect::owner_left(&state.app, notice).await?;
    Ok(bare(StatusCode::OK))
}

/// `POST /connect/{platform}/data-deletion`
pub(super) async fn erase(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    form: SentForm,
) -> Result<Response, ApiError> {
    let platform = PlatformName::from_text(&name);
    let notice = Notice { platform: &platform, signed: signed(&form)? };
    let code = app::connect::owner_erased(&state.app, notice).await?;
    let url = format!("{}/connect/deletion/{code}", state.settings.base_url);
    Ok(bare(Json(json!({ "url": url, "confirmation_code": code }))))
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
