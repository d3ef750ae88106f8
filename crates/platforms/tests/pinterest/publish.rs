//! What becomes live, what is refused, and what goes with a pin.

use connector::MediaItem;
use connector::suite::post;
use domain::Class;
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn a_pin_is_on_its_board_with_all_of_its_words() {
    let mut world = World::with(&[("boards", json!(["Spring", "Summer"]))]).await;
    let mut to = world.pin("When to prune & how. Zażółć 👩🏽‍🚀");
    to.media = vec![world.image(Some("A pruned apple tree"))];
    let settings = json!({
        "boardId": world.boards[1], "title": "Pruning", "link": "https://example.org/prune?a=1&b=2",
        "dominantColor": "#6E7874",
    });
    to.settings.0 = settings.as_object().unwrap().clone();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    let shown = world.posts().remove(0);
    assert_eq!(shown.extra["title"], "Pruning");
    assert_eq!(shown.extra["link"], "https://example.org/prune?a=1&b=2");
    assert_eq!(shown.extra["board"], "Summer");
    assert_eq!(shown.extra["dominant_color"], "#6E7874");
    assert_eq!(shown.media[0].media_type, "image/png");
    assert_eq!(shown.media[0].alt.as_deref(), Some("A pruned apple tree"));
    take_down(&world.sandbox, &to.text, "pin", &receipt);
}

#[tokio::test]
async fn without_a_board_the_one_that_was_used_last_is_taken_and_named() {
    let mut world = World::with(&[("boards", json!(["Spring", "Summer", "Autumn"]))]).await;
    let mut first = world.pin("to the second");
    first.settings.0.insert("boardId".to_owned(), json!(world.boards[1]));
    world.bench.pass(domain::Span::from_minutes(1));
    world.bench.publish(&first).await.unwrap();
    world.sandbox.forget_posts().unwrap();
    let mut to = world.pin("anywhere");
    to.settings.0.clear();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["board"], "Summer");
    assert!(receipt.warnings[0].contains("\"Summer\""), "{:?}", receipt.warnings);
    take_down(&world.sandbox, "anywhere", "default", &receipt);
}

#[tokio::test]
async fn a_board_that_is_not_there_is_told_before_anything_is_sent() {
    let mut world = World::new().await;
    for (board, words) in [("1", "choose another boardId"), ("spring", "number of a Pinterest board")] {
        let mut to = world.pin("never");
        to.settings.0.insert("boardId".to_owned(), json!(board));
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(refused.class, Class::ContentRejected);
        assert!(refused.public.contains(words), "{}", refused.public);
    }
    assert_eq!(world.calls("create_post"), 0);

    let mut world = World::with(&[("boards", json!([]))]).await;
    let mut to = post("never");
    to.media = vec![world.image(None)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
    assert!(refused.public.contains("has no board"), "{}", refused.public);
}

#[tokio::test]
async fn several_images_are_a_carousel() {
    let mut world = World::new().await;
    let mut to = world.pin("Five");
    to.media = (0..5).map(|_| world.image(Some("one of five"))).collect();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].media.len(), 5);
    take_down(&world.sandbox, "Five", "carousel", &receipt);
}

#[tokio::test]
async fn a_video_is_uploaded_by_its_form_and_has_a_cover() {
    let mut world = World::new().await;
    for (setting, cover) in [(None, "second 1"), (Some(json!(4)), "second 4"), (Some(json!("7")), "second 7")]
    {
        let mut to = world.pin("it moves");
        to.media = vec![world.video()];
        if let Some(setting) = setting {
            to.settings.0.insert("coverTime".to_owned(), setting);
        }
        let receipt = world.bench.publish(&to).await.unwrap();
        let shown = world.posts().remove(0);
        assert_eq!(shown.media[0].media_type, "video/mp4");
        assert_eq!(shown.media[0].alt.as_deref(), Some("Kneading"));
        assert_eq!(shown.extra["cover"], cover);
        take_down(&world.sandbox, "it moves", cover, &receipt);
    }
    assert!(world.calls("media_status") > 3, "it takes a while");
}

#[tokio::test]
async fn a_cover_may_lie_at_an_address() {
    let mut world = World::new().await;
    let mut to = world.pin("it moves");
    to.media = vec![world.video()];
    // An account's picture, which the sandbox serves.
    let cover = format!("{}/www.pinterest.com/avatars/1.png", world.base);
    to.settings.0.insert("coverUrl".to_owned(), json!(cover));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["cover"].as_str().unwrap().len(), 64);
    world.sandbox.forget_posts().unwrap();
    to.media = vec![world.video()];
    to.settings.0.insert("coverUrl".to_owned(), json!(format!("{}/www.pinterest.com/gone.png", world.base)));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::Transient);
    assert!(refused.public.contains("cover"), "{}", refused.public);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn what_a_pin_cannot_be_is_not_sent() {
    let mut world = World::new().await;
    let image = world.image(None);
    let webp = MediaItem { content_type: "image/webp".to_owned(), ..image.clone() };
    for (media, class) in [
        (vec![], Class::ContentRejected),
        (vec![image.clone(); 6], Class::ContentRejected),
        (vec![image.clone(), world.video()], Class::ContentRejected),
        (vec![world.video(), world.video()], Class::ContentRejected),
        (vec![webp], Class::MediaFailed),
    ] {
        let mut to = world.pin("never");
        to.media = media;
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::No), "{}", refused.public);
    }
    let mut to = world.pin("never");
    to.settings.0.insert("dominantColor".to_owned(), json!("green"));
    assert_eq!(world.bench.publish(&to).await.unwrap_err().class, Class::ContentRejected);
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn what_pinterest_refuses_is_told_in_its_words() {
    let mut world = World::new().await;
    let mut to = world.pin("x");
    to.settings.0.insert("boardSectionId".to_owned(), json!("12"));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert!(refused.public.contains("no such section"), "{}", refused.public);
    let long = world.pin(&"x".repeat(801));
    assert!(world.bench.publish(&long).await.unwrap_err().public.contains("maxLength=800"));
    let mut fake = world.pin("x");
    fake.media = vec![world.bench.image(&b"RIFF\0\0\0\0WEBP"[..], "image/png", None)];
    assert_eq!(world.bench.publish(&fake).await.unwrap_err().class, Class::MediaFailed);

    let mut trial = World::with(&[("trial", json!(true))]).await;
    let to = trial.pin("never");
    let refused = trial.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("trial access"), "{}", refused.public);
    assert!(world.posts().is_empty() && trial.posts().is_empty());
}

#[tokio::test]
async fn a_film_that_cannot_be_processed_or_stored_is_refused() {
    let mut world = World::new().await;
    world.sandbox.add_fault(FaultSpec::new("pinterest", FaultKind::ProcessingFailed)).unwrap();
    let mut to = world.pin("never");
    to.media = vec![world.video()];
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    for _ in 0..3 {
        world.fault(FaultKind::Error, "upload_media");
    }
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::Transient);
    assert!(world.posts().is_empty());
    world.assert_nothing_secret_was_said();
}
