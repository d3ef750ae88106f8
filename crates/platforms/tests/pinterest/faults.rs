//! What survives lost answers, crashes, a platform that errs, and a restore.

use connector::suite::{crash_sweep, post};
use domain::{Class, Span};
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_pin_or_loses_one() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let mut picture = world.pin("a picture");
    picture.settings.0.insert("title".to_owned(), json!("Rye"));
    picture.settings.0.insert("link".to_owned(), json!("https://example.org/rye"));
    let mut anywhere = world.pin("on the usual board");
    anywhere.settings.0.clear();
    let silent = world.pin("");
    let mut carousel = world.pin("three");
    carousel.media = vec![world.image(Some("a loaf")), world.image(None), world.image(None)];
    let mut film = world.pin("it moves");
    film.media = vec![world.video()];
    for (to, least) in [(picture, 2), (anywhere, 2), (silent, 2), (carousel, 2), (film, 6)] {
        let count = crash_sweep(&mut world.bench, &to, |what, receipt| {
            assert_eq!(sandbox.posts()[0].media.len(), to.media.len(), "{what}");
            take_down(&sandbox, &to.text, what, receipt);
        })
        .await;
        assert!(count >= least, "{count} of {least} {}", to.text);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn whatever_a_new_pin_is_answered_with_there_is_one() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let mut world = World::new().await;
        world.fault(kind, "create_post");
        let to = world.pin("once");
        let receipt = world.bench.publish(&to).await.unwrap();
        take_down(&world.sandbox, "once", &format!("{kind:?}"), &receipt);
    }
    for status in [400, 401, 403, 404, 500, 502] {
        for kind in [FaultKind::Error, FaultKind::RefusedButLive] {
            let mut world = World::new().await;
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, status: Some(status), ..FaultSpec::new("pinterest", kind) };
            world.sandbox.add_fault(fault).unwrap();
            let to = world.pin("once");
            let receipt = world.bench.publish(&to).await.unwrap();
            take_down(&world.sandbox, "once", &format!("{kind:?} {status}"), &receipt);
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_nothing_is_sent_again() {
    for lag_s in [0, 45] {
        let mut world = World::with(&[("list_lag_s", json!(lag_s))]).await;
        world.fault(FaultKind::DropAfterAccept, "create_post");
        let to = world.pin("once");
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.calls("create_post"), 1, "lag {lag_s}");
        take_down(&world.sandbox, "once", "found", &receipt);
    }
}

#[tokio::test]
async fn an_earlier_pin_with_the_same_words_is_not_taken_for_the_lost_one() {
    let mut world = World::new().await;
    let to = world.pin("twice");
    let first = world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_minutes(5));
    world.fault(FaultKind::ResetBefore, "create_post");
    let second = world.bench.publish(&to).await.unwrap();
    assert_ne!(first.platform_post_id, second.platform_post_id);
    assert_eq!(world.posts().len(), 2);
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_time_that_is_named() {
    let mut world = World::new().await;
    for operation in ["get_board", "create_post"] {
        let limit = FaultSpec {
            retry_after: Some(90),
            operation: Some(operation.to_owned()),
            ..FaultSpec::new("pinterest", FaultKind::RateLimit)
        };
        world.sandbox.add_fault(limit).unwrap();
        let to = world.pin("later");
        let limited = world.bench.publish(&to).await.unwrap_err();
        let until = world.bench.now() + Span::from_seconds(90);
        assert_eq!(
            (limited.class, limited.sent),
            (Class::RateLimited { until: Some(until) }, Sent::Answered)
        );
        assert!(world.posts().is_empty());
    }
}

#[tokio::test]
async fn a_film_that_is_gone_is_uploaded_again() {
    let mut world = World::new().await;
    let gone = FaultSpec {
        status: Some(404),
        operation: Some("media_status".to_owned()),
        ..FaultSpec::new("pinterest", FaultKind::Error)
    };
    world.sandbox.add_fault(gone).unwrap();
    let mut to = world.pin("twice uploaded");
    to.media = vec![world.video()];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("register_media"), world.calls("upload_media")), (2, 2));
    take_down(&world.sandbox, "twice uploaded", "again", &receipt);
}

#[tokio::test]
async fn a_film_that_an_earlier_try_used_up_is_not_uploaded_for_a_second_pin() {
    let mut world = World::with(&[("list_lag_s", json!(86_400))]).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let mut to = world.pin("once");
    to.media = vec![world.video()];
    world.bench.publish(&to).await.unwrap_err();
    assert!(world.calls("create_post") > 1);
    assert_eq!((world.calls("register_media"), world.posts().len()), (1, 1));
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_goes_out_once() {
    let mut world = World::new().await;
    let mut to = world.pin("one");
    to.settings.0.clear();
    let backup_at = world.bench.now();
    world.bench.pass(Span::from_hours(2));
    let sent = world.bench.publish(&to).await.unwrap();
    for number in 0..120 {
        let other = world.pin(&format!("number {number}"));
        world.bench.publish(&other).await.unwrap();
    }
    world.bench.pass(Span::from_hours(3));
    let found = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
    assert_eq!(found.platform_post_id, sent.platform_post_id);
    assert_eq!(found.platform_post_url, sent.platform_post_url);
    assert_eq!(world.calls("list_pins"), 2, "the second page has it");
    assert_eq!(world.posts().len(), 121);
    let unsent = world.pin("not sent");
    world.bench.publish_after_restore(&unsent, backup_at).await.unwrap();
    assert_eq!(world.posts().len(), 122);

    let mut silent = post("");
    silent.media = vec![world.image(None)];
    let unknown = world.bench.publish_after_restore(&silent, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.posts().len(), 122);
}
