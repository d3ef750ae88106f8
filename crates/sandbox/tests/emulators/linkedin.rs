//! The emulated LinkedIn.

use crate::rig::{Rig, film, png, read};
use reqwest::{Method, Response};
use serde_json::{Value, json};

const API: &str = "api.linkedin.com/rest";

/// A login on the emulated LinkedIn.
struct Login {
    urn: String,
    id: String,
    token: String,
}

async fn login(rig: &Rig, wanted: Value) -> Login {
    let mut body = json!({"platform": "linkedin", "token": true});
    body.as_object_mut().unwrap().extend(wanted.as_object().unwrap().clone());
    let account = rig.account(body).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Login {
        urn: text(&account["urn"]),
        id: text(&account["platform_user_id"]),
        token: text(&account["credentials"]["access_token"]),
    }
}

fn call(rig: &Rig, method: Method, login: &Login, path: &str) -> reqwest::RequestBuilder {
    let call = rig.request(method, &format!("{API}/{path}")).bearer_auth(&login.token);
    call.header("LinkedIn-Version", "202609").header("X-Restli-Protocol-Version", "2.0.0")
}

fn draft(login: &Login, commentary: &str) -> Value {
    json!({
        "author": login.urn,
        "commentary": commentary,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "lifecycleState": "PUBLISHED",
    })
}

async fn share(rig: &Rig, login: &Login, body: &Value) -> Response {
    call(rig, Method::POST, login, "posts").json(body).send().await.unwrap()
}

async fn upload(rig: &Rig, login: &Login, bytes: Vec<u8>) -> String {
    let wanted = json!({"initializeUploadRequest": {"owner": login.urn}});
    let answer = call(rig, Method::POST, login, "images?action=initializeUpload").json(&wanted);
    let (status, answer) = read(answer.send().await.unwrap()).await;
    assert_eq!(status, 200);
    let put =
        rig.client.put(answer["value"]["uploadUrl"].as_str().unwrap()).body(bytes).send().await.unwrap();
    assert_eq!(put.status(), 201);
    answer["value"]["image"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_post_answers_with_its_urn_only_and_shows_rendered_text() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({"username": "ana-ruiz", "display_name": "Ana Ruiz"})).await;
    let answer = share(&rig, &ana, &draft(&ana, r"Rye \(dark\) {hashtag|\#|bread}")).await;
    assert_eq!(answer.status(), 201);
    let urn = answer.headers()["x-restli-id"].to_str().unwrap().to_owned();
    assert!(urn.starts_with("urn:li:share:"));
    assert_eq!(answer.bytes().await.unwrap().len(), 0);
    let posts = rig.published(&format!("?platform=linkedin&account={}", ana.urn)).await;
    assert_eq!(
        (posts[0]["text"].as_str(), posts[0]["id"].as_str()),
        (Some("Rye (dark) #bread"), Some(&*urn))
    );
    assert_eq!(posts[0]["account"], "ana-ruiz");
    let page = rig.get(&format!("www.linkedin.com/feed/update/{urn}/")).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Rye (dark) #bread"));
    assert_eq!(rig.get("www.linkedin.com/feed/update/urn:li:share:1/").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn an_unescaped_parenthesis_cuts_the_text_silently() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    assert_eq!(share(&rig, &ana, &draft(&ana, "Open daily (also Sunday)")).await.status(), 201);
    assert_eq!(rig.published("").await[0]["text"], "Open daily");
}

#[tokio::test]
async fn the_same_content_is_refused_with_the_first_urn_even_when_deleted() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let first = share(&rig, &ana, &draft(&ana, "One")).await;
    let urn = first.headers()["x-restli-id"].to_str().unwrap().to_owned();
    let refused = json!({
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "status": 422,
        "message": format!("/content :: Content is a duplicate of {urn}"),
        "errorDetails": {"inputErrors": [
            {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
        ]},
    });
    assert_eq!(read(share(&rig, &ana, &draft(&ana, "One")).await).await, (422, refused.clone()));
    let path = format!("posts/{}", urn.replace(':', "%3A"));
    for _ in 0..2 {
        let deleted = call(&rig, Method::DELETE, &ana, &path).send().await.unwrap();
        assert_eq!(deleted.status(), 204);
    }
    assert_eq!(read(share(&rig, &ana, &draft(&ana, "One")).await).await, (422, refused));
    rig.advance(24 * 60 * 60 * 1_000).await;
    assert_eq!(share(&rig, &ana, &draft(&ana, "One")).await.status(), 201);
}

#[tokio::test]
async fn versions_and_tokens_are_checked() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let send = async |version: Option<&str>, token: &str| {
        let mut call = rig.post(&format!("{API}/posts")).bearer_auth(token).json(&draft(&ana, "One"));
        if let Some(version) = version {
            call = call.header("linkedin-version", version);
        }
        read(call.send().await.unwrap()).await
    };
    assert_eq!(send(None, &ana.token).await.1["code"], "VERSION_MISSING");
    let (status, body) = send(Some("202510"), &ana.token).await;
    assert_eq!((status, body["code"].as_str()), (426, Some("NONEXISTENT_VERSION")));
    let (status, body) = send(Some("202609"), "nonsense").await;
    assert_eq!((status, body["serviceErrorCode"].as_u64()), (401, Some(65_600)));
    rig.advance(61 * 24 * 60 * 60 * 1_000).await;
    assert_eq!(send(Some("202609"), &ana.token).await.1["serviceErrorCode"], 65_602);
}

#[tokio::test]
async fn members_cannot_write_as_others_nor_read_posts_back() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let page = login(&rig, json!({"organization": true})).await;
    let (status, body) = read(share(&rig, &ana, &draft(&page, "One")).await).await;
    assert_eq!((status, body["code"].as_str()), (403, Some("ACCESS_DENIED")));
    let author = ana.urn.replace(':', "%3A");
    let found =
        call(&rig, Method::GET, &ana, &format!("posts?q=author&author={author}")).send().await.unwrap();
    assert_eq!(found.status(), 403);
    let image = upload(&rig, &ana, png(1)).await.replace(':', "%3A");
    assert_eq!(call(&rig, Method::GET, &ana, &format!("images/{image}")).send().await.unwrap().status(), 403);
    let comment = json!({"actor": ana.urn, "object": "urn:li:share:1", "message": {"text": "hi"}});
    let comments = call(&rig, Method::POST, &ana, "socialActions/urn%3Ali%3Ashare%3A1/comments");
    assert_eq!(comments.json(&comment).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn pages_are_listed_for_their_administrator_and_their_posts_can_be_found() {
    let rig = Rig::start().await;
    let page =
        login(&rig, json!({"organization": true, "username": "harbour", "display_name": "Harbour"})).await;
    let roles =
        call(&rig, Method::GET, &page, "organizationAcls?q=roleAssignee&state=APPROVED&start=0&count=100");
    let (_, roles) = read(roles.send().await.unwrap()).await;
    assert_eq!(roles["elements"][0]["organization"], page.urn);
    let shown = call(&rig, Method::GET, &page, &format!("organizations/{}", page.id)).send().await.unwrap();
    assert_eq!(read(shown).await.1["localizedName"], "Harbour");
    share(&rig, &page, &draft(&page, "One")).await;
    share(&rig, &page, &draft(&page, "Two")).await;
    let query = format!("q=author&author={}&count=10&sortBy=LAST_MODIFIED", page.urn.replace(':', "%3A"));
    let (_, found) =
        read(call(&rig, Method::GET, &page, &format!("posts?{query}")).send().await.unwrap()).await;
    assert_eq!(found["paging"]["total"], 2);
    let tunnel = call(&rig, Method::POST, &page, "posts").header("X-HTTP-Method-Override", "GET");
    let tunnel = tunnel.header("content-type", "application/x-www-form-urlencoded").body(query);
    assert_eq!(read(tunnel.send().await.unwrap()).await.1["paging"]["total"], 2);
}

#[tokio::test]
async fn an_edit_changes_the_public_text() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let first = share(&rig, &ana, &draft(&ana, "One")).await;
    let path = format!("posts/{}", first.headers()["x-restli-id"].to_str().unwrap().replace(':', "%3A"));
    let edit = call(&rig, Method::POST, &ana, &path).header("X-RestLi-Method", "partial_update");
    let edit = edit.json(&json!({"patch": {"$set": {"commentary": "Two"}}})).send().await.unwrap();
    assert_eq!(edit.status(), 204);
    assert_eq!(rig.published("").await[0]["text"], "Two");
}

#[tokio::test]
async fn pictures_and_link_cards_are_carried() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let ben = login(&rig, json!({})).await;
    let (one, two) = (upload(&rig, &ana, png(1)).await, upload(&rig, &ana, png(2)).await);
    let mut body = draft(&ana, "Look");
    body["content"] = json!({"multiImage": {"images": [{"id": one, "altText": "A"}, {"id": two}]}});
    assert_eq!(share(&rig, &ana, &body).await.status(), 201);
    body["content"] = json!({"article": {"source": "https://example.com/x", "title": "T", "thumbnail": one}});
    assert_eq!(share(&rig, &ana, &body).await.status(), 201);
    let posts = rig.published("").await;
    assert_eq!(posts[0]["media"].as_array().unwrap().len(), 2);
    assert_eq!(posts[0]["media"][0]["alt"], "A");
    assert_eq!(posts[1]["extra"]["article"]["source"], "https://example.com/x");
    let mut stolen = draft(&ben, "Look");
    stolen["content"] = json!({"media": {"id": one}});
    assert_eq!(share(&rig, &ben, &stolen).await.status(), 400);
}

#[tokio::test]
async fn a_film_goes_up_in_parts_of_exact_size() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let bytes = film(5_000_000);
    let wanted = json!({"initializeUploadRequest": {"owner": ana.urn, "fileSizeBytes": bytes.len()}});
    let started = call(&rig, Method::POST, &ana, "videos?action=initializeUpload").json(&wanted);
    let (_, started) = read(started.send().await.unwrap()).await;
    let video = started["value"]["video"].as_str().unwrap();
    let mut tags = Vec::new();
    for part in started["value"]["uploadInstructions"].as_array().unwrap() {
        let byte = |name: &str| usize::try_from(part[name].as_u64().unwrap()).unwrap();
        let piece = bytes[byte("firstByte")..=byte("lastByte")].to_vec();
        let url = part["uploadUrl"].as_str().unwrap();
        assert_eq!(rig.client.put(url).body("short").send().await.unwrap().status(), 400);
        let put = rig.client.put(url).body(piece).send().await.unwrap();
        tags.push(put.headers()["etag"].to_str().unwrap().trim_matches('"').to_owned());
    }
    assert_eq!(tags.len(), 2);
    let finalize = async |ids: Vec<String>| {
        let wanted =
            json!({"finalizeUploadRequest": {"video": video, "uploadToken": "", "uploadedPartIds": ids}});
        let call = call(&rig, Method::POST, &ana, "videos?action=finalizeUpload").json(&wanted);
        call.send().await.unwrap().status().as_u16()
    };
    assert_eq!(finalize(tags.iter().rev().cloned().collect()).await, 400);
    assert_eq!(finalize(tags).await, 200);
    let mut body = draft(&ana, "Film");
    body["content"] = json!({"media": {"id": video, "title": "Oven"}});
    assert_eq!(share(&rig, &ana, &body).await.status(), 400, "still processed");
    rig.advance(1_000).await;
    let shown = call(&rig, Method::GET, &ana, &format!("videos/{}", video.replace(':', "%3A")));
    assert_eq!(read(shown.send().await.unwrap()).await.1["status"], "AVAILABLE");
    let answer = share(&rig, &ana, &body).await;
    assert!(answer.headers()["x-restli-id"].to_str().unwrap().starts_with("urn:li:ugcPost:"));
}

#[tokio::test]
async fn what_linkedin_does_not_take_names_the_field() {
    let rig = Rig::start().await;
    let ana = login(&rig, json!({})).await;
    let mut no_visibility = draft(&ana, "One");
    no_visibility.as_object_mut().unwrap().remove("visibility");
    let mut scheduled = draft(&ana, "One");
    scheduled["lifecycleState"] = json!("DRAFT");
    let long = draft(&ana, &"a".repeat(3_001));
    for (body, status, code) in [
        (no_visibility, 422, "MISSING_FIELD"),
        (scheduled, 422, "FIELD_VALUE_INVALID"),
        (long, 400, "FIELD_LENGTH_TOO_LONG"),
    ] {
        let answer = read(share(&rig, &ana, &body).await).await;
        assert_eq!(answer.0, status);
        assert_eq!(answer.1["errorDetails"]["inputErrors"][0]["code"], code);
    }
}

#[tokio::test]
async fn a_refresh_gives_the_same_refresh_token_and_bad_ones_are_refused() {
    let rig = Rig::start().await;
    let wanted = json!({"platform": "linkedin", "organization": true, "token": true});
    let account = rig.account(wanted).await;
    let refresh = account["credentials"]["refresh_token"].as_str().unwrap();
    rig.advance(1_000).await;
    let renew = async |token: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", "sandbox-linkedin-client"),
            ("client_secret", "sandbox-linkedin-secret"),
        ];
        let call = rig.post("www.linkedin.com/oauth/v2/accessToken").form(&form);
        read(call.send().await.unwrap()).await
    };
    let (status, renewed) = renew(refresh).await;
    assert_eq!((status, renewed["refresh_token"].as_str()), (200, Some(refresh)));
    assert_eq!(renewed["refresh_token_expires_in"], 365 * 86_400 - 1);
    let (status, refused) = renew("nonsense").await;
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_grant")));
}
