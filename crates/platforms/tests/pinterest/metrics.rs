//! How posts and accounts do: what is told, and what ends it.

use connector::PostReading;

use domain::metrics::Figures;
use domain::{Class, Span};
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::World;

fn told(figures: &Figures) -> [bool; 6] {
    let Figures { views, likes, comments, shares, impressions, clicks } = figures;
    [views, likes, comments, shares, impressions, clicks].map(Option::is_some)
}

#[tokio::test]
async fn a_pin_s_figures_grow() {
    let mut world = World::new().await;
    let to = world.pin("a picture");
    let receipt = world.bench.publish(&to).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [false, true, true, true, true, true]);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn an_old_pin_is_read_as_far_back_as_days_are_kept() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let to = world.pin("a picture");
    let receipt = world.bench.publish(&to).await.unwrap();
    for _ in 0..3 {
        world.bench.pass(Span::from_days(40));
        world.bench.renew().await.unwrap();
    }
    assert!(matches!(world.bench.read(&receipt, live).await, Ok(PostReading::Read(_))));
}

#[tokio::test]
async fn a_pin_that_is_not_there_is_gone_and_limits_and_refusals_are_told_apart() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let to = world.pin("a picture");
    let mut receipt = world.bench.publish(&to).await.unwrap();
    world.sandbox.add_fault(FaultSpec::new("pinterest", FaultKind::RateLimit)).unwrap();
    assert!(world.bench.read(&receipt, live).await.unwrap_err().retry_at().is_some());
    receipt.platform_post_id.push('9');
    assert_eq!(world.bench.read(&receipt, live).await, Ok(PostReading::Gone));
    let scopes = "boards:read,boards:write,pins:read,pins:write";
    let mut world = World::with(&[("scopes", json!(scopes))]).await;
    assert_eq!(world.bench.followers().await.unwrap_err().class, Class::PermissionMissing);
}
