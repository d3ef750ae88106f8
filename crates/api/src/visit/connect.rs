//! `/connect/{session}` and `/connect/callback/{platform}`: to the platform and back.

use app::connect::{CameBack, Done, Landing};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::PlatformName;

use super::html::Html;
use super::page::{on_to, page};
use super::stopped::stopped;
use super::{Pairs, first, session};
use crate::ApiState;

/// The cookie by which the choosing browser is known.
pub(super) const COOKIE: &str = "fanfare_choice";

/// `GET /connect/{session}`
pub(super) async fn open(State(state): State<ApiState>, name: Path<String>) -> Response {
    let Some(id) = session(&name) else { return missing() };
    match app::connect::address(&state.app, &state.settings.base_url, id).await {
        Ok(address) => on_to(address.as_str()),
        Err(stop) => stopped(stop),
    }
}

/// `GET /connect/callback/{platform}`
pub(super) async fn callback(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    Query(query): Query<Pairs>,
) -> Response {
    let field = |name: &str| first(&query, name).map(ToOwned::to_owned);
    let back = CameBack {
        state: field("state"),
        code: field("code"),
        error: field("error"),
        error_description: field("error_description"),
    };
    let platform = PlatformName::from_text(&name);
    let base_url = &state.settings.base_url;
    match app::connect::came_back(&state.app, base_url, &platform, back).await {
        Ok(Landing::Done(done)) => connected(&done),
        Ok(Landing::Choose { id, secret }) => {
            let path = format!("/connect/choose/{id}");
            let seconds = app::connect::LIFE.as_seconds_ceil();
            let secure = if base_url.starts_with("https:") { "; Secure" } else { "" };
            let cookie = format!(
                "{COOKIE}={secret}; Path={}{path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
                base_path(base_url)
            );
            let mut response = on_to(&format!("{base_url}{path}"));
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(stop) => stopped(stop),
    }
}

/// Where below its host the server is reached, behind a proxy that puts it somewhere.
pub(super) fn base_path(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

/// The page that says which accounts are connected.
pub(super) fn connected(done: &Done) -> Response {
    let title = if done.is_reconnect {
        format!("{} is connected again", done.platform)
    } else {
        format!("{} is connected", done.platform)
    };
    let body = Html::default()
        .list(&done.names)
        .when(!done.declined_scopes.is_empty(), |body| {
            body.raw("<p>You did not allow these; what needs them will not work:</p>")
                .list(&done.declined_scopes)
        })
        .raw("<p class=\"soft\">You can close this page.</p>");
    page(StatusCode::OK, &title, body)
}

/// The page for an address that cannot be a link.
pub(super) fn missing() -> Response {
    let body = Html::default()
        .raw("<p>It may be incomplete, or too old. Ask for a new link and open it in this browser.</p>");
    page(StatusCode::NOT_FOUND, "This link is not known", body)
}
