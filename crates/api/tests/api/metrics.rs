//! `/metrics`: what it shows, to whom, and that the documentation tells of all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::Span;
use fanfare_api::{Limits, MetricsAccess, Observation};
use serde_json::json;
use telemetry::{Exporter, Kind, Metric, Pulse};
use testkit::{FaultKind, FaultSpec};

use crate::support::{DAY, START, Server, in_future};

async fn start(access: MetricsAccess, limits: Limits) -> (Server, Exporter) {
    let exporter = Exporter::new("1.2.3", START).unwrap();
    let pulse = Arc::new(Pulse::default());
    pulse.beat(START, 1);
    let readiness = app::readiness::Readiness::new(Some(pulse), app::readiness::ReadinessConfig::default());
    let observation = Observation { readiness, exporter: Some(exporter.clone()), ..Observation::default() };
    (Server::start().await.observed(observation, access, limits), exporter)
}

async fn scrape(server: &Server, token: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::builder().uri("/metrics");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let (status, headers, bytes) = server.raw(request.body(Body::empty()).unwrap()).await;
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    (status, String::from_utf8(bytes).unwrap())
}

/// The names that have a value in a scrape, with the kinds that it declares.
fn shown(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split_once(' '))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .collect()
}

/// The value of a line; 0 when there is none.
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|shown| shown.strip_prefix(line)?.strip_prefix(' '));
    found.map_or(0.0, |number| number.parse().unwrap())
}

#[test]
fn the_documentation_names_every_metric_with_its_kind_and_labels() {
    const DOCS: &str = include_str!("../../../../docs/observability.md");
    let documented: BTreeSet<(String, String, String)> = DOCS
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter(|line| line.starts_with("fanfare_") || line.starts_with("process_"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let plain = |cell: &str| cell.replace('`', "");
            (plain(cells[0]), plain(cells[1]), plain(cells[2]))
        })
        .collect();
    let counted: BTreeSet<(String, String, String)> = Metric::ALL
        .iter()
        .map(|metric| {
            (metric.name().to_owned(), metric.kind().as_str().to_owned(), metric.labels().join(", "))
        })
        .collect();
    assert_eq!(documented, counted);
}

#[tokio::test]
async fn a_scrape_shows_what_was_published_refused_and_asked() {
    let limits = Limits { requests_per_minute: 6, ..testkit::NO_LIMITS };
    let (server, exporter) = start(MetricsAccess::Open, limits).await;
    let _scope = exporter.on_this_thread();
    let account = server.accounts[0];
    for number in 0..3 {
        server
            .make_post(json!({ "content": format!("secret text {number}"), "account_ids": [account] }))
            .await;
    }
    let later = in_future(DAY);
    server.make_post(json!({ "content": "later", "account_ids": [account], "scheduled_for": later })).await;
    server.make_post(json!({ "content": "to nobody", "account_ids": [server.accounts[1]] })).await;
    // The first commit's answer is lost, and looked up.
    server.fault(FaultSpec::new("x", FaultKind::DropAfterAccept));
    server.tick().await;
    server.advance(Span::from_minutes(30)).await;
    server.read_metrics().await;
    let key = server.key.clone();
    for _ in 0..7 {
        server.get("/me").await;
    }
    server.send(server.request("BREW".parse().unwrap(), "/api/v1/coffee", "")).await;

    let (status, text) = scrape(&server, None).await;
    assert_eq!(status, StatusCode::OK);
    let kinds: BTreeMap<&str, Kind> =
        Metric::ALL.iter().map(|metric| (metric.name(), metric.kind())).collect();
    let shown = shown(&text);
    for (name, kind) in &shown {
        assert_eq!(kinds.get(name.as_str()).map(|kind| kind.as_str()), Some(kind.as_str()), "{name}");
    }
    // What needs a fault or a receiver that this test does not have.
    let rare = [
        Metric::TokenRenewals,
        Metric::TokenProbes,
        Metric::WebhookTries,
        Metric::ApiVersionEnd,
        Metric::OverdueAlarms,
        Metric::InFlight,
    ];
    for metric in Metric::ALL.into_iter().filter(|metric| !rare.contains(metric)) {
        assert!(shown.contains_key(metric.name()), "{} is not shown:\n{text}", metric.name());
    }
    for (line, expected) in [
        ("fanfare_claim_lateness_seconds_count{platform=\"x\"}", 3.0),
        ("fanfare_publish_lateness_seconds_count{platform=\"x\"}", 3.0),
        ("fanfare_attempts_total{platform=\"x\",outcome=\"published\"}", 3.0),
        ("fanfare_attempts_total{platform=\"x\",outcome=\"unknown\"}", 1.0),
        ("fanfare_reconciles_total{platform=\"x\",verdict=\"found\"}", 1.0),
        ("fanfare_destinations_finished_total{platform=\"x\",result=\"published\"}", 3.0),
        ("fanfare_queue_destinations{platform=\"x\",state=\"later\"}", 1.0),
        ("fanfare_queue_destinations{platform=\"x\",state=\"due\"}", 0.0),
        ("fanfare_http_requests_total{method=\"POST\",route=\"/api/v1/posts\",status=\"201\"}", 5.0),
        ("fanfare_http_requests_total{method=\"other\",route=\"-\",status=\"404\"}", 1.0),
        ("fanfare_rate_limited_requests_total{limit=\"requests per minute\"}", 1.0),
        ("fanfare_build_info{version=\"1.2.3\"}", 1.0),
    ] {
        assert!((value(&text, line) - expected).abs() < f64::EPSILON, "{line} {expected}:\n{text}");
    }
    let organization = server.organization.id.to_string();
    for secret in ["secret text", "Northlight", "northlight", key.as_str(), organization.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_queue_is_shown_as_it_is_now_and_falls_back_to_zero() {
    let (server, exporter) = start(MetricsAccess::Open, testkit::NO_LIMITS).await;
    let _scope = exporter.on_this_thread();
    server.make_post(json!({ "content": "due", "account_ids": [server.accounts[0]] })).await;
    server.clock.advance(Span::from_seconds(90));
    let (_, text) = scrape(&server, None).await;
    assert!(text.contains("fanfare_queue_destinations{platform=\"x\",state=\"due\"} 1"), "{text}");
    assert!(text.contains("fanfare_overdue_destinations{platform=\"x\"} 1"), "{text}");
    assert!(text.contains("fanfare_queue_oldest_due_seconds 90"), "{text}");
    server.tick().await;
    let (_, text) = scrape(&server, None).await;
    assert!(text.contains("state=\"due\"} 1"), "a storm of scrapes asks the database once");
    server.clock.advance(Span::from_seconds(10));
    let (_, text) = scrape(&server, None).await;
    for line in [
        "fanfare_queue_destinations{platform=\"x\",state=\"due\"} 0",
        "fanfare_overdue_destinations{platform=\"x\"} 0",
        "fanfare_queue_oldest_due_seconds 0",
        "fanfare_publish_loop_age_seconds 100",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn metrics_are_for_whom_the_operator_says() {
    let (open, _) = start(MetricsAccess::Open, testkit::NO_LIMITS).await;
    assert_eq!(scrape(&open, None).await.0, StatusCode::OK);
    let (closed, _) = start(MetricsAccess::Closed, testkit::NO_LIMITS).await;
    let (status, text) = scrape(&closed, None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(text.contains("metrics.token") && !text.contains("fanfare_"), "{text}");
    let (guarded, _) = start(MetricsAccess::Token("open sesame".into()), testkit::NO_LIMITS).await;
    for token in [None, Some(""), Some("open"), Some("open sesame "), Some(guarded.key.as_str())] {
        let (status, text) = scrape(&guarded, token).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token:?}");
        assert!(!text.contains("fanfare_") && !text.contains("sesame"), "{text}");
    }
    assert_eq!(scrape(&guarded, Some("open sesame")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_database_that_is_gone_leaves_what_was_counted() {
    let (server, exporter) = start(MetricsAccess::Open, testkit::NO_LIMITS).await;
    let _scope = exporter.on_this_thread();
    server.get("/me").await;
    server.app.store.close().await;
    let (status, text) = scrape(&server, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("route=\"/api/v1/me\""), "{text}");
}
