//! What survives lost answers, crashes and refusals that lie.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector::suite::{crash_sweep, post};
use connector::{Connector as _, Publication};
use domain::{Class, Span};
use fanfare_platforms::instagram::Instagram;
use net::{Fate, Hook, Request};
use sandbox::{FaultKind, FaultSpec, Sandbox};
use serde_json::json;

use crate::support::{World, take_down};

async fn sweep(mut world: World, to: &Publication, requests: usize) {
    let sandbox = world.sandbox.clone();
    let count = crash_sweep(&mut world.bench, to, |what, receipt| {
        let posts = sandbox.posts();
        assert_eq!(posts[0].media.len(), to.media.len(), "{what}");
        let shown = if to.content_type.is_some() { "" } else { to.text.as_str() };
        take_down(&sandbox, &[shown], what, receipt);
    })
    .await;
    assert_eq!(count, requests);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn an_image_survives_every_lost_answer_and_crash() {
    for mut world in [World::new().await, World::behind_page().await] {
        let mut to = post("one picture #rye");
        to.media = vec![world.photo(1_080, 1_080, Some("a loaf"))];
        // Container, twice its status, quota, publish, address.
        sweep(world, &to, 6).await;
    }
}

#[tokio::test]
async fn a_carousel_survives_every_lost_answer_and_crash() {
    let mut world = World::new().await;
    let mut to = post("two pictures");
    to.media = (0..2).map(|_| world.photo(1_080, 1_080, None)).collect();
    sweep(world, &to, 11).await;
}

#[tokio::test]
async fn a_reel_survives_every_lost_answer_and_crash_by_address_and_by_bytes() {
    for (mut world, requests) in [(World::new().await, 7), (World::behind_page().await, 8)] {
        let mut to = post("a film");
        to.media = vec![world.film()];
        sweep(world, &to, requests).await;
    }
}

#[tokio::test]
async fn a_story_survives_every_lost_answer_and_crash() {
    let mut world = World::new().await;
    let mut to = post("");
    to.content_type = Some("Story".to_owned());
    to.media = vec![world.photo(1_080, 1_920, None)];
    sweep(world, &to, 6).await;
}

#[tokio::test]
async fn a_first_comment_is_never_made_twice() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let mut to = post("post");
    to.media = vec![world.photo(1_080, 1_080, None)];
    to.settings.0.insert("firstComment".to_owned(), json!("order here"));
    crash_sweep(&mut world.bench, &to, |what, receipt| {
        let comments = sandbox.posts().iter().filter(|post| post.text == "order here").count();
        assert!(comments == 1 || !receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        take_down(&sandbox, &["post", "order here"][..=comments], what, receipt);
    })
    .await;
}

#[tokio::test]
async fn whatever_a_publishing_request_answers_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        for status in [400, 500, 503] {
            let mut world = World::new().await;
            let mut to = post("once");
            to.media = vec![world.photo(1_080, 1_080, None)];
            let named = matches!(kind, FaultKind::Error | FaultKind::RefusedButLive).then_some(status);
            let fault = FaultSpec {
                operation: Some("create_post".to_owned()),
                status: named,
                ..FaultSpec::new("instagram", kind)
            };
            world.sandbox.add_fault(fault).unwrap();
            let receipt = world.bench.publish(&to).await.unwrap();
            take_down(&world.sandbox, &["once"], &format!("{kind:?} {status}"), &receipt);
        }
    }
}

#[tokio::test]
async fn a_published_container_is_found_and_not_published_again() {
    for mut world in [World::new().await, World::behind_page().await] {
        let mut to = post("once (only) #tag");
        to.media = vec![world.photo(1_080, 1_080, None)];
        // The same words were posted before.
        world.bench.publish(&to).await.unwrap();
        world.sandbox.forget_posts().unwrap();
        world.bench.pass(Span::from_minutes(10));
        world.fault(FaultKind::DropAfterAccept, "create_post");
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.calls("create_post"), 2);
        assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
        take_down(&world.sandbox, &[&to.text], "read back", &receipt);
    }
}

#[tokio::test]
async fn a_post_that_is_live_but_not_shown_is_not_failed() {
    let mut world = World::new().await;
    let mut to = post("hidden");
    to.media = vec![world.photo(1_080, 1_080, None)];
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let blind = FaultSpec {
        operation: Some("media_list".to_owned()),
        status: Some(400),
        times: Some(0),
        ..FaultSpec::new("instagram", FaultKind::Error)
    };
    world.sandbox.add_fault(blind).unwrap();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("live"), "{:?}", receipt.warnings);
    assert!(receipt.platform_post_url.ends_with("/harbourbakery"), "{receipt:?}");
    assert_eq!((world.posts().len(), world.calls("create_post")), (1, 1));
}

/// A day passes on the platform while the first publishing request is on its way to it.
struct DayBefore(Sandbox, AtomicBool);

impl Hook for DayBefore {
    fn fate(&self, request: &Request) -> Fate {
        if request.url.path().ends_with("/media_publish") && !self.1.swap(true, Ordering::SeqCst) {
            self.0.advance_clock(Span::from_hours(25)).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn a_container_that_ended_while_the_post_waited_is_made_anew() {
    let mut world = World::new().await;
    let mut to = post("slow");
    to.media = vec![world.photo(1_080, 1_080, None)];
    world.bench.meet(Arc::new(DayBefore(world.sandbox.clone(), AtomicBool::new(false))));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("create_container"), world.calls("create_post")), (2, 2));
    take_down(&world.sandbox, &["slow"], "slow", &receipt);
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_goes_out_once() {
    assert!(Instagram.looks_up_after_restore());
    for mut world in [World::new().await, World::behind_page().await] {
        let media = vec![world.photo(1_080, 1_080, None)];
        let with = |text: &str| Publication { media: media.clone(), ..post(text) };
        let backup_at = world.bench.now();
        world.bench.pass(Span::from_hours(2));
        let sent = world.bench.publish(&with("sent")).await.unwrap();
        for number in 0..60 {
            world.bench.pass(Span::from_minutes(20));
            world.bench.publish(&with(&format!("another one, number {number}"))).await.unwrap();
        }
        world.bench.pass(Span::from_hours(3));
        assert_eq!(world.bench.publish_after_restore(&with("sent"), backup_at).await.unwrap(), sent);
        world.bench.publish_after_restore(&with("not sent"), backup_at).await.unwrap();
        assert_eq!(world.posts().len(), 62);
    }
}

#[tokio::test]
async fn after_a_restore_what_bears_no_words_is_left_to_a_person() {
    let mut world = World::new().await;
    let backup_at = world.bench.now();
    let mut story = post("");
    story.content_type = Some("Story".to_owned());
    story.media = vec![world.photo(1_080, 1_920, None)];
    let mut mute = post("");
    mute.media = vec![world.photo(1_080, 1_080, None)];
    let mut beside = post("words");
    beside.media = mute.media.clone();
    world.bench.publish(&mute).await.unwrap();
    for to in [story, mute, beside] {
        let unknown = world.bench.publish_after_restore(&to, backup_at).await.unwrap_err();
        assert_eq!(unknown.class, Class::Ambiguous, "{}", to.text);
    }
    assert_eq!(world.posts().len(), 1);
}
