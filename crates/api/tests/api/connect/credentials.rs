//! Accounts that are connected by credentials: a password, a token, a webhook's address.

use axum::http::StatusCode;
use serde_json::json;
use testkit::CreateAccount;

use super::user;
use crate::support::{Answer, Server};

async fn bluesky(server: &Server, path: &str, handle: &str, password: &str) -> Answer {
    let body = json!({ "platform": "bluesky", "handle": handle, "app_password": password });
    server.post(path, body).await
}

#[tokio::test]
async fn credentials_are_tried_before_anything_is_stored() {
    let server = Server::start().await;
    let wanted = CreateAccount { token: true, ..user("ana", "Ana") };
    let made = server.sandbox.create_account("bluesky", &wanted).unwrap();
    let (handle, password) = (made.username, made.credentials.unwrap().app_password.unwrap());
    let path = "/accounts/connect-credential";
    for (wrong, secret) in
        [(handle.as_str(), "aaaa-bbbb-cccc-dddd"), ("nobody.test", &password), (&handle, "hunter22")]
    {
        let answer = bluesky(&server, path, wrong, secret).await;
        assert_eq!(answer.refusal(), (400, "invalid_credentials", ""), "{}", answer.body);
        assert!(!answer.body.to_string().contains(secret));
    }
    assert_eq!(bluesky(&server, path, "", &password).await.refusal(), (400, "validation_error", "handle"));
    assert_eq!(server.count().await, 2);

    let first = bluesky(&server, path, &handle, &password).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.data()["account"]["account_name"], format!("@{handle}"));
    let id = first.data()["account"]["account_id"].clone();
    let again = bluesky(&server, "/auth/social-connect/bluesky", &handle, &password).await;
    assert_eq!((again.status, again.data()["created"].clone()), (StatusCode::OK, json!(false)));
    assert_eq!(again.data()["account"]["account_id"], id);
    assert_eq!(server.count().await, 3);
}

#[tokio::test]
async fn a_mastodon_account_is_connected_by_its_server_and_token() {
    let server = Server::start().await;
    let wanted = CreateAccount { token: true, ..user("ana", "Ana") };
    let made = server.sandbox.create_account("mastodon", &wanted).unwrap();
    let token = made.credentials.unwrap().access_token;
    let connect = async |server_url: &str, token: &str| {
        let body = json!({ "platform": "mastodon", "server_url": server_url, "access_token": token });
        server.post("/accounts/connect-credential", body).await
    };
    for (server_url, token) in [("mastodon.social", "nonsense"), ("https://10.0.0.1", &token)] {
        let answer = connect(server_url, token).await;
        assert_eq!(answer.refusal(), (400, "invalid_credentials", ""), "{}", answer.body);
        assert!(!answer.body.to_string().contains(token));
    }
    let first = connect("mastodon.social", &token).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.data()["account"]["account_name"], "@ana@mastodon.social");
    let again = connect("@ana@mastodon.social", &token).await;
    assert_eq!((again.status, again.data()["created"].clone()), (StatusCode::OK, json!(false)));
}

#[tokio::test]
async fn a_bots_token_and_a_webhooks_address_open_a_chat_and_a_channel() {
    let server = Server::start().await;
    let wanted = CreateAccount { token: true, ..user("northlight", "Northlight") };
    let chat = server.sandbox.create_account("telegram", &wanted).unwrap();
    let token = chat.credentials.unwrap().access_token;
    let bot = json!({ "platform": "telegram", "bot_token": token, "channel": chat.extra["channel"] });
    let channel = server.sandbox.create_account("discord", &wanted).unwrap();
    let address = channel.extra["webhook_url"].as_str().unwrap();
    let hook = json!({ "platform": "discord", "webhook_url": address });
    let elsewhere =
        json!({ "platform": "discord", "webhook_url": address.replace("discord.com", "127.0.0.1") });
    let nobody = json!({ "platform": "telegram", "bot_token": token, "channel": "@nobody_there" });
    for (wrong, secret) in [(&nobody, token.as_str()), (&elsewhere, address)] {
        let answer = server.post("/accounts/connect-credential", wrong.clone()).await;
        assert_eq!(answer.refusal(), (400, "invalid_credentials", ""), "{}", answer.body);
        assert!(!answer.body.to_string().contains(secret));
    }
    for (platform, right) in [("telegram", &bot), ("discord", &hook)] {
        let first = server.post("/accounts/connect-credential", right.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        assert_eq!(first.data()["account"]["platform"], platform);
        assert!(!first.body.to_string().contains(&token) && !first.body.to_string().contains(address));
        let path = format!("/auth/social-connect/{platform}");
        let again = server.post(&path, right.clone()).await;
        assert_eq!((again.status, again.data()["created"].clone()), (StatusCode::OK, json!(false)));
    }
    assert_eq!(server.count().await, 4);
}

#[tokio::test]
async fn a_platform_that_cannot_be_asked_is_no_wrong_password() {
    let server = Server::start().await;
    server.fault(testkit::FaultSpec {
        status: Some(503),
        operation: Some("create_session".to_owned()),
        ..testkit::FaultSpec::new("bluesky", testkit::FaultKind::Error)
    });
    let answer = bluesky(&server, "/accounts/connect-credential", "ana.test", "abcd-efgh-ijkl-mnop").await;
    assert_eq!(answer.refusal(), (503, "service_unavailable", ""), "{}", answer.body);
    assert_eq!(answer.body["error"]["retryable"], true);
}
