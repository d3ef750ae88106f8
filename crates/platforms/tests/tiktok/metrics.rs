//! How posts and accounts do: what is told, and what ends it.

use connector::PostReading;
use connector::suite::post;
use domain::Class;
use domain::metrics::Figures;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::World;

fn told(figures: &Figures) -> [bool; 6] {
    let Figures { views, likes, comments, shares, impressions, clicks } = figures;
    [views, likes, comments, shares, impressions, clicks].map(Option::is_some)
}

#[tokio::test]
async fn a_video_s_figures_grow() {
    let mut world = World::new().await;
    let mut to = post("a film");
    to.media = vec![world.video(20)];
    let receipt = world.bench.publish(&to).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [true, true, true, true, false, false]);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn without_the_permissions_nothing_is_told() {
    let mut world = World::with(&[("scopes", json!("user.info.basic,video.publish"))]).await;
    let live = world.bench.now();
    let mut to = post("a film");
    to.media = vec![world.video(20)];
    let mut receipt = world.bench.publish(&to).await.unwrap();
    receipt.platform_post_id = "7301234567890123456".to_owned();
    assert_eq!(world.bench.read(&receipt, live).await.unwrap_err().class, Class::PermissionMissing);
    assert_eq!(world.bench.followers().await.unwrap_err().class, Class::PermissionMissing);
}

#[tokio::test]
async fn only_public_posts_have_figures() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let mut to = post("for me alone");
    to.media = vec![world.video(20)];
    to.settings.0.insert("privacyLevel".to_owned(), json!("SELF_ONLY"));
    let receipt = world.bench.publish(&to).await.unwrap();
    let refused = world.bench.read(&receipt, live).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert_eq!(refused.public, "TikTok tells numbers of public posts only.");
}

#[tokio::test]
async fn a_post_that_is_not_there_is_gone_and_limits_are_told_from_refusals() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let mut to = post("a film");
    to.media = vec![world.video(20)];
    let mut receipt = world.bench.publish(&to).await.unwrap();
    world.sandbox.add_fault(FaultSpec::new("tiktok", FaultKind::RateLimit)).unwrap();
    assert!(world.bench.read(&receipt, live).await.unwrap_err().retry_at().is_some());
    receipt.platform_post_id = "7301234567890123456".to_owned();
    assert_eq!(world.bench.read(&receipt, live).await, Ok(PostReading::Gone));
}
