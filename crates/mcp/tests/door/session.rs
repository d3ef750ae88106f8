//! What an agent does from the first look to the result.

use domain::Span;
use serde_json::{Value, json};
use testkit::Server;

use crate::support::Client;

#[tokio::test]
async fn an_agent_validates_drafts_schedules_watches_and_reads_the_results() {
    let server = Server::start().await;
    let account = server.connect("x").await;
    let expired = server.connect_expired().await;
    let agent = Client::new(&server, Some(&server.key));
    agent.initialize().await;

    let accounts = agent.call("list_accounts", &json!({})).await;
    let able: Vec<&Value> =
        accounts.as_array().unwrap().iter().filter(|account| account["health"]["can_post"] == true).collect();
    assert_eq!(able.len(), 1, "{accounts}");
    assert_eq!(able[0]["id"], json!(account));
    let health = agent.call("get_account_health", &json!({ "id": expired })).await;
    assert_eq!(health["needs_reconnection"], true);

    // Too long for X: the agent learns it before anything is made.
    let long = json!({ "content": "soup ".repeat(70), "account_ids": [account] });
    let checked = agent.call("validate_post", &long).await;
    assert_eq!(checked["valid"], false, "{checked}");

    let text = "Autumn menu is live.";
    let good = json!({ "content": text, "account_ids": [account] });
    let checked = agent.call("validate_post", &good).await;
    assert_eq!(checked["valid"], true, "{checked}");
    assert_eq!(agent.call("list_posts", &json!({})).await, json!([]), "nothing was made");

    let draft = json!({ "content": text, "account_ids": [account], "draft": true });
    let draft = agent.call("create_post", &draft).await;
    assert_eq!(draft["status"], "draft");
    server.tick().await;
    assert!(server.sandbox.posts().is_empty(), "a draft waits for a person");

    let at = (testkit::START + Span::from_hours(2)).to_iso_millis();
    let schedule = json!({ "post_id": draft["post_id"], "scheduled_for": at });
    assert_eq!(agent.call("schedule_post", &schedule).await["status"], "scheduled");
    let queued = agent.call("list_posts", &json!({ "status": "scheduled" })).await;
    assert_eq!(queued[0]["id"], draft["post_id"]);

    let post = json!({ "post_id": draft["post_id"] });
    let waiting = agent.call("get_post_results", &post).await;
    assert_eq!(waiting["results"][0]["status"], "queued", "{waiting}");
    server.advance(Span::from_hours(3)).await;
    let results = agent.call("get_post_results", &post).await;
    assert_eq!(results["post_status"], "published", "{results}");
    assert!(results["results"][0]["platform_post_url"].is_string(), "{results}");
    assert_eq!(server.sandbox.posts().len(), 1);
    assert!(
        agent
            .refusal("update_post", &json!({ "post_id": draft["post_id"], "content": "late" }))
            .await
            .contains("draft and scheduled")
    );
}
