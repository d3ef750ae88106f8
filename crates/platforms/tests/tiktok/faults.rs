//! What an upload survives: lost answers, crashes, a platform that errs, a link that ends, a restore.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector::suite::{crash_sweep, post};
use domain::{Class, Span};
use net::{Fate, Hook, Request};
use sandbox::{FaultKind, FaultSpec, Sandbox};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_video_or_loses_one() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let mut small = post("small");
    small.media = vec![world.video(3)];
    let mut large = post("in two chunks");
    large.media = vec![world.large_video(3, 12_500_000)];
    for (to, least) in [(small, 5), (large, 6)] {
        let count = crash_sweep(&mut world.bench, &to, |what, receipt| {
            assert_eq!(sandbox.posts()[0].media[0].size_bytes, to.media[0].size_bytes, "{what}");
            take_down(&sandbox, &to.text, what, receipt);
        })
        .await;
        assert!(count >= least, "{count} of {least} {}", to.text);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_lost_answer_to_the_last_chunk_is_looked_up_and_nothing_is_sent_again() {
    let mut world = World::new().await;
    let mut to = post("once");
    to.media = vec![world.video(3)];
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("create_post"), world.calls("init_upload")), (1, 1));
    take_down(&world.sandbox, "once", "looked up", &receipt);
}

#[tokio::test]
async fn whatever_the_last_chunk_answers_there_is_one_post() {
    for status in [400, 401, 403, 404, 416, 429, 500, 502] {
        for kind in [FaultKind::Error, FaultKind::RefusedButLive] {
            let mut world = World::new().await;
            let mut to = post("once");
            to.media = vec![world.video(3)];
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, status: Some(status), ..FaultSpec::new("tiktok", kind) };
            world.sandbox.add_fault(fault).unwrap();
            let receipt = world.bench.publish(&to).await.unwrap();
            assert_eq!(world.calls("init_upload"), 1, "{kind:?} {status}");
            take_down(&world.sandbox, "once", &format!("{kind:?} {status}"), &receipt);
        }
    }
}

#[tokio::test]
async fn a_chunk_that_arrived_without_an_answer_is_not_sent_twice() {
    let mut world = World::new().await;
    let mut to = post("resumed");
    to.media = vec![world.large_video(3, 19_000_000)];
    world.fault(FaultKind::DropAfterAccept, "upload_chunk");
    world.fault(FaultKind::ResetBefore, "upload_chunk");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("init_upload"), 1);
    assert_eq!(world.posts()[0].media[0].size_bytes, to.media[0].size_bytes);
    take_down(&world.sandbox, "resumed", "chunks", &receipt);
}

#[tokio::test]
async fn an_upload_that_is_gone_is_opened_anew_and_not_for_ever() {
    for status in [403, 404] {
        let mut world = World::new().await;
        let mut to = post("anew");
        to.media = vec![world.large_video(3, 12_500_000)];
        let operation = Some("upload_chunk".to_owned());
        let fault =
            FaultSpec { operation, status: Some(status), ..FaultSpec::new("tiktok", FaultKind::Error) };
        world.sandbox.add_fault(fault.clone()).unwrap();
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.calls("init_upload"), 2);
        take_down(&world.sandbox, "anew", "gone", &receipt);
        world.sandbox.add_fault(FaultSpec { times: Some(3), ..fault }).unwrap();
        let failed = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(failed.class, Class::MediaFailed);
        assert!(world.posts().is_empty());
    }
}

/// Lets two hours pass before the first chunk arrives, which the link does not live for.
struct Late {
    sandbox: Sandbox,
    is_over: AtomicBool,
}

impl Hook for Late {
    fn fate(&self, request: &Request) -> Fate {
        if request.method == http::Method::PUT && !self.is_over.swap(true, Ordering::SeqCst) {
            self.sandbox.advance_clock(Span::from_hours(2)).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn a_link_that_has_ended_is_replaced() {
    let mut world = World::new().await;
    let mut to = post("late");
    to.media = vec![world.large_video(3, 12_500_000)];
    let sandbox = world.sandbox.clone();
    world.bench.meet(Arc::new(Late { sandbox, is_over: AtomicBool::new(false) }));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("init_upload"), 2);
    take_down(&world.sandbox, "late", "late", &receipt);
}

#[tokio::test]
async fn a_platform_that_errs_for_a_moment_is_asked_again() {
    for operation in ["creator_info", "init_upload", "upload_chunk", "publish_status"] {
        let mut world = World::new().await;
        let mut to = post("patience");
        to.media = vec![world.large_video(3, 12_500_000)];
        for kind in [FaultKind::Error, FaultKind::ResetBefore] {
            world.fault(kind, operation);
        }
        let receipt = world.bench.publish(&to).await.unwrap();
        take_down(&world.sandbox, "patience", operation, &receipt);
    }
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_is_left_to_a_person() {
    let mut world = World::new().await;
    let mut to = post("sent before");
    to.media = vec![world.video(3)];
    let backup_at = world.bench.now();
    world.bench.pass(Span::from_hours(2));
    let sent = world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_hours(3));
    let found = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
    assert_eq!(found.platform_post_id, sent.platform_post_id);
    assert_eq!(found.platform_post_url, sent.platform_post_url);

    to.text = "not sent".to_owned();
    let unknown = world.bench.publish_after_restore(&to, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    to.text = "sent before".to_owned();
    to.settings.0.insert("privacyLevel".to_owned(), json!("SELF_ONLY"));
    let unknown = world.bench.publish_after_restore(&to, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.posts().len(), 1);
}
