//! Traces: a destination is followed through its steps, as a collector sees it.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::json;

use crate::support::Demo;

#[derive(Clone, Default)]
struct Received {
    spans: Arc<Mutex<Vec<Span>>>,
    services: Arc<Mutex<Vec<String>>>,
}

/// A collector on a port of its own.
async fn collector() -> (Received, String) {
    let received = Received::default();
    let router = Router::new().route("/v1/traces", post(take)).with_state(received.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (received, address)
}

async fn take(State(received): State<Received>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    for resource in request.resource_spans {
        let attributes = resource.resource.unwrap().attributes;
        received.services.lock().unwrap().push(text(&attributes, "service.name"));
        let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        received.spans.lock().unwrap().extend(spans);
    }
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    match found.and_then(|attribute| attribute.value.clone()) {
        Some(AnyValue { value: Some(Any::StringValue(text)) }) => text,
        _ => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_destinations_spans_are_in_one_trace_and_in_order() {
    let (received, address) = collector().await;
    // Traces do not depend on what is logged.
    let mut demo = Demo::start_with(&[("FANFARE_OTLP_ENDPOINT", &address), ("FANFARE_LOG", "error")]);
    demo.fault(json!({ "platform": "x", "operation": "create_post", "kind": "drop_after_accept" })).await;
    let accounts = [demo.account("x"), demo.account("bluesky")];
    let id = demo.create_post(json!({ "content": "Followed.", "account_ids": accounts })).await;
    assert!(demo.ended(&id).await.iter().all(|result| result["status"] == "published"));
    demo.stop();

    let spans = received.spans.lock().unwrap().clone();
    assert!(received.services.lock().unwrap().iter().all(|name| name == "fanfare"));
    let known = ["publish", "load", "step", "commit", "reconcile", "renew", "record"];
    for span in &spans {
        // Requests are named by method and route. Those of the exporter itself are not there.
        assert!(known.contains(&span.name.as_str()) || span.name.contains(" /api/v1/"), "{}", span.name);
    }
    let of_platform = |platform: &str| {
        let publishes = |span: &&Span| {
            span.name == "publish"
                && text(&span.attributes, "platform") == platform
                && text(&span.attributes, "post.id") == id
        };
        spans.iter().find(publishes).unwrap()
    };
    let (on_x, on_bluesky) = (of_platform("x"), of_platform("bluesky"));
    assert_ne!(on_x.trace_id, on_bluesky.trace_id, "each destination has its own");

    let destination = text(&on_x.attributes, "destination.id");
    let trace_id = uuid::Uuid::from_slice(&on_x.trace_id).unwrap();
    assert_eq!(trace_id.to_string(), destination, "the trace is found by the id");
    let mut trace: Vec<&Span> = spans.iter().filter(|span| span.trace_id == on_x.trace_id).collect();
    trace.sort_by_key(|span| span.start_time_unix_nano);
    for span in trace.iter().filter(|span| span.name != "publish") {
        assert!(trace.iter().any(|other| other.span_id == span.parent_span_id), "{} is an orphan", span.name);
    }
    let first = |name: &str| {
        trace.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("there is no {name}"))
    };
    let in_order = ["publish", "load", "step", "commit", "reconcile"].map(first);
    for pair in in_order.windows(2) {
        assert!(
            pair[0].start_time_unix_nano <= pair[1].start_time_unix_nano,
            "{} before {}",
            pair[0].name,
            pair[1].name
        );
    }
    let commit = first("commit");
    let kept =
        |span: &&&Span| span.name == "record" && span.end_time_unix_nano <= commit.start_time_unix_nano;
    assert!(trace.iter().any(|span| kept(&span)), "the intent is recorded before the commit begins");
    let last = trace.iter().rfind(|span| span.name == "record").unwrap();
    assert!(last.start_time_unix_nano >= first("reconcile").end_time_unix_nano, "and the receipt after it");

    let made = spans.iter().find(|span| span.name == "POST /api/v1/posts").unwrap();
    assert_eq!(text(&made.attributes, "post.id"), id, "the request that made the post leads to it");
    assert_ne!(made.trace_id, on_x.trace_id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_not_there_stops_nothing() {
    // A port that was free a moment ago.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut demo = Demo::start_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{gone}"))]);
    let id = demo.create_post(json!({ "content": "Anyway.", "account_ids": [demo.account("x")] })).await;
    assert!(demo.ended(&id).await.iter().all(|result| result["status"] == "published"));
    demo.stop();
}
