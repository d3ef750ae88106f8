//! The members of every answer that the contract describes: there, and of its type. `members.txt` is
//! the table; with `--nocapture` the test prints it with what was found.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};
use testkit::CreateAccount;

use crate::media::{PIXEL, send};
use crate::media_import::Files;
use crate::support::{DAY, Server, in_future};

/// The table, by the name of its blocks.
fn table() -> BTreeMap<&'static str, Vec<(&'static str, &'static str)>> {
    let mut table: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let mut block = "";
    for line in include_str!("members.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line.strip_prefix("= ") {
            assert!(table.insert(name, Vec::new()).is_none(), "{name} twice");
            block = name;
        } else {
            table.get_mut(block).unwrap().push(line.split_once(' ').unwrap_or(("", line)));
        }
    }
    table
}

/// What of `members` is not in `value` as it should be.
struct Check<'a> {
    table: &'a BTreeMap<&'static str, Vec<(&'static str, &'static str)>>,
    checked: usize,
    wrong: Vec<String>,
}

impl Check<'_> {
    fn block(&mut self, name: &str, at: &str, value: &Value) {
        for (path, kind) in self.table.get(name).unwrap_or_else(|| panic!("no block {name}")).clone() {
            self.member(path, kind, at, value);
        }
    }

    fn member(&mut self, path: &str, kind: &str, at: &str, value: &Value) {
        if path.is_empty() {
            return match kind.strip_prefix('@') {
                Some(block) => self.block(block, at, value),
                None => self.kind(kind, at, value),
            };
        }
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let (name, of_each) = name.strip_suffix("[]").map_or((name, false), |name| (name, true));
        let here = format!("{at}.{name}");
        match value.get(name) {
            None => self.wrong.push(format!("{here} is missing")),
            Some(found) if of_each => match found.as_array().map(Vec::as_slice) {
                None | Some([]) => self.wrong.push(format!("{here} has no items")),
                Some(items) => items.iter().for_each(|item| self.member(rest, kind, &here, item)),
            },
            Some(found) => self.member(rest, kind, &here, found),
        }
    }

    fn kind(&mut self, kind: &str, at: &str, value: &Value) {
        self.checked += 1;
        let (kind, may_be_null) = kind.strip_suffix('?').map_or((kind, false), |kind| (kind, true));
        let is_time = |text: &str| {
            text.len() == 24 && domain::Timestamp::parse(text).is_ok_and(|at| at.to_iso_millis() == text)
        };
        let is_right = match kind {
            "int" => value.is_i64() || value.is_u64(),
            "num" => value.is_number(),
            "str" => value.is_string(),
            "bool" => value.is_boolean(),
            "obj" => value.is_object(),
            "list" => value.is_array(),
            "time" => value.as_str().is_some_and(is_time),
            other => panic!("{at}: no type {other}"),
        };
        if !(is_right || may_be_null && value.is_null()) {
            self.wrong.push(format!("{at} is {value} and not {kind}"));
        }
    }
}

/// The answers by the operation's name in the table.
#[derive(Default)]
struct Seen(Vec<(String, Value)>);

impl Seen {
    async fn call(&mut self, server: &Server, name: &str, path: &str, body: Option<Value>) -> Value {
        let (method, _) = name.split_once(' ').unwrap();
        let answer = server.call(method.parse::<Method>().unwrap(), path, body).await;
        let data = answer.data().clone();
        self.0.push((name.to_owned(), data.clone()));
        data
    }
}

async fn accounts(server: &Server, seen: &mut Seen) {
    let [account, _] = server.accounts;
    seen.call(server, "GET /accounts", "/accounts", None).await;
    seen.call(server, "GET /accounts/{account_id}", &format!("/accounts/{account}"), None).await;
    let broken = format!("/accounts/{}/health", server.accounts[1]);
    seen.call(server, "GET /accounts/{account_id}/health", &broken, None).await;
    let x = json!({ "platform": "x" });
    seen.call(server, "POST /accounts/connect-link", "/accounts/connect-link", Some(x.clone())).await;
    let again = format!("/accounts/{account}/reconnect");
    seen.call(server, "POST /accounts/{account_id}/reconnect", &again, None).await;
    let start = "/auth/social-connect/start";
    let begun = seen.call(server, &format!("POST {start}"), start, Some(x)).await;
    let poll = format!("/auth/social-connect/poll/{}", begun["session_id"].as_str().unwrap());
    seen.call(server, "GET /auth/social-connect/poll/{session_id}", &poll, None).await;

    let wanted = CreateAccount {
        token: true,
        username: Some("northlight".to_owned()),
        display_name: Some("Northlight".to_owned()),
        ..CreateAccount::default()
    };
    let made = |platform: &str| server.sandbox.create_account(platform, &wanted).unwrap();
    let (sky, chat, channel) = (made("bluesky"), made("telegram"), made("discord"));
    let password = sky.credentials.unwrap().app_password;
    let token = chat.credentials.unwrap().access_token;
    let bluesky = json!({ "platform": "bluesky", "handle": sky.username, "app_password": password });
    let telegram = json!({ "bot_token": token, "channel": chat.extra["channel"] });
    let discord = json!({ "webhook_url": channel.extra["webhook_url"] });
    let credential = "/accounts/connect-credential";
    let named = format!("POST {credential}");
    seen.call(server, &named, credential, Some(bluesky.clone())).await;
    for (platform, body) in [("bluesky", bluesky), ("telegram", telegram), ("discord", discord)] {
        let path = format!("/auth/social-connect/{platform}");
        seen.call(server, &format!("POST {path}"), &path, Some(body)).await;
    }
    let begun =
        seen.call(server, "POST /auth/device", "/auth/device", Some(json!({ "client_name": "CLI" }))).await;
    let code = json!({ "device_code": begun["device_code"] });
    seen.call(server, "POST /auth/device/token", "/auth/device/token", Some(code)).await;
}

async fn library(server: &Server, seen: &mut Seen) -> String {
    let order = json!({ "prompt": "A loaf on a harbour wall" });
    seen.call(server, "POST /ai/generate-image", "/ai/generate-image", Some(order)).await;
    let order = json!({ "topic": "Autumn menu" });
    seen.call(server, "POST /ai/generate-caption", "/ai/generate-caption", Some(order)).await;
    let file = json!({ "filename": "a.png", "content_type": "image/png", "size": PIXEL.len() });
    let begun = seen.call(server, "POST /media/upload", "/media/upload", Some(file)).await;
    let id = begun["media_id"].as_str().unwrap().to_owned();
    let place = begun["upload_url"].as_str().unwrap().trim_start_matches("https://social.example.org");
    send(server, place, "image/png", PIXEL).await.data();
    let path = format!("/media/{id}");
    seen.call(server, "POST /media/{media_id}/complete", &format!("{path}/complete"), None).await;
    seen.call(server, "GET /media", "/media", None).await;
    seen.call(server, "GET /media/{media_id}", &path, None).await;
    let files = Files::start().await;
    let from = json!({ "url": format!("{}/caf%C3%A9.png", files.url) });
    let import = "/media/upload-from-url";
    let imported = seen.call(server, &format!("POST {import}"), import, Some(from)).await;
    let imported = imported["media_id"].as_str().unwrap().to_owned();
    seen.call(server, "DELETE /media/{media_id}", &format!("/media/{imported}"), None).await;
    id
}

async fn posts(server: &Server, seen: &mut Seen, media: &str) {
    let campaign =
        seen.call(server, "POST /campaigns", "/campaigns", Some(json!({ "name": "Autumn" }))).await;
    let campaign = campaign["id"].as_i64().unwrap();
    let full = json!({
        "content": "Autumn menu is live.",
        "account_ids": [server.accounts[0]],
        "scheduled_for": in_future(DAY),
        "timezone": "Europe/Berlin",
        "campaign_id": campaign,
        "media_ids": [media],
    });
    let id = seen.call(server, "POST /posts", "/posts", Some(full.clone())).await["id"].clone();
    let path = format!("/posts/{}", id.as_str().unwrap());
    seen.call(server, "GET /posts", "/posts", None).await;
    seen.call(server, "GET /posts/{post_id}", &path, None).await;
    let change = json!({ "content": "Autumn menu is here." });
    seen.call(server, "PATCH /posts/{post_id}", &path, Some(change)).await;
    seen.call(server, "GET /posts/{post_id}/results", &format!("{path}/results"), None).await;
    seen.call(server, "DELETE /posts/{post_id}", &path, None).await;
    let draft = json!({ "content": "Later", "account_ids": [server.accounts[0]], "draft": true });
    let draft = format!("/posts/{}/schedule", server.make_post(draft).await);
    let when = json!({ "scheduled_for": in_future(DAY) });
    seen.call(server, "POST /posts/{post_id}/schedule", &draft, Some(when)).await;
    let both = json!({ "posts": [full] });
    seen.call(server, "POST /posts/bulk", "/posts/bulk", Some(both)).await;

    let two = json!({ "content": "To one alive and one dead", "account_ids": server.accounts });
    let failed = server.make_post(two).await;
    server.tick().await;
    let retry = format!("/posts/{failed}/retry");
    seen.call(server, "POST /posts/{post_id}/retry", &retry, None).await;
    server.tick().await;
    let filter = json!({ "post_ids": [failed] });
    seen.call(server, "POST /posts/retry-failed", "/posts/retry-failed", Some(filter)).await;
    seen.call(server, "GET /analytics/summary", "/analytics/summary", None).await;

    let one = format!("/campaigns/{campaign}");
    seen.call(server, "GET /campaigns", "/campaigns", None).await;
    seen.call(server, "GET /campaigns/{campaign_id}", &one, None).await;
    let change = json!({ "status": "archived" });
    seen.call(server, "PATCH /campaigns/{campaign_id}", &one, Some(change)).await;
    seen.call(server, "DELETE /campaigns/{campaign_id}", &one, None).await;
}

async fn rest(server: &Server, seen: &mut Seen) {
    let slots =
        json!({ "name": "Mornings", "timezone": "Europe/Berlin", "slots": [{ "day": 5, "time": "09:30" }] });
    server.patch("/queue", slots).await.data();
    seen.call(server, "GET /queue", "/queue", None).await;
    seen.call(server, "GET /best-times", "/best-times?platform=x", None).await;
    seen.call(server, "GET /me", "/me", None).await;
    seen.call(server, "GET /platform-rules", "/platform-rules", None).await;
    let hook = json!({ "url": "https://hooks.example.org/pe", "events": ["post.published"] });
    let made = seen.call(server, "POST /webhooks", "/webhooks", Some(hook)).await;
    let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
    seen.call(server, "GET /webhooks", "/webhooks", None).await;
    seen.call(server, "GET /webhooks/{webhook_id}", &path, None).await;
    let change = json!({ "name": "Ops" });
    seen.call(server, "PATCH /webhooks/{webhook_id}", &path, Some(change)).await;
    seen.call(server, "POST /webhooks/{webhook_id}/test", &format!("{path}/test"), None).await;
    seen.call(server, "DELETE /webhooks/{webhook_id}", &path, None).await;
}

#[tokio::test]
async fn every_answer_has_the_members_of_the_contract() {
    let server = Server::with_private_networks().await;
    let mut seen = Seen::default();
    accounts(&server, &mut seen).await;
    let media = library(&server, &mut seen).await;
    posts(&server, &mut seen, &media).await;
    rest(&server, &mut seen).await;

    let table = table();
    let mut check = Check { table: &table, checked: 0, wrong: Vec::new() };
    for (name, data) in &seen.0 {
        let (before, wrong) = (check.checked, check.wrong.len());
        check.block(name, name, data);
        let found = if check.wrong.len() == wrong { "ok" } else { "WRONG" };
        println!("{name:55} {:3} members  {found}", check.checked - before);
    }
    assert!(check.wrong.is_empty(), "{:#?}", check.wrong);
    let operations = table.keys().filter(|name| name.contains(" /"));
    for name in operations {
        assert!(seen.0.iter().any(|(asked, _)| asked == name), "{name} was not asked");
    }
}
