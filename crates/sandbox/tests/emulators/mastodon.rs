//! The emulated Mastodon, as its clients meet it.

use crate::rig::{Rig, film, folder, png, read};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const SERVER: &str = "mastodon.social";
const OTHER: &str = "mastodon.online";
const REDIRECT: &str = "https://fanfare.example/back";

/// An account with a token.
struct Login {
    id: String,
    token: String,
}

async fn login(rig: &Rig, extra: Value) -> Login {
    let mut wanted = json!({"platform": "mastodon", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let account = rig.account(wanted).await;
    let id = account["platform_user_id"].as_str().unwrap().split('@').next().unwrap().to_owned();
    Login { id, token: account["credentials"]["access_token"].as_str().unwrap().to_owned() }
}

fn call(rig: &Rig, method: Method, login: &Login, path: &str) -> reqwest::RequestBuilder {
    rig.request(method, &format!("{SERVER}/api/{path}")).bearer_auth(&login.token)
}

async fn get(rig: &Rig, login: &Login, path: &str) -> (u16, Value) {
    read(call(rig, Method::GET, login, path).send().await.unwrap()).await
}

async fn post(rig: &Rig, login: &Login, body: Value) -> (u16, Value) {
    read(call(rig, Method::POST, login, "v1/statuses").json(&body).send().await.unwrap()).await
}

async fn post_under(rig: &Rig, login: &Login, key: &str, text: &str) -> (u16, Value) {
    let call = call(rig, Method::POST, login, "v1/statuses/").header("Idempotency-Key", key);
    read(call.form(&[("status", text)]).send().await.unwrap()).await
}

async fn upload(rig: &Rig, login: &Login, bytes: Vec<u8>) -> (u16, Value) {
    let form = Form::new().part("file", Part::bytes(bytes).file_name("file")).text("description", "A loaf");
    read(call(rig, Method::POST, login, "v2/media").multipart(form).send().await.unwrap()).await
}

#[tokio::test]
async fn each_server_has_accounts_and_limits_of_its_own() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let far = login(&rig, json!({"username": "ana@mastodon.online", "max_characters": 1_000})).await;
    assert_ne!(ana.id, far.id);
    for (host, characters) in [(SERVER, 500), (OTHER, 1_000)] {
        for (version, name) in [("v2", "domain"), ("v1", "uri")] {
            let (status, answer) =
                read(rig.get(&format!("{host}/api/{version}/instance/")).send().await.unwrap()).await;
            assert_eq!((status, &answer[name]), (200, &json!(host)));
            assert_eq!(answer["configuration"]["statuses"]["max_characters"], characters);
        }
    }
    let (status, answer) = get(&rig, &ana, "v1/accounts/verify_credentials").await;
    assert_eq!((status, &answer["username"], &answer["id"]), (200, &json!("ana"), &json!(ana.id)));
    let (status, answer) = get(&rig, &far, "v1/accounts/verify_credentials").await;
    assert_eq!((status, &answer["error"]), (401, &json!("The access token is invalid")), "of another server");
    let unknown = rig.post("_sandbox/accounts").json(&json!({"platform": "mastodon", "server": "x.example"}));
    assert_eq!(unknown.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_key_answers_with_the_same_status_for_an_hour() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let (status, first) = post_under(&rig, &ana, "k1", "Rye").await;
    assert_eq!(status, 200);
    rig.advance(59 * 60_000).await;
    assert_eq!(post_under(&rig, &ana, "k1", "other").await.1["id"], first["id"]);
    assert_ne!(post_under(&rig, &ana, "k2", "Rye").await.1["id"], first["id"]);
    assert_eq!(rig.published("?platform=mastodon&account=ana@mastodon.social").await.len(), 2);
    rig.advance(60_000).await;
    assert_ne!(post_under(&rig, &ana, "k1", "Rye").await.1["id"], first["id"]);
    let deleted = post_under(&rig, &ana, "k3", "gone").await.1;
    let path = format!("v1/statuses/{}", deleted["id"].as_str().unwrap());
    let (status, answer) = read(call(&rig, Method::DELETE, &ana, &path).send().await.unwrap()).await;
    assert_eq!((status, &answer["text"]), (200, &json!("gone")));
    assert_eq!(post_under(&rig, &ana, "k3", "gone").await.0, 404);
    let bob = login(&rig, json!({"username": "bob", "forgets_keys": true})).await;
    let once = post_under(&rig, &bob, "k1", "Rye").await.1;
    assert_ne!(post_under(&rig, &bob, "k1", "Rye").await.1["id"], once["id"], "not all software remembers");
}

#[tokio::test]
async fn a_status_is_shown_as_the_server_made_it() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let text = "Rye & <spelt>\nhttps://example.org/a/long/path/to/the/menu?a=1 #bread @bob@x.example @ana";
    let body = json!({"status": text, "visibility": "private", "spoiler_text": "bread", "language": "de"});
    let (status, shown) = post(&rig, &ana, body).await;
    assert_eq!(status, 200, "{shown}");
    let content = shown["content"].as_str().unwrap();
    for part in [
        "<p>Rye &amp; &lt;spelt&gt;<br />",
        "<span class=\"invisible\">https://</span>",
        "#<span>bread</span>",
        "@bob@x.example",
        "@<span>ana</span>",
    ] {
        assert!(content.contains(part), "{part}: {content}");
    }
    assert_eq!((&shown["visibility"], &shown["sensitive"]), (&json!("private"), &json!(true)));
    let id = shown["id"].as_str().unwrap();
    let page = rig.client.get(shown["url"].as_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Rye &amp; &lt;spelt&gt;"));
    assert_eq!(get(&rig, &ana, &format!("v1/statuses/{id}/source")).await.1["text"], text);
    let stranger = login(&rig, json!({"username": "bob"})).await;
    assert_eq!(get(&rig, &stranger, &format!("v1/statuses/{id}")).await.0, 404);
    let (_, reply) = post(&rig, &ana, json!({"status": "more", "in_reply_to_id": id})).await;
    assert_eq!(reply["in_reply_to_id"], id);
    let (_, around) = get(&rig, &ana, &format!("v1/statuses/{id}/context")).await;
    assert_eq!(around["descendants"][0]["id"], reply["id"]);
    let (_, listed) = get(&rig, &ana, &format!("v1/accounts/{}/statuses?limit=1", ana.id)).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let older = format!("v1/accounts/{}/statuses?max_id={}", ana.id, listed[0]["id"].as_str().unwrap());
    assert_eq!(get(&rig, &ana, &older).await.1[0]["id"], id);
    assert_eq!(get(&rig, &stranger, &older).await.1, json!([]));
}

#[tokio::test]
async fn files_are_processed_described_and_attached_once() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let (status, picture) = upload(&rig, &ana, png(1)).await;
    assert_eq!((status, &picture["type"], &picture["description"]), (200, &json!("image"), &json!("A loaf")));
    let (status, movie) = upload(&rig, &ana, film(2_000)).await;
    assert_eq!((status, &movie["url"]), (202, &Value::Null));
    let movie = movie["id"].as_str().unwrap().to_owned();
    let state = format!("v1/media/{movie}");
    assert_eq!(get(&rig, &ana, &state).await.0, 206);
    let (status, answer) = post(&rig, &ana, json!({"status": "early", "media_ids": [movie]})).await;
    assert_eq!(status, 422, "{answer}");
    assert!(answer["error"].as_str().unwrap().contains("not finished processing"));
    rig.advance(3_000).await;
    assert_eq!(get(&rig, &ana, &state).await.0, 200);
    let mixed = json!({"media_ids": [movie, picture["id"]]});
    assert_eq!(post(&rig, &ana, mixed).await.0, 422);
    assert_eq!(post(&rig, &ana, json!({"media_ids": [movie]})).await.0, 200);
    assert_eq!(get(&rig, &ana, &state).await.0, 404, "attached");
    let (status, answer) = post(&rig, &ana, json!({"status": "again", "media_ids": [movie]})).await;
    assert_eq!(status, 422);
    assert!(answer["error"].as_str().unwrap().contains("not found or already attached"), "{answer}");
    let live = rig.published("").await;
    assert_eq!((live.len(), &live[0]["media"][0]["alt"]), (1, &json!("A loaf")));
    assert_eq!(upload(&rig, &ana, b"plain text".to_vec()).await.0, 422);

    rig.fault(json!({"platform": "mastodon", "kind": "processing_failed"})).await;
    let (_, movie) = upload(&rig, &ana, film(2_000)).await;
    rig.advance(3_000).await;
    assert_eq!(get(&rig, &ana, &format!("v1/media/{}", movie["id"].as_str().unwrap())).await.0, 422);
}

#[tokio::test]
async fn what_a_status_may_not_have_is_refused() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let (_, picture) = upload(&rig, &ana, png(1)).await;
    let poll = |options: Value, seconds: i64| json!({"options": options, "expires_in": seconds});
    for (body, status) in [
        (json!({}), 422),
        (json!({"status": "x".repeat(501)}), 422),
        (json!({"status": "x".repeat(490), "spoiler_text": "x".repeat(11)}), 422),
        (json!({"status": format!("{} https://example.org/{}", "x".repeat(476), "y".repeat(300))}), 200),
        (json!({"status": "x", "visibility": "secret"}), 422),
        (json!({"status": "x", "in_reply_to_id": "1"}), 404),
        (json!({"status": "x", "media_ids": ["1"]}), 422),
        (json!({"status": "x", "media_ids": ["1", "2", "3", "4", "5"]}), 422),
        (json!({"status": "x", "scheduled_at": "2027-01-01T00:00:00Z"}), 422),
        (json!({"status": "x", "poll": poll(json!(["a"]), 300)}), 422),
        (json!({"status": "x", "poll": poll(json!(["a", "a"]), 300)}), 422),
        (json!({"status": "x", "poll": poll(json!(["a", "x".repeat(51)]), 300)}), 422),
        (json!({"status": "x", "poll": poll(json!(["a", "b"]), 299)}), 422),
        (json!({"poll": poll(json!(["a", "b"]), 300)}), 422),
        (json!({"status": "x", "media_ids": [picture["id"]], "poll": poll(json!(["a", "b"]), 300)}), 422),
        (json!({"status": "x", "poll": poll(json!(["a", "b"]), 300)}), 200),
    ] {
        let (answered, answer) = post(&rig, &ana, body.clone()).await;
        assert_eq!(answered, status, "{body}: {answer}");
    }
    let reader = login(&rig, json!({"username": "bob", "scopes": "profile read:statuses"})).await;
    let (status, answer) = post(&rig, &reader, json!({"status": "x"})).await;
    assert_eq!((status, &answer["error"]), (403, &json!("This action is outside the authorized scopes")));
    let whole = login(&rig, json!({"username": "eva", "scopes": "read write"})).await;
    assert_eq!(post(&rig, &whole, json!({"status": "x"})).await.0, 200, "write includes write:statuses");
    let off = login(&rig, json!({"username": "ida", "disabled": true})).await;
    assert_eq!(post(&rig, &off, json!({"status": "x"})).await.0, 403);
}

#[tokio::test]
async fn an_app_is_registered_and_a_code_is_proven() {
    let rig = Rig::start().await;
    login(&rig, json!({"username": "ana"})).await;
    let form = [
        ("client_name", "Fanfare"),
        ("redirect_uris", REDIRECT),
        ("scopes", "profile write:statuses"),
        ("website", "https://fanfare.example"),
    ];
    let (status, app) =
        read(rig.post(&format!("{SERVER}/api/v1/apps")).form(&form).send().await.unwrap()).await;
    assert_eq!((status, &app["redirect_uris"]), (200, &json!([REDIRECT])), "{app}");
    let text = |name: &str| app[name].as_str().unwrap().to_owned();
    let (id, secret) = (text("client_id"), text("client_secret"));
    // The challenge of RFC 7636, appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let authorize = async |more: &[(&str, &str)]| {
        let query = [
            ("client_id", id.as_str()),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "profile write:statuses"),
            ("state", "s1"),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ];
        let page = rig.get(&format!("{SERVER}/oauth/authorize")).query(&query).query(more);
        page.send().await.unwrap()
    };
    let page = authorize(&[]).await.text().await.unwrap();
    assert!(page.contains("Allow this app?") && page.contains("write:statuses"), "{page}");
    let back = async |more: &[(&str, &str)]| {
        let answer = authorize(more).await;
        url_query(answer.headers()["location"].to_str().unwrap())
    };
    let denied = back(&[("sandbox_deny", "1")]).await;
    assert!(denied.contains(&("error".to_owned(), "access_denied".to_owned())), "{denied:?}");
    let agreed = back(&[("sandbox_user", "ana")]).await;
    assert!(agreed.contains(&("state".to_owned(), "s1".to_owned())));
    let code = agreed.iter().find(|(name, _)| name == "code").unwrap().1.clone();
    let redeem = async |host: &str, secret: &str, verifier: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("client_id", id.as_str()),
            ("client_secret", secret),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ];
        read(rig.post(&format!("{host}/oauth/token")).form(&form).send().await.unwrap()).await
    };
    assert_eq!(redeem(SERVER, "wrong", verifier).await.1["error"], "invalid_client");
    assert_eq!(redeem(OTHER, &secret, verifier).await.1["error"], "invalid_client", "of another server");
    assert_eq!(redeem(SERVER, &secret, "wrong").await.1["error"], "invalid_grant");
    let (status, token) = redeem(SERVER, &secret, verifier).await;
    assert_eq!((status, &token["scope"]), (200, &json!("profile write:statuses")), "{token}");
    assert!(token.get("expires_in").is_none() && token.get("refresh_token").is_none());
    assert_eq!(redeem(SERVER, &secret, verifier).await.1["error"], "invalid_grant", "codes work once");
    let token = token["access_token"].as_str().unwrap().to_owned();
    let login = Login { id: String::new(), token: token.clone() };
    assert_eq!(post(&rig, &login, json!({"status": "Rye"})).await.0, 200);
    for (client, status) in [("other", 403), (id.as_str(), 200)] {
        let form = [("client_id", client), ("client_secret", secret.as_str()), ("token", token.as_str())];
        let answer = rig.post(&format!("{SERVER}/oauth/revoke")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
    let (status, answer) = post(&rig, &login, json!({"status": "Rye"})).await;
    assert_eq!((status, &answer["error"]), (401, &json!("The access token was revoked")));
}

fn url_query(address: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(address).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

#[tokio::test]
async fn limits_are_told_with_a_date_and_kept_where_asked() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana", "enforce_limits": true})).await;
    let answer = call(&rig, Method::GET, &ana, "v1/accounts/verify_credentials").send().await.unwrap();
    assert_eq!(answer.headers()["x-ratelimit-limit"], "300");
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "299");
    let reset = answer.headers()["x-ratelimit-reset"].to_str().unwrap();
    assert!(domain::Timestamp::parse(reset).is_ok() && reset.ends_with("000Z"), "{reset}");
    for _ in 0..30 {
        assert_eq!(upload(&rig, &ana, png(1)).await.0, 200);
    }
    let (status, answer) = upload(&rig, &ana, png(1)).await;
    assert_eq!((status, &answer["error"]), (429, &json!("Too many requests")));
    rig.advance(30 * 60_000).await;
    assert_eq!(upload(&rig, &ana, png(1)).await.0, 200);
    rig.fault(json!({"platform": "mastodon", "kind": "rate_limit", "retry_after": 90})).await;
    let refused =
        call(&rig, Method::POST, &ana, "v1/statuses").json(&json!({"status": "x"})).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-remaining"], "0");
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = folder("mastodon");
    let rig = Rig::start_on(Some(&folder)).await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let (_, first) = post_under(&rig, &ana, "k1", "Rye").await;
    let rig = rig.restart(&folder).await;
    let (_, again) = post_under(&rig, &ana, "k1", "Rye").await;
    assert_eq!(again["id"], first["id"]);
    let (_, second) = post_under(&rig, &ana, "k2", "Rye").await;
    let number = |status: &Value| status["id"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(number(&second) > number(&first));
    assert_eq!(rig.published("").await.len(), 2);
}
