//! Backups of a running server, what they refuse, and the commands that the documentation shows.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::{Demo, run, run_well};

const PAGE: &str = include_str!("../../../../docs/backup.md");
/// The smallest PNG.
const PIXEL: &[u8] = include_bytes!("../../../testkit/src/pixel.png");

/// The commands in the page's `sh` blocks, in order.
fn commands() -> Vec<Vec<String>> {
    let mut shell = false;
    let mut commands = Vec::new();
    for line in PAGE.lines() {
        if line.starts_with("```") {
            shell = line == "```sh";
        } else if shell && let Some(command) = line.strip_prefix("fanfare ") {
            let command = command.split(" #").next().unwrap_or_default();
            commands.push(command.split_whitespace().map(ToOwned::to_owned).collect());
        }
    }
    commands
}

#[tokio::test]
async fn every_command_that_the_documentation_shows_works_in_its_order() {
    let demo = Demo::start();
    let folder = demo.folder().join("docs");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("pixel.png"), PIXEL).unwrap();
    run_well(&folder, &["org", "create", "Docs", "--email", "a@example.org"]);
    run_well(&folder, &["media", "add", "pixel.png"]);
    let postgres = pgtest::Postgres::shared().create_database().unwrap();
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands {
        let arguments: Vec<&str> = command
            .iter()
            .map(|word| if word.starts_with("postgres://") { postgres.as_str() } else { word.as_str() })
            .collect();
        run_well(&folder, &arguments);
    }
    let said = run_well(&folder, &["org", "list", "--data-dir", "drill"]);
    assert!(said.contains("Docs"), "{said}");
}

/// The name of the last backup that a database tells of.
#[expect(clippy::unwrap_used, reason = "a test may panic")]
async fn last_backup(database: &Path) -> Option<String> {
    let keyring = store::Keyring::new([0; 32]);
    let store = store::Store::open_sqlite(database, keyring, &store::StoreConfig::default()).await.unwrap();
    let last = store.find_last_backup().await.unwrap();
    store.close().await;
    last.map(|last| last.name)
}

#[tokio::test]
async fn a_backup_of_a_running_server_is_whole_and_a_damaged_one_is_refused() {
    let demo = Demo::start();
    demo.create_post(json!({ "content": "kept", "account_ids": [demo.account("x")], "status": "draft" }))
        .await;
    let folder = demo.folder().to_owned();
    let data = folder.to_str().unwrap();
    std::fs::write(folder.join("pixel.png"), PIXEL).unwrap();
    run_well(&folder, &["media", "add", "pixel.png", "--data-dir", data]);
    let said = run_well(&folder, &["backup", "saved", "--data-dir", data]);
    assert!(said.contains("1 media files") && said.contains("encryption key is not in it"), "{said}");
    assert!(!folder.join("saved/encryption.key").exists());
    let last = |folder: PathBuf| async move { last_backup(&folder.join("fanfare.db")).await };
    assert_eq!(last(folder.clone()).await.as_deref(), Some("saved"));
    let (_, metrics) = demo.page(&format!("{}/metrics", demo.base_url)).await;
    let line = metrics.lines().find(|line| line.starts_with("fanfare_last_backup_time_seconds ")).unwrap();
    assert!(!line.ends_with(" 0"), "the running server knows of it: {line}");
    let (again, said) = run(&folder, &["backup", "saved", "--data-dir", data]);
    assert!(!again && said.contains("is there already"), "{said}");
    run_well(&folder, &["backup", "--verify", "saved"]);
    let said = run_well(&folder, &["restore", "saved", "--data-dir", "elsewhere"]);
    assert!(said.contains("put it into elsewhere/encryption.key"), "{said}");
    assert_eq!(last(folder.join("elsewhere")).await, None, "it was written down after what is in it");

    std::fs::create_dir_all(folder.join("empty")).unwrap();
    let (saved, said) = run(&folder, &["backup", "backups/broken", "--data-dir", "empty"]);
    assert!(!saved && said.contains("there is no database"), "{said}");
    assert_eq!(std::fs::read_dir(folder.join("backups")).unwrap().count(), 0, "nothing is left behind");

    std::fs::remove_dir_all(folder.join("saved/media")).unwrap();
    let (whole, said) = run(&folder, &["backup", "--verify", "saved"]);
    assert!(!whole && said.contains("0 media files in place of 1"), "{said}");
    let (restored, _) = run(&folder, &["restore", "saved", "--data-dir", "third"]);
    assert!(!restored && !folder.join("third/fanfare.db").exists());
}

#[tokio::test]
async fn an_installation_moves_to_postgresql_and_back_with_its_keys() {
    let mut demo = Demo::start();
    let post = demo.create_post(json!({ "content": "moved", "account_ids": [demo.account("x")] })).await;
    demo.ended(&post).await;
    let folder = demo.folder().to_owned();
    let data = folder.to_str().unwrap().to_owned();
    let postgres = pgtest::Postgres::shared().create_database().unwrap();
    let there =
        ["migrate", "--from", "sqlite", "--to", "postgres", "--database-url", &postgres, "--data-dir", &data];
    let (moved, said) = run(&folder, &there);
    assert!(!moved && said.contains("another Fanfare server runs"), "{said}");
    demo.stop();
    let said = run_well(&folder, &there);
    assert!(said.contains("destinations") && !folder.join("fanfare.db").exists(), "{said}");
    let (moved, said) = run(&folder, &there);
    assert!(!moved && said.contains("there is no database"), "{said}");
    run_well(&folder, &["backup", "shared", "--database-url", &postgres, "--data-dir", &data]);
    let another = pgtest::Postgres::shared().create_database().unwrap();
    run_well(&folder, &["restore", "shared", "--database-url", &another, "--data-dir", &data]);
    let again = ["restore", "shared", "--database-url", &another, "--data-dir", &data];
    let (restored, said) = run(&folder, &again);
    assert!(!restored && said.contains("--replace"), "{said}");
    run_well(&folder, &[&again[..], &["--replace"]].concat());
    let keys = run_well(&folder, &["key", "list", "--database-url", &postgres, "--data-dir", &data]);
    run_well(
        &folder,
        &[
            "migrate",
            "--from",
            "postgres",
            "--to",
            "sqlite",
            "--database-url",
            &postgres,
            "--data-dir",
            &data,
        ],
    );
    assert_eq!(run_well(&folder, &["key", "list", "--data-dir", &data]), keys);
    let there = ["key", "list", "--database-url", &another, "--data-dir", &data];
    assert_eq!(run_well(&folder, &there), keys);
    let demo = demo.restart();
    assert_eq!(demo.get(&format!("/posts/{post}")).await["status"], "published");
}
