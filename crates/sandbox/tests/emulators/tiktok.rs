//! The emulated TikTok, as its clients meet it.

use std::fmt::Write as _;

use crate::rig::{Rig, film, read};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const API: &str = "open.tiktokapis.com/v2";
const HOUR_MS: i64 = 60 * 60 * 1_000;

async fn login(rig: &Rig, extra: Value) -> Value {
    let mut wanted = json!({"platform": "tiktok", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    rig.account(wanted).await
}

fn token(account: &Value) -> &str {
    account["credentials"]["access_token"].as_str().unwrap()
}

async fn call(rig: &Rig, account: &Value, path: &str, body: Value) -> (u16, Value) {
    let call = rig.post(&format!("{API}/{path}")).bearer_auth(token(account)).json(&body);
    read(call.send().await.unwrap()).await
}

/// The data of an answer that says that it worked.
async fn done(rig: &Rig, account: &Value, path: &str, body: Value) -> Value {
    let (status, answer) = call(rig, account, path, body).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (200, Some("ok")), "{path}: {answer}");
    answer["data"].clone()
}

/// Status and code of a refusal.
async fn refused(rig: &Rig, account: &Value, path: &str, body: Value) -> (u16, String) {
    let (status, answer) = call(rig, account, path, body).await;
    let error = &answer["error"];
    assert!(error["log_id"].as_str().is_some_and(|id| id.len() > 14), "{answer}");
    (status, error["code"].as_str().unwrap().to_owned())
}

fn info() -> Value {
    json!({"title": "Pruning #garden", "privacy_level": "PUBLIC_TO_EVERYONE"})
}

fn upload(size: u64, chunk: u64, count: u64) -> Value {
    let source = json!({
        "source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count,
    });
    json!({"post_info": info(), "source_info": source})
}

async fn put(rig: &Rig, url: &Value, range: &str, bytes: &[u8]) -> (u16, Option<String>) {
    let call = rig.client.request(Method::PUT, url.as_str().unwrap());
    let call = call.header("content-type", "video/mp4").header("content-range", range).body(bytes.to_vec());
    let answer = call.send().await.unwrap();
    let stored = answer.headers().get("content-range").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), stored)
}

/// Serves a JPEG at every path but `/gone`; `/moved` leads to one.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let photo =
        [&[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 5, 0x46, 4, 0x38, 1, 1, 0x11, 0, 0xff, 0xd9][..]].concat();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let (status, length) = match &asked[..10] {
                b"GET /gone " => ("404 Not Found", 0),
                b"GET /moved" => ("302 Found\r\nlocation: /1.jpg", 0),
                _ => ("200 OK", photo.len()),
            };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&photo[..length]).await;
        }
    });
    format!("http://{address}")
}

fn photos(addresses: &[String]) -> Value {
    json!({
        "media_type": "PHOTO", "post_mode": "DIRECT_POST",
        "post_info": {"title": "Spring", "description": "Ten trees", "privacy_level": "PUBLIC_TO_EVERYONE"},
        "source_info": {"source": "PULL_FROM_URL", "photo_images": addresses, "photo_cover_index": 0},
    })
}

#[tokio::test]
async fn a_video_arrives_in_chunks_and_goes_out_with_the_last() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "orchard.films"})).await;
    let bytes = film(11_000_000);
    let begun = done(&rig, &ana, "post/publish/video/init/", upload(11_000_000, 5_000_000, 2)).await;
    let (id, url) = (&begun["publish_id"], &begun["upload_url"]);
    assert!(id.as_str().unwrap().starts_with("v_pub_file~"));
    assert!(url.as_str().unwrap().len() <= 256);
    let status = || done(&rig, &ana, "post/publish/status/fetch/", json!({"publish_id": id}));

    // Chunks come in order, whole, and without a token.
    assert_eq!(put(&rig, url, "bytes 5000000-10999999/11000000", &bytes[5_000_000..]).await.0, 416);
    assert_eq!(put(&rig, url, "bytes 0-3999999/11000000", &bytes[..4_000_000]).await.0, 400);
    assert_eq!(put(&rig, url, "bytes 0-4999999/11000000", &bytes[..4_000_000]).await.0, 400);
    let with_token = rig.client.put(url.as_str().unwrap()).bearer_auth(token(&ana));
    let with_token =
        with_token.header("content-range", "bytes 0-4999999/11000000").body(bytes[..5_000_000].to_vec());
    assert_eq!(with_token.send().await.unwrap().status(), 400);
    let stored = Some("bytes 0-4999999/11000000".to_owned());
    assert_eq!(put(&rig, url, "bytes 0-4999999/11000000", &bytes[..5_000_000]).await, (206, stored));
    assert_eq!(status().await, json!({"status": "PROCESSING_UPLOAD", "uploaded_bytes": 5_000_000}));
    assert!(rig.published("").await.is_empty());
    let last = put(&rig, url, "bytes 5000000-10999999/11000000", &bytes[5_000_000..]).await;
    assert_eq!(last, (201, Some("bytes 0-10999999/11000000".to_owned())));
    assert_eq!(put(&rig, url, "bytes 5000000-10999999/11000000", &bytes[5_000_000..]).await.0, 416);

    assert_eq!(status().await["status"], "PROCESSING_UPLOAD");
    rig.advance(4_000).await;
    assert_eq!(status().await, json!({"status": "PUBLISH_COMPLETE", "uploaded_bytes": 11_000_000}));
    rig.advance(5_000).await;
    let told = status().await["publicaly_available_post_id"][0].as_u64().unwrap();
    assert!(told > 1 << 53);
    let posts = rig.published("?platform=tiktok&account=orchard.films").await;
    assert_eq!((posts.len(), posts[0]["id"].as_str()), (1, Some(&*told.to_string())));
    assert_eq!(posts[0]["media"][0]["bytes"], 11_000_000);
    let page = rig.client.get(posts[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Pruning #garden"));
}

#[tokio::test]
async fn an_upload_ends_after_an_hour_and_needs_its_token() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let begun = done(&rig, &ana, "post/publish/video/init/", upload(3_000, 3_000, 1)).await;
    let url = begun["upload_url"].as_str().unwrap();
    let bytes = film(3_000);
    let range = "bytes 0-2999/3000";
    let (place, _) = url.split_once('?').unwrap();
    assert_eq!(put(&rig, &json!(format!("{place}?upload_id=1&upload_token=x")), range, &bytes).await.0, 404);
    assert_eq!(put(&rig, &json!(format!("{url}x")), range, &bytes).await.0, 403);
    rig.advance(HOUR_MS).await;
    assert_eq!(put(&rig, &json!(url), range, &bytes).await.0, 403);
}

#[tokio::test]
async fn what_a_post_must_be_like_is_checked_when_it_begins() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let path = "post/publish/video/init/";
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = upload(3_000, 3_000, 1);
        change(&mut body);
        body
    };
    let wrong: [(Value, u16, &str); 11] = [
        (json!({}), 400, "invalid_param"),
        (
            with(&|body| _ = body["post_info"].as_object_mut().unwrap().remove("privacy_level")),
            400,
            "invalid_param",
        ),
        (with(&|body| body["post_info"]["title"] = json!("😀".repeat(1_101))), 400, "invalid_param"),
        (with(&|body| body["post_info"]["disable_duet"] = json!("yes")), 400, "invalid_param"),
        (with(&|body| body["source_info"]["total_chunk_count"] = json!(2)), 400, "invalid_param"),
        (with(&|body| body["source_info"]["chunk_size"] = json!(1_000)), 400, "invalid_param"),
        (with(&|body| body["source_info"]["source"] = json!("FROM_TAPE")), 400, "invalid_param"),
        (
            with(&|body| body["post_info"]["privacy_level"] = json!("FOLLOWER_OF_CREATOR")),
            403,
            "privacy_level_option_mismatch",
        ),
        (
            with(&|body| {
                body["post_info"]["privacy_level"] = json!("SELF_ONLY");
                body["post_info"]["brand_content_toggle"] = json!(true);
            }),
            400,
            "invalid_param",
        ),
        (
            with(&|body| {
                body["source_info"] =
                    json!({"source": "PULL_FROM_URL", "video_url": "https://media.example.org/v.mp4"});
            }),
            403,
            "url_ownership_unverified",
        ),
        (
            with(&|body| body["source_info"] = json!({"source": "PULL_FROM_URL", "video_url": "no address"})),
            400,
            "invalid_param",
        ),
    ];
    for (body, status, code) in wrong {
        assert_eq!(refused(&rig, &ana, path, body.clone()).await, (status, code.to_owned()), "{body}");
    }
    let many: Vec<String> = (0..36).map(|number| format!("http://127.0.0.1:1/{number}.jpg")).collect();
    for body in [photos(&many), photos(&[]), json!({"media_type": "VIDEO", "post_mode": "DIRECT_POST"})] {
        let code = refused(&rig, &ana, "post/publish/content/init/", body).await;
        assert_eq!(code, (400, "invalid_param".to_owned()));
    }
    let plain = rig.post(&format!("{API}/{path}")).bearer_auth(token(&ana)).body("{}");
    assert_eq!(plain.send().await.unwrap().status(), 400, "the body has to be JSON");
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn photos_are_really_fetched_and_redirects_are_not_followed() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let site = serve().await;
    let path = "post/publish/content/init/";
    let at = |name: &str| format!("{site}/{name}");
    for (second, ends) in
        [("2.jpg", None), ("gone", Some("photo_pull_failed")), ("moved", Some("photo_pull_failed"))]
    {
        let begun = done(&rig, &ana, path, photos(&[at("1.jpg"), at(second)])).await;
        let id = &begun["publish_id"];
        let status = || done(&rig, &ana, "post/publish/status/fetch/", json!({"publish_id": id}));
        assert_eq!(status().await["status"], "PROCESSING_DOWNLOAD");
        rig.advance(2_000).await;
        let after = status().await;
        assert_eq!(after["fail_reason"].as_str(), ends, "{after}");
        assert_eq!(after["status"] == "PUBLISH_COMPLETE", ends.is_none(), "{after}");
    }
    let posts = rig.published("").await;
    assert_eq!((posts.len(), posts[0]["media"].as_array().unwrap().len()), (1, 2));
    assert_eq!(posts[0]["extra"]["title"], "Spring");
}

#[tokio::test]
async fn what_keeps_an_account_from_posting_is_told_with_status_200() {
    let rig = Rig::start().await;
    let made = json!({"username": "shy", "private": true, "duet_disabled": true, "max_seconds": 60});
    let ana = login(&rig, made).await;
    let path = "post/publish/creator_info/query/";
    let info = done(&rig, &ana, path, json!({})).await;
    let options = json!(["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]);
    assert_eq!((&info["privacy_level_options"], &info["creator_username"]), (&options, &json!("shy")));
    assert_eq!((&info["duet_disabled"], &info["comment_disabled"]), (&json!(true), &json!(false)));
    assert_eq!(info["max_video_post_duration_sec"], 60);
    for (mode, code) in
        [("capped", "spam_risk_too_many_posts"), ("banned", "spam_risk_user_banned_from_posting")]
    {
        rig.account(json!({"platform": "tiktok", "username": "shy", mode: true})).await;
        assert_eq!(refused(&rig, &ana, path, json!({})).await, (200, code.to_owned()));
        let begun = refused(&rig, &ana, "post/publish/video/init/", upload(3_000, 3_000, 1)).await;
        assert_eq!(begun, (403, code.to_owned()));
        rig.account(json!({"platform": "tiktok", "username": "shy", mode: false})).await;
    }
}

#[tokio::test]
async fn an_app_that_was_not_audited_is_held_to_private_accounts_and_few_people() {
    let rig = Rig::start().await;
    let private = json!({"unaudited": true, "private": true});
    let mut body = upload(3_000, 3_000, 1);
    let path = "post/publish/video/init/";
    let ana = login(&rig, private.clone()).await;
    let unaudited = (403, "unaudited_client_can_only_post_to_private_accounts".to_owned());
    assert_eq!(refused(&rig, &ana, path, body.clone()).await, unaudited);
    body["post_info"]["privacy_level"] = json!("SELF_ONLY");
    let open = login(&rig, json!({"unaudited": true})).await;
    assert_eq!(refused(&rig, &open, path, body.clone()).await, unaudited);
    for number in 0..6 {
        let person = login(&rig, private.clone()).await;
        if number == 5 {
            let full = refused(&rig, &person, "post/publish/creator_info/query/", json!({})).await;
            assert_eq!(full, (200, "reached_active_user_cap".to_owned()));
            break;
        }
        let begun = done(&rig, &person, path, body.clone()).await;
        assert_eq!(put(&rig, &begun["upload_url"], "bytes 0-2999/3000", &film(3_000)).await.0, 201);
    }
    let posts = rig.published("").await;
    assert_eq!((posts.len(), &posts[0]["extra"]["privacy_level"]), (5, &json!("SELF_ONLY")));
    let page = rig.client.get(posts[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 404, "only the owner sees it");
}

#[tokio::test]
async fn calls_drafts_and_posts_are_limited_where_that_is_asked_for() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"enforce_limits": true})).await;
    let path = "post/publish/video/init/";
    for _ in 0..6 {
        done(&rig, &ana, path, upload(3_000, 3_000, 1)).await;
    }
    let limited = (429, "rate_limit_exceeded".to_owned());
    assert_eq!(refused(&rig, &ana, path, upload(3_000, 3_000, 1)).await, limited);
    rig.advance(60_000).await;
    let draft = json!({"source_info": upload(3_000, 3_000, 1)["source_info"]});
    for _ in 0..5 {
        let begun = done(&rig, &ana, "post/publish/inbox/video/init/", draft.clone()).await;
        assert!(begun["publish_id"].as_str().unwrap().starts_with("v_inbox_file~"));
    }
    let full = (403, "spam_risk_too_many_pending_share".to_owned());
    assert_eq!(refused(&rig, &ana, "post/publish/inbox/video/init/", draft).await, full);
}

#[tokio::test]
async fn a_post_can_be_cancelled_while_it_is_worked_on() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let site = serve().await;
    let begun = done(&rig, &ana, "post/publish/content/init/", photos(&[format!("{site}/1.jpg")])).await;
    let named = json!({"publish_id": begun["publish_id"]});
    done(&rig, &ana, "post/publish/cancel/", named.clone()).await;
    let after = done(&rig, &ana, "post/publish/status/fetch/", named.clone()).await;
    assert_eq!((&after["status"], &after["fail_reason"]), (&json!("FAILED"), &json!("publish_cancelled")));
    assert!(rig.published("").await.is_empty());
    let again = refused(&rig, &ana, "post/publish/cancel/", named.clone()).await;
    assert_eq!(again, (400, "publish_not_cancellable".to_owned()));
    let other = login(&rig, json!({})).await;
    let foreign = refused(&rig, &other, "post/publish/status/fetch/", named).await;
    assert_eq!(foreign, (403, "token_not_authorized_for_specified_publish_id".to_owned()));
    let unknown = refused(&rig, &ana, "post/publish/status/fetch/", json!({"publish_id": "v"})).await;
    assert_eq!(unknown, (400, "invalid_publish_id".to_owned()));
}

#[tokio::test]
async fn public_posts_are_listed_newest_first_and_asked_for_by_id() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let site = serve().await;
    for number in 0..3 {
        let mut body = photos(&[format!("{site}/1.jpg")]);
        body["post_info"]["description"] = json!(format!("number {number}"));
        done(&rig, &ana, "post/publish/content/init/", body).await;
        rig.advance(60_000).await;
    }
    let list = "video/list/?fields=id,create_time,video_description";
    let first = done(&rig, &ana, list, json!({"max_count": 2})).await;
    let words = |page: &Value| {
        let videos = page["videos"].as_array().unwrap().clone();
        videos.iter().map(|video| video["video_description"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (words(&first), &first["has_more"]),
        (vec!["number 2".to_owned(), "number 1".to_owned()], &json!(true))
    );
    let rest = done(&rig, &ana, list, json!({"max_count": 2, "cursor": first["cursor"]})).await;
    assert_eq!((words(&rest), &rest["has_more"]), (vec!["number 0".to_owned()], &json!(false)));
    let id = &rest["videos"][0]["id"];
    assert!(id.is_string());
    let query = json!({"filters": {"video_ids": [id]}});
    let found = done(&rig, &ana, "video/query/?fields=id,view_count,share_url", query).await;
    assert_eq!(&found["videos"][0]["id"], id);
    assert!(found["videos"][0]["view_count"].is_number(), "{found}");
    let no_fields = refused(&rig, &ana, "video/list/", json!({})).await;
    assert_eq!(no_fields, (400, "invalid_params".to_owned()));
}

#[tokio::test]
async fn tokens_rotate_and_errors_are_flat() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"oauth_errors_as_200": false})).await;
    let form = |pairs: &[(&str, &str)]| {
        let mut all = vec![
            ("client_key", ana["client_id"].as_str().unwrap()),
            ("client_secret", ana["client_secret"].as_str().unwrap()),
        ];
        all.extend_from_slice(pairs);
        rig.post(&format!("{API}/oauth/token/")).form(&all)
    };
    let refresh = ana["credentials"]["refresh_token"].as_str().unwrap();
    let renewal = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let (status, fresh) = read(form(&renewal).send().await.unwrap()).await;
    assert_eq!(
        (status, &fresh["expires_in"], &fresh["refresh_expires_in"]),
        (200, &json!(86_400), &json!(31_536_000))
    );
    assert_eq!((&fresh["token_type"], &fresh["open_id"]), (&json!("Bearer"), &ana["platform_user_id"]));
    assert!(fresh.get("error").is_none() && fresh.get("data").is_none());
    assert_ne!(fresh["refresh_token"].as_str(), Some(refresh));
    let (status, used) = read(form(&renewal).send().await.unwrap()).await;
    assert_eq!((status, &used["error"]), (400, &json!("invalid_grant")));
    login(&rig, json!({"oauth_errors_as_200": true})).await;
    let (status, used) = read(form(&renewal).send().await.unwrap()).await;
    assert_eq!((status, &used["error"]), (200, &json!("invalid_grant")));
    assert!(used["error_description"].is_string() && used["log_id"].is_string());

    let revoke = [
        ("client_key", ana["client_id"].as_str().unwrap()),
        ("client_secret", ana["client_secret"].as_str().unwrap()),
        ("token", fresh["access_token"].as_str().unwrap()),
    ];
    let revoked = rig.post(&format!("{API}/oauth/revoke/")).form(&revoke).send().await.unwrap();
    assert_eq!((revoked.status().as_u16(), revoked.text().await.unwrap()), (200, String::new()));
    let code = refused(&rig, &ana, "post/publish/creator_info/query/", json!({})).await;
    assert_eq!(code, (401, "access_token_invalid".to_owned()));
}

#[tokio::test]
async fn a_code_with_a_challenge_needs_its_verifier_in_hex() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "desk"})).await;
    let hex = Sha256::digest(b"secret").iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    for (verifier, status) in [("wrong", 400), ("secret", 200)] {
        let address = format!(
            "www.tiktok.com/v2/auth/authorize/?client_key=sandbox-tiktok-client&response_type=code&scope=video.publish\
             &redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcb&state=s&code_challenge={hex}&code_challenge_method=S256\
             &sandbox_user=desk"
        );
        let back = rig.get(&address).send().await.unwrap();
        let location = back.headers()["location"].to_str().unwrap().to_owned();
        let target = url::Url::parse(&location).unwrap();
        let fields: std::collections::HashMap<_, _> = target.query_pairs().into_owned().collect();
        assert_eq!(fields["scopes"], "user.info.basic,video.publish");
        let form = [
            ("client_key", "sandbox-tiktok-client"),
            ("client_secret", "sandbox-tiktok-secret"),
            ("grant_type", "authorization_code"),
            ("redirect_uri", "http://localhost:1/cb"),
            ("code", fields["code"].as_str()),
            ("code_verifier", verifier),
        ];
        let answer = rig.post(&format!("{API}/oauth/token/")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), status, "{verifier}");
    }
    for bad in ["redirect_uri=https%3A%2F%2Fa.example%2Fcb%3Fx%3D1", "redirect_uri=http%3A%2F%2Fa.example%2F"]
    {
        let address = format!(
            "www.tiktok.com/v2/auth/authorize/?client_key=sandbox-tiktok-client&response_type=code&scope=video.publish&{bad}"
        );
        assert_eq!(rig.get(&address).send().await.unwrap().status(), 400, "{bad}");
    }
    // The slash at the end belongs to the path.
    let bare = rig.get(&format!("{API}/user/info?fields=open_id")).bearer_auth(token(&ana));
    assert_eq!(bare.send().await.unwrap().status(), 404);
    let whole = rig.get(&format!("{API}/user/info/?fields=open_id,username")).bearer_auth(token(&ana));
    let (_, user) = read(whole.send().await.unwrap()).await;
    assert_eq!(user["data"]["user"], json!({"open_id": ana["platform_user_id"], "username": "desk"}));
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = crate::rig::folder("tiktok_restart");
    let rig = Rig::start_on(Some(&folder)).await;
    let ana = login(&rig, json!({"max_seconds": 60})).await;
    let begun = done(&rig, &ana, "post/publish/video/init/", upload(11_000_000, 5_000_000, 2)).await;
    let bytes = film(11_000_000);
    let url = begun["upload_url"].as_str().unwrap();
    assert_eq!(put(&rig, &json!(url), "bytes 0-4999999/11000000", &bytes[..5_000_000]).await.0, 206);
    let old = rig.address.clone();
    let rig = rig.restart(&folder).await;
    let url = json!(url.replace(&old, &rig.address));
    assert_eq!(put(&rig, &url, "bytes 5000000-10999999/11000000", &bytes[5_000_000..]).await.0, 201);
    let info = done(&rig, &ana, "post/publish/creator_info/query/", json!({})).await;
    assert_eq!(info["max_video_post_duration_sec"], 60);
    assert_eq!(rig.published("").await[0]["media"][0]["bytes"], 11_000_000);
}
