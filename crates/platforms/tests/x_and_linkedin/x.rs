//! X: what becomes live, what the platform refuses, and what survives lost answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector::Connector as _;
use connector::suite::{PIXEL, Strike, crash_sweep, film, post};
use domain::{Class, Span};
use fanfare_platforms::x::X;
use net::{Fate, Hook, Request, Sent};
use sandbox::{CreateAccount, FaultKind, FaultSpec, Sandbox};
use serde_json::json;

use crate::support::{World, take_down};

async fn world() -> World {
    World::new(X, "x", CreateAccount::default()).await
}

#[tokio::test]
async fn a_text_is_live_where_the_receipt_says() {
    let mut world = world().await;
    let to = post("Rye & <spelt> at 7, see https://example.org/menu?a=1&b=2 or example.com");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    take_down(&world.sandbox, &[&to.text], "text", &receipt);
}

#[tokio::test]
async fn images_are_uploaded_in_segments_and_described() {
    let mut world = world().await;
    let mut large = PIXEL.to_vec();
    large.resize(5_000_000, 0);
    let mut to = post("two pictures");
    to.media = vec![
        world.bench.image(large, "image/png", Some("Loaves on a shelf")),
        world.bench.image(PIXEL, "image/png", None),
    ];
    world.bench.publish(&to).await.unwrap();
    let media = world.posts().remove(0).media;
    assert_eq!(media.iter().map(|item| item.size_bytes).collect::<Vec<_>>(), [5_000_000, PIXEL.len() as u64]);
    assert_eq!(media[0].alt.as_deref(), Some("Loaves on a shelf"));
    assert_eq!(media[1].alt, None);
    assert_eq!(world.calls("media_append"), 3);
}

#[tokio::test]
async fn descriptions_may_stand_in_the_settings() {
    for (setting, expect) in
        [(json!("all"), ["all", "all"]), (json!(["first", "second"]), ["first", "second"])]
    {
        let mut world = world().await;
        let mut to = post("two pictures");
        to.media = (0..2).map(|_| world.bench.image(PIXEL, "image/png", None)).collect();
        to.settings.0.insert("mediaAltText".to_owned(), setting);
        world.bench.publish(&to).await.unwrap();
        let media = world.posts().remove(0).media;
        let texts: Vec<_> = media.iter().map(|item| item.alt.as_deref().unwrap_or_default()).collect();
        assert_eq!(texts, expect);
    }
}

#[tokio::test]
async fn a_gif_waits_until_it_is_processed() {
    let mut world = world().await;
    let mut to = post("it moves");
    to.media = vec![world.bench.image(&b"GIF89a\x01\0\x01\0\0\0\0;"[..], "image/gif", None)];
    world.bench.publish(&to).await.unwrap();
    assert!(world.calls("media_status") > 0);
    assert_eq!(world.posts()[0].media[0].media_type, "image/gif");

    world.sandbox.add_fault(FaultSpec::new("x", FaultKind::ProcessingFailed)).unwrap();
    to.text = "it does not".to_owned();
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
}

#[tokio::test]
async fn a_video_goes_up_in_segments_and_goes_on_where_it_stood() {
    let mut world = world().await;
    let mut to = post("it moves");
    let bytes = film(9_000_000);
    to.media = vec![world.bench.video(bytes.clone())];
    // The answer to the second segment is lost with the process: only that one is sent again.
    world.bench.meet(Strike::at(2..3, Fate::DieAfter));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((world.calls("media_append"), world.calls("media_initialize")), (4, 1));
    assert!(world.calls("media_status") > 0);
    let media = world.posts().remove(0).media.remove(0);
    assert_eq!((media.media_type.as_str(), media.size_bytes), ("video/mp4", bytes.len() as u64));
    take_down(&world.sandbox, &["it moves"], "video", &receipt);

    world.sandbox.add_fault(FaultSpec::new("x", FaultKind::ProcessingFailed)).unwrap();
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_video_or_gif() {
    let mut world = world().await;
    let sandbox = world.sandbox.clone();
    let mut video = post("it moves");
    video.media = vec![world.bench.video(film(5_000))];
    let mut gif = post("it moves too");
    gif.media = vec![world.bench.image(&b"GIF89a\x01\0\x01\0\0\0\0;"[..], "image/gif", Some("a loaf"))];
    for to in [video, gif] {
        crash_sweep(&mut world.bench, &to, |what, receipt| {
            let media = sandbox.posts().remove(0).media;
            assert_eq!((media.len(), media[0].alt.clone()), (1, to.media[0].alt_text.clone()), "{what}");
            take_down(&sandbox, &[&to.text], what, receipt);
        })
        .await;
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn settings_reach_the_platform() {
    let mut world = world().await;
    let mut to = post("for those I follow");
    to.settings.0 = json!({ "replySettings": "following", "made_with_ai": true, "community_id": 77 })
        .as_object()
        .unwrap()
        .clone();
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["reply_settings"], "following");
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post_or_loses_one() {
    let mut world = world().await;
    let sandbox = world.sandbox.clone();
    let text = post("plain https://example.org");
    let mut thread = post("one");
    thread.thread = vec!["two & more".to_owned(), "three".to_owned()];
    let mut picture = post("one picture");
    picture.media = vec![world.bench.image(PIXEL, "image/png", Some("a loaf"))];
    let mut pictures = post("");
    pictures.media = (0..4).map(|_| world.bench.image(PIXEL, "image/png", None)).collect();
    for (to, requests) in [(text, 1), (thread, 3), (picture, 5), (pictures, 13)] {
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
        assert_eq!(count, requests, "{}", to.text);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn whatever_a_publishing_request_answers_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let mut world = world().await;
        world.fault(kind, "create_post");
        let receipt = world.bench.publish(&post("once")).await.unwrap();
        take_down(&world.sandbox, &["once"], &format!("{kind:?}"), &receipt);
    }
}

#[tokio::test]
async fn a_first_comment_is_a_reply_and_cannot_fail_the_post() {
    let mut world = world().await;
    let sandbox = world.sandbox.clone();
    let mut to = post("post");
    to.thread = vec!["more".to_owned()];
    to.settings.0.insert("firstComment".to_owned(), json!("order at example.com"));
    let requests = crash_sweep(&mut world.bench, &to, |what, receipt| {
        let with = sandbox.posts().len() == 3;
        assert!(with || !receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        let texts = ["post", "more", "order at example.com"];
        take_down(&sandbox, &texts[..if with { 3 } else { 2 }], what, receipt);
    })
    .await;
    assert_eq!(requests, 3);

    to.settings.0.insert("firstComment".to_owned(), json!("x".repeat(281)));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("first comment"), "{:?}", receipt.warnings);
    take_down(&sandbox, &["post", "more"], "refused comment", &receipt);
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_platforms_own_time() {
    let mut world = world().await;
    let limit = FaultSpec { retry_after: Some(90), ..FaultSpec::new("x", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&post("later")).await.unwrap_err();
    let Class::RateLimited { until: Some(until) } = limited.class else { panic!("{limited:?}") };
    let wait = until.since(world.sandbox.now());
    assert!(wait > Span::from_seconds(80) && wait < Span::from_seconds(95), "{wait:?}");
    assert_eq!(limited.sent, Sent::Answered);
    assert_eq!(world.posts().len(), 0);
    world.bench.publish(&post("later")).await.unwrap();
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_refresh_token_changes_each_time() {
    let mut world = world().await;
    world.bench.pass(Span::from_hours(3));
    let first = world.bench.connected.credentials.clone();
    world.bench.publish(&post("after three hours")).await.unwrap();
    let second = world.bench.connected.credentials.clone();
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    assert!(second.access_expires_at > Some(world.bench.now()));
    assert_eq!(second.scopes, first.scopes);

    // The token that was used before is no longer worth anything, and takes the new one with it.
    world.bench.connected.credentials = first;
    let reused = world.bench.renew().await.unwrap_err();
    assert_eq!(reused.class, Class::TokenExpired);
    world.bench.connected.credentials = second;
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_renewal_that_fails_in_passing_is_no_revocation() {
    let mut world = world().await;
    world.fault_with_status(503, "refresh_token");
    let failure = world.bench.renew().await.unwrap_err();
    assert_eq!((failure.class, failure.sent), (Class::Transient, Sent::Maybe));
    world.bench.renew().await.unwrap();
}

#[tokio::test]
async fn a_public_app_names_itself_in_the_body() {
    let mut world = world().await;
    world.bench.connected.app.client_secret = String::new();
    world.bench.renew().await.unwrap();
    world.bench.connected.app.client_id = "someone else's".to_owned();
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::PermissionMissing);
}

#[tokio::test]
async fn the_same_text_twice_is_a_duplicate() {
    let mut world = world().await;
    world.bench.publish(&post("again")).await.unwrap();
    let refused = world.bench.publish(&post("again")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::Duplicate { existing: None }, Sent::Answered));
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_for_good() {
    let mut world = world().await;
    let refused = world.bench.publish(&post(&"x".repeat(281))).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert_eq!(world.calls("create_post"), 1);
}

/// A day passes on the platform while the first publishing request is on its way to it.
struct DayBefore(Sandbox, AtomicBool);

impl Hook for DayBefore {
    fn fate(&self, request: &Request) -> Fate {
        if request.url.path().ends_with("/2/tweets") && !self.1.swap(true, Ordering::SeqCst) {
            self.0.advance_clock(Span::from_hours(25)).unwrap();
        }
        Fate::Pass
    }
}

#[tokio::test]
async fn media_and_a_token_that_ended_while_the_post_waited_are_renewed() {
    let mut world = world().await;
    let mut to = post("slow");
    to.media = (0..2).map(|_| world.bench.image(PIXEL, "image/png", None)).collect();
    world.bench.meet(Arc::new(DayBefore(world.sandbox.clone(), AtomicBool::new(false))));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("media_finalize"), 4);
    // The expired token, the expired media, and the one that counts.
    assert_eq!(world.calls("create_post"), 3);
    assert_eq!(world.posts()[0].media.len(), 2);
    take_down(&world.sandbox, &["slow"], "slow", &receipt);
}

#[tokio::test]
async fn a_token_without_the_media_scope_says_so() {
    let mut wanted = CreateAccount::default();
    wanted.extra.insert("scopes".to_owned(), json!("tweet.read tweet.write users.read offline.access"));
    let mut world = World::new(X, "x", wanted).await;
    let mut to = post("picture");
    to.media = vec![world.bench.image(PIXEL, "image/png", None)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing, "{refused:?}");
}

#[tokio::test]
async fn an_article_is_refused_and_not_posted_as_text() {
    let mut world = world().await;
    let mut to = post("long");
    to.settings.0.insert("post_type".to_owned(), json!("article"));
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
}

#[tokio::test]
async fn the_account_is_the_tokens_own() {
    let wanted = CreateAccount { premium: true, ..CreateAccount::default() };
    let world = World::new(X, "x", wanted).await;
    let identity = X.auth().identify(&world.bench.cx()).await.unwrap();
    let account = &world.bench.connected.account;
    assert_eq!(identity.platform_user_id, account.platform_user_id);
    assert_eq!(identity.username, account.username);
    assert!(identity.premium);
    assert!(identity.avatar_url.unwrap().contains("_400x400."));
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_the_rest_of_a_thread_follows() {
    let mut to = post("one");
    to.thread = vec!["two".to_owned(), "three".to_owned()];
    for live in 0..=3 {
        let mut world = world().await;
        let backup_at = world.bench.now();
        world.bench.pass(Span::from_hours(5));
        let mut part = to.clone();
        part.thread.truncate(usize::max(live, 1) - 1);
        let sent = if live > 0 { Some(world.bench.publish(&part).await.unwrap()) } else { None };
        world.bench.pass(Span::from_hours(40));
        let receipt = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
        if let Some(sent) = sent {
            assert_eq!(sent, receipt, "{live} parts were live");
        }
        take_down(&world.sandbox, &["one", "two", "three"], &format!("{live} parts were live"), &receipt);
    }
}

#[tokio::test]
async fn after_a_restore_a_post_without_text_is_left_to_a_person() {
    let mut world = world().await;
    let mut to = post("");
    to.media = vec![world.bench.image(PIXEL, "image/png", None)];
    let backup_at = world.bench.now();
    world.bench.publish(&to).await.unwrap();
    let unknown = world.bench.publish_after_restore(&to, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn after_a_restore_posts_are_found_behind_a_hundred_others() {
    let mut world = world().await;
    let backup_at = world.bench.now();
    let sent = world.bench.publish(&post("the first of many")).await.unwrap();
    for number in 0..101 {
        world.bench.pass(Span::from_minutes(20));
        world.bench.publish(&post(&format!("another one, number {number}"))).await.unwrap();
    }
    let receipt = world.bench.publish_after_restore(&post("the first of many"), backup_at).await.unwrap();
    assert_eq!(receipt, sent);
    assert_eq!(world.posts().len(), 102);
}
