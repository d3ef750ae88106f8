//! What all emulators share: addressing, stored state, clock, ledger, pages.

use crate::rig::{Rig, folder, read, tweet, x_account};
use serde_json::{Value, json};

#[tokio::test]
async fn a_platform_is_reached_by_path_and_by_host_and_its_addresses_lead_back() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    tweet(&rig, &token, json!({"text": "by path"})).await;
    let by_host = rig.post("2/tweets").header("host", "api.x.com").bearer_auth(&token);
    assert_eq!(by_host.json(&json!({"text": "by host"})).send().await.unwrap().status(), 201);
    let posts = rig.published("?platform=x").await;
    let url = posts[0]["url"].as_str().unwrap();
    assert!(url.starts_with(&rig.url("x.com/ana/status/")), "{url}");
    let page = rig.client.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("by path"));
    assert!(posts[1]["url"].as_str().unwrap().starts_with("http://x.com/ana/status/"));
    let (status, body) = read(rig.get("example.org/x").send().await.unwrap()).await;
    assert_eq!(status, 404);
    assert!(body["error"].is_string());
}

#[tokio::test]
async fn state_survives_a_restart_and_a_torn_last_line() {
    let folder = folder("core-restart");
    let rig = Rig::start_on(Some(&folder)).await;
    let (account, token) = x_account(&rig, "ana").await;
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 201);
    rig.advance(60_000).await;
    let before = rig.published("").await;
    let journal = folder.join("state.jsonl");
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes.extend(b"{\"t\":\"x.posts\",\"k\":\"1\",\"v\":{\"id\"");
    std::fs::write(&journal, bytes).unwrap();

    let rig = rig.restart(&folder).await;
    // The address has another port now, the rest is the same.
    let after = rig.published("").await;
    assert_eq!(after[0]["id"], before[0]["id"]);
    let (status, _) = read(tweet(&rig, &token, json!({"text": "one"})).await).await;
    assert_eq!(status, 403, "the duplicate is still known");
    assert_eq!(tweet(&rig, &token, json!({"text": "two"})).await.status(), 201);

    let rig = rig.restart(&folder).await;
    assert_eq!(rig.published("").await.len(), 2);
    let now: Value = rig.get("_sandbox/clock").send().await.unwrap().json().await.unwrap();
    assert_eq!(now["now"], "2026-11-18T11:07:40.000Z");
    let again = rig.account(json!({"platform": "x", "username": "ana"})).await;
    assert_eq!(again["platform_user_id"], account["platform_user_id"]);
}

#[tokio::test]
async fn posts_can_be_forgotten_here_and_on_the_platform() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    tweet(&rig, &token, json!({"text": "one"})).await;
    let answer = rig.request(reqwest::Method::DELETE, "_sandbox/posts").send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert!(rig.published("").await.is_empty());
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 201);
}

#[tokio::test]
async fn the_clock_can_be_set_and_moved_and_tokens_expire_by_it() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.advance(2 * 60 * 60 * 1_000).await;
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 401);
    let answer = rig.post("_sandbox/clock").json(&json!({"set": "2027-01-01T00:00:00Z"})).send().await;
    assert_eq!(read(answer.unwrap()).await.1["now"], "2027-01-01T00:00:00.000Z");
    let answer = rig.post("_sandbox/clock").json(&json!({"set": "soon"})).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_call_is_finished_even_when_the_client_goes_away() {
    use tokio::io::AsyncWriteExt;
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    let body = json!({"text": "one"}).to_string();
    let mut stream = tokio::net::TcpStream::connect(&rig.address).await.unwrap();
    let request = format!(
        "POST /api.x.com/2/tweets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    drop(stream);
    for _ in 0..1_000 {
        if !rig.published("").await.is_empty() {
            return;
        }
    }
    panic!("the post never became public");
}

#[tokio::test]
async fn the_log_names_operations_and_hides_secrets() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.get("api.x.com/2/users/me?access_token=hidden").bearer_auth(&token).send().await.unwrap();
    tweet(&rig, &token, json!({"text": "one"})).await;
    let text = rig.get("_sandbox/requests?platform=x").send().await.unwrap().text().await.unwrap();
    assert!(!text.contains("hidden") && !text.contains(&token), "{text}");
    let log: Value = serde_json::from_str(&text).unwrap();
    let operations: Vec<&str> =
        log["requests"].as_array().unwrap().iter().map(|call| call["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["me", "create_post"]);
    let later = rig.get("_sandbox/requests?since=2030-01-01T00:00:00Z").send().await.unwrap();
    assert_eq!(read(later).await.1["requests"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn the_front_page_shows_posts_as_text_only() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    tweet(&rig, &token, json!({"text": "<img src=x> & co"})).await;
    let page = rig.get("").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("&lt;img src=x&gt; &amp; co"));
    assert!(!page.contains("<img src=x>"));
}

#[tokio::test]
async fn an_account_has_a_picture_and_an_expired_one_cannot_be_renewed() {
    let rig = Rig::start().await;
    let account = rig.account(json!({"platform": "twitter", "token": true, "expired": true})).await;
    let picture = rig.client.get(account["avatar_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");
    let token = account["credentials"]["access_token"].as_str().unwrap();
    assert_eq!(tweet(&rig, token, json!({"text": "one"})).await.status(), 401);
    let refresh = account["credentials"]["refresh_token"].as_str().unwrap();
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "sandbox-x-client")];
    let answer = rig.post("api.x.com/2/oauth2/token").form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}
