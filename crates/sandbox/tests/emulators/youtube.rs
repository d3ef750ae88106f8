//! The emulated YouTube.

use crate::rig::{Rig, film, png, read};
use reqwest::{Method, Response};
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const GRAIN: usize = 262_144;
const UPLOAD: &str = "www.googleapis.com/upload/youtube/v3/videos";
const API: &str = "youtube.googleapis.com/youtube/v3";

struct Channel {
    id: String,
    token: String,
    refresh: String,
}

async fn channel(rig: &Rig, extra: Value) -> Channel {
    let mut wanted = json!({"platform": "youtube", "username": "harbour", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let made = rig.account(wanted).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Channel {
        id: text(&made["platform_user_id"]),
        token: text(&made["credentials"]["access_token"]),
        refresh: text(&made["credentials"]["refresh_token"]),
    }
}

async fn open(rig: &Rig, channel: &Channel, body: &Value, size: usize) -> Response {
    rig.post(&format!("{UPLOAD}?uploadType=resumable&part=snippet&part=status"))
        .bearer_auth(&channel.token)
        .header("x-upload-content-type", "video/mp4")
        .header("x-upload-content-length", size)
        .json(body)
        .send()
        .await
        .unwrap()
}

fn details(title: &str) -> Value {
    json!({"snippet": {"title": title, "description": "d"}, "status": {"privacyStatus": "public"}})
}

/// The address of an open upload.
async fn session(rig: &Rig, channel: &Channel, size: usize) -> String {
    let opened = open(rig, channel, &details("t"), size).await;
    assert_eq!(opened.status(), 200);
    opened.headers()["location"].to_str().unwrap().to_owned()
}

async fn send(rig: &Rig, session: &str, range: &str, bytes: &[u8]) -> Response {
    let put = rig.client.request(Method::PUT, session).header("content-range", range);
    put.body(bytes.to_vec()).send().await.unwrap()
}

fn range_of(answer: &Response) -> Option<&str> {
    answer.headers().get("range").map(|value| value.to_str().unwrap())
}

fn reason(body: &Value) -> &str {
    body["error"]["errors"][0]["reason"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn an_upload_goes_in_pieces_and_its_end_is_answered_again() {
    let rig = Rig::start().await;
    let channel = channel(&rig, json!({})).await;
    let size = GRAIN + 100;
    let whole = film(size);
    let session = session(&rig, &channel, size).await;
    let asked = send(&rig, &session, &format!("bytes */{size}"), b"").await;
    assert_eq!((asked.status().as_u16(), range_of(&asked)), (308, None));
    let first = send(&rig, &session, &format!("bytes 0-{}/{size}", GRAIN - 1), &whole[..GRAIN]).await;
    assert_eq!((first.status().as_u16(), range_of(&first)), (308, Some("bytes=0-262143")));
    assert!(rig.published("").await.is_empty());
    let last = format!("bytes {GRAIN}-{}/{size}", size - 1);
    let (status, video) = read(send(&rig, &session, &last, &whole[GRAIN..]).await).await;
    assert_eq!((status, video["status"]["uploadStatus"].as_str()), (200, Some("uploaded")));
    for (range, bytes) in [(format!("bytes */{size}"), &b""[..]), (last.clone(), &whole[GRAIN..])] {
        let (status, again) = read(send(&rig, &session, &range, bytes).await).await;
        assert_eq!((status, &again["id"]), (200, &video["id"]));
    }
    let posts = rig.published("").await;
    assert_eq!((posts.len(), &posts[0]["media"][0]["bytes"]), (1, &json!(size)));
    rig.advance(8 * 24 * 3_600_000).await;
    assert_eq!(send(&rig, &session, &format!("bytes */{size}"), b"").await.status(), 410);
}

#[tokio::test]
async fn ranges_that_do_not_fit_are_refused_and_store_nothing() {
    let rig = Rig::start().await;
    let channel = channel(&rig, json!({})).await;
    let size = 3 * GRAIN;
    let session = session(&rig, &channel, size).await;
    let bytes = film(GRAIN);
    for (range, bytes) in [
        (format!("bytes 0-999/{size}"), &bytes[..1_000]),
        (format!("bytes 1-{GRAIN}/{size}"), &bytes[..]),
        (format!("bytes 0-{}/{}", GRAIN - 1, size + 1), &bytes[..]),
        (format!("bytes 0-{GRAIN}/{size}"), &bytes[..]),
        (format!("bytes nonsense/{size}"), &bytes[..]),
        (format!("bytes {}-{}/{size}", size, size + GRAIN - 1), &bytes[..]),
    ] {
        assert_eq!(send(&rig, &session, &range, bytes).await.status(), 400, "{range}");
    }
    let asked = send(&rig, &session, &format!("bytes */{size}"), b"").await;
    assert_eq!((asked.status().as_u16(), range_of(&asked)), (308, None));
    let unknown = rig.url(&format!("{UPLOAD}?uploadType=resumable&upload_id=nothing"));
    assert_eq!(send(&rig, &unknown, &format!("bytes */{size}"), b"").await.status(), 404);
}

#[tokio::test]
async fn half_a_piece_is_stored_when_asked_for() {
    let rig = Rig::start().await;
    let channel = channel(&rig, json!({"partial_uploads": true})).await;
    let size = 4 * GRAIN;
    let session = session(&rig, &channel, size).await;
    let range = format!("bytes 0-{}/{size}", size - 1);
    let answer = send(&rig, &session, &range, &film(size)).await;
    assert_eq!((answer.status().as_u16(), range_of(&answer)), (308, Some("bytes=0-524287")));
}

#[tokio::test]
async fn details_are_checked_when_the_upload_is_opened() {
    let rig = Rig::start().await;
    let channel = channel(&rig, json!({})).await;
    let long = "t".repeat(101);
    for (snippet, status, expect) in [
        (json!({"title": ""}), json!({}), "invalidTitle"),
        (json!({"title": long}), json!({}), "invalidTitle"),
        (json!({"title": "a > b"}), json!({}), "invalidTitle"),
        (json!({"title": "t", "description": "é".repeat(2_501)}), json!({}), "invalidDescription"),
        (json!({"title": "t", "tags": ["a b".repeat(167)]}), json!({}), "invalidTags"),
        (json!({"title": "t", "categoryId": "999"}), json!({}), "invalidCategoryId"),
        (json!({"title": "t"}), json!({"publishAt": "2030-01-01T00:00:00Z"}), "invalidPublishAt"),
        (json!({"title": "t"}), json!({"license": "mine"}), "forbiddenLicenseSetting"),
    ] {
        let body = json!({"snippet": snippet, "status": status});
        let (_, refused) = read(open(&rig, &channel, &body, 10).await).await;
        assert_eq!(reason(&refused), expect, "{body}");
    }
    let parts = rig.post(&format!("{UPLOAD}?uploadType=resumable&part=snippet,nonsense"));
    let (status, refused) =
        read(parts.bearer_auth(&channel.token).json(&details("t")).send().await.unwrap()).await;
    assert_eq!((status, reason(&refused)), (400, "unknownPart"));
}

#[tokio::test]
async fn a_refresh_token_lasts_and_is_not_answered_again() {
    let rig = Rig::start().await;
    let channel = channel(&rig, json!({})).await;
    let refresh = async |secret: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", channel.refresh.as_str()),
            ("client_id", "sandbox-youtube-client"),
            ("client_secret", secret),
        ];
        read(rig.post("oauth2.googleapis.com/token").form(&form).send().await.unwrap()).await
    };
    rig.advance(3_600_000).await;
    let list = rig.get(&format!("{API}/channels?part=id&mine=true"));
    let (status, body) = read(list.bearer_auth(&channel.token).send().await.unwrap()).await;
    assert_eq!((status, reason(&body)), (401, "authError"));
    for _ in 0..2 {
        let (status, tokens) = refresh("sandbox-youtube-secret").await;
        assert_eq!((status, tokens.get("refresh_token"), &tokens["expires_in"]), (200, None, &json!(3_599)));
    }
    assert_eq!(
        refresh("other").await,
        (401, json!({"error": "invalid_client", "error_description": "The OAuth client was not found."}))
    );
    let revoke = rig.post("oauth2.googleapis.com/revoke").form(&[("token", channel.refresh.as_str())]);
    assert_eq!(revoke.send().await.unwrap().status(), 200);
    let (status, ended) = refresh("sandbox-youtube-secret").await;
    assert_eq!((status, &ended["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn quotas_are_renewed_at_midnight_pacific() {
    let rig = Rig::start().await;
    let owner = channel(&rig, json!({"enforce_limits": true})).await;
    for _ in 0..100 {
        assert_eq!(open(&rig, &owner, &details("t"), 10).await.status(), 200);
    }
    let (status, refused) = read(open(&rig, &owner, &details("t"), 10).await).await;
    assert_eq!(
        (status, reason(&refused), &refused["error"]["errors"][0]["domain"]),
        (403, "quotaExceeded", &json!("youtube.quota"))
    );
    let list = rig.get(&format!("{API}/channels?part=id&mine=true")).bearer_auth(&owner.token);
    assert_eq!(list.send().await.unwrap().status(), 200, "a bucket of its own");
    // The clock stands at 3:06 in the morning there.
    for (hours, expect) in [(20, 403), (1, 200)] {
        rig.advance(hours * 60 * 60 * 1_000).await;
        let owner = channel(&rig, json!({})).await;
        assert_eq!(open(&rig, &owner, &details("t"), 10).await.status(), expect, "{hours}");
    }
}

#[tokio::test]
async fn private_videos_are_seen_by_their_owner_alone_until_they_are_shown() {
    let rig = Rig::start().await;
    let owner = channel(&rig, json!({})).await;
    let other = channel(&rig, json!({"username": "other"})).await;
    let boundary = "b0undary";
    let mut body = format!(
        "--{boundary}\r\ncontent-type: application/json\r\n\r\n{}\r\n--{boundary}\r\ncontent-type: video/mp4\r\n\r\n",
        json!({"snippet": {"title": "t", "tags": ["x"]}, "status": {"privacyStatus": "private"}})
    )
    .into_bytes();
    body.extend(film(3_000));
    body.extend(format!("\r\n--{boundary}--").into_bytes());
    let upload = rig
        .post(&format!("{UPLOAD}?uploadType=multipart&part=snippet,status"))
        .bearer_auth(&owner.token)
        .header("content-type", format!("multipart/related; boundary={boundary}"))
        .body(body);
    let (status, video) = read(upload.send().await.unwrap()).await;
    assert_eq!(status, 200, "{video}");
    let id = video["id"].as_str().unwrap();
    assert!(rig.published("").await.is_empty());
    let seen = async |channel: &Channel| {
        let path = format!("{API}/videos?part=status&id={id},unknown");
        let (_, list) = read(rig.get(&path).bearer_auth(&channel.token).send().await.unwrap()).await;
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((seen(&owner).await, seen(&other).await), (1, 0));
    let uploads = format!("{API}/playlistItems?part=snippet&playlistId=UU{}", &owner.id[2..]);
    let (_, listed) = read(rig.get(&uploads).bearer_auth(&owner.token).send().await.unwrap()).await;
    assert_eq!(listed["items"][0]["snippet"]["resourceId"]["videoId"], id);
    let body = json!({"id": id, "snippet": {"title": "shown", "categoryId": "22"}, "status": {"privacyStatus": "public"}});
    let change = rig.request(Method::PUT, &format!("{API}/videos?part=snippet,status"));
    let (status, changed) = read(change.bearer_auth(&owner.token).json(&body).send().await.unwrap()).await;
    assert_eq!((status, changed["snippet"].get("tags")), (200, None));
    assert_eq!((seen(&other).await, rig.published("").await.len()), (1, 1));
    let page = rig.get(&format!("www.youtube.com/watch?v={id}")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let delete = rig.request(Method::DELETE, &format!("{API}/videos?id={id}")).bearer_auth(&owner.token);
    assert_eq!(delete.send().await.unwrap().status(), 204);
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn an_app_in_testing_keeps_its_access_for_seven_days() {
    let rig = Rig::start().await;
    let channel = channel(&rig, json!({"testing": true})).await;
    let refresh = async || {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", channel.refresh.as_str()),
            ("client_id", "sandbox-youtube-client"),
            ("client_secret", "sandbox-youtube-secret"),
        ];
        read(rig.post("oauth2.googleapis.com/token").form(&form).send().await.unwrap()).await
    };
    rig.advance(6 * DAY_MS).await;
    let (status, tokens) = refresh().await;
    let left = tokens["refresh_token_expires_in"].as_i64().unwrap();
    assert!(status == 200 && (86_000..=86_400).contains(&left), "{tokens}");
    rig.advance(DAY_MS).await;
    let (status, ended) = refresh().await;
    assert_eq!((status, &ended["error"]), (400, &json!("invalid_grant")));
}

/// Follows a consent page to its end; answers where it leads.
async fn consent(rig: &Rig, more: &[(&str, &str)]) -> (u16, String) {
    let query = [
        ("client_id", "sandbox-youtube-client"),
        ("redirect_uri", "https://app.example/callback"),
        ("response_type", "code"),
        ("scope", "https://www.googleapis.com/auth/youtube.upload"),
        ("sandbox_user", "harbour"),
    ];
    let page = rig.get("accounts.google.com/o/oauth2/v2/auth").query(&query).query(more);
    let answer = page.send().await.unwrap();
    let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
    (answer.status().as_u16(), place.unwrap_or_default())
}

#[tokio::test]
async fn a_refresh_token_is_given_for_offline_access_and_again_only_after_consent() {
    let rig = Rig::start().await;
    rig.account(json!({"platform": "youtube", "username": "harbour"})).await;
    let offline = ("access_type", "offline");
    for (more, expect) in [
        (&[][..], false),
        (&[offline][..], true),
        (&[offline][..], false),
        (&[offline, ("prompt", "consent")][..], true),
    ] {
        let (status, place) = consent(&rig, more).await;
        assert_eq!(status, 303, "{place}");
        let place = url::Url::parse(&place).unwrap();
        let code = place.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", "https://app.example/callback"),
            ("client_id", "sandbox-youtube-client"),
            ("client_secret", "sandbox-youtube-secret"),
        ];
        let exchange =
            async || read(rig.post("oauth2.googleapis.com/token").form(&form).send().await.unwrap()).await;
        let (status, tokens) = exchange().await;
        assert_eq!((status, tokens.get("refresh_token").is_some()), (200, expect), "{more:?}");
        assert_eq!(tokens["scope"], "https://www.googleapis.com/auth/youtube.upload");
        let (status, again) = exchange().await;
        assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")), "{more:?}");
    }
    let (status, _) = consent(&rig, &[("code_challenge", "c"), ("code_challenge_method", "plain")]).await;
    assert_eq!(status, 400);
}

/// The id of a video in one request.
async fn upload(rig: &Rig, channel: &Channel, body: &Value) -> String {
    let size = 3_000;
    let opened = open(rig, channel, body, size).await;
    let session = opened.headers()["location"].to_str().unwrap().to_owned();
    let range = format!("bytes 0-{}/{size}", size - 1);
    let (status, video) = read(send(rig, &session, &range, &film(size)).await).await;
    assert_eq!(status, 200, "{video}");
    video["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn comments_need_their_scope_an_open_video_and_a_text() {
    let rig = Rig::start().await;
    let owner = channel(&rig, json!({})).await;
    let reader =
        channel(&rig, json!({"username": "reader", "scopes": "youtube.upload youtube.readonly"})).await;
    let video = upload(&rig, &owner, &details("t")).await;
    let status = |status: Value| json!({"snippet": {"title": "t"}, "status": status});
    let hidden = upload(&rig, &owner, &status(json!({"privacyStatus": "private"}))).await;
    let for_kids = upload(&rig, &owner, &status(json!({"selfDeclaredMadeForKids": true}))).await;
    let write = async |channel: &Channel, video: &str, text: &str| {
        let top = json!({"snippet": {"textOriginal": text}});
        let body = json!({"snippet": {"channelId": owner.id, "videoId": video, "topLevelComment": top}});
        let call = rig.post(&format!("{API}/commentThreads?part=snippet")).bearer_auth(&channel.token);
        read(call.json(&body).send().await.unwrap()).await
    };
    let (status, thread) = write(&owner, &video, "below").await;
    assert_eq!((status, &thread["snippet"]["videoId"]), (200, &json!(video)), "{thread}");
    let long = "l".repeat(10_001);
    for (channel, video, text, expect) in [
        (&reader, video.as_str(), "t", (403, "insufficientPermissions")),
        (&owner, video.as_str(), " ", (400, "commentTextRequired")),
        (&owner, video.as_str(), long.as_str(), (400, "commentTextTooLong")),
        (&owner, "", "t", (400, "channelOrVideoIdMissing")),
        (&owner, "nothing", "t", (404, "videoNotFound")),
        (&owner, hidden.as_str(), "t", (403, "forbidden")),
        (&owner, for_kids.as_str(), "t", (403, "commentsDisabled")),
    ] {
        let (status, refused) = write(channel, video, text).await;
        assert_eq!((status, reason(&refused)), expect);
    }
    let list = rig.get(&format!("{API}/commentThreads?part=snippet&videoId={video}"));
    let (_, list) = read(list.bearer_auth(&owner.token).send().await.unwrap()).await;
    let shown = &list["items"][0]["snippet"]["topLevelComment"]["snippet"];
    assert_eq!(
        (&shown["textOriginal"], &shown["authorChannelId"]["value"]),
        (&json!("below"), &json!(owner.id))
    );
    let posts = rig.published("").await;
    assert_eq!((&posts[2]["text"], &posts[2]["reply_to"]), (&json!("below"), &json!(video)));
    let delete = rig.request(Method::DELETE, &format!("{API}/videos?id={video}")).bearer_auth(&owner.token);
    assert_eq!(delete.send().await.unwrap().status(), 204);
    assert!(rig.published("").await.iter().all(|post| post["reply_to"].is_null()), "it went with its video");
}

#[tokio::test]
async fn thumbnails_are_pictures_of_a_verified_channels_own_videos() {
    let rig = Rig::start().await;
    let owner = channel(&rig, json!({})).await;
    let other = channel(&rig, json!({"username": "other"})).await;
    let unverified = channel(&rig, json!({"username": "young", "verified": false})).await;
    let video = upload(&rig, &owner, &details("t")).await;
    let young = upload(&rig, &unverified, &details("t")).await;
    let set = async |channel: &Channel, video: &str, bytes: &[u8]| {
        let path =
            format!("www.googleapis.com/upload/youtube/v3/thumbnails/set?videoId={video}&uploadType=media");
        let call = rig.post(&path).bearer_auth(&channel.token).header("content-type", "image/png");
        read(call.body(bytes.to_vec()).send().await.unwrap()).await
    };
    let picture = png(1);
    for (channel, video, bytes, expect) in [
        (&owner, video.as_str(), &b""[..], (400, "mediaBodyRequired")),
        (&owner, video.as_str(), &b"no picture"[..], (400, "invalidImage")),
        (&other, video.as_str(), &picture[..], (404, "videoNotFound")),
        (&unverified, young.as_str(), &picture[..], (403, "forbidden")),
    ] {
        let (status, refused) = set(channel, video, bytes).await;
        assert_eq!((status, reason(&refused)), expect);
    }
    let (status, answer) = set(&owner, &video, &picture).await;
    assert_eq!((status, &answer["items"][0]["high"]["width"]), (200, &json!(480)));
    let shown = rig.get(&format!("i.ytimg.com/vi/{video}/default.jpg")).send().await.unwrap();
    assert_eq!(shown.bytes().await.unwrap(), picture);
}

#[tokio::test]
async fn what_is_no_video_is_refused_or_fails_in_its_processing() {
    let rig = Rig::start().await;
    let owner = channel(&rig, json!({"upload_limit": 2})).await;
    let picture = rig
        .post(&format!("{UPLOAD}?uploadType=resumable&part=snippet,status"))
        .bearer_auth(&owner.token)
        .header("x-upload-content-type", "image/png");
    let (status, refused) = read(picture.json(&details("t")).send().await.unwrap()).await;
    assert_eq!((status, reason(&refused)), (400, "badContent"));

    let processing = async |id: &str| {
        let list = rig.get(&format!("{API}/videos?part=status,processingDetails&id={id}"));
        let (_, list) = read(list.bearer_auth(&owner.token).send().await.unwrap()).await;
        list["items"][0].clone()
    };
    let session = session(&rig, &owner, 10).await;
    let (_, video) = read(send(&rig, &session, "bytes 0-9/10", b"not a film").await).await;
    let broken = video["id"].as_str().unwrap();
    let film = upload(&rig, &owner, &details("t")).await;
    assert_eq!(processing(&film).await["processingDetails"]["processingProgress"]["partsTotal"], "1000");
    rig.advance(60_000).await;
    assert_eq!(processing(&film).await["status"]["uploadStatus"], "processed");
    let failed = processing(broken).await;
    assert_eq!(failed["status"]["uploadStatus"], "failed");
    assert_eq!(failed["status"]["failureReason"], "invalidFile");

    let (status, refused) = read(open(&rig, &owner, &details("t"), 10).await).await;
    assert_eq!((status, reason(&refused)), (400, "uploadLimitExceeded"));
    rig.advance(DAY_MS).await;
    let owner = channel(&rig, json!({})).await;
    assert_eq!(open(&rig, &owner, &details("t"), 10).await.status(), 200);
}

#[tokio::test]
async fn a_restart_forgets_no_upload() {
    let folder = crate::rig::folder("youtube-restart");
    let rig = Rig::start_on(Some(&folder)).await;
    let channel = channel(&rig, json!({})).await;
    let size = GRAIN + 100;
    let whole = film(size);
    let session = session(&rig, &channel, size).await;
    send(&rig, &session, &format!("bytes 0-{}/{size}", GRAIN - 1), &whole[..GRAIN]).await;
    let rig = rig.restart(&folder).await;
    let path = session.split_once("www.googleapis.com").unwrap().1;
    let session = rig.url(&format!("www.googleapis.com{path}"));
    let last = format!("bytes {GRAIN}-{}/{size}", size - 1);
    assert_eq!(send(&rig, &session, &last, &whole[GRAIN..]).await.status(), 200);
    assert_eq!(rig.published("").await[0]["media"][0]["bytes"], size);
}
