//! A restore of an old backup: nothing that went out since goes out again, and nothing is lost.

use std::collections::BTreeMap;
use std::path::Path;

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

/// Copies the database's files over those that are there, as a copy of the disk does.
fn copy_database(from: &Path, to: &Path) -> std::io::Result<()> {
    for name in ["fanfare.db", "fanfare.db-wal", "fanfare.db-shm"] {
        let _ = std::fs::remove_file(to.join(name));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name))?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_database_that_was_put_back_by_other_means_publishes_nothing_again() {
    let mut demo = Demo::start();
    let lost = schedule(&demo, "after the copy", 8).await;
    demo.stop();
    let folder = demo.folder().to_owned();
    let data = folder.to_str().unwrap().to_owned();
    let copied_at = now().to_iso_millis();
    let copy = folder.with_extension("copy");
    std::fs::create_dir(&copy).unwrap();
    copy_database(&folder, &copy).unwrap();

    demo = demo.restart();
    let went_out = ids(&demo, &lost, "after the copy").await;
    let as_of = ["restore", "--as-of", &copied_at, "--data-dir", &data];
    let (refused, said) = run(&folder, &as_of);
    assert!(!refused && said.contains("another Fanfare server runs"), "{said}");
    demo.stop();
    copy_database(&copy, &folder).unwrap();
    std::fs::remove_dir_all(&copy).unwrap();
    let (refused, said) = run(&folder, &["restore", "--data-dir", &data]);
    assert!(!refused && said.contains("--as-of"), "{said}");
    let (refused, said) = run(&folder, &["restore", "--as-of", "2100-01-01T00:00:00Z", "--data-dir", &data]);
    assert!(!refused && said.contains("lies in the future"), "{said}");
    let said = run_well(&folder, &as_of);
    assert!(said.starts_with("3 destinations may have gone out"), "{said}");

    demo = demo.restart();
    assert_eq!(ids(&demo, &lost, "after the copy").await, went_out);
}
