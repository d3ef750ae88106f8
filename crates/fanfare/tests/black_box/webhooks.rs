//! Webhooks with a real receiver, which checks what it gets by its own code, and a server that is
//! killed while it sends.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use domain::{Span, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use crate::support::{Demo, now, pause};
use crate::travel::{clock, moment, shown};

/// How long anything may take before a test gives up. Not a claim about speed.
const PATIENCE: Span = Span::from_seconds(60);

/// HMAC-SHA256 as RFC 2104 has it.
fn hmac(key: &[u8], message: &[u8]) -> String {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    let outer = Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize();
    outer
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

struct Inbox {
    secret: Mutex<String>,
    /// Each request with its timestamp, in the order of arrival.
    received: Mutex<Vec<(i64, Value)>>,
    forged: Mutex<usize>,
    /// How many requests are answered with 500 first.
    failing: Mutex<usize>,
    /// While it is true, no answer is given.
    holding: watch::Sender<bool>,
}

async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let expected = format!("sha256={}", hmac(inbox.secret.lock().unwrap().as_bytes(), &body));
    if text("x-posteverywhere-signature") != expected {
        *inbox.forged.lock().unwrap() += 1;
        return StatusCode::UNAUTHORIZED;
    }
    let sent_at = text("x-posteverywhere-timestamp").parse().unwrap();
    inbox.received.lock().unwrap().push((sent_at, serde_json::from_slice(&body).unwrap()));
    let mut holding = inbox.holding.subscribe();
    let _ = holding.wait_for(|holding| !holding).await;
    let mut failing = inbox.failing.lock().unwrap();
    if *failing > 0 {
        *failing -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::OK
}

/// A receiver on a port of its own.
async fn receiver() -> (Arc<Inbox>, String) {
    let inbox = Arc::new(Inbox {
        secret: Mutex::default(),
        received: Mutex::default(),
        forged: Mutex::default(),
        failing: Mutex::default(),
        holding: watch::Sender::new(false),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let router = Router::new().route("/events", post(receive)).with_state(Arc::clone(&inbox));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (inbox, url)
}

async fn subscribe(demo: &Demo, inbox: &Inbox, url: &str, events: &[&str]) -> String {
    let answer = demo.call("POST", "/webhooks", Some(json!({ "url": url, "events": events }))).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let made = &answer.body["data"];
    made["secret"].as_str().unwrap().clone_into(&mut inbox.secret.lock().unwrap());
    made["id"].as_str().unwrap().to_owned()
}

fn received(inbox: &Inbox) -> Vec<Value> {
    inbox.received.lock().unwrap().iter().map(|(_, event)| event.clone()).collect()
}

/// The events that came, each once, in the order in which they first came.
fn distinct(inbox: &Inbox) -> Vec<Value> {
    let mut seen = HashSet::new();
    received(inbox).into_iter().filter(|event| seen.insert(event["event_id"].to_string())).collect()
}

async fn wait_for(inbox: &Inbox, what: &str, is_there: impl Fn(&Inbox) -> bool) {
    let deadline = now() + PATIENCE;
    while !is_there(inbox) {
        assert!(now() < deadline, "{what} never came: {:?}", received(inbox));
        pause(Span::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_server_that_is_killed_while_it_sends_loses_no_event() {
    let (inbox, url) = receiver().await;
    let mut demo = Demo::start();
    let webhook = subscribe(&demo, &inbox, &url, &["post.publishing", "post.published"]).await;
    let platforms = ["x", "linkedin", "bluesky"];
    let mut posts = Vec::new();
    for round in 0..4 {
        inbox.holding.send_replace(true);
        let before = received(&inbox).len();
        let accounts: Vec<i64> = platforms.iter().map(|platform| demo.account(platform)).collect();
        let body = json!({ "content": format!("told of in round {round}"), "account_ids": accounts });
        posts.push(demo.create_post(body).await);
        wait_for(&inbox, "the first event of the round", |inbox| received(inbox).len() > before).await;
        pause(Span::from_millis(round * 40)).await;
        demo = demo.kill_and_restart();
        inbox.holding.send_replace(false);
        for post in &posts {
            demo.ended(post).await;
        }
    }
    let published =
        |inbox: &Inbox| distinct(inbox).iter().filter(|event| event["event"] == "post.published").count();
    let all = posts.len() * platforms.len();
    wait_for(&inbox, "the last event", |inbox| published(inbox) == all).await;
    assert_eq!(*inbox.forged.lock().unwrap(), 0, "every signature is right");
    for post in &posts {
        let of_post: Vec<Value> =
            distinct(&inbox).into_iter().filter(|event| event["data"]["post_id"] == json!(post)).collect();
        for platform in platforms {
            let names: Vec<&str> = of_post
                .iter()
                .filter(|event| event["data"]["platform"] == platform)
                .map(|event| event["event"].as_str().unwrap())
                .collect();
            assert_eq!(names.last(), Some(&"post.published"), "{platform}: {names:?}");
            assert_eq!(
                names.iter().filter(|name| **name == "post.published").count(),
                1,
                "{platform}: {names:?}"
            );
            assert_eq!(names[0], "post.publishing", "in order");
        }
    }
    // What came twice is the same, to the byte.
    for event in distinct(&inbox) {
        let same = received(&inbox).into_iter().filter(|other| other["event_id"] == event["event_id"]);
        assert!(same.into_iter().all(|other| other == event));
    }
    // A delivery is written down after the receiver has answered.
    let path = format!("/webhooks/{webhook}/deliveries?status=delivered&limit=100");
    demo.until(&path, |log| log["pagination"]["total"] == json!(distinct(&inbox).len())).await;
}

/// Moving the clock blocks a thread, and the receiver has to answer meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tries_that_are_due_on_the_way_of_a_time_travel_are_made_at_their_times() {
    let (inbox, url) = receiver().await;
    let demo = Demo::start();
    clock(&demo.sandbox_url, &["freeze"]);
    let begin = shown(&demo.sandbox_url);
    let webhook = subscribe(&demo, &inbox, &url, &["post.published"]).await;
    *inbox.failing.lock().unwrap() = 3;
    let due = begin + Span::from_days(2);
    let body = json!({
        "content": "told of after a journey",
        "account_ids": [demo.account("x")],
        "scheduled_for": due.to_iso_millis(),
    });
    demo.create_post(body).await;
    clock(&demo.sandbox_url, &["advance", "3d"]);
    let minutes: Vec<i64> = {
        let due = moment(&json!(due.to_iso_millis())).as_seconds();
        inbox.received.lock().unwrap().iter().map(|(sent_at, _)| (sent_at - due) / 60).collect()
    };
    assert_eq!(minutes, [0, 1, 6, 36]);
    let log = demo.get(&format!("/webhooks/{webhook}/deliveries")).await;
    let delivery = &log["deliveries"][0];
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(4)));
    let ended = Timestamp::parse(delivery["ended_at"].as_str().unwrap()).unwrap();
    assert!(ended < begin + Span::from_days(3));
}
