//! The MCP server over HTTP, in front of a whole server: who gets in, and what a session can do.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod operations;
mod session;
mod support;

use domain::Span;
use domain::api_key::Scope;
use serde_json::json;
use support::{Client, UNKNOWN_KEY};
use testkit::Server;

#[tokio::test]
async fn the_door_opens_for_a_key_and_says_where_to_get_one() {
    let server = Server::start().await;
    let expired = server.new_key(vec![Scope::Read], Some(testkit::START + Span::from_hours(1))).await;
    server.clock.advance(Span::from_hours(2));
    for (key, error) in [(None, ""), (Some(UNKNOWN_KEY), "invalid_token"), (Some(&*expired), "invalid_token")]
    {
        let answer = Client::new(&server, key)
            .send(&json!({
                "jsonrpc": "2.0", "id": 1, "method": "tools/list",
            }))
            .await;
        assert_eq!(answer.status, 401, "{}", answer.text);
        assert!(answer.body["error"].is_string(), "{}", answer.text);
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Bearer realm=\"Fanfare MCP\""), "{challenge}");
        let metadata = "resource_metadata=\"http://fanfare.test/.well-known/oauth-protected-resource/mcp\"";
        assert!(challenge.contains(metadata), "{challenge}");
        assert_eq!(challenge.contains("invalid_token"), !error.is_empty(), "{challenge}");
    }
    let client = Client::new(&server, Some(&server.key));
    let hello = client.initialize().await;
    assert_eq!(hello["serverInfo"]["name"], "fanfare");
    assert_eq!(hello["serverInfo"]["title"], "Fanfare");
    assert!(hello["capabilities"]["tools"].is_object(), "{hello}");
}

#[tokio::test]
async fn every_tool_is_listed_with_its_hints() {
    let server = Server::start().await;
    let client = Client::new(&server, Some(&server.key));
    let tools = client.tools().await;
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, mcp_names());
    for tool in &tools {
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            assert!(tool["annotations"][hint].is_boolean(), "{tool}");
        }
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{tool}");
    }
    let without = Client::at(&server, Some(&server.key), "/claude").tools().await;
    assert_eq!(without.len(), tools.len() - 1);
    assert!(without.iter().all(|tool| tool["name"] != "generate_image"));
}

fn mcp_names() -> Vec<&'static str> {
    fanfare_mcp::offered().map(|tool| tool.name).collect()
}

#[tokio::test]
async fn a_refusal_of_the_api_reaches_the_model_in_words() {
    let server = Server::start().await;
    let reader = server.new_key(vec![Scope::Read], None).await;
    let client = Client::new(&server, Some(&reader));
    let draft = json!({ "content": "Soup", "draft": true });
    let refused = client.refusal("create_post", &draft).await;
    assert_eq!(refused, "This API key lacks the \"write\" scope.");

    let client = Client::new(&server, Some(&server.key));
    assert_eq!(client.refusal("get_account", &json!({ "account_id": 999 })).await, "Account not found.");
    assert_eq!(client.refusal("get_post", &json!({})).await, "post_id is missing.");
    assert_eq!(client.refusal("get_post", &json!({ "post_id": "../me" })).await, "post_id must be a UUID.");
    let odd = json!({ "content": "a\u{0}b", "draft": true });
    assert!(client.refusal("create_post", &odd).await.contains("content"));
    let foreign = server.foreign_key().await;
    let made = client.call("create_post", &draft).await;
    let stranger = Client::new(&server, Some(&foreign));
    let theirs = json!({ "post_id": made["post_id"] });
    assert_eq!(stranger.refusal("get_post", &theirs).await, "Post not found.");
    assert_eq!(stranger.refusal("delete_post", &theirs).await, "Post not found.");
}

#[tokio::test]
async fn an_unknown_tool_and_a_broken_message_are_errors_of_the_protocol() {
    let server = Server::start().await;
    let client = Client::new(&server, Some(&server.key));
    let answer = client
        .send(&json!({
            "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "launch" },
        }))
        .await;
    assert_eq!(answer.body["error"]["code"], -32602, "{}", answer.text);
    let broken = client.send_bytes(b"{".to_vec()).await;
    assert!((400..500).contains(&broken.status), "{}", broken.text);
    let huge = client.send_bytes(vec![b' '; 5 * 1024 * 1024]).await;
    assert_eq!(huge.status, 413, "{}", huge.text);
}

#[tokio::test]
async fn a_call_counts_against_the_limits_of_its_key() {
    let limits = testkit::Limits { requests_per_minute: 2, ..testkit::NO_LIMITS };
    let server = Server::with_limits(limits).await;
    let client = Client::new(&server, Some(&server.key));
    client.tools().await;
    client.call("list_accounts", &json!({})).await;
    client.call("list_accounts", &json!({})).await;
    let refused = client.refusal("list_accounts", &json!({})).await;
    assert!(refused.contains("limit"), "{refused}");
}

#[tokio::test]
async fn a_person_who_looks_sees_what_the_address_is_for() {
    let server = Server::start().await;
    let page = Client::new(&server, None).look().await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Model Context Protocol"), "{}", page.text);
}
