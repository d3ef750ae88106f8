//! `/healthz`, `/readyz` and `/metrics`: for load balancers and operators, outside of the API.

use std::time::Duration;

use app::readiness::Unready;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::envelope::{self, bare};
use crate::{ApiState, MetricsAccess};

/// What Prometheus calls its text form.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How long a scrape waits for the database.
const PATIENCE: Duration = Duration::from_secs(3);

/// The routes.
pub(crate) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
}

/// The routes alone.
pub(crate) fn router(state: ApiState) -> Router {
    routes()
        .fallback(super::no_route)
        .layer(from_fn_with_state(state.clone(), envelope::wrap))
        .with_state(state)
}

/// The process is there.
async fn healthz() -> Response {
    bare(Json(json!({ "status": "ok" })))
}

/// The process can do its work, or why not.
async fn readyz(State(state): State<ApiState>) -> Response {
    let found = state.observation.readiness.check(&state.app).await;
    if found.is_empty() {
        return bare(Json(json!({ "status": "ready" })));
    }
    let reasons: Vec<_> = found
        .iter()
        .map(|reason: &Unready| json!({ "code": reason.as_str(), "message": reason.explain() }))
        .collect();
    bare((StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "not_ready", "reasons": reasons }))))
}

/// The metrics as Prometheus text.
async fn metrics(State(state): State<ApiState>, headers: HeaderMap) -> Response {
    if let Some(refused) = refuse(&state.metrics, &headers) {
        return refused;
    }
    let observation = &state.observation;
    let Some(exporter) = &observation.exporter else {
        return bare((StatusCode::NOT_FOUND, "This process counts nothing.\n"));
    };
    // Where the database fails, what was counted in memory is worth more than ever.
    match tokio::time::timeout(PATIENCE, observation.figures.refresh(&state.app)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(error = %error, "the figures of the queue cannot be read"),
        Err(_) => tracing::warn!("the figures of the queue cannot be read in time"),
    }
    if let Some(age) = observation.readiness.loop_age(state.app.clock.now()) {
        telemetry::loop_age(age);
    }
    bare(([(header::CONTENT_TYPE, TEXT)], exporter.render()))
}

fn refuse(access: &MetricsAccess, headers: &HeaderMap) -> Option<Response> {
    match access {
        MetricsAccess::Open => None,
        MetricsAccess::Closed => Some(bare((
            StatusCode::FORBIDDEN,
            "Metrics are not served at this address; set metrics.token or metrics.listen.\n",
        ))),
        MetricsAccess::Token(token) => {
            let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let sent = sent.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
            // Of hashes, the time that comparing takes says nothing about the token.
            if Sha256::digest(sent.as_bytes()) == Sha256::digest(token.as_bytes()) {
                return None;
            }
            Some(bare((
                StatusCode::UNAUTHORIZED,
                "Send metrics.token as \"Authorization: Bearer <token>\".\n",
            )))
        }
    }
}
