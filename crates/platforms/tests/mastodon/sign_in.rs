//! Connecting by server and token, and withdrawal of access.

use std::collections::BTreeMap;

use connector::suite::post;
use connector::{Connector as _, Failure, Login, SignInCx};
use domain::Class;
use fanfare_platforms::mastodon::Mastodon;
use net::{Client, ClientConfig, FrozenClock, GuardedClient, GuardedConfig, SeededEntropy, Sent};
use sandbox::FaultKind;
use serde_json::json;

use crate::support::World;

async fn sign_in(world: &World, server: &str, token: &str) -> Result<Login, Failure> {
    let connected = &world.bench.connected;
    let cx = SignInCx {
        http: &Client::new(ClientConfig::default()).unwrap(),
        guarded: &GuardedClient::new(GuardedConfig::default()).unwrap(),
        clock: &FrozenClock::new(world.bench.now()),
        entropy: &SeededEntropy::new(3),
        hosts: &connected.hosts,
        app: &connected.app,
    };
    let given = [("server_url", server), ("access_token", token)];
    let fields: BTreeMap<String, String> =
        given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sign_in = Mastodon.auth().credential().unwrap();
    assert!(sign_in.fields().iter().all(|name| fields.contains_key(*name)));
    sign_in.sign_in(&cx, &fields).await
}

#[tokio::test]
async fn a_token_opens_the_account_of_its_server() {
    let world = World::new().await;
    let held = world.bench.connected.clone();
    let inside = format!("{}/mastodon.social", world.base);
    for server in ["mastodon.social", "@northlight@mastodon.social", &inside] {
        let opened = sign_in(&world, server, &held.credentials.access_token).await.unwrap();
        let [found] = &opened.found[..] else { panic!("{opened:?}") };
        assert_eq!(found.identity.platform_user_id, held.account.platform_user_id);
        assert_eq!(found.identity.username.as_deref(), Some("northlight@mastodon.social"));
        assert_eq!(found.identity.service_url.as_deref(), Some(inside.as_str()));
        assert!(!found.identity.premium && !found.credentials.is_renewable());
        assert_eq!(found.credentials.access_ends_at(), None);
    }
    let identity = Mastodon.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, held.account.platform_user_id);
    assert!(identity.avatar_url.unwrap().starts_with(&world.base));
}

#[tokio::test]
async fn a_server_with_longer_texts_is_remembered() {
    let extra = [("server", json!("mastodon.online")), ("max_characters", json!(1_000))];
    let world = World::with(&extra).await;
    let server = format!("{}/mastodon.online", world.base);
    let token = world.bench.connected.credentials.access_token.clone();
    let opened = sign_in(&world, &server, &token).await.unwrap();
    assert!(opened.found[0].identity.premium);
}

#[tokio::test]
async fn a_wrong_server_or_token_is_told() {
    let world = World::new().await;
    let token = world.bench.connected.credentials.access_token.clone();
    let elsewhere = format!("{}/mastodon.online", world.base);
    for (server, token, class) in [
        ("mastodon.social", "nonsense", Class::TokenExpired),
        (&elsewhere, &*token, Class::TokenExpired),
        ("https://127.0.0.1", &token, Class::PermissionMissing),
        ("localhost", &token, Class::PermissionMissing),
        ("", &token, Class::PermissionMissing),
    ] {
        let refused = sign_in(&world, server, token).await.unwrap_err();
        assert_eq!(refused.class, class, "{server}");
        assert!(!format!("{refused:?}").contains(token), "{refused:?}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_called() {
    let mut world = World::new().await;
    // A name that everybody can make lead anywhere: here nobody answers for it.
    world.bench.connected.account.service_url = Some("https://inside.invalid".to_owned());
    let refused = world.bench.publish(&post("never")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::Transient, Sent::No));
    world.bench.connected.account.service_url = Some("http://169.254.169.254/latest".to_owned());
    let refused = world.bench.publish(&post("never")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::No));
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn withdrawn_access_needs_the_owner() {
    let mut world = World::new().await;
    world.fault(FaultKind::TokenRevoked, "create_post");
    let ended = world.bench.publish(&post("too late")).await.unwrap_err();
    assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
    let ended = world.bench.renew().await.unwrap_err();
    assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::No));
    assert!(world.posts().is_empty());
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn an_account_that_may_not_says_why() {
    for (extra, class) in [
        (("scopes", json!("profile read:statuses")), Class::PermissionMissing),
        (("disabled", json!(true)), Class::AccountRestricted),
    ] {
        let mut world = World::with(&[extra]).await;
        let refused = world.bench.publish(&post("never")).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::Answered), "{}", refused.public);
        assert!(world.posts().is_empty());
    }
}
