//! What needs no server: answers and their meaning, what messages a post becomes, stored states.

use connector::{MediaItem, MediaKind, Publication};
use domain::{Class, DestinationId, MediaId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use uuid::Uuid;

use super::api::without_token;
use super::auth::chat_of;
use super::errors::{classify, classify_commit, moved_to};
use super::message::{Piece, check, pieces};
use super::publish::State;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn refusal(status: u16, description: &str) -> Answer {
    answer(status, &format!(r#"{{"ok":false,"error_code":{status},"description":"{description}"}}"#))
}

fn file(kind: MediaKind, content_type: &str) -> MediaItem {
    MediaItem {
        id: MediaId(Uuid::nil()),
        kind,
        content_type: content_type.to_owned(),
        filename: "file".to_owned(),
        size_bytes: 1_000,
        width: Some(640),
        height: Some(480),
        seconds: None,
        alt_text: None,
    }
}

fn post(text: &str, media: Vec<MediaItem>) -> Publication {
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: Vec::new(),
        media,
        content_type: None,
        settings: Settings::default(),
        scheduled_for: NOW,
    }
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, description, class) in [
        (401, "Unauthorized", Class::TokenExpired),
        (401, "Unauthorized: invalid token specified", Class::TokenExpired),
        (404, "Not Found", Class::TokenExpired),
        (404, "Not Found: method not found", Class::PermissionMissing),
        (403, "Forbidden: bot was kicked from the channel chat", Class::TokenExpired),
        (403, "Forbidden: bot is not a member of the channel chat", Class::TokenExpired),
        (403, "Forbidden: not enough rights to send text messages to the chat", Class::PermissionMissing),
        (400, "Bad Request: need administrator rights in the channel chat", Class::PermissionMissing),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", Class::PermissionMissing),
        (400, "Bad Request: have no rights to send a message", Class::PermissionMissing),
        (400, "Bad Request: chat not found", Class::PermissionMissing),
        (400, "Bad Request: TOPIC_CLOSED", Class::PermissionMissing),
        (400, "Bad Request: message thread not found", Class::ContentRejected),
        (400, "Bad Request: message is too long", Class::ContentRejected),
        (400, "Bad Request: message caption is too long", Class::ContentRejected),
        (400, "Bad Request: MEDIA_CAPTION_TOO_LONG", Class::ContentRejected),
        (400, "Bad Request: can't parse entities: Unclosed start tag", Class::ContentRejected),
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", Class::MediaFailed),
        (400, "Bad Request: IMAGE_PROCESS_FAILED", Class::MediaFailed),
        (400, "Bad Request: file is too big", Class::MediaFailed),
        (413, "Request Entity Too Large", Class::MediaFailed),
        (400, "Bad Request: FROZEN_METHOD_INVALID", Class::AccountRestricted),
        (400, "Bad Request: PEER_FLOOD", Class::AccountRestricted),
        (409, "Conflict: terminated by other getUpdates request", Class::Transient),
    ] {
        let failure = classify_commit(&refusal(status, description), NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{description}");
    }
}

#[test]
fn what_is_not_the_bot_apis_own_answer_proves_nothing() {
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    for other in [
        answer(400, page),
        answer(403, page),
        answer(404, page),
        answer(502, page),
        refusal(500, "Internal Server Error: restart"),
        answer(400, r#"{"ok":false,"error_code":500,"description":"Bad Request: other"}"#),
        refusal(400, "something else"),
        refusal(421, "Misdirected Request"),
    ] {
        let failure = classify_commit(&other, NOW);
        assert!(failure.leaves_commit_open(), "{failure:?}");
    }
    assert_eq!(classify(&answer(502, page), NOW).class, Class::Transient);
}

#[test]
fn a_flood_ends_a_second_after_the_time_that_is_named() {
    let mut flood = answer(
        429,
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#,
    );
    let until = |answer: &Answer| classify_commit(answer, NOW).class;
    assert_eq!(until(&flood), Class::RateLimited { until: Some(NOW + Span::from_seconds(8)) });
    flood.body = "too many".into();
    assert_eq!(until(&flood), Class::RateLimited { until: Some(NOW + Span::from_seconds(30)) });
    flood.headers.insert("retry-after", "12".parse().unwrap());
    assert_eq!(until(&flood), Class::RateLimited { until: Some(NOW + Span::from_seconds(13)) });
}

#[test]
fn a_chat_that_moved_names_its_new_id() {
    let body = r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}"#;
    assert_eq!(moved_to(&answer(400, body)), Some(-1_001_234_567_890));
    assert_eq!(moved_to(&refusal(400, "Bad Request: chat not found")), None);
}

#[test]
fn no_answer_carries_the_token_into_the_log() {
    let token = "7001234567:AAsecretsecretsecretsecretsecret";
    let page = format!("<p>/bot{token}/sendMessage was not found</p>");
    let cleaned = without_token(answer(404, &page), token);
    let failure = classify_commit(&cleaned, NOW);
    assert!(!format!("{failure:?}").contains("AAsecret"), "{failure:?}");
}

#[test]
fn a_text_that_fits_is_the_caption_and_a_longer_one_goes_before_the_media() {
    let photo = || vec![file(MediaKind::Image, "image/png")];
    let fits = post(&"😀".repeat(512), photo());
    assert_eq!(pieces(&fits), [Piece::Files(&fits.media, &fits.text)]);
    let longer = post(&"a".repeat(1_025), photo());
    assert_eq!(pieces(&longer), [Piece::Text(&longer.text), Piece::Files(&longer.media, "")]);
    let text = post("a", vec![]);
    assert_eq!(pieces(&text), [Piece::Text("a")]);
}

#[test]
fn what_cannot_go_out_as_a_whole_is_refused_before_anything_does() {
    let photo = || file(MediaKind::Image, "image/png");
    let large = |size_bytes, item: MediaItem| MediaItem { size_bytes, ..item };
    let shaped = |width, height| MediaItem { width: Some(width), height: Some(height), ..photo() };
    let video = || file(MediaKind::Video, "video/mp4");
    let pdf = || file(MediaKind::Document, "application/pdf");
    let gif = || file(MediaKind::Image, "image/gif");
    for good in [
        vec![photo(), video()],
        vec![gif()],
        vec![pdf(), pdf()],
        vec![large(10_000_000, photo())],
        vec![large(50_000_000, gif())],
        vec![shaped(9_000, 1_000)],
        vec![MediaItem { width: None, ..shaped(1, 9_000) }],
    ] {
        check(&post("", good)).unwrap();
    }
    for (media, class) in [
        (vec![gif(), photo()], Class::ContentRejected),
        (vec![pdf(), photo()], Class::ContentRejected),
        (vec![photo(); 11], Class::ContentRejected),
        (vec![], Class::ContentRejected),
        (vec![large(10_000_001, photo())], Class::MediaFailed),
        (vec![large(50_000_001, video())], Class::MediaFailed),
        (vec![shaped(9_000, 1_001)], Class::MediaFailed),
        (vec![shaped(2_100, 100)], Class::MediaFailed),
    ] {
        assert_eq!(check(&post(" ", media)).unwrap_err().class, class);
    }
    assert!(check(&post(&"a".repeat(4_097), vec![])).is_err());
    let mut marked = post(&"a".repeat(4_097), vec![]);
    marked.settings.0.insert("parse_mode".to_owned(), "HTML".into());
    check(&marked).unwrap();
}

#[test]
fn a_chat_is_named_in_every_usual_way() {
    for (entered, chat) in [
        ("@orchard", "@orchard"),
        (" orchard_news ", "@orchard_news"),
        ("https://t.me/orchard", "@orchard"),
        ("http://telegram.me/orchard/12", "@orchard"),
        ("t.me/s/orchard?before=4", "@orchard"),
        ("https://t.me/c/1234567890/12", "-1001234567890"),
        ("-1001234567890", "-1001234567890"),
        ("-4012", "-4012"),
    ] {
        assert_eq!(chat_of(entered).unwrap(), chat, "{entered}");
    }
    for entered in
        ["", "@", "abc", "https://t.me/+AbCdEf", "t.me/joinchat/AbC", "https://example.org/x", "a b c d"]
    {
        assert_eq!(chat_of(entered).unwrap_err().class, Class::ContentRejected, "{entered}");
    }
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"version":"1"}"#,
        r#"{"version":"1","posted":[[41],[42,43]],"moved_to":-1001234567890,"pinned":true,"misses":1,"warnings":["x"]}"#,
    ] {
        let State::V1(_) = serde_json::from_str(text).unwrap();
    }
}
