//! The emulated WordPress, as its clients meet it. The answers are those of WordPress 6.1.

use crate::rig::{Rig, film, folder, png, read};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const SITE: &str = "blog.wp.example";

/// A user with an application password.
struct Login {
    name: String,
    password: String,
}

async fn login(rig: &Rig, name: &str, extra: Value) -> Login {
    let mut wanted =
        json!({"platform": "wordpress", "username": name, "display_name": "Harbour Bakery", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let account = rig.account(wanted).await;
    let password = account["credentials"]["app_password"].as_str().unwrap().to_owned();
    Login { name: name.to_owned(), password }
}

async fn call(
    rig: &Rig,
    user: Option<&Login>,
    method: Method,
    route: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let mut call = rig.request(method, &format!("{SITE}/wp-json/wp/v2/{route}"));
    if let Some(user) = user {
        call = call.basic_auth(&user.name, Some(&user.password));
    }
    if let Some(body) = body {
        call = call.json(&body);
    }
    read(call.send().await.unwrap()).await
}

async fn post(rig: &Rig, user: &Login, body: Value) -> (u16, Value) {
    call(rig, Some(user), Method::POST, "posts", Some(body)).await
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

async fn upload(rig: &Rig, user: &Login, name: &str, kind: &str, bytes: Vec<u8>) -> (u16, Value) {
    let call = rig
        .post(&format!("{SITE}/wp-json/wp/v2/media"))
        .basic_auth(&user.name, Some(&user.password))
        .header("content-type", kind)
        .header("content-disposition", format!("attachment; filename=\"{name}\""))
        .body(bytes);
    read(call.send().await.unwrap()).await
}

#[tokio::test]
async fn a_site_names_its_api_and_says_what_it_can() {
    let rig = Rig::start().await;
    login(&rig, "ana", json!({})).await;
    login(&rig, "ola", json!({"site": "plain", "permalinks": "plain"})).await;
    for (site, root) in [(SITE, "/wp-json/"), ("plain.wp.example", "/index.php?rest_route=/")] {
        let home = rig.get(&format!("{site}/")).send().await.unwrap();
        let link = home.headers()["link"].to_str().unwrap().to_owned();
        let expect = format!("<{}{root}>; rel=\"https://api.w.org/\"", rig.url(site));
        assert_eq!(link, expect);
        assert!(home.text().await.unwrap().contains("rel=\"https://api.w.org/\""));
        let index: Value = rig.get(&format!("{site}{root}")).send().await.unwrap().json().await.unwrap();
        assert_eq!(index["name"], "Harbour Bakery");
        assert!(index["namespaces"].as_array().unwrap().contains(&json!("wp/v2")));
        assert!(index["authentication"]["application-passwords"].is_object());
    }
    // The other way works only where addresses are readable.
    let both = rig.get(&format!("{SITE}/?rest_route=/wp/v2/posts")).send().await.unwrap();
    assert_eq!(both.status(), 200);
    assert_eq!(rig.get("plain.wp.example/wp-json/").send().await.unwrap().status(), 404);
    assert_eq!(rig.get("none.wp.example/").send().await.unwrap().status(), 404);
    assert_eq!(code(&call(&rig, None, Method::GET, "nope", None).await), (404, "rest_no_route"));
}

#[tokio::test]
async fn a_password_opens_one_user_and_nothing_else_does() {
    let rig = Rig::start().await;
    let ana = login(&rig, "ana", json!({})).await;
    let (status, me) = call(&rig, Some(&ana), Method::GET, "users/me?context=edit", None).await;
    assert_eq!((status, &me["username"], &me["roles"]), (200, &json!("ana"), &json!(["author"])));
    assert_eq!(me["capabilities"]["publish_posts"], true);
    assert!(me["capabilities"].get("edit_others_posts").is_none());
    let spaced =
        Login { name: "Ana".to_owned(), password: format!("{} {}", &ana.password[..4], &ana.password[4..]) };
    assert_eq!(call(&rig, Some(&spaced), Method::GET, "users/me", None).await.0, 200);
    let wrong = Login { name: "ana".to_owned(), password: "wrong".to_owned() };
    for nobody in [None, Some(&wrong)] {
        let me = call(&rig, nobody, Method::GET, "users/me", None).await;
        assert_eq!(code(&me), (401, "rest_not_logged_in"));
        let made = call(&rig, nobody, Method::POST, "posts", Some(json!({"title": "x"}))).await;
        assert_eq!(code(&made), (401, "rest_cannot_create"));
    }
    let behind = login(&rig, "eva", json!({"site": "behind", "strips_authorization": true})).await;
    let me = rig.get("behind.wp.example/wp-json/wp/v2/users/me");
    let me = me.basic_auth(&behind.name, Some(&behind.password)).send().await.unwrap();
    assert_eq!(me.status(), 401);
}

#[tokio::test]
async fn what_a_user_may_do_follows_from_the_role() {
    let rig = Rig::start().await;
    let ada = login(&rig, "ada", json!({"role": "administrator"})).await;
    let ana = login(&rig, "ana", json!({})).await;
    let cora = login(&rig, "cora", json!({"role": "contributor"})).await;
    let sue = login(&rig, "sue", json!({"role": "subscriber"})).await;
    let body = |status: &str| json!({"title": "x", "content": "y", "slug": "own", "status": status});
    assert_eq!(code(&post(&rig, &sue, body("draft")).await), (403, "rest_cannot_create"));
    assert_eq!(code(&post(&rig, &cora, body("publish")).await), (403, "rest_cannot_publish"));
    let (status, pending) = post(&rig, &cora, body("pending")).await;
    assert_eq!((status, &pending["slug"]), (201, &json!("")));
    assert_eq!(code(&upload(&rig, &cora, "a.png", "image/png", png(1)).await), (403, "rest_cannot_create"));
    let route = format!("posts/{}", pending["id"]);
    let change = Some(json!({"title": "z"}));
    let by_ana = call(&rig, Some(&ana), Method::POST, &route, change.clone()).await;
    assert_eq!(code(&by_ana), (403, "rest_cannot_edit"));
    assert_eq!(call(&rig, Some(&ada), Method::POST, &route, change).await.0, 200);
    // Scripts are the administrator's privilege.
    let scripts = json!({"title": "x", "content": "a<script>b</script><b>c</b>", "status": "publish"});
    assert_eq!(post(&rig, &ana, scripts.clone()).await.1["content"]["raw"], "ab<b>c</b>");
    assert_eq!(post(&rig, &ada, scripts).await.1["content"]["raw"], "a<script>b</script><b>c</b>");
    let made = call(&rig, Some(&ana), Method::POST, "categories", Some(json!({"name": "Bread"}))).await;
    assert_eq!(code(&made), (403, "rest_cannot_create"));
}

#[tokio::test]
async fn a_slug_that_is_taken_is_numbered_and_posts_are_found_by_it() {
    let rig = Rig::start().await;
    let ana = login(&rig, "ana", json!({})).await;
    let eva = login(&rig, "eva", json!({})).await;
    for (status, slug) in [("publish", "rye"), ("draft", "rye-2"), ("private", "rye-3")] {
        let body = json!({"title": "Rye", "content": "z", "status": status, "slug": "Rye"});
        let (created, made) = post(&rig, &ana, body).await;
        assert_eq!((created, &made["slug"], &made["status"]), (201, &json!(slug), &json!(status)));
    }
    let look = "posts?slug=rye,rye-2,rye-3&status=publish,future,draft,pending,private&_fields=id,slug";
    let slugs = |answer: &(u16, Value)| {
        let mut all: Vec<String> = answer
            .1
            .as_array()
            .unwrap()
            .iter()
            .map(|post| post["slug"].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    };
    let mine = call(&rig, Some(&ana), Method::GET, look, None).await;
    assert_eq!(slugs(&mine), ["rye", "rye-2", "rye-3"]);
    assert!(mine.1[0].get("title").is_none());
    // Others see what is public, and nothing of it to edit.
    assert_eq!(slugs(&call(&rig, Some(&eva), Method::GET, look, None).await), ["rye"]);
    let edit = format!("{look}&context=edit");
    assert!(slugs(&call(&rig, Some(&eva), Method::GET, &edit, None).await).is_empty());
    let anonymous = call(&rig, None, Method::GET, look, None).await;
    assert_eq!(code(&anonymous), (400, "rest_invalid_param"));
    assert_eq!(anonymous.1["data"]["params"]["status"], "Status is forbidden.");
    let edit = call(&rig, None, Method::GET, "posts?context=edit", None).await;
    assert_eq!(code(&edit), (401, "rest_forbidden_context"));
    // Only what is published is public.
    let public = rig.published("?platform=wordpress").await;
    assert_eq!((public.len(), &public[0]["extra"]["slug"]), (1, &json!("rye")));
    let page = rig.client.get(public[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);
}

#[tokio::test]
async fn what_is_wrong_with_a_post_is_named() {
    let rig = Rig::start().await;
    let ana = login(&rig, "ana", json!({})).await;
    for (body, expect) in [
        (json!({"title": "", "content": ""}), (400, "empty_content")),
        (json!({"title": "x", "status": "published"}), (400, "rest_invalid_param")),
        (json!({"title": "x", "tags": "bread"}), (400, "rest_invalid_param")),
        (json!({"title": "x", "featured_media": "first"}), (400, "rest_invalid_param")),
        (json!({"title": "x", "id": 5}), (400, "rest_post_exists")),
    ] {
        assert_eq!(code(&post(&rig, &ana, body.clone()).await), expect, "{body}");
    }
    let broken = rig
        .post(&format!("{SITE}/wp-json/wp/v2/posts"))
        .basic_auth(&ana.name, Some(&ana.password))
        .header("content-type", "application/json")
        .body("{");
    assert_eq!(code(&read(broken.send().await.unwrap()).await), (400, "rest_invalid_json"));
    // Ids of nothing are passed over.
    let body =
        json!({"title": "x", "status": "publish", "tags": [999], "categories": [998], "featured_media": 997});
    let (status, made) = post(&rig, &ana, body).await;
    assert_eq!((status, &made["tags"], &made["featured_media"]), (201, &json!([]), &json!(0)));
    assert_eq!(made["categories"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn files_are_taken_by_what_they_are() {
    let rig = Rig::start().await;
    let ana = login(&rig, "ana", json!({})).await;
    let (status, first) = upload(&rig, &ana, "Rye loaf.png", "image/png", png(1)).await;
    assert_eq!((status, &first["slug"], &first["media_type"]), (201, &json!("rye-loaf"), &json!("image")));
    let again = upload(&rig, &ana, "rye-loaf.png", "image/png", png(1)).await.1;
    assert_eq!(again["slug"], "rye-loaf-1");
    assert_ne!(again["source_url"], first["source_url"]);
    let found = call(&rig, Some(&ana), Method::GET, "media?slug=rye-loaf&_fields=id", None).await.1;
    assert_eq!(found, json!([{"id": first["id"]}]));
    let bytes = rig.client.get(first["source_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(bytes.bytes().await.unwrap(), png(1));
    let described = Some(json!({"alt_text": "A loaf"}));
    let described = call(&rig, Some(&ana), Method::POST, &format!("media/{}", first["id"]), described).await;
    assert_eq!(described.1["alt_text"], "A loaf");
    assert_eq!(upload(&rig, &ana, "a.mp4", "video/mp4", film(500)).await.1["mime_type"], "video/mp4");

    for (name, bytes) in [("a.php", png(1)), ("a.png", b"no png".to_vec()), ("a.mp4", png(1)), ("a", png(1))]
    {
        let refused = upload(&rig, &ana, name, "image/png", bytes).await;
        assert_eq!(code(&refused), (500, "rest_upload_sideload_error"), "{name}");
    }
    assert_eq!(
        code(&upload(&rig, &ana, "a.png", "image/png", Vec::new()).await),
        (400, "rest_upload_no_data")
    );
    let nameless = rig
        .post(&format!("{SITE}/wp-json/wp/v2/media"))
        .basic_auth(&ana.name, Some(&ana.password))
        .header("content-type", "image/png")
        .body(png(1));
    let nameless = read(nameless.send().await.unwrap()).await;
    assert_eq!(code(&nameless), (400, "rest_upload_no_content_disposition"));
    // As a form, as other clients send it.
    let form = Form::new().part("file", Part::bytes(png(2)).file_name("form.png")).text("alt_text", "B");
    let sent = rig.post(&format!("{SITE}/wp-json/wp/v2/media")).basic_auth(&ana.name, Some(&ana.password));
    let (status, sent) = read(sent.multipart(form).send().await.unwrap()).await;
    assert_eq!((status, &sent["slug"], &sent["alt_text"]), (201, &json!("form"), &json!("B")));
}

#[tokio::test]
async fn a_post_shows_its_files_and_terms_and_can_be_changed_and_deleted() {
    let folder = folder("wordpress");
    let rig = Rig::start_on(Some(&folder)).await;
    let ana = login(&rig, "ana", json!({})).await;
    let cover = upload(&rig, &ana, "cover.png", "image/png", png(1)).await.1;
    let inside = upload(&rig, &ana, "inside.png", "image/png", png(2)).await.1;
    let tag = call(&rig, Some(&ana), Method::POST, "tags", Some(json!({"name": "Rye & Co"}))).await.1;
    assert_eq!(tag["name"], "Rye &amp; Co");
    let again = call(&rig, Some(&ana), Method::POST, "tags", Some(json!({"name": "rye & co"}))).await;
    assert_eq!((code(&again), &again.1["data"]["term_id"]), ((400, "term_exists"), &tag["id"]));
    let body = json!({
        "title": "Rye", "status": "publish", "featured_media": cover["id"], "tags": [tag["id"]],
        "content": format!("<img src=\"{}\" />", inside["source_url"].as_str().unwrap()),
    });
    let (_, made) = post(&rig, &ana, body).await;
    let rig = rig.restart(&folder).await;
    let public = rig.published("").await;
    assert_eq!(public[0]["media"].as_array().unwrap().len(), 2);
    assert_eq!(public[0]["extra"]["tags"], json!(["Rye & Co"]));
    let route = format!("posts/{}", made["id"]);
    call(&rig, Some(&ana), Method::POST, &route, Some(json!({"title": "Spelt"}))).await;
    assert_eq!(rig.published("").await[0]["extra"]["title"], "Spelt");
    call(&rig, Some(&ana), Method::POST, &route, Some(json!({"status": "draft"}))).await;
    assert!(rig.published("").await.is_empty());
    call(&rig, Some(&ana), Method::POST, &route, Some(json!({"status": "publish"}))).await;
    assert_eq!(rig.published("").await.len(), 1);
    assert_eq!(call(&rig, Some(&ana), Method::DELETE, &route, None).await.1["status"], "trash");
    assert!(rig.published("").await.is_empty());
    let gone = call(&rig, Some(&ana), Method::DELETE, &format!("{route}?force=true"), None).await;
    assert_eq!((gone.0, &gone.1["deleted"]), (200, &json!(true)));
    assert_eq!(code(&call(&rig, Some(&ana), Method::GET, &route, None).await), (404, "rest_post_invalid_id"));
}

#[tokio::test]
async fn faults_look_like_a_web_server_and_a_revoked_password_opens_nothing() {
    let rig = Rig::start().await;
    let ana = login(&rig, "ana", json!({})).await;
    let body = || json!({"title": "x", "status": "publish"});
    for (fault, status) in [("error", 503), ("rate_limit", 429)] {
        rig.fault(json!({"platform": "wordpress", "kind": fault, "retry_after": 7})).await;
        let call =
            rig.post(&format!("{SITE}/wp-json/wp/v2/posts")).basic_auth(&ana.name, Some(&ana.password));
        let answer = call.json(&body()).send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert_eq!(answer.headers().get("retry-after").is_some(), status == 429);
    }
    rig.fault(json!({"platform": "wordpress", "kind": "token_revoked"})).await;
    assert_eq!(code(&post(&rig, &ana, body()).await), (401, "rest_cannot_create"));
    assert_eq!(code(&post(&rig, &ana, body()).await), (401, "rest_cannot_create"));
    assert!(rig.published("").await.is_empty());
}
