//! The pages that people meet: connecting accounts, letting a device in, and what platforms tell of
//! people who leave. Plain HTML that works without scripts and asks nobody else for anything.

mod authorize;
mod choose;
mod connect;
mod device;
mod html;
mod notices;
mod page;
mod stopped;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use domain::ConnectId;
use uuid::Uuid;

use crate::ApiState;

/// The routes.
pub(crate) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/connect/{name}", get(connect::open))
        .route("/connect/callback/{name}", get(connect::callback))
        .route("/connect/choose/{name}", get(choose::show).post(choose::chosen))
        .route("/connect/deletion/{name}", get(notices::erased))
        .route("/connect/{name}/deauthorize", post(notices::left))
        .route("/connect/{name}/data-deletion", post(notices::erase))
        .route("/oauth/authorize", get(authorize::show).post(authorize::decide))
        .route("/device", get(device::show).post(device::decide))
}

/// The fields of a form or a query, as often as they came.
type Pairs = Vec<(String, String)>;

/// The first field of this name.
fn first<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

/// The session that a path names.
fn session(Path(name): &Path<String>) -> Option<ConnectId> {
    Some(name).filter(|name| name.len() == 36).and_then(|name| Uuid::parse_str(name).ok()).map(ConnectId)
}
