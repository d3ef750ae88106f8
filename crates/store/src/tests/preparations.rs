use domain::{ApiKeyId, DestinationId, MediaId, PlatformName, PostId, PostStatus, Span, Timestamp};

use super::{NOW, World, id, on_both};
use crate::{MediaCopy, NewDestination, NewPostRow, OrganizationRow};

/// A post with a file that is due then.
async fn post(world: &World, organization: &OrganizationRow, due: Timestamp) -> PostId {
    let account = world.account(organization).await;
    let row = NewPostRow {
        id: PostId(id()),
        workspace_id: organization.workspace_id,
        api_key_id: ApiKeyId(id()),
        content: "text".into(),
        status: PostStatus::Scheduled,
        scheduled_for: Some(due),
        timezone: "UTC".into(),
        account_ids: vec![account],
        media_ids: vec![MediaId(id())],
        platform_content: "{}".into(),
        thread_posts: vec![],
        campaign_id: None,
        approval: domain::Approval::default(),
        destinations: vec![NewDestination {
            id: DestinationId(id()),
            account_id: account,
            platform: PlatformName::from_static("x"),
            scheduled_for: due,
            fingerprint: None,
        }],
        now: NOW,
    };
    let post = row.id;
    world.store.create_post(organization.id, row, None).await.unwrap();
    post
}

fn copy(sha256: &str) -> MediaCopy {
    MediaCopy {
        id: MediaId(id()),
        destination_id: DestinationId(id()),
        media_id: MediaId(id()),
        source_sha256: "a".repeat(64),
        recipe: "one".to_owned(),
        sha256: sha256.repeat(64),
        filename: "photo.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size_bytes: 1_000,
        width: None,
        height: None,
        note: "The image was resized.".to_owned(),
        created_at: NOW,
    }
}

on_both! {
    async fn a_post_is_prepared_a_day_ahead_by_one_worker_at_a_time(world: World) {
        let organization = world.organization().await;
        let store = &world.store;
        let (hour, minute) = (Span::from_hours(1), Span::from_minutes(1));
        post(&world, &organization, NOW).await;
        let soon = post(&world, &organization, NOW + hour).await;
        let later = post(&world, &organization, NOW + Span::from_hours(30)).await;
        let taken = store.take_media_preparations(NOW, NOW + minute, 10).await.unwrap();
        assert_eq!(taken.iter().map(|lease| lease.post_id).collect::<Vec<_>>(), [soon]);
        assert_eq!(store.take_media_preparations(NOW, NOW + minute, 10).await.unwrap(), []);
        // After the lease's end another worker has it, and what the first one writes changes nothing.
        let then = NOW + Span::from_hours(6);
        let again = store.take_media_preparations(then, then + minute, 10).await.unwrap();
        assert_eq!(again.iter().map(|lease| lease.post_id).collect::<Vec<_>>(), [soon, later]);
        assert!(!store.keep_prepared_copy(taken[0], copy("b"), then).await.unwrap());
        assert!(!store.end_media_preparation(taken[0], vec![], then).await.unwrap());
        assert!(!store.put_off_media_preparation(taken[0], then, 1).await.unwrap());
        assert_eq!(store.list_prepared_copies(organization.id, soon).await.unwrap(), []);
        // Nor does the second one's, once it has put the post off.
        assert!(store.put_off_media_preparation(again[0], then + hour, 1).await.unwrap());
        assert!(!store.end_media_preparation(again[0], vec![], then).await.unwrap());
        let last = store.take_media_preparations(then + hour, then + hour + minute, 1).await.unwrap();
        assert_eq!(last.len(), 1);
    }

    async fn copies_are_found_by_others_and_go_when_they_are_not_wanted_any_more(world: World) {
        let organization = world.organization().await;
        let (store, minute) = (&world.store, Span::from_minutes(1));
        let post = post(&world, &organization, NOW + minute).await;
        let lease = store.take_media_preparations(NOW, NOW + minute, 1).await.unwrap()[0];
        let (kept, other) = (copy("b"), copy("c"));
        assert!(store.keep_prepared_copy(lease, kept.clone(), NOW).await.unwrap());
        assert!(store.keep_prepared_copy(lease, other, NOW).await.unwrap());
        let found = store.find_media_copy(organization.id, &kept.source_sha256, "one").await.unwrap().unwrap();
        assert_eq!(found.recipe, kept.recipe);
        assert!(store.end_media_preparation(lease, vec![kept.id], NOW).await.unwrap());
        let left = store.list_prepared_copies(organization.id, post).await.unwrap();
        assert_eq!(left.iter().map(|copy| copy.id).collect::<Vec<_>>(), [kept.id]);
        let unused = store.take_unused_files(NOW, NOW + minute, 10).await.unwrap();
        assert_eq!(unused, ["c".repeat(64)], "the other one's file is to be removed");
        let foreign = world.organization().await.id;
        assert_eq!(store.list_prepared_copies(foreign, post).await.unwrap(), []);
    }
}
