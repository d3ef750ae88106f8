//! What becomes live, what is refused, and what goes with a post.

use connector::suite::post;
use connector::{MediaItem, MediaKind};
use domain::Class;
use net::Sent;
use serde_json::{Value, json};

use crate::support::{World, take_down};

fn with_settings(text: &str, settings: &Value) -> connector::Publication {
    let mut to = post(text);
    to.settings.0 = settings.as_object().unwrap().clone();
    to
}

#[tokio::test]
async fn a_text_is_live_where_the_receipt_says() {
    let mut world = World::new().await;
    let to =
        post("Rye & <spelt> at 7, see https://example.org/menu?a=1&b=2 #bread @ada@birch.example Zażółć 👩🏽‍🚀");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(
        receipt.platform_post_url.contains("/mastodon.social/@northlight/"),
        "{}",
        receipt.platform_post_url
    );
    assert_eq!(world.posts()[0].extra["visibility"], "public");
    take_down(&world.sandbox, &[&to.text], "text", &receipt);
}

#[tokio::test]
async fn settings_reach_the_parts_that_they_belong_to() {
    let mut world = World::new().await;
    let settings = json!({
        "visibility": "public", "spoilerText": "about bread", "sensitive": true, "language": "de",
        "quotePolicy": "followers",
    });
    let mut to = with_settings("one", &settings);
    to.thread = vec!["two".to_owned()];
    let receipt = world.bench.publish(&to).await.unwrap();
    let posts = world.posts();
    for (post, visibility, quotes) in [(&posts[0], "public", "followers"), (&posts[1], "unlisted", "public")]
    {
        assert_eq!(post.extra["visibility"], visibility);
        assert_eq!(post.extra["quote_policy"], quotes);
        assert_eq!(post.extra["spoiler_text"], "about bread");
        assert_eq!(post.extra["language"], "de");
    }
    take_down(&world.sandbox, &["one", "two"], "thread", &receipt);
    for visibility in ["unlisted", "private", "direct"] {
        let mut to = with_settings("one", &json!({ "visibility": visibility }));
        to.thread = vec!["two".to_owned()];
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(world.posts().iter().all(|post| post.extra["visibility"] == visibility));
        take_down(&world.sandbox, &["one", "two"], visibility, &receipt);
    }
}

#[tokio::test]
async fn images_are_described_and_in_order() {
    let mut world = World::new().await;
    let mut to = post("");
    to.media = vec![world.image(Some("first")), world.image(None), world.image(None)];
    to.settings.0.insert("altText".to_owned(), json!(["unused", "in the settings"]));
    let receipt = world.bench.publish(&to).await.unwrap();
    let media = world.posts().remove(0).media;
    let shown: Vec<_> = media.iter().map(|file| (file.media_type.as_str(), file.alt.as_deref())).collect();
    let expect = [("image/png", Some("first")), ("image/png", Some("in the settings")), ("image/png", None)];
    assert_eq!(shown, expect);
    take_down(&world.sandbox, &[""], "images", &receipt);
}

#[tokio::test]
async fn a_video_is_processed_before_it_is_attached() {
    let mut world = World::new().await;
    let mut to = post("it moves");
    to.media = vec![world.video()];
    world.bench.publish(&to).await.unwrap();
    assert!(world.calls("media_status") > 1, "{}", world.calls("media_status"));
    let media = world.posts().remove(0).media;
    assert_eq!((media[0].media_type.as_str(), media[0].alt.as_deref()), ("video/mp4", Some("Kneading")));
}

#[tokio::test]
async fn a_poll_is_open_for_as_long_as_was_asked() {
    let mut world = World::new().await;
    let poll = json!({"options": ["Rye", "Spelt"], "expiresIn": 3_600, "multiple": true});
    let receipt = world.bench.publish(&with_settings("Which?", &json!({ "poll": poll }))).await.unwrap();
    let shown = world.posts().remove(0);
    assert_eq!(shown.extra["poll"]["options"], json!(["Rye", "Spelt"]));
    assert_eq!(shown.extra["poll"]["multiple"], true);
    take_down(&world.sandbox, &["Which?"], "poll", &receipt);
}

#[tokio::test]
async fn the_servers_own_limits_count() {
    let mut world =
        World::with(&[("server", json!("mastodon.online")), ("max_characters", json!(5_000))]).await;
    assert!(world.bench.connected.account.premium);
    let long = "x".repeat(4_990);
    let receipt = world.bench.publish(&post(&long)).await.unwrap();
    assert!(receipt.platform_post_url.contains("/mastodon.online/@northlight/"));
    take_down(&world.sandbox, &[&long], "long", &receipt);
    let to = with_settings(&long, &json!({"spoilerText": "x".repeat(11)}));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
    assert!(
        refused.public.contains("5001 characters") && refused.public.contains("5000"),
        "{}",
        refused.public
    );
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn what_the_server_does_not_take_is_not_sent() {
    let mut world = World::new().await;
    let image = world.image(None);
    let many = vec![image.clone(); 5];
    let mixed = vec![image.clone(), world.video()];
    let large = vec![MediaItem { size_bytes: 16_777_217, ..image.clone() }];
    let odd = vec![MediaItem { content_type: "image/tiff".to_owned(), ..image.clone() }];
    let document = vec![MediaItem { kind: MediaKind::Document, ..image.clone() }];
    let wordy = vec![MediaItem { alt_text: Some("x".repeat(1_501)), ..image.clone() }];
    for (media, class) in [
        (many, Class::ContentRejected),
        (mixed, Class::ContentRejected),
        (large, Class::MediaFailed),
        (odd, Class::MediaFailed),
        (document, Class::MediaFailed),
        (wordy, Class::ContentRejected),
    ] {
        let mut to = post("never");
        to.media = media;
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::No), "{}", refused.public);
    }
    let mut both = with_settings("never", &json!({"poll": {"options": ["a", "b"]}}));
    both.media = vec![image];
    assert_eq!(world.bench.publish(&both).await.unwrap_err().class, Class::ContentRejected);
    assert_eq!(world.calls("upload_media") + world.calls("create_post"), 0);
}
