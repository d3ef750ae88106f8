//! The media library: the three steps of an upload, and what can go wrong in each.

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use domain::Span;
use domain::api_key::Scope;
use domain::plan::Plan;
use serde_json::{Value, json};

use crate::support::{Answer, DAY, HEALTHY, Server, in_future};

pub(crate) const PIXEL: &[u8] = include_bytes!("../../../testkit/src/pixel.png");
pub(crate) const VIDEO: &[u8] = include_bytes!("../../../media/samples/plain.mp4");

fn file(name: &str, content_type: &str, bytes: &[u8]) -> Value {
    json!({ "filename": name, "content_type": content_type, "size": bytes.len() })
}

/// Begins an upload; gives the id and the path that takes the bytes.
async fn begin(server: &Server, body: Value) -> (String, String) {
    let answer = server.post("/media/upload", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.data();
    let url = data["upload_url"].as_str().unwrap();
    let path = url.strip_prefix("https://social.example.org").unwrap().to_owned();
    (data["media_id"].as_str().unwrap().to_owned(), path)
}

fn raw(path: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::put(path).header(header::CONTENT_TYPE, content_type).body(body.into()).unwrap()
}

pub(crate) async fn send(server: &Server, path: &str, content_type: &str, bytes: &'static [u8]) -> Answer {
    server.send(raw(path, content_type, bytes)).await
}

async fn complete(server: &Server, id: &str) -> Answer {
    server.call(Method::POST, &format!("/media/{id}/complete"), None).await
}

/// An image that is ready.
async fn stored(server: &Server) -> String {
    let (id, path) = begin(server, file("a.png", "image/png", PIXEL)).await;
    send(server, &path, "image/png", PIXEL).await.data();
    assert_eq!(complete(server, &id).await.data()["status"], "ready");
    id
}

/// The stored files, and those on their way in.
fn files(server: &Server) -> (usize, usize) {
    server.files()
}

async fn events(server: &Server, kind: &str) -> Vec<Value> {
    let events = server.app.store.list_events(server.organization.id, 100).await.unwrap();
    events.into_iter().filter(|event| event.kind == kind).map(|event| event.payload).collect()
}

#[tokio::test]
async fn an_image_goes_through_the_three_steps() {
    let server = Server::start().await;
    let begun = server.post("/media/upload", file("a.png", "image/png", PIXEL)).await;
    let data = begun.data();
    assert_eq!(
        data["upload_method"],
        json!({ "method": "POST", "content_type": "multipart/form-data", "field_name": "file" })
    );
    assert_eq!((&data["expires_in"], &data["max_size"]), (&json!(900), &json!(20 * 1024 * 1024)));
    let id = data["media_id"].as_str().unwrap().to_owned();
    assert_eq!(data["media_ids"], json!([id]));
    let path =
        data["upload_url"].as_str().unwrap().trim_start_matches("https://social.example.org").to_owned();

    assert_eq!(server.get(&format!("/media/{id}")).await.data()["status"], "uploading");
    send(&server, &path, "image/png", PIXEL).await.data();
    send(&server, &path, "image/png", PIXEL).await.data();
    let completed = complete(&server, &id).await;
    let media = completed.data();
    for name in ["status", "media_status"] {
        assert_eq!(media[name], "ready");
    }
    assert_eq!(
        (&media["id"], &media["type"], &media["size"]),
        (&json!(id), &json!("image"), &json!(PIXEL.len()))
    );
    assert!(media["next_step"].as_str().unwrap().contains(&id));
    let again = complete(&server, &id).await;
    assert_eq!(again.data(), completed.data(), "a second call changes nothing");
    let wrong = server.call(Method::POST, &format!("/media/{id}/complete"), Some(json!(true))).await;
    assert_eq!(wrong.refusal().1, "validation_error", "{}", wrong.body);
    assert_eq!(send(&server, &path, "image/png", PIXEL).await.refusal().0, 409);

    let uploaded = events(&server, "media.uploaded").await;
    assert_eq!(uploaded, [json!({ "media_id": id, "type": "image", "filename": "a.png" })]);
    let url = media["url"].as_str().unwrap().trim_start_matches("https://social.example.org").to_owned();
    let (status, headers, bytes) = server.raw(Request::get(url).body(Body::empty()).unwrap()).await;
    assert_eq!((status, &bytes[..]), (StatusCode::OK, PIXEL));
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(files(&server), (1, 0));
    let post = json!({ "content": "x", "account_ids": [HEALTHY], "media_ids": [id], "draft": true });
    let made = server.post("/posts", post).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let listed = server.get("/posts").await;
    for shown in [&made.data()["media"][0], &listed.data()["posts"][0]["media"][0]] {
        let url = shown["url"].as_str().unwrap().trim_start_matches("https://social.example.org");
        let (status, _, bytes) = server.raw(Request::get(url).body(Body::empty()).unwrap()).await;
        assert_eq!((status, &bytes[..]), (StatusCode::OK, PIXEL), "{shown}");
    }
}

#[tokio::test]
async fn a_form_is_taken_as_well_and_videos_and_documents_too() {
    const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    let server = Server::start().await;
    for (name, content_type, bytes, kind) in [
        ("a.png", "image/png", PIXEL, "image"),
        ("a.mp4", "video/mp4", VIDEO, "video"),
        ("a.pdf", "application/pdf", PDF, "document"),
    ] {
        let (id, path) = begin(&server, file(name, content_type, bytes)).await;
        let mut body = b"--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\"\r\nContent-Type: application/octet-stream\r\n\r\n".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let form = Request::post(&path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        server.send(form.body(Body::from(body)).unwrap()).await.data();
        let answer = complete(&server, &id).await;
        server.clock.advance(Span::from_seconds(1));
        assert_eq!(
            (&answer.data()["status"], &answer.data()["type"]),
            (&json!("ready"), &json!(kind)),
            "{}",
            answer.body
        );
    }
    let page = server.get("/media?limit=2").await;
    let data = page.data();
    assert_eq!(data["items"], data["media"]);
    let kinds: Vec<&Value> = data["items"].as_array().unwrap().iter().map(|item| &item["type"]).collect();
    assert_eq!(kinds, ["document", "video"], "newest first");
    let mut pagination = data["pagination"].clone();
    assert!(pagination.as_object_mut().unwrap().remove("next_cursor").unwrap().is_string());
    assert_eq!(pagination, json!({ "limit": 2, "offset": 0, "total": 3, "has_more": true }));
    let videos = server.get("/media?type=video").await;
    assert_eq!(videos.data()["total"], 1);
    let video = &videos.data()["items"][0];
    assert!(video["duration"].as_f64().unwrap() > 0.0 && video["width"].as_u64().unwrap() > 0, "{video}");
    assert_eq!(video["dimensions"]["height"], video["height"]);
    assert!(video["aspect_ratio"].as_f64().unwrap() > 0.0);
    assert_eq!(server.get("/media?type=sound").await.refusal(), (400, "validation_error", "type"));
    assert_eq!(server.get("/media?limit=0").await.refusal(), (400, "validation_error", "limit"));
}

#[tokio::test]
async fn what_cannot_be_uploaded_is_refused_before_it_is_sent() {
    let server = Server::start().await;
    let good = || file("a.png", "image/png", PIXEL);
    let with = |name: &str, value: Value| {
        let mut body = good();
        body[name] = value;
        body
    };
    for (body, refusal) in [
        (with("size", json!(0)), (400, "validation_error", "size")),
        (with("size", json!(-1)), (400, "validation_error", "size")),
        (with("size", json!("1")), (400, "validation_error", "size")),
        (with("size", json!(1e300)), (400, "validation_error", "size")),
        (with("size", json!(null)), (400, "validation_error", "size")),
        (with("size", json!(20 * 1024 * 1024 + 1)), (413, "file_too_large", "")),
        (with("content_type", json!("image/svg+xml")), (400, "validation_error", "content_type")),
        (with("content_type", json!("")), (400, "validation_error", "content_type")),
        (with("content_type", json!(["image/png"])), (400, "validation_error", "content_type")),
        (with("filename", json!(7)), (400, "validation_error", "filename")),
        (with("filename", json!("")), (400, "validation_error", "filename")),
        (with("filename", json!("a\0b.png")), (400, "validation_error", "filename")),
        (with("platforms", json!(["myspace"])), (400, "validation_error", "platforms")),
        (with("platforms", json!("x")), (400, "validation_error", "platforms")),
        (with("width", json!("wide")), (400, "validation_error", "width")),
        (with("duration", json!(-1)), (400, "validation_error", "duration")),
        (json!([]), (400, "validation_error", "body")),
    ] {
        let answer = server.post("/media/upload", body.clone()).await;
        assert_eq!(answer.refusal(), refusal, "{body}");
    }
    let older = json!({ "filename": "../../Ą b.png", "content_type": "IMAGE/PNG; q=1", "file_size": 5, "platforms": ["x"] });
    let (id, _) = begin(&server, older).await;
    let item = server.get(&format!("/media/{id}")).await;
    assert_eq!(
        (&item.data()["filename"], &item.data()["content_type"]),
        (&json!("Ą b.png"), &json!("image/png"))
    );
    assert_eq!((&item.data()["size"], &item.data()["url"]), (&json!(5), &Value::Null));
}

#[tokio::test]
async fn bytes_that_are_not_those_that_were_declared_are_refused() {
    let server = Server::start().await;
    let (id, path) = begin(&server, file("a.png", "image/png", PIXEL)).await;
    assert_eq!(send(&server, &path, "image/png", b"").await.refusal(), (400, "validation_error", "body"));
    assert_eq!(
        send(&server, &path, "image/png", &PIXEL[1..]).await.refusal(),
        (400, "validation_error", "body")
    );
    let longer = [PIXEL, b"x"].concat();
    let refused = server.send(raw(&path, "image/png", longer.clone())).await;
    assert_eq!(refused.refusal(), (413, "file_too_large", ""));
    // Without a length the size shows only on the way.
    let pieces = longer
        .chunks(16)
        .map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece)))
        .collect::<Vec<_>>();
    let streamed = Body::from_stream(futures_util::stream::iter(pieces));
    assert_eq!(server.send(raw(&path, "image/png", streamed)).await.refusal(), (413, "file_too_large", ""));
    let broken = [Ok(Bytes::from_static(&PIXEL[..9])), Err(std::io::Error::other("gone"))];
    let broken = Body::from_stream(futures_util::stream::iter(broken));
    assert_eq!(server.send(raw(&path, "image/png", broken)).await.status, StatusCode::BAD_REQUEST);
    for (content_type, body) in [
        ("multipart/form-data", "--x--"),
        ("multipart/form-data; boundary=x", "--x--\r\n"),
        ("multipart/form-data; boundary=x", "nonsense"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf",
        ),
    ] {
        assert_eq!(
            server.send(raw(&path, content_type, body)).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let missing = complete(&server, &id).await;
    assert_eq!(missing.status, StatusCode::BAD_REQUEST);
    let message = missing.body["error"]["message"].as_str().unwrap().to_lowercase();
    assert!(message.contains("not found") && message.contains("make sure you uploaded"), "{message}");
    assert_eq!(files(&server), (0, 0), "nothing is left of what was refused");
    send(&server, &path, "image/png", PIXEL).await.data();
    assert_eq!(complete(&server, &id).await.data()["status"], "ready");
}

#[tokio::test]
async fn an_address_ends_and_cannot_be_made_up() {
    let server = Server::start().await;
    let (id, path) = begin(&server, file("a.png", "image/png", PIXEL)).await;
    for forged in ["/uploads/x".to_owned(), format!("{path}A"), path.replacen("/uploads/", "/uploads/A", 1)] {
        assert_eq!(
            send(&server, &forged, "image/png", PIXEL).await.refusal(),
            (403, "upload_refused", ""),
            "{forged}"
        );
    }
    let link = server.app.store.media_path(
        server.organization.id,
        id.parse().unwrap(),
        "a.png",
        server.app.clock.now(),
    );
    let token = link.split('/').nth(2).unwrap();
    let borrowed = format!("/uploads/{token}");
    assert_eq!(
        send(&server, &borrowed, "image/png", PIXEL).await.refusal().0,
        403,
        "a link to a file takes none"
    );
    let get = Request::get(&path).body(Body::empty()).unwrap();
    assert_eq!(server.send(get).await.refusal(), (405, "method_not_allowed", ""));
    server.clock.advance(Span::from_minutes(16));
    assert_eq!(send(&server, &path, "image/png", PIXEL).await.refusal(), (410, "upload_refused", ""));
}

#[tokio::test]
async fn a_file_that_is_something_else_fails_with_the_reason() {
    let server = Server::start().await;
    for (content_type, bytes, reason) in [
        ("video/mp4", PIXEL, "declared as video/mp4 but is image/png"),
        ("image/png", VIDEO, "declared as image/png but is video/mp4"),
        ("image/png", &b"hello, this is only a text"[..], "a text"),
        ("image/png", &PIXEL[..30], "a PNG"),
    ] {
        let (id, path) = begin(&server, file("a.bin", content_type, bytes)).await;
        send(&server, &path, content_type, bytes).await.data();
        let failed = complete(&server, &id).await;
        assert_eq!(failed.data()["status"], "failed", "{}", failed.body);
        let said = failed.data()["error_message"].as_str().unwrap();
        assert!(said.contains(reason), "{said}");
        assert_eq!(complete(&server, &id).await.data()["error_message"], said);
        let post = json!({ "content": "x", "account_ids": [HEALTHY], "media_ids": [id] });
        assert_eq!(server.post("/posts", post).await.refusal().1, "media_not_ready");
    }
    let renamed = file("a.jpg", "image/jpeg", PIXEL);
    let (id, path) = begin(&server, renamed).await;
    send(&server, &path, "image/jpeg", PIXEL).await.data();
    let taken = complete(&server, &id).await;
    assert_eq!(
        (&taken.data()["status"], &taken.data()["content_type"]),
        (&json!("ready"), &json!("image/png"))
    );
    app::media::clean(&server.app).await.unwrap();
    assert_eq!(files(&server), (1, 0), "what failed is removed");
}

#[tokio::test]
async fn a_foreign_or_unknown_item_is_not_found_and_scopes_are_kept() {
    let server = Server::start().await;
    let id = stored(&server).await;
    let (stranger, _) = server.stranger().await;
    let reader = server.new_key(vec![Scope::Read], None).await;
    for (method, path) in [
        (Method::GET, format!("/media/{id}")),
        (Method::DELETE, format!("/media/{id}")),
        (Method::POST, format!("/media/{id}/complete")),
    ] {
        let answer = server.call_as(Some(&stranger), method.clone(), &path, None).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{method}");
        assert_eq!(server.call_as(None, method.clone(), &path, None).await.refusal().0, 401);
        if method != Method::GET {
            let answer = server.call_as(Some(&reader), method, &path, None).await;
            assert_eq!(answer.refusal(), (403, "insufficient_scope", ""));
        }
    }
    let answer = server.call_as(Some(&reader), Method::POST, "/media/upload", Some(json!({}))).await;
    assert_eq!(answer.refusal().0, 403);
    assert_eq!(server.call_as(Some(&stranger), Method::GET, "/media", None).await.data()["total"], 0);
    for unknown in ["x", "upload", "0192f5a0-0000-7000-8000-000000000000"] {
        assert_eq!(
            server.call(Method::DELETE, &format!("/media/{unknown}"), None).await.status.as_u16() / 100,
            4
        );
    }
}

#[tokio::test]
async fn what_a_post_waits_for_stays_unless_forced_and_the_last_item_takes_the_file_along() {
    let server = Server::start().await;
    let (one, other) = (stored(&server).await, stored(&server).await);
    assert_eq!(files(&server), (1, 0), "the same bytes are stored once");
    let post = server
        .make_post(json!({ "content": "x", "account_ids": [HEALTHY], "media_ids": [one], "scheduled_for": in_future(DAY) }))
        .await;
    let refused = server.delete(&format!("/media/{one}")).await;
    assert_eq!(refused.refusal(), (409, "media_in_use", ""));
    assert_eq!(refused.body["error"]["details"]["post_ids"], json!([post]));
    assert_eq!(
        server.delete(&format!("/media/{one}?force=maybe")).await.refusal(),
        (400, "validation_error", "force")
    );
    let deleted = server.delete(&format!("/media/{one}?force=true")).await;
    assert_eq!(deleted.data()["media_id"], one);
    assert_eq!((&deleted.data()["id"], &deleted.data()["deleted"]), (&json!(one), &json!(true)));
    assert_eq!(server.get(&format!("/media/{one}")).await.refusal(), (404, "not_found", ""));
    assert_eq!(files(&server), (1, 0), "the other item names it");
    server.delete(&format!("/media/{other}")).await.data();
    assert_eq!(files(&server), (0, 0));
    assert_eq!(events(&server, "media.deleted").await.len(), 2);
    // The same file can be sent again.
    stored(&server).await;
    assert_eq!(files(&server), (1, 0));
    server.advance(Span::from_hours(25)).await;
    let results = server.get(&format!("/posts/{post}/results")).await;
    assert!(results.body.to_string().contains("A media file of this post is gone"), "{}", results.body);
}

#[tokio::test]
async fn a_full_library_takes_no_more_and_says_how_full_it_is() {
    let size = PIXEL.len() as u64;
    let server = Server::start().await.with_app(|mut app| {
        let storage_bytes = i64::try_from(2 * size + 1).ok();
        app.plan = std::sync::Arc::new(Plan { storage_bytes, ..Plan::default() });
        app
    });
    let first = stored(&server).await;
    begin(&server, file("b.png", "image/png", PIXEL)).await;
    let full = server.post("/media/upload", file("c.png", "image/png", PIXEL)).await;
    assert_eq!(full.refusal(), (403, "quota_exceeded", ""));
    let me = server.get("/me").await;
    assert_eq!(me.data()["quota"]["storage_bytes"], json!({ "used": 2 * size, "limit": 2 * size + 1 }));
    server.delete(&format!("/media/{first}")).await.data();
    begin(&server, file("c.png", "image/png", PIXEL)).await;
}

#[tokio::test]
async fn uploads_that_nobody_finishes_are_forgotten_after_a_day() {
    let server = Server::start().await;
    let (id, path) = begin(&server, file("a.png", "image/png", PIXEL)).await;
    send(&server, &path, "image/png", PIXEL).await.data();
    let ready = stored(&server).await;
    server.clock.advance(Span::from_hours(23));
    assert_eq!(app::media::clean(&server.app).await.unwrap(), 0);
    server.clock.advance(Span::from_hours(2));
    assert_eq!(app::media::clean(&server.app).await.unwrap(), 1);
    assert_eq!(server.get(&format!("/media/{id}")).await.refusal().0, 404);
    assert_eq!(server.get(&format!("/media/{ready}")).await.data()["status"], "ready");
    assert_eq!(files(&server), (1, 0));
}

#[tokio::test]
async fn of_two_uploads_to_one_address_the_last_one_counts() {
    let server = Server::start().await;
    let other = [&PIXEL[..PIXEL.len() - 1], b"x"].concat();
    let (id, path) = begin(&server, file("a.png", "image/png", PIXEL)).await;
    server.send(raw(&path, "image/png", other)).await.data();
    send(&server, &path, "image/png", PIXEL).await.data();
    assert_eq!(complete(&server, &id).await.data()["status"], "ready");
    app::media::clean(&server.app).await.unwrap();
    assert_eq!(files(&server), (1, 0), "the first one is removed");
}
