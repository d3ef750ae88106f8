//! Sign-in, renewal and withdrawal of access.

use connector::{Connector as _, Failure, Grant, Login, OAuthLogin, SignInCx};
use domain::{Class, Span};
use fanfare_platforms::pinterest::Pinterest;
use net::{
    Answer, Client, ClientConfig, FrozenClock, GuardedClient, GuardedConfig, Request, SeededEntropy, Sent,
};
use sandbox::{CreateAccount, FaultKind};
use url::Url;

use crate::support::{World, connect};

const REDIRECT: &str = "https://fanfare.example/connect/callback/pinterest";

fn login() -> &'static OAuthLogin {
    &Pinterest.spec().logins[0]
}

/// The page where the owner agrees, with these parameters more.
async fn authorize(world: &World, more: &[(&str, &str)]) -> Answer {
    let connected = &world.bench.connected;
    let mut url = connected.hosts.url(login().host, login().path).unwrap();
    url.query_pairs_mut()
        .append_pair(login().client_id_key, &connected.app.client_id)
        .append_pair("redirect_uri", REDIRECT)
        .append_pair("response_type", "code")
        .append_pair("scope", &login().scopes.join(login().scope_separator))
        .append_pair("state", "s1")
        .extend_pairs(more);
    Client::new(ClientConfig::default()).unwrap().send(Request::get(url)).await.unwrap()
}

fn parameter(answer: &Answer, name: &str) -> Option<String> {
    let back = Url::parse(answer.header("location").unwrap()).unwrap();
    assert!(back.as_str().starts_with(REDIRECT), "{back}");
    back.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

async fn sign_in(world: &World, code: &str) -> Result<Login, Failure> {
    let connected = &world.bench.connected;
    let cx = SignInCx {
        http: &Client::new(ClientConfig::default()).unwrap(),
        guarded: &GuardedClient::new(GuardedConfig::default()).unwrap(),
        clock: &FrozenClock::new(world.bench.now()),
        entropy: &SeededEntropy::new(3),
        hosts: &connected.hosts,
        app: &connected.app,
    };
    let grant = Grant { login: login(), code, verifier: "", redirect_uri: REDIRECT };
    Pinterest.auth().oauth().unwrap().sign_in(&cx, grant).await
}

#[tokio::test]
async fn a_sign_in_opens_the_account_for_thirty_days_and_sixty_to_renew() {
    let world = World::new().await;
    let code = parameter(&authorize(&world, &[("sandbox_user", "northlight")]).await, "code").unwrap();
    let opened = sign_in(&world, &code).await.unwrap();
    let [found] = &opened.found[..] else { panic!("{opened:?}") };
    assert_eq!(found.identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(found.identity.username.as_deref(), Some("northlight"));
    let held = &found.credentials;
    for (end, days) in [(held.access_expires_at, 30), (held.refresh_expires_at, 60)] {
        let life_s = end.unwrap().since(world.bench.now()).as_seconds_ceil();
        assert!((days * 86_400 - 60..=days * 86_400).contains(&life_s), "{days}: {life_s}");
    }
    assert_eq!(held.scopes, login().scopes);
    let again = sign_in(&world, &code).await.unwrap_err();
    assert_eq!(again.class, Class::TokenExpired);
    assert!(again.public.contains("new link"), "{}", again.public);
}

#[tokio::test]
async fn what_the_owner_did_not_grant_is_told() {
    let world = World::new().await;
    let some = [("sandbox_user", ""), ("sandbox_decline", "pins:write,boards:write")];
    let code = parameter(&authorize(&world, &some).await, "code").unwrap();
    let opened = sign_in(&world, &code).await.unwrap();
    assert!(opened.found.is_empty());
    assert_eq!(opened.declined_scopes, ["boards:write", "pins:write"]);
    let denied = authorize(&world, &[("sandbox_deny", "1")]).await;
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    let page = authorize(&world, &[]).await;
    let html = String::from_utf8_lossy(&page.body);
    for part in ["Allow this app?", "name=\"state\" value=\"s1\"", "northlight", "pins:write"] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn an_app_with_the_wrong_secret_opens_nothing() {
    let mut world = World::new().await;
    let code = parameter(&authorize(&world, &[("sandbox_user", "")]).await, "code").unwrap();
    world.bench.connected.app.client_secret = "of-another-app".to_owned();
    let refused = sign_in(&world, &code).await.unwrap_err();
    assert!(!format!("{refused:?}").contains("of-another-app"));
    assert_eq!((refused.class, refused.sent), (Class::TokenExpired, Sent::Answered));
}

#[tokio::test]
async fn access_is_renewed_again_and_again() {
    let mut world = World::new().await;
    for _ in 0..4 {
        let before = world.bench.connected.credentials.clone();
        world.bench.pass(Span::from_days(25));
        world.bench.renew().await.unwrap();
        let after = world.bench.connected.credentials.clone();
        assert_ne!(before.access_token, after.access_token);
        assert_ne!(before.refresh_token, after.refresh_token);
        assert!(after.refresh_expires_at > before.refresh_expires_at);
        assert_eq!(after.scopes, before.scopes);
    }
    let to = world.pin("a hundred days later");
    world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_days(31));
    let to = world.pin("with a renewal on the way");
    world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_days(61));
    let ended = world.bench.renew().await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_fault_of_the_token_endpoint_is_no_refusal() {
    let mut world = World::new().await;
    for kind in [FaultKind::Error, FaultKind::DropAfterAccept, FaultKind::ResetBefore] {
        let fault = sandbox::FaultSpec {
            operation: Some("refresh_token".to_owned()),
            ..sandbox::FaultSpec::new("pinterest", kind)
        };
        world.sandbox.add_fault(fault).unwrap();
        assert_eq!(world.bench.renew().await.unwrap_err().class, Class::Transient, "{kind:?}");
    }
    world.bench.renew().await.unwrap();
}

#[tokio::test]
async fn withdrawn_access_needs_the_owner() {
    let mut world = World::new().await;
    world.fault(FaultKind::TokenRevoked, "create_post");
    let to = world.pin("too late");
    let ended = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);
    let wanted = CreateAccount { token: true, expired: true, ..CreateAccount::default() };
    let (expired, boards) = connect(&world.sandbox, &world.base, &wanted);
    world.bench.connected = expired;
    world.boards = boards;
    let to = world.pin("never");
    assert_eq!(world.bench.publish(&to).await.unwrap_err().class, Class::TokenExpired);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn the_account_is_the_tokens_own() {
    let world = World::new().await;
    let identity = Pinterest.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(identity.display_name, world.bench.connected.account.display_name);
    assert!(identity.avatar_url.unwrap().starts_with(&world.base));
}
