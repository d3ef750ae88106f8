//! What becomes live, what is refused, and what goes with a post.

use connector::suite::post;
use connector::{MediaItem, MediaKind};
use domain::Class;
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, film, picture, take_down};

#[tokio::test]
async fn a_text_is_live_where_the_receipt_says() {
    let mut world = World::new().await;
    let to = post("Rye & <spelt> at 7, see https://example.org/menu?a=1&b=2 #bread Zażółć 👩🏽‍🚀");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    let extra = world.posts().remove(0).extra;
    assert_eq!(extra["topic_tag"], "bread");
    assert_eq!(extra["card"]["url"], "https://example.org/menu?a=1&b=2");
    take_down(&world.sandbox, &[&to.text], "text", &receipt);
}

#[tokio::test]
async fn an_image_is_fetched_from_its_address_and_described() {
    let mut world = World::new().await;
    let mut to = post("one picture");
    to.media = vec![world.image(Some("Loaves on a shelf"))];
    let receipt = world.bench.publish(&to).await.unwrap();
    let media = world.posts().remove(0).media;
    assert_eq!(media[0].size_bytes, picture(640, 480).len() as u64);
    assert_eq!(media[0].media_type, "image/png");
    assert_eq!(media[0].alt.as_deref(), Some("Loaves on a shelf"));
    take_down(&world.sandbox, &[&to.text], "image", &receipt);
}

#[tokio::test]
async fn a_video_is_processed_before_it_is_published() {
    let mut world = World::new().await;
    let mut to = post("it moves");
    to.media = vec![world.video(20)];
    world.bench.publish(&to).await.unwrap();
    assert!(world.calls("container_status") > 2, "{}", world.calls("container_status"));
    assert_eq!(world.posts()[0].media[0].media_type, "video/mp4");
}

#[tokio::test]
async fn a_carousel_has_its_items_in_order() {
    let mut world = World::new().await;
    let mut to = post("");
    let mut last = world.image(None);
    world.serve(&last, picture(700, 700));
    last.alt_text = Some("last".to_owned());
    to.media = vec![world.image(Some("first")), world.video(3), last];
    to.settings.0.insert("altText".to_owned(), json!(["unused", "in the settings"]));
    let receipt = world.bench.publish(&to).await.unwrap();
    let media = world.posts().remove(0).media;
    let shown: Vec<_> = media.iter().map(|file| (file.media_type.as_str(), file.alt.as_deref())).collect();
    let expect =
        [("image/png", Some("first")), ("video/mp4", Some("in the settings")), ("image/png", Some("last"))];
    assert_eq!(shown, expect);
    take_down(&world.sandbox, &[""], "carousel", &receipt);
}

#[tokio::test]
async fn settings_reach_the_first_part_only() {
    let mut world = World::new().await;
    for (word, there) in [("following", "accounts_you_follow"), ("mentioned", "mentioned_only")] {
        let mut to = post("for some");
        to.thread = vec!["more".to_owned()];
        let settings =
            json!({"replyControl": word, "topicTag": "#Rye bread", "link": "https://example.org/a"});
        to.settings.0 = settings.as_object().unwrap().clone();
        let receipt = world.bench.publish(&to).await.unwrap();
        let posts = world.posts();
        assert_eq!(posts[0].extra["reply_control"], there);
        assert_eq!(posts[0].extra["topic_tag"], "Rye bread");
        assert_eq!(posts[0].extra["card"]["url"], "https://example.org/a");
        assert!(posts[1].extra.is_null(), "{}", posts[1].extra);
        take_down(&world.sandbox, &["for some", "more"], word, &receipt);
    }
    let mut to = post("for all");
    to.settings.0.insert("replyControl".to_owned(), json!("everyone"));
    world.bench.publish(&to).await.unwrap();
    assert!(world.posts()[0].extra.is_null());
}

#[tokio::test]
async fn what_would_break_a_thread_in_the_middle_is_refused_before_it_begins() {
    let mut world = World::new().await;
    let mut to = post("one");
    let links: Vec<String> = (0..6).map(|number| format!("https://example.org/{number}")).collect();
    to.thread = vec!["two".to_owned(), links.join(" ")];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));

    let scopes = json!("threads_basic,threads_content_publish");
    let mut world = World::with(&[("scopes", scopes)]).await;
    to.thread = vec!["two".to_owned()];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::No));
    assert!(world.posts().is_empty());
    // Without replies it may publish.
    let receipt = world.bench.publish(&post("alone")).await.unwrap();
    take_down(&world.sandbox, &["alone"], "alone", &receipt);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_for_good() {
    let mut world = World::new().await;
    let refused = world.bench.publish(&post(&"x".repeat(501))).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert_eq!(world.calls("create_container"), 1);
}

#[tokio::test]
async fn a_document_is_refused_before_anything_is_sent() {
    let mut world = World::new().await;
    let mut to = post("menu");
    let item = world.image(None);
    to.media = vec![MediaItem { kind: MediaKind::Document, ..item }];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::MediaFailed, Sent::No));
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn media_that_cannot_be_fetched_or_is_no_good_fails_the_post_with_a_reason() {
    let mut world = World::new().await;
    let image = world.image(None);
    world.hide(&image);
    let mut to = post("picture");
    to.media = vec![image.clone()];
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    assert!(failed.public.contains("public_url"), "{}", failed.public);

    world.serve(&image, picture(1_500, 100));
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert!(failed.public.contains("unequal"), "{}", failed.public);

    to.media = vec![world.video(301)];
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert!(failed.public.contains("five minutes"), "{}", failed.public);

    let video = world.video(5);
    world.hide(&video);
    to.media = vec![video];
    let before = world.calls("create_container");
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    assert_eq!(world.calls("create_container") - before, 3, "another try may help");
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn an_item_of_a_carousel_that_fails_for_a_moment_is_made_again() {
    let mut world = World::new().await;
    let mut to = post("two");
    to.media = vec![world.image(None), world.image(None)];
    world.sandbox.add_fault(FaultSpec::new("threads", FaultKind::ProcessingFailed)).unwrap();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].media.len(), 2);
    take_down(&world.sandbox, &["two"], "again", &receipt);

    to.media = vec![world.video(5)];
    world.serve(&to.media[0], film(5));
    world.sandbox.add_fault(FaultSpec::new("threads", FaultKind::ProcessingFailed)).unwrap();
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
}

#[tokio::test]
async fn a_used_up_allowance_is_waited_for_and_nothing_is_made() {
    let mut world = World::with(&[("enforce_limits", json!(true))]).await;
    for number in 0..250 {
        world.bench.publish(&post(&format!("number {number}"))).await.unwrap();
    }
    let made = world.calls("create_container");
    let full = world.bench.publish(&post("one more")).await.unwrap_err();
    assert_eq!(full.sent, Sent::No);
    let Class::QuotaExhausted { until: Some(until) } = full.class else { panic!("{full:?}") };
    assert!(until > world.bench.now());
    assert_eq!(world.calls("create_container"), made);
    world.bench.pass(domain::Span::from_hours(24));
    world.bench.publish(&post("one more")).await.unwrap();
}
