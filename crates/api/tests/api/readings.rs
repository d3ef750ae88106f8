//! How posts and accounts do, as callers see it.

use axum::http::Method;
use domain::Span;
use serde_json::{Value, json};

use crate::support::{DAY, EXPIRED, HEALTHY, HOUR, START, Server, in_future};

impl Server {
    /// Reads every hour for so long.
    pub(crate) async fn read_for(&self, lasts: Span) {
        let end = app::net::Clock::now(&*self.clock) + lasts;
        while app::net::Clock::now(&*self.clock) < end {
            self.read_metrics().await;
            self.clock.advance(HOUR);
        }
        self.read_metrics().await;
    }

    async fn live_post(&self, accounts: &[i64]) -> String {
        let content = format!("Live at {}", app::net::Clock::now(&*self.clock));
        let post = self.make_post(json!({ "content": content, "account_ids": accounts })).await;
        self.tick().await;
        post
    }

    async fn metrics(&self, post: &str) -> Value {
        self.get(&format!("/posts/{post}/metrics")).await.data().clone()
    }
}

fn ages(destination: &Value) -> Vec<i64> {
    let readings = destination["readings"].as_array().unwrap();
    readings.iter().map(|reading| reading["age_hours"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_post_is_shown_with_every_reading_of_each_account() {
    let server = Server::start().await;
    let post = server.live_post(&[HEALTHY, EXPIRED]).await;
    let early = server.metrics(&post).await;
    assert_eq!(early["destinations"][0]["status"], "reading", "before anybody has planned it");
    assert_eq!(early["destinations"][0]["next_reading_at"], (START + HOUR).to_iso_millis());
    assert_eq!(
        (&early["destinations"][0]["latest"], &early["destinations"][1]["status"]),
        (&Value::Null, &json!("not_published"))
    );
    server.read_for(Span::from_hours(7)).await;
    let answer = server.get(&format!("/posts/{post}/metrics")).await;
    insta::assert_json_snapshot!("post_metrics", answer.shape());
    server.read_for(Span::from_days(31)).await;
    let done = server.metrics(&post).await["destinations"][0].clone();
    assert_eq!(ages(&done), [1, 6, 24, 48, 96, 168, 336, 720]);
    assert_eq!((&done["status"], &done["ended_reason"]), (&json!("ended"), &json!("complete")));
    assert_eq!(done["latest"], done["readings"][7]);
    let impressions: Vec<_> =
        done["readings"].as_array().unwrap().iter().map(|one| one["impressions"].as_i64()).collect();
    assert!(impressions.is_sorted() && impressions[0] > Some(0), "{impressions:?}");
}

#[tokio::test]
async fn a_draft_and_a_scheduled_post_have_nothing_to_read() {
    let server = Server::start().await;
    let draft =
        server.make_post(json!({ "content": "An idea", "draft": true, "account_ids": [HEALTHY] })).await;
    let scheduled = server.make_scheduled().await;
    server.read_for(Span::from_hours(2)).await;
    for post in [draft, scheduled] {
        let metrics = server.metrics(&post).await;
        let destination = &metrics["destinations"][0];
        assert_eq!(
            (&destination["status"], &destination["next_reading_at"]),
            (&json!("not_published"), &Value::Null)
        );
        assert_eq!(destination["readings"], json!([]));
    }
}

#[tokio::test]
async fn a_platform_that_tells_nothing_is_said_to() {
    let server = Server::start().await;
    let telegram = server.connect("telegram").await;
    let post = server.live_post(&[telegram.0]).await;
    server.read_for(Span::from_hours(2)).await;
    let destination = &server.metrics(&post).await["destinations"][0];
    assert_eq!((&destination["status"], &destination["ended_reason"]), (&json!("not_offered"), &Value::Null));
    assert_eq!(destination["message"], "Telegram tells no numbers of posts.");
    let account = server.get(&format!("/accounts/{telegram}/metrics")).await;
    assert_eq!(
        (&account.data()["status"], &account.data()["followers"]),
        (&json!("not_offered"), &Value::Null)
    );
    assert_eq!(account.data()["message"], "Telegram tells no numbers of accounts.");
}

#[tokio::test]
async fn an_account_is_shown_with_its_followers_day_by_day() {
    let server = Server::start().await;
    let path = format!("/accounts/{HEALTHY}/metrics");
    let early = server.get(&path).await;
    assert_eq!((&early.data()["followers"], &early.data()["change_in_range"]), (&Value::Null, &Value::Null));
    server.read_for(Span::from_hours(50)).await;
    let answer = server.get(&path).await;
    insta::assert_json_snapshot!("account_metrics", answer.shape());
    let readings = answer.data()["readings"].as_array().unwrap();
    let followers = |at: usize| readings[at]["followers"].as_i64().unwrap();
    assert_eq!(readings.len(), 3);
    assert_eq!(answer.data()["followers"], followers(2));
    assert_eq!(answer.data()["change_in_range"], followers(2) - followers(0));
    let first = readings[0]["read_at"].as_str().unwrap();
    let one = server.get(&format!("{path}?from={first}&to={first}")).await;
    assert_eq!(
        (one.data()["readings"].as_array().unwrap().len(), &one.data()["change_in_range"]),
        (1, &Value::Null)
    );
    let none = server.get(&format!("{path}?from={}", in_future(DAY.times(9)))).await;
    assert_eq!(none.refusal(), (400, "validation_error", "to"), "it ends now");
    let none = server.get(&format!("{path}?from={0}&to={0}", in_future(DAY.times(9)))).await;
    assert_eq!(none.data()["readings"], json!([]));
}

#[tokio::test]
async fn an_account_that_has_to_be_connected_again_says_so() {
    let server = Server::start().await;
    server.read_for(Span::from_hours(1)).await;
    let account = server.get(&format!("/accounts/{EXPIRED}/metrics")).await;
    assert_eq!(account.data()["status"], "reading");
    assert!(account.data()["message"].as_str().unwrap().contains("connect"), "{account:?}");
}

#[tokio::test]
async fn a_period_has_the_latest_numbers_of_what_went_live_in_it() {
    let server = Server::start().await;
    let first = server.live_post(&[HEALTHY]).await;
    server.read_for(DAY.times(2)).await;
    let second = server.live_post(&[HEALTHY]).await;
    server.read_for(Span::from_hours(7)).await;
    let latest = async |post: &str, name: &str| {
        server.metrics(post).await["destinations"][0]["latest"][name].as_i64().unwrap()
    };
    let sum = |summary: &Value, name: &str| summary["metrics"][name].as_i64().unwrap();
    let whole = server.get("/analytics/summary?period=week").await;
    insta::assert_json_snapshot!("analytics_summary_read", whole.shape());
    for name in ["likes", "comments", "shares", "impressions", "clicks"] {
        let both = latest(&first, name).await + latest(&second, name).await;
        assert_eq!(sum(whole.data(), name), both, "{name}");
    }
    let today = server.get("/analytics/summary?period=today").await;
    assert_eq!(sum(today.data(), "impressions"), latest(&second, "impressions").await);
    let audience = &whole.data()["audience"][0];
    assert_eq!(
        (&audience["account_id"], audience["change_in_period"].as_i64() > Some(0)),
        (&json!(HEALTHY), true)
    );
    let began = format!("?from={}&to={}", START.to_iso_millis(), (START + HOUR).to_iso_millis());
    let short = server.get(&format!("/analytics/summary{began}")).await;
    assert_eq!(short.data()["audience"][0]["change_in_period"], Value::Null, "one count until then");
    let (key, _) = server.stranger().await;
    let theirs = server.call_as(Some(&key), Method::GET, "/analytics/summary?period=all", None).await;
    assert_eq!((sum(theirs.data(), "impressions"), &theirs.data()["audience"]), (0, &json!([])));
}

#[tokio::test]
async fn clicks_that_are_not_told_any_more_still_count() {
    let server = Server::start().await;
    let post = server.live_post(&[HEALTHY]).await;
    server.read_for(Span::from_days(31)).await;
    let readings = server.metrics(&post).await["destinations"][0]["readings"].clone();
    let clicks = |at: usize| readings[at]["clicks"].as_i64();
    assert_eq!(clicks(7), None, "X tells them for thirty days");
    let whole = server.get("/analytics/summary?period=all").await;
    assert_eq!(whole.data()["metrics"]["clicks"].as_i64(), clicks(6));
}

#[tokio::test]
async fn others_posts_and_accounts_and_odd_times_are_refused() {
    let server = Server::start().await;
    let post = server.live_post(&[HEALTHY]).await;
    let (key, foreign) = server.stranger().await;
    let path = format!("/posts/{post}/metrics");
    assert_eq!(server.call_as(Some(&key), Method::GET, &path, None).await.status, 404);
    assert_eq!(server.call_as(None, Method::GET, &path, None).await.status, 401);
    for path in [
        format!("/accounts/{foreign}/metrics"),
        "/accounts/999999/metrics".to_owned(),
        "/accounts/x/metrics".to_owned(),
        "/posts/x/metrics".to_owned(),
        "/posts/00000000-0000-0000-0000-000000000000/metrics".to_owned(),
    ] {
        assert_eq!(server.get(&path).await.status, 404, "{path}");
    }
    for (query, field) in [
        ("from=monday", "from"),
        ("to=", "to"),
        ("to=%00", "to"),
        ("from=2027-02-01T00:00:00Z&to=2027-01-01T00:00:00Z", "to"),
    ] {
        let answer = server.get(&format!("/accounts/{HEALTHY}/metrics?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
    let bounds = "from=0000-01-01T00:00:00Z&to=9999-12-30T00:00:00Z";
    server.get(&format!("/accounts/{HEALTHY}/metrics?{bounds}")).await.data();
}

#[tokio::test]
async fn the_best_hours_are_those_whose_posts_did_best_once_enough_were_read() {
    let server = Server::start().await;
    // One post a day, each an hour later than the last.
    for _ in 0..12 {
        server.live_post(&[HEALTHY]).await;
        server.read_for(Span::from_hours(25)).await;
    }
    server.read_for(DAY).await;
    let found = server.get(&format!("/best-times?account_ids={HEALTHY}")).await;
    let best = &found.data()["best_times"][0];
    assert_eq!(best["slots"][0]["basis"], "personal");
    let note = best["note"].as_str().unwrap();
    assert!(note.starts_with("The hours whose posts people liked"), "{note}");
    assert!(note.contains("by 12 posts of the last 90 days"), "{note}");
}
