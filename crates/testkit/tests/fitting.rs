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
use net::{Fate, Hook, Request};
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
