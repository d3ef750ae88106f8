//! What needs no server: addresses of webhooks, answers and their meaning, messages, stored states.

use connector::{MediaItem, MediaKind, Publication};
use domain::{Class, DestinationId, MediaId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use serde_json::json;
use uuid::Uuid;

use super::api::without_token;
use super::auth::parts_of;
use super::errors::{classify, classify_commit, said};
use super::message::{check, message};
use super::publish::State;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ID: &str = "1234567890123456789";

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn refusal(status: u16, code: i64) -> Answer {
    answer(status, &format!(r#"{{"message":"No","code":{code}}}"#))
}

fn post(text: &str) -> Publication {
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: Vec::new(),
        media: Vec::new(),
        content_type: None,
        settings: Settings::default(),
        scheduled_for: NOW,
    }
}

fn file(size_bytes: u64, alt_text: Option<&str>) -> MediaItem {
    MediaItem {
        id: MediaId(Uuid::nil()),
        kind: MediaKind::Image,
        content_type: "image/png".to_owned(),
        filename: "loaf".to_owned(),
        size_bytes,
        width: None,
        height: None,
        seconds: None,
        alt_text: alt_text.map(str::to_owned),
    }
}

#[test]
fn only_addresses_of_webhooks_are_taken_and_only_their_parts() {
    let token = "aB3_-".repeat(14);
    for address in [
        format!("https://discord.com/api/webhooks/{ID}/{token}"),
        format!(" https://discordapp.com/api/v10/webhooks/{ID}/{token}/\n"),
        format!("https://ptb.discord.com/api/webhooks/{ID}/{token}?wait=true"),
        format!("https://CANARY.discord.com/api/v6/webhooks/{ID}/{token}"),
    ] {
        assert_eq!(parts_of(&address).unwrap(), (ID.to_owned(), token.clone()), "{address}");
    }
    for address in [
        String::new(),
        format!("http://discord.com/api/webhooks/{ID}/{token}"),
        format!("https://discord.com.example.org/api/webhooks/{ID}/{token}"),
        format!("https://example.org/api/webhooks/{ID}/{token}"),
        format!("https://discord.com:8443/api/webhooks/{ID}/{token}"),
        format!("https://discord.com@example.org/api/webhooks/{ID}/{token}"),
        format!("https://user@discord.com/api/webhooks/{ID}/{token}"),
        format!("https://127.0.0.1/api/webhooks/{ID}/{token}"),
        format!("https://discord.com/api/webhooks/{ID}/{token}/slack"),
        format!("https://discord.com/api/webhooks/{ID}/{token}/github"),
        format!("https://discord.com/api/webhooks/{ID}/short"),
        format!("https://discord.com/api/webhooks/12/{token}"),
        format!("https://discord.com/api/vx/webhooks/{ID}/{token}"),
        format!("https://discord.com/api/webhooks/../{ID}/{token}"),
        format!("https://discord.com/api/webhooks/{ID}/{}", token.replace('_', "%2F")),
    ] {
        let refused = parts_of(&address).unwrap_err();
        assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No), "{address}");
    }
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, code, class) in [
        (404, 10_015, Class::TokenExpired),
        (401, 50_027, Class::TokenExpired),
        (404, 10_003, Class::ContentRejected),
        (403, 50_001, Class::PermissionMissing),
        (403, 50_013, Class::PermissionMissing),
        (400, 50_083, Class::PermissionMissing),
        (403, 160_005, Class::PermissionMissing),
        (400, 50_035, Class::ContentRejected),
        (400, 50_006, Class::ContentRejected),
        (413, 40_005, Class::MediaFailed),
        (400, 50_045, Class::MediaFailed),
        (400, 50_110, Class::MediaFailed),
        (400, 220_001, Class::ContentRejected),
        (400, 40_067, Class::ContentRejected),
        (400, 200_000, Class::ContentRejected),
        (400, 240_000, Class::ContentRejected),
        (403, 400_001, Class::AccountRestricted),
        (403, 40_333, Class::PermissionMissing),
    ] {
        let failure = classify_commit(&refusal(status, code), NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{code}");
    }
}

#[test]
fn what_is_not_discords_own_answer_proves_nothing() {
    for other in [
        answer(403, "<html>Attention Required! | Cloudflare</html>"),
        refusal(400, 0),
        refusal(401, 0),
        refusal(404, 0),
        refusal(503, 130_000),
        answer(502, "<html>bad gateway</html>"),
        answer(500, ""),
    ] {
        let failure = classify_commit(&other, NOW);
        assert!(failure.leaves_commit_open(), "{failure:?}");
    }
    assert_eq!(classify(&refusal(401, 0), NOW).class, Class::TokenExpired);
    assert_eq!(classify(&answer(502, ""), NOW).class, Class::Transient);
}

#[test]
fn a_limit_ends_when_the_answer_says() {
    let until = |answer: &Answer| match classify_commit(answer, NOW).class {
        Class::RateLimited { until } => until.unwrap().since(NOW),
        other => panic!("{other:?}"),
    };
    let body = r#"{"message":"You are being rate limited.","retry_after":0.5701,"global":false}"#;
    assert_eq!(until(&answer(429, body)), Span::from_millis(571));
    let mut blocked = answer(429, "<html>error 1015</html>");
    assert_eq!(until(&blocked), Span::from_minutes(10));
    blocked.headers.insert("retry-after", "3600".parse().unwrap());
    assert_eq!(until(&blocked), Span::from_hours(1));
    let mut unnamed = answer(429, "?");
    unnamed.headers.insert("x-ratelimit-bucket", "abcd".parse().unwrap());
    assert_eq!(until(&unnamed), Span::from_seconds(10));
    assert_eq!(until(&refusal(400, 40_062)), Span::from_seconds(10));
}

#[test]
fn a_tree_of_problems_is_told_in_lines() {
    let body = json!({"message": "Invalid Form Body", "code": 50_035, "errors": {
        "content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}]},
        "embeds": {"0": {"title": {"_errors": [{"code": "X", "message": "Must be 256 or fewer in length."}]}}},
    }});
    let told = "content: Must be 2000 or fewer in length; embeds.0.title: Must be 256 or fewer in length";
    assert_eq!(said(&answer(400, &body.to_string())), told);
    assert_eq!(said(&refusal(400, 50_006)), "No");
    assert_eq!(said(&answer(400, "?")), "status 400");
}

#[test]
fn no_answer_carries_the_token_into_the_log() {
    let body = r#"{"id":"1","token":"aWxrsecret","url":"https://discord.com/api/webhooks/1/aWxrsecret"}"#;
    let cleaned = without_token(answer(200, body), "aWxrsecret");
    assert!(!String::from_utf8_lossy(&cleaned.body).contains("aWxrsecret"));
}

#[test]
fn nobody_is_rung_unless_it_is_asked_for() {
    let mut to = post("@everyone hello");
    let sent = |to: &Publication| serde_json::to_value(message(to)).unwrap();
    assert_eq!(sent(&to), json!({"content": "@everyone hello", "allowed_mentions": {"parse": []}}));
    to.settings.0.extend([
        ("allowed_mentions".to_owned(), json!({"parse": ["everyone"]})),
        ("username".to_owned(), json!("Orchard")),
        ("suppress_embeds".to_owned(), json!(true)),
        ("suppress_notifications".to_owned(), json!(true)),
        ("spoiler".to_owned(), json!(true)),
        ("thread_name".to_owned(), json!("News")),
        ("embeds".to_owned(), json!([{"title": "Rye"}])),
    ]);
    to.media = vec![file(9, Some(&"é".repeat(1_030)))];
    let message = sent(&to);
    assert_eq!(message["allowed_mentions"], json!({"parse": ["everyone"]}));
    assert_eq!(message["flags"], 4_100);
    assert_eq!(message["attachments"][0]["filename"], "SPOILER_loaf.png");
    assert_eq!(message["attachments"][0]["description"], "é".repeat(1_024));
    assert_eq!((&message["username"], &message["thread_name"]), (&json!("Orchard"), &json!("News")));
    assert_eq!(message["embeds"][0]["title"], "Rye");
}

#[test]
fn what_discord_never_takes_is_refused_before_anything_is_sent() {
    let with = |text: &str, media: Vec<MediaItem>| check(&Publication { media, ..post(text) });
    with(&"a".repeat(2_000), vec![]).unwrap();
    with("", vec![file(100 << 20, None); 10]).unwrap();
    assert_eq!(with(" ", vec![]).unwrap_err().class, Class::ContentRejected);
    assert_eq!(with(&"a".repeat(2_001), vec![]).unwrap_err().class, Class::ContentRejected);
    assert_eq!(with("", vec![file(1, None); 11]).unwrap_err().class, Class::ContentRejected);
    assert_eq!(with("", vec![file((100 << 20) + 1, None)]).unwrap_err().class, Class::MediaFailed);
    let mut card = post("");
    card.settings.0.insert("embeds".to_owned(), json!([{"title": "Rye"}]));
    check(&card).unwrap();
}

#[test]
fn stored_states_stay_readable() {
    for text in
        [r#"{"version":"1"}"#, r#"{"version":"1","guild_id":"111","posted":{"id":"5","channel_id":"7"}}"#]
    {
        let State::V1(_) = serde_json::from_str(text).unwrap();
    }
}
