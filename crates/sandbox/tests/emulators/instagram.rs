//! The emulated Instagram, as a client sees it on the wire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::rig::{Rig, film, png, read};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const GRAPH: &str = "graph.instagram.com/v26.0";

/// A library of files that the platform can fetch.
struct Library {
    base: String,
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
}

impl Library {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let files: Arc<Mutex<HashMap<String, Vec<u8>>>> = Arc::default();
        let served = files.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n")
                    && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
                {}
                let text = String::from_utf8_lossy(&asked).into_owned();
                let file = served.lock().unwrap().get(text.split(' ').nth(1).unwrap()).cloned();
                let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
                let file = file.unwrap_or_default();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    file.len()
                );
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.write_all(&file).await;
            }
        });
        Self { base, files }
    }

    fn put(&self, name: &str, bytes: Vec<u8>) -> String {
        self.files.lock().unwrap().insert(format!("/{name}"), bytes);
        format!("{}/{name}", self.base)
    }

    fn photo(&self) -> String {
        self.put("photo.jpg", jpeg(1_080, 1_080))
    }
}

/// The head of a JPEG, which is all that is looked at.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let [w, h] = [width.to_be_bytes(), height.to_be_bytes()];
    let frame = [0xff, 0xc0, 0, 11, 8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0];
    [&[0xff, 0xd8][..], &frame, &[0xff, 0xd9]].concat()
}

struct Owner {
    id: String,
    token: String,
    /// Where its calls go.
    base: &'static str,
}

async fn owner(rig: &Rig, mut wanted: Value) -> Owner {
    wanted["platform"] = json!("instagram");
    wanted["token"] = json!(true);
    let is_facebook = wanted["login"] == "facebook";
    let made = rig.account(wanted).await;
    Owner {
        id: made["platform_user_id"].as_str().unwrap().to_owned(),
        token: made["credentials"]["access_token"].as_str().unwrap().to_owned(),
        base: if is_facebook { "graph.facebook.com/v26.0" } else { GRAPH },
    }
}

async fn call(rig: &Rig, owner: &Owner, method: Method, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let request = rig.request(method.clone(), &format!("{}/{path}", owner.base)).bearer_auth(&owner.token);
    let request = if method == Method::POST { request.form(fields) } else { request.query(fields) };
    read(request.send().await.unwrap()).await
}

async fn container(rig: &Rig, owner: &Owner, fields: &[(&str, &str)]) -> (u16, Value) {
    call(rig, owner, Method::POST, &format!("{}/media", owner.id), fields).await
}

async fn made(rig: &Rig, owner: &Owner, fields: &[(&str, &str)]) -> String {
    let (status, body) = container(rig, owner, fields).await;
    assert_eq!(status, 200, "{body}");
    body["id"].as_str().unwrap().to_owned()
}

async fn status(rig: &Rig, owner: &Owner, id: &str) -> Value {
    call(rig, owner, Method::GET, id, &[("fields", "status_code,status")]).await.1
}

async fn publish(rig: &Rig, owner: &Owner, id: &str) -> (u16, Value) {
    call(rig, owner, Method::POST, &format!("{}/media_publish", owner.id), &[("creation_id", id)]).await
}

fn numbers(body: &Value) -> (i64, i64) {
    let error = &body["error"];
    (error["code"].as_i64().unwrap_or(0), error["error_subcode"].as_i64().unwrap_or(0))
}

#[tokio::test]
async fn a_container_is_processed_published_once_and_shown() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    for wanted in [json!({"username": "ana"}), json!({"username": "ben", "login": "facebook"})] {
        let owner = owner(&rig, wanted.clone()).await;
        let photo = library.photo();
        let id =
            made(&rig, &owner, &[("image_url", &photo), ("caption", "Rye"), ("alt_text", "a loaf")]).await;
        assert_eq!(status(&rig, &owner, &id).await["status_code"], "IN_PROGRESS");
        let (code, refused) = publish(&rig, &owner, &id).await;
        assert_eq!((code, numbers(&refused)), (400, (9_007, 2_207_027)));
        rig.advance(1_000).await;
        assert_eq!(status(&rig, &owner, &id).await["status_code"], "FINISHED");
        let (code, live) = publish(&rig, &owner, &id).await;
        assert_eq!(code, 200, "{live}");
        assert_eq!(status(&rig, &owner, &id).await["status_code"], "PUBLISHED");
        assert_eq!(numbers(&publish(&rig, &owner, &id).await.1), (9_007, 2_207_027));

        let name = wanted["username"].as_str().unwrap();
        let posts = rig.published(&format!("?platform=instagram&account={name}")).await;
        assert_eq!((posts.len(), posts[0]["id"].as_str()), (1, live["id"].as_str()));
        assert_eq!((&posts[0]["text"], &posts[0]["media"][0]["alt"]), (&json!("Rye"), &json!("a loaf")));
        let fields = [("fields", "id,caption,media_type,media_product_type,permalink,timestamp")];
        let (_, media) = call(&rig, &owner, Method::GET, live["id"].as_str().unwrap(), &fields).await;
        assert_eq!((&media["permalink"], &media["media_type"]), (&posts[0]["url"], &json!("IMAGE")));
        let page = rig.client.get(posts[0]["url"].as_str().unwrap()).send().await.unwrap();
        assert!(page.text().await.unwrap().contains("Rye"));
    }
}

#[tokio::test]
async fn media_are_really_fetched_and_looked_into() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    let ana = owner(&rig, json!({})).await;
    let gone = format!("{}/gone.jpg", library.base);
    let cases = [
        (gone.clone(), (9_004, 2_207_052)),
        (library.put("a.png", png(1)), (36_001, 2_207_005)),
        (library.put("wide.jpg", jpeg(1_920, 1_000)), (36_003, 2_207_009)),
        (library.put("tall.jpg", jpeg(1_000, 1_260)), (36_003, 2_207_009)),
        (
            library.put("big.jpg", [jpeg(1_080, 1_080), vec![0; 8 * 1024 * 1024]].concat()),
            (36_000, 2_207_004),
        ),
    ];
    for (url, expected) in cases {
        let (code, body) = container(&rig, &ana, &[("image_url", &url)]).await;
        assert_eq!((code, numbers(&body)), (400, expected), "{url}");
    }
    for (url, number) in [(gone, "2207052"), (library.put("f.txt", b"no film".to_vec()), "2207026")] {
        let id = made(&rig, &ana, &[("media_type", "REELS"), ("video_url", &url)]).await;
        assert_eq!(status(&rig, &ana, &id).await["status_code"], "IN_PROGRESS");
        rig.advance(15_000).await;
        let shown = status(&rig, &ana, &id).await;
        assert_eq!(shown["status_code"], "ERROR");
        assert!(shown["status"].as_str().unwrap().contains(number), "{shown}");
    }
}

#[tokio::test]
async fn a_container_ends_after_a_day_and_belongs_to_its_account() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    let (ana, ben) = (owner(&rig, json!({})).await, owner(&rig, json!({})).await);
    let id = made(&rig, &ana, &[("image_url", &library.photo())]).await;
    assert_eq!(numbers(&publish(&rig, &ben, &id).await.1), (24, 2_207_006));
    rig.advance(24 * 60 * 60 * 1_000).await;
    assert_eq!(status(&rig, &ana, &id).await["status_code"], "EXPIRED");
    assert_eq!(numbers(&publish(&rig, &ana, &id).await.1), (24, 2_207_008));
}

#[tokio::test]
async fn a_carousel_takes_two_to_ten_finished_children() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    let ana = owner(&rig, json!({})).await;
    let (photo, film) = (library.photo(), library.put("f.mp4", film(60_000)));
    let child = [("is_carousel_item", "true"), ("image_url", photo.as_str())];
    let one = made(&rig, &ana, &child).await;
    let two =
        made(&rig, &ana, &[("is_carousel_item", "true"), ("media_type", "VIDEO"), ("video_url", &film)])
            .await;
    let both = format!("{one},{two}");
    let carousel = |children| [("media_type", "CAROUSEL"), ("caption", "Both"), ("children", children)];
    assert_eq!(numbers(&container(&rig, &ana, &carousel(&both)).await.1), (9_007, 2_207_027));
    rig.advance(15_000).await;
    assert_eq!(numbers(&container(&rig, &ana, &carousel(&one)).await.1), (100, 2_207_028));
    let listed = json!([one, two]).to_string();
    let whole = made(&rig, &ana, &carousel(&listed)).await;
    rig.advance(1_000).await;
    assert_eq!(numbers(&publish(&rig, &ana, &one).await.1), (9_007, 2_207_027));
    let (_, live) = publish(&rig, &ana, &whole).await;
    let posts = rig.published("").await;
    assert_eq!((posts.len(), posts[0]["media"].as_array().unwrap().len()), (1, 2));
    let (_, shown) =
        call(&rig, &ana, Method::GET, live["id"].as_str().unwrap(), &[("fields", "media_type,children{id}")])
            .await;
    assert_eq!(shown["media_type"], "CAROUSEL_ALBUM");
    assert_eq!(shown["children"]["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_a_surface_does_not_take_is_refused() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    let ana = owner(&rig, json!({})).await;
    let (photo, film) = (library.photo(), library.put("f.mp4", film(60_000)));
    let (photo, film) = (photo.as_str(), film.as_str());
    let long = "x".repeat(2_201);
    let tags = "#a ".repeat(31);
    for (fields, code) in [
        (vec![("image_url", photo), ("caption", long.as_str())], 36_004),
        (vec![("image_url", photo), ("caption", tags.as_str())], 36_004),
        (vec![("image_url", photo), ("is_carousel_item", "true"), ("caption", "no")], 100),
        (vec![("media_type", "VIDEO"), ("video_url", film)], 100),
        (vec![("media_type", "POLL"), ("image_url", photo)], 100),
        (vec![("media_type", "REELS"), ("video_url", film), ("alt_text", "no")], 100),
        (vec![("media_type", "STORIES"), ("image_url", photo), ("collaborators", "[\"a\"]")], 100),
        (vec![("image_url", photo), ("collaborators", "[\"a\",\"b\",\"c\",\"d\"]")], 100),
        (vec![("image_url", photo), ("user_tags", "[{\"username\":\"a\"}]")], 100),
        (vec![("image_url", photo), ("location_id", "bakery")], 100),
        (vec![("media_type", "REELS"), ("video_url", film), ("upload_type", "resumable")], 100),
        (vec![("caption", "nothing else")], 100),
    ] {
        let (status, body) = container(&rig, &ana, &fields).await;
        assert_eq!((status, numbers(&body).0), (400, code), "{fields:?}: {body}");
    }
}

#[tokio::test]
async fn bytes_are_taken_with_facebook_login() {
    let rig = Rig::start().await;
    let ana = owner(&rig, json!({"login": "facebook"})).await;
    let fields = [("media_type", "REELS"), ("upload_type", "resumable"), ("caption", "Film")];
    let (_, opened) = container(&rig, &ana, &fields).await;
    let id = opened["id"].as_str().unwrap();
    let uri = opened["uri"].as_str().unwrap();
    assert!(uri.starts_with(&rig.url("rupload.facebook.com/ig-api-upload/v26.0/")), "{uri}");
    let send = async |size: usize| {
        let request = rig.client.post(uri).header("authorization", format!("OAuth {}", ana.token));
        let request = request.header("offset", "0").header("file_size", size.to_string());
        read(request.body(film(60_000)).send().await.unwrap()).await
    };
    let (status_code, refused) = send(70_000).await;
    assert_eq!((status_code, &refused["debug_info"]["type"]), (400, &json!("PartialRequestError")));
    assert_eq!(send(60_000).await, (200, json!({"success": true, "message": "Upload successful."})));
    rig.advance(15_000).await;
    assert_eq!(status(&rig, &ana, id).await["status_code"], "FINISHED");
    assert_eq!(publish(&rig, &ana, id).await.0, 200);
    assert_eq!(rig.published("?platform=instagram").await[0]["media"][0]["type"], "video/mp4");
}

#[tokio::test]
async fn the_quota_is_told_and_kept() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    let ana = owner(&rig, json!({"quota": 1})).await;
    let ids = [
        made(&rig, &ana, &[("image_url", &library.photo())]).await,
        made(&rig, &ana, &[("image_url", &library.photo())]).await,
    ];
    rig.advance(1_000).await;
    assert_eq!(publish(&rig, &ana, &ids[0]).await.0, 200);
    let edge = format!("{}/content_publishing_limit", ana.id);
    let (_, limit) = call(&rig, &ana, Method::GET, &edge, &[("fields", "quota_usage,config")]).await;
    assert_eq!(
        limit,
        json!({"data": [{"quota_usage": 1, "config": {"quota_total": 1, "quota_duration": 86_400}}]})
    );
    let (code, refused) = publish(&rig, &ana, &ids[1]).await;
    assert_eq!((code, numbers(&refused)), (400, (9, 2_207_042)));
    rig.advance(23 * 60 * 60 * 1_000 + 59 * 60 * 1_000).await;
    assert_eq!(numbers(&publish(&rig, &ana, &ids[1]).await.1), (9, 2_207_042));
}

#[tokio::test]
async fn tokens_open_their_own_host_until_they_end() {
    let rig = Rig::start().await;
    let ana = owner(&rig, json!({"username": "ana"})).await;
    let page = owner(&rig, json!({"username": "ben", "login": "facebook"})).await;
    let me = async |base: &str, token: &str| {
        let request = rig.get(&format!("{base}/me?fields=id,user_id,username")).bearer_auth(token);
        read(request.send().await.unwrap()).await
    };
    let (status, shown) = me(GRAPH, &ana.token).await;
    assert_eq!((status, shown["user_id"].as_str()), (200, Some(ana.id.as_str())));
    assert_ne!(shown["id"], shown["user_id"]);
    let scoped = shown["id"].as_str().unwrap();
    let listed = call(&rig, &ana, Method::GET, &format!("{scoped}/media"), &[]).await;
    assert_eq!(listed, (200, json!({"data": []})));
    assert_eq!(numbers(&me(GRAPH, &page.token).await.1).0, 190);
    let of_other = Owner { id: ana.id.clone(), token: ana.token.clone(), base: "graph.facebook.com/v26.0" };
    assert_eq!(numbers(&call(&rig, &of_other, Method::GET, &ana.id, &[]).await.1).0, 190);
    let stranger = Owner { id: ana.id.clone(), token: page.token.clone(), base: "graph.facebook.com/v26.0" };
    assert_eq!(numbers(&call(&rig, &stranger, Method::GET, &ana.id, &[]).await.1), (100, 33));
    rig.advance(61 * 24 * 60 * 60 * 1_000).await;
    assert_eq!(numbers(&me(GRAPH, &ana.token).await.1), (190, 463));
}

#[tokio::test]
async fn a_token_is_renewed_when_it_is_a_day_old() {
    let rig = Rig::start().await;
    let ana = owner(&rig, json!({})).await;
    let renew = async || {
        let path = "graph.instagram.com/refresh_access_token";
        let query = [("grant_type", "ig_refresh_token"), ("access_token", ana.token.as_str())];
        read(rig.get(path).query(&query).send().await.unwrap()).await
    };
    assert_eq!(numbers(&renew().await.1).0, 100);
    rig.advance(24 * 60 * 60 * 1_000).await;
    let (status, renewed) = renew().await;
    assert_eq!((status, renewed["expires_in"].as_i64()), (200, Some(60 * 86_400)));
    assert!(renewed["access_token"].as_str().unwrap().starts_with("IG"));
}

#[tokio::test]
async fn versions_come_and_go_and_parameters_travel_as_clients_send_them() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    let ana = owner(&rig, json!({})).await;
    let get = async |path: &str| {
        let request = rig.get(&format!("graph.instagram.com{path}")).query(&[("access_token", &ana.token)]);
        read(request.send().await.unwrap()).await
    };
    assert_eq!(get("/me").await.0, 200);
    assert_eq!(get("/v21.0/me").await.0, 200);
    assert_eq!(numbers(&get("/v99.0/me").await.1).0, 2_500);
    // Doubled slashes, and everything in the query of a POST.
    let photo = library.photo();
    let query = [("access_token", ana.token.as_str()), ("image_url", &photo), ("media_type", "IMAGE")];
    let path = format!("graph.instagram.com/v26.0//{}/media", ana.id);
    let answer = rig.post(&path).query(&query).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("x-app-usage"));
    let usage = answer.headers()["x-business-use-case-usage"].to_str().unwrap();
    assert!(usage.contains(&ana.id) && usage.contains("\"instagram\""), "{usage}");
    rig.advance(70 * 24 * 60 * 60 * 1_000).await;
    assert_eq!(numbers(&get("/v21.0/me").await.1).0, 2_635);
}

#[tokio::test]
async fn limits_come_as_status_400_with_the_minutes_in_a_header() {
    let rig = Rig::start().await;
    let ana = owner(&rig, json!({})).await;
    rig.fault(json!({"platform": "instagram", "kind": "rate_limit", "retry_after": 300})).await;
    let path = format!("{GRAPH}/{}/media", ana.id);
    let answer = rig.get(&path).bearer_auth(&ana.token).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let usage = answer.headers()["x-business-use-case-usage"].to_str().unwrap().to_owned();
    assert!(usage.contains("\"estimated_time_to_regain_access\":5"), "{usage}");
    assert_eq!(numbers(&read(answer).await.1).0, 80_002);
}

#[tokio::test]
async fn comments_figures_and_deletion_follow_their_rights() {
    let rig = Rig::start().await;
    let library = Library::open().await;
    for (login, may_delete) in [("instagram", false), ("facebook", true)] {
        let ana = owner(&rig, json!({"login": login})).await;
        let id = made(&rig, &ana, &[("image_url", &library.photo())]).await;
        rig.advance(1_000).await;
        let live = publish(&rig, &ana, &id).await.1["id"].as_str().unwrap().to_owned();
        for text in ["first", "second"] {
            let made =
                call(&rig, &ana, Method::POST, &format!("{live}/comments"), &[("message", text)]).await;
            assert_eq!(made.0, 200, "{}", made.1);
        }
        let (_, listed) = call(&rig, &ana, Method::GET, &format!("{live}/comments"), &[]).await;
        assert_eq!(
            (&listed["data"][0]["text"], &listed["data"][1]["text"]),
            (&json!("second"), &json!("first"))
        );
        let metric = |names| [("metric", names)];
        let insights = format!("{live}/insights");
        let (_, figures) = call(&rig, &ana, Method::GET, &insights, &metric("views,reach")).await;
        assert_eq!(figures["data"][0]["name"], "views");
        let (_, refused) = call(&rig, &ana, Method::GET, &insights, &metric("views,replies")).await;
        assert_eq!(numbers(&refused).0, 100);
        let off = call(&rig, &ana, Method::POST, &live, &[("comment_enabled", "false")]).await;
        assert_eq!(off, (200, json!({"success": true})));
        let closed = call(&rig, &ana, Method::POST, &format!("{live}/comments"), &[("message", "no")]).await;
        assert_eq!(numbers(&closed.1).0, 10);
        let (status, _) = call(&rig, &ana, Method::DELETE, &live, &[]).await;
        assert_eq!(status == 200, may_delete);
    }
}

#[tokio::test]
async fn the_code_is_exchanged_once_in_a_shape_of_its_own() {
    let rig = Rig::start().await;
    rig.account(json!({"platform": "instagram", "username": "ana"})).await;
    let callback = "https://fanfare.example/back";
    let scope = "instagram_business_basic,instagram_business_content_publish";
    let query = [
        ("client_id", "sandbox-instagram-client"),
        ("redirect_uri", callback),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s"),
        ("sandbox_user", ""),
    ];
    for host in ["www.instagram.com", "api.instagram.com"] {
        let agreed = rig.get(&format!("{host}/oauth/authorize")).query(&query).send().await.unwrap();
        let back = agreed.headers()["location"].to_str().unwrap().to_owned();
        assert!(back.ends_with("#_"), "{back}");
        let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let exchange = async || {
            let form = [
                ("client_id", "sandbox-instagram-client"),
                ("client_secret", "sandbox-instagram-secret"),
                ("grant_type", "authorization_code"),
                ("redirect_uri", callback),
                ("code", code.as_str()),
            ];
            read(rig.post("api.instagram.com/oauth/access_token").form(&form).send().await.unwrap()).await
        };
        let (status, tokens) = exchange().await;
        assert_eq!((status, tokens["data"][0]["permissions"].as_str()), (200, Some(scope)));
        let (status, refused) = exchange().await;
        assert_eq!(
            (status, refused["error_message"].as_str()),
            (400, Some("This authorization code has been used"))
        );
    }
}
