//! How posts and accounts do: what is told to whom, for how long, and what ends it.

use connector::PostReading;
use connector::suite::{film, post};
use domain::metrics::Figures;
use domain::{Class, Span};
use fanfare_platforms::linkedin::LinkedIn;
use fanfare_platforms::x::X;
use sandbox::{CreateAccount, FaultKind, FaultSpec};
use serde_json::json;

use crate::support::World;

async fn x() -> World {
    World::new(X, "x", CreateAccount::default()).await
}

async fn linkedin(wanted: CreateAccount) -> World {
    World::new(LinkedIn, "linkedin", wanted).await
}

fn told(figures: &Figures) -> [bool; 6] {
    let Figures { views, likes, comments, shares, impressions, clicks } = figures;
    [views, likes, comments, shares, impressions, clicks].map(Option::is_some)
}

#[tokio::test]
async fn x_tells_everything_but_views_and_those_of_films() {
    let mut world = x().await;
    let receipt = world.bench.publish(&post("a text")).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [false, true, true, true, true, true]);
    let mut to = post("a film");
    to.media = vec![world.bench.video(film(200_000))];
    let receipt = world.bench.publish(&to).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [true; 6]);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn x_tells_clicks_for_thirty_days() {
    let mut world = x().await;
    let live = world.bench.now();
    let receipt = world.bench.publish(&post("an old text")).await.unwrap();
    world.bench.pass(Span::from_days(31));
    let PostReading::Read(figures) = world.bench.read(&receipt, live).await.unwrap() else { panic!("gone") };
    assert_eq!(told(&figures), [false, true, true, true, true, false]);
}

#[tokio::test]
async fn a_post_that_x_does_not_show_is_gone_and_limits_name_their_end() {
    let mut world = x().await;
    let live = world.bench.now();
    let mut receipt = world.bench.publish(&post("a text")).await.unwrap();
    let limit = FaultSpec { retry_after: Some(90), ..FaultSpec::new("x", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.read(&receipt, live).await.unwrap_err();
    assert!(limited.retry_at().is_some_and(|at| at > world.bench.now()), "{limited:?}");
    receipt.platform_post_id = "1".to_owned();
    assert_eq!(world.bench.read(&receipt, live).await, Ok(PostReading::Gone));
    let operation = Some("me".to_owned());
    let revoked = FaultSpec { operation, ..FaultSpec::new("x", FaultKind::TokenRevoked) };
    world.sandbox.add_fault(revoked).unwrap();
    assert_eq!(world.bench.followers().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn linkedin_tells_how_organizations_do() {
    let mut world = linkedin(CreateAccount { organization: true, ..CreateAccount::default() }).await;
    let live = world.bench.now();
    let receipt = world.bench.publish(&post("for the company")).await.unwrap();
    let unseen = world.bench.read(&receipt, live).await;
    assert_eq!(unseen, Ok(PostReading::Read(Figures::default())), "nobody has seen it yet");
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [false, true, true, true, true, true]);
}

#[tokio::test]
async fn linkedin_tells_how_members_do_to_vetted_apps_only() {
    let mut world = linkedin(CreateAccount::default()).await;
    let live = world.bench.now();
    let receipt = world.bench.publish(&post("of mine")).await.unwrap();
    let before = world.sandbox.requests().len();
    let refused = world.bench.read(&receipt, live).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("r_member_postAnalytics"), "{}", refused.public);
    assert_eq!(world.bench.followers().await.unwrap_err().class, Class::PermissionMissing);
    assert_eq!(world.sandbox.requests().len(), before, "calls are few, and none was spent");

    let mut wanted = CreateAccount::default();
    let scopes = "openid profile w_member_social r_member_postAnalytics r_member_profileAnalytics";
    wanted.extra.insert("scopes".to_owned(), json!(scopes));
    let mut world = linkedin(wanted).await;
    let receipt = world.bench.publish(&post("of mine")).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [false, true, true, true, true, false]);
}
