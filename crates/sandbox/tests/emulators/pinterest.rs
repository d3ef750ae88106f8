//! The emulated Pinterest, as its clients meet it.

use crate::rig::{Rig, film, png, read};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const API: &str = "api.pinterest.com/v5";
const DAY_MS: i64 = 86_400_000;

/// An account with a token.
struct Login {
    token: String,
    refresh: String,
    board: String,
}

async fn login(rig: &Rig, extra: Value) -> Login {
    let mut wanted = json!({"platform": "pinterest", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let account = rig.account(wanted).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Login {
        token: text(&account["credentials"]["access_token"]),
        refresh: text(&account["credentials"]["refresh_token"]),
        board: text(&account["boards"][0]["id"]),
    }
}

fn call(rig: &Rig, method: Method, login: &Login, path: &str) -> reqwest::RequestBuilder {
    rig.request(method, &format!("{API}/{path}")).bearer_auth(&login.token)
}

async fn get(rig: &Rig, login: &Login, path: &str) -> (u16, Value) {
    read(call(rig, Method::GET, login, path).send().await.unwrap()).await
}

async fn post(rig: &Rig, login: &Login, path: &str, body: Value) -> (u16, Value) {
    read(call(rig, Method::POST, login, path).json(&body).send().await.unwrap()).await
}

fn picture(mark: u8) -> Value {
    json!({"content_type": "image/png", "data": STANDARD.encode(png(mark))})
}

fn with_picture(login: &Login, more: Value) -> Value {
    let mut source = picture(1);
    source["source_type"] = json!("image_base64");
    let mut pin = json!({"board_id": login.board, "media_source": source});
    if let Value::Object(fields) = more {
        pin.as_object_mut().unwrap().extend(fields);
    }
    pin
}

async fn pin(rig: &Rig, login: &Login, more: Value) -> String {
    let (status, answer) = post(rig, login, "pins", with_picture(login, more)).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn two_equal_requests_make_two_pins_and_one_can_be_taken_down() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let words = json!({"title": " Rye ", "description": "When", "link": "https://example.org/", "alt_text": "A loaf"});
    let first = pin(&rig, &ana, words.clone()).await;
    let second = pin(&rig, &ana, words).await;
    assert_ne!(first, second);
    let (_, shown) = get(&rig, &ana, &format!("pins/{first}")).await;
    assert_eq!((&shown["title"], &shown["media"]["media_type"]), (&json!("Rye"), &json!("image")));
    assert!(!shown["created_at"].as_str().unwrap().ends_with('Z'));
    let live = rig.published("?platform=pinterest&account=ana").await;
    assert_eq!((live.len(), &live[0]["media"][0]["alt"]), (2, &json!("A loaf")));
    let page = rig.client.get(live[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("When"));
    let gone = call(&rig, Method::DELETE, &ana, &format!("pins/{first}")).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(gone.text().await.unwrap(), "");
    assert_eq!(get(&rig, &ana, &format!("pins/{first}")).await.0, 404);
    assert_eq!(rig.published("").await.len(), 1);
    let bob = login(&rig, json!({"username": "bob"})).await;
    assert_eq!(get(&rig, &bob, &format!("pins/{second}")).await, {
        let body = json!({"code": 29, "message": "You are not permitted to access that resource."});
        (403, body)
    });
}

#[tokio::test]
async fn lists_have_bookmarks_and_the_newest_first() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let mut made = Vec::new();
    for number in 0..3 {
        made.push(pin(&rig, &ana, json!({"title": format!("{number}")})).await);
    }
    let path = format!("boards/{}/pins?page_size=2", ana.board);
    let (_, first) = get(&rig, &ana, &path).await;
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|pin| pin["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&first), [made[2].as_str(), made[1].as_str()]);
    let bookmark = first["bookmark"].as_str().unwrap();
    let (_, rest) =
        read(call(&rig, Method::GET, &ana, &path).query(&[("bookmark", bookmark)]).send().await.unwrap())
            .await;
    assert_eq!((ids(&rest), &rest["bookmark"]), (vec![made[0].clone()], &Value::Null));
    for wrong in ["page_size=0", "page_size=251", "page_size=x", "bookmark=mine"] {
        assert_eq!(get(&rig, &ana, &format!("pins?{wrong}")).await.0, 400, "{wrong}");
    }
    let lagging = login(&rig, json!({"username": "eva", "list_lag_s": 30})).await;
    pin(&rig, &lagging, json!({})).await;
    assert_eq!(get(&rig, &lagging, "pins").await.1["items"], json!([]));
    rig.advance(30_000).await;
    assert_eq!(get(&rig, &lagging, "pins").await.1["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn boards_have_owners_sections_and_secrets() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana", "boards": ["Spring", "Summer"]})).await;
    let (_, boards) = get(&rig, &ana, "boards").await;
    assert_eq!(boards["items"][1]["name"], "Summer");
    let (status, secret) = post(&rig, &ana, "boards", json!({"name": "Plans", "privacy": "SECRET"})).await;
    assert_eq!((status, &secret["privacy"]), (201, &json!("SECRET")));
    assert_eq!(get(&rig, &ana, "boards").await.1["items"].as_array().unwrap().len(), 2);
    let hidden = secret["id"].as_str().unwrap();
    assert_eq!(get(&rig, &ana, &format!("boards/{hidden}")).await.0, 403);
    for (body, status) in
        [(json!({"name": "spring"}), 400), (json!({}), 400), (json!({"name": "x", "privacy": "MINE"}), 400)]
    {
        assert_eq!(post(&rig, &ana, "boards", body.clone()).await.0, status, "{body}");
    }
    let path = format!("boards/{}/sections", ana.board);
    let (status, section) = post(&rig, &ana, &path, json!({"name": "Bread"})).await;
    assert_eq!(status, 201);
    assert_eq!(get(&rig, &ana, &path).await.1["items"], json!([section]));
    pin(&rig, &ana, json!({"board_section_id": section["id"]})).await;
    assert_eq!(rig.published("").await[0]["extra"]["board_section_id"], section["id"]);
    assert_eq!(get(&rig, &ana, "boards/1").await.1["message"], "Board not found.");
    let bob = login(&rig, json!({"username": "bob"})).await;
    assert_eq!(get(&rig, &bob, &format!("boards/{}", ana.board)).await.0, 403);
}

#[tokio::test]
async fn what_a_pin_may_not_have_is_refused_with_the_schemas_words() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    for (more, words) in [
        (json!({"board_id": "spring"}), "does not match"),
        (json!({"board_id": null}), "'board_id' is a required property"),
        (json!({"board_id": "12"}), "Board not found"),
        (json!({"title": "x".repeat(101)}), "maxLength=100"),
        (json!({"description": "x".repeat(801)}), "maxLength=800"),
        (json!({"alt_text": "x".repeat(501)}), "maxLength=500"),
        (json!({"link": format!("https://{}", "x".repeat(2_048))}), "maxLength=2048"),
        (json!({"link": "example"}), "link is not"),
        (json!({"title": 1}), "not of type 'string'"),
        (json!({"dominant_color": "green!!"}), "dominant_color"),
        (json!({"board_section_id": "1"}), "no such section"),
        (json!({"media_source": null}), "'media_source' is a required property"),
        (json!({"media_source": {"source_type": "gif"}}), "not a known source type"),
        (
            json!({"media_source": {"source_type": "image_base64", "content_type": "image/webp", "data": ""}}),
            "not one of",
        ),
        (
            json!({"media_source": {"source_type": "image_base64", "content_type": "image/png", "data": "UklGRgAAAABXRUJQ"}}),
            "format of the image",
        ),
        (
            json!({"media_source": {"source_type": "image_url", "url": "http://127.0.0.1:9/a.png"}}),
            "Unable to reach",
        ),
        (
            json!({"media_source": {"source_type": "multiple_image_base64", "items": [picture(1)]}}),
            "minItems=2",
        ),
        (
            json!({"media_source": {"source_type": "multiple_image_base64", "items": vec![picture(1); 6]}}),
            "maxItems=5",
        ),
        (
            json!({"media_source": {"source_type": "video_id", "media_id": "1"}}),
            "cover_image_url or cover_image_content_type",
        ),
    ] {
        let (status, answer) = post(&rig, &ana, "pins", with_picture(&ana, more.clone())).await;
        assert!(matches!(status, 400 | 404), "{more}: {answer}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{more}: {answer}");
    }
    let nulls =
        json!({"title": null, "description": null, "link": null, "alt_text": null, "board_section_id": null});
    pin(&rig, &ana, nulls).await;
    let items = json!({"source_type": "multiple_image_base64", "index": 0, "items": vec![picture(1); 5]});
    let (status, album) = post(&rig, &ana, "pins", with_picture(&ana, json!({"media_source": items}))).await;
    assert_eq!((status, album["media"]["items"].as_array().unwrap().len()), (201, 5));
    let trial = login(&rig, json!({"username": "tria", "trial": true})).await;
    let (status, answer) = post(&rig, &trial, "pins", with_picture(&trial, json!({}))).await;
    assert_eq!((status, &answer["code"]), (403, &json!(29)));
    let reader = login(&rig, json!({"username": "read", "scopes": "pins:read boards:read"})).await;
    let (status, answer) = post(&rig, &reader, "pins", with_picture(&reader, json!({}))).await;
    assert_eq!((status, &answer["code"]), (401, &json!(3)));
}

/// Registers a film and sends it; `change` may spoil the form.
async fn upload(
    rig: &Rig,
    login: &Login,
    change: impl Fn(&mut Vec<(String, String)>),
) -> (String, u16, String) {
    let (status, registered) = post(rig, login, "media", json!({"media_type": "video"})).await;
    assert_eq!(status, 201, "{registered}");
    let parameters = registered["upload_parameters"].as_object().unwrap();
    let mut fields: Vec<(String, String)> =
        parameters.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    change(&mut fields);
    let mut form = Form::new();
    for (name, value) in fields {
        form = form.text(name, value);
    }
    form = form.part("file", Part::bytes(film(3_000)).file_name("film.mp4"));
    let answer =
        rig.client.post(registered["upload_url"].as_str().unwrap()).multipart(form).send().await.unwrap();
    let status = answer.status().as_u16();
    (registered["media_id"].as_str().unwrap().to_owned(), status, answer.text().await.unwrap())
}

#[tokio::test]
async fn a_film_goes_through_its_form_and_is_used_once() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    assert_eq!(post(&rig, &ana, "media", json!({"media_type": "image"})).await.0, 400);
    let (media, status, answer) = upload(&rig, &ana, |_| {}).await;
    assert_eq!((status, answer.as_str()), (204, ""));
    let source = json!({"source_type": "video_id", "media_id": media, "cover_image_key_frame_time": 1});
    let body = || with_picture(&ana, json!({"media_source": source}));
    let (status, early) = post(&rig, &ana, "pins", body()).await;
    assert_eq!(status, 400);
    assert!(early["message"].as_str().unwrap().contains("is not ready: processing"), "{early}");
    let state = format!("media/{media}");
    assert_eq!(get(&rig, &ana, &state).await.1["status"], "processing");
    rig.advance(6_000).await;
    assert_eq!(get(&rig, &ana, &state).await.1["status"], "succeeded");
    let (status, film) = post(&rig, &ana, "pins", body()).await;
    assert_eq!((status, &film["media"]["media_type"]), (201, &json!("video")), "{film}");
    assert_eq!(post(&rig, &ana, "pins", body()).await.0, 400, "a film is used once");
    assert_eq!(rig.published("").await[0]["media"][0]["bytes"], 3_000);

    let (spoiled, status, answer) = upload(&rig, &ana, |fields| fields.truncate(3)).await;
    assert!(status == 400 || status == 403, "{status}");
    assert!(answer.contains("<Error><Code>"), "{answer}");
    assert_eq!(get(&rig, &ana, &format!("media/{spoiled}")).await.1["status"], "registered");
    let changed = upload(&rig, &ana, |fields| fields[1].1 = "forged".to_owned()).await;
    assert_eq!(changed.1, 403);
    rig.fault(json!({"platform": "pinterest", "kind": "processing_failed"})).await;
    let (failing, ..) = upload(&rig, &ana, |_| {}).await;
    rig.advance(6_000).await;
    assert_eq!(get(&rig, &ana, &format!("media/{failing}")).await.1["status"], "failed");
    let bob = login(&rig, json!({"username": "bob"})).await;
    assert_eq!(get(&rig, &bob, &state).await.0, 404);
}

#[tokio::test]
async fn access_lasts_thirty_days_and_each_renewal_brings_sixty_more() {
    let rig = Rig::start().await;
    let mut ana = login(&rig, json!({"username": "ana"})).await;
    let renew = async |token: &str, secret: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let call =
            rig.post(&format!("{API}/oauth/token")).basic_auth("sandbox-pinterest-client", Some(secret));
        read(call.form(&form).send().await.unwrap()).await
    };
    let in_body = [
        ("grant_type", "refresh_token"),
        ("refresh_token", ana.refresh.as_str()),
        ("client_id", "sandbox-pinterest-client"),
        ("client_secret", "sandbox-pinterest-secret"),
    ];
    let answer = rig.post(&format!("{API}/oauth/token")).form(&in_body).send().await.unwrap();
    assert_eq!(answer.status(), 401, "the header is the only place");
    assert_eq!(renew(&ana.refresh, "wrong").await.0, 401);
    rig.advance(30 * DAY_MS).await;
    assert_eq!(
        get(&rig, &ana, "user_account").await,
        (401, json!({"code": 2, "message": "Authentication failed."}))
    );
    for _ in 0..3 {
        rig.advance(29 * DAY_MS).await;
        let (status, tokens) = renew(&ana.refresh, "sandbox-pinterest-secret").await;
        assert_eq!((status, &tokens["response_type"]), (200, &json!("refresh_token")), "{tokens}");
        assert_eq!(
            (&tokens["expires_in"], &tokens["refresh_token_expires_in"]),
            (&json!(2_592_000), &json!(5_184_000))
        );
        assert_eq!(tokens["scope"], "boards:read boards:write pins:read pins:write user_accounts:read");
        ana.token = tokens["access_token"].as_str().unwrap().to_owned();
        ana.refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
        assert_eq!(get(&rig, &ana, "user_account").await.1["username"], "ana");
    }
    rig.advance(60 * DAY_MS).await;
    assert_eq!(renew(&ana.refresh, "sandbox-pinterest-secret").await.0, 400);
}

#[tokio::test]
async fn limits_are_told_as_a_list_and_kept_where_asked() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana", "enforce_limits": true})).await;
    let answer = call(&rig, Method::GET, &ana, "user_account").send().await.unwrap();
    let limit = answer.headers()["x-ratelimit-limit"].to_str().unwrap();
    assert!(
        limit.starts_with("100, 100;w=1;name=") && limit.contains("1000;w=60;name=\"org_read"),
        "{limit}"
    );
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "999");
    for _ in 0..100 {
        assert_eq!(post(&rig, &ana, "media", json!({"media_type": "video"})).await.0, 201);
    }
    let (status, answer) = post(&rig, &ana, "media", json!({"media_type": "video"})).await;
    assert_eq!((status, &answer["code"]), (429, &json!(8)));
    rig.advance(60_000).await;
    assert_eq!(post(&rig, &ana, "media", json!({"media_type": "video"})).await.0, 201);
    rig.fault(json!({"platform": "pinterest", "kind": "rate_limit", "retry_after": 37})).await;
    let refused = call(&rig, Method::GET, &ana, "boards").send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-reset"], "37");
}

#[tokio::test]
async fn figures_come_in_two_places_for_ninety_days() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana"})).await;
    let id = pin(&rig, &ana, json!({})).await;
    // The test's clock stands on the 18th of November 2026.
    let path = |from: &str, to: &str, names: &str| {
        format!("pins/{id}/analytics?start_date={from}&end_date={to}&metric_types={names}")
    };
    let (status, figures) =
        get(&rig, &ana, &path("2026-11-01", "2026-11-03", "IMPRESSION,SAVE,TOTAL_COMMENTS")).await;
    assert_eq!(status, 200, "{figures}");
    assert_eq!(figures["all"]["daily_metrics"].as_array().unwrap().len(), 3);
    assert_eq!(figures["all"]["summary_metrics"], json!({"IMPRESSION": 0, "SAVE": 0}));
    assert_eq!(figures["all"]["lifetime_metrics"], json!({"TOTAL_COMMENTS": 0}));
    for wrong in [
        path("2026-01-01", "2026-01-03", "SAVE"),
        path("2026-11-03", "2026-11-01", "SAVE"),
        path("2026-11-01", "soon", "SAVE"),
        path("2026-11-01", "2026-11-03", "LIKES"),
        format!("pins/{id}/analytics?start_date=2026-11-01"),
    ] {
        assert_eq!(get(&rig, &ana, &wrong).await.0, 400, "{wrong}");
    }
}
