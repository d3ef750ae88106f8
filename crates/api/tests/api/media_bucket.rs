//! Files that callers send straight to a bucket, and what becomes of them there.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use bytes::Bytes;
use domain::Span;
use serde_json::{Value, json};

use crate::media::{PIXEL, VIDEO};
use crate::support::{Answer, HEALTHY, Server};

async fn begin(server: &Server, name: &str, content_type: &str, size: usize) -> (String, url::Url) {
    let file = json!({ "filename": name, "content_type": content_type, "size": size });
    let answer = server.post("/media/upload", file).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.data();
    assert_eq!(
        (&data["provider"], &data["protocol"], &data["upload_method"]),
        (
            &json!("s3"),
            &json!("http"),
            &json!({ "method": "PUT", "content_type": content_type, "field_name": null })
        )
    );
    let url = data["upload_url"].as_str().unwrap().parse().unwrap();
    (data["media_id"].as_str().unwrap().to_owned(), url)
}

/// Sends bytes as a caller does: without a key, past the server.
async fn send(server: &Server, url: &url::Url, bytes: &[u8]) -> u16 {
    let request =
        net::Request::new(Method::PUT, url.clone()).bytes(Bytes::copy_from_slice(bytes), "image/png");
    server.app.outside.http.send(request).await.unwrap().status
}

async fn complete(server: &Server, id: &str) -> Answer {
    server.call(Method::POST, &format!("/media/{id}/complete"), None).await
}

async fn fetch(server: &Server, url: &Value, range: &str) -> (StatusCode, Vec<u8>) {
    let path = url.as_str().unwrap().trim_start_matches("https://social.example.org");
    let request = Request::get(path).header("range", range).body(Body::empty()).unwrap();
    let (status, _, bytes) = server.raw(request).await;
    (status, bytes)
}

#[tokio::test]
async fn a_file_goes_straight_to_the_bucket_and_is_served_from_there() {
    let server = Server::with_bucket().await;
    for (name, content_type, bytes, kind) in
        [("a.png", "image/png", PIXEL, "image"), ("a.mp4", "video/mp4", VIDEO, "video")]
    {
        let (id, url) = begin(&server, name, content_type, bytes.len()).await;
        let missing = complete(&server, &id).await;
        assert_eq!(missing.refusal().0, 400);
        assert!(missing.body["error"]["message"].as_str().unwrap().contains("not found"), "{}", missing.body);
        // What is sent last counts.
        let other: Vec<u8> = bytes.iter().rev().copied().collect();
        assert_eq!(send(&server, &url, &other).await, 200);
        assert_eq!(send(&server, &url, bytes).await, 200);
        let completed = complete(&server, &id).await;
        assert_eq!((&completed.data()["status"], &completed.data()["type"]), (&json!("ready"), &json!(kind)));
        assert_eq!(complete(&server, &id).await.data(), completed.data());
        let (status, part) = fetch(&server, &completed.data()["url"], "bytes=4-9").await;
        assert_eq!((status, &part[..]), (StatusCode::PARTIAL_CONTENT, &bytes[4..10]));
        let post = json!({ "content": "x", "account_ids": [HEALTHY], "media_ids": [id], "draft": true });
        assert_eq!(server.post("/posts", post).await.status, StatusCode::CREATED);
    }
    assert_eq!(server.files(), (2, 0), "what was sent is stored once, under its hash");
}

#[tokio::test]
async fn an_address_takes_the_declared_size_only_and_cannot_be_changed() {
    let server = Server::with_bucket().await;
    let (id, url) = begin(&server, "a.png", "image/png", PIXEL.len()).await;
    assert_eq!(send(&server, &url, &PIXEL[1..]).await, 403, "fewer bytes");
    assert_eq!(send(&server, &url, &[PIXEL, b"x"].concat()).await, 403, "more bytes");
    let elsewhere = url.as_str().replacen(&id, "0192f5a0-0000-7000-8000-000000000000", 1);
    assert_eq!(send(&server, &elsewhere.parse().unwrap(), PIXEL).await, 403, "another item");
    let longer = url.as_str().replacen("X-Amz-Expires=900", "X-Amz-Expires=90000", 1);
    assert_eq!(send(&server, &longer.parse().unwrap(), PIXEL).await, 403, "a longer life");
    assert_eq!(server.files(), (0, 0));
    assert_eq!(complete(&server, &id).await.refusal().0, 400);
}

#[tokio::test]
async fn what_is_something_else_fails_and_leaves_nothing() {
    let server = Server::with_bucket().await;
    let (id, url) = begin(&server, "a.mp4", "video/mp4", PIXEL.len()).await;
    send(&server, &url, PIXEL).await;
    let failed = complete(&server, &id).await;
    assert_eq!(failed.data()["status"], "failed");
    assert!(failed.data()["error_message"].as_str().unwrap().contains("declared as video/mp4"));
    app::media::clean(&server.app).await.unwrap();
    assert_eq!(server.files(), (0, 0));
}

#[tokio::test]
async fn what_nobody_completes_is_removed_from_the_bucket() {
    let server = Server::with_bucket().await;
    let (_, url) = begin(&server, "a.png", "image/png", PIXEL.len()).await;
    assert_eq!(send(&server, &url, PIXEL).await, 200);
    assert_eq!(server.files(), (0, 1));
    app::media::clean(&server.app).await.unwrap();
    assert_eq!(server.files(), (0, 1), "it may still be completed");
    server.clock.advance(Span::from_hours(25));
    assert_eq!(app::media::clean(&server.app).await.unwrap(), 1);
    assert_eq!(server.files(), (0, 0));
    // The address still takes bytes, for an item that is gone.
    assert_eq!(send(&server, &url, PIXEL).await, 200);
    let later = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1 << 40);
    assert_eq!(server.app.media.remove_stale(later).await.unwrap(), 1);
    assert_eq!(server.files(), (0, 0));
}

#[tokio::test]
async fn a_deleted_item_takes_its_object_along() {
    let server = Server::with_bucket().await;
    let (id, url) = begin(&server, "a.png", "image/png", PIXEL.len()).await;
    send(&server, &url, PIXEL).await;
    complete(&server, &id).await.data();
    server.delete(&format!("/media/{id}")).await.data();
    assert_eq!(server.files(), (0, 0));
    let (waiting, url) = begin(&server, "a.png", "image/png", PIXEL.len()).await;
    send(&server, &url, PIXEL).await;
    server.delete(&format!("/media/{waiting}")).await.data();
    assert_eq!(server.files(), (0, 0));
}

#[tokio::test]
async fn a_server_that_stumbles_is_asked_again() {
    let server = Server::with_bucket().await;
    let (id, url) = begin(&server, "a.png", "image/png", PIXEL.len()).await;
    send(&server, &url, PIXEL).await;
    server.s3.as_ref().unwrap().fail_next(2);
    assert_eq!(complete(&server, &id).await.data()["status"], "ready");
}

#[tokio::test]
async fn a_large_file_travels_in_parts() {
    // More than two parts of it, none of them alike.
    let bytes: Vec<u8> = (0_u32..5_000_000).flat_map(u32::to_le_bytes).collect();
    let server = Server::with_bucket().await;
    let stored = server.app.media.put(&bytes).await.unwrap();
    assert_eq!(stored.size_bytes, 20_000_000);
    assert_eq!(server.files(), (1, 0));
    assert!(server.app.media.is_intact(&stored.sha256).await.unwrap());
    let part = server.app.media.read(&stored.sha256, 8 * 1024 * 1024 - 2, 4).await.unwrap();
    assert_eq!(&part[..], &bytes[8 * 1024 * 1024 - 2..8 * 1024 * 1024 + 2]);
    assert!(server.app.media.read(&stored.sha256, 20_000_000, 4).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_a_bucket_is_said_in_words() {
    let server = Server::with_bucket().await;
    let s3 = server.s3.as_ref().unwrap();
    let right = || {
        let address = format!("s3://media/x?region=eu-central-1&endpoint={}", s3.endpoint());
        let mut config = media::BucketConfig::parse(&address).unwrap();
        let (id, secret) = ("AKTEST".to_owned(), "a-secret-for-tests".to_owned());
        config.key = Some(media::BucketKey { id, secret, session: None });
        config
    };
    let said = async |change: fn(&mut media::BucketConfig)| {
        let mut config = right();
        change(&mut config);
        let root = server.database().with_file_name("media");
        let files = media::MediaFiles::open_bucket(&root, config).unwrap();
        files.check("abc").await.map_err(|error| error.to_string())
    };
    assert_eq!(said(|_| {}).await, Ok(()));
    assert_eq!(s3.keys("media"), Vec::<String>::new());
    for (change, part) in [
        ((|config| config.bucket = "medai".to_owned()) as fn(&mut media::BucketConfig), "no such bucket"),
        (|config| config.key.as_mut().unwrap().id = "AKOTHER".to_owned(), "does not know the access key"),
        (|config| config.key.as_mut().unwrap().secret.push('x'), "AWS_SECRET_ACCESS_KEY does not belong"),
        (|config| config.region = Some("us-west-2".to_owned()), "not in the region us-west-2"),
    ] {
        let said = said(change).await.unwrap_err();
        assert!(said.contains(part) && said.starts_with("the bucket \"med"), "{said}");
    }
}
