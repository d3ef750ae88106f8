use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::support::{Answer, DAY, HOUR, Server, in_future};

async fn export(server: &Server, query: &str) -> (axum::http::HeaderMap, String) {
    let request = server.request(Method::GET, &format!("/api/v1/posts/export{query}"), "");
    let (status, headers, bytes) = server.raw(request).await;
    assert_eq!(status, StatusCode::OK);
    (headers, String::from_utf8(bytes).unwrap())
}

async fn import(server: &Server, content_type: &str, file: String) -> Answer {
    let mut request = server.request(Method::POST, "/api/v1/posts/import", file);
    request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
    server.send(request).await
}

/// Posts of many kinds.
async fn fill(server: &Server) {
    let [x, sky] = server.accounts;
    let image = server.image().await;
    let posts = [
        json!({ "content": "=HYPERLINK(\"https://evil.example\")", "account_ids": [x], "scheduled_for": in_future(DAY) }),
        json!({ "content": "Zeilen\n\"und\" ; , Zeichen 🍲", "account_ids": [x, sky],
            "scheduled_for": "2027-10-31T01:30:00.123Z", "timezone": "Europe/Berlin", "media_ids": [image],
            "thread_posts": ["two", "-three"], "platform_content": { "x": { "content": "other", "settings": { "replySettings": "following" } } } }),
        json!({ "content": "an idea", "draft": true }),
        json!({ "content": "'+1 for soup", "draft": true, "scheduled_for": in_future(DAY), "account_ids": [x] }),
    ];
    for post in posts {
        server.make_post(post).await;
        server.clock.advance(domain::Span::from_seconds(1));
    }
}

/// What of the posts has to survive.
async fn kept(server: &Server) -> Vec<Value> {
    let names =
        ["content", "status", "account_ids", "scheduled_for", "timezone", "platform_content", "thread_posts"];
    let list = server.get("/posts?order=asc&limit=100").await;
    let posts = list.data()["posts"].as_array().unwrap().clone();
    let kept = |post: &Value| {
        let mut kept: Value = names.iter().map(|name| ((*name).to_owned(), post[*name].clone())).collect();
        kept["media"] = json!(post["media_ids"].as_array().unwrap().len());
        kept
    };
    let mut posts: Vec<Value> = posts.iter().map(kept).collect();
    // Those that were imported were made at one moment.
    posts.sort_by_key(ToString::to_string);
    posts
}

#[tokio::test]
async fn what_is_exported_is_imported_as_it_was() {
    for (query, content_type) in
        [("?format=csv&order=asc", "text/csv"), ("?format=json&order=asc", "application/json")]
    {
        let server = Server::start().await;
        fill(&server).await;
        let (headers, file) = export(&server, query).await;
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with(content_type));
        assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
        // Here all of them are there already.
        let again = import(&server, content_type, file.clone()).await;
        assert_eq!(
            (again.status, &again.data()["already_there"]),
            (StatusCode::OK, &json!(4)),
            "{}",
            again.body
        );
        // On another server with such accounts and files they are made.
        let other = Server::start().await;
        other.image().await;
        let file = if content_type == "text/csv" { file } else { without_addresses(&file) };
        let answer = import(&other, content_type, file).await;
        assert_eq!(
            (answer.status, &answer.data()["created"]),
            (StatusCode::CREATED, &json!(4)),
            "{}",
            answer.body
        );
        assert_eq!(kept(&other).await, kept(&server).await);
    }
}

/// The file as if its media were called by name: no other server can fetch from this one in a test.
fn without_addresses(file: &str) -> String {
    let mut document: Value = serde_json::from_str(file).unwrap();
    for post in document["posts"].as_array_mut().unwrap() {
        for file in post["media"].as_array_mut().unwrap() {
            file["url"] = Value::Null;
            file["filename"] = json!("pixel.png");
        }
    }
    document.to_string()
}

#[tokio::test]
async fn no_cell_begins_as_a_formula_does() {
    let server = Server::start().await;
    fill(&server).await;
    let (_, file) = export(&server, "?format=csv").await;
    assert!(file.starts_with("\u{feff}post_id,status,date,time,"), "{file}");
    assert!(file.contains("\"'=HYPERLINK(\"\"https://evil.example\"\")\""), "{file}");
    assert!(file.contains("''+1 for soup"), "{file}");
}

#[tokio::test]
async fn the_filters_of_the_list_hold_and_pages_do_not() {
    let server = Server::start().await;
    fill(&server).await;
    for _ in 0..120 {
        server.make_post(json!({ "content": "many", "draft": true })).await;
    }
    let count = async |query: &str| {
        let (_, file) = export(&server, query).await;
        let document: Value = serde_json::from_str(&file).unwrap();
        assert_eq!((&document["format"], &document["version"]), (&json!("fanfare.posts"), &json!(1)));
        document["posts"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 124);
    assert_eq!(count("?limit=5&offset=7").await, 124);
    assert_eq!(count("?status=scheduled").await, 2);
    assert_eq!(count("?search=nothing+like+it").await, 0);
    assert_eq!(count("?platform=bluesky&sort=scheduled_for").await, 1);
    let (_, table) = export(&server, "?format=csv&search=many").await;
    assert_eq!(table.matches("\r\n").count(), 121);
    for (query, field) in
        [("?format=xml", "format"), ("?status=good", "status"), ("?platform=myspace", "platform")]
    {
        let answer = server.get(&format!("/posts/export{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
}

#[tokio::test]
async fn what_went_out_is_told_and_not_made_again() {
    let server = Server::start().await;
    server.make_post(json!({ "content": "now", "account_ids": [server.accounts[0]] })).await;
    server.tick().await;
    let (_, file) = export(&server, "?format=csv").await;
    assert!(file.contains("published") && file.contains("/status/"), "{file}");
    let other = Server::start().await;
    other.clock.advance(HOUR);
    let answer = import(&other, "text/csv", file).await;
    assert_eq!(answer.data()["results"][0]["outcome"], "skipped");
    assert_eq!(other.get("/posts").await.data()["total"], 0);
}

#[tokio::test]
async fn the_posts_of_others_are_in_no_file() {
    let server = Server::start().await;
    fill(&server).await;
    let (key, _) = server.stranger().await;
    let mut request = server.request(Method::GET, "/api/v1/posts/export?format=csv", "");
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
    let (_, _, bytes) = server.raw(request).await;
    assert_eq!(String::from_utf8(bytes).unwrap().matches("\r\n").count(), 1);
}
