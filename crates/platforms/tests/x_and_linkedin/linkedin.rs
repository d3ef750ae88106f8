//! LinkedIn: what becomes live, what the platform refuses, and what survives lost answers.

use connector::Connector as _;
use connector::suite::{PIXEL, Strike, crash_sweep, film, post};
use domain::{Class, Span};
use fanfare_platforms::linkedin::LinkedIn;
use net::{Fate, Sent};
use sandbox::{CreateAccount, FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, page, take_down};

const PAGE: &str = r#"<html><head><title>Plain</title><meta property="og:title" content="Menu &amp; more">
    <meta property="og:description" content="What we bake"></head><body></body></html>"#;

async fn member() -> World {
    World::new(LinkedIn, "linkedin", CreateAccount::default()).await
}

async fn organization() -> World {
    let wanted = CreateAccount { organization: true, ..CreateAccount::default() };
    World::new(LinkedIn, "linkedin", wanted).await
}

#[tokio::test]
async fn a_text_is_live_whole_whatever_it_contains() {
    for mut world in [member().await, organization().await] {
        let to =
            post("Rye (new) #bread & {a} <b> @c *d* _e_ ~f~ [g] |h| \\ https://example.org/a_(b)\nZażółć 👩🏽‍🚀");
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
        let extra = world.posts()[0].extra.clone();
        assert!(extra.get("commentary_cut").is_none(), "{extra}");
        assert!(receipt.platform_post_url.ends_with(&format!("/feed/update/{}/", receipt.platform_post_id)));
        take_down(&world.sandbox, &[&to.text], "text", &receipt);
    }
}

#[tokio::test]
async fn the_author_chooses_who_sees_it() {
    let mut world = member().await;
    let mut to = post("for my connections");
    to.settings.0.insert("visibility".to_owned(), json!("CONNECTIONS"));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["visibility"], "CONNECTIONS");
}

#[tokio::test]
async fn a_link_brings_the_card_of_its_page() {
    let site = page(PAGE).await;
    let mut world = member().await;
    let text = format!("Look: {site}/menu.");
    world.bench.publish(&post(&text)).await.unwrap();
    let card = world.posts().remove(0).extra["article"].clone();
    assert_eq!(card["source"], format!("{site}/menu"));
    assert_eq!((&card["title"], &card["description"]), (&json!("Menu & more"), &json!("What we bake")));
}

#[tokio::test]
async fn a_page_that_cannot_be_read_costs_the_card_unless_the_author_named_the_link() {
    let site = page(PAGE).await;
    let mut world = member().await;
    world.bench.publish(&post(&format!("gone: {site}/gone"))).await.unwrap();
    assert!(world.posts()[0].extra.get("article").is_none());

    let mut to = post("gone");
    to.settings.0.insert("link".to_owned(), json!(format!("{site}/gone")));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[1].extra["article"]["title"], "127.0.0.1");

    to.text = "named".to_owned();
    to.settings.0.insert("linkTitle".to_owned(), json!("Our menu"));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[2].extra["article"]["title"], "Our menu");
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post_or_loses_one() {
    for (mut world, wide) in [(member().await, true), (organization().await, false)] {
        let sandbox = world.sandbox.clone();
        let text = post("plain (text) #tag");
        let mut picture = post("one picture");
        picture.media = vec![world.bench.image(PIXEL, "image/png", Some("a loaf"))];
        let mut pictures = post(if wide { "four" } else { "" });
        pictures.media = (0..4).map(|_| world.bench.image(PIXEL, "image/png", None)).collect();
        for (to, requests) in [(text, 1), (picture, 3), (pictures, 9)] {
            let count = crash_sweep(&mut world.bench, &to, |what, receipt| {
                let posts = sandbox.posts();
                assert_eq!(posts[0].media.len(), to.media.len(), "{what}");
                let alt = to.media.first().and_then(|item| item.alt_text.clone());
                assert_eq!(posts[0].media.first().and_then(|item| item.alt.clone()), alt, "{what}");
                take_down(&sandbox, &[&to.text], what, receipt);
            })
            .await;
            assert_eq!(count, requests, "{}", to.text);
        }
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn whatever_a_publishing_request_answers_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        for mut world in [member().await, organization().await] {
            world.fault(kind, "create_post");
            let receipt = world.bench.publish(&post("once")).await.unwrap();
            take_down(&world.sandbox, &["once"], &format!("{kind:?}"), &receipt);
        }
    }
}

#[tokio::test]
async fn an_organizations_post_is_read_back_and_not_sent_again() {
    let mut world = organization().await;
    let mut pictures = post("");
    pictures.media = (0..2).map(|_| world.bench.image(PIXEL, "image/png", None)).collect();
    for (sent, to) in [post("once (only) #tag"), pictures].iter().enumerate() {
        world.fault(FaultKind::DropAfterAccept, "create_post");
        let receipt = world.bench.publish(to).await.unwrap();
        assert_eq!(world.calls("create_post"), sent + 1);
        take_down(&world.sandbox, &[&to.text], "read back", &receipt);
    }
}

#[tokio::test]
async fn an_organization_whose_posts_may_not_be_read_is_looked_up_by_repeating() {
    let mut wanted = CreateAccount { organization: true, ..CreateAccount::default() };
    wanted.extra.insert("scopes".to_owned(), json!("w_organization_social"));
    let mut world = World::new(LinkedIn, "linkedin", wanted).await;
    world.fault(FaultKind::DropAfterAccept, "create_post");
    let receipt = world.bench.publish(&post("once")).await.unwrap();
    assert_eq!(world.calls("author_posts"), 1);
    take_down(&world.sandbox, &["once"], "repeat", &receipt);
}

#[tokio::test]
async fn a_first_comment_cannot_fail_the_post() {
    // Members' apps may not comment.
    let mut world = member().await;
    let mut to = post("post");
    to.settings.0.insert("firstComment".to_owned(), json!("order here"));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("first comment"), "{:?}", receipt.warnings);
    take_down(&world.sandbox, &["post"], "member", &receipt);

    let mut world = organization().await;
    let sandbox = world.sandbox.clone();
    crash_sweep(&mut world.bench, &to, |what, receipt| {
        let comments = sandbox.posts().iter().filter(|post| post.text == "order here").count();
        assert!(comments == 1 || !receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        take_down(&sandbox, &["post", "order here"][..=comments], what, receipt);
    })
    .await;
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_time_that_is_named() {
    let mut world = member().await;
    let limit = FaultSpec { retry_after: Some(90), ..FaultSpec::new("linkedin", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let limited = world.bench.publish(&post("later")).await.unwrap_err();
    let until = world.bench.now() + Span::from_seconds(90);
    assert_eq!((limited.class, limited.sent), (Class::RateLimited { until: Some(until) }, Sent::Answered));
    assert_eq!(world.posts().len(), 0);
    world.bench.publish(&post("later")).await.unwrap();
}

#[tokio::test]
async fn an_expired_token_is_renewed_where_there_is_a_refresh_token() {
    let mut world = organization().await;
    world.bench.pass(Span::from_days(61));
    let before = world.bench.connected.credentials.clone();
    world.bench.publish(&post("after two months")).await.unwrap();
    let after = world.bench.connected.credentials.clone();
    assert_ne!(before.access_token, after.access_token);
    // Renewing does not make the refresh token last longer.
    let end = |held: &connector::Credentials| held.refresh_expires_at.unwrap().as_seconds();
    assert!(end(&before).abs_diff(end(&after)) < 10);
    assert_eq!(after.scopes, before.scopes);
    world.bench.pass(Span::from_days(310));
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();

    let mut world = member().await;
    world.bench.pass(Span::from_days(61));
    let ended = world.bench.publish(&post("too late")).await.unwrap_err();
    assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn the_same_post_twice_is_a_duplicate_of_the_first() {
    let mut world = member().await;
    let first = world.bench.publish(&post("again")).await.unwrap();
    let refused = world.bench.publish(&post("again")).await.unwrap_err();
    assert_eq!(refused.class, Class::Duplicate { existing: Some(first.platform_post_id) });
    assert_eq!(refused.sent, Sent::Answered);
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_for_good() {
    let mut world = member().await;
    let refused = world.bench.publish(&post(&"x".repeat(3_001))).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert_eq!(world.calls("create_post"), 1);
}

#[tokio::test]
async fn a_video_goes_up_in_parts_and_is_posted_when_it_is_ready() {
    for mut world in [member().await, organization().await] {
        let mut to = post("it moves");
        let bytes = film(9_000_000);
        to.media = vec![world.bench.video(bytes.clone())];
        // The answer to the second part is lost with the process: the others are not sent again.
        world.bench.meet(Strike::at(2..3, Fate::DieAfter));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!((world.calls("upload"), world.calls("initialize_upload")), (4, 1));
        let media = world.posts().remove(0).media.remove(0);
        assert_eq!((media.media_type.as_str(), media.size_bytes), ("video/mp4", bytes.len() as u64));
        assert!(receipt.platform_post_id.starts_with("urn:li:ugcPost:"), "{}", receipt.platform_post_id);
        take_down(&world.sandbox, &["it moves"], "video", &receipt);
    }
}

#[tokio::test]
async fn a_video_that_cannot_be_processed_fails_the_post() {
    let mut world = member().await;
    let mut to = post("it does not");
    to.media = vec![world.bench.video(film(80_000))];
    world.sandbox.add_fault(FaultSpec::new("linkedin", FaultKind::ProcessingFailed)).unwrap();
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed);
    // Less than the platform takes.
    to.media = vec![world.bench.video(film(1_000))];
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((failed.class, failed.sent), (Class::MediaFailed, Sent::Answered));
    assert!(world.posts().is_empty());
}

#[tokio::test]
async fn a_document_carries_a_title_and_a_gif_is_an_image() {
    let mut world = member().await;
    let mut to = post("our menu");
    to.media = vec![world.bench.document("Menu 2026.pdf", "application/pdf", &b"%PDF-1.7 menu"[..])];
    let receipt = world.bench.publish(&to).await.unwrap();
    let live = world.posts().remove(0);
    assert_eq!(
        (&live.extra["title"], live.media[0].media_type.as_str()),
        (&json!("Menu 2026"), "application/pdf")
    );
    take_down(&world.sandbox, &["our menu"], "document", &receipt);

    to.text = "our named menu".to_owned();
    to.settings.0.insert("documentTitle".to_owned(), json!("What we bake"));
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts().remove(0).extra["title"], "What we bake");

    let mut moving = post("a gif");
    moving.media = vec![world.bench.image(&b"GIF89a\x01\0\x01\0\0\0\0;"[..], "image/gif", Some("a loaf"))];
    world.bench.publish(&moving).await.unwrap();
    let media = world.posts().remove(1).media.remove(0);
    assert_eq!((media.media_type.as_str(), media.alt.as_deref()), ("image/gif", Some("a loaf")));
}

#[tokio::test]
async fn a_mixture_is_refused_before_anything_is_sent() {
    let mut world = member().await;
    let mut to = post("film and picture");
    to.media = vec![world.bench.video(film(80_000)), world.bench.image(PIXEL, "image/png", None)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_video_or_document() {
    for mut world in [member().await, organization().await] {
        let sandbox = world.sandbox.clone();
        let mut video = post("it moves");
        video.media = vec![world.bench.video(film(80_000))];
        let mut document = post("our menu");
        document.media = vec![world.bench.document("Menu.pdf", "application/pdf", &b"%PDF-1.7 menu"[..])];
        for (to, requests) in [(video, 6), (document, 3)] {
            let count = crash_sweep(&mut world.bench, &to, |what, receipt| {
                assert_eq!(sandbox.posts()[0].media.len(), 1, "{what}");
                take_down(&sandbox, &[&to.text], what, receipt);
            })
            .await;
            assert_eq!(count, requests, "{}", to.text);
        }
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn an_upload_address_that_has_ended_is_opened_again_once() {
    let mut world = member().await;
    let mut to = post("slow");
    to.media = vec![world.bench.image(PIXEL, "image/png", None)];
    world.fault_with_status(403, "upload");
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("initialize_upload"), 2);

    to.text = "slower".to_owned();
    world.fault_with_status(403, "upload");
    world.fault_with_status(403, "upload");
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::MediaFailed);
}

#[tokio::test]
async fn the_account_is_the_tokens_own() {
    let world = member().await;
    let identity = LinkedIn.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(identity.display_name, world.bench.connected.account.display_name);
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_goes_out_once() {
    for mut world in [member().await, organization().await] {
        let backup_at = world.bench.now();
        world.bench.pass(Span::from_hours(2));
        let sent = world.bench.publish(&post("sent")).await.unwrap();
        world.bench.pass(Span::from_hours(3));
        assert_eq!(world.bench.publish_after_restore(&post("sent"), backup_at).await.unwrap(), sent);
        world.bench.publish_after_restore(&post("not sent"), backup_at).await.unwrap();
        assert_eq!(world.posts().len(), 2);
    }
}

#[tokio::test]
async fn after_a_restore_what_a_profile_cannot_know_is_left_to_a_person() {
    let mut world = member().await;
    let backup_at = world.bench.now();
    world.bench.pass(Span::from_hours(1));
    let with_link = post("a card may have changed: https://example.org/menu");
    let mut with_image = post("an upload is lost");
    with_image.media = vec![world.bench.image(PIXEL, "image/png", None)];
    for to in [with_link, with_image] {
        let unknown = world.bench.publish_after_restore(&to, backup_at).await.unwrap_err();
        assert_eq!(unknown.class, Class::Ambiguous, "{}", to.text);
    }
    world.bench.pass(Span::from_hours(24));
    let unknown = world.bench.publish_after_restore(&post("too long ago"), backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert!(world.posts().is_empty());
}
