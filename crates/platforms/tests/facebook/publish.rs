//! What becomes live, and what the platform refuses.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector::Connector as _;
use connector::suite::post;
use domain::{Class, Span};
use fanfare_platforms::facebook::Facebook;
use net::{Fate, Hook, Request, Sent};
use sandbox::{FaultKind, FaultSpec, Sandbox};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn a_text_is_live_where_the_receipt_says() {
    let mut world = World::new().await;
    let to = post("Rye & <spelt> 👩🏽‍🚀\nsee https://example.org/menu?a=1&b=2.");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    assert_eq!(world.posts()[0].extra["link"], "https://example.org/menu?a=1&b=2");
    take_down(&world.sandbox, &[&to.text], "text", &receipt);
}

#[tokio::test]
async fn photos_are_described_and_keep_their_order() {
    let mut world = World::new().await;
    let mut to = post("two photos");
    to.media =
        vec![world.photo(Some("Loaves on a shelf")), world.bench.image(&b"GIF89a-"[..], "image/gif", None)];
    to.settings.0.insert("link".to_owned(), json!("https://example.org"));
    let receipt = world.bench.publish(&to).await.unwrap();
    let media = world.posts().remove(0).media;
    let shown: Vec<_> = media.iter().map(|item| (item.media_type.as_str(), item.alt.as_deref())).collect();
    assert_eq!(shown, [("image/png", Some("Loaves on a shelf")), ("image/gif", None)]);
    assert_eq!(world.calls("upload_photo"), 2);
    assert!(receipt.warnings[0].contains("link"), "{:?}", receipt.warnings);
}

#[tokio::test]
async fn a_video_goes_over_in_the_pieces_that_the_platform_cuts() {
    let mut world = World::new().await;
    let mut to = post("how we bake");
    to.settings.0 = json!({"videoType": "video", "title": "Bread"}).as_object().unwrap().clone();
    to.media = vec![world.film(2_500_000)];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].media[0].size_bytes, 2_500_000);
    assert_eq!(world.calls("upload_transfer"), 3);
    assert!(receipt.platform_post_url.contains("/videos/"), "{receipt:?}");
    take_down(&world.sandbox, &["how we bake"], "video", &receipt);
}

#[tokio::test]
async fn reels_and_stories_are_what_was_asked_for() {
    let mut world = World::new().await;
    let mut to = post("upright");
    to.media = vec![world.film(60_000)];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["reel"], true);
    assert!(receipt.platform_post_url.contains("/reel/"), "{receipt:?}");
    take_down(&world.sandbox, &["upright"], "reel", &receipt);

    to.content_type = Some("Story".to_owned());
    for media in [world.film(60_000), world.photo(None)] {
        to.media = vec![media];
        to.settings.0.insert("firstComment".to_owned(), json!("never shown"));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.posts()[0].extra["story"], true);
        assert_eq!(receipt.warnings.len(), 2, "{:?}", receipt.warnings);
        take_down(&world.sandbox, &[""], "story", &receipt);
    }
}

#[tokio::test]
async fn an_upload_that_broke_off_goes_on_where_it_stopped() {
    let mut world = World::new().await;
    let mut to = post("reel");
    to.media = vec![world.film(60_000)];
    world.fault(FaultKind::DropAfterAccept, "upload_bytes");
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("upload_bytes"), 1, "the bytes were there already");
    assert_eq!(world.calls("upload_start"), 1);
}

#[tokio::test]
async fn what_cannot_be_processed_is_never_live() {
    for video_type in ["video", "reel"] {
        let mut world = World::new().await;
        let mut to = post("broken");
        to.settings.0.insert("videoType".to_owned(), json!(video_type));
        to.media = vec![world.film(60_000)];
        world.sandbox.add_fault(FaultSpec::new("facebook", FaultKind::ProcessingFailed)).unwrap();
        let failed = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(failed.class, Class::MediaFailed, "{failed:?}");
        assert!(failed.public.contains("could not be processed"), "{}", failed.public);
        assert_eq!(world.posts().len(), 0);
    }
    let mut world = World::new().await;
    let mut to = post("no picture");
    to.media = vec![world.bench.image(&b"hello"[..], "image/png", None)];
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed, "{failed:?}");
}

#[tokio::test]
async fn a_link_that_is_not_taken_costs_the_card_unless_the_author_named_it() {
    let mut world = World::new().await;
    let receipt = world.bench.publish(&post("see https://nothing.invalid/x")).await.unwrap();
    assert!(world.posts()[0].extra["link"].is_null());
    take_down(&world.sandbox, &["see https://nothing.invalid/x"], "link", &receipt);
    let mut named = post("see");
    named.settings.0.insert("link".to_owned(), json!("https://www.facebook.com/x"));
    let refused = world.bench.publish(&named).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert_eq!(world.posts().len(), 0);
}

#[tokio::test]
async fn the_same_text_twice_is_a_duplicate_and_a_long_one_is_refused() {
    let mut world = World::new().await;
    world.bench.publish(&post("again")).await.unwrap();
    let refused = world.bench.publish(&post("again")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::Duplicate { existing: None }, Sent::Answered));
    let refused = world.bench.publish(&post(&"x".repeat(63_207))).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_platforms_own_time() {
    let mut world = World::new().await;
    let limit = FaultSpec { retry_after: Some(300), ..FaultSpec::new("facebook", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&post("later")).await.unwrap_err();
    assert_eq!(limited.class, Class::RateLimited { until: Some(world.bench.now() + Span::from_minutes(5)) });
    assert_eq!(world.posts().len(), 0);
    world.bench.publish(&post("later")).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_access_says_that_the_page_has_to_be_connected_again() {
    let mut world = World::new().await;
    world.sandbox.add_fault(FaultSpec::new("facebook", FaultKind::TokenRevoked)).unwrap();
    for _ in 0..2 {
        let ended = world.bench.publish(&post("no")).await.unwrap_err();
        assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
        assert!(ended.public.contains("connect it again"), "{}", ended.public);
    }
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn missing_permissions_and_tasks_are_named() {
    for extra in [("scopes", json!("pages_show_list")), ("tasks", json!(["ANALYZE"]))] {
        let mut world = World::with(&[extra]).await;
        let refused = world.bench.publish(&post("no")).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::Answered));
    }
    let wanted = [("scopes", json!("pages_show_list,pages_manage_posts,pages_read_engagement"))];
    let mut world = World::with(&wanted).await;
    let mut to = post("post");
    to.settings.0.insert("firstComment".to_owned(), json!("comment"));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("pages_manage_engagement"), "{:?}", receipt.warnings);
    take_down(&world.sandbox, &["post"], "comment", &receipt);
}

#[tokio::test]
async fn the_version_of_the_api_is_the_configured_one_and_must_be_served() {
    let mut world = World::new().await;
    world.bench.connected.hosts.set_version("v21.0");
    world.bench.publish(&post("old")).await.unwrap();
    assert!(world.sandbox.requests()[0].path.starts_with("/v21.0/"));
    world.bench.pass(Span::from_days(400));
    let refused = world.bench.publish(&post("older")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::Answered));
    assert!(refused.public.contains("version"), "{}", refused.public);
    world.bench.connected.hosts.set_version("v26.0");
    world.bench.publish(&post("older")).await.unwrap();
}

/// Two days pass on the platform while the first publishing request is on its way to it.
struct DaysBefore(Sandbox, AtomicBool);

impl Hook for DaysBefore {
    fn fate(&self, request: &Request) -> Fate {
        if request.url.path().ends_with("/feed") && !self.1.swap(true, Ordering::SeqCst) {
            self.0.advance_clock(Span::from_days(2)).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn photos_that_ended_while_the_post_waited_are_uploaded_again() {
    let mut world = World::new().await;
    let mut to = post("slow");
    to.media = (0..2).map(|_| world.photo(None)).collect();
    world.bench.meet(Arc::new(DaysBefore(world.sandbox.clone(), AtomicBool::new(false))));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("upload_photo"), world.calls("create_post")), (4, 2));
    assert_eq!(world.posts()[0].media.len(), 2);
    take_down(&world.sandbox, &["slow"], "slow", &receipt);
}

#[tokio::test]
async fn the_account_is_the_page_of_the_token() {
    let world = World::new().await;
    let identity = Facebook.auth().identify(&world.bench.cx()).await.unwrap();
    let account = &world.bench.connected.account;
    assert_eq!(identity.platform_user_id, account.platform_user_id);
    assert_eq!(
        (identity.username, identity.display_name),
        (account.username.clone(), "harbourbakery".to_owned())
    );
    assert!(identity.avatar_url.unwrap().starts_with(&world.base));
}

#[tokio::test]
async fn what_facebook_has_no_place_for_is_refused_before_anything_is_sent() {
    let mut world = World::new().await;
    let mut mixed = post("both");
    mixed.media = vec![world.photo(None), world.film(50_000)];
    let mut story = post("two");
    story.media = vec![world.photo(None), world.photo(None)];
    story.content_type = Some("Story".to_owned());
    for to in [mixed, story, post("")] {
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}
