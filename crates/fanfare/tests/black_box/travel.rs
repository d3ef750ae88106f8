//! Time travel: what is due on the way happens once, in order, each thing at its time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Output;

use domain::{Span, Timestamp};
use serde_json::{Value, json};

use crate::support::{Demo, fanfare};

const PLATFORMS: [&str; 3] = ["x", "linkedin", "bluesky"];

/// Runs `fanfare sandbox clock …` against the sandbox at `url`.
pub(crate) fn clock_at(url: &str, order: &[&str]) -> Output {
    fanfare()
        .args(["sandbox", "clock"])
        .args(order)
        .args(["--json", "--sandbox-url", url])
        .env("FANFARE_LOG", "warn")
        .output()
        .unwrap()
}

/// The answer to an order that has to be followed.
pub(crate) fn clock(url: &str, order: &[&str]) -> Value {
    let output = clock_at(url, order);
    assert!(output.status.success(), "{order:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What the clock shows.
pub(crate) fn shown(url: &str) -> Timestamp {
    moment(&clock(url, &["show"])["now"])
}

pub(crate) fn moment(value: &Value) -> Timestamp {
    Timestamp::parse(value.as_str().unwrap()).unwrap()
}

/// `count` moments, spread unevenly over `days` days after `start`, in order.
pub(crate) fn spread(start: Timestamp, days: i64, count: i64) -> Vec<Timestamp> {
    let slot = Span::from_days(days).as_micros() / count;
    (0..count)
        .map(|at| {
            let within = (at * 7_919) % 97 * (slot / 100);
            let micros = start.as_micros() + Span::from_hours(1).as_micros() + at * slot + within;
            Timestamp::from_millis(micros / 1_000)
        })
        .collect()
}

async fn schedule(demo: &Demo, text: &str, platform: &str, due: Timestamp) -> String {
    let account = demo.account(platform);
    let body = json!({ "content": text, "account_ids": [account], "scheduled_for": due.to_iso_millis() });
    demo.create_post(body).await
}

async fn result(demo: &Demo, post: &str) -> Value {
    demo.get(&format!("/posts/{post}/results")).await["results"][0].clone()
}

async fn published_at(demo: &Demo, post: &str) -> Timestamp {
    let result = result(demo, post).await;
    assert_eq!(result["status"], "published", "{result}");
    moment(&result["published_at"])
}

#[tokio::test]
async fn a_month_of_posts_goes_out_in_order_each_at_its_time() {
    let demo = Demo::start();
    let begin = shown(&demo.sandbox_url);
    let mut posts = Vec::new();
    for (at, due) in spread(begin, 30, 200).into_iter().enumerate() {
        let text = format!("post {at} of the month");
        posts.push((schedule(&demo, &text, PLATFORMS[at % 3], due).await, text, due));
    }

    let moved = clock(&demo.sandbox_url, &["advance", "31d"]);
    assert_eq!(moved["moved_ms"], Span::from_days(31).as_millis(), "{moved}");

    for (post, text, due) in &posts {
        let late = published_at(&demo, post).await.since(*due);
        assert!(
            late >= Span::ZERO && late <= Span::from_seconds(1),
            "{text} was {} ms late",
            late.as_millis()
        );
    }
    let mut live: Vec<Value> = Vec::new();
    for platform in PLATFORMS {
        for (_, text, _) in &posts {
            live.extend(demo.live(platform, text).await);
        }
    }
    assert_eq!(live.len(), posts.len(), "each once");
    live.sort_by_key(|post| moment(&post["created_at"]));
    let texts: Vec<&str> = live.iter().map(|post| post["text"].as_str().unwrap()).collect();
    let planned: Vec<&str> = posts.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(texts, planned);
    // Access to X lasts two hours: it was renewed on the way.
    let (_, calls) = demo.page(&format!("{}/_sandbox/requests?platform=x", demo.sandbox_url)).await;
    assert!(calls.contains("refresh_token"));
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_put_right_at_its_time_and_holds_nothing_else_up() {
    let demo = Demo::start();
    let begin = shown(&demo.sandbox_url);
    for fault in [
        json!({ "platform": "x", "kind": "delay", "delay_ms": 600_000, "operation": "create_post" }),
        json!({ "platform": "linkedin", "kind": "error", "status": 503, "operation": "create_post" }),
        json!({ "platform": "bluesky", "kind": "drop_after_accept" }),
    ] {
        demo.fault(fault).await;
    }
    let due = begin + Span::from_days(2);
    let slow = schedule(&demo, "slow", "x", due).await;
    let again = schedule(&demo, "again", "linkedin", due).await;
    let lost = schedule(&demo, "lost", "bluesky", due).await;
    // Due while the platform still holds the first one back.
    let meanwhile = schedule(&demo, "meanwhile", "linkedin", due + Span::from_minutes(5)).await;
    let after = schedule(&demo, "after", "x", due + Span::from_minutes(15)).await;
    clock(&demo.sandbox_url, &["advance", "3d"]);

    let due = moment(&json!(due.to_iso_millis()));
    assert_eq!(published_at(&demo, &slow).await, due + Span::from_minutes(10));
    let pause = published_at(&demo, &again).await.since(due);
    assert!(pause >= Span::from_seconds(2) && pause <= Span::from_seconds(4), "{}", pause.as_millis());
    let looked = published_at(&demo, &lost).await.since(due);
    assert!(looked <= Span::from_seconds(4), "{}", looked.as_millis());
    assert_eq!(published_at(&demo, &meanwhile).await, due + Span::from_minutes(5));
    assert_eq!(published_at(&demo, &after).await, due + Span::from_minutes(15));
    for (platform, text) in
        [("x", "slow"), ("linkedin", "again"), ("bluesky", "lost"), ("linkedin", "meanwhile"), ("x", "after")]
    {
        assert_eq!(demo.live(platform, text).await.len(), 1, "{text}");
    }
}

#[tokio::test]
async fn a_frozen_clock_stands_still_until_it_is_moved_or_run() {
    let mut demo = Demo::start();
    let frozen = clock(&demo.sandbox_url, &["freeze"]);
    assert_eq!(frozen["frozen"], true);
    let now = shown(&demo.sandbox_url);
    assert_eq!(moment(&frozen["now"]), now);
    let due = now + Span::from_seconds(90);
    let post = schedule(&demo, "to the second", "x", due).await;
    clock(&demo.sandbox_url, &["advance", "1m29s999ms"]);
    assert_eq!(result(&demo, &post).await["status"], "queued");
    let moved = clock(&demo.sandbox_url, &["advance", "1ms"]);
    assert_eq!((&moved["frozen"], &moved["stops"]), (&json!(true), &json!(1)));
    assert_eq!(published_at(&demo, &post).await, due);

    // What is asked for now goes out now, whatever the clock does.
    let body = json!({ "content": "at once", "account_ids": [demo.account("bluesky")] });
    let at_once = demo.create_post(body).await;
    demo.ended(&at_once).await;
    assert_eq!(published_at(&demo, &at_once).await, due);
    assert_eq!(shown(&demo.sandbox_url), due);
    assert_eq!(clock(&demo.sandbox_url, &["run"])["frozen"], false);
    clock(&demo.sandbox_url, &["freeze"]);
    demo.stop();
}

#[tokio::test]
async fn the_clock_does_not_go_back_and_nonsense_is_refused() {
    let demo = Demo::start();
    let before = shown(&demo.sandbox_url);
    let yesterday = (before - Span::from_days(1)).to_iso_millis();
    for (order, reason) in [
        (["set", yesterday.as_str()], "does not go back"),
        (["set", "soon"], "neither an ISO 8601 time"),
        (["advance", "a while"], "no length of time"),
        (["advance", "9999w"], "too far"),
    ] {
        let output = clock_at(&demo.sandbox_url, &order);
        assert!(!output.status.success(), "{order:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(reason), "{order:?}: {said}");
    }
    let after = clock(&demo.sandbox_url, &["show"]);
    assert_eq!(after["frozen"], false);
    assert!(moment(&after["now"]).since(before) < Span::from_hours(1));
    let tomorrow = before + Span::from_days(1);
    let set = clock(&demo.sandbox_url, &["set", &tomorrow.to_iso_millis()]);
    assert_eq!(moment(&set["now"]), tomorrow);
}

#[tokio::test]
async fn the_time_survives_a_kill() {
    let demo = Demo::start();
    clock(&demo.sandbox_url, &["freeze"]);
    clock(&demo.sandbox_url, &["advance", "40d"]);
    let before = shown(&demo.sandbox_url);
    let due = before + Span::from_hours(1);
    let post = schedule(&demo, "after the kill", "linkedin", due).await;
    let demo = demo.kill_and_restart();
    assert_eq!(shown(&demo.sandbox_url), before);
    clock(&demo.sandbox_url, &["advance", "1h"]);
    assert_eq!(published_at(&demo, &post).await, due);

    clock(&demo.sandbox_url, &["run"]);
    clock(&demo.sandbox_url, &["advance", "1w"]);
    let before = shown(&demo.sandbox_url);
    let demo = demo.kill_and_restart();
    let after = clock(&demo.sandbox_url, &["show"]);
    assert_eq!(after["frozen"], false);
    assert!(moment(&after["now"]) >= before);
}
