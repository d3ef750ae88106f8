//! Media files for platforms: signed addresses without a key.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::{MediaId, Span};
use tower::ServiceExt as _;

use crate::support::{START, Server};

/// Long enough that it is read in several pieces.
fn content() -> Vec<u8> {
    (0..700_000_u32).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect()
}

/// A stored file of that content, and its address.
async fn stored(server: &Server) -> (MediaId, String) {
    let file = server.app.media.put(&content()).await.unwrap();
    let id = MediaId(server.app.entropy.uuid(START));
    let row = store::MediaRow {
        id,
        workspace_id: server.organization.workspace_id,
        kind: "video".to_owned(),
        filename: "our clip.mp4".to_owned(),
        content_type: "video/mp4".to_owned(),
        size_bytes: i64::try_from(file.size_bytes).unwrap(),
        width: None,
        height: None,
        seconds: Some(2.5),
        facts: None,
        sha256: file.sha256,
        thumbnail_sha256: None,
        status: "ready".to_owned(),
        error_message: None,
        arrives_by: "put".to_owned(),
        source_url: None,
        created_at: START,
        expires_at: None,
    };
    server.app.store.begin_media(server.organization.id, row, None, None).await.unwrap();
    let path = server.app.store.media_path(server.organization.id, id, "our clip.mp4", START);
    (id, path)
}

async fn fetch(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = server.routes().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn a_platform_fetches_a_file_without_a_key() {
    let server = Server::start().await;
    let (_, path) = stored(&server).await;
    assert!(path.starts_with("/media/") && path.ends_with("/our-clip.mp4"), "{path}");
    let (status, headers, body) = fetch(&server, "GET", &path, &[]).await;
    assert_eq!((status, body == content()), (StatusCode::OK, true));
    for (name, value) in [
        ("content-type", "video/mp4"),
        ("content-length", "700000"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    let tag = headers["etag"].to_str().unwrap().to_owned();
    let (status, headers, body) = fetch(&server, "HEAD", &path, &[]).await;
    assert_eq!(
        (status, body.len(), &headers["content-length"]),
        (StatusCode::OK, 0, &"700000".parse().unwrap())
    );
    let (status, _, body) = fetch(&server, "GET", &path, &[("if-none-match", &tag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn parts_of_a_file_are_served_and_those_beyond_its_end_are_refused() {
    let server = Server::start().await;
    let (_, path) = stored(&server).await;
    let all = content();
    for (asked, shown, from, to) in [
        ("bytes=0-0", "bytes 0-0/700000", 0, 1),
        ("bytes=300000-", "bytes 300000-699999/700000", 300_000, 700_000),
        ("bytes=-7", "bytes 699993-699999/700000", 699_993, 700_000),
        ("bytes=10-9999999", "bytes 10-699999/700000", 10, 700_000),
    ] {
        let (status, headers, body) = fetch(&server, "GET", &path, &[("range", asked)]).await;
        assert_eq!(
            (status, &headers["content-range"]),
            (StatusCode::PARTIAL_CONTENT, &shown.parse().unwrap())
        );
        assert_eq!(headers["content-length"], (to - from).to_string().as_str());
        assert!(body == all[from..to], "{asked}");
    }
    let (status, headers, body) = fetch(&server, "GET", &path, &[("range", "bytes=700000-")]).await;
    assert_eq!((status, body.len()), (StatusCode::RANGE_NOT_SATISFIABLE, 0));
    assert_eq!(headers["content-range"], "bytes */700000");
    let stale = [("range", "bytes=0-0"), ("if-range", "\"another\"")];
    assert_eq!(fetch(&server, "GET", &path, &stale).await.2.len(), all.len(), "the file is another one");
}

#[tokio::test]
async fn whatever_is_wrong_with_an_address_it_is_not_found() {
    let server = Server::start().await;
    let (id, path) = stored(&server).await;
    let (token, name) = path.trim_start_matches("/media/").split_once('/').unwrap();
    let foreign = server.app.store.media_path(domain::OrganizationId(id.0), id, "our clip.mp4", START);
    let unknown =
        server.app.store.media_path(server.organization.id, MediaId(server.organization.id.0), name, START);
    let mut wrong = vec![
        format!("/media/{token}/other.mp4"),
        format!("/media/{token}A/{name}"),
        format!("/media/{}/{name}", &token[1..]),
        format!("/media/x/{name}"),
        foreign,
        unknown,
    ];
    // Every sign of the token counts.
    for at in (0..token.len()).step_by(7) {
        let mut changed: Vec<char> = token.chars().collect();
        changed[at] = if changed[at] == 'A' { 'B' } else { 'A' };
        wrong.push(format!("/media/{}/{name}", changed.iter().collect::<String>()));
    }
    for path in wrong {
        assert_eq!(fetch(&server, "GET", &path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(fetch(&server, "POST", &path, &[]).await.0, StatusCode::METHOD_NOT_ALLOWED);
    server.clock.set(START + Span::from_hours(24));
    assert_eq!(fetch(&server, "GET", &path, &[]).await.0, StatusCode::OK);
    server.clock.set(START + Span::from_hours(31));
    assert_eq!(fetch(&server, "GET", &path, &[]).await.0, StatusCode::NOT_FOUND, "it has ended");
}
