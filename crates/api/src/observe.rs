//! What the operator sees of requests: a span, a line in the log, figures. Never a body, a key or a
//! path with an id in it.

use std::sync::Arc;

use app::figures::Figures;
use app::readiness::{Readiness, ReadinessConfig};
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use domain::{ApiKeyId, OrganizationId, PostId, Span as Duration};
use telemetry::Exporter;
use tracing::instrument::Instrumented;
use tracing::{Instrument as _, Span, field};

/// What the probes and the metrics are made from.
#[derive(Debug)]
pub struct Observation {
    /// Whether this process can do its work.
    pub readiness: Readiness,
    /// The figures of the queue.
    pub figures: Figures,
    /// What was counted; `None` where nothing is.
    pub exporter: Option<Exporter>,
}

impl Default for Observation {
    /// A process that runs no publish loop and counts nothing.
    fn default() -> Self {
        let readiness = Readiness::new(None, ReadinessConfig::default());
        Self { readiness, figures: Figures::default(), exporter: None }
    }
}

/// Who may read the metrics.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum MetricsAccess {
    /// Nobody, at this address.
    #[default]
    Closed,
    /// Everybody.
    Open,
    /// Whoever sends this bearer token.
    Token(Arc<str>),
}

/// A request that is being answered.
pub(crate) struct Asked {
    method: Method,
    /// The pattern of its route; `-` where there is none.
    route: String,
    span: Span,
}

impl Asked {
    pub(crate) fn new(request: &Request, id: &str) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        let route = matched.map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
        let method = request.method().clone();
        let span = tracing::debug_span!(
            "request",
            otel.kind = "server",
            otel.name = field::Empty,
            %method,
            route,
            request_id = id,
            status = field::Empty,
            post.id = field::Empty,
        );
        if !span.is_disabled() {
            span.record("otel.name", format!("{method} {route}"));
        }
        Self { method, route, span }
    }

    /// Does `work` in the request's span.
    pub(crate) fn follow<F: Future>(&self, work: F) -> Instrumented<F> {
        work.instrument(self.span.clone())
    }

    /// The answer goes out.
    pub(crate) fn note_answer(
        &self,
        status: StatusCode,
        duration: Duration,
        id: &str,
        organization: Option<OrganizationId>,
        key: Option<ApiKeyId>,
    ) {
        let status = status.as_u16();
        self.span.record("status", status);
        telemetry::http_request(self.method.as_str(), &self.route, status, duration);
        let (method, route) = (&self.method, self.route.as_str());
        let duration_ms = milliseconds(duration);
        // Probes come every few seconds and say nothing new.
        if matches!(route, "/healthz" | "/readyz" | "/metrics") {
            tracing::debug!(%method, route, status, duration_ms, request_id = id, "request");
            return;
        }
        tracing::info!(
            %method,
            route,
            status,
            duration_ms,
            request_id = id,
            organization.id = organization.map(|id| id.to_string()),
            key.id = key.map(|id| id.to_string()),
            "request"
        );
    }
}

/// The request made this post: its trace is found by the post's id, as the trace of each
/// destination is.
pub(crate) fn note_post(post: PostId) {
    let span = Span::current();
    if !span.is_disabled() {
        span.record("post.id", post.to_string());
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1_000.0
}
