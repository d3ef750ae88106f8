//! How many posts there are, however many there are.

use domain::{Span, Timestamp};
use futures_util::future::join_all;

use super::{NOW, World, on_both};
use crate::{OrganizationRow, PostFilter};

async fn count(world: &World, organization: &OrganizationRow, now: Timestamp) -> u64 {
    let filter = PostFilter::default();
    world.store.count_posts(organization.id, organization.workspace_id, &filter, now).await.unwrap()
}

on_both! {
    async fn a_large_count_is_remembered_for_a_minute_and_then_counted_again(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        world.post(&organization, account, "one").await;
        assert_eq!(count(&world, &organization, NOW).await, 1);
        world.post(&organization, account, "two").await;
        assert_eq!(count(&world, &organization, NOW).await, 2, "a small count is never old");
        for _ in 0..20 {
            join_all((0..500).map(|_| world.post(&organization, account, "more"))).await;
        }
        assert_eq!(count(&world, &organization, NOW).await, 10_002);
        world.post(&organization, account, "last").await;
        assert_eq!(count(&world, &organization, NOW).await, 10_002);
        let later = NOW + Span::from_seconds(60);
        assert_eq!(count(&world, &organization, later).await, 10_002, "nobody waits for it");
        while count(&world, &organization, later).await != 10_003 {
            tokio::task::yield_now().await;
        }
    }
}
