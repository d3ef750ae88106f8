//! Posts whose ids are made from what they are.

use domain::PostId;

use super::*;
use crate::{CreateOutcome, PostCreation};

on_both! {
    async fn a_post_with_an_id_of_its_own_is_made_once_whoever_asks(world: World) {
        let organization = world.organization().await;
        let other = world.organization().await;
        let account = world.account(&organization).await;
        let id = PostId(Uuid::from_u128(0x1234_5678_0000_8000_8000_0000_0000_0001));
        let creation = || {
            let mut post = world.row(&organization, &[account], "once");
            post.id = id;
            PostCreation {
                post,
                events: vec![],
                allow_duplicate: true,
                takes_slot: false,
                most_per_day: None,
                once: true,
            }
        };
        let make = async || {
            let made = world.store.create_posts(organization.id, vec![creation()], None).await.unwrap();
            made.unwrap()[0]
        };
        let outcomes = tokio::join!(make(), make(), make(), make());
        let outcomes = [outcomes.0, outcomes.1, outcomes.2, outcomes.3];
        let created = outcomes.iter().filter(|outcome| **outcome == CreateOutcome::Created).count();
        assert_eq!(created, 1, "{outcomes:?}");
        let there = CreateOutcome::There { deleted: false };
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == there).count(), 3, "{outcomes:?}");

        let (mine, workspace) = (organization.id, organization.workspace_id);
        let nobodys = PostId(Uuid::from_u128(9));
        let found = world.store.find_posts_there(mine, workspace, &[nobodys, id]).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(id, false)]);
        let foreign = world.store.find_posts_there(other.id, other.workspace_id, &[id]).await.unwrap();
        assert!(foreign.is_empty());

        let event = crate::NewEvent {
            id: domain::EventId(Uuid::from_u128(5)),
            kind: domain::event::EventKind::PostDeleted,
            payload: serde_json::json!({}),
        };
        world.store.delete_post(mine, workspace, id, event, NOW).await.unwrap();
        assert_eq!(make().await, CreateOutcome::There { deleted: true });
        let found = world.store.find_posts_there(mine, workspace, &[id]).await.unwrap();
        assert_eq!(found.get(&id), Some(&true));
    }
}
