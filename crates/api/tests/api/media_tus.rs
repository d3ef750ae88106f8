//! Uploads that go on where they broke off.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::Span;

use crate::media::VIDEO;
use crate::support::Server;

const NAME: &str = "filename Y2xpcC5tcDQ=,filetype dmlkZW8vbXA0";

async fn ask(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0");
    request = request.header("authorization", format!("Bearer {}", server.key));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = server.raw(request.body(body).unwrap()).await;
    assert_eq!(answer.1["tus-resumable"], "1.0.0", "{method} {path}");
    answer
}

async fn create(server: &Server) -> String {
    let length = VIDEO.len().to_string();
    let headers = [("upload-length", length.as_str()), ("upload-metadata", NAME)];
    let (status, headers, _) = ask(server, "POST", "/api/v1/media/tus", &headers, Body::empty()).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(headers.contains_key("upload-expires"));
    headers["location"].to_str().unwrap().strip_prefix("https://social.example.org").unwrap().to_owned()
}

async fn patch(server: &Server, path: &str, offset: usize, body: Body) -> (StatusCode, HeaderMap, Vec<u8>) {
    let offset = offset.to_string();
    let headers = [("upload-offset", offset.as_str()), ("content-type", "application/offset+octet-stream")];
    ask(server, "PATCH", path, &headers, body).await
}

async fn offset(server: &Server, path: &str) -> usize {
    let (status, headers, _) = ask(server, "HEAD", path, &[], Body::empty()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["upload-length"], VIDEO.len().to_string());
    assert_eq!(headers["cache-control"], "no-store");
    headers["upload-offset"].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_upload_goes_on_after_a_break_and_is_ready_with_its_last_byte() {
    let server = Server::start().await;
    let path = create(&server).await;
    assert_eq!(offset(&server, &path).await, 0);
    let (status, headers, _) = patch(&server, &path, 0, Body::from(&VIDEO[..1_000])).await;
    assert_eq!((status, &headers["upload-offset"]), (StatusCode::NO_CONTENT, &"1000".parse().unwrap()));
    let broken = [Ok(Bytes::from_static(&VIDEO[1_000..3_000])), Err(std::io::Error::other("gone"))];
    let broken = Body::from_stream(futures_util::stream::iter(broken));
    assert_eq!(patch(&server, &path, 1_000, broken).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(offset(&server, &path).await, 3_000, "what came is kept");
    assert_eq!(patch(&server, &path, 1_000, Body::from("x")).await.0, StatusCode::CONFLICT);
    let longer = Body::from([&VIDEO[3_000..], b"x"].concat());
    assert_eq!(patch(&server, &path, 3_000, longer).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let at = offset(&server, &path).await;
    let (status, _, _) = patch(&server, &path, at, Body::from(&VIDEO[at..])).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(offset(&server, &path).await, VIDEO.len());
    let id = path.rsplit('/').next().unwrap();
    let item = server.get(&format!("/media/{id}")).await;
    assert_eq!((&item.data()["status"], &item.data()["filename"]), (&"ready".into(), &"clip.mp4".into()));
    assert_eq!(patch(&server, &path, VIDEO.len(), Body::from("x")).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_crash_after_the_last_byte_costs_nothing() {
    let server = Server::start().await;
    let path = create(&server).await;
    let id = path.rsplit('/').next().unwrap();
    // What the process had written when it ended.
    let incoming = server.database().with_file_name("media").join("incoming");
    std::fs::write(incoming.join(format!("{id}.partial")), VIDEO).unwrap();
    assert_eq!(offset(&server, &path).await, VIDEO.len());
    assert_eq!(server.get(&format!("/media/{id}")).await.data()["status"], "ready");
}

#[tokio::test]
async fn an_upload_can_be_given_up_and_is_forgotten_after_a_day_without_a_byte() {
    let server = Server::start().await;
    let (given_up, forgotten) = (create(&server).await, create(&server).await);
    patch(&server, &given_up, 0, Body::from(&VIDEO[..10])).await;
    assert_eq!(ask(&server, "DELETE", &given_up, &[], Body::empty()).await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&server, "HEAD", &given_up, &[], Body::empty()).await.0, StatusCode::NOT_FOUND);
    server.clock.advance(Span::from_hours(20));
    patch(&server, &forgotten, 0, Body::from(&VIDEO[..10])).await;
    server.clock.advance(Span::from_hours(20));
    assert_eq!(app::media::clean(&server.app).await.unwrap(), 0, "each byte gives it another day");
    server.clock.advance(Span::from_hours(5));
    assert_eq!(app::media::clean(&server.app).await.unwrap(), 1);
    assert_eq!(ask(&server, "HEAD", &forgotten, &[], Body::empty()).await.0, StatusCode::NOT_FOUND);
    let incoming = server.database().with_file_name("media").join("incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0);
}

#[tokio::test]
async fn what_breaks_the_protocol_is_refused() {
    let server = Server::start().await;
    let path = create(&server).await;
    let (status, headers, _) = ask(&server, "OPTIONS", "/api/v1/media/tus", &[], Body::empty()).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers["tus-extension"], "creation,expiration,termination");
    assert_eq!(headers["tus-version"], "1.0.0");
    for (headers, expected) in [
        (&[("upload-metadata", NAME)][..], 400),
        (&[("upload-length", "-1"), ("upload-metadata", NAME)], 400),
        (&[("upload-length", "x"), ("upload-metadata", NAME)], 400),
        (&[("upload-length", "0"), ("upload-metadata", NAME)], 400),
        (&[("upload-length", "9"), ("upload-metadata", "filename ***")], 400),
        (&[("upload-length", "9")], 400),
        (&[("upload-defer-length", "1"), ("upload-metadata", NAME)], 400),
        (&[("upload-length", "999999999999"), ("upload-metadata", NAME)], 413),
    ] {
        let (status, _, _) = ask(&server, "POST", "/api/v1/media/tus", headers, Body::empty()).await;
        assert_eq!(status.as_u16(), expected, "{headers:?}");
    }
    let wrong_type = [("upload-offset", "0"), ("content-type", "video/mp4")];
    assert_eq!(ask(&server, "PATCH", &path, &wrong_type, Body::from("x")).await.0.as_u16(), 415);
    let no_offset = [("content-type", "application/offset+octet-stream")];
    assert_eq!(ask(&server, "PATCH", &path, &no_offset, Body::from("x")).await.0.as_u16(), 400);
    assert_eq!(ask(&server, "PUT", &path, &[], Body::from("x")).await.0.as_u16(), 405);
    let plain = |method: &str, key: Option<&str>, version: &str| {
        let mut request = Request::builder().method(method).uri(&path).header("tus-resumable", version);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        request.body(Body::empty()).unwrap()
    };
    let (status, headers, _) = server.raw(plain("PATCH", Some(&server.key), "0.2.2")).await;
    assert_eq!((status.as_u16(), &headers["tus-version"]), (412, &"1.0.0".parse().unwrap()));
    assert_eq!(server.raw(plain("HEAD", None, "1.0.0")).await.0, StatusCode::UNAUTHORIZED);
    let (stranger, _) = server.stranger().await;
    assert_eq!(server.raw(plain("HEAD", Some(&stranger), "1.0.0")).await.0, StatusCode::NOT_FOUND);
}
