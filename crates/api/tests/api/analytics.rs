use domain::Span;
use serde_json::{Value, json};

use crate::support::{DAY, HOUR, START, Server, in_future};

async fn summary(server: &Server, query: &str) -> Value {
    server.get(&format!("/analytics/summary{query}")).await.data().clone()
}

fn counts(summary: &Value) -> Value {
    let named = summary["posts"].as_object().unwrap().iter().filter(|(_, count)| **count != 0);
    named.map(|(name, count)| (name.clone(), count.clone())).collect::<serde_json::Map<_, _>>().into()
}

/// One post live everywhere, one live on one account and failed on the other, one failed, one for
/// tomorrow, one draft, one deleted.
async fn a_bit_of_everything(server: &Server) {
    let [good, expired] = server.accounts;
    for (number, accounts) in [vec![good], vec![good, expired], vec![expired]].into_iter().enumerate() {
        server.make_post(json!({ "content": format!("Now {number}"), "account_ids": accounts })).await;
    }
    server.tick().await;
    server.make_scheduled().await;
    server.make_post(json!({ "content": "An idea", "draft": true, "account_ids": [good] })).await;
    let gone = server.make_post(json!({ "content": "Gone", "draft": true })).await;
    server.delete(&format!("/posts/{gone}")).await.data();
}

#[tokio::test]
async fn a_period_counts_posts_by_status_and_destinations_by_platform() {
    let server = Server::start().await;
    a_bit_of_everything(&server).await;
    let answer = server.get("/analytics/summary?period=week").await;
    insta::assert_json_snapshot!("analytics_summary", answer.shape());
    assert_eq!(counts(&summary(&server, "").await), counts(answer.data()), "a month by default");
}

#[tokio::test]
async fn periods_roll_and_what_waits_counts_when_it_was_made() {
    let server = Server::start().await;
    a_bit_of_everything(&server).await;
    let all = json!({
        "total": 5, "draft": 1, "scheduled": 1, "published": 1, "partially_failed": 1, "failed": 1
    });
    for period in ["today", "week", "month", "all"] {
        assert_eq!(counts(&summary(&server, &format!("?period={period}")).await), all, "{period}");
    }
    let tomorrow = format!("?from={}&to={}", in_future(HOUR), in_future(DAY.times(2)));
    let coming = summary(&server, &tomorrow).await;
    assert_eq!(coming["period"], "custom", "bounds alone are enough");
    assert_eq!(counts(&coming), json!({ "total": 1, "scheduled": 1 }), "a plan that is ahead");
    assert_eq!(coming["by_platform"][0]["scheduled"], 1);

    server.clock.advance(Span::from_hours(25));
    server.tick().await;
    let left = summary(&server, "?period=today").await;
    assert_eq!(counts(&left), json!({ "total": 1, "published": 1 }), "the one that was for tomorrow");
    let began = format!("?period=custom&from={}&to={}", START.to_iso_millis(), START.to_iso_millis());
    let exact = summary(&server, &began).await;
    assert_eq!(counts(&exact)["total"], 4, "both ends are included");
    let whole = summary(&server, "?period=all").await;
    assert!(whole["range"]["from"].is_null());
    assert_eq!(whole["range"]["to"], (START + DAY + HOUR).to_iso_millis());
    server.clock.advance(Span::from_days(40));
    assert_eq!(counts(&summary(&server, "?period=month").await), json!({}));
    assert_eq!(summary(&server, "?period=month").await["by_platform"], json!([]));
}

#[tokio::test]
async fn a_period_that_cannot_be_is_refused_by_field() {
    let server = Server::start().await;
    for (query, field) in [
        ("period=year", "period"),
        ("period=", "period"),
        ("period=custom", "from"),
        ("period=custom&from=2027-01-01T00:00:00Z", "to"),
        ("to=2027-01-01T00:00:00Z", "from"),
        ("period=custom&from=monday&to=2027-01-01T00:00:00Z", "from"),
        ("period=custom&from=2027-01-01T00:00:00Z&to=%00", "to"),
        ("from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z", "to"),
    ] {
        let answer = server.get(&format!("/analytics/summary?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
    let bounds = "from=0000-01-01T00:00:00Z&to=9999-12-30T00:00:00Z";
    assert_eq!(summary(&server, &format!("?period=custom&{bounds}")).await["posts"]["total"], 0);
    assert_eq!(summary(&server, "?period=week&from=monday").await["period"], "week");
}

#[tokio::test]
async fn numbers_are_those_of_the_key_s_organization() {
    let server = Server::start().await;
    a_bit_of_everything(&server).await;
    let (key, _) = server.stranger().await;
    let answer = server.call_as(Some(&key), axum::http::Method::GET, "/analytics/summary", None).await;
    assert_eq!(counts(answer.data()), json!({}));
}
