//! What survives lost answers, crashes, a server that errs, and a restore.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector::suite::{crash_sweep, post};
use domain::{Class, DestinationId, Span};
use net::{Entropy as _, Fate, Hook, Request, SeededEntropy, Sent};
use sandbox::{FaultKind, FaultSpec, Sandbox};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post_or_loses_one() {
    for server_forgets in [false, true] {
        let mut world = World::with(&[("forgets_keys", json!(server_forgets))]).await;
        let sandbox = world.sandbox.clone();
        let text = post("plain https://example.org #rye @ada@birch.example");
        let mut thread = post("one");
        thread.thread = vec!["two & more".to_owned(), "three".to_owned()];
        thread.settings.0.insert("spoilerText".to_owned(), json!("bread"));
        let mut pictures = post("two pictures");
        pictures.media = vec![world.image(Some("a loaf")), world.image(None)];
        let mut film = post("");
        film.media = vec![world.video()];
        let mut poll = post("Which?");
        poll.settings.0.insert("poll".to_owned(), json!({"options": ["Rye", "Spelt"]}));
        for (to, least) in [(text, 2), (thread, 4), (pictures, 4), (film, 4), (poll, 2)] {
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
}

#[tokio::test]
async fn whatever_a_status_is_answered_with_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let mut world = World::new().await;
        world.fault(kind, "create_post");
        let receipt = world.bench.publish(&post("once")).await.unwrap();
        take_down(&world.sandbox, &["once"], &format!("{kind:?}"), &receipt);
    }
    for status in [400, 401, 403, 404, 410, 500, 502] {
        for kind in [FaultKind::Error, FaultKind::RefusedButLive] {
            let mut world = World::new().await;
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, status: Some(status), ..FaultSpec::new("mastodon", kind) };
            world.sandbox.add_fault(fault).unwrap();
            let receipt = world.bench.publish(&post("once")).await.unwrap();
            take_down(&world.sandbox, &["once"], &format!("{kind:?} {status}"), &receipt);
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_nothing_is_sent_again() {
    let mut world = World::with(&[("forgets_keys", json!(true))]).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert_eq!((world.calls("create_post"), world.calls("user_posts")), (1, 1));
    take_down(&world.sandbox, &["once"], "found", &receipt);
}

#[tokio::test]
async fn a_post_that_is_listed_late_is_known_by_its_key() {
    let mut world = World::with(&[("list_lag_s", json!(600))]).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert_eq!((world.calls("create_post"), world.calls("user_posts")), (2, 2));
    take_down(&world.sandbox, &["once"], "late", &receipt);
}

#[tokio::test]
async fn a_token_that_may_not_read_relies_on_the_key() {
    let mut world = World::with(&[("scopes", json!("profile write:statuses write:media"))]).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert_eq!(world.calls("create_post"), 2);
    take_down(&world.sandbox, &["once"], "by key", &receipt);
}

/// Lets two hours pass before the first look-up arrives.
struct Late {
    sandbox: Sandbox,
    is_over: AtomicBool,
}

impl Hook for Late {
    fn fate(&self, request: &Request) -> Fate {
        if request.url.path().ends_with("/instance") {
            self.is_over.store(false, Ordering::SeqCst);
        }
        if request.url.path().ends_with("/statuses") && !self.is_over.swap(true, Ordering::SeqCst) {
            self.sandbox.advance_clock(Span::from_hours(2)).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn files_that_the_server_has_forgotten_are_uploaded_again() {
    let mut world = World::new().await;
    let mut to = post("twice uploaded");
    to.media = vec![world.video()];
    world.fault(FaultKind::Error, "media_status");
    let gone = FaultSpec {
        status: Some(404),
        operation: Some("media_status".to_owned()),
        ..FaultSpec::new("mastodon", FaultKind::Error)
    };
    world.sandbox.add_fault(gone).unwrap();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("upload_media"), 2);
    take_down(&world.sandbox, &["twice uploaded"], "again", &receipt);
}

#[tokio::test]
async fn a_film_that_cannot_be_processed_is_refused() {
    let mut world = World::new().await;
    for item in [world.video(), world.image(None)] {
        let fault = FaultSpec::new("mastodon", FaultKind::ProcessingFailed);
        world.sandbox.add_fault(fault).unwrap();
        let mut to = post("never");
        to.media = vec![item];
        let failed = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(failed.class, Class::MediaFailed);
    }
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_time_that_is_named() {
    let mut world = World::new().await;
    let limit = FaultSpec {
        retry_after: Some(90),
        operation: Some("create_post".to_owned()),
        ..FaultSpec::new("mastodon", FaultKind::RateLimit)
    };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&post("later")).await.unwrap_err();
    let wait = limited.retry_at().unwrap().since(world.bench.now());
    assert!((Span::from_seconds(80)..=Span::from_seconds(91)).contains(&wait), "{wait:?}");
    assert_eq!(limited.sent, Sent::Answered);
    assert!(world.posts().is_empty());
    world.bench.publish(&post("later")).await.unwrap();
}

#[tokio::test]
async fn a_part_that_is_refused_says_that_the_parts_before_it_are_live() {
    let mut world = World::new().await;
    let mut to = post("one");
    to.thread = vec!["two".to_owned()];
    let part_two = Arc::new(RevokeAfter { sandbox: world.sandbox.clone(), seen: AtomicBool::new(false) });
    world.bench.meet(part_two);
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::TokenExpired);
    assert!(refused.public.starts_with("Part 2 of the thread is not out"), "{}", refused.public);
    assert_eq!(world.posts().len(), 1);
    world.assert_nothing_secret_was_said();
}

/// Has the owner withdraw the access before the second part.
struct RevokeAfter {
    sandbox: Sandbox,
    seen: AtomicBool,
}

impl Hook for RevokeAfter {
    fn fate(&self, request: &Request) -> Fate {
        if request.url.path().ends_with("/statuses") && self.seen.swap(true, Ordering::SeqCst) {
            let operation = Some("create_post".to_owned());
            let fault = FaultSpec { operation, ..FaultSpec::new("mastodon", FaultKind::TokenRevoked) };
            self.sandbox.add_fault(fault).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_goes_out_once() {
    let mut world = World::new().await;
    let mut to = post("one");
    to.thread = vec!["two".to_owned()];
    to.media = vec![world.image(None)];
    let backup_at = world.bench.now();
    world.bench.pass(Span::from_hours(2));
    let sent = world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_hours(3));
    let found = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
    assert_eq!(found, sent);
    assert_eq!(world.posts().len(), 2);
    let mut unsent = post("not sent");
    unsent.destination_id = DestinationId(SeededEntropy::new(2).uuid(world.bench.now()));
    world.bench.publish_after_restore(&unsent, backup_at).await.unwrap();
    assert_eq!(world.posts().len(), 3);

    let mut silent = post("");
    silent.media = vec![world.image(None)];
    let unknown = world.bench.publish_after_restore(&silent, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.posts().len(), 3);
}

#[tokio::test]
async fn many_statuses_since_are_looked_through() {
    let mut world = World::with(&[("forgets_keys", json!(true))]).await;
    let backup_at = world.bench.now();
    let first = world.bench.publish(&post("the first")).await.unwrap();
    for number in 0..45 {
        world.bench.publish(&post(&format!("number {number}"))).await.unwrap();
    }
    let looked = world.calls("user_posts");
    let found = world.bench.publish_after_restore(&post("the first"), backup_at).await.unwrap();
    assert_eq!(found, first);
    assert_eq!(world.calls("user_posts") - looked, 2);
    assert_eq!(world.posts().len(), 46);
}

#[tokio::test]
async fn a_post_that_someone_deleted_is_not_published_again_under_its_key() {
    let mut world = World::new().await;
    world.bench.publish(&post("once")).await.unwrap();
    let status = world.posts().remove(0).id;
    let delete = format!("{}/mastodon.social/api/v1/statuses/{status}", world.base).parse().unwrap();
    let request = Request::new(http::Method::DELETE, delete);
    let token = world.bench.connected.credentials.access_token.clone();
    assert_eq!(world.bench.cx().send(request.bearer(&token)).await.unwrap().status, 200);
    let refused = world.bench.publish(&post("once")).await.unwrap_err();
    assert_eq!(refused.class, Class::ContentRejected);
    assert!(refused.public.contains("deleted there"), "{}", refused.public);
    let late = Late { sandbox: world.sandbox.clone(), is_over: AtomicBool::new(true) };
    world.bench.meet(Arc::new(late));
    world.bench.publish(&post("once")).await.unwrap();
    assert_eq!(world.posts().len(), 1, "keys are forgotten after an hour");
}
