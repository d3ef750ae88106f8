//! What each kind of post becomes.

use connector::MediaKind;
use connector::suite::post;
use domain::Class;
use serde_json::json;

use crate::support::{GIF, World, make, picture, take_down};

#[tokio::test]
async fn a_text_is_one_message_with_its_link_card() {
    let mut world = World::new().await;
    let receipt = world.bench.publish(&post("Rye <b> & https://example.org #rye")).await.unwrap();
    let posts = world.posts();
    assert_eq!(posts[0].extra["card"]["url"], "https://example.org");
    assert!(receipt.platform_post_url.ends_with(&format!("t.me/harbourbakery/{}", posts[0].id)));
    assert!(receipt.warnings.is_empty());
    take_down(&world.sandbox, &["Rye <b> & https://example.org #rye"], "text", &receipt);
}

#[tokio::test]
async fn settings_are_telegrams_own() {
    let mut world = World::with(&[("type", json!("supergroup")), ("topics", json!([7]))]).await;
    let mut to = post("<b>Rye</b> at https://example.org");
    to.settings.0.extend([
        ("parse_mode".to_owned(), json!("HTML")),
        ("disable_notification".to_owned(), json!(true)),
        ("protect_content".to_owned(), json!(true)),
        ("message_thread_id".to_owned(), json!("7")),
        ("link_preview_options".to_owned(), json!({"is_disabled": true})),
        ("pin".to_owned(), json!(true)),
    ]);
    let receipt = world.bench.publish(&to).await.unwrap();
    let extra = world.posts()[0].extra.clone();
    assert_eq!(
        (&extra["silent"], &extra["protected"], &extra["topic"]),
        (&json!(true), &json!(true), &json!(7))
    );
    assert_eq!((&extra["entities"][0]["type"], &extra["pinned"]), (&json!("bold"), &json!(true)));
    assert_eq!(extra.get("card"), None);
    take_down(&world.sandbox, &["Rye at https://example.org"], "settings", &receipt);

    to.settings.0.insert("message_thread_id".to_owned(), json!(8));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::ContentRejected);
    assert!(refused.public.contains("message_thread_id"), "{}", refused.public);
    to.settings.0.insert("parse_mode".to_owned(), json!("MarkdownV2"));
    to.settings.0.remove("message_thread_id");
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::ContentRejected);
    assert!(refused.public.contains("can't parse entities"), "{}", refused.public);
}

#[tokio::test]
async fn each_kind_of_file_goes_by_its_own_method() {
    let mut world = World::new().await;
    let image = world.image();
    let video = world.video();
    let animation = world.file(MediaKind::Image, "image/gif", GIF);
    let document = world.file(MediaKind::Document, "application/pdf", b"%PDF-1.7 menu");
    let drawing = world.file(MediaKind::Document, "image/png", &picture(640, 480));
    for (item, kind) in [
        (image, "photo"),
        (video, "video"),
        (animation, "animation"),
        (document, "document"),
        (drawing, "document"),
    ] {
        let mut to = post("caption");
        to.media = vec![item.clone()];
        to.settings.0.insert("show_caption_above_media".to_owned(), json!(true));
        to.settings.0.insert("has_spoiler".to_owned(), json!(true));
        let receipt = world.bench.publish(&to).await.unwrap();
        let live = &world.posts()[0];
        assert_eq!(live.extra["kinds"], json!([kind]), "{}", item.content_type);
        assert_eq!(live.media[0].size_bytes, item.size_bytes);
        let is_shown = kind != "document";
        assert_eq!(live.extra.get("spoiler").is_some(), is_shown);
        assert_eq!(live.extra.get("caption_above").is_some(), is_shown);
        take_down(&world.sandbox, &["caption"], kind, &receipt);
    }
}

#[tokio::test]
async fn an_album_is_one_post_with_the_caption_of_its_first_file() {
    let mut world = World::new().await;
    let mut to = post("two loaves");
    to.media = vec![world.image(), world.video(), world.image()];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("create_post"), 1);
    let live = &world.posts()[0];
    assert_eq!(live.extra["kinds"], json!(["photo", "video", "photo"]));
    assert_eq!(live.extra["message_ids"].as_array().unwrap().len(), 3);
    take_down(&world.sandbox, &["two loaves"], "album", &receipt);
    let pdf = |name: &str| format!("%PDF-1.7 {name}").into_bytes();
    to.media = vec![
        world.file(MediaKind::Document, "application/pdf", &pdf("a")),
        world.file(MediaKind::Document, "application/pdf", &pdf("b")),
    ];
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["kinds"], json!(["document", "document"]));
}

#[tokio::test]
async fn a_text_that_is_no_caption_goes_out_before_the_media() {
    let mut world = World::new().await;
    let fits = "😀".repeat(512);
    let longer = "a".repeat(1_025);
    let mut to = post(&fits);
    to.media = vec![world.image()];
    let receipt = world.bench.publish(&to).await.unwrap();
    take_down(&world.sandbox, &[&fits], "caption", &receipt);
    to.text = longer.clone();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.posts()[0].media.len(), world.posts()[1].media.len()), (0, 1));
    take_down(&world.sandbox, &[&longer, ""], "message", &receipt);
    to.media = vec![world.image(), world.image()];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.posts()[0].media.len(), world.posts()[1].media.len()), (0, 2));
    take_down(&world.sandbox, &[&longer, ""], "album", &receipt);
}

#[tokio::test]
async fn a_private_channel_has_addresses_by_number_and_a_basic_group_has_none() {
    let mut world = World::with(&[("public", json!(false))]).await;
    let receipt = world.bench.publish(&post("inside")).await.unwrap();
    let number = world.bench.connected.account.platform_user_id.strip_prefix("-100").unwrap().to_owned();
    assert!(receipt.platform_post_url.contains(&format!("t.me/c/{number}/")), "{receipt:?}");
    take_down(&world.sandbox, &["inside"], "private", &receipt);

    let mut world = World::with(&[("type", json!("group"))]).await;
    let receipt = world.bench.publish(&post("among us")).await.unwrap();
    assert!(receipt.platform_post_url.ends_with("t.me"), "{receipt:?}");
    assert!(receipt.warnings[0].contains("no address"), "{receipt:?}");
}

#[tokio::test]
async fn a_group_that_became_a_supergroup_gets_the_message_once() {
    let mut world = World::with(&[("type", json!("group"))]).await;
    make(&world.sandbox, &[("type", json!("group")), ("upgrade", json!(true))]);
    let receipt = world.bench.publish(&post("moved")).await.unwrap();
    assert_eq!(world.calls("create_post"), 2);
    assert!(receipt.platform_post_url.contains("t.me/c/"), "{receipt:?}");
    assert!(receipt.warnings[0].contains("connect it again"), "{receipt:?}");
    take_down(&world.sandbox, &["moved"], "moved", &receipt);
}

#[tokio::test]
async fn a_pin_that_is_not_allowed_is_a_remark() {
    let mut world = World::with(&[("can_edit_messages", json!(false))]).await;
    let mut to = post("pinned");
    to.settings.0.insert("pin".to_owned(), json!(true));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].starts_with("The message is not pinned"), "{receipt:?}");
    take_down(&world.sandbox, &["pinned"], "pin", &receipt);
}
