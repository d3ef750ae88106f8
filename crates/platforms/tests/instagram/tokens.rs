//! Renewing access, losing it, and whose it is.

use connector::Connector as _;
use connector::suite::post;
use domain::{Class, Span};
use fanfare_platforms::instagram::Instagram;
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn a_token_of_instagram_login_renews_itself_after_a_day_and_until_it_ends() {
    let mut world = World::new().await;
    let young = world.bench.renew().await.unwrap_err();
    assert_eq!(young.class, Class::Transient, "it is still good: {young:?}");
    world.bench.pass(Span::from_days(53));
    let before = world.bench.connected.credentials.clone();
    assert!(before.is_renewable() && before.is_stale(world.bench.now(), Instagram.spec().refresh_margin));
    world.bench.renew().await.unwrap();
    let after = world.bench.connected.credentials.clone();
    assert_ne!(before.access_token, after.access_token);
    assert_eq!(after.scopes, before.scopes);
    assert!(after.renews_itself && after.access_expires_at > Some(world.bench.now() + Span::from_days(59)));
    let mut to = post("after two months");
    to.media = vec![world.photo(1_080, 1_080, None)];
    world.bench.pass(Span::from_days(30));
    world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_days(31));
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_renewal_that_fails_in_passing_is_no_revocation() {
    let mut world = World::with(json!({"age_hours": 30})).await;
    world.fault(FaultKind::Error, "refresh_token");
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::Transient);
    world.fault(FaultKind::RateLimit, "refresh_token");
    assert!(matches!(world.bench.renew().await.unwrap_err().class, Class::RateLimited { .. }));
    world.bench.renew().await.unwrap();
}

#[tokio::test]
async fn a_pages_token_outlives_the_months_and_cannot_be_renewed() {
    let mut world = World::behind_page().await;
    let mut to = post("a year later");
    to.media = vec![world.photo(1_080, 1_080, None)];
    assert!(!world.bench.connected.credentials.is_renewable());
    world.bench.pass(Span::from_days(80));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
}

#[tokio::test]
async fn a_withdrawn_access_ends_the_publish_and_says_no_secret() {
    for mut world in [World::with(json!({"age_hours": 30})).await, World::behind_page().await] {
        let mut to = post("too late");
        to.media = vec![world.photo(1_080, 1_080, None)];
        world.fault(FaultKind::TokenRevoked, "create_post");
        let ended = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
        assert_eq!(world.posts().len(), 0);
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn an_account_that_became_personal_has_to_be_switched_back() {
    let mut world = World::with(json!({"account_type": "PERSONAL"})).await;
    let mut to = post("personal");
    to.media = vec![world.photo(1_080, 1_080, None)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing, "{refused:?}");
    assert!(refused.public.contains("professional"), "{}", refused.public);
}

#[tokio::test]
async fn a_token_without_the_right_to_publish_says_so() {
    let mut world = World::with(json!({"scopes": "instagram_business_basic"})).await;
    let mut to = post("not allowed");
    to.media = vec![world.photo(1_080, 1_080, None)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::Answered));
}

#[tokio::test]
async fn a_token_of_one_login_opens_nothing_on_the_others_host() {
    for mut world in [World::new().await, World::behind_page().await] {
        let scopes = if world.bench.connected.credentials.renews_itself {
            vec!["instagram_content_publish".to_owned()]
        } else {
            vec!["instagram_business_content_publish".to_owned()]
        };
        world.bench.connected.credentials.scopes = scopes;
        // A proof under the wrong secret would be refused first.
        world.bench.connected.app.client_secret = String::new();
        let mut to = post("wrong host");
        to.media = vec![world.photo(1_080, 1_080, None)];
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(refused.class, Class::TokenExpired, "{refused:?}");
    }
}

#[tokio::test]
async fn the_account_is_the_tokens_own_under_the_number_that_both_logins_know() {
    for world in [World::new().await, World::behind_page().await] {
        let identity = Instagram.auth().identify(&world.bench.cx()).await.unwrap();
        assert_eq!(identity.platform_user_id, world.account.platform_user_id);
        assert_ne!(Some(identity.platform_user_id.as_str()), world.account.extra["app_scoped_id"].as_str());
        assert_eq!(identity.username.as_deref(), Some("harbourbakery"));
        assert!(identity.avatar_url.is_some());
    }
}

#[tokio::test]
async fn every_fault_of_the_sandbox_reaches_the_connector() {
    let mut world = World::new().await;
    let mut to = post("delayed");
    to.media = vec![world.photo(1_080, 1_080, None)];
    let delay = FaultSpec { delay_ms: Some(5), ..FaultSpec::new("instagram", FaultKind::Delay) };
    world.sandbox.add_fault(delay).unwrap();
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.sandbox.faults()[0].fired, 1);
}
