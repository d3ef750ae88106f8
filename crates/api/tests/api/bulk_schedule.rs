use axum::http::StatusCode;
use fanfare_api::Limits;
use serde_json::{Value, json};

use crate::support::{Answer, LIMITS, Server};

/// A row for the 31st of January at half past nine.
fn row(text: &str) -> Value {
    json!({ "date": "2027-01-31", "time": "09:30", "content": text, "platforms": "x" })
}

/// The row with other members.
fn with(text: &str, other: &Value) -> Value {
    let mut row = row(text);
    for (name, value) in other.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

async fn schedule(server: &Server, posts: &[Value]) -> Answer {
    server.post("/posts/bulk-schedule", json!({ "posts": posts, "timezone": "Europe/Berlin" })).await
}

async fn dry_run(server: &Server, posts: &[Value]) -> Answer {
    let body = json!({ "posts": posts, "timezone": "Europe/Berlin", "dryRun": true });
    server.post("/posts/bulk-schedule", body).await
}

#[tokio::test]
async fn rows_become_posts_on_the_clocks_of_their_zone() {
    let server = Server::start().await;
    let id = server.accounts[0].0;
    let rows = [
        row("by platform"),
        with("by older name", &json!({ "platforms": "twitter", "date": "2027-07-31" })),
        with("by id", &json!({ "platforms": format!("{id}+{}", server.accounts[1].0) })),
        with("by name", &json!({ "platforms": "@Northlight" })),
        with("by list", &json!({ "platforms": [id, "bluesky"], "time": "9:30" })),
    ];
    let answer = schedule(&server, &rows).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let posts: Vec<&Value> =
        answer.data()["results"].as_array().unwrap().iter().map(|result| &result["post"]).collect();
    let times: Vec<&str> = posts.iter().map(|post| post["scheduled_for"].as_str().unwrap()).collect();
    let winter = "2027-01-31T08:30:00.000Z";
    assert_eq!(times, [winter, "2027-07-31T07:30:00.000Z", winter, winter, winter]);
    assert!(posts.iter().all(|post| post["timezone"] == "Europe/Berlin" && post["status"] == "scheduled"));
    assert_eq!(posts[2]["account_ids"], json!(server.accounts));
    assert_eq!(posts[4]["account_ids"], json!(server.accounts));
    assert_eq!(server.get("/posts?status=scheduled").await.data()["total"], 5);
}

#[tokio::test]
async fn times_that_clocks_skip_or_show_twice_are_decided_and_told() {
    let server = Server::start().await;
    let rows = [
        with("skipped", &json!({ "date": "2027-03-28", "time": "02:30" })),
        with("twice", &json!({ "date": "2027-10-31", "time": "02:30" })),
        row("once"),
    ];
    let answer = schedule(&server, &rows).await;
    let results = answer.data()["results"].as_array().unwrap();
    let note = |at: usize| results[at]["notes"][0].as_str().unwrap_or_default();
    assert_eq!(results[0]["post"]["scheduled_for"], "2027-03-28T01:30:00.000Z");
    assert!(note(0).contains("go forward over 02:30"), "{}", note(0));
    assert_eq!(results[1]["post"]["scheduled_for"], "2027-10-31T00:30:00.000Z");
    assert!(note(1).contains("show 02:30 twice"), "{}", note(1));
    assert!(results[2].get("notes").is_none());
}

/// Rows that are refused, with the code and the field that says so.
fn bad_rows(foreign: i64) -> Vec<(Value, &'static str, &'static str)> {
    let long = "a".repeat(281);
    let of = |other: Value| with("a", &other);
    vec![
        (of(json!({ "date": "31.01.2027" })), "validation_error", "date"),
        (of(json!({ "date": "2027-02-30" })), "validation_error", "date"),
        (of(json!({ "date": null })), "validation_error", "date"),
        (of(json!({ "date": 20_270_131 })), "validation_error", "date"),
        (of(json!({ "time": "9.30" })), "validation_error", "time"),
        (of(json!({ "time": "25:00" })), "validation_error", "time"),
        (of(json!({ "date": "2020-01-31" })), "past_schedule_time", "scheduled_for"),
        (of(json!({ "platforms": "" })), "validation_error", "platforms"),
        (of(json!({ "platforms": {} })), "validation_error", "platforms"),
        (of(json!({ "platforms": [1.5] })), "validation_error", "platforms"),
        (of(json!({ "platforms": "myspace" })), "validation_error", "platforms"),
        (of(json!({ "platforms": "instagram" })), "validation_error", "platforms"),
        (of(json!({ "platforms": "999999" })), "invalid_accounts", "account_ids"),
        (of(json!({ "platforms": foreign.to_string() })), "invalid_accounts", "account_ids"),
        (of(json!({ "content": 5 })), "validation_error", "content"),
        (of(json!({ "content": "" })), "validation_error", "content"),
        (of(json!({ "content": long })), "", ""),
        (of(json!({ "media": "nobody.jpg" })), "validation_error", "media"),
        (of(json!({ "media": "https://example.org/a.jpg" })), "validation_error", "media"),
        (of(json!({ "media": "0192f5a0-0000-7000-8000-000000000000" })), "validation_error", "media_ids"),
        (of(json!({ "media": 7 })), "validation_error", "media"),
        (json!("a text"), "validation_error", "posts[21]"),
        (json!(null), "validation_error", "posts[22]"),
    ]
}

#[tokio::test]
async fn each_row_is_refused_on_its_own_and_a_dry_run_says_the_same() {
    let server = Server::start().await;
    let (_, foreign) = server.stranger().await;
    let bad = bad_rows(foreign.0);
    let mut rows: Vec<Value> = bad.iter().map(|(row, _, _)| row.clone()).collect();
    rows.push(row("good"));
    let dry = dry_run(&server, &rows).await;
    assert_eq!(dry.status, StatusCode::OK);
    assert_eq!(server.get("/posts").await.data()["total"], 0, "a dry run makes nothing");
    let data = dry.data();
    assert_eq!((&data["total"], &data["valid"], &data["invalid"]), (&json!(24), &json!(1), &json!(23)));
    assert_eq!((&data["dryRun"], &data["dry_run"]), (&json!(true), &json!(true)));
    let real = schedule(&server, &rows).await;
    assert_eq!(real.status, StatusCode::MULTI_STATUS);
    for (at, (row, code, field)) in bad.iter().enumerate() {
        let (dry, real) = (&data["results"][at], &real.data()["results"][at]);
        assert_eq!((&dry["valid"], &real["ok"]), (&json!(false), &json!(false)), "{row}");
        if code.is_empty() {
            // A platform would refuse it: each account on its own.
            let violation = &real["error"]["details"]["validation_errors"][0];
            assert_eq!(dry["errors"][0]["code"], violation["code"], "{row}");
            assert_eq!(dry["errors"][0]["field"], "content");
            assert_eq!(dry["errors"][0]["account_id"], violation["account_id"]);
            continue;
        }
        let error = &dry["errors"][0];
        assert_eq!((error["code"].as_str(), error["field"].as_str()), (Some(*code), Some(*field)), "{row}");
        assert_eq!(real["error"]["code"], *code, "{row}");
        assert_eq!(real["error"]["message"], error["message"], "{row}");
    }
    let good = &data["results"][23];
    assert_eq!(good["valid"], true);
    assert_eq!(good["scheduled_for"], "2027-01-31T08:30:00.000Z");
    assert_eq!(good["account_ids"], json!([server.accounts[0]]));
    assert_eq!(server.get("/posts").await.data()["total"], 1);
}

#[tokio::test]
async fn a_dry_run_has_its_shape_and_its_warnings() {
    let server = Server::start().await;
    let rows = [with("to one that cannot post", &json!({ "platforms": "bluesky" })), row("good"), json!(1)];
    let answer = dry_run(&server, &rows).await;
    insta::assert_json_snapshot!("bulk_schedule_dry_run", answer.shape());
    let warning = answer.data()["results"][0]["warnings"][0].as_str().unwrap();
    assert!(warning.contains("cannot post now"), "{warning}");
}

#[tokio::test]
async fn names_are_mapped_to_accounts() {
    let server = Server::start().await;
    let [first, second] = server.accounts;
    let mapping = json!({ "The Shop": first, "everywhere": [first, second], "x": second });
    let send = async |platforms: &str, mapping: &Value| {
        let posts = [with("mapped", &json!({ "platforms": platforms }))];
        let body = json!({ "posts": posts, "timezone": "UTC", "accountMapping": mapping, "dryRun": true });
        server.post("/posts/bulk-schedule", body).await.data()["results"][0].clone()
    };
    for (platforms, accounts) in [
        ("the shop", json!([first])),
        ("everywhere", json!([first, second])),
        ("x", json!([second])),
        ("bluesky + x", json!([second])),
    ] {
        let result = send(platforms, &mapping).await;
        assert_eq!(result["account_ids"], accounts, "{platforms}: {result}");
    }
    let result = send("x", &json!({ "x": 999_999 })).await;
    assert_eq!(result["errors"][0]["code"], "invalid_accounts");
    for (mapping, field) in [
        (json!([]), "accountMapping"),
        (json!({ "x": "a" }), "accountMapping.x"),
        (json!({ "x": [] }), "accountMapping.x"),
    ] {
        let body = json!({ "posts": [row("a")], "timezone": "UTC", "accountMapping": mapping });
        let refusal = server.post("/posts/bulk-schedule", body).await;
        assert_eq!(refusal.refusal(), (400, "validation_error", field), "{mapping}");
    }
}

#[tokio::test]
async fn a_platform_with_several_accounts_is_no_account() {
    let server = Server::start().await;
    let other = server.connect_until("x", "bakery", crate::support::START + crate::support::DAY).await;
    let result = &dry_run(&server, &[row("which?")]).await.data()["results"][0].clone();
    let message = result["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("3121 @northlight") && message.contains(&format!("{} @bakery", other.0)),
        "{message}"
    );
    let named = dry_run(&server, &[with("this", &json!({ "platforms": "bakery" }))]).await;
    assert_eq!(named.data()["results"][0]["account_ids"], json!([other]));
}

#[tokio::test]
async fn files_are_found_by_name_and_by_id() {
    let server = Server::start().await;
    let id = server.image().await;
    let again = server.image().await;
    let other = server.store_file("menu.png", &[crate::media::PIXEL, b"x"].concat()).await;
    let rows = [
        with("by id", &json!({ "media": id })),
        with("by name, the same file twice", &json!({ "media": "pixel.png" })),
        with("two", &json!({ "media": format!("menu.png | {id}") })),
        with("a list", &json!({ "media": ["menu.png", id] })),
    ];
    let answer = dry_run(&server, &rows).await;
    let media: Vec<&Value> =
        answer.data()["results"].as_array().unwrap().iter().map(|result| &result["media_ids"]).collect();
    assert!(media[1] == &json!([id]) || media[1] == &json!([again]), "{}", answer.body);
    assert_eq!((media[0], media[2], media[3]), (&json!([id]), &json!([other, id]), &json!([other, id])));
    server.store_file("menu.png", crate::media::PIXEL).await;
    let answer = dry_run(&server, &[with("which?", &json!({ "media": "menu.png" }))]).await;
    let error = &answer.data()["results"][0]["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("2 different files"), "{error}");
}

#[tokio::test]
async fn what_is_no_list_of_up_to_a_hundred_rows_of_a_zone_is_refused_as_a_whole() {
    let server = Server::start().await;
    for (body, code, field) in [
        (json!({}), "validation_error", "posts"),
        (json!({ "posts": [] , "timezone": "UTC" }), "validation_error", "posts"),
        (json!({ "posts": [row("a")] }), "validation_error", "timezone"),
        (json!({ "posts": [row("a")], "timezone": " " }), "validation_error", "timezone"),
        (json!({ "posts": [row("a")], "timezone": 1 }), "validation_error", "timezone"),
        (json!({ "posts": [row("a")], "timezone": "Mars/Olympus" }), "invalid_timezone", "timezone"),
        (json!({ "posts": [row("a")], "timezone": "UTC", "dryRun": "yes" }), "validation_error", "dryRun"),
        (json!({ "posts": vec![row("a"); 101], "timezone": "UTC" }), "bulk_limit_exceeded", "posts"),
    ] {
        let answer = server.post("/posts/bulk-schedule", body.clone()).await;
        let shown: String = body.to_string().chars().take(200).collect();
        assert_eq!(answer.refusal(), (400, code, field), "{shown}");
    }
    let nul = schedule(&server, &[row("a\u{0}b")]).await;
    assert_eq!(nul.refusal(), (400, "validation_error", "posts[0].content"));
    assert_eq!(server.get("/posts").await.data()["total"], 0);
    let hundred = schedule(&server, &vec![row("a"); 100]).await;
    assert_eq!(hundred.status, StatusCode::CREATED);
}

#[tokio::test]
async fn rows_count_as_posts_and_a_dry_run_does_not() {
    let server = Server::with_limits(Limits { posts_per_hour: 2, ..LIMITS }).await;
    let rows = [row("one"), row("two"), row("three")];
    assert_eq!(dry_run(&server, &rows).await.data()["valid"], 3);
    let answer = schedule(&server, &rows).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    assert_eq!(answer.data()["results"][2]["error"]["code"], "rate_limit_exceeded");
}

#[tokio::test]
async fn a_call_with_a_key_of_its_own_is_done_once() {
    let server = Server::start().await;
    let body = json!({ "posts": [row("once")], "timezone": "UTC" }).to_string();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut request =
            server.request(axum::http::Method::POST, "/api/v1/posts/bulk-schedule", body.clone());
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        request.headers_mut().insert("idempotency-key", "table-7".parse().unwrap());
        ids.push(server.send(request).await.data()["results"][0]["post"]["post_id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(server.get("/posts").await.data()["total"], 1);
}
