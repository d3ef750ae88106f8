use axum::http::{Method, StatusCode, header};
use fanfare_api::Limits;
use serde_json::{Value, json};

use crate::media_import::{Files, server as fetching_server};
use crate::support::{Answer, DAY, LIMITS, Server, in_future};

/// Sends a file.
async fn send(server: &Server, query: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/posts/import{query}");
    let mut request = server.request(Method::POST, &path, body.into());
    request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
    server.send(request).await
}

async fn csv(server: &Server, text: impl Into<Vec<u8>>) -> Answer {
    send(server, "?timezone=Europe/Berlin", "text/csv", text).await
}

async fn document(server: &Server, query: &str, value: &Value) -> Answer {
    send(server, query, "application/json", value.to_string()).await
}

fn results(answer: &Answer) -> &Vec<Value> {
    answer.body["data"]["results"].as_array().unwrap_or_else(|| panic!("{}", answer.body))
}

fn outcomes(answer: &Answer) -> Vec<&str> {
    results(answer).iter().map(|result| result["outcome"].as_str().unwrap()).collect()
}

async fn post_of(server: &Server, answer: &Answer, at: usize) -> Value {
    let id = results(answer)[at]["post_id"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned();
    server.get(&format!("/posts/{id}")).await.data().clone()
}

fn notes(answer: &Answer, at: usize) -> String {
    results(answer)[at]["notes"].to_string()
}

const TABLE: &str = "date,time,content,platforms,media,colour\r\n\
    2027-01-31,09:30,\"Soup, and\nbread\",x,,red\r\n\
    ,,An idea,,,\r\n\
    \r\n\
    2027-07-31,9:30,Summer,3121+bluesky,,\r\n";

#[tokio::test]
async fn the_rows_of_a_table_become_posts_and_drafts() {
    let server = Server::start().await;
    let answer = csv(&server, TABLE).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    insta::assert_json_snapshot!("imported_posts", answer.shape());
    let first = post_of(&server, &answer, 0).await;
    assert_eq!(first["content"], "Soup, and\nbread");
    assert_eq!(first["scheduled_for"], "2027-01-31T08:30:00.000Z");
    assert_eq!((&first["status"], &first["timezone"]), (&json!("scheduled"), &json!("Europe/Berlin")));
    assert!(notes(&answer, 0).contains("colour"), "{}", answer.body);
    let second = post_of(&server, &answer, 1).await;
    assert_eq!((&second["status"], &second["scheduled_for"]), (&json!("draft"), &Value::Null));
    let third = post_of(&server, &answer, 2).await;
    assert_eq!(third["scheduled_for"], "2027-07-31T07:30:00.000Z");
    assert_eq!(third["account_ids"], json!(server.accounts));
    let rows: Vec<&Value> = results(&answer).iter().map(|result| &result["row"]).collect();
    assert_eq!(rows, [2, 3, 5]);
}

#[tokio::test]
async fn the_same_file_makes_its_posts_once() {
    let server = Server::start().await;
    let first = csv(&server, TABLE).await;
    let ids = |answer: &Answer| -> Vec<Value> {
        results(answer).iter().map(|result| result["post_id"].clone()).collect()
    };
    let again = csv(&server, TABLE).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(outcomes(&again), ["already_there"; 3]);
    assert_eq!(ids(&first), ids(&again));
    assert_eq!(server.get("/posts").await.data()["total"], 3);
    // What was deleted stays deleted.
    let id = ids(&first)[0].as_str().unwrap().to_owned();
    server.delete(&format!("/posts/{id}")).await.data();
    let after = csv(&server, TABLE).await;
    assert_eq!(outcomes(&after), ["already_there"; 3]);
    assert!(notes(&after, 0).contains("deleted"), "{}", after.body);
    assert_eq!(server.get("/posts").await.data()["total"], 2);
    // Also once the time of a row is over.
    server.clock.advance(domain::Span::from_days(300));
    assert_eq!(outcomes(&csv(&server, TABLE).await), ["already_there"; 3]);
    // A row that says something else is another post.
    let other = csv(&server, TABLE.replace("An idea", "A better idea")).await;
    assert_eq!(outcomes(&other), ["already_there", "created", "already_there"]);
}

#[tokio::test]
async fn two_that_send_the_same_file_at_once_make_its_posts_once() {
    let server = Server::start().await;
    let (one, two) = tokio::join!(csv(&server, TABLE), csv(&server, TABLE));
    let created = [&one, &two].map(|answer| answer.body["data"]["created"].as_u64().unwrap());
    assert_eq!(created.iter().sum::<u64>(), 3, "{} {}", one.body, two.body);
    assert_eq!(server.get("/posts").await.data()["total"], 3);
}

#[tokio::test]
async fn nothing_goes_out_at_once() {
    let server = Server::start().await;
    let line = |at: &str| format!("content,platforms,scheduled_for\n{at},x,{at}\n");
    for at in ["2027-01-15T08:00:00Z", "2027-01-15T07:59:30Z"] {
        let answer = csv(&server, line(at)).await;
        assert_eq!(results(&answer)[0]["errors"][0]["code"], "past_schedule_time", "{}", answer.body);
    }
    let answer = csv(&server, line("2027-01-15T08:00:01Z")).await;
    assert_eq!(results(&answer)[0]["status"], "scheduled", "{}", answer.body);
}

#[tokio::test]
async fn the_same_row_twice_is_one_post() {
    let server = Server::start().await;
    let table = "content,platforms,date,time\nsame,x,2027-01-31,09:30\nsame,3121,2027-01-31,9:30\n";
    let answer = csv(&server, table).await;
    assert_eq!(outcomes(&answer), ["created", "already_there"]);
    assert!(notes(&answer, 1).contains("row 2"), "{}", answer.body);
}

#[tokio::test]
async fn a_dry_run_makes_nothing_and_says_what_would_be() {
    let server = Server::start().await;
    let table = format!("{TABLE}2020-01-01,09:00,late,x,,\r\n2027-01-31,09:00,{},x,,\r\n", "a".repeat(281));
    let dry = send(&server, "?timezone=Europe/Berlin&dry_run=true", "text/csv", table.clone()).await;
    assert_eq!(dry.status, StatusCode::OK);
    let would = ["would_be_created", "would_be_created", "would_be_created", "refused", "refused"];
    assert_eq!(outcomes(&dry), would);
    assert_eq!(server.get("/posts").await.data()["total"], 0);
    let real = csv(&server, table).await;
    assert_eq!(real.status, StatusCode::MULTI_STATUS);
    assert_eq!(outcomes(&real), ["created", "created", "created", "refused", "refused"]);
    assert_eq!(results(&dry)[3]["errors"][0]["code"], "past_schedule_time");
    assert_eq!(results(&dry)[3]["errors"], results(&real)[3]["errors"]);
    assert_eq!(results(&dry)[4]["errors"][0]["code"], "content_too_long");
    assert_eq!(results(&real)[4]["errors"][0]["code"], "post_creation_failed");
    let table = "date,time,content,platforms\n2027-01-31,09:30,a,nobody\n";
    assert_eq!(csv(&server, table).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn tables_come_as_spreadsheets_write_them() {
    let server = Server::start().await;
    let with = |separator: &str, end: &str| {
        let lines = [["Date", "Time", "Text", "Platforms"], ["2027-01-31", "09:30", "\"a \"\"b\"\"\"", "x"]];
        lines.map(|cells| cells.join(separator)).join(end)
    };
    let mut times = 9;
    for file in [
        with(",", "\n").into_bytes(),
        with(";", "\r\n").into_bytes(),
        with("\t", "\r\n").into_bytes(),
        [b"\xEF\xBB\xBF", with(";", "\r\n").as_bytes()].concat(),
        format!("sep=;\r\n{}", with(";", "\r\n")).into_bytes(),
    ] {
        times += 1;
        let file = String::from_utf8(file).unwrap().replace("09:30", &format!("{times:02}:30"));
        let answer = csv(&server, file.clone()).await;
        assert_eq!(outcomes(&answer), ["created"], "{file}: {}", answer.body);
        assert_eq!(post_of(&server, &answer, 0).await["content"], "a \"b\"");
    }
}

#[tokio::test]
async fn what_is_no_file_of_posts_is_refused_with_row_and_column() {
    type Case = (Vec<u8>, Option<u64>, Option<&'static str>, &'static str);
    let server = Server::start().await;
    let head = "date,time,content,platforms\n2027-01-31,09:30,good,x\n";
    let cases: [Case; 11] = [
        (Vec::new(), None, None, "empty"),
        (b" \r\n ".to_vec(), None, None, "empty"),
        (b"date,time\n2027-01-31,09:30\n".to_vec(), None, None, "names of the columns"),
        (b"date,time,content,platforms\n".to_vec(), None, None, "no posts"),
        (b"content,content\na,b\n".to_vec(), Some(1), Some("content"), "twice"),
        ([head.as_bytes(), b"2027-01-31,09:30,caf\xE9,x\n"].concat(), Some(3), Some("content"), "UTF-8"),
        ([head.as_bytes(), b"2027-01-31,09:30,a\0b,x\n"].concat(), Some(3), Some("content"), "NUL"),
        (format!("{head}2027-01-31,09:30,\"a,x\n").into_bytes(), Some(3), None, "not closed"),
        (b"\xFF\xFEc\0o\0".to_vec(), None, None, "UTF-16"),
        (b"{\"posts\": [".to_vec(), None, None, "JSON"),
        (b"{\"posts\": [{\"content\": \"a\\u0000b\"}]}".to_vec(), None, None, "NUL"),
    ];
    for (file, row, column, why) in cases {
        let answer = csv(&server, file.clone()).await;
        let shown = String::from_utf8_lossy(&file).into_owned();
        assert_eq!(answer.refusal(), (400, "validation_error", "file"), "{shown}: {}", answer.body);
        let error = &answer.body["error"];
        assert_eq!(error["details"]["row"].as_u64(), row, "{shown}: {error}");
        assert_eq!(error["details"]["column"].as_str(), column, "{shown}: {error}");
        assert!(error["message"].as_str().unwrap().contains(why), "{shown}: {error}");
    }
    let many = format!("content\n{}", "a\n".repeat(1_001));
    let answer = csv(&server, many).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "file"));
    let large = format!("content\n\"{}\"\n", "a".repeat(10 * 1024 * 1024));
    assert_eq!(csv(&server, large).await.refusal(), (413, "payload_too_large", ""));
    let image = send(&server, "", "image/png", "x").await;
    assert_eq!(image.refusal(), (415, "unsupported_media_type", ""));
    assert_eq!(server.get("/posts").await.data()["total"], 0);
}

#[tokio::test]
async fn a_file_may_be_larger_than_other_bodies_also_under_a_key() {
    let server = Server::start().await;
    let text = "a".repeat(3 * 1024 * 1024);
    let file = format!("content,notes\ndraft,{text}\n");
    let mut request = server.request(Method::POST, "/api/v1/posts/import", file);
    request.headers_mut().insert(header::CONTENT_TYPE, "text/csv".parse().unwrap());
    request.headers_mut().insert("idempotency-key", "file-1".parse().unwrap());
    assert_eq!(outcomes(&server.send(request).await), ["created"]);
}

#[tokio::test]
async fn parameters_are_checked() {
    let server = Server::start().await;
    for (query, code, field) in [
        ("?format=xlsx", "validation_error", "format"),
        ("?timezone=Mars/Olympus", "invalid_timezone", "timezone"),
        ("?dry_run=maybe", "validation_error", "dry_run"),
        ("?account_mapping=x", "validation_error", "account_mapping"),
        ("?account_mapping=%7B%22x%22%3Atrue%7D", "validation_error", "account_mapping.x"),
    ] {
        let answer = send(&server, query, "text/csv", "content\na\n").await;
        assert_eq!(answer.refusal(), (400, code, field), "{query}");
    }
}

#[tokio::test]
async fn each_row_is_refused_on_its_own() {
    let server = Server::start().await;
    let (_, foreign) = server.stranger().await;
    let rows = [
        ("2027-01-31,,a,x,,", "time"),
        (",09:30,a,x,,", "date"),
        ("31.1.2027,09:30,a,x,,", "date"),
        ("2027-01-31,09:30,a,,,", "account_ids"),
        ("2027-01-31,09:30,a,nobody,,", "platforms"),
        (&format!("2027-01-31,09:30,a,{},,", foreign.0), "account_ids"),
        ("2027-01-31,09:30,a,x,[1],", "thread_posts"),
        ("2027-01-31,09:30,a,x,,Mars/Olympus", "timezone"),
        ("2027-01-31,09:30,a,x,,,extra", "row"),
    ];
    for (row, field) in rows {
        let answer =
            csv(&server, format!("date,time,content,platforms,thread_posts,timezone\n{row}\n")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{row}");
        assert_eq!(results(&answer)[0]["errors"][0]["field"], field, "{row}: {}", answer.body);
    }
}

#[tokio::test]
async fn titles_and_first_comments_go_to_the_platforms_that_have_them() {
    let server = Server::start().await;
    let table = "date,time,content,platforms,title,first_comment\n\
        2027-01-31,09:30,a,x+bluesky,Our soup,Recipe below\n";
    let answer = csv(&server, table).await;
    let post = post_of(&server, &answer, 0).await;
    assert_eq!(post["platform_content"], json!({ "x": { "settings": { "firstComment": "Recipe below" } } }));
    let notes = notes(&answer, 0);
    for note in ["X has no titles", "Bluesky has no titles", "Bluesky has no first comments"] {
        assert!(notes.contains(note), "{notes}");
    }
}

#[tokio::test]
async fn media_come_from_the_library_or_from_an_address_once() {
    let (server, files) = (fetching_server().await, Files::start().await);
    let id = server.image().await;
    let address = format!("{}/caf%C3%A9.png", files.url);
    let table = format!(
        "date,time,content,platforms,media\n\
         2027-01-31,09:30,one,x,pixel.png\n\
         2027-01-31,09:30,two,x,{address}|{id}\n\
         2027-01-31,09:30,three,x,{address}\n\
         2027-01-31,09:30,four,x,{}/gone\n",
        files.url
    );
    let dry = send(&server, "?dry_run=true", "text/csv", table.clone()).await;
    let would = "would_be_created";
    assert_eq!(outcomes(&dry), [would, would, would, would]);
    assert!(notes(&dry, 2).contains("would be fetched"), "{}", dry.body);
    assert_eq!(server.get("/media").await.data()["total"], 1, "a dry run fetches nothing");
    let answer = csv(&server, table.clone()).await;
    assert_eq!(outcomes(&answer), ["created", "created", "created", "refused"]);
    assert_eq!(server.get("/media").await.data()["total"], 2);
    assert_eq!(post_of(&server, &answer, 0).await["media_ids"], json!([id]));
    let two = post_of(&server, &answer, 1).await;
    assert_eq!(two["media_ids"][1], json!(id));
    assert_eq!(post_of(&server, &answer, 2).await["media_ids"][0], two["media_ids"][0]);
    let error = &results(&answer)[3]["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("410"), "{error}");
    assert_eq!(outcomes(&csv(&server, table).await)[..3], ["already_there"; 3]);
    assert_eq!(server.get("/media").await.data()["total"], 2, "nothing is fetched twice");
}

#[tokio::test]
async fn a_row_whose_video_is_on_its_way_waits_and_goes_on() {
    let (server, files) = (fetching_server().await, Files::start().await);
    let table =
        format!("date,time,content,platforms,media\n2027-01-31,09:30,film,x,{}/video.mp4\n", files.url);
    let first = csv(&server, table.clone()).await;
    assert_eq!((outcomes(&first), first.status), (vec!["waiting"], StatusCode::UNPROCESSABLE_ENTITY));
    let data = &first.body["data"];
    assert_eq!((&data["waiting"], &data["retry_after"]), (&json!(1), &json!(5)));
    assert_eq!(data["results"][0]["errors"][0]["retryable"], true);
    for _ in 0..3 {
        server.library().run_once().await.unwrap();
        server.clock.advance(domain::Span::from_minutes(10));
    }
    let then = csv(&server, table).await;
    assert_eq!(outcomes(&then), ["created"], "{}", then.body);
    assert_eq!(server.get("/media").await.data()["total"], 1);
}

#[tokio::test]
async fn posts_beyond_the_limit_wait() {
    let server = Server::with_limits(Limits { posts_per_hour: 2, ..LIMITS }).await;
    let line = |text: &str| format!("2027-01-31,09:30,{text},x\n");
    let table = format!("date,time,content,platforms\n{}{}{}", line("a"), line("b"), line("c"));
    let answer = csv(&server, table.clone()).await;
    assert_eq!(outcomes(&answer), ["created", "created", "waiting"]);
    assert_eq!(results(&answer)[2]["errors"][0]["code"], "rate_limit_exceeded");
    let wait = answer.body["data"]["retry_after"].as_i64().unwrap();
    server.clock.advance(domain::Span::from_seconds(wait));
    assert_eq!(outcomes(&csv(&server, table).await), ["already_there", "already_there", "created"]);
}

#[tokio::test]
async fn posts_of_postiz_are_carried_over_with_what_is_lost() {
    let server = Server::start().await;
    let bakery = server.connect_until("x", "bakery", crate::support::START + DAY).await;
    let (at, long_ago) = (in_future(DAY), "2020-01-01T00:00:00.000Z");
    let x = json!({ "id": "cx1", "providerIdentifier": "x", "name": "northlight" });
    let other = json!({ "id": "cx2", "providerIdentifier": "x", "name": "The Bakery" });
    let sky = json!({ "id": "cb1", "providerIdentifier": "bluesky", "name": "Studio" });
    let post = |id: &str, other: Value| {
        let mut made =
            json!({ "id": id, "state": "QUEUE", "publishDate": at, "content": "Soup", "integration": x });
        for (name, value) in other.as_object().unwrap() {
            made[name] = value.clone();
        }
        made
    };
    let file = json!({ "posts": [
        post("p1", json!({ "content": "<p>Soup &amp; <strong>bread</strong></p><p>today</p>", "group": "g1",
            "tags": [{ "tag": { "name": "menu" } }], "settings": "{\"__type\":\"x\",\"who_can_reply_post\":\"everyone\"}" })),
        post("p2", json!({ "content": "<p>Soup &amp; <strong>bread</strong></p><p>today</p>", "group": "g1", "integration": sky })),
        post("p3", json!({ "parentPostId": "p1", "content": "<p>second</p>" })),
        post("p4", json!({ "state": "PUBLISHED", "publishDate": long_ago })),
        post("p5", json!({ "state": "DRAFT", "content": "idea" })),
        post("p6", json!({ "integration": other, "intervalInDays": 7 })),
        post("p7", json!({ "integration": { "id": "r", "providerIdentifier": "reddit", "name": "r/soup" } })),
        post("p8", json!({ "publishDate": "soon" })),
    ]});
    let query = "?account_mapping=%7B%22cx2%22%3A3123%7D";
    assert_eq!(bakery.0, 3123);
    let answer = document(&server, query, &file).await;
    assert_eq!(answer.body["data"]["format"], "postiz", "{}", answer.body);
    // A group with a further part on one account is two posts: the parts differ.
    let expected = ["created", "created", "skipped", "created", "created", "refused", "refused"];
    assert_eq!(outcomes(&answer), expected, "{}", answer.body);
    let first = post_of(&server, &answer, 0).await;
    assert_eq!(first["content"], "Soup & bread\ntoday");
    assert_eq!((&first["thread_posts"], &first["account_ids"]), (&json!(["second"]), &json!([3121])));
    let lost = notes(&answer, 0);
    for note in ["strong", "menu", "who_can_reply_post"] {
        assert!(lost.contains(note), "{lost}");
    }
    let second = post_of(&server, &answer, 1).await;
    assert_eq!(second["account_ids"], json!([3122]));
    assert!(notes(&answer, 1).contains("only bluesky account"), "{}", answer.body);
    assert_eq!(post_of(&server, &answer, 3).await["status"], "draft");
    assert_eq!(post_of(&server, &answer, 4).await["account_ids"], json!([3123]));
    assert!(notes(&answer, 4).contains("every 7 days"));
    assert!(results(&answer)[5]["errors"][0]["message"].as_str().unwrap().contains("no reddit account"));
    assert_eq!(results(&answer)[6]["errors"][0]["field"], "publishDate");
    let again = document(&server, query, &file).await;
    assert_eq!(again.body["data"]["created"], 0, "{}", again.body);
}

#[tokio::test]
async fn posts_of_mixpost_are_carried_over_with_the_texts_of_single_accounts() {
    let server = Server::start().await;
    let accounts = json!([
        { "id": 1, "uuid": "u1", "name": "Northlight Studio", "username": "northlight", "provider": "twitter" },
        { "id": 2, "uuid": "u2", "name": "Sky", "username": "northlight.example.org", "provider": "bluesky" },
    ]);
    let original = json!({ "account_id": 0, "is_original": true,
        "content": [{ "body": "<div>Soup</div><div></div><div>now</div>", "media": [] }] });
    let own = json!({ "account_id": 2, "is_original": false,
        "content": [{ "body": "<div>Soup for the sky</div>", "media": [] }, { "body": "<div>more</div>", "media": [] }] });
    let when = json!({ "date": "2027-01-31", "time": "09:30", "human": "…" });
    let file = json!({ "data": [
        { "id": "a", "status": "SCHEDULED", "accounts": accounts, "versions": [original, own], "tags": [], "scheduled_at": when },
        { "id": "b", "status": "PUBLISHED", "accounts": accounts, "versions": [original], "scheduled_at": when },
        { "id": "c", "status": "DRAFT", "accounts": [], "versions": [original], "tags": [{ "name": "menu" }],
          "scheduled_at": { "date": null, "time": null } },
    ]});
    let no_zone = document(&server, "?dry_run=true", &file).await;
    assert_eq!(results(&no_zone)[0]["errors"][0]["field"], "timezone");
    let answer = document(&server, "?timezone=Europe/Berlin", &file).await;
    assert_eq!(answer.body["data"]["format"], "mixpost");
    assert_eq!(outcomes(&answer), ["created", "created", "skipped", "created"], "{}", answer.body);
    let (first, second) = (post_of(&server, &answer, 0).await, post_of(&server, &answer, 1).await);
    assert_eq!((&first["content"], &first["account_ids"]), (&json!("Soup\n\nnow"), &json!([3121])));
    assert_eq!(first["scheduled_for"], "2027-01-31T08:30:00.000Z");
    assert_eq!((&second["content"], &second["account_ids"]), (&json!("Soup for the sky"), &json!([3122])));
    assert_eq!(second["thread_posts"], json!(["more"]));
    assert!(notes(&answer, 0).contains("this became 2 posts"));
    assert!(notes(&answer, 3).contains("menu"));
}

#[tokio::test]
async fn tables_of_mixpost_are_put_together() {
    let server = Server::start().await;
    let file = json!({
        "posts": [{ "id": 7, "uuid": "x", "status": 1, "scheduled_at": "2027-01-31 08:30:00", "deleted_at": null }],
        "post_accounts": [{ "id": 1, "post_id": 7, "account_id": 4 }],
        "accounts": [{ "id": 4, "name": "Northlight", "username": "northlight", "provider": "twitter" }],
        "post_versions": [{ "post_id": 7, "account_id": 0, "is_original": 1,
            "content": "[{\"body\":\"<div>Soup</div>\",\"media\":[\"3\"]}]" }],
        "media": [{ "id": 3, "name": "pixel.png" }],
    });
    let id = server.image().await;
    let answer = document(&server, "", &file).await;
    assert_eq!(outcomes(&answer), ["created"], "{}", answer.body);
    let post = post_of(&server, &answer, 0).await;
    assert_eq!(post["scheduled_for"], "2027-01-31T08:30:00.000Z");
    assert_eq!((&post["account_ids"], &post["media_ids"]), (&json!([3121]), &json!([id])));
}

#[tokio::test]
async fn an_account_id_of_another_server_is_not_taken_for_one_of_here() {
    let server = Server::start().await;
    let at = in_future(DAY);
    let post = |name: &str, platform: &str| {
        json!({ "content": name, "account_ids": [3122], "scheduled_for": at, "status": "scheduled",
            "destinations": [{ "account_id": 3122, "platform": platform, "account_name": name }] })
    };
    // There, 3122 is an X account with this name; here it is one on Bluesky.
    let file = json!({ "posts": [post("@northlight", "x"), post("@somebody.example.org", "bluesky"), post("@other", "linkedin")] });
    let answer = document(&server, "", &file).await;
    assert_eq!(outcomes(&answer), ["created", "created", "refused"], "{}", answer.body);
    assert_eq!(post_of(&server, &answer, 0).await["account_ids"], json!([3121]));
    assert!(notes(&answer, 1).contains("is taken for"), "{}", answer.body);
}
