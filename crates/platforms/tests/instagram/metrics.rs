//! How posts and accounts do: what is told, and what ends it.

use connector::PostReading;
use connector::suite::post;
use domain::metrics::Figures;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::World;

fn told(figures: &Figures) -> [bool; 6] {
    let Figures { views, likes, comments, shares, impressions, clicks } = figures;
    [views, likes, comments, shares, impressions, clicks].map(Option::is_some)
}

#[tokio::test]
async fn figures_of_every_kind_grow_with_both_logins() {
    for mut world in [World::new().await, World::behind_page().await] {
        for kind in ["", "Reels", "Story"] {
            let mut to = post("a picture");
            to.content_type = Some(kind.to_owned()).filter(|kind| !kind.is_empty());
            to.media = vec![if kind == "Reels" { world.film() } else { world.photo(1_080, 1_350, None) }];
            let receipt = world.bench.publish(&to).await.unwrap();
            let figures = world.bench.read_twice(&receipt).await.unwrap();
            assert_eq!(told(&figures), [true, true, true, true, false, false], "{kind}");
        }
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn without_insights_the_counts_are_told_all_the_same() {
    let scopes = "instagram_business_basic,instagram_business_content_publish";
    let mut world = World::with(json!({ "scopes": scopes })).await;
    let mut to = post("a picture");
    to.media = vec![world.photo(1_080, 1_350, None)];
    let receipt = world.bench.publish(&to).await.unwrap();
    let figures = world.bench.read_twice(&receipt).await.unwrap();
    assert_eq!(told(&figures), [false, true, true, false, false, false]);
}

#[tokio::test]
async fn a_post_that_is_not_there_is_gone_and_limits_are_told_from_refusals() {
    let mut world = World::new().await;
    let live = world.bench.now();
    let mut to = post("a picture");
    to.media = vec![world.photo(1_080, 1_350, None)];
    let mut receipt = world.bench.publish(&to).await.unwrap();
    world.sandbox.add_fault(FaultSpec::new("instagram", FaultKind::RateLimit)).unwrap();
    assert!(world.bench.read(&receipt, live).await.unwrap_err().retry_at().is_some());
    receipt.platform_post_id.push('9');
    assert_eq!(world.bench.read(&receipt, live).await, Ok(PostReading::Gone));
}
