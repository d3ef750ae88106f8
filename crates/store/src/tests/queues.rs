//! No two posts take the same slot of a queue.

use std::collections::BTreeSet;

use domain::queue::Slot;
use domain::{ApiKeyId, PostId, PostStatus, Span, Timestamp};
use futures_util::future::join_all;

use super::{NOW, World, id, on_both};
use crate::{CreateOutcome, NewPostRow, OrganizationRow, PostCreation, QueuePatch, QueueRow, Store};

fn row(slots: &[(u64, &str)]) -> QueueRow {
    QueueRow {
        name: "Queue".into(),
        timezone: "Europe/Berlin".into(),
        slots: slots.iter().map(|(day, time)| Slot::parse(*day, time).unwrap()).collect(),
    }
}

async fn set(store: &Store, organization: &OrganizationRow, fresh: QueueRow) {
    let patch = QueuePatch { slots: Some(fresh.slots.clone()), ..QueuePatch::default() };
    let (org, workspace) = (organization.id, organization.workspace_id);
    store.set_queue(org, workspace, patch, Some(fresh), NOW).await.unwrap().unwrap();
}

fn post(organization: &OrganizationRow, at: Timestamp, status: PostStatus) -> NewPostRow {
    NewPostRow {
        id: PostId(id()),
        workspace_id: organization.workspace_id,
        api_key_id: ApiKeyId(id()),
        content: "text".into(),
        status,
        scheduled_for: Some(at),
        timezone: "UTC".into(),
        account_ids: vec![],
        media_ids: vec![],
        platform_content: "{}".into(),
        thread_posts: vec![],
        campaign_id: None,
        approval: domain::Approval::default(),
        destinations: vec![],
        now: NOW,
    }
}

async fn queue_post(store: &Store, organization: &OrganizationRow) -> CreateOutcome {
    let post = post(organization, NOW, PostStatus::Scheduled);
    let creation = PostCreation {
        post,
        events: vec![],
        allow_duplicate: true,
        takes_slot: true,
        most_per_day: None,
        once: false,
    };
    store.create_posts(organization.id, vec![creation], None).await.unwrap().unwrap()[0]
}

on_both! {
    async fn posts_that_ask_at_once_get_different_slots(world: World) {
        let organization = world.organization().await;
        set(&world.store, &organization, row(&[(1, "09:00"), (3, "17:30"), (7, "02:30")])).await;
        // Two processes on one PostgreSQL; SQLite belongs to one.
        let other = if world.url.is_some() { world.another().await } else { world.store.clone() };
        let asked = join_all((0..60).map(|number| {
            let store = if number % 2 == 0 { &world.store } else { &other };
            queue_post(store, &organization)
        }));
        let slots: Vec<Timestamp> = asked
            .await
            .into_iter()
            .map(|queued| match queued {
                CreateOutcome::Queued(at) => at,
                other => panic!("{other:?}"),
            })
            .collect();
        let distinct: BTreeSet<_> = slots.iter().copied().collect();
        assert_eq!(distinct.len(), 60);
        let queue = world.store.find_queue(organization.id, organization.workspace_id).await.unwrap().unwrap();
        let free = world
            .store
            .list_free_slots(organization.id, organization.workspace_id, &queue, NOW, 1)
            .await
            .unwrap();
        assert!(free[0] > *distinct.last().unwrap(), "they took the first ones, without a gap");
    }

    async fn a_full_queue_says_so_and_a_slot_that_is_left_is_free_again(world: World) {
        let organization = world.organization().await;
        assert_eq!(queue_post(&world.store, &organization).await, CreateOutcome::NoQueue);
        set(&world.store, &organization, row(&[(1, "09:00")])).await;
        let mut taken = Vec::new();
        while let CreateOutcome::Queued(at) = queue_post(&world.store, &organization).await {
            taken.push(at);
        }
        assert_eq!(taken.len(), 52, "a year of Mondays");
        assert!(taken.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(queue_post(&world.store, &organization).await, CreateOutcome::QueueFull);
        set(&world.store, &organization, row(&[])).await;
        assert_eq!(queue_post(&world.store, &organization).await, CreateOutcome::QueueFull, "no slots, no time");
    }

    async fn what_is_due_at_a_slot_holds_it_whoever_put_it_there(world: World) {
        let organization = world.organization().await;
        let (org, workspace) = (organization.id, organization.workspace_id);
        let queue = row(&[(1, "09:00"), (2, "09:00")]);
        set(&world.store, &organization, queue.clone()).await;
        let free = async || world.store.list_free_slots(org, workspace, &queue, NOW, 3).await.unwrap();
        let slots = free().await;
        let late = slots[0] + Span::from_seconds(59);
        let held = post(&organization, late, PostStatus::Scheduled);
        let (held_id, next_minute) = (held.id, slots[1] + Span::from_seconds(60));
        world.store.create_post(org, held, None).await.unwrap();
        world.store.create_post(org, post(&organization, next_minute, PostStatus::Scheduled), None).await.unwrap();
        world.store.create_post(org, post(&organization, slots[1], PostStatus::Draft), None).await.unwrap();
        assert_eq!(free().await[..2], slots[1..], "a draft's suggestion holds nothing");
        let stranger = world.organization().await;
        world.store.create_post(stranger.id, post(&stranger, slots[1], PostStatus::Scheduled), None).await.unwrap();
        assert_eq!(free().await[..2], slots[1..], "nor does another organization's post");
        let event = crate::NewEvent {
            id: domain::EventId(id()),
            kind: domain::event::EventKind::PostDeleted,
            payload: serde_json::json!({}),
        };
        world.store.delete_post(org, workspace, held_id, event, NOW).await.unwrap();
        assert_eq!(free().await, slots, "a deleted post lets it go");
    }

    async fn a_queue_belongs_to_one_workspace_of_one_organization(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        set(&world.store, &theirs, row(&[(1, "09:00")])).await;
        let store = &world.store;
        for (org, workspace) in [(mine.id, theirs.workspace_id), (theirs.id, mine.workspace_id)] {
            assert!(store.find_queue(org, workspace).await.unwrap().is_none());
            assert!(!store.delete_queue(org, workspace).await.unwrap());
            let patch = QueuePatch { name: Some("x".into()), ..QueuePatch::default() };
            assert!(store.set_queue(org, workspace, patch, None, NOW).await.unwrap().is_none());
        }
        let kept = store.find_queue(theirs.id, theirs.workspace_id).await.unwrap().unwrap();
        assert_eq!(kept.name, "Queue");
        assert!(store.delete_queue(theirs.id, theirs.workspace_id).await.unwrap());
    }
}
