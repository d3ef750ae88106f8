//! What survives lost answers, crashes, a platform that errs, and a restore.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector::suite::{crash_sweep, post};
use domain::{Class, Span};
use net::{Fate, Hook, Request, Sent};
use sandbox::{FaultKind, FaultSpec, Sandbox};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post_or_loses_one() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let text = post("plain https://example.org #rye");
    let mut thread = post("one");
    thread.thread = vec!["two & more".to_owned(), "three".to_owned()];
    let mut picture = post("one picture");
    picture.media = vec![world.image(Some("a loaf"))];
    let mut film = post("");
    film.media = vec![world.video(3)];
    let mut carousel = post("");
    carousel.media = vec![world.image(Some("a loaf")), world.video(3)];
    for (to, least) in [(text, 5), (thread, 11), (picture, 6), (film, 6), (carousel, 10)] {
        let mut texts = vec![to.text.as_str()];
        texts.extend(to.thread.iter().map(String::as_str));
        let count = crash_sweep(&mut world.bench, &to, |what, receipt| {
            let posts = sandbox.posts();
            assert_eq!(posts[0].media.len(), to.media.len(), "{what}");
            let alt = to.media.first().and_then(|item| item.alt_text.clone());
            assert_eq!(posts[0].media.first().and_then(|item| item.alt.clone()), alt, "{what}");
            take_down(&sandbox, &texts, what, receipt);
        })
        .await;
        assert!(count >= least, "{count} of {least} {}", to.text);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_first_comment_is_a_reply_and_cannot_fail_the_post() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let mut to = post("post");
    to.thread = vec!["more".to_owned()];
    to.settings.0.insert("firstComment".to_owned(), json!("order at example.com"));
    crash_sweep(&mut world.bench, &to, |what, receipt| {
        let with = sandbox.posts().len() == 3;
        assert!(with || !receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        let texts = ["post", "more", "order at example.com"];
        take_down(&sandbox, &texts[..if with { 3 } else { 2 }], what, receipt);
    })
    .await;

    to.thread.clear();
    to.settings.0.insert("firstComment".to_owned(), json!("x".repeat(501)));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("first comment"), "{:?}", receipt.warnings);
    take_down(&world.sandbox, &["post"], "refused comment", &receipt);
}

#[tokio::test]
async fn whatever_a_publishing_request_answers_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let mut world = World::new().await;
        world.fault(kind, "create_post");
        let receipt = world.bench.publish(&post("once")).await.unwrap();
        take_down(&world.sandbox, &["once"], &format!("{kind:?}"), &receipt);
    }
    for status in [400, 401, 403, 404, 500, 502] {
        for kind in [FaultKind::Error, FaultKind::RefusedButLive] {
            let mut world = World::new().await;
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, status: Some(status), ..FaultSpec::new("threads", kind) };
            world.bench.pass(Span::from_days(2));
            world.sandbox.add_fault(fault).unwrap();
            let receipt = world.bench.publish(&post("once")).await.unwrap();
            take_down(&world.sandbox, &["once"], &format!("{kind:?} {status}"), &receipt);
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_in_the_container_and_nothing_is_sent_again() {
    let mut world = World::new().await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert_eq!(world.calls("create_post"), 1);
    assert_eq!(world.calls("create_container"), 1);
    take_down(&world.sandbox, &["once"], "container", &receipt);
}

#[tokio::test]
async fn a_post_that_is_listed_late_is_waited_for() {
    let mut world = World::with(&[("list_lag_s", json!(45))]).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert!(receipt.warnings.is_empty());
    assert!(world.calls("user_posts") > 1);
    take_down(&world.sandbox, &["once"], "late", &receipt);
}

#[tokio::test]
async fn a_post_that_is_never_listed_is_live_all_the_same() {
    let mut world = World::with(&[("list_lag_s", json!(86_400))]).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert!(receipt.platform_post_url.ends_with("/@harbourbakery"), "{}", receipt.platform_post_url);
    assert_eq!(receipt.warnings.len(), 1);
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn a_container_that_publishing_does_not_find_yet_is_asked_and_tried_again() {
    let mut world = World::with(&[("publish_lag_s", json!(6))]).await;
    let mut to = post("slow");
    to.media = vec![world.image(None)];
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(world.calls("create_post") > 1);
    assert_eq!(world.calls("create_container"), 1);
    take_down(&world.sandbox, &["slow"], "too soon", &receipt);
}

#[tokio::test]
async fn a_container_that_is_never_found_is_made_anew_twice_and_then_given_up() {
    let mut world = World::with(&[("publish_lag_s", json!(3_600))]).await;
    let failed = world.bench.publish(&post("never")).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    assert_eq!(world.calls("create_container"), 3);
    assert!(world.posts().is_empty());
}

/// Lets a day pass before the first publishing request arrives.
struct Late {
    sandbox: Sandbox,
    is_over: AtomicBool,
}

impl Hook for Late {
    fn fate(&self, request: &Request) -> Fate {
        if request.url.path().ends_with("/threads_publish") && !self.is_over.swap(true, Ordering::SeqCst) {
            self.sandbox.advance_clock(Span::from_hours(25)).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn a_container_that_has_expired_is_made_anew() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    world.bench.meet(Arc::new(Late { sandbox, is_over: AtomicBool::new(false) }));
    let receipt = world.bench.publish(&post("late")).await.unwrap();
    assert_eq!((world.calls("create_container"), world.calls("create_post")), (2, 2));
    take_down(&world.sandbox, &["late"], "expired", &receipt);
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_time_that_is_named() {
    let mut world = World::new().await;
    for operation in ["create_container", "create_post"] {
        let limit = FaultSpec {
            retry_after: Some(90),
            operation: Some(operation.to_owned()),
            ..FaultSpec::new("threads", FaultKind::RateLimit)
        };
        world.sandbox.add_fault(limit).unwrap();
        let limited = world.bench.publish(&post("later")).await.unwrap_err();
        let until = world.bench.now() + Span::from_seconds(90);
        assert_eq!(
            (limited.class, limited.sent),
            (Class::RateLimited { until: Some(until) }, Sent::Answered)
        );
        assert_eq!(world.posts().len(), 0);
    }
    world.bench.publish(&post("later")).await.unwrap();
}

#[tokio::test]
async fn a_part_that_is_refused_says_that_the_parts_before_it_are_live() {
    let mut world = World::new().await;
    let mut to = post("one");
    to.thread = vec!["x".repeat(501)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::ContentRejected);
    assert!(refused.public.starts_with("Part 2 of the thread is not out"), "{}", refused.public);
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_goes_out_once() {
    let mut world = World::new().await;
    let mut to = post("one");
    to.thread = vec!["two".to_owned()];
    to.settings.0.insert("firstComment".to_owned(), json!("three"));
    let backup_at = world.bench.now();
    world.bench.pass(Span::from_hours(2));
    let sent = world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_hours(3));
    let found = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
    assert_eq!(found.platform_post_id, sent.platform_post_id);
    assert_eq!(found.platform_post_url, sent.platform_post_url);
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    assert_eq!(world.posts().len(), 3);
    world.bench.publish_after_restore(&post("not sent"), backup_at).await.unwrap();
    assert_eq!(world.posts().len(), 4);

    let mut silent = post("");
    silent.media = vec![world.image(None)];
    let unknown = world.bench.publish_after_restore(&silent, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.posts().len(), 4);
}
