//! The connector against a real Bluesky server, started from `tests/pds`. Where Node or its
//! packages are missing the test says so and passes, unless `REQUIRE_BLUESKY_PDS=1` demands it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector::{
    Connector as _, Credentials, DynNext, Hosts, Identity, MediaItem, MediaKind, Receipt, Verdict,
};
use domain::{Class, Timestamp};
use fanfare_platforms::bluesky::{Bluesky, auth};
use net::{Request, Sent};
use serde_json::{Value, json};
use url::Url;

use crate::support::{FATES, Once, PIXEL, World, client, pages, post};

const NOW: Timestamp = Timestamp::from_seconds(1_795_425_600);

/// A running server.
struct Pds {
    url: String,
    plc_url: String,
    admin_password: String,
    _process: Process,
}

/// The server ends when its input is closed, so dropping this is enough.
struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stdin.take();
        let _ = self.child.wait();
    }
}

/// Starts a server, or says why there is none.
fn start() -> Option<Pds> {
    match try_start() {
        Ok(pds) => Some(pds),
        Err(reason) => {
            let required = std::env::var_os("REQUIRE_BLUESKY_PDS").is_some_and(|value| value == "1");
            assert!(!required, "no PDS, though REQUIRE_BLUESKY_PDS=1: {reason}");
            println!("skipped, no PDS: {reason}");
            None
        }
    }
}

fn try_start() -> Result<Pds, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/pds");
    if !folder.join("node_modules/@atproto/pds").exists() {
        return Err("run `npm ci` in tests/pds".to_owned());
    }
    let mut child = Command::new("node")
        .arg("start-pds.mjs")
        .current_dir(&folder)
        .env("LOG_ENABLED", "false")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let stdin = child.stdin.take();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let process = Process { child, stdin };
    let ready = lines.next().ok_or("the server ended before it was ready")?.unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let address = |name: &str| ready[name].as_str().unwrap().to_owned();
    Ok(Pds {
        url: address("url"),
        plc_url: address("plc_url"),
        admin_password: address("admin_password"),
        _process: process,
    })
}

impl Pds {
    fn hosts(&self) -> Hosts {
        let mut hosts = Hosts::default();
        hosts.set("entryway", &self.url);
        hosts.set("plc", &self.plc_url);
        hosts.set("permalink", "https://bsky.app");
        hosts
    }

    async fn call(&self, request: Request) -> (u16, bytes::Bytes) {
        let answer = client().send(request).await.unwrap();
        (answer.status, answer.body)
    }

    async fn read(&self, nsid: &str, query: &[(&str, &str)]) -> Value {
        let url = Url::parse_with_params(&format!("{}/xrpc/{nsid}", self.url), query).unwrap();
        let (status, body) = self.call(Request::get(url)).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    async fn write(&self, nsid: &str, token: Option<&str>, body: &Value) -> Value {
        let mut request = Request::post(Url::parse(&format!("{}/xrpc/{nsid}", self.url)).unwrap()).json(body);
        if let Some(token) = token {
            request = request.bearer(token);
        }
        let (status, body) = self.call(request).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    }

    /// A new account: its full session token, its handle and an app password.
    async fn register(&self, name: &str) -> (String, String, String) {
        let handle = format!("{name}.test");
        let account =
            json!({"email": format!("{name}@example.test"), "handle": handle, "password": "hunter22"});
        let session = self.write("com.atproto.server.createAccount", None, &account).await;
        let token = session["accessJwt"].as_str().unwrap().to_owned();
        let made = self
            .write("com.atproto.server.createAppPassword", Some(&token), &json!({"name": "fanfare"}))
            .await;
        (token, handle, made["password"].as_str().unwrap().to_owned())
    }

    async fn connect(&self, handle: &str, password: &str) -> (Identity, Credentials) {
        auth::connect(&client(), &self.hosts(), handle, password).await.unwrap()
    }

    async fn world(&self, name: &str) -> World {
        let (_, handle, password) = self.register(name).await;
        let (identity, credentials) = self.connect(&handle, &password).await;
        World::new(NOW, self.hosts(), identity, credentials)
    }

    /// Every post of the account, oldest first.
    async fn posts(&self, world: &World) -> Vec<Value> {
        let query = [
            ("repo", world.account.platform_user_id.as_str()),
            ("collection", "app.bsky.feed.post"),
            ("reverse", "true"),
            ("limit", "100"),
        ];
        let listed = self.read("com.atproto.repo.listRecords", &query).await;
        listed["records"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_session_is_begun_renewed_and_begun_anew() {
    let Some(pds) = start() else { return };
    let (full_token, handle, password) = pds.register("alice").await;

    let wrong = auth::connect(&client(), &pds.hosts(), &handle, "aaaa-bbbb-cccc-dddd").await.unwrap_err();
    assert_eq!((wrong.class, wrong.sent), (Class::TokenExpired, Sent::Answered));
    let main_password = auth::connect(&client(), &pds.hosts(), &handle, "hunter22").await.unwrap_err();
    assert_eq!(main_password.sent, Sent::No);

    let (identity, credentials) = pds.connect(&format!("@{handle}"), &password).await;
    assert_eq!(identity.username.as_deref(), Some("alice.test"));
    assert_eq!(identity.service_url.as_deref(), Some(pds.url.as_str()));
    assert!(credentials.access_expires_at < credentials.refresh_expires_at);
    let mut world = World::new(NOW, pds.hosts(), identity.clone(), credentials);
    assert_eq!(Bluesky.auth().identify(&world.cx()).await.unwrap(), identity);

    let renewed = Bluesky.auth().refresh(&world.cx()).await.unwrap();
    assert_ne!(renewed.refresh_token, world.credentials.refresh_token);
    assert_eq!(renewed.secret.as_deref(), Some(password.as_str()));
    world.credentials = renewed;
    assert_eq!(Bluesky.auth().identify(&world.cx()).await.unwrap(), identity);

    // The refresh token has ended; the app password begins a session by itself.
    world.credentials.refresh_token = Some("garbage".to_owned());
    world.credentials = Bluesky.auth().refresh(&world.cx()).await.unwrap();
    assert_eq!(Bluesky.auth().identify(&world.cx()).await.unwrap(), identity);

    // The owner deletes the app password: nothing but a person helps.
    let name = json!({"name": "fanfare"});
    pds.write("com.atproto.server.revokeAppPassword", Some(&full_token), &name).await;
    let ended = Bluesky.auth().refresh(&world.cx()).await.unwrap_err();
    assert_eq!(ended.class, Class::TokenExpired);

    world.credentials.access_token = "garbage".to_owned();
    let refused = world.publish(&post("never live")).await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::TokenExpired, Sent::Answered));
    assert_eq!(pds.posts(&world).await.len(), 0);
}

#[tokio::test]
async fn a_thread_with_an_image_and_facets_is_published_as_written() {
    let Some(pds) = start() else { return };
    pds.register("ola").await;
    let mut world = pds.world("bob").await;
    let mut to = post("Zażółć 👩🏽‍🚀 @ola.test @nobody.test #jaźń https://example.test/gęś");
    to.media = vec![world.image(PIXEL, Some("jeden piksel")), world.image(PIXEL, None)];
    to.thread = vec!["second".to_owned(), "third #end".to_owned()];
    to.settings.0.insert("langs".to_owned(), json!(["pl"]));
    let receipt: Receipt = world.publish(&to).await.unwrap();

    let posts = pds.posts(&world).await;
    assert_eq!(posts.len(), 3);
    let first = &posts[0];
    assert_eq!(first["uri"], receipt.platform_post_id.as_str());
    let rkey = receipt.platform_post_id.rsplit('/').next().unwrap();
    assert_eq!(receipt.platform_post_url, format!("https://bsky.app/profile/bob.test/post/{rkey}"));
    assert_eq!(receipt.warnings.len(), 1, "{:?}", receipt.warnings);

    let did = world.account.platform_user_id.as_str();
    let query = [("repo", did), ("collection", "app.bsky.feed.post"), ("rkey", rkey)];
    let value = pds.read("com.atproto.repo.getRecord", &query).await["value"].clone();
    assert_eq!((&value["text"], &value["langs"]), (&json!(to.text), &json!(["pl"])));
    let shown: Vec<&str> =
        value["facets"].as_array().unwrap().iter().map(|facet| shown(&to.text, facet)).collect();
    assert_eq!(shown, ["@ola.test", "#jaźń", "https://example.test/gęś"]);

    let image = &value["embed"]["images"][0];
    assert_eq!(
        (&image["alt"], &image["aspectRatio"]),
        (&json!("jeden piksel"), &json!({"width": 1, "height": 1}))
    );
    assert_eq!(value["embed"]["images"][1]["alt"], "");
    let cid = image["image"]["ref"]["$link"].as_str().unwrap();
    let url = format!("{}/xrpc/com.atproto.sync.getBlob", pds.url);
    let (status, bytes) =
        pds.call(Request::get(Url::parse_with_params(&url, [("did", did), ("cid", cid)]).unwrap())).await;
    assert_eq!((status, &bytes[..]), (200, PIXEL));

    for (index, part) in posts.iter().enumerate().skip(1) {
        let place = |post: &Value| json!({"uri": post["uri"], "cid": post["cid"]});
        assert_eq!(part["value"]["reply"]["root"], place(first));
        assert_eq!(part["value"]["reply"]["parent"], place(&posts[index - 1]));
    }
}

#[tokio::test]
async fn every_part_of_a_thread_has_the_card_of_its_first_link() {
    let Some(pds) = start() else { return };
    let world = pds.world("jana").await;
    let page = r#"<title>Rye</title><meta property="og:image" content="/bread.png">"#;
    let files = [("/rye", "text/html", page.as_bytes()), ("/bread.png", "image/png", PIXEL)];
    let site = pages(&files).await;
    let mut to = post(&format!("{site}/rye and {site}/other"));
    to.thread = vec![format!("gone: {site}/gone"), format!("again {site}/rye")];
    world.publish(&to).await.unwrap();
    let embeds: Vec<Value> =
        pds.posts(&world).await.iter().map(|post| post["value"]["embed"].clone()).collect();
    assert_eq!(embeds[0]["$type"], "app.bsky.embed.external");
    let card = &embeds[0]["external"];
    assert_eq!((&card["uri"], &card["title"]), (&json!(format!("{site}/rye")), &json!("Rye")));
    assert_eq!((&card["description"], &card["thumb"]["mimeType"]), (&json!(""), &json!("image/png")));
    assert_eq!(embeds[1], Value::Null);
    assert_eq!(embeds[2], embeds[0]);
}

#[tokio::test]
async fn a_video_is_published_without_the_video_service() {
    let Some(pds) = start() else { return };
    let mut world = pds.world("gina").await;
    let mut to = post("moving");
    // The beginning of every MP4 file; the server looks no further.
    let mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
    to.media = vec![MediaItem {
        kind: MediaKind::Video,
        content_type: "video/mp4".to_owned(),
        ..world.image(mp4, Some("a test"))
    }];
    world.publish(&to).await.unwrap();
    let embed = pds.posts(&world).await[0]["value"]["embed"].clone();
    assert_eq!((&embed["$type"], &embed["alt"]), (&json!("app.bsky.embed.video"), &json!("a test")));
    assert_eq!(embed["video"]["mimeType"], "video/mp4");
}

#[tokio::test]
async fn a_file_that_the_server_lost_is_uploaded_again_once() {
    let Some(pds) = start() else { return };
    let mut world = pds.world("hana").await;
    let mut to = post("picture");
    to.media = vec![world.image(PIXEL, None)];
    let at = world.until_commit(&to).await;
    let state: Value = serde_json::from_str(&at).unwrap();
    let cid = state["files"][0]["ref"]["$link"].as_str().unwrap();
    // Another file's name: nobody uploaded that one.
    let lost = at.replace(cid, "bafkreicfgnq73esxck5s6txus3p2gsapbv5b4ix4cxogtzzk5oainqjvzy");

    let twice = lost.replace(r#""uploaded_again":false"#, r#""uploaded_again":true"#);
    let failure = world.commit(&to, &twice).await.unwrap_err();
    assert_eq!((failure.class, failure.sent), (Class::MediaFailed, Sent::Answered));

    let DynNext::Go(again) = world.commit(&to, &lost).await.unwrap() else { panic!("no second upload") };
    world.publish_from(&to, &again).await.unwrap();
    assert_eq!(pds.posts(&world).await.len(), 1);
}

#[tokio::test]
async fn an_account_that_bluesky_took_down_is_told_from_an_ended_session() {
    let Some(pds) = start() else { return };
    let world = pds.world("ivan").await;
    let basic = STANDARD.encode(format!("admin:{}", pds.admin_password));
    let body = json!({
        "subject": {"$type": "com.atproto.admin.defs#repoRef", "did": world.account.platform_user_id},
        "takedown": {"applied": true, "ref": "1"},
    });
    let url = format!("{}/xrpc/com.atproto.admin.updateSubjectStatus", pds.url);
    let request = Request::post(Url::parse(&url).unwrap()).json(&body);
    let (status, _) = pds.call(request.header("authorization", &format!("Basic {basic}"))).await;
    assert_eq!(status, 200);
    let failure = world.publish(&post("never live")).await.unwrap_err();
    assert_eq!((failure.class, failure.sent), (Class::AccountRestricted, Sent::Answered));
}

fn shown<'a>(text: &'a str, facet: &Value) -> &'a str {
    let at = |name: &str| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
    &text[at("byteStart")..at("byteEnd")]
}

#[tokio::test]
async fn writing_a_post_twice_is_writing_it_once() {
    let Some(pds) = start() else { return };
    let world = pds.world("carol").await;
    let to = post("once #only");
    let at = world.until_commit(&to).await;
    assert_eq!(world.reconcile(&to, &at).await.unwrap(), Verdict::Absent(at.clone()));

    let first = world.commit(&to, &at).await.unwrap();
    assert!(matches!(first, DynNext::Published(_)), "{first:?}");
    assert_eq!(world.commit(&to, &at).await.unwrap(), first);
    assert_eq!(world.reconcile(&to, &at).await.unwrap(), Verdict::Found(first.clone()));
    assert_eq!(pds.posts(&world).await.len(), 1);

    // The owner changes the record: a repeat must neither undo that nor make a second post.
    let DynNext::Published(receipt) = &first else { unreachable!() };
    let mut record = pds.posts(&world).await[0]["value"].clone();
    record["text"] = json!("changed by hand");
    let put = json!({
        "repo": world.account.platform_user_id,
        "collection": "app.bsky.feed.post",
        "rkey": receipt.platform_post_id.rsplit('/').next().unwrap(),
        "record": record,
    });
    pds.write("com.atproto.repo.putRecord", Some(&world.credentials.access_token), &put).await;
    let refused = world.commit(&to, &at).await.unwrap_err();
    assert!(refused.leaves_commit_open(), "{refused:?}");
    assert!(matches!(world.reconcile(&to, &at).await.unwrap(), Verdict::Found(_)));
    let posts = pds.posts(&world).await;
    assert_eq!((posts.len(), &posts[0]["value"]["text"]), (1, &json!("changed by hand")));
}

#[tokio::test]
async fn another_post_under_the_same_key_costs_a_new_key_and_nothing_else() {
    let Some(pds) = start() else { return };
    let world = pds.world("dave").await;
    let to = post("mine");
    let at = world.until_commit(&to).await;
    let state: Value = serde_json::from_str(&at).unwrap();
    let record = json!({
        "$type": "app.bsky.feed.post", "text": "another program's", "createdAt": "2020-01-01T00:00:00.000Z",
    });
    let put = json!({
        "repo": world.account.platform_user_id,
        "collection": "app.bsky.feed.post",
        "rkey": state["parts"][0]["rkey"],
        "record": record,
    });
    pds.write("com.atproto.repo.putRecord", Some(&world.credentials.access_token), &put).await;

    assert!(world.commit(&to, &at).await.unwrap_err().leaves_commit_open());
    let Verdict::Absent(rekeyed) = world.reconcile(&to, &at).await.unwrap() else { panic!("not absent") };
    world.commit(&to, &rekeyed).await.unwrap();
    let posts = pds.posts(&world).await;
    let mut texts: Vec<_> = posts.iter().map(|post| post["value"]["text"].as_str().unwrap()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["another program's", "mine"]);
}

#[tokio::test]
async fn what_the_server_refuses_is_said_in_words_and_leaves_no_post() {
    let Some(pds) = start() else { return };
    let mut world = pds.world("erin").await;
    let long = world.publish(&post(&"x".repeat(301))).await.unwrap_err();
    assert_eq!((&long.class, long.sent), (&Class::ContentRejected, Sent::Answered), "{long:?}");
    assert_eq!(long.public, "Bluesky refused the post: grapheme too big (maximum 300, got 301).");

    let mut to = post("a text as image");
    to.media = vec![world.image(b"no image at all", None)];
    to.media[0].content_type = "text/plain".to_owned();
    let refused = world.publish(&to).await.unwrap_err();
    assert_eq!(refused.sent, Sent::Answered, "{refused:?}");
    assert_eq!(pds.posts(&world).await.len(), 0);
}

#[tokio::test]
async fn no_lost_answer_and_no_crash_makes_a_second_post() {
    let Some(pds) = start() else { return };
    let mut world = pds.world("frank").await;
    let mut to = post("sweep @frank.test");
    to.media = vec![world.image(PIXEL, None)];
    to.thread = vec!["part two".to_owned(), "part three".to_owned()];

    let counter = Once::never();
    world.watch(counter.clone());
    world.publish(&to).await.unwrap();
    let requests = counter.seen();
    assert_eq!(requests, 5, "a mention, an image and three parts");

    let mut published = 1;
    for strike in 0..requests {
        for fate in FATES {
            world.watch(Once::at(strike, fate));
            world.publish_whatever_happens(&to).await;
            published += 1;
            let posts = pds.posts(&world).await;
            assert_eq!(posts.len(), published * 3, "request {strike}: {fate:?}");
        }
    }
}
