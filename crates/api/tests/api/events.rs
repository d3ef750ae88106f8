//! The stream of events.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::Span;
use domain::api_key::Scope;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{DAY, HEALTHY, Server};

/// A reader of the stream.
struct Reader {
    status: StatusCode,
    kind: String,
    body: Body,
}

/// An event as a reader gets it.
#[derive(Debug, PartialEq)]
struct Told {
    id: String,
    name: String,
    data: Value,
}

async fn follow(server: &Server, key: &str, path: &str, last: Option<&str>) -> Reader {
    let mut request = Request::builder()
        .method(Method::GET)
        .uri(format!("/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {key}"));
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    let answer = server.routes().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    Reader { status: answer.status(), kind, body: answer.into_body() }
}

impl Reader {
    /// The next lines, or `None` at the end of the stream. Time passes while they are waited for.
    async fn lines(&mut self, server: &Server) -> Option<String> {
        let passing = async {
            loop {
                let now = server.app.clock.now();
                if let Some(wait) = server.clock.first_wait().filter(|wait| *wait > now) {
                    server.clock.set(wait);
                }
                tokio::task::yield_now().await;
            }
        };
        let frame = tokio::select! {
            frame = self.body.frame() => frame,
            () = passing => unreachable!("time does not end"),
        };
        let bytes = frame?.unwrap().into_data().unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn next(&mut self, server: &Server) -> Told {
        for _ in 0..4 {
            let Some(lines) = self.lines(server).await else { panic!("the stream has ended") };
            let Some(rest) = lines.strip_prefix("id: ") else { continue };
            let (id, rest) = rest.split_once("\nevent: ").unwrap();
            let (name, rest) = rest.split_once("\ndata: ").unwrap();
            let data = serde_json::from_str(rest.strip_suffix("\n\n").unwrap()).unwrap();
            return Told { id: id.to_owned(), name: name.to_owned(), data };
        }
        panic!("nothing is told");
    }
}

async fn post(server: &Server, text: &str) -> String {
    let at = (server.app.clock.now() + DAY).to_iso_millis();
    let body = json!({ "content": text, "account_ids": [HEALTHY], "scheduled_for": at });
    let made = server.post("/posts", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.data()["post_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_reader_is_told_what_happens_from_now_on() {
    let server = Server::start().await;
    post(&server, "before").await;
    let mut reader = follow(&server, &server.key, "/events", None).await;
    assert_eq!((reader.status, reader.kind.as_str()), (StatusCode::OK, "text/event-stream"));
    assert_eq!(reader.lines(&server).await.unwrap(), "retry: 2000\n\n");
    let first = post(&server, "first\nwith two lines").await;
    let told = reader.next(&server).await;
    assert_eq!((told.name.as_str(), &told.data["data"]["post_id"]), ("post.scheduled", &json!(first)));
    assert_eq!(told.data["event_id"], json!(told.id));
    let second = post(&server, "second").await;
    server.clock.advance(Span::from_millis(1));
    server.delete(&format!("/posts/{second}")).await;
    assert_eq!(reader.next(&server).await.data["data"]["post_id"], json!(second));
    assert_eq!(reader.next(&server).await.name, "post.deleted");
}

#[tokio::test]
async fn a_reader_is_told_of_the_steps_of_an_approval() {
    let server = Server::start().await;
    let chief = server.new_key(vec![Scope::Approve], None).await;
    let path = "/events?events=post.approval_requested,post.approved,post.changes_requested";
    let mut reader = follow(&server, &server.key, path, None).await;
    let asked = post(&server, "May this go out?").await;
    for (key, step, event) in [
        (&server.key, "request-approval", "post.approval_requested"),
        (&chief, "request-changes", "post.changes_requested"),
        (&chief, "approve", "post.approved"),
    ] {
        server.clock.advance(Span::from_millis(1));
        let path = format!("/posts/{asked}/{step}");
        let body = json!({ "note": step });
        server.call_as(Some(key), Method::POST, &path, Some(body)).await.data();
        let told = reader.next(&server).await;
        assert_eq!((told.name.as_str(), &told.data["data"]["post_id"]), (event, &json!(asked)));
        assert_eq!(told.data["data"]["approval"]["note"], step);
    }
}

#[tokio::test]
async fn a_reader_that_comes_back_misses_nothing() {
    let server = Server::start().await;
    server.clock.advance(DAY);
    let mut reader = follow(&server, &server.key, "/events", None).await;
    let first = post(&server, "first").await;
    let seen = reader.next(&server).await;
    assert_eq!(seen.data["data"]["post_id"], json!(first));
    drop(reader);
    let mut missed = Vec::new();
    for number in 0..250 {
        server.clock.advance(Span::from_millis(40));
        missed.push(post(&server, &format!("missed {number}")).await);
    }
    server.clock.advance(DAY);
    let mut reader = follow(&server, &server.key, "/events", Some(&seen.id)).await;
    for post in &missed {
        assert_eq!(reader.next(&server).await.data["data"]["post_id"], json!(post));
    }
    let path = format!("/events?last_event_id={}&events=post.deleted,post.updated", seen.id);
    let mut reader = follow(&server, &server.key, &path, None).await;
    server.delete(&format!("/posts/{}", missed[7])).await;
    let told = reader.next(&server).await;
    assert_eq!((told.name.as_str(), &told.data["data"]["post_id"]), ("post.deleted", &json!(missed[7])));
}

#[tokio::test]
async fn what_became_durable_late_is_told_and_nothing_twice() {
    let server = Server::start().await;
    let mut reader = follow(&server, &server.key, "/events", None).await;
    let newer = post(&server, "newer").await;
    assert_eq!(reader.next(&server).await.data["data"]["post_id"], json!(newer));
    let now = server.app.clock.now();
    server.clock.set(now - Span::from_seconds(8));
    let older = post(&server, "older").await;
    server.clock.set(now);
    assert_eq!(reader.next(&server).await.data["data"]["post_id"], json!(older));
    let last = post(&server, "last").await;
    assert_eq!(reader.next(&server).await.data["data"]["post_id"], json!(last));
}

#[tokio::test]
async fn a_stream_ends_with_its_key_and_shows_no_other_organization() {
    let server = Server::start().await;
    let (stranger, _) = server.stranger().await;
    let mut other = follow(&server, &stranger, "/events", None).await;
    let end = server.app.clock.now() + Span::from_minutes(10);
    let key = server.new_key(vec![Scope::Read], Some(end)).await;
    let mut reader = follow(&server, &key, "/events", None).await;
    let ours = post(&server, "ours").await;
    assert_eq!(reader.next(&server).await.data["data"]["post_id"], json!(ours));
    let mut beats = 0;
    while let Some(lines) = reader.lines(&server).await {
        assert_eq!(lines, ": nothing new\n\n");
        beats += 1;
    }
    assert!((38..=40).contains(&beats), "{beats}");
    assert!(server.app.clock.now() >= end);
    // A stream on which much happens ends as well.
    let end = server.app.clock.now() + Span::from_minutes(1);
    let key = server.new_key(vec![Scope::Read], Some(end)).await;
    let mut busy = follow(&server, &key, "/events", None).await;
    busy.lines(&server).await.unwrap();
    for number in 0..130 {
        post(&server, &format!("number {number}")).await;
    }
    let mut told = 0;
    while busy.lines(&server).await.is_some() {
        told += 1;
        server.clock.advance(Span::from_seconds(1));
    }
    assert!((60..=80).contains(&told), "{told}");
    assert_eq!(other.lines(&server).await.unwrap(), "retry: 2000\n\n");
    assert_eq!(other.lines(&server).await.unwrap(), ": nothing new\n\n");
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_and_a_key_has_twenty_streams() {
    let server = Server::start().await;
    for (path, field) in [
        ("/events?events=post.nothing", "events"),
        ("/events?last_event_id=7", "last_event_id"),
        ("/events?last_event_id=%00", "last_event_id"),
    ] {
        assert_eq!(server.get(path).await.refusal(), (400, "validation_error", field), "{path}");
    }
    let refused = follow(&server, &server.key, "/events", Some("seven")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(follow(&server, &server.key, "/events", None).await);
    }
    assert_eq!(server.get("/events").await.refusal(), (429, "rate_limit_exceeded", ""));
    open.pop();
    assert_eq!(follow(&server, &server.key, "/events", None).await.status, StatusCode::OK);
}

/// A page of the list, with what comes before it of the address.
async fn page(server: &Server, query: &str) -> Value {
    let answer = server.get(&format!("/events/list?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.data().clone()
}

fn posts_of(page: &Value) -> Vec<Value> {
    page["events"].as_array().unwrap().iter().map(|event| event["data"]["post_id"].clone()).collect()
}

#[tokio::test]
async fn pages_leave_nothing_out_and_tell_nothing_twice() {
    let server = Server::start().await;
    let began = server.app.clock.now();
    // The server has told of its accounts before.
    let scheduled = "events=post.scheduled";
    let newer = post(&server, "newer").await;
    let now = server.app.clock.now();
    assert_eq!(page(&server, scheduled).await["events"], json!([]), "what is young may have company yet");
    server.clock.set(now - Span::from_seconds(8));
    let older = post(&server, "older").await;
    server.clock.set(now + Span::from_seconds(20));
    let first = page(&server, &format!("{scheduled}&limit=1")).await;
    assert_eq!((posts_of(&first), &first["has_more"]), (vec![json!(older)], &json!(true)));
    let event = &first["events"][0];
    assert_eq!((&event["event"], &event["event_id"]), (&json!("post.scheduled"), &first["cursor"]));
    let cursor = first["cursor"].as_str().unwrap();
    let second = page(&server, &format!("{scheduled}&after={cursor}")).await;
    assert_eq!((posts_of(&second), &second["has_more"]), (vec![json!(newer)], &json!(false)));

    // Enough that a page looks more than once, and a filter that passes most of it over.
    for number in 0..120 {
        server.clock.advance(Span::from_millis(1));
        post(&server, &format!("number {number}")).await;
    }
    server.delete(&format!("/posts/{newer}")).await;
    server.clock.advance(Span::from_seconds(20));
    let mut cursor = second["cursor"].as_str().unwrap().to_owned();
    let mut told = 0;
    loop {
        let next = page(&server, &format!("after={cursor}&limit=50&events=post.scheduled")).await;
        told += posts_of(&next).len();
        next["cursor"].as_str().unwrap().clone_into(&mut cursor);
        if next["has_more"] == false {
            break;
        }
    }
    assert_eq!(told, 120);
    assert_eq!(page(&server, &format!("after={cursor}")).await["events"], json!([]));
    let since = began.to_iso_millis();
    let deleted = page(&server, &format!("since={since}&events=post.deleted")).await;
    assert_eq!((posts_of(&deleted), &deleted["has_more"]), (vec![json!(newer)], &json!(false)));
}

#[tokio::test]
async fn a_list_of_events_is_its_organizations_own_and_says_what_is_wrong_with_its_place() {
    let server = Server::start().await;
    post(&server, "ours").await;
    server.clock.advance(DAY);
    let (stranger, _) = server.stranger().await;
    let theirs = server.call_as(Some(&stranger), Method::GET, "/events/list", None).await;
    assert_eq!(theirs.data()["events"], json!([]));
    let writer = server.new_key(vec![Scope::Write], None).await;
    let refused = server.call_as(Some(&writer), Method::GET, "/events/list", None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let nil = "00000000-0000-0000-0000-000000000000";
    for (query, field) in [
        ("after=7", "after"),
        ("after=%00", "after"),
        ("since=yesterday", "since"),
        ("events=post.nothing", "events"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        (&*format!("after={nil}&since=2026-01-01T00:00:00Z"), "since"),
    ] {
        let refused = server.get(&format!("/events/list?{query}")).await;
        assert_eq!(refused.refusal(), (400, "validation_error", field), "{query}");
    }
}
