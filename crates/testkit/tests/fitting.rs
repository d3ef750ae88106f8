//! Media that a platform would refuse: the copy that goes out in their place, through every lost
//! request.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::Span;
use fanfare_testkit::Server;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use net::{Clock as _, Fate, Hook, Request};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Strikes one request.
struct Strike {
    seen: AtomicUsize,
    at: usize,
    fate: Fate,
}

impl Hook for Strike {
    fn fate(&self, _: &Request) -> Fate {
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        if number == self.at { self.fate } else { Fate::Pass }
    }
}

/// Pixels that compress badly: as a PNG more than Bluesky's million bytes.
fn heavy() -> Vec<u8> {
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(640, 640, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, red, green, blue] = state.to_be_bytes();
        Rgb([red, green, blue])
    });
    encoded(&noise.into(), ImageFormat::Png)
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

async fn results(server: &Server, post: &str) -> Vec<Value> {
    let found = server.get(&format!("/api/v1/posts/{post}/results")).await;
    found["results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_fits_goes_out_byte_for_byte_and_what_does_not_as_a_copy() {
    let server = Server::start().await;
    let (x, bluesky) = (server.connect("x").await, server.connect("bluesky").await);
    let bytes = heavy();
    let media = server.store_file("noise.png", &bytes).await;
    let body = json!({ "content": "noise", "account_ids": [x, bluesky], "media_ids": [media] });
    let post = server.create_post(body).await;
    server.advance(Span::from_minutes(5)).await;
    let results = results(&server, &post).await;
    assert_eq!(results[0]["warnings"], json!([]), "{results:?}");
    let note = "The image was compressed to at most 1 MB and saved as JPEG for Bluesky.";
    assert_eq!(results[1]["warnings"], json!([note]), "{results:?}");
    let posts = server.sandbox.posts();
    let of = |platform: &str| posts.iter().find(|post| post.platform == platform).unwrap().media[0].clone();
    assert_eq!(of("x").sha256, sha256(&bytes));
    let copy = of("bluesky");
    assert!(copy.size_bytes <= 1_000_000 && copy.sha256 != sha256(&bytes));
}

#[tokio::test]
async fn the_copy_is_the_same_through_every_lost_request() {
    let mut copies = Vec::new();
    let mut requests = 1;
    let mut at = usize::MAX;
    while at == usize::MAX || at < requests {
        for fate in [Fate::NeverSent, Fate::AnswerLost, Fate::DieBefore, Fate::DieAfter] {
            let strike = Arc::new(Strike { seen: AtomicUsize::new(0), at, fate });
            let server = Server::with_hook(Arc::clone(&strike) as Arc<dyn Hook>).await;
            let account = server.connect("bluesky").await;
            let media = server.store_file("noise.png", &heavy()).await;
            let body = json!({ "content": "noise", "account_ids": [account], "media_ids": [media] });
            let post = server.create_post(body).await;
            server.advance(Span::from_minutes(30)).await;
            let result = &results(&server, &post).await[0];
            assert_eq!(result["status"], "published", "request {at}, {fate:?}: {result}");
            assert_eq!(result["warnings"].as_array().unwrap().len(), 1, "request {at}, {fate:?}: {result}");
            let posts = server.sandbox.posts();
            assert_eq!(posts.len(), 1, "request {at}, {fate:?}");
            copies.push(posts[0].media[0].sha256.clone());
            if at == usize::MAX {
                requests = strike.seen.load(Ordering::Relaxed);
                break;
            }
        }
        at = if at == usize::MAX { 0 } else { at + 1 };
    }
    copies.dedup();
    assert_eq!(copies.len(), 1, "every run sent the same bytes");
}

#[tokio::test]
async fn the_place_where_a_photo_was_taken_stays_here() {
    let server = Server::start().await;
    let x = server.connect("x").await;
    let plain = encoded(&RgbImage::from_pixel(64, 48, Rgb([10, 200, 90])).into(), ImageFormat::Jpeg);
    // One directory that points to a place, whose directory has one entry.
    let mut placed = plain[..2].to_vec();
    placed.extend(b"\xff\xe1\0\x34Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0");
    placed.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    placed.extend(&plain[2..]);
    let media = server.store_file("photo.jpg", &placed).await;
    let post = server.create_post(json!({ "content": "a", "account_ids": [x], "media_ids": [media] })).await;
    server.advance(Span::from_minutes(5)).await;
    let note = "The image was freed of the place where it was taken for X.";
    assert_eq!(results(&server, &post).await[0]["warnings"], json!([note]));
    // The same picture without the words beside it.
    assert_eq!(server.sandbox.posts()[0].media[0].sha256, sha256(&plain));
}

#[tokio::test]
async fn a_video_in_another_codec_is_converted_where_it_has_to_be() {
    const HEVC: &[u8] = include_bytes!("../../media/samples/hdr.mp4");
    let server = Server::start().await;
    let (x, facebook) = (server.connect("x").await, server.connect("facebook").await);
    let media = server.store_file("clip.mp4", HEVC).await;
    let body = json!({
        "content": "clip",
        "account_ids": [x, facebook],
        "media_ids": [media],
        "platform_content": { "facebook": { "settings": { "videoType": "video" } } },
    });
    let post = server.create_post(body).await;
    server.advance(Span::from_minutes(30)).await;
    let results = results(&server, &post).await;
    let note = "The video was converted from HDR and saved as H.264 and AAC for X.";
    assert_eq!(results[0]["warnings"], json!([note]), "{results:?}");
    assert_eq!(results[1]["warnings"], json!([]), "{results:?}");
    let posts = server.sandbox.posts();
    let of = |platform: &str| posts.iter().find(|post| post.platform == platform).unwrap().media[0].clone();
    assert_eq!(of("facebook").sha256, sha256(HEVC));
    assert_ne!(of("x").sha256, sha256(HEVC));
}

async fn copies_made_for(server: &Server, post: &str) -> usize {
    let id = domain::PostId(post.parse().unwrap());
    server.app.store.list_prepared_copies(server.organization.id, id).await.unwrap().len()
}

/// A scheduled post with the heavy picture.
async fn scheduled(server: &Server, accounts: &[domain::AccountId], ahead: Span) -> (String, String) {
    let media = server.store_file("noise.png", &heavy()).await;
    let at = (server.clock.now() + ahead).to_iso_millis();
    let ids: Vec<i64> = accounts.iter().map(|account| account.0).collect();
    let body = json!({ "content": "noise", "account_ids": ids, "media_ids": [media], "scheduled_for": at });
    (server.create_post(body).await, media)
}

#[tokio::test]
async fn copies_are_there_before_a_post_is_due() {
    let server = Server::start().await;
    let accounts =
        [server.connect("x").await, server.connect("bluesky").await, server.connect("threads").await];
    let (post, _) = scheduled(&server, &accounts[..2], Span::from_hours(30)).await;
    assert_eq!(server.prepare().await, 0, "it is more than a day ahead");
    server.clock.advance(Span::from_hours(7));
    assert_eq!(server.prepare().await, 1);
    assert_eq!(server.prepare().await, 0);
    // One for Bluesky; X takes it as it is.
    assert_eq!(copies_made_for(&server, &post).await, 1);
    let made =
        server.app.store.list_prepared_copies(server.organization.id, domain::PostId(post.parse().unwrap()));
    let made = made.await.unwrap();
    server.advance(Span::from_hours(24)).await;
    let results = results(&server, &post).await;
    assert!(results.iter().all(|result| result["status"] == "published"), "{results:?}");
    let posts = server.sandbox.posts();
    let shown = posts.iter().find(|post| post.platform == "bluesky").unwrap().media[0].sha256.clone();
    assert_eq!(shown, made[0].sha256, "what was made before is what went out");
}

#[tokio::test]
async fn a_changed_post_is_prepared_again_and_a_deleted_one_leaves_nothing() {
    let server = Server::start().await;
    let (bluesky, threads) = (server.connect("bluesky").await, server.connect("threads").await);
    let (post, media) = scheduled(&server, &[bluesky], Span::from_hours(2)).await;
    assert_eq!(server.prepare().await, 1);
    assert_eq!(copies_made_for(&server, &post).await, 1);
    // Threads takes the file as it is, so the copy is of no use.
    server.clock.advance(Span::from_seconds(1));
    let changed = json!({ "account_ids": [threads.0] });
    let path = format!("/api/v1/posts/{post}");
    assert_eq!(server.call("PATCH", &path, Some(&changed)).await.status, 200);
    server.prepare().await;
    assert_eq!(copies_made_for(&server, &post).await, 0);
    let back = json!({ "account_ids": [bluesky.0] });
    server.clock.advance(Span::from_seconds(1));
    assert_eq!(server.call("PATCH", &path, Some(&back)).await.status, 200);
    server.prepare().await;
    assert_eq!(copies_made_for(&server, &post).await, 1);
    let sha256 = server
        .app
        .store
        .list_prepared_copies(server.organization.id, domain::PostId(post.parse().unwrap()))
        .await
        .unwrap()[0]
        .sha256
        .clone();
    assert_eq!(server.call("DELETE", &path, None).await.status, 200);
    assert_eq!(server.prepare().await, 1);
    assert_eq!(copies_made_for(&server, &post).await, 0);
    app::media::clean(&server.app).await.unwrap();
    assert!(server.app.media.read(&sha256, 0, 1).await.is_err(), "the copy's file is gone");
    assert_eq!(server.get(&format!("/api/v1/media/{media}")).await["status"], "ready");
}

#[tokio::test]
async fn a_post_whose_copies_are_not_there_in_time_goes_out_all_the_same() {
    let server = Server::start().await;
    let bluesky = server.connect("bluesky").await;
    let (post, _) = scheduled(&server, &[bluesky], Span::from_minutes(5)).await;
    // Nobody prepares it, or somebody began and stopped.
    let now = server.clock.now();
    let taken = server.app.store.take_media_preparations(now, now + Span::from_minutes(40), 4).await.unwrap();
    assert_eq!(taken.len(), 1);
    server.advance(Span::from_minutes(10)).await;
    assert_eq!(results(&server, &post).await[0]["status"], "published");
    assert_eq!(server.sandbox.posts().len(), 1);
    // Whoever comes too late finds nothing left to do.
    server.clock.advance(Span::from_hours(1));
    assert_eq!(server.prepare().await, 1);
    assert_eq!(copies_made_for(&server, &post).await, 0);
}
