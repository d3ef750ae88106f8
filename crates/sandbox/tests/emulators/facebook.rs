//! The emulated Facebook, as its clients meet it.

use crate::rig::{Rig, film, png, read};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const GRAPH: &str = "graph.facebook.com/v26.0";

/// A Page with its tokens.
struct Login {
    page: String,
    token: String,
    user_token: String,
    account: Value,
}

async fn login(rig: &Rig, wanted: Value) -> Login {
    let mut body = json!({"platform": "facebook", "token": true});
    body.as_object_mut().unwrap().extend(wanted.as_object().unwrap().clone());
    let account = rig.account(body).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Login {
        page: text(&account["platform_user_id"]),
        token: text(&account["credentials"]["access_token"]),
        user_token: text(&account["user_access_token"]),
        account,
    }
}

async fn send(rig: &Rig, login: &Login, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let path = path.replace("PAGE", &login.page);
    read(rig.post(&format!("{GRAPH}/{path}")).bearer_auth(&login.token).form(form).send().await.unwrap())
        .await
}

async fn get(rig: &Rig, token: &str, path: &str) -> (u16, Value) {
    read(rig.get(&format!("{GRAPH}/{path}")).bearer_auth(token).send().await.unwrap()).await
}

fn codes(answer: &Value) -> (i64, i64) {
    let error = &answer["error"];
    (error["code"].as_i64().unwrap_or(0), error["error_subcode"].as_i64().unwrap_or(0))
}

async fn photo(rig: &Rig, login: &Login, published: bool) -> (u16, Value) {
    let form = Form::new()
        .text("published", published.to_string())
        .text("caption", "a loaf")
        .text("alt_text_custom", "Loaf")
        .part("source", Part::bytes(png(1)).file_name("a.png"));
    let path = format!("{GRAPH}/{}/photos", login.page);
    read(rig.post(&path).bearer_auth(&login.token).multipart(form).send().await.unwrap()).await
}

#[tokio::test]
async fn a_post_is_read_back_with_the_fields_that_are_asked_for() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({"username": "harbour"})).await;
    let form =
        [("message", "Rye & spelt"), ("link", "https://example.org/m"), ("fields", "id,permalink_url")];
    let (status, made) = send(&rig, &page, "PAGE/feed", &form).await;
    assert_eq!(status, 200, "{made}");
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with(&format!("{}_", page.page)));
    let fields = "message,comments.limit(0).summary(true),attachments{unshimmed_url},from{name}";
    let (_, shown) = get(&rig, &page.token, &format!("{id}?fields={fields}")).await;
    assert_eq!(shown["comments"], json!({"data": [], "summary": {"total_count": 0, "order": "ranked"}}));
    assert_eq!(shown["attachments"]["data"][0]["unshimmed_url"], "https://example.org/m");
    assert_eq!(shown["from"], json!({"name": "harbour", "id": page.page}));
    let public = rig.published("?platform=facebook&account=harbour").await;
    assert_eq!((&public[0]["id"], &public[0]["url"]), (&made["id"], &made["permalink_url"]));
    let opened = rig.client.get(public[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert!(opened.text().await.unwrap().contains("Rye &amp; spelt"));
    let (status, wrong) = get(&rig, &page.token, &format!("{id}?fields=nothing")).await;
    assert_eq!((status, codes(&wrong)), (400, (100, 0)));
    assert!(wrong["error"]["fbtrace_id"].is_string());
}

#[tokio::test]
async fn photos_are_kept_unseen_and_used_once() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    let (_, one) = photo(&rig, &page, false).await;
    assert!(one.get("post_id").is_none());
    assert!(rig.published("").await.is_empty());
    let attached = json!([{"media_fbid": one["id"]}]).to_string();
    let (status, _) = send(&rig, &page, "PAGE/feed", &[("attached_media", attached.as_str())]).await;
    assert_eq!(status, 200);
    assert_eq!(rig.published("").await[0]["media"][0]["alt"], "Loaf");
    let (status, again) =
        send(&rig, &page, "PAGE/feed", &[("attached_media[0]", &attached[1..attached.len() - 1])]).await;
    assert_eq!((status, codes(&again)), (400, (100, 1_366_051)));

    let (_, late) = photo(&rig, &page, false).await;
    rig.advance(25 * 60 * 60 * 1_000).await;
    let (status, gone) =
        send(&rig, &page, "PAGE/photo_stories", &[("photo_id", late["id"].as_str().unwrap())]).await;
    assert_eq!((status, codes(&gone)), (400, (100, 33)));

    let (_, both) = photo(&rig, &page, true).await;
    assert!(both["post_id"].as_str().unwrap().starts_with(&page.page));
    assert_eq!(rig.published("").await.len(), 2);
}

#[tokio::test]
async fn files_are_fetched_from_their_address() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    photo(&rig, &page, true).await;
    let sha256 = rig.published("").await[0]["media"][0]["sha256"].as_str().unwrap().to_owned();
    let address = rig.url(&format!("_sandbox/blobs/{sha256}"));
    let (status, _) = send(&rig, &page, "PAGE/photos", &[("url", address.as_str())]).await;
    assert_eq!(status, 200);
    assert_eq!(rig.published("").await[1]["media"][0]["sha256"], sha256.as_str());
    let missing = rig.url("_sandbox/blobs/none");
    let (status, refused) = send(&rig, &page, "PAGE/photos", &[("url", missing.as_str())]).await;
    assert_eq!((status, codes(&refused).0), (400, 324));
    let (status, refused) = send(&rig, &page, "PAGE/videos", &[("file_url", missing.as_str())]).await;
    assert_eq!((status, codes(&refused).0), (400, 389));
    assert_eq!(rig.published("").await.len(), 2);
}

#[tokio::test]
async fn a_video_is_taken_in_pieces_and_ready_when_its_time_has_come() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    let bytes = film(1_500_000);
    let (_, opened) =
        send(&rig, &page, "PAGE/videos", &[("upload_phase", "start"), ("file_size", "1500000")]).await;
    assert_eq!((&opened["start_offset"], &opened["end_offset"]), (&json!("0"), &json!("1048576")));
    let session = opened["upload_session_id"].as_str().unwrap().to_owned();
    let piece = async |start: &'static str, bytes: &[u8]| {
        let form = Form::new()
            .text("upload_phase", "transfer")
            .text("upload_session_id", session.clone())
            .text("start_offset", start)
            .part("video_file_chunk", Part::bytes(bytes.to_vec()).file_name("chunk"));
        let path = format!("graph-video.facebook.com/v26.0/{}/videos", page.page);
        read(rig.post(&path).bearer_auth(&page.token).multipart(form).send().await.unwrap()).await
    };
    let finish =
        [("upload_phase", "finish"), ("upload_session_id", session.as_str()), ("description", "bread")];
    let (status, early) = send(&rig, &page, "PAGE/videos", &finish).await;
    assert_eq!((status, codes(&early).0), (400, 6_000));
    assert_eq!(piece("0", &bytes[..1_048_576]).await.1["start_offset"], "1048576");
    let (status, repeated) = piece("0", &bytes[..1_048_576]).await;
    assert_eq!((status, codes(&repeated)), (400, (6_001, 1_363_037)));
    assert_eq!(repeated["error"]["error_data"]["start_offset"], "1048576");
    let (_, last) = piece("1048576", &bytes[1_048_576..]).await;
    assert_eq!(last["start_offset"], last["end_offset"]);
    assert_eq!(send(&rig, &page, "PAGE/videos", &finish).await.1, json!({"success": true}));
    assert_eq!(send(&rig, &page, "PAGE/videos", &finish).await.0, 400, "it was finished before");

    let path = format!("{}?fields=status,permalink_url", opened["video_id"].as_str().unwrap());
    let (_, shown) = get(&rig, &page.token, &path).await;
    assert_eq!(shown["status"]["video_status"], "processing");
    assert_eq!(shown["status"]["uploading_phase"]["bytes_transfered"], 1_500_000);
    assert_eq!(shown["status"]["publishing_phase"]["publish_status"], "published");
    let posts = format!("{}/published_posts", page.page);
    assert_eq!(get(&rig, &page.token, &posts).await.1["data"], json!([]));
    rig.advance(21_000).await;
    let (_, shown) = get(&rig, &page.token, &path).await;
    assert_eq!(shown["status"]["publishing_phase"]["status"], "complete");
    assert!(shown["permalink_url"].as_str().unwrap().starts_with('/'));
    assert_eq!(get(&rig, &page.token, &posts).await.1["data"][0]["message"], "bread");
}

#[tokio::test]
async fn reels_are_limited_and_their_bytes_go_to_another_host() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    let bytes = film(10_000);
    for number in 0..31 {
        // Clients write it either way.
        let phase = if number % 2 == 0 { "start" } else { "START" };
        let (_, opened) = send(&rig, &page, "PAGE/video_reels", &[("upload_phase", phase)]).await;
        let url = opened["upload_url"].as_str().unwrap();
        assert!(url.contains("rupload.facebook.com/video-upload/v26.0/"), "{url}");
        let put = async |offset: &str, bytes: &[u8]| {
            let put = rig.client.post(url).header("authorization", format!("OAuth {}", page.token));
            let put = put.header("offset", offset).header("file_size", "10000").body(bytes.to_vec());
            read(put.send().await.unwrap()).await
        };
        if number == 0 {
            let (status, partial) = put("0", &bytes[..4_000]).await;
            assert_eq!((status, &partial["debug_info"]["type"]), (400, &json!("PartialRequestError")));
            let (status, wrong) = put("0", &bytes).await;
            assert_eq!((status, &wrong["debug_info"]["type"]), (400, &json!("OffsetInvalidError")));
            assert_eq!(put("4000", &bytes[4_000..]).await.1["success"], true);
        } else {
            assert_eq!(put("0", &bytes).await.1["success"], true);
        }
        let video = opened["video_id"].as_str().unwrap();
        let finish = [
            ("upload_phase", "finish"),
            ("video_id", video),
            ("video_state", "PUBLISHED"),
            ("description", "r"),
        ];
        let (status, finished) = send(&rig, &page, "PAGE/video_reels", &finish).await;
        assert_eq!(status, if number < 30 { 200 } else { 400 }, "{number}: {finished}");
    }
    assert_eq!(rig.published("").await.len(), 30);
    rig.advance(21_000).await;
    let (_, listed) = get(&rig, &page.token, &format!("{}/video_reels?limit=100", page.page)).await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 30);
}

#[tokio::test]
async fn tokens_proofs_and_versions_are_checked() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    for (path, status, code) in [
        (format!("graph.facebook.com/v26.0/me?access_token={}", page.token), 200, 0),
        (format!("graph.facebook.com//v26.0//me?access_token={}", page.token), 200, 0),
        (format!("graph.facebook.com/me?access_token={}", page.token), 200, 0),
        (format!("graph.facebook.com/v26.0/me?access_token={}&appsecret_proof=00", page.token), 400, 100),
        ("graph.facebook.com/v26.0/me".to_owned(), 400, 104),
        ("graph.facebook.com/v26.0/me?access_token=x".to_owned(), 401, 190),
        (format!("graph.facebook.com/v99.0/me?access_token={}", page.token), 400, 2_500),
        (format!("graph.facebook.com/v3.1/me?access_token={}", page.token), 400, 2_635),
        (format!("graph.facebook.com/v21.0/me?access_token={}", page.token), 200, 0),
    ] {
        let (got, answer) = read(rig.get(&path).send().await.unwrap()).await;
        assert_eq!((got, codes(&answer).0), (status, code), "{path}");
    }
    let (status, refused) = read(
        rig.post(&format!("{GRAPH}/{}/feed", page.page))
            .form(&[("message", "m"), ("access_token", page.user_token.as_str())])
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!((status, codes(&refused).0), (400, 210), "a person's token is no Page's");
    rig.advance(200 * 24 * 60 * 60 * 1_000).await;
    assert_eq!(get(&rig, &page.token, "me").await.0, 200, "a Page's token has no end");
    assert_eq!(codes(&get(&rig, &page.user_token, "me").await.1), (190, 463));
    let (_, old) = read(
        rig.get(&format!("graph.facebook.com/v21.0/me?access_token={}", page.token)).send().await.unwrap(),
    )
    .await;
    assert_eq!(codes(&old).0, 2_635, "its last day is over");

    for ended in [459, 460, 464, 467] {
        let dead = login(&rig, json!({"ended": ended})).await;
        assert_eq!(codes(&get(&rig, &dead.token, "me").await.1), (190, ended));
    }
    let expired = login(&rig, json!({"expired": true})).await;
    assert_eq!(codes(&get(&rig, &expired.token, "me").await.1), (190, 463));
}

#[tokio::test]
async fn an_owner_can_look_into_and_take_back_what_was_allowed() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({"scopes": "pages_show_list,pages_manage_posts"})).await;
    let app = format!(
        "{}|{}",
        page.account["client_id"].as_str().unwrap(),
        page.account["client_secret"].as_str().unwrap()
    );
    let path = format!("debug_token?input_token={}", page.token);
    let (_, facts) = get(&rig, &app, &path).await;
    let facts = &facts["data"];
    assert_eq!(
        (&facts["type"], &facts["is_valid"], &facts["expires_at"]),
        (&json!("PAGE"), &json!(true), &json!(0))
    );
    let (_, listed) = get(&rig, &page.user_token, "me/permissions").await;
    assert_eq!(listed["data"][1], json!({"permission": "pages_manage_posts", "status": "granted"}));
    let delete = rig.request(Method::DELETE, &format!("{GRAPH}/me/permissions/pages_manage_posts"));
    assert_eq!(delete.bearer_auth(&page.user_token).send().await.unwrap().status(), 200);
    assert_eq!(codes(&send(&rig, &page, "PAGE/feed", &[("message", "m")]).await.1).0, 200);
    let delete = rig.request(Method::DELETE, &format!("{GRAPH}/me/permissions"));
    assert_eq!(delete.bearer_auth(&page.user_token).send().await.unwrap().status(), 200);
    assert_eq!(codes(&get(&rig, &page.token, "me").await.1), (190, 458));
    assert_eq!(get(&rig, &app, &path).await.1["data"]["is_valid"], false);
}

#[tokio::test]
async fn the_consent_page_is_a_form_on_which_everything_can_be_unticked() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({"user": "Ana <b>", "pages": 2})).await;
    let client = page.account["client_id"].as_str().unwrap();
    let path = format!(
        "www.facebook.com/v26.0/dialog/oauth?client_id={client}&redirect_uri=https%3A%2F%2Fa.example%2Fback&state=s%22&scope=pages_show_list,pages_manage_posts"
    );
    let form = rig.get(&path).send().await.unwrap().text().await.unwrap();
    assert!(form.contains("Ana &lt;b&gt;") && form.contains("value=\"s&quot;\""), "{form}");
    assert_eq!(form.matches("name=\"sandbox_page\"").count(), 2);
    let user = page.account["user_id"].as_str().unwrap();
    let filled = [
        ("client_id", client),
        ("redirect_uri", "https://a.example/back"),
        ("state", "s"),
        ("scope", "pages_show_list,pages_manage_posts"),
        ("sandbox_form", "1"),
        ("sandbox_user", user),
        ("sandbox_page", page.page.as_str()),
        ("sandbox_scope", "pages_show_list"),
    ];
    let back = rig.post("www.facebook.com/v26.0/dialog/oauth").form(&filled).send().await.unwrap();
    assert_eq!(back.status(), 303);
    let location = back.headers()["location"].to_str().unwrap().to_owned();
    let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let secret = page.account["client_secret"].as_str().unwrap();
    let exchange = format!(
        "{GRAPH}/oauth/access_token?client_id={client}&client_secret={secret}&redirect_uri=https%3A%2F%2Fa.example%2Fback&code={code}"
    );
    let (_, token) = read(rig.get(&exchange).send().await.unwrap()).await;
    let token = token["access_token"].as_str().unwrap();
    let (_, pages) = get(&rig, token, "me/accounts?fields=id,access_token").await;
    assert_eq!(pages["data"].as_array().unwrap().len(), 1);
    let (_, listed) = get(&rig, token, "me/permissions").await;
    assert!(
        listed["data"]
            .as_array()
            .unwrap()
            .contains(&json!({"permission": "pages_manage_posts", "status": "declined"}))
    );
    assert_eq!(rig.get(&format!("{path},nonsense")).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn refusals_have_the_platforms_own_shapes() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    rig.fault(json!({"platform": "facebook", "kind": "rate_limit", "retry_after": 90})).await;
    let answer =
        rig.post(&format!("{GRAPH}/{}/feed", page.page)).bearer_auth(&page.token).form(&[("message", "m")]);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let usage: Value =
        serde_json::from_str(answer.headers()["x-business-use-case-usage"].to_str().unwrap()).unwrap();
    assert_eq!(usage[&page.page][0]["estimated_time_to_regain_access"], 2);
    assert_eq!(codes(&read(answer).await.1).0, 32);
    rig.fault(json!({"platform": "facebook", "kind": "rate_limit", "operation": "page_list"})).await;
    assert_eq!(codes(&get(&rig, &page.user_token, "me/accounts").await.1).0, 4);
    for (status, code) in [(500, 1), (502, 2), (401, 190), (503, 0)] {
        rig.fault(json!({"platform": "facebook", "kind": "error", "status": status})).await;
        let (got, answer) = send(&rig, &page, "PAGE/feed", &[("message", "m")]).await;
        assert_eq!((got, codes(&answer).0), (status, code), "{answer}");
    }
    assert_eq!(send(&rig, &page, "PAGE/feed", &[("message", "m")]).await.0, 200);
    assert_eq!(codes(&send(&rig, &page, "PAGE/feed", &[("message", "m")]).await.1).0, 506);
    let good = rig.get(&format!("{GRAPH}/me")).bearer_auth(&page.token).send().await.unwrap();
    assert!(good.headers().contains_key("x-app-usage"));
}

#[tokio::test]
async fn one_metric_that_is_no_more_fails_the_whole_call() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    let (_, made) = send(&rig, &page, "PAGE/feed", &[("message", "m")]).await;
    let path = |metric: &str| format!("{}/insights?metric={metric}", made["id"].as_str().unwrap());
    for two in ["post_media_view,post_clicks", "[\"post_media_view\",\"post_clicks\"]"] {
        let (_, good) = get(&rig, &page.token, &path(two)).await;
        assert_eq!(good["data"].as_array().unwrap().len(), 2, "{two}");
    }
    let (status, bad) = get(&rig, &page.token, &path("post_media_view,post_impressions")).await;
    assert_eq!((status, codes(&bad).0), (400, 100));
}

#[tokio::test]
async fn posts_and_comments_are_edited_and_deleted() {
    let rig = Rig::start().await;
    let page = login(&rig, json!({})).await;
    let (_, made) = send(&rig, &page, "PAGE/feed", &[("message", "one")]).await;
    let id = made["id"].as_str().unwrap();
    assert_eq!(send(&rig, &page, id, &[("message", "two")]).await.1["success"], true);
    let (_, comment) = send(&rig, &page, &format!("{id}/comments"), &[("message", "first")]).await;
    let texts = rig.published("").await;
    assert_eq!((&texts[0]["text"], &texts[1]["reply_to"]), (&json!("two"), &made["id"]));
    for gone in [comment["id"].as_str().unwrap(), id] {
        let delete = rig.request(Method::DELETE, &format!("{GRAPH}/{gone}")).bearer_auth(&page.token);
        assert_eq!(delete.send().await.unwrap().status(), 200);
    }
    assert!(rig.published("").await.is_empty());
    assert_eq!(codes(&get(&rig, &page.token, id).await.1), (100, 33));
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = crate::rig::folder("facebook-restart");
    let rig = Rig::start_on(Some(&folder)).await;
    let page = login(&rig, json!({"username": "harbour"})).await;
    let (_, made) = send(&rig, &page, "PAGE/feed", &[("message", "one")]).await;
    let rig = rig.restart(&folder).await;
    let (_, again) = send(&rig, &page, "PAGE/feed", &[("message", "two")]).await;
    assert!(again["id"].as_str() > made["id"].as_str(), "{again}");
    let (_, posts) = get(&rig, &page.token, &format!("{}/feed", page.page)).await;
    assert_eq!(posts["data"][1]["message"], "one");
}
