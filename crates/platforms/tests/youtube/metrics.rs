//! How posts and accounts do: what is told, and what ends it.

use connector::PostReading;

use domain::Class;
use domain::metrics::Figures;
use sandbox::{FaultKind, FaultSpec};

use crate::support::World;

fn told(figures: &Figures) -> [bool; 6] {
    let Figures { views, likes, comments, shares, impressions, clicks } = figures;
    [views, likes, comments, shares, impressions, clicks].map(Option::is_some)
}

#[tokio::test]
async fn a_video_s_figures_grow() {
    let mut world = World::new().await;
    let to = world.video("a film", 50_000);
    let receipt = world.bench.publish(&to).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [true, true, true, false, false, false]);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_video_that_is_not_there_is_gone_and_a_used_up_quota_is_the_app_s() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let to = world.video("a film", 50_000);
    let mut receipt = world.bench.publish(&to).await.unwrap();
    world.sandbox.add_fault(FaultSpec::new("youtube", FaultKind::RateLimit)).unwrap();
    let limited = world.bench.read(&receipt, live).await.unwrap_err();
    assert!(matches!(limited.class, Class::RateLimited { .. } | Class::QuotaExhausted { .. }), "{limited:?}");
    receipt.platform_post_id = "AAAAAAAAAAA".to_owned();
    assert_eq!(world.bench.read(&receipt, live).await, Ok(PostReading::Gone));
}
