//! `/healthz` and `/readyz`: one fault for each reason.

use std::sync::Arc;
use std::time::Duration;

use app::figures::Figures;
use app::readiness::{Readiness, ReadinessConfig};
use axum::http::{Method, StatusCode};
use domain::Span;
use fanfare_api::{MetricsAccess, Observation};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use telemetry::{Exporter, Pulse};

use crate::support::{START, Server};

const SECOND: Span = Span::from_seconds(1);
const MINUTE: Span = Span::from_minutes(1);

/// A server on whose readiness nothing is kept from one question to the next.
fn observed(server: Server, pulse: Option<Arc<Pulse>>) -> Server {
    let config = ReadinessConfig {
        cached_for: Span::ZERO,
        patience: Duration::from_millis(100),
        ..ReadinessConfig::default()
    };
    let observation = Observation { readiness: Readiness::new(pulse, config), ..Observation::default() };
    server.observed(observation, MetricsAccess::Closed, testkit::NO_LIMITS)
}

async fn ask(server: &Server, path: &str) -> (StatusCode, Value) {
    let (status, headers, bytes) = server.raw(server.request(Method::GET, path, "")).await;
    assert_eq!(headers["content-type"], "application/json");
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// The codes of what keeps the server from being ready.
async fn reasons(server: &Server) -> Vec<String> {
    let (status, body) = ask(server, "/readyz").await;
    assert_eq!(ask(server, "/healthz").await, (StatusCode::OK, json!({ "status": "ok" })), "it lives");
    if status == StatusCode::OK {
        assert_eq!(body, json!({ "status": "ready" }));
        return Vec::new();
    }
    assert_eq!((status, &body["status"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("not_ready")));
    let reasons = body["reasons"].as_array().unwrap();
    assert!(reasons.iter().all(|reason| reason["message"].as_str().is_some_and(|text| text.ends_with('.'))));
    reasons.iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

/// A pulse of a loop that came around just now and could take more.
fn beating() -> Arc<Pulse> {
    let pulse = Arc::new(Pulse::default());
    std::mem::forget(pulse.start(START));
    pulse.beat(START, 1);
    pulse
}

#[tokio::test]
async fn a_server_whose_loop_runs_is_ready_and_one_whose_loop_was_killed_is_not() {
    let server = Server::start().await;
    let engine = server.engine();
    let pulse = engine.pulse();
    let server = observed(server, Some(Arc::clone(&pulse)));
    assert_eq!(reasons(&server).await, ["publish_loop_dead"], "it has not begun");
    let running = tokio::spawn(engine.run(std::future::pending()));
    while pulse.state().beat_at.is_none() {
        tokio::task::yield_now().await;
    }
    assert!(reasons(&server).await.is_empty());
    running.abort();
    assert!(running.await.is_err());
    assert_eq!(reasons(&server).await, ["publish_loop_dead"]);
}

#[tokio::test]
async fn a_loop_that_hangs_is_stuck_once_its_last_round_is_too_old() {
    let server = Server::start().await;
    let engine = server.engine();
    let pulse = engine.pulse();
    let server = observed(server, Some(Arc::clone(&pulse)));
    let mut running = Box::pin(engine.run(std::future::pending()));
    let begun = async {
        while pulse.state().beat_at.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = &mut running => panic!("nothing stops it"),
        () = begun => {}
    }
    // From here on nobody lets it go on.
    server.clock.advance(SECOND.times(70));
    assert!(reasons(&server).await.is_empty());
    server.clock.advance(SECOND);
    assert_eq!(reasons(&server).await, ["publish_loop_stuck"]);
    drop(running);
}

#[tokio::test]
async fn a_loop_whose_looks_for_work_fail_is_not_ready() {
    let pulse = beating();
    let server = observed(Server::start().await, Some(Arc::clone(&pulse)));
    pulse.looked(false, START);
    server.clock.set(START + SECOND.times(14));
    assert!(reasons(&server).await.is_empty(), "one failure passes");
    server.clock.set(START + SECOND.times(15));
    assert_eq!(reasons(&server).await, ["claims_failing"]);
    pulse.looked(true, START + SECOND.times(15));
    assert!(reasons(&server).await.is_empty());
}

#[tokio::test]
async fn a_queue_that_stands_still_though_there_is_room_is_stuck() {
    let pulse = beating();
    let server = observed(Server::start().await, Some(Arc::clone(&pulse)));
    for text in ["first", "second"] {
        server.make_post(json!({ "content": text, "account_ids": [server.accounts[0]] })).await;
    }
    let at = |span: Span, room: u32| {
        server.clock.set(START + span);
        pulse.beat(START + span, room);
    };
    at(SECOND.times(299), 1);
    assert!(reasons(&server).await.is_empty(), "not yet");
    at(MINUTE.times(5), 0);
    assert!(reasons(&server).await.is_empty(), "there is no room for it");
    at(MINUTE.times(5), 1);
    assert_eq!(reasons(&server).await, ["queue_stuck"]);
    // Taken by a worker that is slow: the second one waits for its account, and nothing stands still.
    assert_eq!(server.engine().claim(10).await.unwrap().len(), 1);
    assert!(reasons(&server).await.is_empty());
}

#[tokio::test]
async fn a_loop_that_just_began_may_catch_up_first() {
    let server = Server::start().await;
    let pulse = Arc::new(Pulse::default());
    let server = observed(server, Some(Arc::clone(&pulse)));
    server.make_post(json!({ "content": "late", "account_ids": [server.accounts[0]] })).await;
    let now = START + MINUTE.times(30);
    server.clock.set(now);
    let _alive = pulse.start(now);
    pulse.beat(now, 1);
    assert!(reasons(&server).await.is_empty());
}

#[tokio::test]
async fn a_database_that_is_locked_is_unwritable_and_one_that_is_gone_is_neither() {
    let server = observed(Server::start().await, None);
    assert!(reasons(&server).await.is_empty(), "a node that does not publish needs no loop");
    if server.app.store.is_shared() {
        // Nobody can lock the whole of PostgreSQL.
        server.app.store.close().await;
        assert_eq!(reasons(&server).await, ["database_unreadable", "database_unwritable"]);
        return;
    }
    let address = format!("sqlite://{}", server.database().display());
    let mut other = SqliteConnection::connect(&address).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    assert_eq!(reasons(&server).await, ["database_unwritable"]);
    other.execute("ROLLBACK").await.unwrap();
    server.app.store.probe_write(START).await.unwrap();
    assert!(reasons(&server).await.is_empty());
    server.app.store.close().await;
    assert_eq!(reasons(&server).await, ["database_unreadable", "database_unwritable"]);
}

#[tokio::test]
async fn a_server_that_is_stopping_is_not_ready() {
    let observation = Observation::default();
    observation.readiness.stop();
    let server = Server::start().await.observed(observation, MetricsAccess::Closed, testkit::NO_LIMITS);
    assert_eq!(reasons(&server).await, ["stopping"]);
}

#[tokio::test]
async fn a_storm_of_probes_asks_the_database_once() {
    let exporter = Exporter::new("1.0.0", START).unwrap();
    let observation = Observation {
        readiness: Readiness::new(None, ReadinessConfig::default()),
        figures: Figures::default(),
        exporter: Some(exporter.clone()),
    };
    let server = Server::start().await.observed(observation, MetricsAccess::Open, testkit::NO_LIMITS);
    let _scope = exporter.on_this_thread();
    let mut storm = Vec::new();
    for _ in 0..50 {
        storm.push(ask(&server, "/readyz"));
    }
    for call in storm {
        assert_eq!(call.await.0, StatusCode::OK);
    }
    assert!(exporter.render().contains("fanfare_write_batch_jobs_count 1\n"), "{}", exporter.render());
    server.clock.advance(SECOND.times(2));
    ask(&server, "/readyz").await;
    assert!(exporter.render().contains("fanfare_write_batch_jobs_count 2\n"));
}
