//! What programs read first: RFC 9728 of what they want to reach, RFC 8414 of who gives the tokens.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use domain::api_key::Scope;
use serde_json::{Value, json};

use crate::ApiState;
use crate::envelope::bare;

fn scopes() -> Vec<&'static str> {
    Scope::USUAL.iter().map(|scope| scope.as_str()).collect()
}

fn open(document: Value) -> Response {
    let headers =
        [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "public, max-age=3600")];
    bare((headers, Json(document)))
}

/// `GET /.well-known/oauth-authorization-server`
pub(super) async fn server(State(state): State<ApiState>) -> Response {
    let base = &state.settings.base_url;
    open(json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth/authorize"),
        "token_endpoint": format!("{base}/oauth/token"),
        "registration_endpoint": format!("{base}/oauth/register"),
        "revocation_endpoint": format!("{base}/oauth/revoke"),
        "scopes_supported": scopes(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "service_documentation": format!("{base}/docs"),
    }))
}

fn protected(state: &ApiState, path: &str) -> Response {
    let base = &state.settings.base_url;
    open(json!({
        "resource": format!("{base}{path}"),
        "authorization_servers": [base],
        "scopes_supported": scopes(),
        "bearer_methods_supported": ["header"],
        "resource_name": "Fanfare",
    }))
}

/// `GET /.well-known/oauth-protected-resource`
pub(super) async fn resource(State(state): State<ApiState>) -> Response {
    protected(&state, "")
}

/// `GET /.well-known/oauth-protected-resource/mcp`
pub(super) async fn mcp(State(state): State<ApiState>) -> Response {
    protected(&state, "/mcp")
}

/// `GET /.well-known/oauth-protected-resource/claude`
pub(super) async fn claude(State(state): State<ApiState>) -> Response {
    protected(&state, "/claude")
}
