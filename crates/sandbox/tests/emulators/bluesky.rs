//! The emulated video service of Bluesky, as its clients meet it. Everything else of Bluesky is
//! compared with the real server in the tests of the connector.

use crate::rig::{Rig, film, read};
use reqwest::Method;
use serde_json::{Value, json};

const PDS: &str = "morel.us-east.host.bsky.network";
const VIDEO: &str = "video.bsky.app";
const PART: usize = 4 * 1024 * 1024;

struct Login {
    did: String,
    token: String,
}

async fn login(rig: &Rig, extra: Value) -> Login {
    let mut wanted = json!({"platform": "bluesky", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let account = rig.account(wanted).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Login { did: text(&account["platform_user_id"]), token: text(&account["credentials"]["access_token"]) }
}

/// What the host answers when it is asked for leave to do this there.
async fn leave(rig: &Rig, ana: &Login, query: &str) -> (u16, Value) {
    let call = rig.get(&format!("{PDS}/xrpc/com.atproto.server.getServiceAuth?{query}"));
    read(call.bearer_auth(&ana.token).send().await.unwrap()).await
}

async fn token(rig: &Rig, ana: &Login, audience: &str, method: &str) -> String {
    let (status, answer) = leave(rig, ana, &format!("aud={audience}&lxm={method}")).await;
    assert_eq!(status, 200, "{answer}");
    answer["token"].as_str().unwrap().to_owned()
}

async fn for_host(rig: &Rig, ana: &Login) -> String {
    token(rig, ana, &format!("did:web:{PDS}"), "com.atproto.repo.uploadBlob").await
}

async fn call(rig: &Rig, token: &str, method: &str, body: Value) -> (u16, Value) {
    let call = rig.post(&format!("{VIDEO}/xrpc/app.bsky.video.{method}")).bearer_auth(token).json(&body);
    read(call.send().await.unwrap()).await
}

async fn part(rig: &Rig, token: &str, job: &str, number: usize, bytes: &[u8]) -> (u16, Value) {
    let path = format!("{VIDEO}/xrpc/app.bsky.video.uploadPart?jobId={job}&partNumber={number}");
    let call = rig.post(&path).bearer_auth(token).header("content-type", "application/octet-stream");
    read(call.body(bytes.to_vec()).send().await.unwrap()).await
}

async fn job(rig: &Rig, id: &str) -> Value {
    let call = rig.request(Method::GET, &format!("{VIDEO}/xrpc/app.bsky.video.getJobStatus?jobId={id}"));
    read(call.send().await.unwrap()).await.1["jobStatus"].clone()
}

fn error(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_token_is_for_one_service_one_method_and_a_while() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let now = rig.sandbox.now().as_seconds();
    for query in [
        format!("aud=did:web:x&lxm=a.b.c&exp={}", now + 3_700),
        format!("aud=did:web:x&lxm=a.b.c&exp={}", now - 1),
        format!("aud=did:web:x&exp={}", now + 120),
    ] {
        assert_eq!(error(&leave(&rig, &ana, &query).await), (400, "BadExpiration"), "{query}");
    }
    assert_eq!(leave(&rig, &ana, "aud=x&lxm=a.b.c").await.0, 400);
    let start = json!({"sizeBytes": 10, "mimeType": "video/mp4"});
    // The entry is not the account's host.
    let wrong = token(&rig, &ana, "did:web:bsky.social", "com.atproto.repo.uploadBlob").await;
    let refused = call(&rig, &wrong, "startUpload", start.clone()).await;
    assert_eq!(error(&refused), (401, "AuthenticationRequired"));
    assert!(refused.1["message"].as_str().unwrap().contains("should be the user's PDS DID"));
    let wrong = token(&rig, &ana, &format!("did:web:{PDS}"), "app.bsky.video.getUploadLimits").await;
    assert_eq!(call(&rig, &wrong, "startUpload", start.clone()).await.0, 401);
    assert_eq!(error(&call(&rig, &ana.token, "startUpload", start.clone()).await), (400, "InvalidToken"));
    let right = for_host(&rig, &ana).await;
    assert_eq!(call(&rig, &right, "startUpload", start.clone()).await.0, 200);
    rig.advance(61_000).await;
    assert_eq!(error(&call(&rig, &right, "startUpload", start).await), (400, "ExpiredToken"));
}

#[tokio::test]
async fn a_film_arrives_in_parts_and_is_a_blob_when_it_is_processed() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let token = for_host(&rig, &ana).await;
    let bytes = film(PART + 1_000);
    let wanted = json!({"sizeBytes": bytes.len(), "mimeType": "video/mp4", "name": "a.mp4"});
    let (status, started) = call(&rig, &token, "startUpload", wanted).await;
    assert_eq!(
        (status, started["partCount"].as_u64(), started["partSizeBytes"].as_u64()),
        (200, Some(2), Some(PART as u64))
    );
    let id = started["jobId"].as_str().unwrap();
    assert_eq!(error(&part(&rig, &token, id, 0, &bytes[..PART]).await), (400, "InvalidPartNumber"));
    assert_eq!(error(&part(&rig, &token, id, 3, &bytes[..PART]).await), (400, "InvalidPartNumber"));
    assert_eq!(error(&part(&rig, &token, id, 2, &bytes[..PART]).await), (400, "PartSizeMismatch"));
    assert_eq!(error(&part(&rig, &token, "none", 1, &bytes[..PART]).await), (400, "UploadNotFound"));
    assert_eq!(part(&rig, &token, id, 2, &bytes[PART..]).await.1["sizeBytes"], 1_000);
    let finish = json!({"jobId": id});
    assert_eq!(error(&call(&rig, &token, "finishUpload", finish.clone()).await), (400, "MissingParts"));
    // A part may be repeated, and so may the end.
    for _ in 0..2 {
        assert_eq!(part(&rig, &token, id, 1, &bytes[..PART]).await.0, 200);
    }
    let (_, done) = call(&rig, &token, "finishUpload", finish.clone()).await;
    assert_eq!(call(&rig, &token, "finishUpload", finish).await.1["completedJobId"], done["completedJobId"]);
    assert_eq!(error(&part(&rig, &token, id, 1, &bytes[..PART]).await), (400, "UploadAlreadyCompleted"));
    let id = done["completedJobId"].as_str().unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(job(&rig, id).await["state"].as_str().unwrap().to_owned());
        rig.advance(1_000).await;
    }
    assert_eq!(seen, ["JOB_STATE_CREATED", "JOB_STATE_ENCODING", "JOB_STATE_COMPLETED"]);
    let blob = job(&rig, id).await["blob"].clone();
    assert_eq!((&blob["mimeType"], &blob["size"]), (&json!("video/mp4"), &json!(bytes.len())));

    // In one piece the same bytes are an old acquaintance.
    let whole = rig.post(&format!("{VIDEO}/xrpc/app.bsky.video.uploadVideo?did={}&name=b.mp4", ana.did));
    let whole = whole.bearer_auth(&token).header("content-type", "video/mp4").body(bytes);
    let (status, again) = read(whole.send().await.unwrap()).await;
    assert_eq!((status, &again["error"], again["jobId"].as_str()), (409, &json!("already_exists"), Some(id)));

    let record = |video: &Value| {
        json!({"repo": ana.did, "collection": "app.bsky.feed.post", "record": {
            "$type": "app.bsky.feed.post", "text": "it moves", "createdAt": "2026-11-23T09:00:00.000Z",
            "embed": {"$type": "app.bsky.embed.video", "video": video, "alt": "a film"},
        }})
    };
    let write = |body: Value| {
        rig.post(&format!("{PDS}/xrpc/com.atproto.repo.createRecord"))
            .bearer_auth(&ana.token)
            .json(&body)
            .send()
    };
    let mut picture = blob.clone();
    picture["mimeType"] = json!("image/png");
    let (status, refused) = read(write(record(&picture)).await.unwrap()).await;
    assert_eq!(status, 400);
    assert!(refused["message"].as_str().unwrap().contains("Expected \"video/mp4\" (got \"image/png\")"));
    assert_eq!(write(record(&blob)).await.unwrap().status(), 200);
    let live = rig.published("?platform=bluesky").await.remove(0);
    assert_eq!(
        (&live["media"][0]["type"], &live["media"][0]["alt"]),
        (&json!("video/mp4"), &json!("a film"))
    );
}

#[tokio::test]
async fn what_the_service_will_not_take_has_a_name() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let token = for_host(&rig, &ana).await;
    for (body, expect) in [
        (json!({"sizeBytes": 10, "mimeType": "image/png"}), "UnsupportedContentType"),
        (json!({"sizeBytes": 300_000_001, "mimeType": "video/mp4"}), "VideoTooLarge"),
        (json!({"sizeBytes": 0, "mimeType": "video/mp4"}), "InvalidRequest"),
    ] {
        assert_eq!(error(&call(&rig, &token, "startUpload", body).await), (400, expect));
    }
    let (_, started) =
        call(&rig, &token, "startUpload", json!({"sizeBytes": 10, "mimeType": "video/mp4"})).await;
    let id = started["jobId"].as_str().unwrap();
    assert_eq!(call(&rig, &token, "abortUpload", json!({"jobId": id})).await.1["state"], "aborted");
    assert_eq!(error(&part(&rig, &token, id, 1, &[0; 10]).await), (400, "UploadAborted"));
    let status = rig.get(&format!("{VIDEO}/xrpc/app.bsky.video.getUploadStatus?jobId={id}"));
    assert_eq!(read(status.bearer_auth(&token).send().await.unwrap()).await.1["state"], "aborted");
    let (_, started) =
        call(&rig, &token, "startUpload", json!({"sizeBytes": 10, "mimeType": "video/mp4"})).await;
    let id = started["jobId"].as_str().unwrap();
    rig.advance(25 * 3_600 * 1_000).await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let token = for_host(&rig, &ana).await;
    assert_eq!(error(&part(&rig, &token, id, 1, &[0; 10]).await), (400, "UploadExpired"));

    let eva = login(&rig, json!({"username": "eva", "email_confirmed": false})).await;
    let limits = token_for_limits(&rig, &eva).await;
    assert_eq!((&limits["canUpload"], &limits["error"]), (&json!(false), &json!("unconfirmed_email")));
    let limits = token_for_limits(&rig, &ana).await;
    assert_eq!((&limits["canUpload"], &limits["remainingDailyVideos"]), (&json!(true), &json!(25)));
}

async fn token_for_limits(rig: &Rig, ana: &Login) -> Value {
    let token = token(rig, ana, "did:web:video.bsky.app", "app.bsky.video.getUploadLimits").await;
    let call = rig.get(&format!("{VIDEO}/xrpc/app.bsky.video.getUploadLimits")).bearer_auth(&token);
    read(call.send().await.unwrap()).await.1
}
