//! The trace of a destination: its id is the destination's, so that every claim of it, on whichever
//! node and after whichever crash, is in one trace that is found by the id.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use uuid::Uuid;

/// Puts `span`, which was not entered yet, into the trace of `destination`, under a parent that
/// stands for the post. Without a trace exporter this does nothing.
pub fn follow(span: &Span, destination: Uuid, post: Uuid) {
    let (_, low) = post.as_u64_pair();
    let parent = SpanContext::new(
        TraceId::from_bytes(*destination.as_bytes()),
        SpanId::from_bytes(low.to_be_bytes()),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    // It fails where no exporter is set up, and then there is no trace to be part of.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
}
