//! Lost answers, crashes, limits and webhooks that are gone: nothing goes out twice, and what cannot
//! be known is said.

use connector::suite::{crash_sweep_unread, post};
use domain::{Class, Span};
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_message() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let text = post("plain https://example.org");
    let mut files = post("two files");
    files.media = vec![world.image(Some("a loaf")), world.image(None)];
    let mut card = post("");
    card.settings.0.insert("embeds".to_owned(), json!([{"title": "Rye"}]));
    for to in [text, files, card] {
        let mut unknown = 0;
        let count = crash_sweep_unread(&mut world.bench, &to, |what, receipt| {
            if let Some(receipt) = receipt {
                assert_eq!(sandbox.posts()[0].media.len(), to.media.len(), "{what}");
                return take_down(&sandbox, &to.text, what, receipt);
            }
            unknown += 1;
            assert!(sandbox.posts().len() <= 1, "{what}");
            sandbox.forget_posts().unwrap();
        })
        .await;
        assert_eq!(count, 2, "{}", to.text);
        assert!(unknown > 0);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn an_answer_that_proves_nothing_leaves_the_outcome_to_a_person() {
    for kind in [FaultKind::Error, FaultKind::RefusedButLive] {
        for status in [400, 401, 403, 404, 500, 502, 503, 504] {
            let mut world = World::new().await;
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, status: Some(status), ..FaultSpec::new("discord", kind) };
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
        assert_eq!((unknown.class, world.calls("create_post")), (Class::Ambiguous, 1), "{kind:?}");
    }
}

#[tokio::test]
async fn a_limit_ends_at_the_time_that_is_named() {
    let mut world = World::new().await;
    let limit = FaultSpec { retry_after: Some(7), ..FaultSpec::new("discord", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&post("later")).await.unwrap_err();
    assert_eq!(limited.sent, Sent::Answered);
    let Class::RateLimited { until: Some(until) } = limited.class else { panic!("{limited:?}") };
    let wait = until.since(world.bench.now());
    assert!(wait > Span::from_seconds(6) && wait <= Span::from_seconds(7), "{wait:?}");
    assert!(world.posts().is_empty());
    world.bench.pass(wait);
    world.bench.publish(&post("later")).await.unwrap();
}

#[tokio::test]
async fn a_webhook_that_is_gone_has_to_be_connected_again() {
    let mut world = World::new().await;
    world.fault(FaultKind::TokenRevoked);
    let refused = world.bench.publish(&post("no")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::TokenExpired, Sent::Answered));
    let refused = world.bench.publish(&post("no")).await.unwrap_err();
    assert_eq!(refused.class, Class::TokenExpired);
    assert_eq!(world.calls("create_post"), 1, "what is gone is found out before files are sent");
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_file_that_is_refused_is_no_post() {
    let mut world = World::new().await;
    world.sandbox.add_fault(FaultSpec::new("discord", FaultKind::ProcessingFailed)).unwrap();
    let mut to = post("a loaf");
    to.media = vec![world.image(None)];
    assert_eq!(world.bench.publish(&to).await.unwrap_err().class, Class::MediaFailed);
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn after_a_restore_a_person_decides() {
    let mut world = World::new().await;
    let backup_at = world.bench.now();
    let unknown = world.bench.publish_after_restore(&post("maybe"), backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.calls("create_post"), 0);
}
