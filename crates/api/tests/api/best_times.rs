use domain::Span;
use domain::best_times::ENOUGH;
use serde_json::{Value, json};

use crate::support::{DAY, EXPIRED, HEALTHY, Server};

/// Posts that went live on Tuesdays about nine and on a Friday evening; it is Friday afterwards.
async fn with_history() -> Server {
    let server = Server::start().await;
    let publish = async |count: u64| {
        for number in 0..count {
            let now = app::net::Clock::now(&*server.app.clock);
            let content = format!("Post {number} at {now}");
            server.make_post(json!({ "content": content, "account_ids": [HEALTHY] })).await;
        }
        server.tick().await;
    };
    // Friday 08:00 UTC to Tuesday 08:10 UTC, a week more, and on to Friday 17:00 UTC.
    server.clock.advance(Span::from_minutes(4 * 1440 + 10));
    publish(ENOUGH - 3).await;
    server.clock.advance(Span::from_days(3));
    server.clock.advance(Span::from_hours(9));
    publish(3).await;
    server
}

/// What the command line client reads of a recommendation.
fn printed(found: &Value) -> Vec<(String, String, String, String)> {
    assert!(found["platform"].is_string() && found["note"].is_string(), "{found}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| {
            let next = &slot["next"];
            (text(&slot["label"]), text(&next["date"]), text(&next["time"]), text(&slot["basis"]))
        })
        .collect()
}

#[tokio::test]
async fn an_account_s_own_hours_come_first_where_there_are_enough_posts() {
    let server = with_history().await;
    let found = server.get(&format!("/best-times?account_ids={HEALTHY}&timezone=Europe/Berlin")).await;
    insta::assert_json_snapshot!("best_times", found.shape());
    let of_platform = server.get("/best-times?platform=twitter").await;
    let slots = printed(&of_platform.data()["best_times"][0]);
    assert_eq!(slots[0], ("Tue 08:00".into(), "2027-01-26".into(), "08:00".into(), "platform".into()));
    assert_eq!(slots[1].0, "Fri 17:00");
    assert_eq!(of_platform.data()["timezone"], "UTC");
    assert!(of_platform.data().get("combined").is_none());
    assert!(of_platform.data()["best_times"][0].get("account_id").is_none());
    let queue = json!({ "timezone": "Asia/Tokyo", "slots": [{ "day": 1, "time": "09:00" }] });
    server.patch("/queue", queue).await.data();
    let found = server.get(&format!("/best-times?account_ids={HEALTHY}")).await;
    assert_eq!(found.data()["timezone"], "Asia/Tokyo", "the queue's zone");
    assert_eq!(printed(&found.data()["best_times"][0])[0].0, "Tue 17:00");
    server.clock.advance(DAY.times(91));
    let later = server.get(&format!("/best-times?account_ids={HEALTHY}")).await;
    assert_eq!(printed(&later.data()["best_times"][0])[0].3, "general", "old posts count no more");
}

#[tokio::test]
async fn with_too_few_posts_the_platform_s_hours_and_then_common_ones_are_named() {
    let server = with_history().await;
    let twin = server.connect_until("x", "twin", app::domain::Timestamp::from_seconds(1_900_000_000)).await;
    let query = format!("/best-times?account_ids={EXPIRED},{twin},{HEALTHY},{twin}");
    let found = server.get(&query).await;
    let each = found.data()["best_times"].as_array().unwrap();
    let basis: Vec<_> =
        each.iter().map(|one| (one["account_id"].clone(), printed(one)[0].3.clone())).collect();
    let wanted = [(EXPIRED, "general"), (twin.0, "platform"), (HEALTHY, "personal")];
    assert_eq!(basis, wanted.map(|(id, basis)| (json!(id), basis.to_owned())));
    assert_eq!(printed(&each[0]).len(), 5);
    let combined = &found.data()["combined"];
    assert_eq!((&combined["platform"], printed(combined)[0].0.as_str()), (&json!("all"), "Tue 08:00"));
    let same = server.get(&format!("/best-times?account_ids={twin},{HEALTHY}")).await;
    assert_eq!(same.data()["combined"]["platform"], "x");
}

#[tokio::test]
async fn what_is_asked_for_has_to_be_there() {
    let server = Server::start().await;
    let (_, foreign) = server.stranger().await;
    let foreign = format!("account_ids={foreign}");
    for (query, code, field) in [
        ("", "validation_error", "account_ids"),
        ("account_ids=x", "validation_error", "account_ids"),
        ("account_ids=", "validation_error", "account_ids"),
        ("account_ids=3121,", "validation_error", "account_ids"),
        ("account_ids=3121&platform=x", "validation_error", "platform"),
        ("account_ids=999999", "invalid_accounts", "account_ids"),
        (foreign.as_str(), "invalid_accounts", "account_ids"),
        ("platform=myspace", "validation_error", "platform"),
        ("platform=", "validation_error", "platform"),
        ("platform=x&timezone=Mars/One", "invalid_timezone", "timezone"),
        ("platform=x&timezone=", "invalid_timezone", "timezone"),
        ("platform=x%00", "validation_error", "platform"),
    ] {
        assert_eq!(
            server.get(&format!("/best-times?{query}")).await.refusal(),
            (400, code, field),
            "{query}"
        );
    }
    let many: Vec<String> = (1..=501).map(|id| id.to_string()).collect();
    let answer = server.get(&format!("/best-times?account_ids={}", many.join(","))).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "account_ids"));
}
