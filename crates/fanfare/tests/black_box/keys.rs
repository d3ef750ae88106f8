//! The encryption key of a running server is replaced, and no token is readable anywhere.

use serde_json::json;

use crate::support::{Demo, run};
use crate::travel::clock;
use crate::travel_tokens::add_linkedin;

async fn publishes_everywhere(demo: &Demo, text: &str) {
    let accounts = ["x", "linkedin", "bluesky"].map(|platform| demo.account(platform));
    let post = demo.create_post(json!({ "content": text, "account_ids": accounts })).await;
    for result in demo.ended(&post).await {
        assert_eq!(result["status"], "published", "{result}");
    }
}

#[tokio::test]
async fn the_key_is_replaced_under_a_running_server_and_nothing_shows_a_token() {
    let demo = Demo::start_with(&[("FANFARE_LOG", "debug")]);
    let wanted = json!({ "platform": "linkedin", "username": "planted", "token": true, "refresh": true });
    let (tokens, _) = add_linkedin(&demo, wanted).await;
    publishes_everywhere(&demo, "before").await;
    let file = demo.folder().join("encryption.key");
    let first = std::fs::read_to_string(&file).unwrap();

    for number in [2, 3] {
        // X's and Bluesky's tokens are renewed while the key changes.
        clock(&demo.sandbox_url, &["advance", "3h"]);
        let said = demo.run_on_folder(&["key", "rotate-encryption"], "");
        assert!(said.contains(&format!("encrypted with key {number} now")), "{said}");
        let keys = std::fs::read_to_string(&file).unwrap();
        assert!(keys.starts_with(&format!("{number}:")) && keys.lines().count() == 1);
        assert!(!keys.contains(first.trim()));
        publishes_everywhere(&demo, &format!("with key {number}")).await;
        clock(&demo.sandbox_url, &["advance", "3h"]);
        publishes_everywhere(&demo, &format!("renewed with key {number}")).await;
    }

    for name in ["fanfare.db", "fanfare.db-wal", "stderr.log"] {
        let bytes = std::fs::read(demo.folder().join(name)).unwrap_or_default();
        for token in ["access_token", "refresh_token"] {
            let token = tokens[token].as_str().unwrap().as_bytes();
            assert!(!bytes.windows(token.len()).any(|window| window == token), "a token is in {name}");
        }
    }
    let demo = demo.kill_and_restart();
    publishes_everywhere(&demo, "after a restart").await;

    let folder = demo.folder().display().to_string();
    let (_, said) = run(demo.folder(), &["--data-dir", &folder, "doctor"]);
    assert!(said.contains("version 202609 of the API of linkedin"), "{said}");
    assert!(said.contains("version 2 of the API of x has no known end"), "{said}");
    assert!(!said.contains("cannot be decrypted"), "{said}");
    let (_, metrics) = demo.page(&format!("{}/metrics", demo.base_url)).await;
    let line =
        "fanfare_platform_api_version_end_seconds{platform=\"linkedin\",version=\"202609\"} 1821052800";
    assert!(metrics.contains(line), "{metrics}");
}
