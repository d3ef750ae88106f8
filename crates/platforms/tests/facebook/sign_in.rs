//! Connecting: from the address of the consent page to one token for each Page.

use connector::{AppCredentials, Connector as _, Failure, Grant, Hosts, Login, OAuthLogin, SignInCx};
use domain::{Class, Timestamp};
use fanfare_platforms::facebook::Facebook;
use net::{Client, ClientConfig, FrozenClock, GuardedClient, GuardedConfig, Request, SeededEntropy};
use sandbox::{CreateAccount, FaultKind, FaultSpec, Sandbox};
use serde_json::json;
use url::Url;

use crate::support::serve;

const CALLBACK: &str = "https://fanfare.example/callback";

fn login() -> &'static OAuthLogin {
    &Facebook.spec().logins[0]
}

fn owner(sandbox: &Sandbox, extra: &serde_json::Value) -> AppCredentials {
    let wanted = CreateAccount { extra: extra.as_object().unwrap().clone(), ..CreateAccount::default() };
    let made = sandbox.create_account("facebook", &wanted).unwrap();
    AppCredentials { client_id: made.client_id, client_secret: made.client_secret }
}

/// The address of the consent page, as a server makes it, with these answers of the person.
fn consent(hosts: &Hosts, app: &AppCredentials, answers: &[(&str, &str)]) -> Url {
    let path = login().path.replace("{version}", hosts.version());
    let mut url = hosts.url(login().host, &path).unwrap();
    let scopes = [login().scopes, login().optional_scopes].concat().join(login().scope_separator);
    url.query_pairs_mut()
        .extend_pairs(login().extra)
        .extend_pairs([(login().client_id_key, app.client_id.as_str()), ("redirect_uri", CALLBACK)])
        .extend_pairs([("response_type", "code"), ("scope", scopes.as_str()), ("state", "s 1")])
        .extend_pairs(answers);
    url
}

/// What the person's browser is sent back with.
async fn agree(url: Url) -> Vec<(String, String)> {
    let answer = Client::new(ClientConfig::default()).unwrap().send(Request::get(url)).await.unwrap();
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let back = Url::parse(answer.header("location").unwrap()).unwrap();
    assert!(back.as_str().starts_with(CALLBACK));
    back.query_pairs().into_owned().collect()
}

async fn sign_in(
    hosts: &Hosts,
    app: &AppCredentials,
    code: &str,
    redirect_uri: &str,
    now: Timestamp,
) -> Result<Login, Failure> {
    let cx = SignInCx {
        http: &Client::new(ClientConfig::default()).unwrap(),
        guarded: &GuardedClient::new(GuardedConfig::default()).unwrap(),
        clock: &FrozenClock::new(now),
        entropy: &SeededEntropy::new(1),
        hosts,
        app,
    };
    let grant = Grant { login: login(), code, verifier: "", redirect_uri };
    Facebook.auth().oauth().unwrap().sign_in(&cx, grant).await
}

/// Agrees with these answers and signs in.
async fn connect(sandbox: &Sandbox, base: &str, app: &AppCredentials, answers: &[(&str, &str)]) -> Login {
    let hosts = Hosts::sandbox(Facebook.spec(), base);
    let back = agree(consent(&hosts, app, answers)).await;
    assert_eq!(back.iter().find(|(name, _)| name == "state").unwrap().1, "s 1");
    let code = &back.iter().find(|(name, _)| name == "code").unwrap().1;
    sign_in(&hosts, app, code, CALLBACK, sandbox.now()).await.unwrap()
}

#[tokio::test]
async fn five_hundred_pages_are_found_each_with_a_token_of_its_own() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({"user": "Ana", "pages": 500}));
    let found = connect(&sandbox, &base, &app, &[("sandbox_user", "Ana")]).await;
    assert_eq!((found.found.len(), found.declined_scopes.len()), (500, 0));
    let tokens: std::collections::HashSet<_> =
        found.found.iter().map(|page| page.credentials.access_token.clone()).collect();
    assert_eq!(tokens.len(), 500);
    let last = &found.found[499];
    assert_eq!((last.kind, &last.obstacle), ("Page", &None));
    assert!(last.identity.display_name.ends_with(" 500"));
    assert!(last.credentials.scopes.iter().any(|scope| scope == "pages_manage_posts"));
    assert_eq!((last.credentials.access_expires_at, last.credentials.is_renewable()), (None, false));

    // It still opens the Page long after the person's own token has ended.
    sandbox.advance_clock(domain::Span::from_days(100)).unwrap();
    let hosts = Hosts::sandbox(Facebook.spec(), &base);
    let mut url = hosts.url("graph", "/v26.0/me").unwrap();
    url.query_pairs_mut().append_pair("access_token", &last.credentials.access_token);
    let answer = Client::new(ClientConfig::default()).unwrap().send(Request::get(url)).await.unwrap();
    let page: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(page["id"], last.identity.platform_user_id.as_str());
}

#[tokio::test]
async fn pages_that_cannot_be_published_to_say_why() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({"user": "Ana", "pages": 2}));
    owner(&sandbox, &json!({"user": "Ana", "tasks": ["ANALYZE", "MODERATE"]}));
    let all = connect(&sandbox, &base, &app, &[("sandbox_user", "Ana")]).await;
    let obstacles: Vec<bool> = all.found.iter().map(|page| page.obstacle.is_some()).collect();
    assert_eq!(obstacles, [false, false, true]);
    assert!(all.found[2].obstacle.as_ref().unwrap().contains("role"));

    let first = all.found[0].identity.platform_user_id.clone();
    let answers = [("sandbox_user", "Ana"), ("sandbox_post_pages", first.as_str())];
    let some = connect(&sandbox, &base, &app, &answers).await;
    assert_eq!(some.found[0].obstacle, None);
    assert!(some.found[1].obstacle.as_ref().unwrap().contains("not ticked"));

    let answers = [("sandbox_user", first.as_str()), ("sandbox_pages", first.as_str())];
    let one = connect(&sandbox, &base, &app, &answers).await;
    assert_eq!(one.found.len(), 1);
}

#[tokio::test]
async fn declined_permissions_are_reported_and_needed_ones_are_an_obstacle() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({"user": "Ana"}));
    let answers = [("sandbox_user", "Ana"), ("sandbox_decline", "read_insights")];
    let without = connect(&sandbox, &base, &app, &answers).await;
    assert_eq!(without.declined_scopes, ["read_insights"]);
    assert_eq!(without.found[0].obstacle, None);
    let answers = [("sandbox_user", "Ana"), ("sandbox_decline", "pages_manage_posts")];
    let without = connect(&sandbox, &base, &app, &answers).await;
    assert_eq!(without.declined_scopes, ["pages_manage_posts"]);
    assert!(without.found[0].obstacle.as_ref().unwrap().contains("pages_manage_posts"));
}

#[tokio::test]
async fn a_person_can_say_no() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({"user": "Ana"}));
    let hosts = Hosts::sandbox(Facebook.spec(), &base);
    let back = agree(consent(&hosts, &app, &[("sandbox_deny", "1")])).await;
    assert!(back.contains(&("error".to_owned(), "access_denied".to_owned())), "{back:?}");
    assert!(back.contains(&("state".to_owned(), "s 1".to_owned())), "{back:?}");
}

#[tokio::test]
async fn a_code_works_once_and_only_for_the_app_and_address_it_was_given_to() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({"user": "Ana"}));
    let hosts = Hosts::sandbox(Facebook.spec(), &base);
    let back = agree(consent(&hosts, &app, &[("sandbox_user", "Ana")])).await;
    let code = &back.iter().find(|(name, _)| name == "code").unwrap().1;
    let now = sandbox.now();
    let stranger = AppCredentials { client_secret: "wrong".to_owned(), ..app.clone() };
    let refused = sign_in(&hosts, &stranger, code, CALLBACK, now).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing, "{refused:?}");
    let refused = sign_in(&hosts, &app, code, "https://elsewhere.example/", now).await.unwrap_err();
    assert_eq!(refused.class, Class::TokenExpired, "{refused:?}");
    sign_in(&hosts, &app, code, CALLBACK, now).await.unwrap();
    let refused = sign_in(&hosts, &app, code, CALLBACK, now).await.unwrap_err();
    assert_eq!(refused.class, Class::TokenExpired, "{refused:?}");
}

#[tokio::test]
async fn a_login_that_fails_in_passing_says_no_secret() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({"user": "Ana"}));
    let hosts = Hosts::sandbox(Facebook.spec(), &base);
    for operation in ["exchange_code", "refresh_token", "permissions", "page_list", "debug_token"] {
        let back = agree(consent(&hosts, &app, &[("sandbox_user", "Ana")])).await;
        let code = &back.iter().find(|(name, _)| name == "code").unwrap().1;
        let fault = FaultSpec {
            operation: Some(operation.to_owned()),
            ..FaultSpec::new("facebook", FaultKind::Error)
        };
        sandbox.add_fault(fault).unwrap();
        let failed = sign_in(&hosts, &app, code, CALLBACK, sandbox.now()).await.unwrap_err();
        assert_eq!(failed.class, Class::Transient, "{operation}: {failed:?}");
        assert!(!format!("{failed:?}").contains(code.as_str()));
    }
}
