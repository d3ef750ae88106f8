//! What survives lost answers, crashes and restores.

use connector::Publication;
use connector::suite::{crash_sweep, post};
use domain::{Class, Span};
use sandbox::FaultKind;
use serde_json::json;

use crate::support::{World, take_down};

fn of_type(mut to: Publication, content_type: &str) -> Publication {
    to.content_type = Some(content_type.to_owned());
    to
}

async fn sweep(mut world: World, to: Publication, requests: usize) {
    let sandbox = world.sandbox.clone();
    let shown = if to.content_type.as_deref() == Some("Story") { "" } else { to.text.as_str() };
    let count = crash_sweep(&mut world.bench, &to, |what, receipt| {
        let posts = sandbox.posts();
        assert_eq!(posts[0].media.len(), to.media.len(), "{what}");
        let alt = to.media.first().and_then(|item| item.alt_text.clone());
        assert_eq!(posts[0].media.first().and_then(|item| item.alt.clone()), alt, "{what}");
        take_down(&sandbox, &[shown], what, receipt);
    })
    .await;
    assert_eq!(count, requests);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_text_goes_out_once_whatever_is_lost() {
    sweep(World::new().await, post("Rye & <spelt>\nat 7"), 1).await;
}

#[tokio::test]
async fn a_link_goes_out_once_whatever_is_lost() {
    sweep(World::new().await, post("menu: https://example.org/menu"), 1).await;
    let mut bare = post("");
    bare.settings.0.insert("link".to_owned(), json!("https://example.org/a"));
    sweep(World::new().await, bare, 1).await;
}

#[tokio::test]
async fn a_photo_and_photos_go_out_once_whatever_is_lost() {
    let mut world = World::new().await;
    let mut to = post("one photo");
    to.media = vec![world.photo(Some("a loaf"))];
    sweep(world, to, 2).await;
    let mut world = World::new().await;
    let mut to = post("");
    to.media = (0..3).map(|_| world.photo(None)).collect();
    sweep(world, to, 4).await;
}

#[tokio::test]
async fn a_video_goes_out_once_whatever_is_lost() {
    let mut world = World::new().await;
    let mut to = post("how we bake");
    to.settings.0.insert("videoType".to_owned(), json!("video"));
    to.media = vec![world.film(2_500_000)];
    // Start, three pieces, finish, and looks until it is processed.
    sweep(world, to, 10).await;
}

#[tokio::test]
async fn a_reel_goes_out_once_whatever_is_lost() {
    let mut world = World::new().await;
    let mut to = of_type(post("how we bake"), "Reels");
    to.media = vec![world.film(50_000)];
    sweep(world, to, 10).await;
}

#[tokio::test]
async fn stories_go_out_once_whatever_is_lost() {
    let mut world = World::new().await;
    let mut to = of_type(post(""), "Story");
    to.media = vec![world.photo(None)];
    sweep(world, to, 3).await;
    let mut world = World::new().await;
    let mut to = of_type(post(""), "Story");
    to.media = vec![world.film(50_000)];
    sweep(world, to, 11).await;
}

#[tokio::test]
async fn a_first_comment_goes_out_at_most_once_and_cannot_fail_the_post() {
    let mut world = World::new().await;
    let sandbox = world.sandbox.clone();
    let mut to = post("post");
    to.settings.0.insert("firstComment".to_owned(), json!("order at example.com"));
    let requests = crash_sweep(&mut world.bench, &to, |what, receipt| {
        let with = sandbox.posts().len() == 2;
        assert!(with || !receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        take_down(&sandbox, &["post", "order at example.com"][..if with { 2 } else { 1 }], what, receipt);
    })
    .await;
    assert_eq!(requests, 2);
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

        let mut reel = of_type(post("moving"), "Reels");
        reel.media = vec![world.film(50_000)];
        world.fault(kind, "create_post");
        let receipt = world.bench.publish(&reel).await.unwrap();
        take_down(&world.sandbox, &["moving"], &format!("{kind:?}"), &receipt);
    }
}

#[tokio::test]
async fn a_comment_that_was_refused_but_is_live_is_found() {
    let mut world = World::new().await;
    let mut to = post("post");
    to.settings.0.insert("firstComment".to_owned(), json!("first"));
    world.fault(FaultKind::RefusedButLive, "create_comment");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    take_down(&world.sandbox, &["post", "first"], "comment", &receipt);
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found() {
    for with_film in [false, true] {
        for was_live in [false, true] {
            let mut world = World::new().await;
            let mut to = post("the first of many");
            to.settings.0.insert("firstComment".to_owned(), json!("and more"));
            if with_film {
                to.media = vec![world.film(50_000)];
            }
            let backup_at = world.bench.now();
            world.bench.pass(Span::from_hours(5));
            let sent = if was_live { Some(world.bench.publish(&to).await.unwrap()) } else { None };
            for number in 0..if was_live { 120 } else { 0 } {
                world.bench.publish(&post(&format!("another one, number {number}"))).await.unwrap();
            }
            let before = world.posts().len();
            world.bench.pass(Span::from_hours(40));
            let receipt = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
            let what = format!("film {with_film}, live {was_live}");
            assert_eq!(sent.as_ref().unwrap_or(&receipt), &receipt, "{what}");
            assert_eq!(world.posts().len(), if was_live { before } else { 2 }, "{what}");
        }
    }
}

#[tokio::test]
async fn after_a_restore_a_story_is_left_to_a_person() {
    let mut world = World::new().await;
    let mut to = of_type(post(""), "Story");
    to.media = vec![world.photo(None)];
    let backup_at = world.bench.now();
    world.bench.publish(&to).await.unwrap();
    let unknown = world.bench.publish_after_restore(&to, backup_at).await.unwrap_err();
    assert_eq!(unknown.class, Class::Ambiguous);
    assert_eq!(world.posts().len(), 1);
}
