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
async fn a_post_s_figures_grow() {
    let mut world = World::new().await;
    let receipt = world.bench.publish(&post("a text")).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [true, true, true, true, false, false]);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn without_the_permission_nothing_is_told() {
    let mut world = World::with(&[("scopes", json!("threads_basic,threads_content_publish"))]).await;
    let live = world.bench.now();
    let receipt = world.bench.publish(&post("a text")).await.unwrap();
    assert_eq!(world.bench.read(&receipt, live).await.unwrap_err().class, Class::PermissionMissing);
    assert_eq!(world.bench.followers().await.unwrap_err().class, Class::PermissionMissing);
}

#[tokio::test]
async fn a_post_that_is_not_there_is_gone_and_limits_are_told_from_refusals() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let mut receipt = world.bench.publish(&post("a text")).await.unwrap();
    world.sandbox.add_fault(FaultSpec::new("threads", FaultKind::RateLimit)).unwrap();
    assert!(world.bench.read(&receipt, live).await.unwrap_err().retry_at().is_some());
    receipt.platform_post_id.push('9');
    assert_eq!(world.bench.read(&receipt, live).await, Ok(PostReading::Gone));
}
