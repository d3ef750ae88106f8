//! What becomes live, and what the platform refuses.

use connector::Connector as _;
use connector::suite::{PIXEL, post};
use domain::{Class, Span};
use fanfare_platforms::instagram::Instagram;
use net::Sent;
use sandbox::{FaultKind, FaultSpec};
use serde_json::json;

use crate::support::{World, take_down};

async fn both() -> [World; 2] {
    [World::new().await, World::behind_page().await]
}

#[tokio::test]
async fn an_image_is_live_with_its_text_and_all_that_was_asked_for() {
    for mut world in both().await {
        let mut to = post("Rye at seven #bread\nZażółć 👩🏽‍🚀");
        to.media = vec![world.photo(1_080, 1_350, Some("a loaf"))];
        to.settings.0.insert("locationId".to_owned(), json!("7640348500"));
        to.settings.0.insert("collaborators".to_owned(), json!(["@mill", "oven"]));
        to.settings.0.insert("userTags".to_owned(), json!([{"username": "bob", "x": 0.25, "y": 0.75}]));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
        assert!(receipt.platform_post_url.contains("/p/"), "{receipt:?}");
        let live = world.posts().remove(0);
        assert_eq!(live.media[0].alt.as_deref(), Some("a loaf"));
        assert_eq!(live.extra["location_id"], "7640348500");
        assert_eq!(live.extra["collaborators"], json!(["mill", "oven"]));
        assert_eq!(live.extra["user_tags"], json!([{"username": "bob", "x": 0.25, "y": 0.75}]));
        take_down(&world.sandbox, &[&to.text], "image", &receipt);
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn a_carousel_mixes_images_and_films_and_describes_each_image() {
    for mut world in both().await {
        let mut to = post("The week");
        to.media =
            vec![world.photo(1_080, 1_080, None), world.film(), world.photo(1_080, 1_080, Some("own"))];
        to.settings.0.insert("altText".to_owned(), json!(["from the settings", "", "unused"]));
        to.settings.0.insert("userTags".to_owned(), json!(["ann", {"username": "bob", "mediaIndex": 1}]));
        let receipt = world.bench.publish(&to).await.unwrap();
        let live = world.posts().remove(0);
        assert_eq!(live.extra["kind"], "carousel");
        let kinds: Vec<&str> = live.media.iter().map(|file| file.media_type.as_str()).collect();
        assert_eq!(kinds, ["image/jpeg", "video/mp4", "image/jpeg"]);
        let alts: Vec<Option<&str>> = live.media.iter().map(|file| file.alt.as_deref()).collect();
        assert_eq!(alts, [Some("from the settings"), None, Some("own")]);
        take_down(&world.sandbox, &["The week"], "carousel", &receipt);
    }
}

#[tokio::test]
async fn a_film_is_a_reel_and_goes_over_as_bytes_where_that_is_allowed() {
    for (mut world, uploads) in both().await.into_iter().zip([0, 1]) {
        let mut to = post("Kneading");
        to.media = vec![world.film()];
        to.settings.0.insert("coverPhotoTimestamp".to_owned(), json!(1.5));
        to.settings.0.insert("shareToFeed".to_owned(), json!(true));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(receipt.platform_post_url.contains("/reel/"), "{receipt:?}");
        let live = world.posts().remove(0);
        assert_eq!((&live.extra["kind"], &live.extra["thumb_offset"]), (&json!("reel"), &json!(1_500)));
        assert_eq!(live.extra["share_to_feed"], "true");
        assert_eq!(world.calls("upload_bytes"), uploads);
        take_down(&world.sandbox, &["Kneading"], "reel", &receipt);
    }
}

#[tokio::test]
async fn films_need_no_public_address_with_facebook_login() {
    let mut world = World::behind_page().await;
    let mut to = post("Kneading");
    to.media = vec![world.film()];
    world.close_library();
    world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn a_trial_reel_is_one_only_where_the_account_may() {
    let mut to = post("Only for strangers");
    to.content_type = Some("Trial Reel".to_owned());
    let mut world = World::new().await;
    to.media = vec![world.film()];
    to.settings.0.insert("graduationStrategy".to_owned(), json!("SS_PERFORMANCE"));
    world.bench.publish(&to).await.unwrap();
    let live = world.posts().remove(0);
    assert_eq!(live.extra["trial_params"], json!({"graduation_strategy": "SS_PERFORMANCE"}));

    let mut world = World::with(json!({"trial_reels": false})).await;
    to.media = vec![world.film()];
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::ContentRejected, "{refused:?}");
}

#[tokio::test]
async fn a_story_shows_no_text_and_says_so() {
    for mut world in both().await {
        for is_film in [false, true] {
            let mut to = post("left out");
            to.content_type = Some("Story".to_owned());
            to.settings.0.insert("firstComment".to_owned(), json!("left out as well"));
            to.media = vec![if is_film { world.film() } else { world.photo(1_080, 1_920, None) }];
            let receipt = world.bench.publish(&to).await.unwrap();
            assert_eq!(receipt.warnings.len(), 2, "{:?}", receipt.warnings);
            assert!(receipt.platform_post_url.contains("/stories/harbourbakery/"), "{receipt:?}");
            assert_eq!(world.posts()[0].extra["kind"], "story");
            take_down(&world.sandbox, &[""], "story", &receipt);
        }
    }
}

#[tokio::test]
async fn a_first_comment_follows_and_cannot_fail_the_post() {
    for mut world in both().await {
        let mut to = post("post");
        to.media = vec![world.photo(1_080, 1_080, None)];
        to.settings.0.insert("firstComment".to_owned(), json!("order here"));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
        take_down(&world.sandbox, &["post", "order here"], "commented", &receipt);
    }
    let scopes = "instagram_business_basic instagram_business_content_publish";
    let mut world = World::with(json!({"scopes": scopes})).await;
    let mut to = post("post");
    to.media = vec![world.photo(1_080, 1_080, None)];
    to.settings.0.insert("firstComment".to_owned(), json!("order here"));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert!(receipt.warnings[0].contains("first comment"), "{:?}", receipt.warnings);
    take_down(&world.sandbox, &["post"], "not allowed to comment", &receipt);
}

#[tokio::test]
async fn what_cannot_be_published_is_said_before_anything_is_sent() {
    let mut world = World::new().await;
    let nothing = post("text alone");
    let mut png = post("another format");
    png.media = vec![world.bench.image(PIXEL, "image/png", None)];
    let mut two = post("two in a reel");
    two.content_type = Some("Reels".to_owned());
    two.media = vec![world.film(), world.film()];
    for (to, class) in
        [(nothing, Class::ContentRejected), (png, Class::MediaFailed), (two, Class::ContentRejected)]
    {
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::No), "{}", to.text);
    }
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn what_the_platform_refuses_names_the_reason() {
    let mut world = World::new().await;
    let mut wide = post("too wide");
    wide.media = vec![world.photo(3_000, 1_000, None)];
    let mut long = post(&"x".repeat(2_201));
    long.media = vec![world.photo(1_080, 1_080, None)];
    let mut place = post("nowhere");
    place.media = long.media.clone();
    place.settings.0.insert("locationId".to_owned(), json!("bakery"));
    for (to, class, words) in [
        (wide, Class::MediaFailed, "aspect ratio"),
        (long, Class::ContentRejected, "too long"),
        (place, Class::ContentRejected, "INVALID_LOCATION_ID"),
    ] {
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (class, Sent::Answered), "{}", refused.public);
        assert!(refused.public.contains(words), "{}", refused.public);
    }
    assert_eq!(world.posts().len(), 0);
}

#[tokio::test]
async fn a_file_that_cannot_be_fetched_is_tried_once_more() {
    let mut world = World::new().await;
    let mut image = post("image");
    image.media = vec![world.photo(1_080, 1_080, None)];
    let mut film = post("film");
    film.media = vec![world.film()];
    world.close_library();
    for (to, calls) in [(image, 2), (film, 4)] {
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(refused.class, Class::MediaFailed, "{}", refused.public);
        assert!(refused.public.contains("public address"), "{}", refused.public);
        assert_eq!(world.calls("create_container"), calls);
    }
}

#[tokio::test]
async fn a_film_that_cannot_be_processed_is_the_files_fault() {
    for mut world in both().await {
        world.sandbox.add_fault(FaultSpec::new("instagram", FaultKind::ProcessingFailed)).unwrap();
        let mut to = post("broken");
        to.media = vec![world.film()];
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(refused.class, Class::MediaFailed, "{refused:?}");
        assert!(refused.public.contains("2207026"), "{}", refused.public);
        world.bench.publish(&to).await.unwrap();
    }
}

#[tokio::test]
async fn the_days_quota_is_read_before_the_request_that_would_be_refused() {
    for login in ["instagram", "facebook"] {
        let mut world = World::with(json!({"quota": 2, "login": login})).await;
        let mut to = post("one");
        to.media = vec![world.photo(1_080, 1_080, None)];
        world.bench.publish(&to).await.unwrap();
        let first_at = world.bench.now();
        world.bench.pass(Span::from_hours(3));
        to.text = "two".to_owned();
        world.bench.publish(&to).await.unwrap();
        to.text = "three".to_owned();
        let full = world.bench.publish(&to).await.unwrap_err();
        let Class::QuotaExhausted { until: Some(until) } = full.class else { panic!("{full:?}") };
        assert_eq!((world.calls("create_post"), full.sent), (2, Sent::No));
        let wait = until.since(first_at);
        assert!(wait > Span::from_hours(23) && wait < Span::from_hours(25), "{wait:?}");
        world.bench.pass(until.since(world.bench.now()));
        world.bench.publish(&to).await.unwrap();
        assert_eq!(world.posts().len(), 3);
    }
}

#[tokio::test]
async fn a_rate_limit_ends_at_the_time_that_is_named() {
    let mut world = World::new().await;
    let mut to = post("later");
    to.media = vec![world.photo(1_080, 1_080, None)];
    let limit = FaultSpec { retry_after: Some(90), ..FaultSpec::new("instagram", FaultKind::RateLimit) };
    world.sandbox.add_fault(FaultSpec { operation: Some("create_post".to_owned()), ..limit }).unwrap();
    let limited = world.bench.publish(&to).await.unwrap_err();
    // Meta names whole minutes.
    let Class::RateLimited { until: Some(until) } = limited.class else { panic!("{limited:?}") };
    assert_eq!((until.since(world.bench.now()), limited.sent), (Span::from_minutes(2), Sent::Answered));
    assert_eq!(world.posts().len(), 0);
    world.bench.publish(&to).await.unwrap();
}

#[tokio::test]
async fn a_version_that_is_over_is_refused_and_the_configured_one_is_used() {
    let mut world = World::new().await;
    let mut to = post("old");
    to.media = vec![world.photo(1_080, 1_080, None)];
    world.bench.connected.hosts.set_version("v21.0");
    world.bench.publish(&to).await.unwrap();
    assert!(world.sandbox.requests().iter().all(|call| call.path.starts_with("/v21.0/")));
    world.bench.pass(Span::from_days(50));
    world.bench.pass(Span::from_days(9));
    to.text = "too old".to_owned();
    let refused = world.bench.publish(&to).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing, "{refused:?}");
    assert!(refused.public.contains("version"), "{}", refused.public);
}

#[tokio::test]
async fn versions_and_logins_are_stated() {
    let spec = Instagram.spec();
    let names: Vec<&str> = spec.logins.iter().map(|login| login.name).collect();
    assert_eq!(names, ["instagram", "facebook"]);
    for login in spec.logins {
        assert!(spec.hosts.iter().any(|host| host.key == login.host), "{}", login.host);
    }
    assert_eq!((spec.versions[0].name, spec.versions[0].ends), ("v26.0", None));
    assert!(spec.versions[1..].iter().all(|version| version.ends.is_some()));
}
