//! `/mcp`: the protocol over HTTP. No sessions: each request stands by itself, so that any node can
//! answer it.

use std::sync::Arc;

use ::http::{HeaderValue, Method, Request, StatusCode, header};
use app::{App, AppError};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::json;

use crate::api::Inside;
use crate::server::{Key, Offer, Tools};

const HELP: &str = include_str!("help.html");

type Service = StreamableHttpService<Tools, NeverSessionManager>;

#[derive(Clone)]
struct Door {
    app: App,
    service: Service,
    /// Where a client learns how to get a token.
    metadata: Arc<str>,
}

/// `/mcp`, and `/claude` without the making of images. `api` is the whole API; `base_url` is where
/// callers reach the server.
pub fn routes(app: &App, api: Router, base_url: &str) -> Router {
    let api = Arc::new(Inside(api));
    let door = |path: &str, offer| {
        let tools = Tools { api: Arc::clone(&api) as Arc<dyn crate::Api>, offer };
        // A page of a foreign site cannot use the door: it has no key. So who asks under which name
        // does not matter, and browsers may come.
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_sse_keep_alive(None)
            .disable_allowed_hosts();
        Door {
            app: app.clone(),
            service: Service::new(move || Ok(tools.clone()), Arc::default(), config),
            metadata: format!("{base_url}/.well-known/oauth-protected-resource{path}").into(),
        }
    };
    Router::new()
        .route("/mcp", any(serve).with_state(door("/mcp", Offer::Everything)))
        .route("/claude", any(serve).with_state(door("/claude", Offer::NoImages)))
}

async fn serve(State(door): State<Door>, mut request: Request<Body>) -> Response {
    if is_person(&request) {
        let headers =
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
        return (headers, HELP).into_response();
    }
    let Some(key) = bearer(&request).map(str::to_owned) else {
        return door.refuse("Send an API key or an OAuth token as \"Authorization: Bearer …\".", false);
    };
    match app::auth::authenticate(&door.app, &key).await {
        Ok(_) => {}
        Err(error @ AppError::Unauthorized(_)) => return door.refuse(&error.to_string(), true),
        Err(error) => {
            tracing::error!(error = ?error, "a caller of the MCP server cannot be looked up");
            let body = axum::Json(json!({ "error": error.to_string() }));
            return (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
        }
    }
    request.extensions_mut().insert(Key(key));
    // What is left of the request is for the protocol; the key must not get into its traces.
    request.headers_mut().remove(header::AUTHORIZATION);
    let response = door.service.handle(request).await;
    response.map(Body::new)
}

impl Door {
    fn refuse(&self, why: &str, had_key: bool) -> Response {
        let error = if had_key { ", error=\"invalid_token\"" } else { "" };
        let challenge = format!(
            "Bearer realm=\"Fanfare MCP\"{error}, resource_metadata=\"{}\", scope=\"read write ai\"",
            self.metadata
        );
        let mut response = (StatusCode::UNAUTHORIZED, axum::Json(json!({ "error": why }))).into_response();
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Whether a person looks at the address in a browser.
fn is_person(request: &Request<Body>) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    request.method() == Method::GET && accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

fn bearer(request: &Request<Body>) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}
