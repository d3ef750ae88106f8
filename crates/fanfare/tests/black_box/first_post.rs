//! What a newcomer does first.

use serde_json::json;

use crate::support::Demo;

#[tokio::test]
async fn one_call_publishes_to_every_platform_that_takes_a_text_and_says_why_one_failed() {
    let demo = Demo::start();
    let list = demo.get("/accounts").await;
    let all: Vec<i64> = demo.accounts.iter().map(|(_, id)| *id).collect();
    assert_eq!(list["account_ids"], json!(all));
    // Every post on these needs media.
    let needs_media = ["instagram", "pinterest"];
    let takes_text = demo.accounts.iter().filter(|(platform, _)| !needs_media.contains(&platform.as_str()));
    let ids: Vec<i64> = takes_text.map(|(_, id)| *id).collect();
    let expired: Vec<_> = list["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["health"] == json!({ "status": "expired", "can_post": false }))
        .collect();
    assert_eq!(expired.len(), 1);

    let text = "Autumn menu is live — with a link https://example.org/menu and #soup";
    let post = demo.create_post(json!({ "content": text, "account_ids": ids })).await;
    let results = demo.ended(&post).await;
    assert_eq!(results.len(), ids.len());
    for result in &results {
        let platform = result["platform"].as_str().unwrap();
        if result["account_id"] == expired[0]["account_id"] {
            assert_eq!(result["status"], "failed");
            assert_eq!(result["error"], "The account's access has expired; connect it again.");
            continue;
        }
        assert_eq!(result["status"], "published", "{result}");
        assert_eq!(demo.live(platform, text).await.len(), 1, "{platform}");
        let (status, page) = demo.page(result["platform_post_url"].as_str().unwrap()).await;
        assert_eq!(status, 200);
        assert!(page.contains("Autumn menu is live"), "{platform}");
    }
    assert_eq!(demo.get(&format!("/posts/{post}")).await["status"], "partially_failed");
}

#[tokio::test]
async fn a_thread_goes_out_as_replies_where_the_platform_has_threads() {
    let demo = Demo::start();
    let ids = [demo.account("x"), demo.account("bluesky"), demo.account("linkedin")];
    let post = demo
        .create_post(json!({ "content": "one", "thread_posts": ["two", "three"], "account_ids": ids }))
        .await;
    let results = demo.ended(&post).await;
    assert!(results.iter().all(|result| result["status"] == "published"), "{results:?}");
    for platform in ["x", "bluesky"] {
        let [first] = &demo.live(platform, "one").await[..] else { panic!("one first part on {platform}") };
        let [second] = &demo.live(platform, "two").await[..] else { panic!("one second part on {platform}") };
        let [third] = &demo.live(platform, "three").await[..] else { panic!("one third part on {platform}") };
        assert_eq!(second["reply_to"], first["id"]);
        assert_eq!(third["reply_to"], second["id"]);
    }
    assert_eq!(demo.live("linkedin", "one").await.len(), 1);
    assert!(demo.live("linkedin", "two").await.is_empty());
}

#[tokio::test]
async fn a_stop_right_after_the_start_is_an_orderly_one() {
    for _ in 0..5 {
        Demo::start().stop();
    }
}
