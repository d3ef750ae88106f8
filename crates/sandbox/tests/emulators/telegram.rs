//! The emulated Telegram, as its clients meet it.

use crate::rig::{Rig, film, folder, read};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60 * 1_000;

/// A chat with a bot in it.
struct Bot {
    token: String,
    chat: String,
}

async fn bot(rig: &Rig, extra: Value) -> Bot {
    let mut wanted = json!({"platform": "telegram", "username": "orchard", "token": true});
    wanted.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let account = rig.account(wanted).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Bot { token: text(&account["credentials"]["access_token"]), chat: text(&account["platform_user_id"]) }
}

fn path(bot: &Bot, method: &str) -> String {
    format!("api.telegram.org/bot{}/{method}", bot.token)
}

async fn call(rig: &Rig, bot: &Bot, method: &str, body: Value) -> (u16, Value) {
    let mut body = body;
    if body.get("chat_id").is_none() {
        body["chat_id"] = json!(bot.chat);
    }
    read(rig.post(&path(bot, method)).json(&body).send().await.unwrap()).await
}

async fn good(rig: &Rig, bot: &Bot, method: &str, body: Value) -> Value {
    let (status, answer) = call(rig, bot, method, body).await;
    assert_eq!((status, &answer["ok"]), (200, &json!(true)), "{answer}");
    answer["result"].clone()
}

/// A refusal's status and words; its own code is the status.
async fn refused(rig: &Rig, bot: &Bot, method: &str, body: Value) -> (u16, String) {
    let (status, answer) = call(rig, bot, method, body).await;
    assert_eq!(
        (&answer["ok"], answer["error_code"].as_u64()),
        (&json!(false), Some(status.into())),
        "{answer}"
    );
    (status, answer["description"].as_str().unwrap().to_owned())
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png
}

fn part(bytes: Vec<u8>, name: &str) -> Part {
    Part::bytes(bytes).file_name(name.to_owned())
}

async fn upload(rig: &Rig, bot: &Bot, method: &str, form: Form) -> (u16, Value) {
    let form = form.text("chat_id", bot.chat.clone());
    read(rig.post(&path(bot, method)).multipart(form).send().await.unwrap()).await
}

#[tokio::test]
async fn a_message_is_sent_in_every_way_that_a_call_may_travel() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({"display_name": "Orchard"})).await;
    let sent = good(&rig, &bot, "sendMessage", json!({"chat_id": "@Orchard", "text": "Rye #bread"})).await;
    assert_eq!(sent["sender_chat"]["title"], "Orchard");
    assert_eq!(sent["entities"], json!([{"type": "hashtag", "offset": 4, "length": 6}]));
    let form = [("chat_id", bot.chat.as_str()), ("text", "form"), ("disable_notification", "true")];
    let (status, _) = read(rig.post(&path(&bot, "SENDMESSAGE")).form(&form).send().await.unwrap()).await;
    assert_eq!(status, 200);
    let (status, answer) = read(rig.get(&path(&bot, "sendMessage")).query(&form).send().await.unwrap()).await;
    assert_eq!((status, answer["result"]["message_id"].as_i64()), (200, Some(4)));
    let (status, _) = upload(&rig, &bot, "sendMessage", Form::new().text("text", "multipart")).await;
    assert_eq!(status, 200);
    let posts = rig.published("?platform=telegram&account=orchard").await;
    let texts: Vec<&str> = posts.iter().map(|post| post["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Rye #bread", "form", "form", "multipart"]);
    assert_eq!(posts[1]["extra"]["silent"], true);
    let page = rig.client.get(posts[0]["url"].as_str().unwrap()).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Rye #bread"));
}

#[tokio::test]
async fn a_token_is_looked_at_first_and_never_logged() {
    let rig = Rig::start().await;
    let known = bot(&rig, json!({})).await;
    let me = good(&rig, &known, "getMe", json!({})).await;
    assert_eq!((&me["is_bot"], me["id"].as_i64()), (&json!(true), Some(7_001_234_567)));
    let with = |token: &str| Bot { token: token.to_owned(), chat: known.chat.clone() };
    let stranger = with(&format!("7001234567:AA{}", "z".repeat(33)));
    assert_eq!(refused(&rig, &stranger, "getMe", json!({})).await.0, 401);
    let malformed = with("7001234567:short-secret");
    assert_eq!(refused(&rig, &malformed, "getMe", json!({})).await, (404, "Not Found".to_owned()));
    let unknown = refused(&rig, &known, "sendPigeon", json!({})).await;
    assert_eq!(unknown, (404, "Not Found: method not found".to_owned()));
    let text = rig.get("_sandbox/requests?platform=telegram").send().await.unwrap().text().await.unwrap();
    assert!(text.contains("/bot***/getMe"), "{text}");
    for secret in [&known.token, "zzzz", "short-secret"] {
        assert!(!text.contains(secret), "{text}");
    }
    rig.fault(json!({"platform": "telegram", "kind": "token_revoked"})).await;
    assert_eq!(refused(&rig, &known, "sendMessage", json!({"text": "a"})).await.0, 401);
    assert_eq!(refused(&rig, &known, "getMe", json!({})).await.0, 401);
}

#[tokio::test]
async fn chats_tell_who_may_post() {
    let rig = Rig::start().await;
    let bot_in = bot(&rig, json!({})).await;
    let chat = good(&rig, &bot_in, "getChat", json!({})).await;
    assert_eq!((&chat["type"], &chat["username"]), (&json!("channel"), &json!("orchard")));
    assert!(chat["accent_color_id"].is_u64() && chat["accepted_gift_types"].is_object());
    let member = good(&rig, &bot_in, "getChatMember", json!({"user_id": 7_001_234_567_i64})).await;
    assert_eq!((&member["status"], &member["can_post_messages"]), (&json!("administrator"), &json!(true)));
    assert_eq!(good(&rig, &bot_in, "getChatMemberCount", json!({})).await, json!(2));
    let words = async |extra: Value| {
        bot(&rig, extra).await;
        refused(&rig, &bot_in, "sendMessage", json!({"text": "a"})).await
    };
    let rights = "Bad Request: need administrator rights in the channel chat";
    assert_eq!(words(json!({"can_post_messages": false})).await, (400, rights.to_owned()));
    assert_eq!(words(json!({"bot_status": "member"})).await, (400, rights.to_owned()));
    let kicked = "Forbidden: bot was kicked from the channel chat";
    assert_eq!(words(json!({"bot_status": "kicked"})).await, (403, kicked.to_owned()));
    let left = "Forbidden: bot is not a member of the channel chat";
    assert_eq!(words(json!({"bot_status": "left"})).await, (403, left.to_owned()));
    let nowhere = refused(&rig, &bot_in, "sendMessage", json!({"chat_id": "-1009", "text": "a"})).await;
    assert_eq!(nowhere, (400, "Bad Request: chat not found".to_owned()));

    let group = bot(&rig, json!({"type": "group", "username": "friends"})).await;
    let moved = bot(&rig, json!({"type": "group", "username": "friends", "upgrade": true})).await;
    let (status, answer) = call(&rig, &group, "sendMessage", json!({"text": "a"})).await;
    let to = answer["parameters"]["migrate_to_chat_id"].as_i64().unwrap();
    assert_eq!((status, to.to_string()), (400, moved.chat.clone()));
    assert_eq!(good(&rig, &moved, "sendMessage", json!({"text": "a"})).await["from"]["is_bot"], true);
}

#[tokio::test]
async fn texts_are_counted_without_their_markup() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({"enforce_limits": false})).await;
    let bold = format!("<b>{}</b>", "😀".repeat(2_048));
    let sent = good(&rig, &bot, "sendMessage", json!({"text": bold, "parse_mode": "HTML"})).await;
    assert_eq!(sent["entities"], json!([{"type": "bold", "offset": 0, "length": 4_096}]));
    for (body, words) in [
        (json!({"text": "a".repeat(4_097)}), "message is too long"),
        (json!({"text": " \n"}), "message text is empty"),
        (json!({}), "message text is empty"),
        (
            json!({"text": "1.", "parse_mode": "MarkdownV2"}),
            "can't parse entities: Character '.' is reserved",
        ),
        (json!({"text": "<b>", "parse_mode": "HTML"}), "can't parse entities: Can't find end tag"),
        (json!({"text": "a", "parse_mode": "BB"}), "unsupported parse_mode"),
        (json!({"text": "a", "message_thread_id": 9}), "message thread not found"),
        (json!({"text": "a", "reply_parameters": {"message_id": 9}}), "message to be replied not found"),
    ] {
        let (status, said) = refused(&rig, &bot, "sendMessage", body).await;
        assert_eq!(status, 400);
        assert!(said.starts_with(&format!("Bad Request: {words}")), "{said}");
    }
    let reply = json!({"message_id": sent["message_id"]});
    let answer = good(&rig, &bot, "sendMessage", json!({"text": "a", "reply_parameters": reply})).await;
    assert_eq!(answer["reply_to_message"]["message_id"], sent["message_id"]);
}

#[tokio::test]
async fn files_are_uploaded_named_again_and_downloaded() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({})).await;
    let form = Form::new().part("photo", part(picture(1_280, 640), "loaf.png")).text("caption", "*A* loaf");
    let (status, answer) =
        upload(&rig, &bot, "sendPhoto", form.text("parse_mode", "MarkdownV2").text("has_spoiler", "1")).await;
    assert_eq!(status, 200, "{answer}");
    let sent = &answer["result"];
    assert_eq!((&sent["caption"], &sent["has_media_spoiler"]), (&json!("A loaf"), &json!(true)));
    let sizes = sent["photo"].as_array().unwrap();
    let widths: Vec<_> = sizes.iter().map(|size| size["width"].as_u64().unwrap()).collect();
    assert_eq!(widths, [320, 1_280]);
    let id = &sizes[1]["file_id"];
    let again = good(&rig, &bot, "sendPhoto", json!({"photo": id})).await;
    assert_eq!(&again["photo"][1]["file_id"], id);
    let wrong = refused(&rig, &bot, "sendVideo", json!({"video": id})).await;
    assert_eq!(wrong, (400, "Bad Request: can't use file of type Photo as Video".to_owned()));
    let file = good(&rig, &bot, "getFile", json!({"file_id": id})).await;
    let place = format!("api.telegram.org/file/bot{}/{}", bot.token, file["file_path"].as_str().unwrap());
    let bytes = rig.get(&place).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes.as_ref(), picture(1_280, 640));
    let film_form = Form::new().part("video", part(film(2_000), "loaf.mp4")).text("duration", "12");
    let (_, answer) =
        upload(&rig, &bot, "sendVideo", film_form.text("width", "1080").text("height", "1920")).await;
    let video = &answer["result"]["video"];
    assert_eq!((video["width"].as_u64(), video["duration"].as_u64()), (Some(1_080), Some(12)));
    let (_, answer) = upload(
        &rig,
        &bot,
        "sendAnimation",
        Form::new().part("animation", part(b"GIF89a\x01\0\x01\0".to_vec(), "a.gif")),
    )
    .await;
    assert!(answer["result"]["animation"].is_object() && answer["result"]["document"].is_object());
    let (_, answer) = upload(
        &rig,
        &bot,
        "sendDocument",
        Form::new().part("document", part(b"%PDF-1.7".to_vec(), "menu.pdf")),
    )
    .await;
    assert_eq!(answer["result"]["document"]["file_name"], "menu.pdf");
    let posts = rig.published("?platform=telegram").await;
    assert_eq!(posts[0]["media"][0]["bytes"], picture(1_280, 640).len());
}

#[tokio::test]
async fn files_that_break_a_rule_are_refused() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({})).await;
    let huge = |size: usize| {
        let mut bytes = picture(640, 480);
        bytes.resize(size, 0);
        bytes
    };
    for (bytes, words) in [
        (vec![], "file must be non-empty"),
        (b"%PDF-1.7".to_vec(), "IMAGE_PROCESS_FAILED"),
        (picture(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS"),
        (picture(2_100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (huge((10 << 20) + 1), "file is too big"),
    ] {
        let (status, answer) =
            upload(&rig, &bot, "sendPhoto", Form::new().part("photo", part(bytes, "a.png"))).await;
        assert_eq!((status, answer["description"].as_str()), (400, Some(&*format!("Bad Request: {words}"))));
    }
    let large = Form::new().part("document", part(huge((50 << 20) + 1), "a.bin"));
    assert_eq!(upload(&rig, &bot, "sendDocument", large).await.0, 413);
    let long = Form::new().part("photo", part(picture(9, 9), "a.png")).text("caption", "a".repeat(1_025));
    let (_, answer) = upload(&rig, &bot, "sendPhoto", long).await;
    assert_eq!(answer["description"], "Bad Request: message caption is too long");
    for photo in ["attach://none", "AgAC-nobody-knows"] {
        let (_, said) = refused(&rig, &bot, "sendPhoto", json!({"photo": photo})).await;
        assert_eq!(said, "Bad Request: wrong file identifier/HTTP URL specified");
    }
    let nowhere = json!({"photo": format!("http://{}/nothing.png", rig.address)});
    assert!(refused(&rig, &bot, "sendPhoto", nowhere).await.1.contains("failed to get HTTP URL content"));
    rig.fault(json!({"platform": "telegram", "kind": "processing_failed"})).await;
    let form = Form::new().part("photo", part(picture(9, 9), "a.png"));
    assert_eq!(
        upload(&rig, &bot, "sendPhoto", form).await.1["description"],
        "Bad Request: IMAGE_PROCESS_FAILED"
    );
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn an_album_is_one_post_of_messages_that_follow_each_other() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({})).await;
    let media = json!([
        {"type": "photo", "media": "attach://f0", "caption": "<i>Two</i>", "parse_mode": "HTML"},
        {"type": "video", "media": "attach://f1", "duration": 3, "supports_streaming": true},
    ]);
    let files = || {
        let form = Form::new().part("f0", part(picture(640, 480), "a.png"));
        form.part("f1", part(film(2_000), "b.mp4"))
    };
    let (status, answer) =
        upload(&rig, &bot, "sendMediaGroup", files().text("media", media.to_string())).await;
    assert_eq!(status, 200, "{answer}");
    let sent = answer["result"].as_array().unwrap();
    assert_eq!(sent[0]["media_group_id"], sent[1]["media_group_id"]);
    assert_eq!((&sent[0]["message_id"], &sent[1]["message_id"]), (&json!(2), &json!(3)));
    let posts = rig.published("").await;
    assert_eq!((posts.len(), posts[0]["media"].as_array().unwrap().len()), (1, 2));
    assert_eq!((&posts[0]["id"], &posts[0]["text"]), (&json!("2"), &json!("Two")));
    let of = |kinds: &[&str]| {
        let entry = |kind: &&str| json!({"type": kind, "media": "attach://f0"});
        Value::Array(kinds.iter().map(entry).collect())
    };
    for (kinds, words) in [
        (&["photo"][..], "expected 2-10 media in the album"),
        (&["photo"; 11], "expected 2-10 media in the album"),
        (&["photo", "document"], "can't use the media of the specified type in the album"),
        (&["animation", "animation"], "can't use the media of the specified type in the album"),
    ] {
        let form = files().text("media", of(kinds).to_string());
        let (_, answer) = upload(&rig, &bot, "sendMediaGroup", form).await;
        assert_eq!(answer["description"], format!("Bad Request: {words}"));
    }
    good(&rig, &bot, "deleteMessage", json!({"message_id": 2})).await;
    assert_eq!(rig.published("").await[0]["media"].as_array().unwrap().len(), 1);
    good(&rig, &bot, "deleteMessages", json!({"message_ids": [2, 3, 99]})).await;
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn a_chat_takes_twenty_messages_a_minute_and_an_album_counts_for_its_files() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({})).await;
    for number in 0..19 {
        good(&rig, &bot, "sendMessage", json!({"text": format!("{number}")})).await;
        rig.advance(1_000).await;
    }
    let two = json!([{"type": "photo", "media": "attach://f"}, {"type": "photo", "media": "attach://f"}]);
    let form = || Form::new().part("f", part(picture(9, 9), "a.png")).text("media", two.to_string());
    let (status, answer) = upload(&rig, &bot, "sendMediaGroup", form()).await;
    assert_eq!((status, answer["parameters"]["retry_after"].as_u64()), (429, Some(41)), "{answer}");
    good(&rig, &bot, "sendMessage", json!({"text": "the twentieth"})).await;
    let sent = rig.post(&path(&bot, "sendMessage")).json(&json!({"chat_id": bot.chat, "text": "no"}));
    let answer = sent.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "41"));
    rig.advance(41_000).await;
    good(&rig, &bot, "sendMessage", json!({"text": "again"})).await;
    rig.advance(MINUTE_MS).await;
    assert_eq!(upload(&rig, &bot, "sendMediaGroup", form()).await.0, 200);
}

#[tokio::test]
async fn messages_are_edited_pinned_and_deleted_and_survive_a_restart() {
    let folder = folder("telegram-restart");
    let rig = Rig::start_on(Some(&folder)).await;
    let bot = bot(&rig, json!({})).await;
    let sent = good(&rig, &bot, "sendMessage", json!({"text": "one"})).await;
    let id = &sent["message_id"];
    let rig = rig.restart(&folder).await;
    let edited = good(&rig, &bot, "editMessageText", json!({"message_id": id, "text": "two"})).await;
    assert!(edited["edit_date"].is_i64());
    let same = refused(&rig, &bot, "editMessageText", json!({"message_id": id, "text": "two"})).await;
    assert!(same.1.starts_with("Bad Request: message is not modified"), "{}", same.1);
    good(&rig, &bot, "pinChatMessage", json!({"message_id": id})).await;
    good(&rig, &bot, "pinChatMessage", json!({"message_id": id})).await;
    assert_eq!(good(&rig, &bot, "getChat", json!({})).await["pinned_message"]["text"], "two");
    let posts = rig.published("").await;
    assert_eq!((&posts[0]["text"], &posts[0]["extra"]["pinned"]), (&json!("two"), &json!(true)));
    good(&rig, &bot, "deleteMessage", json!({"message_id": id})).await;
    let gone = refused(&rig, &bot, "deleteMessage", json!({"message_id": id})).await;
    assert_eq!(gone, (400, "Bad Request: message to delete not found".to_owned()));
    assert!(rig.published("").await.is_empty());
}

#[tokio::test]
async fn faults_look_like_telegrams_own() {
    let rig = Rig::start().await;
    let bot = bot(&rig, json!({})).await;
    let send = async || call(&rig, &bot, "sendMessage", json!({"text": "a"})).await;
    rig.fault(json!({"platform": "telegram", "kind": "rate_limit", "retry_after": 9})).await;
    let (status, answer) = send().await;
    assert_eq!((status, answer["parameters"]["retry_after"].as_u64()), (429, Some(9)));
    rig.fault(json!({"platform": "telegram", "kind": "error", "status": 502})).await;
    let (status, answer) = send().await;
    assert_eq!(status, 502);
    assert!(answer.as_str().unwrap().contains("<center>nginx</center>"), "{answer}");
    rig.fault(json!({"platform": "telegram", "kind": "error", "status": 500})).await;
    assert_eq!(send().await.1["error_code"], 500);
    rig.fault(json!({"platform": "telegram", "kind": "refused_but_live"})).await;
    assert_eq!(send().await.0, 500);
    assert_eq!(rig.published("").await.len(), 1);
}
