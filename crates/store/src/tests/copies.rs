use domain::{DestinationId, MediaId, Span};

use super::{NOW, World, id, on_both};
use crate::MediaCopy;

fn copy(destination: DestinationId, recipe: &str) -> MediaCopy {
    MediaCopy {
        id: MediaId(id()),
        destination_id: destination,
        media_id: MediaId(id()),
        source_sha256: "a".repeat(64),
        recipe: recipe.to_owned(),
        sha256: "b".repeat(64),
        filename: "photo.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size_bytes: 1_000,
        width: Some(320),
        height: None,
        note: "The image was resized.".to_owned(),
        created_at: NOW,
    }
}

on_both! {
    async fn a_destination_keeps_its_copies_and_others_find_them(world: World) {
        let (organization, other) = (world.organization().await.id, world.organization().await.id);
        let store = &world.store;
        let destination = DestinationId(id());
        let (first, second) = (copy(destination, "one"), copy(destination, "two"));
        store.keep_media_copies(organization, destination, vec![first.clone(), second], NOW).await.unwrap();
        let found = store.find_media_copy(organization, &first.source_sha256, "one").await.unwrap();
        assert_eq!(found.as_ref(), Some(&first));
        assert_eq!(store.get_media_copy(organization, first.id).await.unwrap(), found);
        // Another organization's are nobody's business.
        assert_eq!(store.find_media_copy(other, &first.source_sha256, "one").await.unwrap(), None);
        assert_eq!(store.get_media_copy(other, first.id).await.unwrap(), None);
        assert_eq!(store.list_media_copies(other, destination).await.unwrap(), []);
        // What a later start needs takes the place of what an earlier one had.
        store.keep_media_copies(organization, destination, vec![first.clone()], NOW).await.unwrap();
        assert_eq!(store.list_media_copies(organization, destination).await.unwrap(), [first]);
    }

    async fn copies_are_forgotten_once_their_destination_is_gone(world: World) {
        let organization = world.organization().await.id;
        let destination = DestinationId(id());
        let store = &world.store;
        store.keep_media_copies(organization, destination, vec![copy(destination, "one")], NOW).await.unwrap();
        assert_eq!(store.forget_media_copies(NOW, 10, NOW).await.unwrap(), 0);
        assert_eq!(store.forget_media_copies(NOW + Span::from_hours(1), 10, NOW).await.unwrap(), 1);
        assert_eq!(store.list_media_copies(organization, destination).await.unwrap(), []);
        let unused = store.take_unused_files(NOW, NOW + Span::from_minutes(1), 10).await.unwrap();
        assert_eq!(unused, ["b".repeat(64)], "its file is to be removed");
    }
}
