//! Photos: fetched from this server, published by the request that names them.

use connector::Publication;
use connector::suite::{Strike, post};
use domain::Class;
use net::{Fate, Sent};
use sandbox::{FaultKind, FaultSpec};
use serde_json::{Value, json};

use crate::support::{World, jpeg, take_down};

fn with_photos(world: &mut World, text: &str, settings: &Value) -> Publication {
    let mut to = post(text);
    to.media = vec![world.photo(), world.photo()];
    to.settings.0 = settings.as_object().unwrap().clone();
    to
}

#[tokio::test]
async fn photos_are_fetched_in_order_and_live_where_the_receipt_says() {
    let mut world = World::new().await;
    let settings = json!({
        "title": "Spring", "autoAddMusic": true, "photoCoverIndex": 1, "allowComments": false,
        "aiGenerated": true,
    });
    let mut to = with_photos(&mut world, "Ten apple trees #garden", &settings);
    let last = world.photo();
    world.serve(&last, [jpeg(1_080, 1_920), b"third".to_vec()].concat());
    to.media.push(last);
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.platform_post_url.contains("/photo/"), "{}", receipt.platform_post_url);
    let posted = world.posts().remove(0);
    let sizes: Vec<u64> = posted.media.iter().map(|file| file.size_bytes).collect();
    let one = jpeg(1_080, 1_350).len() as u64;
    assert_eq!(sizes, [one, one, one + 5]);
    let expect = json!({
        "privacy_level": "PUBLIC_TO_EVERYONE", "title": "Spring", "auto_add_music": true,
        "photo_cover_index": 1, "disable_comment": true, "is_aigc": true,
    });
    assert_eq!(posted.extra, expect);
    take_down(&world.sandbox, &to.text, "photos", &receipt);
}

#[tokio::test]
async fn photos_that_are_no_good_or_cannot_be_had_fail_with_a_reason() {
    let mut world = World::new().await;
    let to = with_photos(&mut world, "two", &json!({}));
    for (bytes, words) in [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0".to_vec(), "photos are JPEG or WebP"),
        (jpeg(1_081, 1_081), "at most 1080p"),
    ] {
        world.serve(&to.media[1], bytes);
        let failed = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(failed.class, Class::MediaFailed);
        assert!(failed.public.contains(words), "{}", failed.public);
    }
    world.hide(&to.media[0]);
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert!(failed.public.contains("public_url"), "{}", failed.public);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn addresses_that_do_not_belong_to_the_app_are_refused() {
    let mut world = World::with(&[("verified", json!(["https://media.example.org/"]))]).await;
    let to = with_photos(&mut world, "two", &json!({}));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::Answered));
    assert!(refused.public.contains("public_url"), "{}", refused.public);
    world.set("verified", json!([world.site]));
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn a_draft_of_photos_keeps_its_words() {
    let mut world = World::new().await;
    let to = with_photos(&mut world, "words", &json!({"postMode": "MEDIA_UPLOAD", "title": "Spring"}));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.platform_post_url.ends_with("/messages"), "{}", receipt.platform_post_url);
    assert_eq!((world.calls("create_draft"), world.calls("creator_info")), (1, 0));
    assert!(world.posts().is_empty());
}

/// The request that names photos publishes them, and TikTok does not know a repeated one: what was
/// perhaps sent is never sent again. It is found where everybody sees it; else nobody can tell.
#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post() {
    let mut world = World::new().await;
    let to = with_photos(&mut world, "only once", &json!({}));
    let count = Strike::never();
    world.bench.meet(count.clone());
    let receipt = world.bench.publish(&to).await.unwrap();
    take_down(&world.sandbox, "only once", "undisturbed", &receipt);
    let mut unknown = 0;
    for first in 0..count.seen() {
        for fate in [Fate::NeverSent, Fate::AnswerLost, Fate::DieBefore, Fate::DieAfter] {
            for length in [1, 2] {
                let what = format!("{length} from request {first}: {fate:?}");
                world.bench.meet(Strike::at(first..first + length, fate));
                match world.bench.publish(&to).await {
                    Ok(receipt) => take_down(&world.sandbox, "only once", &what, &receipt),
                    Err(failure) => {
                        assert_eq!((failure.class, fate), (Class::Ambiguous, Fate::DieBefore), "{what}");
                        assert!(world.posts().is_empty(), "{what}");
                        unknown += 1;
                    }
                }
            }
        }
    }
    assert_eq!(unknown, 2, "only a crash just before the request leaves it open");
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_post_that_not_everybody_sees_cannot_be_looked_up() {
    let mut world = World::new().await;
    let to = with_photos(&mut world, "mine", &json!({"privacyLevel": "SELF_ONLY"}));
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let unknown = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!((world.posts().len(), world.calls("create_post")), (1, 1));
}

#[tokio::test]
async fn an_error_that_is_not_known_is_looked_up_and_nothing_is_sent_again() {
    for status in [400, 403, 404, 500, 502] {
        let mut world = World::new().await;
        let to = with_photos(&mut world, "once", &json!({}));
        let operation = Some("create_post".to_owned());
        let fault = FaultSpec {
            operation,
            status: Some(status),
            ..FaultSpec::new("tiktok", FaultKind::RefusedButLive)
        };
        world.sandbox.add_fault(fault).unwrap();
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.calls("create_post"), 1, "{status}");
        take_down(&world.sandbox, "once", &format!("{status}"), &receipt);
    }
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_time_that_is_named() {
    let mut world = World::new().await;
    let to = with_photos(&mut world, "later", &json!({}));
    let limit = FaultSpec {
        retry_after: Some(90),
        operation: Some("create_post".to_owned()),
        ..FaultSpec::new("tiktok", FaultKind::RateLimit)
    };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&to).await.unwrap_err();
    let until = world.bench.now() + domain::Span::from_seconds(90);
    assert_eq!((limited.class, limited.sent), (Class::RateLimited { until: Some(until) }, Sent::Answered));
    assert!(world.posts().is_empty());
    world.bench.publish(&to).await.unwrap();
}
