//! The emulated X.

use crate::rig::{Rig, film, png, read, tweet, x_account};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

async fn refresh(rig: &Rig, token: &str) -> (u16, Value) {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let basic = STANDARD.encode("sandbox-x-client:sandbox-x-secret");
    let call = rig.post("api.x.com/2/oauth2/token").header("authorization", format!("Basic {basic}"));
    read(call.form(&form).send().await.unwrap()).await
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_family() {
    let rig = Rig::start().await;
    let (account, _) = x_account(&rig, "ana").await;
    let first = account["credentials"]["refresh_token"].as_str().unwrap();
    let (status, second) = refresh(&rig, first).await;
    assert_eq!(status, 200);
    let access = second["access_token"].as_str().unwrap();
    assert_eq!(tweet(&rig, access, json!({"text": "one"})).await.status(), 201);

    let (status, refused) = refresh(&rig, first).await;
    assert_eq!(status, 400);
    assert_eq!(
        refused,
        json!({"error": "invalid_request", "error_description": "Value passed for the token was invalid."})
    );
    assert_eq!(refresh(&rig, second["refresh_token"].as_str().unwrap()).await.0, 400);
    assert_eq!(tweet(&rig, access, json!({"text": "two"})).await.status(), 401);
}

#[tokio::test]
async fn a_token_call_may_be_json_and_an_unreadable_one_is_refused_in_its_shape() {
    let rig = Rig::start().await;
    let (account, _) = x_account(&rig, "ana").await;
    let mut body = json!({
        "grant_type": "refresh_token",
        "refresh_token": account["credentials"]["refresh_token"],
        "client_id": "sandbox-x-client",
    });
    let (status, renewed) =
        read(rig.post("api.x.com/2/oauth2/token").json(&body).send().await.unwrap()).await;
    assert_eq!(status, 200, "{renewed}");
    rig.fault(json!({"platform": "x", "kind": "token_revoked", "operation": "refresh_token"})).await;
    body["refresh_token"] = renewed["refresh_token"].clone();
    let revoked = rig.post("api.x.com/2/oauth2/token").json(&body).send().await.unwrap();
    assert_eq!(revoked.status(), 400);
    let torn = rig.post("api.x.com/2/oauth2/token").body("{").send().await.unwrap();
    let (status, refused) = read(torn).await;
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_request")));
}

#[tokio::test]
async fn a_post_is_described_in_the_words_of_who_asks() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    let (_, created) = read(tweet(&rig, &token, json!({"text": "one"})).await).await;
    let id = created["data"]["id"].as_str().unwrap();
    for (parameter, history, count) in [
        ("tweet.fields", "edit_history_tweet_ids", "retweet_count"),
        ("post.fields", "edit_history_post_ids", "repost_count"),
    ] {
        let path = format!("api.x.com/2/tweets/{id}?{parameter}=public_metrics,author_id");
        let (_, post) = read(rig.get(&path).bearer_auth(&token).send().await.unwrap()).await;
        assert_eq!(post["data"][history], json!([id]), "{post}");
        assert_eq!(post["data"]["public_metrics"][count], 0, "{post}");
        assert!(post["data"]["author_id"].is_string(), "{post}");
    }
}

#[tokio::test]
async fn a_login_needs_the_verifier_and_its_code_works_once() {
    let rig = Rig::start().await;
    rig.account(json!({"platform": "x", "username": "ana"})).await;
    let verifier = "a-verifier-that-is-long-enough-to-be-one";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let authorize = format!(
        "x.com/i/oauth2/authorize?response_type=code&client_id=sandbox-x-client&redirect_uri=http%3A%2F%2Flocal%2Fcb\
         &scope=tweet.read%20users.read&state=s1&code_challenge={challenge}&code_challenge_method=S256&sandbox_user=ana"
    );
    let exchange = async |verifier: &str| {
        let answer = rig.get(&authorize).send().await.unwrap();
        let target = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        let query: std::collections::HashMap<_, _> = target.query_pairs().into_owned().collect();
        assert_eq!(query["state"], "s1");
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "sandbox-x-client"),
            ("code", query["code"].as_str()),
            ("redirect_uri", "http://local/cb"),
            ("code_verifier", verifier),
        ];
        let once = read(rig.post("api.x.com/2/oauth2/token").form(&form).send().await.unwrap()).await;
        let twice = read(rig.post("api.x.com/2/oauth2/token").form(&form).send().await.unwrap()).await;
        assert_eq!(twice.0, 400);
        once
    };
    assert_eq!(exchange("another").await.0, 400);
    let (status, tokens) = exchange(verifier).await;
    assert_eq!((status, tokens["scope"].as_str()), (200, Some("tweet.read users.read")));
    assert!(tokens.get("refresh_token").is_none());
    let me = rig.get("api.x.com/2/users/me").bearer_auth(tokens["access_token"].as_str().unwrap());
    assert_eq!(read(me.send().await.unwrap()).await.1["data"]["username"], "ana");
}

#[tokio::test]
async fn the_same_text_is_refused_for_the_same_author_only() {
    let rig = Rig::start().await;
    let (_, ana) = x_account(&rig, "ana").await;
    let (_, ben) = x_account(&rig, "ben").await;
    assert_eq!(tweet(&rig, &ana, json!({"text": "one"})).await.status(), 201);
    let (status, body) = read(tweet(&rig, &ana, json!({"text": "one "})).await).await;
    assert_eq!(status, 403);
    assert_eq!(body["detail"], "You are not allowed to create a Tweet with duplicate content.");
    assert_eq!(tweet(&rig, &ben, json!({"text": "one"})).await.status(), 201);
}

#[tokio::test]
async fn links_come_back_short_and_the_ledger_has_what_was_sent() {
    let rig = Rig::start().await;
    let (account, token) = x_account(&rig, "ana").await;
    let sent = "Rye & spelt https://example.com/a?b=1";
    let (status, created) = read(tweet(&rig, &token, json!({"text": sent})).await).await;
    assert_eq!(status, 201);
    let shown = created["data"]["text"].as_str().unwrap();
    assert!(shown.starts_with("Rye &amp; spelt https://t.co/"), "{shown}");
    assert_eq!(rig.published("").await[0]["text"], sent);
    let path = format!(
        "api.x.com/2/users/{}/tweets?tweet.fields=entities,created_at",
        account["platform_user_id"].as_str().unwrap()
    );
    let (_, listed) = read(rig.get(&path).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(listed["data"][0]["entities"]["urls"][0]["expanded_url"], "https://example.com/a?b=1");
    assert_eq!(listed["meta"]["result_count"], 1);
}

#[tokio::test]
async fn what_x_does_not_take_is_refused_in_its_shape() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    for (body, expect) in [
        (json!({"text": "a", "colour": "red"}), 400),
        (json!({"text": ""}), 400),
        (json!({"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}}), 400),
        (json!({"text": "a", "media": {"media_ids": ["1"]}}), 400),
        (json!({"text": "a", "poll": {"options": ["one"], "duration_minutes": 60}}), 400),
        (json!({"text": "$AAA and $BBB"}), 400),
        (json!({"text": "é".repeat(281)}), 403),
        (json!({"text": "a", "quote_tweet_id": "1"}), 403),
        (json!({"text": "a", "reply": {"in_reply_to_tweet_id": "1"}}), 403),
    ] {
        let (status, answer) = read(tweet(&rig, &token, body.clone()).await).await;
        assert_eq!(status, expect, "{body} → {answer}");
        assert!(answer["title"].is_string(), "{answer}");
    }
    let answer = tweet(&rig, &token, json!({"text": "a".repeat(280)})).await;
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["x-rate-limit-limit"], "100");
}

#[tokio::test]
async fn a_thread_is_read_back_newest_first_in_pages() {
    let rig = Rig::start().await;
    let (account, token) = x_account(&rig, "ana").await;
    let mut parent: Option<String> = None;
    for number in 0..7 {
        let mut body = json!({"text": format!("part {number}")});
        if let Some(parent) = &parent {
            body["reply"] = json!({"in_reply_to_tweet_id": parent});
        }
        let (status, created) = read(tweet(&rig, &token, body).await).await;
        assert_eq!(status, 201);
        parent = created["data"]["id"].as_str().map(str::to_owned);
    }
    let path = format!(
        "api.x.com/2/users/{}/tweets?max_results=5&tweet.fields=referenced_tweets",
        account["platform_user_id"].as_str().unwrap()
    );
    let (_, first) = read(rig.get(&path).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(first["data"][0]["text"], "part 6");
    assert_eq!(first["data"][0]["referenced_tweets"][0]["type"], "replied_to");
    let next = format!("{path}&pagination_token={}", first["meta"]["next_token"].as_str().unwrap());
    let (_, second) = read(rig.get(&next).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 2);
    assert!(second["meta"]["next_token"].is_null());
    let late = format!("{path}&start_time=2030-01-01T00:00:00Z");
    let (_, none) = read(rig.get(&late).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(none, json!({"meta": {"result_count": 0}}));
}

#[tokio::test]
async fn a_deleted_post_is_gone_from_lookup_and_ledger() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    let (_, created) = read(tweet(&rig, &token, json!({"text": "one"})).await).await;
    let id = created["data"]["id"].as_str().unwrap();
    let path = format!("api.x.com/2/tweets/{id}");
    let delete = rig.request(reqwest::Method::DELETE, &path).bearer_auth(&token).send().await.unwrap();
    assert_eq!(read(delete).await.1["data"]["deleted"], true);
    let lookup = rig.get(&format!("api.x.com/2/tweets?ids={id}")).bearer_auth(&token).send().await.unwrap();
    let (status, body) = read(lookup).await;
    assert_eq!(status, 200);
    assert!(body["errors"][0]["type"].as_str().unwrap().ends_with("/resource-not-found"));
    assert!(rig.published("").await.is_empty());
    assert_eq!(rig.published("?include_deleted=true").await.len(), 1);
}

#[tokio::test]
async fn pictures_are_posted_with_their_alternative_text() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    let (_, other) = x_account(&rig, "ben").await;
    let form = Form::new().text("media_category", "tweet_image").part("media", Part::bytes(png(1)));
    let upload = rig.post("api.x.com/2/media/upload").bearer_auth(&token).multipart(form);
    let (status, media) = read(upload.send().await.unwrap()).await;
    assert_eq!(status, 200);
    let id = media["data"]["id"].as_str().unwrap();
    let alt = json!({"id": id, "metadata": {"alt_text": {"text": "Loaves"}}});
    let answer = rig.post("api.x.com/2/media/metadata").bearer_auth(&token).json(&alt).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = json!({"text": "Look", "media": {"media_ids": [id]}});
    assert_eq!(tweet(&rig, &other, body.clone()).await.status(), 400, "somebody else's media");
    assert_eq!(tweet(&rig, &token, body).await.status(), 201);
    let media = &rig.published("").await[0]["media"][0];
    assert_eq!(media["alt"], "Loaves");
    assert_eq!((media["type"].as_str(), media["bytes"].as_u64()), (Some("image/png"), Some(9)));
    let blob =
        rig.get(&format!("_sandbox/blobs/{}", media["sha256"].as_str().unwrap())).send().await.unwrap();
    assert_eq!(blob.bytes().await.unwrap(), png(1));
}

/// Uploads a film in two chunks, the second first, and returns its id.
async fn upload_film(rig: &Rig, token: &str) -> String {
    let bytes = film(3_000);
    let base = "api.x.com/2/media/upload";
    let wanted = json!({"media_type": "video/mp4", "total_bytes": 3_000, "media_category": "tweet_video"});
    let started =
        rig.post(&format!("{base}/initialize")).bearer_auth(token).json(&wanted).send().await.unwrap();
    let (status, started) = read(started).await;
    assert_eq!(status, 200);
    let id = started["data"]["id"].as_str().unwrap().to_owned();
    let json_chunk = json!({"media": STANDARD.encode(&bytes[2_000..]), "segment_index": 1});
    let append = rig.post(&format!("{base}/{id}/append")).bearer_auth(token);
    assert_eq!(append.json(&json_chunk).send().await.unwrap().status(), 200);
    let early = rig.post(&format!("{base}/{id}/finalize")).bearer_auth(token).send().await.unwrap();
    assert_eq!(early.status(), 400, "a segment is missing");
    let form = Form::new().text("segment_index", "0").part("media", Part::bytes(bytes[..2_000].to_vec()));
    let append = rig.post(&format!("{base}/{id}/append")).bearer_auth(token).multipart(form);
    assert_eq!(append.send().await.unwrap().status(), 200);
    let done = rig.post(&format!("{base}/{id}/finalize")).bearer_auth(token).send().await.unwrap();
    assert_eq!(read(done).await.1["data"]["processing_info"]["state"], "pending");
    id
}

#[tokio::test]
async fn a_film_is_uploaded_in_chunks_and_processed_before_it_can_be_posted() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    let id = upload_film(&rig, &token).await;
    let body = json!({"text": "Film", "media": {"media_ids": [id]}});
    assert_eq!(tweet(&rig, &token, body.clone()).await.status(), 400);
    rig.advance(1_000).await;
    let status = format!("api.x.com/2/media/upload?media_id={id}&command=STATUS");
    let (_, done) = read(rig.get(&status).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(done["data"]["processing_info"]["state"], "succeeded");
    assert_eq!(tweet(&rig, &token, body).await.status(), 201);
    assert_eq!(rig.published("").await[0]["media"][0]["bytes"], 3_000);
}

#[tokio::test]
async fn processing_can_fail() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "processing_failed"})).await;
    let id = upload_film(&rig, &token).await;
    rig.advance(1_000).await;
    let status = format!("api.x.com/2/media/upload?media_id={id}");
    let (_, done) = read(rig.get(&status).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(done["data"]["processing_info"]["state"], "failed");
    assert_eq!(tweet(&rig, &token, json!({"media": {"media_ids": [id]}})).await.status(), 400);
}

#[tokio::test]
async fn limits_are_enforced_for_accounts_that_ask_for_it() {
    let rig = Rig::start().await;
    let wanted = json!({"platform": "x", "token": true, "enforce_limits": true});
    let account = rig.account(wanted).await;
    let token = account["credentials"]["access_token"].as_str().unwrap();
    let me = || rig.get("api.x.com/2/users/me").bearer_auth(token).send();
    for _ in 0..75 {
        assert_eq!(me().await.unwrap().status(), 200);
    }
    let refused = me().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-rate-limit-remaining"], "0");
    rig.advance(15 * 60 * 1_000).await;
    assert_eq!(me().await.unwrap().status(), 200);
}
