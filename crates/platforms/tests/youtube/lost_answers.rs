//! What survives lost answers, crashes and restores.

use connector::suite::crash_sweep;
use domain::Span;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, take_down, take_down_all};

#[tokio::test]
async fn a_video_in_pieces_goes_out_once_whatever_is_lost() {
    let mut world = World::new().await;
    let to = world.video("from the oven", 700_000);
    let sandbox = world.sandbox.clone();
    let requests = crash_sweep(&mut world.bench, &to, |what, receipt| {
        assert_eq!(sandbox.posts()[0].media[0].size_bytes, 700_000, "{what}");
        take_down(&sandbox, "from the oven", what, receipt);
    })
    .await;
    // The opening, three pieces, and looks until it is processed.
    assert_eq!(requests, 7);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_small_video_with_a_thumbnail_goes_out_once_whatever_is_lost() {
    let mut world = World::new().await;
    let mut to = world.video("small", 50_000);
    to.settings.0.insert("thumbnailUrl".to_owned(), json!(world.picture()));
    let sandbox = world.sandbox.clone();
    crash_sweep(&mut world.bench, &to, |what, receipt| {
        let shown = sandbox.posts()[0].extra["thumbnail"].is_string();
        assert!(shown && receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        take_down(&sandbox, "small", what, receipt);
    })
    .await;
}

#[tokio::test]
async fn a_first_comment_goes_out_at_most_once_and_cannot_fail_the_post() {
    let mut world = World::new().await;
    let mut to = world.video("from the mill", 50_000);
    to.settings.0.insert("firstComment".to_owned(), json!("order at example.com"));
    let sandbox = world.sandbox.clone();
    let requests = crash_sweep(&mut world.bench, &to, |what, receipt| {
        let with = sandbox.posts().len() == 2;
        assert!(with || !receipt.warnings.is_empty(), "{what}: {:?}", receipt.warnings);
        let texts = ["from the mill", "order at example.com"];
        take_down_all(&sandbox, &texts[..if with { 2 } else { 1 }], what, receipt);
    })
    .await;
    // The opening, the file, looks until it is processed, the comment.
    assert_eq!(requests, 6);
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_comment_whose_answer_was_lost_is_found() {
    for kind in [FaultKind::RefusedButLive, FaultKind::DropAfterAccept] {
        let mut world = World::new().await;
        let mut to = world.video("post", 50_000);
        to.settings.0.insert("firstComment".to_owned(), json!("cafe\u{301} and  more"));
        world.fault(kind, "create_comment");
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(receipt.warnings.is_empty(), "{kind:?} {:?}", receipt.warnings);
        assert_eq!(world.calls("create_comment"), 1, "{kind:?}");
        take_down_all(&world.sandbox, &["post", "cafe\u{301} and  more"], "comment", &receipt);
    }
}

#[tokio::test]
async fn whatever_the_last_piece_answers_there_is_one_video() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let mut world = World::new().await;
        let to = world.video("once", 300_000);
        world.fault(kind, "create_post");
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.calls("upload_start"), 1, "{kind:?}");
        take_down(&world.sandbox, "once", &format!("{kind:?}"), &receipt);
    }
}

#[tokio::test]
async fn an_upload_that_the_platform_forgot_is_begun_again() {
    for (operation, status) in [("upload_chunk", 404), ("create_post", 410)] {
        let mut world = World::new().await;
        let to = world.video("late", 700_000);
        let gone = FaultSpec {
            operation: Some(operation.to_owned()),
            status: Some(status),
            ..FaultSpec::new("youtube", FaultKind::Error)
        };
        world.sandbox.add_fault(gone).unwrap();
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(world.calls("upload_start"), 2, "{operation}");
        take_down(&world.sandbox, "late", operation, &receipt);
    }
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found() {
    for was_live in [false, true] {
        for privacy in ["public", "private"] {
            let mut world = World::new().await;
            let mut to = world.video("the first of many", 50_000);
            to.settings.0.insert("privacy".to_owned(), json!(privacy));
            to.settings.0.insert("firstComment".to_owned(), json!("and more"));
            let backup_at = world.bench.now();
            world.bench.pass(Span::from_minutes(20));
            let sent = if was_live { Some(world.bench.publish(&to).await.unwrap()) } else { None };
            let other_count = if was_live { 60 } else { 0 };
            for number in 0..other_count {
                let other = world.video(&format!("number {number}"), 60);
                world.bench.publish(&other).await.unwrap();
            }
            let uploads = world.calls("upload_start");
            let receipt = world.bench.publish_after_restore(&to, backup_at).await.unwrap();
            assert_eq!(sent.as_ref().unwrap_or(&receipt), &receipt, "{was_live} {privacy}");
            assert_eq!(world.calls("upload_start") - uploads, usize::from(!was_live));
            let comments = usize::from(privacy == "public");
            assert_eq!(world.calls("create_comment"), comments, "{was_live} {privacy}");
        }
    }
}
