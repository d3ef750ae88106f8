//! What becomes live, and what the platform refuses.

use connector::suite::post;
use domain::{Class, Span};
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn a_video_is_live_with_its_details_where_the_receipt_says() {
    let mut world = World::new().await;
    let mut to = world.video("Rye & spelt 👩🏽‍🚀\nhttps://example.org", 50_000);
    to.settings.0 = json!({
        "title": "Bread at seven", "privacy": "unlisted", "tags": ["rye", "garden work"],
        "categoryId": 26, "madeForKids": true, "notifySubscribers": false,
    })
    .as_object()
    .unwrap()
    .clone();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    let extra = world.posts().remove(0).extra;
    assert_eq!((&extra["title"], &extra["privacy"]), (&json!("Bread at seven"), &json!("unlisted")));
    assert_eq!((&extra["tags"], &extra["category"]), (&json!(["rye", "garden work"]), &json!("26")));
    assert_eq!(extra["made_for_kids"], true);
    let opened = world.sandbox.requests().into_iter().find(|call| call.operation == "upload_start").unwrap();
    assert!(opened.path.contains("notifySubscribers=false"), "{}", opened.path);
    take_down(&world.sandbox, &to.text, "details", &receipt);
}

#[tokio::test]
async fn a_private_video_is_shown_to_nobody() {
    let mut world = World::new().await;
    let mut to = world.video("secret", 50_000);
    to.settings.0.insert("visibility".to_owned(), json!("private"));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!((receipt.platform_post_id.len(), world.posts().len()), (11, 0));
}

#[tokio::test]
async fn pieces_that_are_stored_in_part_go_on_from_where_the_platform_says() {
    let mut world = World::with(&[("partial_uploads", json!(true))]).await;
    let to = world.video("in halves", 1_400_000);
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].media[0].size_bytes, 1_400_000);
    take_down(&world.sandbox, "in halves", "halves", &receipt);
}

#[tokio::test]
async fn an_upload_that_broke_off_goes_on_where_it_stopped() {
    let mut world = World::new().await;
    let to = world.video("broken off", 700_000);
    for kind in [FaultKind::Error, FaultKind::ResetBefore] {
        world.fault(kind, "upload_chunk");
    }
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.calls("upload_start"), 1);
    take_down(&world.sandbox, "broken off", "broken off", &receipt);
}

#[tokio::test]
async fn a_short_is_called_one_if_its_shape_lets_it() {
    let mut world = World::new().await;
    let mut to = world.video("upright", 50_000);
    to.content_type = Some("Short".to_owned());
    to.media[0].width = Some(1_080);
    to.media[0].height = Some(1_920);
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.platform_post_url.ends_with(&format!("/shorts/{}", receipt.platform_post_id)));
    (to.media[0].width, to.media[0].height) = (Some(1_920), Some(1_080));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.platform_post_url.contains("/watch?v="), "{receipt:?}");
    assert!(receipt.warnings[0].contains("upright"), "{receipt:?}");
}

#[tokio::test]
async fn a_thumbnail_that_is_not_taken_costs_a_remark_and_not_the_video() {
    let mut world = World::with(&[("verified", json!(false))]).await;
    let mut to = world.video("plain", 50_000);
    to.settings.0.insert("thumbnailUrl".to_owned(), json!(world.picture()));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("verified phone"), "{receipt:?}");
    take_down(&world.sandbox, "plain", "plain", &receipt);
    let mut to = world.video("named", 50_000);
    to.settings.0.insert("thumbnailUrl".to_owned(), json!("http://127.0.0.1:1/none.png"));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("address"), "{receipt:?}");
    take_down(&world.sandbox, "named", "named", &receipt);
}

#[tokio::test]
async fn a_thumbnail_that_is_refused_for_now_is_tried_again() {
    let mut world = World::new().await;
    let mut to = world.video("patient", 50_000);
    to.settings.0.insert("thumbnailUrl".to_owned(), json!(world.picture()));
    for kind in [FaultKind::RateLimit, FaultKind::ResetBefore] {
        world.fault(kind, "set_thumbnail");
    }
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings.is_empty(), "{receipt:?}");
    assert!(world.posts()[0].extra["thumbnail"].is_string());
    take_down(&world.sandbox, "patient", "thumbnail", &receipt);
}

#[tokio::test]
async fn a_comment_that_is_not_taken_costs_a_remark_and_not_the_video() {
    let commented = |world: &mut World, more: (&str, serde_json::Value)| {
        let mut to = world.video("quiet", 50_000);
        to.settings.0.insert("firstComment".to_owned(), json!("below"));
        to.settings.0.insert(more.0.to_owned(), more.1);
        to
    };
    let mut world = World::new().await;
    let hidden = commented(&mut world, ("privacy", json!("private")));
    let receipt = world.bench.publish(&hidden).await.unwrap();
    assert!(receipt.warnings[0].contains("private video"), "{receipt:?}");
    assert_eq!(world.calls("create_comment"), 0);

    let for_kids = commented(&mut world, ("madeForKids", json!(true)));
    let receipt = world.bench.publish(&for_kids).await.unwrap();
    assert!(receipt.warnings[0].contains("no comments"), "{receipt:?}");
    take_down(&world.sandbox, "quiet", "kids", &receipt);

    let scopes = json!("youtube.upload youtube.readonly");
    let mut world = World::with(&[("scopes", scopes)]).await;
    let to = commented(&mut world, ("tags", json!("a, b")));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("all permissions"), "{receipt:?}");
    assert_eq!(world.posts()[0].extra["tags"], json!(["a", "b"]));
    take_down(&world.sandbox, "quiet", "scope", &receipt);
}

#[tokio::test]
async fn what_cannot_be_processed_fails_with_the_platforms_reason() {
    let mut world = World::new().await;
    world.sandbox.add_fault(FaultSpec::new("youtube", FaultKind::ProcessingFailed)).unwrap();
    let to = world.video("broken", 50_000);
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(failed.class, Class::MediaFailed, "{failed:?}");
    assert!(failed.public.contains("conversion"), "{}", failed.public);
    for (reason, class) in [
        ("duplicate", Class::Duplicate { existing: None }),
        ("copyright", Class::ContentRejected),
        ("uploaderAccountSuspended", Class::AccountRestricted),
    ] {
        let mut to = world.video("rejected", 50_000);
        to.settings.0.insert("title".to_owned(), json!(format!("T sandbox:reject={reason}")));
        assert_eq!(world.bench.publish(&to).await.unwrap_err().class, class, "{reason}");
    }
    assert_eq!(world.posts().len(), 0);
}

#[tokio::test]
async fn a_video_that_the_platform_lost_is_uploaded_again_twice() {
    let mut world = World::new().await;
    let mut to = world.video("lost", 50_000);
    to.settings.0.insert("title".to_owned(), json!("T sandbox:fail=uploadAborted"));
    let failed = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((failed.class, world.calls("upload_start")), (Class::Transient, 3));
    assert_eq!(world.posts().len(), 0);
}

#[tokio::test]
async fn a_post_without_title_or_video_is_refused_before_anything_is_sent() {
    let mut world = World::new().await;
    let mut untitled = world.video("x", 50_000);
    untitled.settings.0.clear();
    let mut two = world.video("x", 50_000);
    two.media.push(world.film(50_000));
    let mut text = post("x");
    text.settings.0.insert("title".to_owned(), json!("t"));
    for to in [untitled, two, text] {
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
    }
    let mut bad = world.video("x", 50_000);
    bad.settings.0.insert("title".to_owned(), json!("<b>"));
    let refused = world.bench.publish(&bad).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));
    assert!(refused.public.contains("title"), "{}", refused.public);
}

#[tokio::test]
async fn a_quota_ends_at_midnight_pacific_and_a_channels_limit_after_a_day() {
    let mut world = World::with(&[("enforce_limits", json!(true))]).await;
    let to = world.video("many", 60);
    for _ in 0..100 {
        world.bench.publish(&to).await.unwrap();
        world.bench.renew().await.unwrap();
    }
    let spent = world.bench.publish(&to).await.unwrap_err();
    let Class::QuotaExhausted { until: Some(until) } = spent.class else { panic!("{spent:?}") };
    let wait = until.since(world.bench.now());
    assert!(wait > Span::ZERO && wait <= Span::from_hours(24), "{wait:?}");
    world.bench.pass(wait);
    world.bench.renew().await.unwrap();
    world.bench.publish(&to).await.unwrap();

    let mut world = World::with(&[("upload_limit", json!(1))]).await;
    let to = world.video("many", 60);
    world.bench.publish(&to).await.unwrap();
    let until = Some(world.bench.now() + Span::from_hours(24));
    assert_eq!(world.bench.publish(&to).await.unwrap_err().class, Class::QuotaExhausted { until });
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_platforms_own_time() {
    let mut world = World::new().await;
    let limit = FaultSpec { retry_after: Some(300), ..FaultSpec::new("youtube", FaultKind::RateLimit) };
    world.sandbox.add_fault(limit).unwrap();
    let to = world.video("later", 50_000);
    let limited = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(limited.class, Class::RateLimited { until: Some(world.bench.now() + Span::from_minutes(5)) });
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn an_access_token_is_renewed_in_the_middle_of_an_upload() {
    let mut world = World::new().await;
    let refresh = world.bench.connected.credentials.refresh_token.clone();
    world.bench.pass(Span::from_hours(2));
    let to = world.video("after two hours", 50_000);
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.bench.connected.credentials.refresh_token, refresh, "the old one goes on");
    take_down(&world.sandbox, "after two hours", "renewed", &receipt);
}

#[tokio::test]
async fn the_access_of_an_app_in_testing_ends_after_seven_days() {
    let mut world = World::with(&[("testing", json!(true))]).await;
    let lasts = world.bench.connected.credentials.access_ends_at().unwrap().since(world.bench.now());
    assert!(lasts > Span::from_days(6) && lasts <= Span::from_days(7), "{lasts:?}");
    world.bench.pass(Span::from_days(6));
    world.bench.renew().await.unwrap();
    let left = world.bench.connected.credentials.access_ends_at().unwrap().since(world.bench.now());
    assert!(left > Span::from_hours(23) && left <= Span::from_hours(25), "{left:?}");
    let to = world.video("in time", 50_000);
    world.bench.publish(&to).await.unwrap();
    world.bench.pass(Span::from_days(1));
    let ended = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);
}

#[tokio::test]
async fn a_withdrawn_access_says_that_the_channel_has_to_be_connected_again() {
    let mut world = World::new().await;
    world.sandbox.add_fault(FaultSpec::new("youtube", FaultKind::TokenRevoked)).unwrap();
    let to = world.video("no", 50_000);
    for _ in 0..2 {
        let ended = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((ended.class, ended.sent), (Class::TokenExpired, Sent::Answered));
        assert!(ended.public.contains("connect the account again"), "{}", ended.public);
    }
    world.assert_nothing_secret_was_said();
}

#[tokio::test]
async fn a_video_that_is_out_stays_out_when_its_processing_cannot_be_watched() {
    let mut world = World::new().await;
    let to = world.video("out", 50_000);
    world.fault(FaultKind::TokenRevoked, "get_videos");
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("processed"), "{receipt:?}");
    take_down(&world.sandbox, "out", "unwatched", &receipt);

    let mut world = World::new().await;
    let to = world.video("slow", 50_000);
    let down = FaultSpec {
        operation: Some("get_videos".to_owned()),
        times: Some(0),
        ..FaultSpec::new("youtube", FaultKind::Error)
    };
    world.sandbox.add_fault(down).unwrap();
    let before = world.bench.now();
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("not available"), "{receipt:?}");
    assert!(world.bench.now().since(before) >= Span::from_minutes(30));
    take_down(&world.sandbox, "slow", "unwatched", &receipt);
}

#[tokio::test]
async fn a_fault_of_the_token_endpoint_ends_no_access() {
    let mut world = World::new().await;
    for kind in [FaultKind::Error, FaultKind::ResetBefore] {
        world.fault(kind, "refresh_token");
        assert_eq!(world.bench.renew().await.unwrap_err().class, Class::Transient);
    }
    world.bench.renew().await.unwrap();
}

#[tokio::test]
async fn a_missing_scope_is_a_missing_permission() {
    let mut world = World::with(&[("scopes", json!("youtube.readonly"))]).await;
    let to = world.video("no", 50_000);
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::PermissionMissing, Sent::Answered));
}
