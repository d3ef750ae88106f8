//! Files that are fetched from an address, and addresses that are none of a caller's business.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::net::{GuardedClient, GuardedConfig};
use app::{App, Outside};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::event::EventKind;
use domain::{EventId, MediaId, Span};
use serde_json::{Value, json};
use store::{DeleteMedia, NewEvent};

use crate::media::{PIXEL, VIDEO};
use crate::support::{Answer, Server};

/// Files on a port of this machine.
pub(crate) struct Files {
    pub(crate) url: String,
    /// The `Range` of each request for the video.
    ranges: Arc<Mutex<Vec<Option<String>>>>,
    served: tokio::task::JoinHandle<()>,
}

impl Drop for Files {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Files {
    pub(crate) async fn start() -> Self {
        let ranges: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
        let seen = Arc::clone(&ranges);
        let video = move |headers: HeaderMap| {
            let seen = Arc::clone(&seen);
            async move { broken_video(&headers, &seen) }
        };
        let png = [(header::CONTENT_TYPE, "image/png")];
        let router = Router::new()
            .route("/caf%C3%A9.png", get(move || async move { (png, PIXEL) }))
            .route("/moved", get(|| async { Redirect::temporary("/caf%C3%A9.png") }))
            .route("/round", get(|| async { Redirect::temporary("/round") }))
            .route("/elsewhere", get(|| async { Redirect::temporary("file:///etc/passwd") }))
            .route(
                "/text",
                get(|| async { "hello, this is only a text and long enough to be looked at as such" }),
            )
            .route("/empty", get(|| async { "" }))
            .route("/gone", get(|| async { StatusCode::GONE }))
            .route("/silent.png", get(|| async { silent() }))
            .route("/short.png", get(|| async { short() }))
            .route("/large.png", get(|| async { [PIXEL, &vec![0; 3_000_000]].concat() }))
            .route("/liar.mp4", get(|| async { [&VIDEO[..64], &[0; 5_000]].concat() }))
            .route("/video.mp4", get(video));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, ranges, served }
    }
}

/// Sends a beginning, and then nothing for ever.
fn silent() -> Response {
    let beginning = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(PIXEL))]);
    let body = futures_util::StreamExt::chain(beginning, futures_util::stream::pending());
    Body::from_stream(body).into_response()
}

/// Sends this, and then breaks the connection.
fn broken(bytes: &'static [u8]) -> Body {
    let beginning = futures_util::stream::iter([Ok(Bytes::from_static(bytes))]);
    let end = futures_util::stream::once(async {
        // What was sent before is on its way by now.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("gone"))
    });
    Body::from_stream(futures_util::StreamExt::chain(beginning, end))
}

/// Promises more than it sends.
fn short() -> Response {
    let body = broken(PIXEL);
    ([(header::CONTENT_LENGTH, "5000")], body).into_response()
}

/// The first request for it breaks off in the middle; later ones get what they ask for.
fn broken_video(headers: &HeaderMap, seen: &Mutex<Vec<Option<String>>>) -> Response {
    let range = headers.get(header::RANGE).map(|value| value.to_str().unwrap().to_owned());
    let from: usize = range.as_deref().map_or(0, |text| {
        assert_eq!(headers[header::IF_RANGE], "\"v1\"");
        text.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap()
    });
    let mut seen = seen.lock().unwrap();
    seen.push(range.clone());
    let tag = (header::ETAG, "\"v1\"".to_owned());
    // The first two are the look at its beginning and the fetch that breaks off.
    if seen.len() <= 2 {
        let body = broken(&VIDEO[..4_000]);
        return ([tag, (header::CONTENT_LENGTH, VIDEO.len().to_string())], body).into_response();
    }
    let of = format!("bytes {from}-{}/{}", VIDEO.len() - 1, VIDEO.len());
    let status = if from > 0 { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    (status, [tag, (header::CONTENT_RANGE, of)], &VIDEO[from..]).into_response()
}

/// A server that may fetch from this machine, and does not wait for long.
pub(crate) async fn server() -> Server {
    Server::start().await.with_app(|mut app: App| {
        let guarded = GuardedClient::new(GuardedConfig {
            allow_private_networks: true,
            idle_timeout: Duration::from_millis(300),
            ..GuardedConfig::default()
        });
        app.outside = Arc::new(Outside {
            http: app.outside.http.clone(),
            guarded: guarded.unwrap(),
            platforms: app.outside.platforms.clone(),
            apps: Arc::clone(&app.outside.apps),
            logins: app.outside.logins.clone(),
            webhook_timeout: app.outside.webhook_timeout,
        });
        app.media_limits.image_by_url_bytes = 1_000_000;
        app
    })
}

async fn import(server: &Server, url: &str) -> Answer {
    server.post("/media/upload-from-url", json!({ "url": url })).await
}

#[tokio::test]
async fn an_image_is_ready_at_once_whatever_way_leads_to_it() {
    let (server, files) = (server().await, Files::start().await);
    for path in ["/caf%C3%A9.png", "/moved"] {
        let answer = import(&server, &format!("{}{path}", files.url)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let data = answer.data();
        assert_eq!((&data["media_status"], &data["type"]), (&json!("ready"), &json!("image")));
        assert_eq!(data["source_url"], format!("{}{path}", files.url));
        assert!(data["url"].as_str().unwrap().starts_with("https://social.example.org/media/"));
        server.clock.advance(Span::from_seconds(1));
    }
    let named: Vec<Value> = server.get("/media").await.data()["items"].as_array().unwrap().clone();
    assert_eq!((&named[1]["filename"], &named[0]["filename"]), (&json!("café.png"), &json!("moved.png")));
}

#[tokio::test]
async fn a_file_that_is_being_removed_is_not_taken_at_that_moment() {
    let (server, files) = (server().await, Files::start().await);
    let url = format!("{}/caf%C3%A9.png", files.url);
    let made = import(&server, &url).await;
    let media = made.data()["media_id"].as_str().unwrap().parse().unwrap();
    let (now, store) = (server.app.clock.now(), &server.app.store);
    // As far as a process gets that deletes it and dies.
    let delete =
        DeleteMedia { media: MediaId(media), workspace: server.organization.workspace_id, force: true, now };
    let event =
        NewEvent { id: EventId(uuid::Uuid::from_u128(1)), kind: EventKind::MediaDeleted, payload: json!({}) };
    store.delete_media(server.organization.id, delete, event).await.unwrap();
    let minute = Span::from_minutes(1);
    assert_eq!(store.take_unused_files(now, now + minute, 10).await.unwrap().len(), 1);
    let refused = import(&server, &url).await;
    assert_eq!(refused.refusal(), (503, "service_unavailable", ""), "{}", refused.body);
    assert_eq!(refused.body["error"]["retryable"], true);
    server.clock.advance(minute);
    assert!(import(&server, &url).await.status.is_success());
}

#[tokio::test]
async fn what_cannot_be_fetched_is_refused_with_the_reason() {
    let (server, files) = (server().await, Files::start().await);
    for (path, refusal, reason) in [
        ("/text", (415, "unsupported_media_type", ""), "POST /v1/media/upload"),
        ("/empty", (400, "validation_error", "url"), "empty"),
        ("/gone", (400, "validation_error", "url"), "status 410"),
        ("/round", (400, "validation_error", "url"), "too many redirects"),
        ("/elsewhere", (400, "validation_error", "url"), "only http and https"),
        ("/silent.png", (400, "validation_error", "url"), "stopped sending"),
        ("/short.png", (400, "validation_error", "url"), "cannot be fetched"),
        ("/large.png", (413, "file_too_large", ""), "at most"),
    ] {
        let answer = import(&server, &format!("{}{path}", files.url)).await;
        assert_eq!(answer.refusal(), refusal, "{path}: {}", answer.body);
        let message = answer.body["error"]["message"].as_str().unwrap();
        assert!(message.contains(reason), "{path}: {message}");
    }
    assert_eq!(server.get("/media").await.data()["total"], 0);
    for body in [
        json!({}),
        json!({ "url": 1 }),
        json!({ "url": "" }),
        json!({ "url": "a.png" }),
        json!({ "url": "ftp://example.org/a" }),
    ] {
        assert_eq!(
            server.post("/media/upload-from-url", body.clone()).await.refusal(),
            (400, "validation_error", "url"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn addresses_inside_a_network_are_not_fetched() {
    let (server, files) = (Server::start().await, Files::start().await);
    let port = files.url.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f.1",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "100.64.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "[fd00::1]",
    ] {
        let answer = import(&server, &format!("http://{host}:{port}/caf%C3%A9.png")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "url"), "{host}: {}", answer.body);
        assert!(
            answer.body["error"]["message"].as_str().unwrap().contains("not public"),
            "{host}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_video_is_fetched_behind_the_call_and_goes_on_where_it_broke_off() {
    let (server, files) = (server().await, Files::start().await);
    let answer = import(&server, &format!("{}/video.mp4", files.url)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.data();
    assert_eq!(
        (&data["media_status"], &data["url"], &data["size"]),
        (&json!("uploading"), &Value::Null, &json!(VIDEO.len()))
    );
    let id = data["media_id"].as_str().unwrap().to_owned();
    let library = testkit::library_of(&server.app);
    assert_eq!(library.run_once().await.unwrap(), 1);
    assert_eq!(server.get(&format!("/media/{id}")).await.data()["status"], "uploading");
    assert_eq!(library.run_once().await.unwrap(), 0, "it waits before it goes on");
    server.clock.advance(Span::from_seconds(11));
    // Another process has nothing but what is stored.
    assert!(testkit::library_of(&server.app).run_once().await.unwrap() >= 1);
    let item = server.get(&format!("/media/{id}")).await;
    assert_eq!(item.data()["status"], "ready", "{}", item.body);
    assert_eq!(item.data()["size"], VIDEO.len());
    assert_eq!(*files.ranges.lock().unwrap(), [None, None, Some("bytes=4000-".to_owned())]);
    let events = server.app.store.list_events(server.organization.id, 10).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == "media.uploaded").count(), 1);
}

#[tokio::test]
async fn a_video_that_is_none_fails_and_one_that_is_deleted_is_not_fetched_on() {
    let (server, files) = (server().await, Files::start().await);
    let answer = import(&server, &format!("{}/liar.mp4", files.url)).await;
    let id = answer.data()["media_id"].as_str().unwrap().to_owned();
    let deleted = import(&server, &format!("{}/video.mp4", files.url)).await;
    let deleted = deleted.data()["media_id"].as_str().unwrap().to_owned();
    let library = testkit::library_of(&server.app);
    assert_eq!(library.run_once().await.unwrap(), 2);
    let failed = server.get(&format!("/media/{id}")).await;
    assert_eq!(failed.data()["status"], "failed");
    let message = failed.data()["error_message"].as_str().unwrap();
    assert!(message.starts_with("This file cannot be used: "), "{message}");
    server.delete(&format!("/media/{deleted}")).await.data();
    server.clock.advance(Span::from_minutes(1));
    assert_eq!(library.run_once().await.unwrap(), 0);
    let incoming = server.database().with_file_name("media").join("incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0);
}
