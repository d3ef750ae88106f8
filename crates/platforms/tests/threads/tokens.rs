//! Sign-in, renewal and withdrawal of access.

use connector::suite::post;
use connector::{Connector as _, Grant, Login, OAuthLogin, SignInCx};
use domain::{Class, Span};
use fanfare_platforms::threads::Threads;
use net::{Answer, Client, ClientConfig, Clock as _, FrozenClock, GuardedClient, GuardedConfig, Request};
use net::{SeededEntropy, Sent};
use sandbox::{CreateAccount, FaultKind};
use url::Url;

use crate::support::{World, connect};

const REDIRECT: &str = "https://fanfare.example/connect/callback/threads";

fn login() -> &'static OAuthLogin {
    &Threads.spec().logins[0]
}

/// The page where the owner agrees, with these parameters more.
async fn authorize(world: &World, http: &Client, more: &[(&str, &str)]) -> Answer {
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
    http.send(Request::get(url)).await.unwrap()
}

fn came_back(answer: &Answer) -> Url {
    let target = Url::parse(answer.header("location").unwrap()).unwrap();
    assert!(target.as_str().starts_with(REDIRECT), "{target}");
    assert!(target.query_pairs().any(|(name, value)| name == "state" && value == "s1"), "{target}");
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
    Threads.auth().oauth().unwrap().sign_in(&cx, grant).await
}

#[tokio::test]
async fn a_sign_in_opens_the_profile_for_sixty_days() {
    let world = World::new().await;
    let http = Client::new(ClientConfig::default()).unwrap();
    let clock = FrozenClock::new(world.bench.now());
    let back = came_back(&authorize(&world, &http, &[("sandbox_user", "harbourbakery")]).await);
    assert_eq!(back.fragment(), Some("_"));
    // As a person copies it.
    let code = format!("{}#_", parameter(&back, "code").unwrap());
    let opened = sign_in(&world, &clock, &code).await.unwrap();
    assert!(opened.declined_scopes.is_empty());
    let [found] = &opened.found[..] else { panic!("{opened:?}") };
    assert_eq!(found.identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(found.identity.username.as_deref(), Some("harbourbakery"));
    assert!(found.credentials.renews_itself && found.credentials.is_renewable());
    let ends = found.credentials.access_expires_at.unwrap();
    assert_eq!(ends.since(clock.now()), Span::from_days(60));
    assert_eq!(found.credentials.scopes.len(), 6);
    // A code works once.
    let again = sign_in(&world, &clock, &code).await.unwrap_err();
    assert_eq!(again.class, Class::TokenExpired);
    assert!(again.public.contains("new link"), "{}", again.public);
}

#[tokio::test]
async fn what_the_owner_did_not_tick_is_told() {
    let world = World::new().await;
    let http = Client::new(ClientConfig::default()).unwrap();
    let clock = FrozenClock::new(world.bench.now());
    let some = [("sandbox_user", ""), ("sandbox_decline", "threads_delete,threads_manage_insights")];
    let code = parameter(&came_back(&authorize(&world, &http, &some).await), "code").unwrap();
    let opened = sign_in(&world, &clock, &code).await.unwrap();
    assert_eq!(opened.declined_scopes, ["threads_manage_insights", "threads_delete"]);
    assert_eq!(opened.found.len(), 1);

    let form = [("sandbox_user", ""), ("sandbox_form", "1"), ("sandbox_scope", "threads_read_replies")];
    let code = parameter(&came_back(&authorize(&world, &http, &form).await), "code").unwrap();
    let opened = sign_in(&world, &clock, &code).await.unwrap();
    assert!(opened.declined_scopes.contains(&"threads_content_publish".to_owned()));
    assert!(opened.found.is_empty());

    let denied = came_back(&authorize(&world, &http, &[("sandbox_deny", "1")]).await);
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_person_is_asked_on_a_page() {
    let world = World::new().await;
    let http = Client::new(ClientConfig::default()).unwrap();
    let page = authorize(&world, &http, &[]).await;
    let html = String::from_utf8_lossy(&page.body);
    assert_eq!(page.status, 200);
    for part in ["Allow this app?", "name=\"state\" value=\"s1\"", "harbourbakery", "threads_manage_insights"]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn an_app_with_the_wrong_secret_is_told_so() {
    let mut world = World::new().await;
    let http = Client::new(ClientConfig::default()).unwrap();
    let clock = FrozenClock::new(world.bench.now());
    let code =
        parameter(&came_back(&authorize(&world, &http, &[("sandbox_user", "")]).await), "code").unwrap();
    world.bench.connected.app.client_secret = "of-another-app".to_owned();
    let refused = sign_in(&world, &clock, &code).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("Threads app"), "{}", refused.public);
}

#[tokio::test]
async fn a_token_renews_itself_when_it_is_a_day_old() {
    let mut world = World::new().await;
    let before = world.bench.connected.credentials.clone();
    let young = world.bench.renew().await.unwrap_err();
    assert_eq!(young.class, Class::Transient, "the old token is still good");
    world.bench.pass(Span::from_hours(25));
    world.bench.renew().await.unwrap();
    let after = world.bench.connected.credentials.clone();
    assert_ne!(before.access_token, after.access_token);
    assert!(after.access_expires_at > before.access_expires_at && after.renews_itself);
    assert_eq!(after.scopes, before.scopes);
    world.bench.publish(&post("with the new one")).await.unwrap();

    world.bench.pass(Span::from_days(61));
    let asked = world.calls("refresh_token");
    let ended = world.bench.renew().await.unwrap_err();
    assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::No));
    assert_eq!(world.calls("refresh_token"), asked, "what has ended is not sent");
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn withdrawn_access_needs_the_owner() {
    let mut world = World::new().await;
    world.bench.pass(Span::from_days(2));
    world.fault(FaultKind::TokenRevoked, "create_container");
    let ended = world.bench.publish(&post("too late")).await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);
    assert!(world.posts().is_empty());
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn an_account_made_expired_cannot_publish_and_its_token_is_refused() {
    let mut world = World::new().await;
    let wanted = CreateAccount { token: true, expired: true, ..CreateAccount::default() };
    world.bench.connected = connect(&world.sandbox, &world.base, &wanted);
    let ended = world.bench.publish(&post("never")).await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn the_account_is_the_tokens_own() {
    let world = World::new().await;
    let identity = Threads.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(identity.display_name, world.bench.connected.account.display_name);
    assert!(identity.avatar_url.unwrap().starts_with(&world.base));
}

#[tokio::test]
async fn another_version_of_the_api_is_refused_and_the_operator_is_told() {
    let mut world = World::new().await;
    world.bench.connected.hosts.set_version("v9.0");
    let refused = world.bench.publish(&post("never")).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("version"), "{}", refused.public);
}
