//! Single sign-on against the sandbox's login: the way there and back, who may come, and every token that
//! must not be believed.

use app::people::operator;
use app::people::provider::ProviderConfig;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::Span;
use domain::people::{PROVIDER_VISIT_LIFE, Role};
use serde_json::{Value, json};
use url::Url;

use super::{Browser, PASSWORD, log};
use crate::support::Server;

pub(super) fn config(sandbox_url: &str) -> ProviderConfig {
    ProviderConfig {
        issuer: format!("{sandbox_url}/login.example.com"),
        client_id: "sandbox-openid-client".to_owned(),
        client_secret: "sandbox-openid-secret".to_owned(),
        name: "Example login".to_owned(),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        allowed_domains: Vec::new(),
        organization: String::new(),
        default_role: Role::Viewer,
        role_claim: String::new(),
        roles: Vec::new(),
    }
}

/// A server with a provider to which only known and invited people may come.
pub(super) async fn start() -> (Server, Browser) {
    start_with(|_| ()).await
}

pub(super) async fn start_with(change: impl FnOnce(&mut ProviderConfig)) -> (Server, Browser) {
    let server = Server::with_provider(|sandbox_url| {
        let mut config = config(sandbox_url);
        change(&mut config);
        config
    })
    .await;
    operator::set_password(&server.app, "ana@example.org", PASSWORD).await.unwrap();
    let owner = Browser::sign_in(&server, "ana@example.org").await;
    (server, owner)
}

/// Somebody's browser with its cookies.
#[derive(Clone, Default)]
pub(super) struct Visitor {
    pub(super) visit: String,
    pub(super) session: Option<String>,
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let of = |value: &header::HeaderValue| {
        let value = value.to_str().unwrap().strip_prefix(&format!("{name}="))?;
        Some(value.split(';').next().unwrap().to_owned())
    };
    headers.get_all(header::SET_COOKIE).iter().find_map(of)
}

impl Visitor {
    /// Goes to the provider; where it is sent.
    async fn depart(&mut self, server: &Server, then: Option<&str>) -> Url {
        let body = json!({ "then": then });
        let request = Browser::default().request(Method::POST, "/session/provider", Some(&body));
        self.leave(server, request).await
    }

    /// Goes there to link what they have there to who is signed in; where they are sent.
    pub(super) async fn depart_to_link(&mut self, server: &Server, browser: &Browser) -> Url {
        self.session.clone_from(&browser.cookie);
        self.leave(server, browser.request(Method::POST, "/session/provider/link", Some(&json!({})))).await
    }

    async fn leave(&mut self, server: &Server, request: Request<Body>) -> Url {
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(set.contains("; HttpOnly; SameSite=Lax; Secure"), "{set}");
        self.visit = cookie(&answer.headers, "fanfare_visit").unwrap();
        Url::parse(answer.data()["url"].as_str().unwrap()).unwrap()
    }

    /// Says who they are, over there; where they are sent back to.
    pub(super) async fn choose(&self, mut url: Url, choice: &[(&str, &str)]) -> Url {
        url.query_pairs_mut().extend_pairs(choice);
        let client = net::Client::new(net::ClientConfig::default()).unwrap();
        let answer = client.send(net::Request::get(url)).await.unwrap();
        let back = answer.header("location").unwrap_or_else(|| panic!("{:?}", answer.body));
        Url::parse(back).unwrap()
    }

    /// Comes back; where they end.
    pub(super) async fn arrive(&mut self, server: &Server, back: &Url) -> String {
        assert_eq!(back.host_str(), Some("social.example.org"));
        let path = format!("{}?{}", back.path(), back.query().unwrap_or_default());
        let request = Request::builder().uri(path).header(header::USER_AGENT, "Firefox");
        let session = self.session.as_deref().unwrap_or_default();
        let cookies = format!("fanfare_visit={}; fanfare_session={session}", self.visit);
        let request = request.header(header::COOKIE, cookies);
        let (status, headers, _) = server.raw(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(cookie(&headers, "fanfare_visit").as_deref(), Some(""), "it is used up");
        self.session = cookie(&headers, "fanfare_session").or_else(|| self.session.take());
        headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    pub(super) async fn whoami(&self, server: &Server) -> Value {
        let browser = Browser { cookie: self.session.clone(), csrf: None };
        browser.get(server, "/session").await.data().clone()
    }
}

/// The whole way.
pub(super) async fn come(server: &Server, choice: &[(&str, &str)]) -> (String, Visitor) {
    let mut visitor = Visitor::default();
    let url = visitor.depart(server, None).await;
    let back = visitor.choose(url, choice).await;
    let end = visitor.arrive(server, &back).await;
    (end, visitor)
}

pub(super) fn problem(name: &str) -> String {
    format!("/sign-in?problem={name}")
}

#[tokio::test]
async fn somebody_known_signs_in_and_goes_on() {
    let (server, owner) = start().await;
    assert_eq!(owner.get(&server, "/session").await.data()["ways_in"]["provider"], "Example login");
    let mut ana = Visitor::default();
    let url = ana.depart(&server, Some("/posts?status=failed")).await;
    let asked: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(asked["redirect_uri"], "https://social.example.org/session/provider/callback");
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert!(!url.as_str().contains(&ana.visit), "what binds the browser stays in it");
    let back = ana.choose(url, &[("sandbox_user", "ana@example.org")]).await;
    assert_eq!(ana.arrive(&server, &back).await, "/posts?status=failed");
    let state = ana.whoami(&server).await;
    assert_eq!((&state["user"]["email"], &state["role"]), (&json!("ana@example.org"), &json!("owner")));
    let entries = log(&server, &owner).await;
    assert!(entries.iter().any(|entry| entry["detail"] == "single sign-on"));
    assert!(entries.iter().any(|entry| entry["action"] == "identity_link"));
    // From now on the subject leads to her, with or without an address.
    for flaw in ["no_email", "unverified"] {
        let (end, again) =
            come(&server, &[("sandbox_user", "ana@example.org"), ("sandbox_flaw", flaw)]).await;
        assert_eq!((end.as_str(), &again.whoami(&server).await["user"]), ("/posts", &state["user"]));
    }
}

#[tokio::test]
async fn nobody_else_comes_without_an_invitation() {
    let (server, mut owner) = start().await;
    let (end, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!((end, bo.session), (problem("unknown"), None));
    let body = json!({ "email": "Bo@example.org", "role": "editor" });
    assert_eq!(owner.post(&server, "/session/invitations", body).await.status, StatusCode::CREATED);
    let unverified = [("sandbox_user", "bo@example.org"), ("sandbox_flaw", "unverified")];
    assert_eq!(come(&server, &unverified).await.0, problem("unverified"));
    let (end, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    let state = bo.whoami(&server).await;
    assert_eq!(
        (end.as_str(), &state["role"], &state["user"]["name"]),
        ("/posts", &json!("editor"), &json!("Bo"))
    );
    let open = owner.get(&server, "/session/invitations").await;
    assert_eq!(open.data()["invitations"], json!([]), "the invitation is accepted");
    let entries = log(&server, &owner).await;
    assert!(entries.iter().any(|entry| entry["action"] == "invitation_accept"));
    // Who has no password cannot sign in with one.
    let body = json!({ "email": "bo@example.org", "password": PASSWORD });
    assert_eq!(Browser::default().post(&server, "/session/sign-in", body).await.refusal().0, 401);
}

#[tokio::test]
async fn an_allowed_domain_lets_people_join_as_what_their_groups_say() {
    let (server, owner) = start_with(|config| config.allowed_domains = vec!["Example.org".to_owned()]).await;
    assert_eq!(come(&server, &[("sandbox_user", "kim@elsewhere.example")]).await.0, problem("unknown"));
    let unverified = [("sandbox_user", "bo@example.org"), ("sandbox_flaw", "unverified")];
    assert_eq!(come(&server, &unverified).await.0, problem("unverified"));
    let (end, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!((end.as_str(), &bo.whoami(&server).await["role"]), ("/posts", &json!("viewer")));
    assert!(log(&server, &owner).await.iter().any(|entry| entry["action"] == "member_add"));
    let (server, _) = start_with(|config| {
        config.allowed_domains = vec!["example.org".to_owned()];
        config.role_claim = "groups".to_owned();
        config.roles = vec![("boss".to_owned(), Role::Owner), ("staff".to_owned(), Role::Editor)];
    })
    .await;
    let (_, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!(bo.whoami(&server).await["role"], "editor");
}

#[tokio::test]
async fn a_bad_token_is_not_believed() {
    let (server, _) = start_with(|config| config.allowed_domains = vec!["example.org".to_owned()]).await;
    for flaw in [
        "unsigned",
        "secret",
        "foreign_key",
        "changed",
        "audience",
        "party",
        "issuer",
        "expired",
        "nonce",
        "no_nonce",
        "no_subject",
    ] {
        let (end, visitor) =
            come(&server, &[("sandbox_user", "bo@example.org"), ("sandbox_flaw", flaw)]).await;
        assert_eq!((end, visitor.session), (problem("refused"), None), "{flaw}");
    }
    let (end, visitor) =
        come(&server, &[("sandbox_user", "bo@example.org"), ("sandbox_flaw", "no_email")]).await;
    assert_eq!((end, visitor.session), (problem("unverified"), None));
    // The same without a flaw, and after the provider has changed its keys.
    for choice in [
        &[("sandbox_user", "bo@example.org")][..],
        &[("sandbox_user", "bo@example.org"), ("sandbox_flaw", "new_key")],
    ] {
        assert_eq!(come(&server, choice).await.0, "/posts");
    }
}

#[tokio::test]
async fn a_visit_belongs_to_its_browser_and_works_once() {
    let (server, _) = start().await;
    let choice = [("sandbox_user", "ana@example.org")];
    let (mut ana, mut thief) = (Visitor::default(), Visitor::default());
    let url = ana.depart(&server, None).await;
    let back = ana.choose(url, &choice).await;
    // Another browser, with a visit of its own and with none; the first one's visit stays good.
    thief.depart(&server, None).await;
    assert_eq!(thief.arrive(&server, &back).await, problem("over"));
    thief.visit = String::new();
    assert_eq!(thief.arrive(&server, &back).await, problem("over"));
    assert_eq!(ana.arrive(&server, &back).await, "/posts");
    // The same answer a second time, with all that the first one had.
    assert_eq!(ana.arrive(&server, &back).await, problem("over"));
    // Somebody else's code in one's own visit: it was given for another challenge.
    let url = ana.depart(&server, None).await;
    let stolen = ana.choose(url, &choice).await;
    let url = thief.depart(&server, None).await;
    let mut own = thief.choose(url, &choice).await;
    let code = stolen.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let kept: Vec<(String, String)> =
        own.query_pairs().into_owned().filter(|(name, _)| name != "code").collect();
    own.query_pairs_mut().clear().extend_pairs(kept).append_pair("code", &code);
    assert_eq!((thief.arrive(&server, &own).await, thief.session), (problem("refused"), None));
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told() {
    let (server, _) = start().await;
    assert_eq!(come(&server, &[("sandbox_deny", "1")]).await.0, problem("denied"));
    let choice = [("sandbox_user", "ana@example.org")];
    let mut ana = Visitor::default();
    let url = ana.depart(&server, None).await;
    let mut back = ana.choose(url, &choice).await;
    let pairs: Vec<(String, String)> =
        back.query_pairs().into_owned().filter(|(name, _)| name != "iss").collect();
    back.query_pairs_mut().clear().extend_pairs(pairs).append_pair("iss", "https://evil.example");
    assert_eq!(ana.arrive(&server, &back).await, problem("refused"), "an answer of another issuer");
    let url = ana.depart(&server, None).await;
    let back = ana.choose(url, &choice).await;
    server.clock.advance(PROVIDER_VISIT_LIFE);
    assert_eq!(ana.arrive(&server, &back).await, problem("over"));
    for query in ["", "state=%00&code=x", "state=a&state=b", "code=%FF"] {
        ana.depart(&server, None).await;
        let back =
            Url::parse(&format!("https://social.example.org/session/provider/callback?{query}")).unwrap();
        assert_eq!(ana.arrive(&server, &back).await, problem("over"), "{query}");
    }
    // No page but the dashboard's own is gone on to.
    for then in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let url = ana.depart(&server, Some(then)).await;
        let back = ana.choose(url, &choice).await;
        assert_eq!(ana.arrive(&server, &back).await, "/posts", "{then}");
    }
    let body = json!({ "then": 7 });
    let answer =
        server.send(Browser::default().request(Method::POST, "/session/provider", Some(&body))).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "then"));
}

#[tokio::test]
async fn an_address_that_changed_hands_does_not_lead_to_its_old_owner() {
    let (server, owner) = start().await;
    let (end, ana) = come(&server, &[("sandbox_user", "ana@example.org")]).await;
    assert_eq!((end.as_str(), ana.session.is_some()), ("/posts", true));
    // Bo's login carries Ana's address now: another subject with an address that is linked.
    let identity =
        store::Identity { issuer: config(&server.sandbox_url).issuer, subject: "somebody else".to_owned() };
    let entry = |action| store::NewAuditEntry {
        organization_id: server.organization.id,
        id: domain::AuditId(uuid::Uuid::nil()),
        user_id: None,
        actor: String::new(),
        action,
        subject: String::new(),
        address: String::new(),
        created_at: crate::support::START + Span::from_hours(1),
    };
    let guest = store::Guest {
        identity,
        link_id: domain::IdentityId(uuid::Uuid::nil()),
        email: Some("ana@example.org".to_owned()),
        name: "Ana".to_owned(),
        newcomer: None,
        linked: entry(domain::audit::AuditAction::IdentityLink),
        joined: entry(domain::audit::AuditAction::InvitationAccept),
    };
    assert_eq!(server.app.store.admit_guest(guest).await.unwrap(), store::GuestEnd::Taken);
    let links = log(&server, &owner).await;
    assert_eq!(links.iter().filter(|entry| entry["action"] == "identity_link").count(), 1);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_or_is_another_one_is_told_before_anybody_leaves() {
    for change in [
        (|config: &mut ProviderConfig| config.issuer = "http://127.0.0.1:1/login.example.com".to_owned())
            as fn(&mut _),
        |config| config.issuer.push('/'),
    ] {
        let (server, _) = start_with(change).await;
        let answer = server
            .send(Browser::default().request(Method::POST, "/session/provider", Some(&json!({}))))
            .await;
        assert_eq!(answer.refusal().1, "service_unavailable", "{}", answer.body);
    }
    let server = Server::start().await;
    let answer =
        server.send(Browser::default().request(Method::POST, "/session/provider", Some(&json!({})))).await;
    assert_eq!(answer.refusal(), (404, "not_found", ""));
}
