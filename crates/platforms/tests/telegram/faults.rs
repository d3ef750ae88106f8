//! Lost answers, crashes, floods and refusals: nothing goes out twice, and what cannot be known is
//! said.

use connector::MediaKind;
use connector::suite::{crash_sweep_unread, post};
use domain::{Class, Span};
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{GIF, World, make, take_down};

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_message() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let text = post("plain https://example.org #rye");
    let mut photo = post("one picture");
    photo.media = vec![world.image()];
    let mut video = post("");
    video.media = vec![world.video()];
    let mut animation = post("moves");
    animation.media = vec![world.file(MediaKind::Image, "image/gif", GIF)];
    let mut document = post("menu");
    document.media = vec![world.file(MediaKind::Document, "application/pdf", b"%PDF-1.7")];
    let mut album = post("album");
    album.media = vec![world.image(), world.video()];
    let mut longer = post(&"a".repeat(1_500));
    longer.media = vec![world.image(), world.image()];
    let mut pinned = post("pinned");
    pinned.settings.0.insert("pin".to_owned(), json!(true));
    for (to, texts, requests) in [
        (&text, vec![text.text.as_str()], 1),
        (&photo, vec!["one picture"], 1),
        (&video, vec![""], 1),
        (&animation, vec!["moves"], 1),
        (&document, vec!["menu"], 1),
        (&album, vec!["album"], 1),
        (&longer, vec![longer.text.as_str(), ""], 2),
        (&pinned, vec!["pinned"], 2),
    ] {
        let mut unknown = 0;
        let count = crash_sweep_unread(&mut world.bench, to, |what, receipt| {
            if let Some(receipt) = receipt {
                return take_down(&sandbox, &texts, what, receipt);
            }
            unknown += 1;
            let posts = sandbox.posts();
            let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
            assert!(texts.starts_with(&live), "{what}: {live:?}");
            sandbox.forget_posts().unwrap();
        })
        .await;
        assert_eq!(count, requests, "{}", to.text);
        assert!(unknown > 0, "{}", to.text);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn an_answer_that_proves_nothing_leaves_the_outcome_to_a_person() {
    for kind in [FaultKind::Error, FaultKind::RefusedButLive] {
        for status in [400, 403, 404, 500, 502, 504] {
            let mut world = World::new().await;
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, status: Some(status), ..FaultSpec::new("telegram", kind) };
            world.sandbox.add_fault(fault).unwrap();
            let unknown = world.bench.publish(&post("once")).await.unwrap_err();
            assert_eq!(unknown.class, Class::Ambiguous, "{kind:?} {status}");
            assert_eq!(world.calls("create_post"), 1);
            assert_eq!(world.posts().len(), usize::from(kind == FaultKind::RefusedButLive));
        }
    }
    for kind in [FaultKind::DropAfterAccept, FaultKind::ResetBefore] {
        let mut world = World::new().await;
        world.fault(kind);
        let unknown = world.bench.publish(&post("once")).await.unwrap_err();
        assert_eq!(unknown.class, Class::Ambiguous, "{kind:?}");
        assert_eq!(world.calls("create_post"), 1);
    }
}

#[tokio::test]
async fn a_flood_ends_a_second_after_the_time_that_is_named() {
    let mut world = World::new().await;
    let limit = FaultSpec { retry_after: Some(35), ..FaultSpec::new("telegram", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&post("later")).await.unwrap_err();
    let until = world.bench.now() + Span::from_seconds(36);
    assert_eq!((limited.class, limited.sent), (Class::RateLimited { until: Some(until) }, Sent::Answered));
    assert!(world.posts().is_empty());
    for number in 0..20 {
        world.bench.publish(&post(&format!("{number}"))).await.unwrap();
    }
    let limited = world.bench.publish(&post("20")).await.unwrap_err();
    assert!(matches!(limited.class, Class::RateLimited { until: Some(_) }), "{limited:?}");
    world.bench.pass(Span::from_seconds(61));
    world.bench.publish(&post("20")).await.unwrap();
    assert_eq!(world.posts().len(), 21);
}

#[tokio::test]
async fn a_token_that_was_revoked_and_a_bot_that_was_removed_have_to_be_connected_again() {
    let mut world = World::new().await;
    world.fault(FaultKind::TokenRevoked);
    let refused = world.bench.publish(&post("no")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::TokenExpired, Sent::Answered));
    world.assert_nothing_secret_was_said();

    for (extra, class) in [
        (("bot_status", json!("kicked")), Class::TokenExpired),
        (("bot_status", json!("left")), Class::TokenExpired),
        (("can_post_messages", json!(false)), Class::PermissionMissing),
    ] {
        let mut world = World::new().await;
        make(&world.sandbox, &[extra]);
        let refused = world.bench.publish(&post("no")).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::Answered));
    }
}

#[tokio::test]
async fn a_file_that_is_refused_says_that_the_text_before_it_is_out() {
    let mut world = World::new().await;
    let mut to = post(&"a".repeat(1_100));
    to.media = vec![world.image()];
    world.sandbox.add_fault(FaultSpec::new("telegram", FaultKind::ProcessingFailed)).unwrap();
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::MediaFailed);
    assert!(refused.public.starts_with("The text is out"), "{}", refused.public);
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn after_a_restore_a_person_decides() {
    let mut world = World::new().await;
    let backup_at = world.bench.now();
    let unknown = world.bench.publish_after_restore(&post("maybe"), backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.calls("create_post"), 0);
}
