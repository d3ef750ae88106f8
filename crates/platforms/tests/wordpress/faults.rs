//! Sites that fail, limit and refuse, as only the emulator can be made to.

use connector::suite::PIXEL;
use domain::Class;
use net::Sent;
use sandbox::FaultKind;
use serde_json::json;

use crate::support::{Site, World};

async fn world() -> World {
    Site::emulated(json!({})).await.world("ana").await
}

#[tokio::test]
async fn whatever_publishing_answers_there_is_one_post() {
    for kind in
        [FaultKind::Error, FaultKind::ResetBefore, FaultKind::DropAfterAccept, FaultKind::RefusedButLive]
    {
        let mut world = world().await;
        world.fault(kind, "create_post");
        let receipt = world.bench.publish(&World::post(1, "Rye", &json!({}))).await.unwrap();
        let posts = world.site.sandbox.as_ref().unwrap().posts();
        assert_eq!((posts.len(), &posts[0].id), (1, &receipt.platform_post_id), "{kind:?}");
        assert_eq!(posts[0].url, receipt.platform_post_url, "{kind:?}");
    }
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_found_and_not_repeated() {
    for kind in [FaultKind::Error, FaultKind::DropAfterAccept, FaultKind::RefusedButLive] {
        let mut world = world().await;
        let mut to = World::post(1, "Rye", &json!({}));
        to.media = vec![world.bench.image(PIXEL, "image/png", Some("A loaf"))];
        world.fault(kind, "upload_media");
        world.bench.publish(&to).await.unwrap();
        assert_eq!(world.site.list("media").await.len(), 1, "{kind:?}");
        let posts = world.site.sandbox.as_ref().unwrap().posts();
        assert_eq!(posts[0].media[0].alt.as_deref(), Some("A loaf"), "{kind:?}");
    }
}

#[tokio::test]
async fn a_limit_of_the_host_names_the_time_of_the_next_try() {
    let mut world = world().await;
    world.fault(FaultKind::RateLimit, "create_post");
    let limited = world.bench.publish(&World::post(1, "Rye", &json!({}))).await.unwrap_err();
    let Class::RateLimited { until: Some(until) } = limited.class else { panic!("{limited:?}") };
    assert!(until > world.bench.now());
    assert!(world.site.sandbox.as_ref().unwrap().posts().is_empty());
}

#[tokio::test]
async fn a_password_that_was_taken_back_ends_the_access() {
    let mut world = world().await;
    world.fault(FaultKind::TokenRevoked, "create_post");
    let ended = world.bench.publish(&World::post(1, "Rye", &json!({}))).await.unwrap_err();
    assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
    world.assert_nothing_secret_was_said();
    let renewed = world.bench.renew().await.unwrap_err();
    assert_eq!(renewed.class, Class::TokenExpired);
}

#[tokio::test]
async fn files_that_no_site_shows_are_refused_before_anything_is_sent() {
    let mut world = world().await;
    let before = world.site.sandbox.as_ref().unwrap().requests().len();
    let mut to = World::post(1, "Rye", &json!({}));
    to.media = vec![world.bench.image(&b"%PDF-1.7"[..], "application/pdf", None)];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::MediaFailed, Sent::No));
    assert_eq!(world.site.sandbox.as_ref().unwrap().requests().len(), before);
}
