//! Sign-in, renewal and withdrawal of access.

use connector::suite::post;
use connector::{Connector as _, Grant, Login, OAuthLogin, SignInCx};
use domain::{Class, Span};
use fanfare_platforms::tiktok::TikTok;
use net::{Answer, Client, ClientConfig, Clock as _, FrozenClock, GuardedClient, GuardedConfig, Request};
use net::{SeededEntropy, Sent};
use sandbox::FaultKind;
use serde_json::json;
use url::Url;

use crate::support::{HANDLE, World};

const REDIRECT: &str = "https://fanfare.example/connect/callback/tiktok";

fn login() -> &'static OAuthLogin {
    &TikTok.spec().logins[0]
}

/// The page where the owner agrees, with these parameters more.
async fn authorize(world: &World, more: &[(&str, &str)]) -> Answer {
    let hosts = &world.bench.connected.hosts;
    let mut url = hosts.url(login().host, login().path).unwrap();
    let scopes: Vec<&str> = login().scopes.iter().chain(login().optional_scopes).copied().collect();
    url.query_pairs_mut()
        .append_pair(login().client_id_key, &world.bench.connected.app.client_id)
        .append_pair("redirect_uri", REDIRECT)
        .append_pair("response_type", "code")
        .append_pair("scope", &scopes.join(login().scope_separator))
        .append_pair("state", "s1")
        .extend_pairs(more);
    Client::new(ClientConfig::default()).unwrap().send(Request::get(url)).await.unwrap()
}

fn came_back(answer: &Answer) -> Url {
    let target = Url::parse(answer.header("location").unwrap()).unwrap();
    assert!(target.as_str().starts_with(REDIRECT), "{target}");
    assert_eq!(parameter(&target, "state").as_deref(), Some("s1"));
    target
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

async fn sign_in(world: &World, clock: &FrozenClock, code: &str) -> Result<Login, connector::Failure> {
    let connected = &world.bench.connected;
    let http = Client::new(ClientConfig::default()).unwrap();
    let guarded = GuardedClient::new(GuardedConfig::default()).unwrap();
    let entropy = SeededEntropy::new(3);
    let cx = SignInCx {
        http: &http,
        guarded: &guarded,
        clock,
        entropy: &entropy,
        hosts: &connected.hosts,
        app: &connected.app,
    };
    let grant = Grant { login: login(), code, verifier: "", redirect_uri: REDIRECT };
    TikTok.auth().oauth().unwrap().sign_in(&cx, grant).await
}

#[tokio::test]
async fn a_sign_in_opens_the_account_for_a_year() {
    let world = World::new().await;
    let clock = FrozenClock::new(world.bench.now());
    let back = came_back(&authorize(&world, &[("sandbox_user", HANDLE)]).await);
    assert!(parameter(&back, "scopes").unwrap().contains("video.publish"));
    let code = parameter(&back, "code").unwrap();
    assert!(code.contains('*') && code.contains('!'), "{code}");
    let opened = sign_in(&world, &clock, &code).await.unwrap();
    assert!(opened.declined_scopes.is_empty());
    let [found] = &opened.found[..] else { panic!("{opened:?}") };
    assert_eq!(found.identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(found.identity.username.as_deref(), Some(HANDLE));
    let held = &found.credentials;
    assert!(held.is_renewable() && held.scopes.len() == 6);
    let lasts = |end: Option<domain::Timestamp>| end.unwrap().since(clock.now());
    assert_eq!(lasts(held.access_expires_at), Span::from_hours(24));
    assert_eq!(lasts(held.refresh_expires_at), Span::from_days(365));
    // A code works once.
    let again = sign_in(&world, &clock, &code).await.unwrap_err();
    assert_eq!(again.class, Class::TokenExpired);
    assert!(again.public.contains("new link"), "{}", again.public);
}

#[tokio::test]
async fn what_the_owner_did_not_tick_is_told() {
    let world = World::new().await;
    let clock = FrozenClock::new(world.bench.now());
    let some = [("sandbox_user", ""), ("sandbox_decline", "user.info.profile,user.info.stats")];
    let code = parameter(&came_back(&authorize(&world, &some).await), "code").unwrap();
    let opened = sign_in(&world, &clock, &code).await.unwrap();
    assert_eq!(opened.declined_scopes, ["user.info.profile", "user.info.stats"]);
    assert_eq!(opened.found[0].identity.username, None, "it may not be read");

    let form = [("sandbox_user", ""), ("sandbox_form", "1"), ("sandbox_scope", "video.list")];
    let code = parameter(&came_back(&authorize(&world, &form).await), "code").unwrap();
    let opened = sign_in(&world, &clock, &code).await.unwrap();
    assert!(opened.declined_scopes.contains(&"video.publish".to_owned()));
    assert!(opened.found.is_empty());

    let denied = came_back(&authorize(&world, &[("sandbox_deny", "1")]).await);
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_person_is_asked_on_a_page() {
    let world = World::new().await;
    let page = authorize(&world, &[]).await;
    let html = String::from_utf8_lossy(&page.body);
    assert_eq!(page.status, 200);
    for part in ["Allow this app?", "name=\"state\" value=\"s1\"", HANDLE, "video.publish"] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn errors_of_the_token_endpoint_are_seen_with_any_status() {
    for as_200 in [false, true] {
        let mut world = World::with(&[("oauth_errors_as_200", json!(as_200))]).await;
        let clock = FrozenClock::new(world.bench.now());
        let refused = sign_in(&world, &clock, "of nobody").await.unwrap_err();
        assert_eq!(refused.class, Class::TokenExpired);
        world.bench.connected.app.client_secret = "of-another-app".to_owned();
        let refused = world.bench.renew().await.unwrap_err();
        assert_eq!(refused.class, Class::PermissionMissing);
        assert!(refused.public.contains("client key"), "{}", refused.public);
    }
}

#[tokio::test]
async fn access_is_renewed_every_day_by_a_token_that_is_replaced() {
    let mut world = World::new().await;
    let first = world.bench.connected.credentials.clone();
    let mut to = post("on the next day");
    to.media = vec![world.video(3)];
    world.bench.pass(Span::from_hours(25));
    // The access has ended: it is renewed on the way.
    world.bench.publish(&to).await.unwrap();
    let second = world.bench.connected.credentials.clone();
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    assert!(second.refresh_expires_at > first.refresh_expires_at);
    assert_eq!(second.scopes, first.scopes);
    world.bench.renew().await.unwrap();

    world.bench.connected.credentials = first;
    let used = world.bench.renew().await.unwrap_err();
    assert_eq!((used.class, used.sent), (Class::TokenExpired, Sent::Answered));
    world.bench.connected.credentials.refresh_token = None;
    let none = world.bench.renew().await.unwrap_err();
    assert_eq!((none.class, none.sent), (Class::TokenExpired, Sent::No));
}

#[tokio::test]
async fn withdrawn_access_needs_the_owner() {
    for operation in ["creator_info", "publish_status"] {
        let mut world = World::new().await;
        let mut to = post("too late");
        to.media = vec![world.video(3)];
        world.fault(FaultKind::TokenRevoked, operation);
        let ended = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(ended.class, Class::TokenExpired);
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn a_missing_scope_is_said() {
    let mut world = World::with(&[("scopes", json!("user.info.basic"))]).await;
    let mut to = post("not allowed");
    to.media = vec![world.video(3)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("every permission"), "{}", refused.public);
}

#[tokio::test]
async fn the_account_is_the_tokens_own() {
    let world = World::new().await;
    let identity = TikTok.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(identity.display_name, world.bench.connected.account.display_name);
    assert!(identity.avatar_url.unwrap().contains("/p16-sign.tiktokcdn.com/avatars/"));
}
