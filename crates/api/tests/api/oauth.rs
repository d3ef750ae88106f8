//! Programs that people let in by OAuth: the way in, and what it is proof against.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Span;
use domain::api_key::Scope;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::support::{DAY, HOUR, LIMITS, START, Server};

const BASE: &str = "https://social.example.org";
const BACK: &str = "http://127.0.0.1:33418/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// A form's fields, which a test changes.
#[derive(Clone)]
struct Fields(Vec<(&'static str, String)>);

impl Fields {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.retain(|(found, _)| *found != name);
        self.0.push((name, value.to_owned()));
        self
    }

    fn and(mut self, name: &'static str, value: &str) -> Self {
        self.0.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(found, _)| *found != name);
        self
    }

    fn text(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

impl Server {
    async fn form(&self, path: &str, fields: &Fields) -> (StatusCode, HeaderMap, String) {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        let (status, headers, bytes) = self.raw(request.body(Body::from(fields.text())).unwrap()).await;
        (status, headers, String::from_utf8(bytes).unwrap())
    }

    async fn introduce(&self, body: &Value) -> (StatusCode, Value) {
        let request = Request::post("/oauth/register").header(header::CONTENT_TYPE, "application/json");
        let (status, _, bytes) = self.raw(request.body(Body::from(body.to_string())).unwrap()).await;
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    /// A program's id.
    async fn program(&self) -> String {
        let body = json!({ "client_name": "Desk <b>", "redirect_uris": [BACK, "https://app.example/cb"] });
        let (status, made) = self.introduce(&body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["client_id"].as_str().unwrap().to_owned()
    }

    async fn page(&self, fields: &Fields) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(format!("/oauth/authorize?{}", fields.text())).body(Body::empty());
        let (status, headers, bytes) = self.raw(request.unwrap()).await;
        (status, headers, String::from_utf8(bytes).unwrap())
    }

    /// Approves with this key; gives the code.
    async fn approve(&self, asked: &Fields, key: &str) -> String {
        let sent = asked.clone().and("allow", "read").and("allow", "write").and("allow", "ai");
        let (status, headers, page) =
            self.form("/oauth/authorize", &sent.with("key", key).with("do", "approve")).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let next = Url::parse(headers["location"].to_str().unwrap()).unwrap();
        assert_eq!(query(&next, "state").as_deref(), Some("s 1"));
        assert_eq!(query(&next, "iss").as_deref(), Some(BASE));
        query(&next, "code").unwrap()
    }

    async fn token(&self, fields: &Fields) -> (u16, Value) {
        let (status, headers, text) = self.form("/oauth/token", fields).await;
        assert_eq!(headers["cache-control"], "no-store");
        (status.as_u16(), serde_json::from_str(&text).unwrap())
    }

    /// The whole way in; gives the program's id and its tokens.
    async fn let_in(&self) -> (String, Value) {
        let client = self.program().await;
        let code = self.approve(&asked(&client), &self.key).await;
        let (status, tokens) = self.token(&exchange(&client, &code)).await;
        assert_eq!(status, 200, "{tokens}");
        (client, tokens)
    }

    async fn status_with(&self, token: &Value) -> u16 {
        self.call_as(token.as_str(), Method::GET, "/me", None).await.status.as_u16()
    }
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

fn asked(client: &str) -> Fields {
    Fields(Vec::new())
        .with("response_type", "code")
        .with("client_id", client)
        .with("redirect_uri", BACK)
        .with("state", "s 1")
        .with("code_challenge", &challenge(VERIFIER))
        .with("code_challenge_method", "S256")
        .with("resource", "https://social.example.org/mcp")
}

fn exchange(client: &str, code: &str) -> Fields {
    Fields(Vec::new())
        .with("grant_type", "authorization_code")
        .with("client_id", client)
        .with("code", code)
        .with("redirect_uri", BACK)
        .with("code_verifier", VERIFIER)
}

fn renewal(client: &str, token: &Value) -> Fields {
    Fields(Vec::new())
        .with("grant_type", "refresh_token")
        .with("client_id", client)
        .with("refresh_token", token.as_str().unwrap())
}

#[tokio::test]
async fn programs_read_where_to_go() {
    let server = Server::start().await;
    for path in ["", "/mcp", "/claude"] {
        let address = format!("/.well-known/oauth-protected-resource{path}");
        let (status, headers, bytes) = server.raw(Request::get(address).body(Body::empty()).unwrap()).await;
        assert_eq!((status, headers["access-control-allow-origin"].to_str().unwrap()), (StatusCode::OK, "*"));
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(document["resource"], format!("{BASE}{path}"));
        assert_eq!(document["authorization_servers"], json!([BASE]));
        assert_eq!(document["scopes_supported"], json!(["read", "write", "ai"]));
        assert_eq!(document["bearer_methods_supported"], json!(["header"]));
    }
    let request = Request::get("/.well-known/oauth-authorization-server").body(Body::empty()).unwrap();
    let document: Value = serde_json::from_slice(&server.raw(request).await.2).unwrap();
    assert_eq!(document["issuer"], BASE);
    assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(document["token_endpoint_auth_methods_supported"], json!(["none"]));
    for name in ["authorization", "token", "registration", "revocation"] {
        let address = document[format!("{name}_endpoint")].as_str().unwrap();
        assert!(address.starts_with("https://social.example.org/oauth/"), "{address}");
    }
}

#[tokio::test]
async fn a_program_is_let_in_and_works_in_the_name_of_the_key() {
    let server = Server::start().await;
    let client = server.program().await;
    let (status, headers, page) = server.page(&asked(&client)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Desk &lt;b&gt;") && page.contains("127.0.0.1"), "{page}");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' http://127.0.0.1:33418;"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");

    let (client, tokens) = server.let_in().await;
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(tokens["scope"], "read write ai");
    let access = tokens["access_token"].as_str().unwrap();
    assert!(access.starts_with("pe_live_") && access.len() == 40, "clients look for a key's shape");
    assert_ne!(access, server.key);
    let me = server.call_as(Some(access), Method::GET, "/me", None).await;
    assert_eq!(me.data()["organization"]["id"], server.organization.id.to_string());
    let post = json!({ "content": "By a program", "draft": true });
    let made = server.call_as(Some(access), Method::POST, "/posts", Some(post)).await;
    assert_eq!(made.status, StatusCode::CREATED);

    server.clock.advance(HOUR);
    assert_eq!(server.status_with(&tokens["access_token"]).await, 401);
    let (status, renewed) = server.token(&renewal(&client, &tokens["refresh_token"])).await;
    assert_eq!(status, 200, "{renewed}");
    assert_eq!(server.status_with(&renewed["access_token"]).await, 200);
    assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
}

#[tokio::test]
async fn a_program_gets_no_more_than_was_asked_allowed_and_in_the_key() {
    let server = Server::start().await;
    let client = server.program().await;
    let scopes = async |asked: Fields, key: &str| {
        let code = server.approve(&asked, key).await;
        server.token(&exchange(&client, &code)).await.1
    };
    let only_read = scopes(asked(&client).with("scope", "read"), &server.key).await;
    assert_eq!(only_read["scope"], "read");
    let access = only_read["access_token"].as_str();
    let post = json!({ "content": "No", "draft": true });
    let refused = server.call_as(access, Method::POST, "/posts", Some(post)).await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope", ""));

    let small = server.new_key(vec![Scope::Read, Scope::Ai], Some(START + Span::from_minutes(30))).await;
    let of_small = scopes(asked(&client), &small).await;
    assert_eq!((&of_small["scope"], &of_small["expires_in"]), (&json!("read ai"), &json!(1800)));
    server.clock.advance(Span::from_minutes(30));
    assert_eq!(server.status_with(&of_small["access_token"]).await, 401, "the key has ended");
    let (status, over) = server.token(&renewal(&client, &of_small["refresh_token"])).await;
    assert_eq!((status, &over["error"]), (400, &json!("invalid_grant")));

    // The boxes that the person left ticked.
    let sent = asked(&client).with("allow", "read").with("key", &server.key).with("do", "approve");
    let (_, headers, _) = server.form("/oauth/authorize", &sent).await;
    let next = Url::parse(headers["location"].to_str().unwrap()).unwrap();
    let (_, tokens) = server.token(&exchange(&client, &query(&next, "code").unwrap())).await;
    assert_eq!(tokens["scope"], "read");
    let none = asked(&client).with("key", &server.key).with("do", "approve");
    assert_eq!(server.form("/oauth/authorize", &none).await.0, StatusCode::BAD_REQUEST);

    let ai = server.new_key(vec![Scope::Ai], None).await;
    let nothing = asked(&client).with("scope", "read").with("allow", "read").with("key", &ai);
    let (status, _, page) = server.form("/oauth/authorize", &nothing.with("do", "approve")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("none of the rights"), "{page}");
}

#[tokio::test]
async fn a_person_who_says_no_or_has_no_key_lets_nobody_in() {
    let server = Server::start().await;
    let client = server.program().await;
    let (status, headers, _) = server.form("/oauth/authorize", &asked(&client).with("do", "deny")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let next = Url::parse(headers["location"].to_str().unwrap()).unwrap();
    assert_eq!(query(&next, "error").as_deref(), Some("access_denied"));
    assert_eq!((query(&next, "state").as_deref(), query(&next, "code")), (Some("s 1"), None));

    let all = asked(&client).with("allow", "read").with("do", "approve");
    for key in ["", "pe_live_00000000000000000000000000000000", "x"] {
        let (status, headers, page) = server.form("/oauth/authorize", &all.clone().with("key", key)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{page}");
        assert!(!headers.contains_key("location") && page.contains("role=\"alert\""), "{page}");
    }
}

#[tokio::test]
async fn who_was_let_in_lets_nobody_else_in() {
    let server = Server::start().await;
    let (client, tokens) = server.let_in().await;
    let access = tokens["access_token"].as_str().unwrap();
    let sent = asked(&client).with("allow", "read").with("do", "approve").with("key", access);
    assert_eq!(server.form("/oauth/authorize", &sent).await.0, StatusCode::UNAUTHORIZED);
    let begun = server.call_as(None, Method::POST, "/auth/device", None).await;
    let device = Fields(Vec::new())
        .with("code", begun.data()["user_code"].as_str().unwrap())
        .with("key", access)
        .with("do", "approve");
    assert_eq!(server.form("/device", &device).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_request_that_is_wrong_is_shown_and_sends_nobody_on() {
    let server = Server::start().await;
    let client = server.program().await;
    let good = asked(&client);
    let wrong = [
        good.clone().with("client_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
        good.clone().with("client_id", "' OR 1=1 --"),
        good.clone().without("client_id"),
        good.clone().with("redirect_uri", "https://evil.example/cb"),
        good.clone().with("redirect_uri", "https://app.example/cb/"),
        good.clone().with("redirect_uri", "https://app.example/cb?next=1"),
        good.clone().with("redirect_uri", "https://app.example.evil.example/cb"),
        good.clone().with("redirect_uri", "http://localhost:33418/callback"),
        good.clone().with("redirect_uri", "javascript:alert(1)"),
        good.clone().without("redirect_uri"),
        good.clone().with("response_type", "token"),
        good.clone().with("code_challenge_method", "plain"),
        good.clone().without("code_challenge_method"),
        good.clone().without("code_challenge"),
        good.clone().with("code_challenge", VERIFIER).with("code_challenge", "short"),
        good.clone().with("scope", "read admin"),
        good.clone().with("resource", "https://other.example/mcp"),
        good.clone().with("resource", "https://social.example.org.evil.example/mcp"),
        good.clone().with("state", &"x".repeat(3_000)),
        good.clone().and("redirect_uri", "https://app.example/cb"),
        good.clone().and("client_id", &client),
    ];
    for fields in wrong {
        let (status, headers, page) = server.page(&fields).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{}", fields.text());
        assert!(!headers.contains_key("location"), "{}", fields.text());
        assert!(!page.contains("<form"), "{page}");
        let sent = fields.clone().with("allow", "read").with("key", &server.key).with("do", "approve");
        let (status, headers, _) = server.form("/oauth/authorize", &sent).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{}", fields.text());
        assert!(!headers.contains_key("location"), "{}", fields.text());
    }
    // A program on the person's machine takes whatever port is free.
    let other_port = good.with("redirect_uri", "http://127.0.0.1:50000/callback");
    assert_eq!(server.page(&other_port).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_code_works_once_for_its_program_with_the_verifier_and_not_for_long() {
    let server = Server::start().await;
    let client = server.program().await;
    let other = server.program().await;
    let code = server.approve(&asked(&client), &server.key).await;
    let good = exchange(&client, &code);
    let wrong = [
        (good.clone().with("code_verifier", "another"), "invalid_grant"),
        (good.clone().without("code_verifier"), "invalid_grant"),
        (good.clone().with("redirect_uri", "https://app.example/cb"), "invalid_grant"),
        (good.clone().with("redirect_uri", "http://127.0.0.1:1/callback"), "invalid_grant"),
        (good.clone().with("client_id", &other), "invalid_grant"),
        (good.clone().with("code", "0"), "invalid_grant"),
        (good.clone().with("resource", "https://other.example"), "invalid_target"),
        (good.clone().with("grant_type", "password"), "unsupported_grant_type"),
        (good.clone().without("grant_type"), "unsupported_grant_type"),
        (good.clone().and("code", &code), "invalid_request"),
    ];
    for (fields, error) in wrong {
        let (status, answer) = server.token(&fields).await;
        assert_eq!((status, &answer["error"]), (400, &json!(error)), "{}", fields.text());
        assert!(answer["error_description"].is_string());
    }
    let (status, tokens) = server.token(&good).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(server.status_with(&tokens["access_token"]).await, 200);
    let (status, again) = server.token(&good).await;
    assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
    assert_eq!(server.status_with(&tokens["access_token"]).await, 401, "somebody else has the code");
    assert_eq!(server.token(&renewal(&client, &tokens["refresh_token"])).await.0, 400);

    let late = server.approve(&asked(&client), &server.key).await;
    server.clock.advance(Span::from_minutes(2));
    assert_eq!(server.token(&exchange(&client, &late)).await.0, 400);
}

#[tokio::test]
async fn of_many_with_the_same_code_or_refresh_token_one_gets_tokens() {
    let server = Server::start().await;
    let client = server.program().await;
    let code = server.approve(&asked(&client), &server.key).await;
    let sent = exchange(&client, &code);
    let answers = futures_util::future::join_all((0..8).map(|_| server.token(&sent))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);

    let (client, tokens) = server.let_in().await;
    let sent = renewal(&client, &tokens["refresh_token"]);
    let answers = futures_util::future::join_all((0..8).map(|_| server.token(&sent))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
}

#[tokio::test]
async fn an_old_refresh_token_ends_everything() {
    let server = Server::start().await;
    let (client, first) = server.let_in().await;
    let stranger = server.program().await;
    let (status, _) = server.token(&renewal(&stranger, &first["refresh_token"])).await;
    assert_eq!(status, 400, "it belongs to another program");
    let (_, second) = server.token(&renewal(&client, &first["refresh_token"])).await;
    assert_eq!(server.status_with(&first["access_token"]).await, 401, "the new one replaces it");
    assert_eq!(server.status_with(&second["access_token"]).await, 200);
    let (status, stolen) = server.token(&renewal(&client, &first["refresh_token"])).await;
    assert_eq!((status, &stolen["error"]), (400, &json!("invalid_grant")));
    assert_eq!(server.status_with(&second["access_token"]).await, 401);
    assert_eq!(server.token(&renewal(&client, &second["refresh_token"])).await.0, 400);

    let (client, tokens) = server.let_in().await;
    let wider = renewal(&client, &tokens["refresh_token"]).with("scope", "read admin");
    assert_eq!(server.token(&wider).await.1["error"], "invalid_scope");
    server.clock.advance(Span::from_days(2));
    let (status, renewed) = server.token(&renewal(&client, &tokens["refresh_token"])).await;
    assert_eq!(status, 200, "thirty days have not passed");
    for _ in 0..30 {
        server.clock.advance(DAY);
    }
    assert_eq!(server.token(&renewal(&client, &renewed["refresh_token"])).await.0, 400);
}

#[tokio::test]
async fn a_revoked_token_and_a_revoked_key_are_the_end() {
    let server = Server::start().await;
    for which in ["access_token", "refresh_token"] {
        let (client, tokens) = server.let_in().await;
        let revocation = Fields(Vec::new()).with("token", tokens[which].as_str().unwrap());
        let of = |client: &str| revocation.clone().with("client_id", client);
        let stranger = server.program().await;
        assert_eq!(server.form("/oauth/revoke", &of(&stranger)).await.0, StatusCode::OK);
        assert_eq!(server.status_with(&tokens["access_token"]).await, 200, "not the stranger's to revoke");
        assert_eq!(server.form("/oauth/revoke", &of(&client)).await.0, StatusCode::OK);
        assert_eq!(server.status_with(&tokens["access_token"]).await, 401);
        assert_eq!(server.token(&renewal(&client, &tokens["refresh_token"])).await.0, 400);
    }
    let unknown = Fields(Vec::new()).with("token", "x").with("client_id", "y");
    assert_eq!(server.form("/oauth/revoke", &unknown).await.0, StatusCode::OK);
    assert_eq!(server.form("/oauth/revoke", &unknown.without("client_id")).await.0, StatusCode::UNAUTHORIZED);

    let (client, tokens) = server.let_in().await;
    let keys = server.app.store.list_keys(server.organization.id).await.unwrap();
    let key = keys.iter().find(|key| server.key.starts_with(&key.key_prefix)).unwrap();
    assert!(
        server.app.store.revoke_key(server.organization.id, key.id, server.app.clock.now()).await.unwrap()
    );
    assert_eq!(server.status_with(&tokens["access_token"]).await, 401);
    assert_eq!(server.token(&renewal(&client, &tokens["refresh_token"])).await.0, 400);
}

#[tokio::test]
async fn programs_introduce_themselves_with_addresses_that_lead_to_them() {
    let server = Server::start().await;
    let good = json!({
        "client_name": "Desk", "redirect_uris": ["cursor://program/oauth"],
        "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["authorization_code"],
    });
    let (status, made) = server.introduce(&good).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(made["token_endpoint_auth_method"], "none");
    assert!(made.get("client_secret").is_none() && made["client_id_issued_at"].is_i64(), "{made}");
    let (_, _, page) = server
        .page(&asked(made["client_id"].as_str().unwrap()).with("redirect_uri", "cursor://program/oauth"))
        .await;
    assert!(page.contains("the program behind cursor:"), "{page}");

    for (body, error) in [
        (json!([]), "invalid_client_metadata"),
        (json!({}), "invalid_redirect_uri"),
        (json!({ "redirect_uris": [] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": [5] }), "invalid_client_metadata"),
        (json!({ "redirect_uris": "https://a.example" }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": ["http://a.example/cb"] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": ["javascript:alert(1)"] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": ["https://a.example/#x"] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": vec!["https://a.example/"; 11] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": ["https://a.example/"], "client_name": 5 }), "invalid_client_metadata"),
    ] {
        let (status, answer) = server.introduce(&body).await;
        assert_eq!((status.as_u16(), &answer["error"]), (400, &json!(error)), "{body}");
    }
    let odd = json!({ "redirect_uris": ["https://a.example/"], "client_name": "a\u{0}\n".repeat(200) });
    let (status, made) = server.introduce(&odd).await;
    assert_eq!((status, made["client_name"].as_str().unwrap().len()), (StatusCode::CREATED, 80));
}

#[tokio::test]
async fn secrets_are_stored_as_hashes_and_old_things_are_forgotten() {
    let server = Server::start().await;
    let client = server.program().await;
    let code = server.approve(&asked(&client), &server.key).await;
    let (_, tokens) = server.token(&exchange(&client, &code)).await;
    if !server.app.store.is_shared() {
        for file in ["test.db", "test.db-wal"] {
            let bytes = std::fs::read(server.database().with_file_name(file)).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            for secret in [
                code.as_str(),
                tokens["access_token"].as_str().unwrap(),
                tokens["refresh_token"].as_str().unwrap(),
            ] {
                assert!(!text.contains(secret), "{file}");
            }
        }
    }
    app::oauth::forget(&server.app).await.unwrap();
    assert_eq!(server.page(&asked(&client)).await.0, StatusCode::OK);
    for _ in 0..100 {
        server.clock.advance(DAY);
    }
    app::oauth::forget(&server.app).await.unwrap();
    assert_eq!(server.page(&asked(&client)).await.0, StatusCode::BAD_REQUEST, "nobody needs it any more");
}

#[tokio::test]
async fn an_address_that_floods_is_held_back() {
    let server = Server::with_limits(LIMITS).await;
    let body = json!({ "redirect_uris": ["https://a.example/"] });
    for _ in 0..20 {
        assert_eq!(server.introduce(&body).await.0, StatusCode::CREATED);
    }
    let (status, answer) = server.introduce(&body).await;
    assert_eq!((status.as_u16(), &answer["error"]), (429, &json!("temporarily_unavailable")));
    let mut last = 0;
    for _ in 0..121 {
        last = server.token(&renewal("x", &json!("y"))).await.0;
    }
    assert_eq!(last, 429);
}
