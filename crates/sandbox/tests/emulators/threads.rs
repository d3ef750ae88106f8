//! The emulated Threads, as its clients meet it.

use crate::rig::{Rig, png, read};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const GRAPH: &str = "graph.threads.net/v1.0";
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// A profile with a token.
struct Login {
    id: String,
    token: String,
}

async fn login(rig: &Rig, extra: Value) -> Login {
    let mut wanted = json!({"platform": "threads", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let account = rig.account(wanted).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Login { id: text(&account["platform_user_id"]), token: text(&account["credentials"]["access_token"]) }
}

async fn call(rig: &Rig, method: Method, login: &Login, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let mut call = rig.request(method, &format!("{GRAPH}/{path}")).bearer_auth(&login.token);
    if !form.is_empty() {
        call = call.form(form);
    }
    read(call.send().await.unwrap()).await
}

async fn get(rig: &Rig, login: &Login, path: &str) -> Value {
    let (status, answer) = call(rig, Method::GET, login, path, &[]).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

async fn container(rig: &Rig, login: &Login, form: &[(&str, &str)]) -> String {
    let (status, answer) = call(rig, Method::POST, login, "me/threads", form).await;
    assert_eq!(status, 200, "{form:?}: {answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn refused(rig: &Rig, login: &Login, form: &[(&str, &str)]) -> Value {
    let (status, answer) = call(rig, Method::POST, login, "me/threads", form).await;
    assert_eq!(status / 100, 4, "{form:?}: {answer}");
    answer["error"].clone()
}

async fn publish(rig: &Rig, login: &Login, creation: &str) -> (u16, Value) {
    call(rig, Method::POST, login, "me/threads_publish", &[("creation_id", creation)]).await
}

async fn post(rig: &Rig, login: &Login, form: &[(&str, &str)]) -> String {
    let creation = container(rig, login, form).await;
    let (status, answer) = publish(rig, login, &creation).await;
    assert_eq!(status, 200, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

/// Serves one file at every path but `/gone`.
async fn serve(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let gone = asked.starts_with(b"GET /gone ");
            let (status, length) = if gone { ("404 Not Found", 0) } else { ("200 OK", bytes.len()) };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&bytes[..length]).await;
        }
    });
    format!("http://{address}")
}

fn picture() -> Vec<u8> {
    let mut bytes = png(0);
    bytes.truncate(8);
    bytes.extend(b"\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0");
    bytes
}

#[tokio::test]
async fn a_container_is_published_once_and_says_so() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana.ruiz"})).await;
    let creation = container(&rig, &ana, &[("media_type", "TEXT"), ("text", "Rye #bread")]).await;
    assert_eq!(get(&rig, &ana, &format!("{creation}?fields=id,status")).await["status"], "FINISHED");
    assert!(rig.published("").await.is_empty());
    let (status, answer) = publish(&rig, &ana, &creation).await;
    assert_eq!(status, 200);
    let id = answer["id"].as_str().unwrap();
    assert_ne!(id, creation);
    // With a slash at the end, as the official collection asks.
    assert_eq!(get(&rig, &ana, &format!("{creation}/?fields=status")).await["status"], "PUBLISHED");
    let (status, answer) = publish(&rig, &ana, &creation).await;
    assert_eq!((status, answer["error"]["code"].as_u64()), (400, Some(24)));
    let posts = rig.published("?platform=threads&account=ana.ruiz").await;
    assert_eq!(
        (posts.len(), posts[0]["id"].as_str(), posts[0]["account_id"].as_str()),
        (1, Some(id), Some(&*ana.id))
    );
    let shown = get(&rig, &ana, &format!("{id}?fields=permalink,media_type,topic_tag,is_reply")).await;
    assert_eq!((&shown["media_type"], &shown["topic_tag"]), (&json!("TEXT_POST"), &json!("bread")));
    assert_eq!(shown["permalink"], posts[0]["url"]);
    let page = rig.client.get(shown["permalink"].as_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Rye #bread"));
}

#[tokio::test]
async fn media_is_fetched_and_processed_and_expires_by_the_clock() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let site = serve(picture()).await;
    let url = format!("{site}/loaf.png");
    let creation = container(
        &rig,
        &ana,
        &[("media_type", "IMAGE"), ("image_url", &url), ("alt_text", "A loaf"), ("text", "Look")],
    )
    .await;
    let status = format!("{creation}?fields=status,error_message");
    assert_eq!(get(&rig, &ana, &status).await["status"], "IN_PROGRESS");
    assert_eq!(publish(&rig, &ana, &creation).await.1["error"]["code"], 9_007);
    rig.advance(1_000).await;
    assert_eq!(get(&rig, &ana, &status).await["status"], "FINISHED");
    rig.advance(24 * HOUR_MS).await;
    assert_eq!(get(&rig, &ana, &status).await["status"], "EXPIRED");
    assert_eq!(publish(&rig, &ana, &creation).await.0, 400);

    let form = [("media_type", "IMAGE"), ("image_url", &url), ("alt_text", "A loaf")];
    let creation = container(&rig, &ana, &form).await;
    rig.advance(1_000).await;
    assert_eq!(publish(&rig, &ana, &creation).await.0, 200);
    let media = rig.published("").await[0]["media"][0].clone();
    assert_eq!((&media["type"], &media["alt"]), (&json!("image/png"), &json!("A loaf")));
    assert_eq!(media["bytes"], picture().len());

    let gone = format!("{site}/gone");
    assert_eq!(
        refused(&rig, &ana, &[("media_type", "IMAGE"), ("image_url", &gone)]).await["error_subcode"],
        2_207_052
    );
    let creation = container(&rig, &ana, &[("media_type", "VIDEO"), ("video_url", &gone)]).await;
    rig.advance(5_000).await;
    let failed = get(&rig, &ana, &format!("{creation}?fields=status,error_message")).await;
    assert_eq!(
        (&failed["status"], &failed["error_message"]),
        (&json!("ERROR"), &json!("FAILED_DOWNLOADING_VIDEO"))
    );
}

#[tokio::test]
async fn a_carousel_takes_two_to_twenty_finished_items() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let site = serve(picture()).await;
    let mut items = Vec::new();
    for number in 0..2 {
        let url = format!("{site}/{number}.png");
        let form = [("media_type", "IMAGE"), ("image_url", &*url), ("is_carousel_item", "true")];
        items.push(container(&rig, &ana, &form).await);
    }
    let all = items.join(",");
    let carousel = [("media_type", "CAROUSEL"), ("children", &*all), ("text", "Two")];
    assert_eq!(refused(&rig, &ana, &carousel).await["code"], 9_007, "they are not finished");
    rig.advance(1_000).await;
    assert_eq!(
        refused(&rig, &ana, &[("media_type", "CAROUSEL"), ("children", &items[0])]).await["code"],
        100
    );
    assert_eq!(publish(&rig, &ana, &items[0]).await.0, 400, "an item is no post");
    let creation = container(&rig, &ana, &carousel).await;
    rig.advance(1_000).await;
    let (_, answer) = publish(&rig, &ana, &creation).await;
    let id = answer["id"].as_str().unwrap();
    let shown = get(&rig, &ana, &format!("{id}?fields=media_type,children")).await;
    assert_eq!(
        (&shown["media_type"], shown["children"]["data"].as_array().unwrap().len()),
        (&json!("CAROUSEL_ALBUM"), 2)
    );
    assert_eq!(rig.published("").await[0]["media"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_a_post_may_not_have_is_refused_when_the_container_is_made() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let (long, emoji, fits) = ("x".repeat(501), "😀".repeat(126), "😀".repeat(125));
    let links: Vec<String> = (0..6).map(|number| format!("https://example.org/{number}")).collect();
    let (five, six) = (links[..5].join(" "), links.join(" "));
    let text = ("media_type", "TEXT");
    container(&rig, &ana, &[text, ("text", &fits)]).await;
    container(&rig, &ana, &[text, ("text", &five), ("link_attachment", &links[0])]).await;
    for form in [
        vec![text],
        vec![("text", "no type")],
        vec![("media_type", "STORY"), ("text", "a")],
        vec![text, ("text", &long)],
        vec![text, ("text", &emoji)],
        vec![text, ("text", &six)],
        vec![text, ("text", &five), ("link_attachment", "https://example.org/other")],
        vec![text, ("text", "a"), ("alt_text", "of nothing")],
        vec![text, ("text", "a"), ("reply_control", "nobody")],
        vec![text, ("text", "a"), ("topic_tag", "a.b")],
        vec![text, ("text", "a"), ("poll_attachment", r#"{"option_a":"one"}"#)],
        vec![("media_type", "IMAGE"), ("image_url", "https://example.org/żółw.png")],
        vec![
            ("media_type", "IMAGE"),
            ("image_url", "https://example.org/a"),
            ("link_attachment", "https://a.example"),
        ],
        vec![text, ("text", "a"), ("reply_to_id", "180000000000000001")],
    ] {
        assert_eq!(refused(&rig, &ana, &form).await["code"], 100, "{form:?}");
    }
    let exceeded = refused(&rig, &ana, &[text, ("text", &six)]).await;
    assert!(exceeded["message"].as_str().unwrap().contains("THREADS_API__LINK_LIMIT_EXCEEDED"));
}

#[tokio::test]
async fn a_text_can_be_published_in_one_call() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let form = [("media_type", "TEXT"), ("text", "at once"), ("auto_publish_text", "true")];
    let id = container(&rig, &ana, &form).await;
    assert_eq!(rig.published("").await[0]["id"], id);
    rig.fault(json!({"platform": "threads", "kind": "drop_after_accept"})).await;
    let lost = rig.post(&format!("{GRAPH}/me/threads")).bearer_auth(&ana.token).form(&form).send().await;
    assert!(lost.is_err());
    assert_eq!(rig.published("").await.len(), 2);
}

#[tokio::test]
async fn replies_form_conversations_and_are_listed_apart() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let ben = login(&rig, json!({})).await;
    let root = post(&rig, &ana, &[("media_type", "TEXT"), ("text", "root")]).await;
    let first = post(&rig, &ana, &[("media_type", "TEXT"), ("text", "a"), ("reply_to_id", &root)]).await;
    let second = post(&rig, &ana, &[("media_type", "TEXT"), ("text", "b"), ("reply_to_id", &first)]).await;
    let ids = |list: &Value| -> String {
        let posts = list["data"].as_array().unwrap().iter();
        posts.map(|post| post["id"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    let both = format!("{second} {first}");
    assert_eq!(ids(&get(&rig, &ana, &format!("{}/threads", ana.id)).await), root);
    let replies = get(&rig, &ana, "me/replies?fields=id,replied_to{id},root_post,is_reply").await;
    assert_eq!(ids(&replies), both);
    assert_eq!(replies["data"][0]["replied_to"]["id"], first);
    assert_eq!(replies["data"][0]["root_post"]["id"], root);
    assert_eq!(ids(&get(&rig, &ana, &format!("{root}/replies")).await), first);
    assert_eq!(ids(&get(&rig, &ana, &format!("{root}/conversation")).await), both);
    let page = get(&rig, &ana, "me/replies?limit=1").await;
    let after = page["paging"]["cursors"]["after"].as_str().unwrap();
    assert_eq!(ids(&get(&rig, &ana, &format!("me/replies?limit=1&after={after}")).await), first);
    let hidden = call(&rig, Method::POST, &ana, &format!("{second}/manage_reply"), &[("hide", "true")]).await;
    assert_eq!(hidden, (200, json!({"success": true})));

    // Others' conversations need rights of their own, and are not shown.
    let form = [("media_type", "TEXT"), ("text", "hi"), ("reply_to_id", &*root)];
    assert_eq!(refused(&rig, &ben, &form).await["code"], 10);
    assert_eq!(call(&rig, Method::GET, &ben, &root, &[]).await.1["error"]["error_subcode"], 33);
    let (status, answer) = call(&rig, Method::DELETE, &ana, &second, &[]).await;
    assert_eq!((status, answer["deleted_id"].as_str()), (200, Some(&*second)));
    assert_eq!(rig.published("").await.len(), 2);
}

#[tokio::test]
async fn versions_tokens_and_scopes_are_checked() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"scopes": "threads_basic"})).await;
    for path in ["v1.0/me", "me"] {
        let by_query = rig.get(&format!("graph.threads.net/{path}?access_token={}", ana.token));
        assert_eq!(by_query.send().await.unwrap().status(), 200, "{path}");
    }
    let version = rig.get(&format!("graph.threads.com/v2.0/me?access_token={}", ana.token));
    let (status, body) = read(version.send().await.unwrap()).await;
    assert_eq!((status, body["error"]["code"].as_u64()), (400, Some(2_500)));
    let publishing = refused(&rig, &ana, &[("media_type", "TEXT"), ("text", "a")]).await;
    assert_eq!(publishing["code"], 10);
    let nonsense = Login { id: String::new(), token: "nonsense".to_owned() };
    assert_eq!(call(&rig, Method::GET, &nonsense, "me", &[]).await.1["error"]["code"], 190);
    rig.advance(61 * 24 * HOUR_MS).await;
    assert_eq!(call(&rig, Method::GET, &ana, "me", &[]).await.1["error"]["error_subcode"], 463);
    let log = rig.get("_sandbox/requests").send().await.unwrap().text().await.unwrap();
    assert!(!log.contains(&ana.token), "a token is in the log");
}

#[tokio::test]
async fn a_long_lived_token_is_renewed_when_it_is_a_day_old() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let renew = async |token: &str| {
        let path = format!(
            "graph.threads.net/refresh_access_token?grant_type=th_refresh_token&access_token={token}"
        );
        read(rig.get(&path).send().await.unwrap()).await
    };
    assert_eq!(renew(&ana.token).await.0, 400);
    rig.advance(24 * HOUR_MS).await;
    let (status, fresh) = renew(&ana.token).await;
    assert_eq!((status, fresh["expires_in"].as_i64()), (200, Some(60 * 24 * 60 * 60)));
    assert_ne!(fresh["access_token"], ana.token);
    let asked =
        rig.get(&format!("graph.threads.net/debug_token?input_token={}", ana.token)).bearer_auth(&ana.token);
    let (_, told) = read(asked.send().await.unwrap()).await;
    assert_eq!((&told["data"]["is_valid"], told["data"]["user_id"].as_str()), (&json!(true), Some(&*ana.id)));
    rig.advance(60 * 24 * HOUR_MS).await;
    assert_eq!(renew(&ana.token).await.1["error"]["code"], 190);
}

#[tokio::test]
async fn allowances_are_counted_apart_and_kept_when_that_is_asked_for() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"enforce_limits": true})).await;
    let mut last = String::new();
    for _ in 0..250 {
        last = post(&rig, &ana, &[("media_type", "TEXT"), ("text", "more")]).await;
    }
    let limit = "me/threads_publishing_limit?fields=quota_usage,config,reply_quota_usage,delete_config";
    let told = get(&rig, &ana, limit).await["data"][0].clone();
    assert_eq!((&told["quota_usage"], &told["config"]["quota_total"]), (&json!(250), &json!(250)));
    let creation = container(&rig, &ana, &[("media_type", "TEXT"), ("text", "one more")]).await;
    assert_eq!(publish(&rig, &ana, &creation).await.1["error"]["error_subcode"], 2_207_042);
    post(&rig, &ana, &[("media_type", "TEXT"), ("text", "a reply"), ("reply_to_id", &last)]).await;
    assert_eq!(get(&rig, &ana, limit).await["data"][0]["reply_quota_usage"], 1);
    rig.advance(23 * HOUR_MS).await;
    assert_eq!(publish(&rig, &ana, &creation).await.0, 400);
    rig.advance(HOUR_MS - 1_000).await;
    assert_eq!(get(&rig, &ana, limit).await["data"][0]["quota_usage"], 250);
    rig.advance(1_000).await;
    assert_eq!(get(&rig, &ana, limit).await["data"][0]["quota_usage"], 0);
}

#[tokio::test]
async fn figures_grow_with_the_time() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let id = post(&rig, &ana, &[("media_type", "TEXT"), ("text", "figures")]).await;
    rig.advance(HOUR_MS).await;
    let told = get(&rig, &ana, &format!("{id}/insights?metric=views,likes")).await;
    let views = |told: &Value| told["data"][0]["values"][0]["value"].as_i64().unwrap();
    assert_eq!(told["data"][0]["name"], "views");
    rig.advance(HOUR_MS).await;
    let later = get(&rig, &ana, &format!("{id}/insights?metric=views,likes")).await;
    assert!(0 < views(&told) && views(&told) < views(&later), "{told} {later}");
    let of_profile = get(&rig, &ana, "me/threads_insights?metric=views,followers_count,likes").await;
    assert!(of_profile["data"][1]["total_value"]["value"].is_number(), "{of_profile}");
    assert_eq!(call(&rig, Method::GET, &ana, &format!("{id}/insights?metric=fame"), &[]).await.0, 400);
    let (_, repost) = call(&rig, Method::POST, &ana, &format!("{id}/repost"), &[]).await;
    let empty = get(&rig, &ana, &format!("{}/insights?metric=views", repost["id"].as_str().unwrap())).await;
    assert_eq!(empty["data"], json!([]));
}

#[tokio::test]
async fn faults_have_the_shapes_of_threads() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let form = [("media_type", "TEXT"), ("text", "a")];
    rig.fault(json!({"platform": "threads", "kind": "rate_limit", "retry_after": 7})).await;
    let call = rig.post(&format!("{GRAPH}/me/threads")).bearer_auth(&ana.token).form(&form);
    let answer = call.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (400, "7"));
    assert_eq!(read(answer).await.1["error"]["code"], 4);
    rig.fault(json!({"platform": "threads", "kind": "error", "status": 500})).await;
    let (status, body) = publish(&rig, &ana, "1").await;
    assert_eq!(
        (status, &body["error"]["code"], &body["error"]["is_transient"]),
        (500, &json!(2), &json!(true))
    );
    let creation = container(&rig, &ana, &form).await;
    rig.fault(json!({"platform": "threads", "kind": "refused_but_live"})).await;
    assert_eq!(publish(&rig, &ana, &creation).await.0, 500);
    assert_eq!(rig.published("").await.len(), 1);
    rig.fault(json!({"platform": "threads", "kind": "token_revoked"})).await;
    for _ in 0..2 {
        assert_eq!(refused(&rig, &ana, &form).await["error_subcode"], 458);
    }
}
