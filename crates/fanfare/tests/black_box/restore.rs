//! A restore of an old backup: nothing that went out since goes out again, and nothing is lost.

use std::collections::BTreeMap;

use domain::Span;
use serde_json::{Value, json};

use crate::support::{Demo, now, pause, run, run_well};

const PLATFORMS: [&str; 3] = ["x", "linkedin", "bluesky"];

async fn schedule(demo: &Demo, text: &str, seconds: i64) -> String {
    let ids: Vec<i64> = PLATFORMS.iter().map(|platform| demo.account(platform)).collect();
    let at = now() + Span::from_seconds(seconds);
    demo.create_post(json!({
        "content": text, "thread_posts": [format!("{text}, part two")],
        "account_ids": ids, "scheduled_for": at.to_iso_millis(),
    }))
    .await
}

/// The platforms' ids of a post that is live everywhere, exactly once.
async fn ids(demo: &Demo, post: &str, text: &str) -> BTreeMap<String, Value> {
    let mut ids = BTreeMap::new();
    for result in demo.ended(post).await {
        let platform = result["platform"].as_str().unwrap_or_default().to_owned();
        assert_eq!(result["status"], "published", "{text}: {result}");
        assert_eq!(demo.live(&platform, text).await.len(), 1, "{text} on {platform}");
        let second = demo.live(&platform, &format!("{text}, part two")).await.len();
        assert_eq!(second, usize::from(platform != "linkedin"), "{text}, part two, on {platform}");
        ids.insert(platform, result["platform_post_id"].clone());
    }
    assert_eq!(ids.len(), PLATFORMS.len());
    ids
}

#[tokio::test]
async fn what_went_out_after_the_backup_is_found_and_what_did_not_goes_out_once() {
    let mut demo = Demo::start();
    let before = schedule(&demo, "before the backup", 0).await;
    let published = ids(&demo, &before, "before the backup").await;
    let lost = schedule(&demo, "after the backup", 4).await;
    let due = now() + Span::from_seconds(16);
    let missed = schedule(&demo, "while it was down", 16).await;
    let later = schedule(&demo, "for later", 30).await;
    demo.stop();
    let backup = demo.folder().with_extension("backup");
    let path = backup.to_str().unwrap().to_owned();
    let folder = demo.folder().to_owned();
    let data = folder.to_str().unwrap().to_owned();
    run_well(&folder, &["backup", &path, "--data-dir", &data, "--with-key"]);

    demo = demo.restart();
    let went_out = ids(&demo, &lost, "after the backup").await;
    let (refused, said) = run(&folder, &["restore", &path, "--data-dir", &data, "--replace"]);
    assert!(!refused && said.contains("another Fanfare server runs"), "{said}");
    demo.stop();
    while now() < due {
        pause(Span::from_millis(100)).await;
    }
    let (refused, said) = run(&folder, &["restore", &path, "--data-dir", &data]);
    assert!(!refused && said.contains("--replace"), "{said}");
    let said = run_well(&folder, &["restore", &path, "--data-dir", &data, "--replace"]);
    assert!(said.contains("is looked up on its platform"), "{said}");

    demo = demo.restart();
    assert_eq!(ids(&demo, &before, "before the backup").await, published);
    assert_eq!(ids(&demo, &lost, "after the backup").await, went_out);
    ids(&demo, &missed, "while it was down").await;
    ids(&demo, &later, "for later").await;
    std::fs::remove_dir_all(backup).unwrap();
}
