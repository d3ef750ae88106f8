//! A period's numbers told apart, as callers see them.

use axum::http::Method;
use domain::Span;
use serde_json::{Value, json};

use crate::support::{DAY, EXPIRED, HEALTHY, HOUR, START, Server, in_future};

async fn breakdown(server: &Server, query: &str) -> Value {
    server.get(&format!("/analytics/breakdown?{query}")).await.data().clone()
}

async fn campaign(server: &Server, name: &str) -> i64 {
    server.post("/campaigns", json!({ "name": name })).await.data()["id"].as_i64().unwrap()
}

async fn publish(server: &Server, accounts: &[i64], campaign: Option<i64>) -> String {
    let content = format!("Live at {}", app::net::Clock::now(&*server.clock));
    let body = json!({ "content": content, "account_ids": accounts, "campaign_id": campaign });
    let post = server.make_post(body).await;
    server.tick().await;
    post
}

/// Of each row what it is about, and how many are published and failed.
fn counts(breakdown: &Value, key: &str) -> Value {
    let rows = breakdown["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row[key], row["published"], row["failed"]])).collect()
}

#[tokio::test]
async fn a_period_is_told_apart_by_day_platform_account_and_campaign() {
    let server = Server::start().await;
    let autumn = campaign(&server, "Autumn").await;
    publish(&server, &[HEALTHY, EXPIRED], Some(autumn)).await;
    server.clock.advance(DAY.times(2));
    publish(&server, &[HEALTHY], None).await;
    let gone = publish(&server, &[HEALTHY], Some(autumn)).await;
    server.delete(&format!("/posts/{gone}")).await.data();
    server.read_for(Span::from_hours(7)).await;
    for by in ["day", "platform", "account", "campaign"] {
        let answer = server.get(&format!("/analytics/breakdown?period=week&by={by}")).await;
        insta::assert_json_snapshot!(format!("analytics_breakdown_{by}"), answer.shape());
    }
    let days = breakdown(
        &server,
        &format!("from={}&to={}", in_future(Span::from_micros(0)), in_future(DAY.times(3))),
    )
    .await;
    let (first, third) = (&START.to_iso_millis()[..10], &(START + DAY.times(2)).to_iso_millis()[..10]);
    let days = counts(&days, "date");
    assert_eq!((&days[0], &days[2]), (&json!([first, 1, 1]), &json!([third, 1, 0])), "{days}");
    assert_eq!((&days[1][1], &days[1][2]), (&json!(0), &json!(0)), "a day without any is there");
    let campaigns = breakdown(&server, "by=campaign").await;
    assert_eq!(counts(&campaigns, "campaign_id"), json!([[autumn, 1, 1], [null, 1, 0]]));
    let accounts = breakdown(&server, "by=account").await;
    assert_eq!(counts(&accounts, "account_id"), json!([[HEALTHY, 2, 0], [EXPIRED, 0, 1]]));
    for (filter, expected) in [
        (format!("campaign_id={autumn}"), json!([[HEALTHY, 1, 0], [EXPIRED, 0, 1]])),
        (format!("account_id={EXPIRED}"), json!([[EXPIRED, 0, 1]])),
        (format!("account_id={HEALTHY}&campaign_id={autumn}"), json!([[HEALTHY, 1, 0]])),
        ("platform=mastodon".to_owned(), json!([])),
        ("account_id=999999".to_owned(), json!([])),
        ("campaign_id=999999".to_owned(), json!([])),
    ] {
        let found = breakdown(&server, &format!("by=account&{filter}")).await;
        assert_eq!(counts(&found, "account_id"), expected, "{filter}");
    }
}

#[tokio::test]
async fn the_metrics_are_those_of_the_summary() {
    let server = Server::start().await;
    let autumn = campaign(&server, "Autumn").await;
    publish(&server, &[HEALTHY], Some(autumn)).await;
    server.read_for(DAY.times(2)).await;
    publish(&server, &[HEALTHY], None).await;
    server.read_for(Span::from_hours(7)).await;
    let summary = server.get("/analytics/summary?period=all").await.data()["metrics"].clone();
    assert!(summary["impressions"].as_i64() > Some(0), "{summary}");
    for by in ["day", "platform", "account", "campaign"] {
        let found = breakdown(&server, &format!("period=all&by={by}")).await;
        let rows = found["rows"].as_array().unwrap();
        for (name, whole) in summary.as_object().unwrap() {
            let sum: i64 = rows.iter().map(|row| row["metrics"][name].as_i64().unwrap()).sum();
            assert_eq!(&json!(sum), whole, "{name} by {by}");
        }
        let live = rows.iter().filter(|row| row["metrics"]["impressions"].as_i64() > Some(0)).count();
        let expected = if matches!(by, "day" | "campaign") { 2 } else { 1 };
        assert_eq!(live, expected, "{by}");
    }
    server.read_for(Span::from_days(31)).await;
    let summary = server.get("/analytics/summary?period=all").await.data()["metrics"]["clicks"].clone();
    let platforms = breakdown(&server, "period=all&by=platform").await;
    assert_eq!(platforms["rows"][0]["metrics"]["clicks"], summary, "also where they are not told any more");
}

#[tokio::test]
async fn days_are_those_of_the_zone() {
    let server = Server::start().await;
    let at = |text: &str| domain::Timestamp::parse(text).unwrap();
    // The night in which clocks in Berlin go from two to three.
    for moment in
        ["2027-03-27T22:59:00Z", "2027-03-27T23:00:00Z", "2027-03-28T21:59:00Z", "2027-03-28T22:00:00Z"]
    {
        server.clock.advance(at(moment).since(app::net::Clock::now(&*server.clock)));
        publish(&server, &[HEALTHY], None).await;
    }
    let range = "from=2027-03-27T12:00:00Z&to=2027-03-29T12:00:00Z";
    for (zone, expected) in [
        ("Europe/Berlin", [1, 2, 1]),
        ("UTC", [2, 2, 0]),
        ("Asia/Tokyo", [0, 2, 2]),
        ("America/New_York", [2, 2, 0]),
    ] {
        let found = breakdown(&server, &format!("{range}&timezone={zone}")).await;
        let [first, second, third] = expected;
        let days = json!([["2027-03-27", first, 0], ["2027-03-28", second, 0], ["2027-03-29", third, 0]]);
        assert_eq!((counts(&found, "date"), &found["timezone"]), (days, &json!(zone)), "{zone}");
    }
    server
        .patch("/queue", json!({ "timezone": "Asia/Tokyo", "slots": [{ "day": 1, "time": "09:00" }] }))
        .await
        .data();
    assert_eq!(breakdown(&server, range).await["timezone"], "Asia/Tokyo", "the queue's by default");
}

#[tokio::test]
async fn steps_are_bounded() {
    let server = Server::start().await;
    let empty = breakdown(&server, "period=all").await;
    assert_eq!((empty["rows"].as_array().unwrap().len(), &empty["step"]), (1, &json!("day")));
    publish(&server, &[HEALTHY], None).await;
    for (days, step, most) in [(99, "day", 101), (150, "week", 24), (800, "month", 28), (9_000, "month", 242)]
    {
        server.clock.advance((START + Span::from_days(days)).since(app::net::Clock::now(&*server.clock)));
        let all = breakdown(&server, "period=all").await;
        let rows = all["rows"].as_array().unwrap();
        assert_eq!(all["step"], step, "{days}");
        assert!(rows.len() <= most, "{} rows for {days} days", rows.len());
        let published: i64 = rows.iter().map(|row| row["published"].as_i64().unwrap()).sum();
        assert_eq!(published, i64::from(days < 9_000), "{days}");
        let platforms = breakdown(&server, "period=all&by=platform").await;
        assert_eq!((&platforms["rows"][0]["published"], &platforms["step"]), (&json!(1), &Value::Null));
    }
    let bounds = "from=0000-01-01T00:00:00Z&to=9999-12-30T00:00:00Z";
    let long = server.get(&format!("/analytics/breakdown?{bounds}")).await;
    assert_eq!(long.refusal(), (400, "validation_error", "from"));
    assert_eq!(breakdown(&server, &format!("{bounds}&by=account")).await["rows"][0]["published"], 1);
}

#[tokio::test]
async fn what_cannot_be_told_apart_is_refused_by_field() {
    let server = Server::start().await;
    for (query, field) in [
        ("by=hour", "by"),
        ("by=", "by"),
        ("period=year", "period"),
        ("period=custom", "from"),
        ("to=2027-01-01T00:00:00Z", "from"),
        ("from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z", "to"),
        ("from=monday&to=2027-01-01T00:00:00Z", "from"),
        ("account_id=x", "account_id"),
        ("campaign_id=1.5", "campaign_id"),
        ("platform=%00", "platform"),
        ("timezone=a%00", "timezone"),
    ] {
        let answer = server.get(&format!("/analytics/breakdown?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
    for query in ["timezone=Mars/Olympus", "timezone=", "by=account&timezone=CEST"] {
        let answer = server.get(&format!("/analytics/breakdown?{query}")).await;
        assert_eq!(answer.refusal(), (400, "invalid_timezone", "timezone"), "{query}");
    }
}

#[tokio::test]
async fn nobody_sees_the_numbers_of_others() {
    let server = Server::start().await;
    publish(&server, &[HEALTHY], None).await;
    let (key, _) = server.stranger().await;
    for query in
        ["by=account".to_owned(), format!("by=platform&account_id={HEALTHY}"), "by=campaign".to_owned()]
    {
        let path = format!("/analytics/breakdown?{query}");
        let theirs = server.call_as(Some(&key), Method::GET, &path, None).await;
        assert_eq!(theirs.data()["rows"], json!([]), "{query}");
        assert_eq!(server.call_as(None, Method::GET, &path, None).await.status, 401);
    }
    let days = server.call_as(Some(&key), Method::GET, "/analytics/breakdown?period=week", None).await;
    let all = counts(days.data(), "published");
    assert!(all.as_array().unwrap().iter().all(|row| row[1] == 0), "{all}");
    let far = breakdown(&server, &format!("from={0}&to={0}", in_future(HOUR))).await;
    assert_eq!(far["rows"].as_array().unwrap().len(), 1);
}
