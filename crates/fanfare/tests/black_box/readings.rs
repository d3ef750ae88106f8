//! A month of readings in a demo whose clock is moved, and the command that shows them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use crate::support::{Demo, fanfare};
use crate::travel::clock;

fn analytics(demo: &Demo, arguments: &[&str]) -> (bool, String) {
    let output = fanfare()
        .arg("analytics")
        .args(arguments)
        .env("FANFARE_URL", &demo.base_url)
        .env("FANFARE_API_KEY", &demo.key)
        .output()
        .unwrap();
    let text = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn in_a_month_every_platform_is_read_at_its_times_and_shown() {
    let demo = Demo::start();
    let platforms = ["x", "facebook", "linkedin", "mastodon", "telegram"];
    let ids: Vec<i64> = platforms.iter().map(|platform| demo.account(platform)).collect();
    let post = demo.create_post(json!({ "content": "A month of this", "account_ids": ids })).await;
    demo.ended(&post).await;
    clock(&demo.sandbox_url, &["advance", "31d"]);
    let metrics = demo.get(&format!("/posts/{post}/metrics")).await;
    let of = |platform: &str| -> &Value {
        let all = metrics["destinations"].as_array().unwrap();
        all.iter().find(|one| one["platform"] == platform).unwrap()
    };
    for platform in ["x", "facebook", "mastodon"] {
        let readings = of(platform)["readings"].as_array().unwrap();
        let ages: Vec<i64> = readings.iter().map(|one| one["age_hours"].as_i64().unwrap()).collect();
        assert_eq!(ages, [1, 6, 24, 48, 96, 168, 336, 720], "{platform}");
        assert_eq!(of(platform)["ended_reason"], "complete", "{platform}");
    }
    assert_eq!(of("linkedin")["ended_reason"], "permission_missing", "members' numbers are for vetted apps");
    assert_eq!(of("telegram")["status"], "not_offered");

    let (shown, summary) = analytics(&demo, &["--period", "all"]);
    assert!(shown && summary.contains("Posts: total 1") && summary.contains("FOLLOWERS"), "{summary}");
    let (shown, by) = analytics(&demo, &["--period", "all", "--by", "platform"]);
    assert!(shown && by.starts_with("PLATFORM") && by.contains("mastodon"), "{by}");
    let (shown, by) = analytics(&demo, &["--period", "all", "--by", "colour"]);
    assert!(!shown && by.contains("day, platform, account"), "{by}");
    let (shown, one) = analytics(&demo, &["--post", &post]);
    assert!(
        shown && one.contains("720 h") && one.contains("telegram") && one.contains("not_offered"),
        "{one}"
    );
    let account = demo.account("x").to_string();
    let (shown, days) = analytics(&demo, &["--account", &account, "--json"]);
    let days: Value = serde_json::from_str(&days).unwrap();
    let counts = days["readings"].as_array().unwrap().len();
    assert!(shown && (30..=32).contains(&counts), "{counts}");
    let (shown, refusal) = analytics(&demo, &["--from", "monday", "--to", "tuesday"]);
    assert!(!shown && refusal.contains("from must be an ISO 8601 time"), "{refusal}");
}
