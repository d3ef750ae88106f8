//! `POST /posts/validate`: what creating would refuse, and what fitting would do.

use std::io::Cursor;

use axum::http::{Method, StatusCode};
use domain::api_key::Scope;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::support::Server;

/// An image of this size in the library.
async fn image(server: &Server, width: u32, height: u32) -> String {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_pixel(width, height, Rgb([90, 120, 200]));
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    server.store_file("menu.png", &bytes).await
}

#[tokio::test]
async fn each_account_learns_what_would_become_of_the_post() {
    let server = Server::start().await;
    let instagram = server.connect("instagram").await;
    let bluesky = server.connect("bluesky").await;
    let media = image(&server, 1_080, 1_920).await;
    let body = json!({
        "content": "Autumn 🍂 menu",
        "account_ids": [instagram, bluesky],
        "media_ids": [media],
        "thread_posts": ["and one more"],
        "platform_content": { "instagram": { "settings": { "fit": "crop" } } },
    });
    let answer = server.post("/posts/validate", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    insta::assert_json_snapshot!("post_validated", answer.shape());
    let destinations = answer.data()["destinations"].as_array().unwrap();
    let note = "The image will be cropped to 1080 × 1350 and saved as JPEG for Instagram.";
    assert_eq!(destinations[0]["media"][0]["note"], note);
    let threads = "Instagram has no threads: only the first part goes out.";
    assert_eq!(destinations[0]["warnings"], json!([threads, note]));
    assert_eq!(destinations[1]["media"][0]["action"], "untouched");
    assert_eq!((&destinations[1]["length"], &destinations[1]["limit"]), (&json!(13), &json!(300)));
    let posts = server.get("/posts").await;
    assert_eq!(posts.data()["total"], 0, "nothing is made");
}

#[tokio::test]
async fn what_creating_refuses_is_said_before() {
    let server = Server::start().await;
    let instagram = server.connect("instagram").await;
    let bluesky = server.connect("bluesky").await;
    let long = "a".repeat(301);
    let body = json!({ "content": long, "account_ids": [instagram, bluesky] });
    let found = server.post("/posts/validate", body.clone()).await;
    assert_eq!(found.data()["valid"], false);
    let codes: Vec<&str> = found.data()["destinations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|destination| destination["errors"][0]["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["media_required", "content_too_long"]);
    let refused = server.post("/posts", body).await;
    let errors = refused.body["error"]["details"]["validation_errors"].as_array().unwrap().clone();
    let found: Vec<_> = found.data()["destinations"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|destination| destination["errors"].as_array().unwrap().clone())
        .collect();
    assert_eq!(found, errors, "both say the same");
    for (body, field) in [
        (json!({ "content": "hello" }), "account_ids"),
        (json!({ "account_ids": [bluesky] }), "content"),
        (json!({ "content": "hello", "account_ids": [bluesky], "use_queue": true }), "use_queue"),
    ] {
        assert_eq!(server.post("/posts/validate", body).await.refusal(), (400, "validation_error", field));
    }
}

#[tokio::test]
async fn a_reading_key_may_ask() {
    let server = Server::start().await;
    let key = server.new_key(vec![Scope::Read], None).await;
    let body = json!({ "content": "hello", "account_ids": [server.accounts[0]] });
    let answer = server.call_as(Some(&key), Method::POST, "/posts/validate", Some(body.clone())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let foreign = server.foreign_key().await;
    let answer = server.call_as(Some(&foreign), Method::POST, "/posts/validate", Some(body)).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.body["error"]["code"], "invalid_accounts");
}
