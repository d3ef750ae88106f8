//! Library items: who names which file, what is full, who works on what.

use domain::event::EventKind;
use domain::{EventId, MediaId, Span};

use super::{NOW, World, id, on_both};
use crate::{
    BeginMedia, DeleteMedia, DeletedMedia, FinishMedia, FinishedMedia, HeldFile, MediaRow, MediaWorkKind,
    NewEvent, OrganizationRow,
};

const MINUTE: Span = Span::from_minutes(1);

fn row(organization: &OrganizationRow, size_bytes: i64) -> MediaRow {
    MediaRow {
        id: MediaId(id()),
        workspace_id: organization.workspace_id,
        kind: "video".into(),
        filename: "a.mp4".into(),
        content_type: "video/mp4".into(),
        size_bytes,
        width: None,
        height: None,
        seconds: None,
        facts: None,
        sha256: String::new(),
        thumbnail_sha256: None,
        status: "uploading".into(),
        error_message: None,
        arrives_by: "put".into(),
        source_url: None,
        created_at: NOW,
        expires_at: Some(NOW + Span::from_hours(24)),
    }
}

fn event(kind: EventKind) -> NewEvent {
    NewEvent { id: EventId(id()), kind, payload: serde_json::json!({}) }
}

fn finish(sha256: &str, size_bytes: i64) -> FinishMedia {
    FinishMedia {
        sha256: sha256.into(),
        kind: "video".into(),
        content_type: "video/mp4".into(),
        size_bytes,
        width: Some(320),
        height: Some(240),
        seconds: Some(14.2),
        facts: Some("{}".into()),
        work: Some(MediaWorkKind::Poster),
        quota: None,
        now: NOW,
    }
}

impl World {
    async fn item(&self, organization: &OrganizationRow, size: i64, work: Option<MediaWorkKind>) -> MediaId {
        let row = row(organization, size);
        let media = row.id;
        let begun = self.store.begin_media(organization.id, row, work, None).await.unwrap();
        assert_eq!(begun, BeginMedia::Begun);
        media
    }

    async fn finished(&self, organization: &OrganizationRow, media: MediaId, sha256: &str) -> FinishedMedia {
        let event = event(EventKind::MediaUploaded);
        self.store.finish_media(organization.id, media, finish(sha256, 9), event, None).await.unwrap()
    }

    async fn delete(&self, organization: &OrganizationRow, media: MediaId) -> DeletedMedia {
        let delete = DeleteMedia { media, workspace: organization.workspace_id, force: false, now: NOW };
        self.store.delete_media(organization.id, delete, event(EventKind::MediaDeleted)).await.unwrap()
    }
}

on_both! {
    async fn a_file_is_unused_once_no_item_of_any_organization_names_it(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let (one, other) = (world.item(&mine, 5, None).await, world.item(&theirs, 5, None).await);
        let (store, file) = (&world.store, "a".repeat(64));
        for (organization, media) in [(&mine, one), (&theirs, other)] {
            assert_eq!(store.hold_file(organization.id, media, &file, NOW).await.unwrap(), HeldFile::Held);
            assert_eq!(world.finished(organization, media, &file).await, FinishedMedia::Ready);
            assert_eq!(world.finished(organization, media, &file).await, FinishedMedia::Stale);
        }
        assert_eq!(world.delete(&mine, other).await, DeletedMedia::NotFound, "it is not mine");
        assert_eq!(world.delete(&mine, one).await, DeletedMedia::Deleted);
        assert_eq!(store.take_unused_files(NOW, NOW + MINUTE, 10).await.unwrap(), Vec::<String>::new());
        assert_eq!(world.delete(&theirs, other).await, DeletedMedia::Deleted);
        assert_eq!(store.take_unused_files(NOW, NOW + MINUTE, 10).await.unwrap(), std::slice::from_ref(&file));
        assert_eq!(store.take_unused_files(NOW, NOW + MINUTE, 10).await.unwrap(), Vec::<String>::new());
        // While it is being removed nobody names it; a remover that died loses it after a minute.
        let again = world.item(&mine, 5, None).await;
        assert_eq!(store.hold_file(mine.id, again, &file, NOW).await.unwrap(), HeldFile::BeingRemoved);
        let later = NOW + MINUTE;
        assert_eq!(store.hold_file(mine.id, again, &file, later).await.unwrap(), HeldFile::Held);
        assert_eq!(store.take_unused_files(later, later + MINUTE, 10).await.unwrap(), Vec::<String>::new());
        let kinds: Vec<String> =
            store.list_events(mine.id, 10).await.unwrap().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["media.uploaded", "media.deleted"]);
    }

    async fn of_two_that_let_go_of_a_file_at_once_one_notes_it(world: World) {
        let organization = world.organization().await;
        for round in 0..10 {
            let file = format!("{round:064}");
            let (one, other) =
                (world.item(&organization, 5, None).await, world.item(&organization, 5, None).await);
            for media in [one, other] {
                world.store.hold_file(organization.id, media, &file, NOW).await.unwrap();
            }
            tokio::join!(world.delete(&organization, one), world.delete(&organization, other));
            assert_eq!(world.store.take_unused_files(NOW, NOW + MINUTE, 10).await.unwrap(), [file]);
        }
    }

    async fn a_library_that_is_full_takes_no_more_whoever_asks_at_once(world: World) {
        let organization = world.organization().await;
        let asks = (0..10).map(|_| {
            world.store.begin_media(organization.id, row(&organization, 30), None, Some(100))
        });
        let outcomes = futures_util::future::join_all(asks).await;
        let begun = outcomes.into_iter().filter(|outcome| matches!(outcome, Ok(BeginMedia::Begun))).count();
        assert_eq!(begun, 3);
        let over = world.store.begin_media(organization.id, row(&organization, 30), None, Some(100)).await;
        assert_eq!(over.unwrap(), BeginMedia::OverQuota(90));
    }

    async fn work_is_in_one_hand_and_an_old_one_changes_nothing(world: World) {
        let organization = world.organization().await;
        let media = world.item(&organization, 0, Some(MediaWorkKind::Import)).await;
        let store = &world.store;
        let other = world.another().await;
        let (first, second) = tokio::join!(
            store.take_media_work(NOW, NOW + MINUTE, 5),
            other.take_media_work(NOW, NOW + MINUTE, 5)
        );
        let mut taken = first.unwrap();
        taken.extend(second.unwrap());
        assert_eq!(taken.len(), 1);
        let old = taken.remove(0);
        assert_eq!((old.row.id, old.kind, old.tries), (media, MediaWorkKind::Import, 0));
        assert!(store.keep_media_work(old.lease, NOW + MINUTE, Some("at 7".into())).await.unwrap());
        assert!(store.take_media_work(NOW, NOW + MINUTE, 5).await.unwrap().is_empty());
        let later = NOW + MINUTE;
        let new = store.take_media_work(later, later + MINUTE, 5).await.unwrap().remove(0);
        assert_eq!(new.state.as_deref(), Some("at 7"));
        assert!(!store.keep_media_work(old.lease, later + MINUTE, None).await.unwrap());
        let gone = store.fail_media(organization.id, media, "x", (NOW, NOW), Some(old.lease)).await.unwrap();
        assert!(!gone, "the old hand cannot end it");
        assert!(store.put_off_media_work(new.lease, later + MINUTE, 1).await.unwrap());
        assert_eq!(store.next_media_work().await.unwrap(), Some(later + MINUTE));
        assert_eq!(store.release_media_work(later).await.unwrap(), 1);
        let last = store.take_media_work(later, later + MINUTE, 5).await.unwrap().remove(0);
        assert_eq!(last.tries, 1);
        let ends = (later, later + MINUTE);
        assert!(store.fail_media(organization.id, media, "No MP4.", ends, Some(last.lease)).await.unwrap());
        let row = store.get_media(organization.id, organization.workspace_id, media).await.unwrap().unwrap();
        assert_eq!((row.status.as_str(), row.error_message.as_deref()), ("failed", Some("No MP4.")));
        let expired = store.list_expired_media(later + MINUTE, 10).await.unwrap();
        assert_eq!(expired, [(organization.id, organization.workspace_id, media)]);
    }

    async fn facts_come_back_as_they_were_and_lists_have_their_kind_and_order(world: World) {
        let organization = world.organization().await;
        let (org, workspace, store) = (organization.id, organization.workspace_id, &world.store);
        let mut image = row(&organization, 3);
        "image".clone_into(&mut image.kind);
        store.begin_media(org, image.clone(), None, None).await.unwrap();
        let mut video = row(&organization, 4);
        video.created_at = NOW + MINUTE;
        let media = video.id;
        store.begin_media(org, video, None, None).await.unwrap();
        store.hold_file(org, media, "f", NOW).await.unwrap();
        world.finished(&organization, media, "f").await;
        let (rows, total) = store.list_media(org, workspace, None, (10, 0, None)).await.unwrap();
        assert_eq!((rows.iter().map(|row| row.id).collect::<Vec<_>>(), total), (vec![media, image.id], 2));
        assert_eq!((rows[0].seconds, rows[0].width, rows[0].facts.as_deref()), (Some(14.2), Some(320), Some("{}")));
        assert_eq!((rows[0].status.as_str(), rows[0].expires_at), ("ready", None));
        assert_eq!(rows[1], image);
        let (rows, total) = store.list_media(org, workspace, Some("image"), (10, 0, None)).await.unwrap();
        assert_eq!((rows, total), (vec![image], 1));
        assert_eq!(store.list_media(org, workspace, None, (10, 2, None)).await.unwrap(), (vec![], 2));
        let work = store.take_media_work(NOW, NOW + MINUTE, 5).await.unwrap().remove(0);
        assert!(store.end_poster(work.lease, Some("p"), NOW).await.unwrap());
        let row = store.get_media(org, workspace, media).await.unwrap().unwrap();
        assert_eq!(row.thumbnail_sha256.as_deref(), Some("p"));
        assert_eq!(world.delete(&organization, media).await, DeletedMedia::Deleted);
        assert_eq!(store.take_unused_files(NOW, NOW + MINUTE, 10).await.unwrap(), ["f", "p"]);
    }
}
