//! The emulated Discord, as its clients meet it.

use crate::rig::{Rig, film, folder, read};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// A webhook.
struct Hook {
    id: String,
    token: String,
    made: Value,
}

async fn hook(rig: &Rig, extra: Value) -> Hook {
    let mut wanted = json!({"platform": "discord", "username": "Orchard", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let made = rig.account(wanted).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Hook { id: text(&made["platform_user_id"]), token: text(&made["credentials"]["access_token"]), made }
}

/// A call of the newest version, by a client that says who it is.
fn call(rig: &Rig, method: Method, hook: &Hook, rest: &str) -> reqwest::RequestBuilder {
    let path = format!("discord.com/api/v10/webhooks/{}/{}{rest}", hook.id, hook.token);
    rig.request(method, &path).header("user-agent", "DiscordBot (https://example.org, 1.0)")
}

async fn send(rig: &Rig, hook: &Hook, body: Value) -> (u16, Value) {
    read(call(rig, Method::POST, hook, "?wait=true").json(&body).send().await.unwrap()).await
}

async fn good(rig: &Rig, hook: &Hook, body: Value) -> Value {
    let (status, answer) = send(rig, hook, body).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn code(rig: &Rig, hook: &Hook, body: Value) -> (u16, u64) {
    let (status, answer) = send(rig, hook, body).await;
    (status, answer["code"].as_u64().unwrap_or_else(|| panic!("{answer}")))
}

#[tokio::test]
async fn a_message_is_answered_only_when_it_is_waited_for() {
    let rig = Rig::start().await;
    let hook = hook(&rig, json!({})).await;
    let sent =
        good(&rig, &hook, json!({"content": "Rye <@12> @here", "allowed_mentions": {"parse": []}})).await;
    assert_eq!((&sent["webhook_id"], &sent["mention_everyone"]), (&json!(hook.id), &json!(false)));
    assert_eq!((&sent["author"]["username"], &sent["embeds"]), (&json!("Orchard"), &json!([])));
    assert_eq!(sent["timestamp"], "2026-11-18T11:06:40.000000+00:00");
    let millis = (sent["id"].as_str().unwrap().parse::<u64>().unwrap() >> 22) + 1_420_070_400_000;
    assert_eq!(millis, 1_795_000_000_000);
    let silent =
        call(&rig, Method::POST, &hook, "").json(&json!({"content": "@here <@12>"})).send().await.unwrap();
    assert_eq!((silent.status().as_u16(), silent.headers().get("content-type")), (204, None));
    assert_eq!(silent.text().await.unwrap(), "");
    let posts = rig.published("?platform=discord&account=Orchard").await;
    assert_eq!((posts.len(), &posts[0]["extra"]), (2, &Value::Null));
    assert_eq!(posts[1]["extra"]["rings_everyone"], true, "what is left out rings");
    let page = rig.client.get(posts[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Rye &lt;@12&gt;"));
}

#[tokio::test]
async fn a_webhook_is_shown_renamed_and_deleted_and_its_token_is_never_logged() {
    let rig = Rig::start().await;
    let mut hook = hook(&rig, json!({})).await;
    let (_, shown) = read(call(&rig, Method::GET, &hook, "").send().await.unwrap()).await;
    assert_eq!((&shown["type"], &shown["channel_id"]), (&json!(1), &hook.made["channel_id"]));
    assert_eq!(shown.get("user"), None);
    let renamed = call(&rig, Method::PATCH, &hook, "").json(&json!({"name": "Bakery"})).send().await.unwrap();
    assert_eq!(read(renamed).await.1["name"], "Bakery");
    let refused = call(&rig, Method::PATCH, &hook, "").json(&json!({"name": "clyde"})).send().await.unwrap();
    assert_eq!(read(refused).await.1["code"], 50_035);
    let token = std::mem::replace(&mut hook.token, "z".repeat(68));
    assert_eq!(code(&rig, &hook, json!({"content": "a"})).await, (401, 50_027));
    hook.token = token;
    let unnamed = rig.get(&format!("discord.com/api/v10/webhooks/{}/{}", hook.id, hook.token)).send().await;
    assert_eq!(
        read(unnamed.unwrap()).await,
        (403, json!({"message": "internal network error", "code": 40_333}))
    );
    let log = rig.get("_sandbox/requests?platform=discord").send().await.unwrap().text().await.unwrap();
    assert!(log.contains(&format!("/api/v10/webhooks/{}/***", hook.id)), "{log}");
    assert!(!log.contains(&hook.token) && !log.contains("zzzz"), "{log}");
    let gone = call(&rig, Method::DELETE, &hook, "").send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(code(&rig, &hook, json!({"content": "a"})).await, (404, 10_015));
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_told_as_a_tree() {
    let rig = Rig::start().await;
    let hook = hook(&rig, json!({"enforce_limits": false, "blocked_words": ["casino"]})).await;
    let first = |path: &[&str], answer: &Value| {
        let place = path.iter().fold(&answer["errors"], |tree, name| &tree[*name]);
        place["_errors"][0]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    };
    let long = |length: usize| "x".repeat(length);
    for (body, path, problem) in [
        (json!({"content": long(2_001)}), &["content"][..], "BASE_TYPE_MAX_LENGTH"),
        (json!({"content": "a", "username": long(81)}), &["username"], "BASE_TYPE_BAD_LENGTH"),
        (json!({"content": "a", "username": "My Discord"}), &["username"], "USERNAME_INVALID_CONTAINS"),
        (json!({"content": "a", "avatar_url": "ftp://x"}), &["avatar_url"], "URL_TYPE_INVALID_SCHEME"),
        (json!({"content": "a", "thread_name": long(101)}), &["thread_name"], "BASE_TYPE_MAX_LENGTH"),
        (json!({"embeds": vec![json!({"title": "a"}); 11]}), &["embeds"], "BASE_TYPE_MAX_LENGTH"),
        (json!({"embeds": [{"title": long(257)}]}), &["embeds", "0", "title"], "BASE_TYPE_MAX_LENGTH"),
        (json!({"embeds": [{"url": "no"}]}), &["embeds", "0", "url"], "URL_TYPE_INVALID_URL"),
        (
            json!({"embeds": [{"fields": [{"name": "a"}]}]}),
            &["embeds", "0", "fields", "0", "value"],
            "BASE_TYPE_REQUIRED",
        ),
        (
            json!({"embeds": vec![json!({"description": long(3_001)}); 2]}),
            &["embeds"],
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
        (
            json!({"content": "a", "allowed_mentions": {"parse": ["all"]}}),
            &["allowed_mentions", "parse", "0"],
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({"content": "a", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            &["allowed_mentions"],
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (json!({"content": "a", "attachments": [{"id": 0}]}), &["attachments", "0"], "ATTACHMENT_NOT_FOUND"),
    ] {
        let (status, answer) = send(&rig, &hook, body).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(50_035)), "{answer}");
        assert_eq!(first(path, &answer), problem);
    }
    for (body, wanted) in [
        (json!({"content": " "}), 50_006),
        (json!({}), 50_006),
        (json!({"content": "a", "thread_name": "x"}), 220_003),
        (json!({"content": "The CASINO"}), 200_000),
    ] {
        assert_eq!(code(&rig, &hook, body).await, (400, wanted));
    }
    let torn = call(&rig, Method::POST, &hook, "").header("content-type", "application/json").body("{");
    assert_eq!(read(torn.send().await.unwrap()).await.1["code"], 50_109);
    let old = format!("discord.com/api/webhooks/{}/{}?wait=1", hook.id, hook.token);
    let old = rig.post(&old).header("user-agent", "x").json(&json!({"content": long(2_001)}));
    assert_eq!(
        read(old.send().await.unwrap()).await,
        (400, json!({"content": ["Must be 2000 or fewer in length."]}))
    );
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn files_have_alternative_texts_and_addresses_that_end() {
    let rig = Rig::start().await;
    let hook = hook(&rig, json!({})).await;
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0".to_vec();
    png.push(7);
    let payload = json!({
        "content": "Two",
        "attachments": [{"id": 0, "description": "A red apple"}, {"id": "1", "filename": "b.mp4"}],
    });
    let part = |bytes: Vec<u8>, name: &str| Part::bytes(bytes).file_name(name.to_owned());
    let form = Form::new()
        .text("payload_json", payload.to_string())
        .part("files[0]", part(png.clone(), "a b.png"))
        .part("files[1]", part(film(900), "x"))
        .part("_more", part(b"%PDF".to_vec(), "c.pdf"));
    let sent = call(&rig, Method::POST, &hook, "?wait=True").multipart(form).send().await.unwrap();
    let (status, sent) = read(sent).await;
    assert_eq!(status, 200, "{sent}");
    let files = sent["attachments"].as_array().unwrap();
    assert_eq!((&files[0]["filename"], &files[0]["description"]), (&json!("a_b.png"), &json!("A red apple")));
    assert_eq!((&files[0]["width"], &files[1]["filename"]), (&json!(640), &json!("b.mp4")));
    assert_eq!((&files[2]["filename"], files[1].get("width")), (&json!("c.pdf"), None));
    let url = files[0]["url"].as_str().unwrap();
    assert_eq!(rig.client.get(url).send().await.unwrap().bytes().await.unwrap(), png);
    let forged = url.replace("ex=", "ex=f");
    assert_eq!(rig.client.get(forged).send().await.unwrap().status(), 404);
    rig.advance(25 * 60 * 60 * 1_000).await;
    assert_eq!(rig.client.get(url).send().await.unwrap().status(), 404);
    assert_eq!(rig.published("").await[0]["media"][0]["alt"], "A red apple");

    let many = (0..11).fold(Form::new(), |form, n| form.part(format!("files[{n}]"), part(vec![1], "a")));
    let refused = call(&rig, Method::POST, &hook, "").multipart(many).send().await.unwrap();
    assert_eq!(read(refused).await.1["code"], 30_015);
    let large = Form::new().part("file", part(vec![1; (10 << 20) + 1], "a"));
    let refused = call(&rig, Method::POST, &hook, "").multipart(large).send().await.unwrap();
    let (status, answer) = read(refused).await;
    assert_eq!((status, answer["code"].as_u64()), (413, Some(40_005)));
}

#[tokio::test]
async fn messages_are_read_edited_and_deleted_and_survive_a_restart() {
    let folder = folder("discord-restart");
    let rig = Rig::start_on(Some(&folder)).await;
    let hook = hook(&rig, json!({})).await;
    let sent = good(&rig, &hook, json!({"content": "see https://example.org", "username": "Baker"})).await;
    let place = format!("/messages/{}", sent["id"].as_str().unwrap());
    let rig = rig.restart(&folder).await;
    rig.advance(5_000).await;
    let (_, read_back) = read(call(&rig, Method::GET, &hook, &place).send().await.unwrap()).await;
    assert_eq!(read_back["embeds"][0]["url"], "https://example.org", "the preview came");
    let edit = call(&rig, Method::PATCH, &hook, &place).json(&json!({"content": "new", "username": "X"}));
    let (_, edited) = read(edit.send().await.unwrap()).await;
    assert_eq!((&edited["content"], &edited["author"]["username"]), (&json!("new"), &json!("Baker")));
    assert!(edited["edited_timestamp"].is_string());
    assert_eq!(rig.published("").await[0]["text"], "new");
    let empty = call(&rig, Method::PATCH, &hook, &place).json(&json!({"content": ""})).send().await.unwrap();
    assert_eq!(read(empty).await.1["code"], 50_006);
    let deleted = call(&rig, Method::DELETE, &hook, &place).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    rig.advance(5_000).await;
    let gone = call(&rig, Method::DELETE, &hook, &place).send().await.unwrap();
    assert_eq!(read(gone).await, (404, json!({"message": "Unknown Message", "code": 10_008})));
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn forums_take_posts_with_names_and_threads_have_states() {
    let rig = Rig::start().await;
    let forum = hook(&rig, json!({"channel": "forum", "wants_tag": true, "enforce_limits": false})).await;
    assert_eq!(code(&rig, &forum, json!({"content": "a"})).await, (400, 220_001));
    assert_eq!(code(&rig, &forum, json!({"content": "a", "thread_name": "x"})).await, (400, 40_067));
    let post = json!({"content": "a", "thread_name": "News", "applied_tags": ["1"]});
    let sent = good(&rig, &forum, post).await;
    let thread = sent["channel_id"].as_str().unwrap();
    assert_ne!(json!(thread), forum.made["channel_id"]);
    let more = format!("?wait=true&thread_id={thread}");
    let more = call(&rig, Method::POST, &forum, &more).json(&json!({"content": "b"})).send().await.unwrap();
    assert_eq!(read(more).await.1["channel_id"], thread);
    let in_thread = format!("/messages/{}", sent["id"].as_str().unwrap());
    let unnamed = call(&rig, Method::GET, &forum, &in_thread).send().await.unwrap();
    assert_eq!(unnamed.status(), 404, "a message of a thread needs the thread");
    for (state, wanted) in [("archived", (400, 50_083)), ("locked", (403, 160_005))] {
        let hook = hook(&rig, json!({"username": state, "thread": state})).await;
        let rest = format!("?thread_id={}", hook.made["thread_id"].as_str().unwrap());
        let refused =
            call(&rig, Method::POST, &hook, &rest).json(&json!({"content": "a"})).send().await.unwrap();
        let (status, answer) = read(refused).await;
        assert_eq!((status, answer["code"].as_u64().unwrap()), wanted);
    }
    let unknown = call(&rig, Method::POST, &forum, "?thread_id=99").json(&json!({"content": "a"}));
    assert_eq!(read(unknown.send().await.unwrap()).await.1["code"], 10_003);
}

#[tokio::test]
async fn every_answer_tells_what_is_left_and_the_sixth_call_is_refused() {
    let rig = Rig::start().await;
    let hook = hook(&rig, json!({})).await;
    for left in (0..5).rev() {
        let answer = call(&rig, Method::GET, &hook, "").send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            (header("x-ratelimit-limit"), header("x-ratelimit-remaining")),
            ("5".into(), left.to_string())
        );
        assert_eq!(header("x-ratelimit-reset-after"), "2.000");
        assert_eq!(header("x-ratelimit-reset"), "1795000002.000");
    }
    rig.advance(500).await;
    let refused = call(&rig, Method::POST, &hook, "").json(&json!({"content": "a"})).send().await.unwrap();
    assert_eq!(
        (&refused.headers()["retry-after"], &refused.headers()["via"]),
        (&"2".parse().unwrap(), &"1.1 google".parse().unwrap())
    );
    assert_eq!(refused.headers()["x-ratelimit-scope"], "user");
    let (status, body) = read(refused).await;
    assert_eq!((status, body["retry_after"].as_f64(), &body["global"]), (429, Some(1.5), &json!(false)));
    let old = format!("discord.com/api/webhooks/{}/{}", hook.id, hook.token);
    let old = rig.get(&old).header("user-agent", "x").send().await.unwrap();
    assert_eq!(read(old).await.1["retry_after"], 1_500, "milliseconds before version 8");
    rig.advance(1_500).await;
    good(&rig, &hook, json!({"content": "a"})).await;
}

#[tokio::test]
async fn fifty_calls_a_second_are_all_there_are() {
    let rig = Rig::start().await;
    let mut hooks = Vec::new();
    for number in 0..11 {
        hooks.push(hook(&rig, json!({"username": format!("Hook {number}")})).await);
    }
    for number in 0..50 {
        let answer = call(&rig, Method::GET, &hooks[number / 5], "").send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let refused = call(&rig, Method::GET, &hooks[10], "").send().await.unwrap();
    assert_eq!(refused.headers()["x-ratelimit-global"], "true");
    assert_eq!(read(refused).await.1["global"], true);
    rig.advance(1_000).await;
    good(&rig, &hooks[10], json!({"content": "again"})).await;
}

#[tokio::test]
async fn faults_look_like_discords_own() {
    let rig = Rig::start().await;
    let hook = hook(&rig, json!({"enforce_limits": false})).await;
    let post = json!({"content": "a"});
    rig.fault(json!({"platform": "discord", "kind": "rate_limit", "retry_after": 9})).await;
    let (status, body) = send(&rig, &hook, post.clone()).await;
    assert_eq!((status, body["retry_after"].as_f64()), (429, Some(9.0)));
    rig.fault(json!({"platform": "discord", "kind": "error"})).await;
    assert_eq!(code(&rig, &hook, post.clone()).await, (503, 130_000));
    rig.fault(json!({"platform": "discord", "kind": "error", "status": 502})).await;
    assert!(send(&rig, &hook, post.clone()).await.1.as_str().unwrap().contains("cloudflare"));
    rig.fault(json!({"platform": "discord", "kind": "refused_but_live"})).await;
    assert_eq!(code(&rig, &hook, post.clone()).await, (500, 0));
    assert_eq!(rig.published("").await.len(), 1);
    rig.fault(json!({"platform": "discord", "kind": "token_revoked"})).await;
    assert_eq!(code(&rig, &hook, post).await, (404, 10_015));
}
