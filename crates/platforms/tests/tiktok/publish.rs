//! Videos: what becomes live, what is refused, and what goes with a post.

use std::fmt::Write as _;

use connector::suite::post;
use connector::{MediaItem, MediaKind, Next, Platform as _, Publication};
use domain::{Class, Span};
use fanfare_platforms::tiktok::{Stage, State, TikTok};
use net::Sent;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{HANDLE, World, film, take_down};

fn with_video(world: &mut World, text: &str) -> Publication {
    let mut to = post(text);
    to.media = vec![world.video(20)];
    to
}

fn set(to: &mut Publication, settings: &Value) {
    to.settings.0 = settings.as_object().unwrap().clone();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[tokio::test]
async fn a_video_is_live_where_the_receipt_says() {
    let mut world = World::new().await;
    let to = with_video(&mut world, "Pruning & grafting #garden @orchard.films Zażółć 👩🏽‍🚀");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    let id = &receipt.platform_post_id;
    assert!(receipt.platform_post_url.ends_with(&format!("/www.tiktok.com/@{HANDLE}/video/{id}")));
    assert_eq!((world.calls("creator_info"), world.calls("init_upload")), (1, 1));
    assert_eq!((world.calls("upload_chunk"), world.calls("create_post")), (0, 1));
    assert!(world.calls("publish_status") > 1, "it was waited for");
    let extra = world.posts().remove(0).extra;
    let expect = json!({"privacy_level": "PUBLIC_TO_EVERYONE", "video_cover_timestamp_ms": 1_000});
    assert_eq!(extra, expect);
    take_down(&world.sandbox, &to.text, "video", &receipt);
}

#[tokio::test]
async fn a_large_video_goes_over_in_chunks_and_arrives_whole() {
    let mut world = World::new().await;
    let mut to = post("long");
    to.media = vec![world.large_video(20, 25_000_000)];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("upload_chunk"), world.calls("create_post")), (3, 1));
    let media = world.posts().remove(0).media;
    assert_eq!(media[0].sha256, hex(&Sha256::digest(film(20, 25_000_000))));
    take_down(&world.sandbox, "long", "chunks", &receipt);
}

#[tokio::test]
async fn settings_say_who_sees_it_and_what_may_be_done_with_it() {
    let mut world = World::new().await;
    let mut to = with_video(&mut world, "for friends");
    let settings = json!({
        "privacyLevel": "MUTUAL_FOLLOW_FRIENDS", "allowComments": false, "allowDuet": false,
        "allowStitch": true, "videoCoverTimestamp": 2_500, "brandContentToggle": true,
        "brandOrganicToggle": true, "isAigc": true,
    });
    set(&mut to, &settings);
    let receipt = world.bench.publish(&to).await.unwrap();
    let expect = json!({
        "privacy_level": "MUTUAL_FOLLOW_FRIENDS", "disable_comment": true, "disable_duet": true,
        "video_cover_timestamp_ms": 2_500, "brand_content_toggle": true, "brand_organic_toggle": true,
        "is_aigc": true,
    });
    assert_eq!(world.posts().remove(0).extra, expect);
    // Only a post that everybody sees has an id that is told.
    assert!(receipt.platform_post_id.starts_with("v_pub_file~"), "{}", receipt.platform_post_id);
    assert!(receipt.platform_post_url.ends_with(&format!("/@{HANDLE}")), "{}", receipt.platform_post_url);
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
}

#[tokio::test]
async fn nobody_but_the_author_chooses_who_sees_a_post() {
    let mut world = World::with(&[("private", json!(true))]).await;
    let mut to = with_video(&mut world, "for whom?");
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
    assert!(refused.public.contains("FOLLOWER_OF_CREATOR"), "{}", refused.public);
    assert_eq!(world.calls("init_upload"), 0);
    set(&mut to, &json!({"privacyLevel": "FOLLOWER_OF_CREATOR"}));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["privacy_level"], "FOLLOWER_OF_CREATOR");

    set(&mut to, &json!({"privacyLevel": "SELF_ONLY", "brandContentToggle": true}));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
}

#[tokio::test]
async fn what_the_account_has_switched_off_stays_off_and_is_said_where_it_was_asked_for() {
    let off = ["comment_disabled", "duet_disabled", "stitch_disabled"].map(|name| (name, json!(true)));
    let mut world = World::with(&off).await;
    let mut to = with_video(&mut world, "quiet");
    set(&mut to, &json!({"allowComments": true, "allowStitch": false}));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(receipt.warnings.len(), 1, "{:?}", receipt.warnings);
    assert!(receipt.warnings[0].starts_with("Comments are switched off"), "{:?}", receipt.warnings);
    let extra = world.posts().remove(0).extra;
    for name in ["disable_comment", "disable_duet", "disable_stitch"] {
        assert_eq!(extra[name], true, "{name}");
    }
}

#[tokio::test]
async fn a_video_that_is_longer_than_this_account_may_post_is_not_uploaded() {
    let mut world = World::with(&[("max_seconds", json!(60))]).await;
    let mut to = post("long");
    to.media = vec![world.video(61)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::MediaFailed, Sent::No));
    assert!(refused.public.contains("up to 60 s"), "{}", refused.public);
    assert_eq!(world.calls("init_upload"), 0);
    to.media = vec![world.video(60)];
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn what_can_never_go_out_is_refused_before_anything_is_sent() {
    let mut world = World::new().await;
    let video = world.video(5);
    let photo = world.photo();
    let document = MediaItem { kind: MediaKind::Document, ..photo.clone() };
    for (text, media, class) in [
        ("x", vec![], Class::MediaFailed),
        ("x", vec![document], Class::MediaFailed),
        ("x", vec![video.clone(), photo.clone()], Class::MediaFailed),
        ("x", vec![photo.clone(); 36], Class::MediaFailed),
        (&*"😀".repeat(1_101), vec![video.clone()], Class::ContentRejected),
        (&*"x".repeat(4_001), vec![photo.clone()], Class::ContentRejected),
    ] {
        let mut to = post(text);
        to.media = media;
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::No), "{}", refused.public);
    }
    assert!(world.sandbox.requests().is_empty());
    let mut to = post(&"😀".repeat(1_100));
    to.media = vec![video];
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn an_app_that_is_not_audited_posts_to_private_accounts_for_the_owner_alone() {
    let mut world = World::with(&[("unaudited", json!(true))]).await;
    let mut to = with_video(&mut world, "first steps");
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    assert!(refused.public.contains("audited"), "{}", refused.public);
    world.set("private", json!(true));
    set(&mut to, &json!({"privacyLevel": "SELF_ONLY"}));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["privacy_level"], "SELF_ONLY");
}

#[tokio::test]
async fn an_account_that_may_not_post_now_is_told_apart_from_one_that_may_not_post() {
    let mut world = World::with(&[("capped", json!(true))]).await;
    let to = with_video(&mut world, "one too many");
    let full = world.bench.publish(&to).await.unwrap_err();
    let until = world.bench.now() + Span::from_hours(1);
    assert_eq!(full.class, Class::QuotaExhausted { until: Some(until) });
    assert_eq!(world.calls("init_upload"), 0);
    world.set("capped", json!(false));
    world.set("banned", json!(true));
    assert_eq!(world.bench.publish(&to).await.unwrap_err().class, Class::AccountRestricted);
    world.set("banned", json!(false));
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn limits_of_calls_and_posts_are_waited_for() {
    let mut world = World::with(&[("enforce_limits", json!(true))]).await;
    let to = with_video(&mut world, "again");
    let mut limited = 0;
    for number in 0..15 {
        while let Err(failure) = world.bench.publish(&to).await {
            let Class::RateLimited { until: Some(until) } = failure.class else { panic!("{failure:?}") };
            limited += 1;
            world.bench.pass(until.since(world.bench.now()));
        }
        assert_eq!(world.posts().len(), number + 1);
    }
    assert!(limited < 5, "{limited}");
    let full = world.bench.publish(&to).await.unwrap_err();
    assert!(matches!(full.class, Class::QuotaExhausted { until: Some(_) }), "{full:?}");
    world.bench.pass(Span::from_hours(24));
    world.bench.renew().await.unwrap();
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn a_post_whose_address_comes_late_is_live_all_the_same() {
    let mut world = World::with(&[("id_lag_s", json!(60))]).await;
    let to = with_video(&mut world, "looked over");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty());
    take_down(&world.sandbox, "looked over", "late", &receipt);

    world.set("id_lag_s", json!(7_200));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.platform_post_url.ends_with(&format!("/@{HANDLE}")), "{}", receipt.platform_post_url);
    assert_eq!(receipt.warnings.len(), 1, "{:?}", receipt.warnings);
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn what_failed_for_a_passing_reason_is_begun_anew_twice() {
    let mut world = World::with(&[("fail_with", json!(["internal", "internal"]))]).await;
    let to = with_video(&mut world, "third time");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("init_upload"), 3);
    take_down(&world.sandbox, "third time", "anew", &receipt);

    world.set("fail_with", json!(["internal", "internal", "internal"]));
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn what_failed_for_good_says_why() {
    let mut world = World::new().await;
    let to = with_video(&mut world, "no");
    for (reason, class, words) in [
        ("duration_check_failed", Class::MediaFailed, "longer than this account may post"),
        ("frame_rate_check_failed", Class::MediaFailed, "23 to 60 frames"),
        ("picture_size_check_failed", Class::MediaFailed, "pixels"),
        ("spam_risk_text", Class::ContentRejected, "change the text"),
        ("spam_risk_user_banned_from_posting", Class::AccountRestricted, "banned"),
        ("publish_cancelled", Class::ContentRejected, "cancelled"),
    ] {
        world.set("fail_with", json!([reason]));
        let before = world.calls("init_upload");
        let failed = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(failed.class, class, "{reason}");
        assert!(failed.public.contains(words), "{}", failed.public);
        assert_eq!(world.calls("init_upload"), before + 1, "{reason}");
    }
    let mut to = post("no film");
    let item = world.bench.image(b"not a film at all".to_vec(), "video/mp4", None);
    to.media = vec![MediaItem { kind: MediaKind::Video, ..item }];
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert!(failed.public.contains("it must be MP4"), "{}", failed.public);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn a_failure_is_told_once_and_a_later_try_begins_anew() {
    let mut world = World::new().await;
    let to = with_video(&mut world, "later");
    let failed = State {
        stage: Stage::Failed { reason: "spam_risk".to_owned(), since: world.bench.now() },
        publish_id: Some("v_pub_file~v2-1.1".to_owned()),
        made_again: 2,
        ..State::default()
    };
    let told = TikTok.step(&world.bench.cx(), &to, failed.clone()).await.unwrap_err();
    assert_eq!(told.class, Class::ContentRejected);
    world.bench.pass(Span::from_minutes(1));
    let next = TikTok.step(&world.bench.cx(), &to, failed).await.unwrap();
    assert_eq!(next, Next::Go(State::default()));
}

#[tokio::test]
async fn a_video_can_be_fetched_in_place_of_uploaded() {
    let mut world = World::new().await;
    let mut to = with_video(&mut world, "fetched");
    set(&mut to, &json!({"videoSource": "PULL_FROM_URL"}));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("create_post"), world.calls("init_upload")), (1, 0));
    take_down(&world.sandbox, "fetched", "fetched", &receipt);

    world.hide(&to.media[0]);
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    assert!(failed.public.contains("public_url"), "{}", failed.public);
    assert_eq!(world.calls("create_post"), 4, "another try may help");
}

#[tokio::test]
async fn a_draft_waits_in_the_inbox() {
    let mut world = World::new().await;
    let mut to = with_video(&mut world, "write me in the app");
    set(&mut to, &json!({"postMode": "MEDIA_UPLOAD"}));
    for source in ["FILE_UPLOAD", "PULL_FROM_URL"] {
        to.settings.0.insert("videoSource".to_owned(), json!(source));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(receipt.platform_post_url.ends_with("/messages"), "{}", receipt.platform_post_url);
        assert!(receipt.warnings[0].contains("inbox"), "{:?}", receipt.warnings);
    }
    assert_eq!((world.calls("creator_info"), world.calls("create_draft")), (0, 2));
    assert!(world.posts().is_empty());
}
