//! `/device`: a person with a key of the organization lets a device in, or turns it away.
//!
//! The key is what proves the person, so no foreign page can send this form in their name: it would
//! have to know the key.

use app::AppError;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::connect::base_path;
use super::html::Html;
use super::page::page;
use super::{Pairs, first};
use crate::ApiState;
use crate::address::{Address, Errand};
use crate::error::ApiError;

const TITLE: &str = "Let a device in";

/// `GET /device`; `code` fills the code in.
pub(super) async fn show(
    State(state): State<ApiState>,
    address: Address,
    Query(query): Query<Pairs>,
) -> Response {
    let code = first(&query, "code").unwrap_or_default();
    if code.is_empty() {
        return form(&state, StatusCode::OK, code, None, None);
    }
    if let Err(error) = address.take(&state, Errand::Decide) {
        return form(&state, error.status, code, None, Some(&error.message));
    }
    match app::device::waiting(&state.app, code).await {
        Ok(device) => form(&state, StatusCode::OK, code, Some(&device), None),
        Err(error) => refuse(&state, code, error),
    }
}

/// `POST /device`
pub(super) async fn decide(
    State(state): State<ApiState>,
    address: Address,
    body: Result<Form<Pairs>, FormRejection>,
) -> Response {
    let Ok(Form(body)) = body else {
        return form(&state, StatusCode::BAD_REQUEST, "", None, Some("The form could not be read."));
    };
    let field = |name: &str| first(&body, name).unwrap_or_default().trim().to_owned();
    let (code, key, let_in) = (field("code"), field("key"), field("do") == "approve");
    if let Err(error) = address.take(&state, Errand::Decide) {
        return form(&state, error.status, &code, None, Some(&error.message));
    }
    match settle(&state, &code, &key, let_in).await {
        Ok(device) => {
            let (title, what) = if let_in {
                ("The device is let in", " gets a key of its own. You can close this page.")
            } else {
                ("The device was turned away", " gets no key. You can close this page.")
            };
            page(StatusCode::OK, title, Html::default().raw("<p>").text(&device).raw(what).raw("</p>"))
        }
        Err(error) => refuse(&state, &code, error),
    }
}

async fn settle(state: &ApiState, code: &str, key: &str, let_in: bool) -> Result<String, AppError> {
    // The key first: without one, nobody learns which codes wait.
    let caller = app::auth::authenticate_key(&state.app, key).await?;
    let device = app::device::waiting(&state.app, code).await?;
    app::device::decide(&state.app, &caller, code, let_in).await?;
    Ok(device)
}

fn refuse(state: &ApiState, code: &str, error: AppError) -> Response {
    if matches!(error, AppError::NotFound(_)) {
        let message =
            "No device waits with this code. Codes live fifteen minutes; begin again on the device.";
        return form(state, StatusCode::NOT_FOUND, code, None, Some(message));
    }
    let error = ApiError::from(error);
    error.log("-");
    form(state, error.status, code, None, Some(&error.message))
}

fn form(
    state: &ApiState,
    status: StatusCode,
    code: &str,
    device: Option<&str>,
    problem: Option<&str>,
) -> Response {
    let mut body = Html::default();
    if let Some(problem) = problem {
        body = body.raw("<p class=\"bad\" role=\"alert\">").text(problem).raw("</p>");
    }
    body = match device {
        Some(device) => {
            body.raw("<p><strong>").text(device).raw("</strong> asks for access to your accounts. ")
        }
        None => body.raw("<p>A device asks for access to your accounts. "),
    };
    body = body
        .raw("Approve it only if you began this yourself.</p><form method=\"post\" action=\"")
        .text(&format!("{}/device", base_path(&state.settings.base_url)))
        .raw("\" autocomplete=\"off\"><label class=\"field\">Code<small>As the device shows it.</small><input name=\"code\" required maxlength=\"20\" autocapitalize=\"characters\" spellcheck=\"false\" value=\"")
        .text(code)
        .raw("\"></label><label class=\"field\">API key<small>One of your organization with the scope “write”. The device gets a key of its own with the same rights.</small><input name=\"key\" type=\"password\" required maxlength=\"100\" autocomplete=\"off\" spellcheck=\"false\"></label><div class=\"row\"><button name=\"do\" value=\"approve\">Approve</button><button class=\"other\" name=\"do\" value=\"deny\">Deny</button></div></form>");
    page(status, TITLE, body)
}
