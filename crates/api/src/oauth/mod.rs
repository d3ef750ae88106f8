//! OAuth 2.1 for programs such as MCP clients: what they read before they begin, and the calls that they
//! make. Answers have OAuth's shapes and no envelope. The page that people see is `visit::authorize`.

mod calls;
mod metadata;

use axum::Router;
use axum::routing::{get, post};

use crate::ApiState;

/// The routes.
pub(crate) fn routes() -> Router<ApiState> {
    let resource = "/.well-known/oauth-protected-resource";
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::server))
        .route(resource, get(metadata::resource))
        .route(&format!("{resource}/mcp"), get(metadata::mcp))
        .route(&format!("{resource}/claude"), get(metadata::claude))
        .route("/oauth/register", post(calls::register))
        .route("/oauth/token", post(calls::token))
        .route("/oauth/revoke", post(calls::revoke))
}
