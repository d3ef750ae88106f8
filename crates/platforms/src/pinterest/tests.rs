//! What needs no server: answers and their meaning, pins that are recognised, stored states.

use connector::Publication;
use domain::{Class, DestinationId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use serde_json::{Value, json};
use uuid::Uuid;

use super::boards::{named, section};
use super::errors::{classify, classify_code, classify_commit, classify_token, names_media};
use super::pin::check;
use super::reconcile::is_it;
use super::state::State;
use super::wire::Pin;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn error(status: u16, code: i64, message: &str) -> Answer {
    answer(status, &json!({"code": code, "message": message}).to_string())
}

#[test]
fn recognised_refusals_are_proof() {
    let pattern = "Invalid request: {'board_id': 'x'} does not match '^\\d+$'";
    for (status, code, message, class) in [
        (401, 2, "Authentication failed.", Class::TokenExpired),
        (403, 29, "Apps with Trial access may not create Pins in production", Class::PermissionMissing),
        (403, 29, "You are not permitted to access that resource.", Class::PermissionMissing),
        (401, 3, "Authorization failed.", Class::PermissionMissing),
        (403, 3, "Your consumer type is not supported.", Class::PermissionMissing),
        (403, 30, "This account has been suspended.", Class::AccountRestricted),
        (404, 40, "Board not found.", Class::ContentRejected),
        (400, 1, pattern, Class::ContentRejected),
        (400, 235, "Sorry! We blocked this link because it may lead to spam.", Class::ContentRejected),
        (400, 236, "The format of the image is not supported", Class::MediaFailed),
        (400, 237, "Your image is too small. Please upload a larger image.", Class::MediaFailed),
        (400, 238, "Unable to reach the URL", Class::Transient),
    ] {
        let failure = classify_commit(&error(status, code, message), NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{message}");
        assert!(failure.public.ends_with('.'), "{}", failure.public);
    }
}

#[test]
fn everything_else_a_new_pin_is_answered_with_is_looked_up() {
    let sorry = r#"{"code":12,"message":"Something went wrong on our end. Sorry about that."}"#;
    for (status, body) in
        [(500, sorry), (400, sorry), (403, sorry), (502, "<html>"), (400, "<html>"), (404, ""), (400, "{}")]
    {
        assert!(classify_commit(&answer(status, body), NOW).leaves_commit_open(), "{status} {body}");
    }
}

#[test]
fn a_limit_ends_when_the_header_says_and_spam_is_no_limit() {
    let mut limited = error(429, 8, "You have exceeded your rate limit. Try again later.");
    assert_eq!(classify(&limited, NOW).retry_at(), Some(NOW + Span::from_seconds(60)));
    limited.headers.insert("x-ratelimit-reset", "37".parse().unwrap());
    assert_eq!(classify(&limited, NOW).retry_at(), Some(NOW + Span::from_seconds(37)));
    let spam = answer(429, r#"{"code":9,"message":"Blocked","message_detail":"This looks like spam"}"#);
    assert_eq!(classify(&spam, NOW).class, Class::AccountRestricted);
}

#[test]
fn a_film_that_is_gone_or_not_ready_is_known_from_a_cover_that_is_missing() {
    assert!(names_media(&error(400, 1, "Media 12 is not ready: registered")));
    assert!(names_media(&error(404, 50, "Media not found.")));
    let cover =
        "Invalid request: cover_image_url or cover_image_content_type is required in media_source, not found";
    assert!(!names_media(&error(400, 1, cover)));
}

#[test]
fn the_token_endpoint_answers_in_two_shapes() {
    let oauth = answer(400, r#"{"error":"invalid_grant","error_description":"x"}"#);
    for refused in
        [&error(400, 283, "Invalid refresh token"), &error(401, 2, "Authentication failed."), &oauth]
    {
        assert_eq!(classify_token(refused, NOW).class, Class::TokenExpired);
        let sign_in = classify_code(refused, NOW);
        assert!(sign_in.public.contains("new link"), "{}", sign_in.public);
    }
    let client = answer(401, r#"{"error":"invalid_client"}"#);
    assert_eq!(classify_token(&client, NOW).class, Class::PermissionMissing);
    for passing in [answer(503, ""), answer(400, "<html>"), answer(500, r#"{"code":1,"message":"x"}"#)] {
        assert_eq!(classify_token(&passing, NOW).class, Class::Transient);
    }
    assert!(matches!(classify_token(&answer(429, ""), NOW).class, Class::RateLimited { .. }));
}

fn publication(text: &str, settings: &Value) -> Publication {
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: Vec::new(),
        media: Vec::new(),
        content_type: None,
        settings: Settings(settings.as_object().cloned().unwrap_or_default()),
        scheduled_for: NOW,
    }
}

#[test]
fn boards_are_named_by_text_or_number() {
    for settings in [json!({"boardId": " 549 "}), json!({"board_id": "549"}), json!({"boardId": 549})] {
        assert_eq!(named(&publication("", &settings).settings).as_deref(), Some("549"), "{settings}");
    }
    for settings in [json!({}), json!({"boardId": ""}), json!({"boardId": null})] {
        assert_eq!(named(&publication("", &settings).settings), None, "{settings}");
    }
    assert_eq!(section(&publication("", &json!({"boardSectionId": "7"})).settings).as_deref(), Some("7"));
}

#[test]
fn a_pin_without_media_is_refused() {
    let refused = check(&publication("text alone", &json!({}))).unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
}

#[test]
fn a_pin_is_known_by_its_board_and_its_words() {
    let pin = |json: Value| serde_json::from_value::<Pin>(json).unwrap();
    let settings = json!({"title": "Rye", "link": "https://example.org/rye", "altText": "A loaf"});
    let to = publication(" When to  bake ", &settings);
    let right = json!({
        "id": "8", "created_at": "2027-01-15T08:00:05", "board_id": "549", "title": "Rye",
        "description": "When to bake", "link": "https://example.org/rye/", "alt_text": "A loaf",
    });
    let shown = pin(right.clone());
    assert_eq!(shown.created_at(), Some(NOW + Span::from_seconds(5)));
    assert!(is_it(&shown, &to, Some("549")) && is_it(&shown, &to, None));
    for (name, other) in [
        ("board_id", json!("550")),
        ("title", json!(null)),
        ("description", json!("When to eat")),
        ("link", json!("https://example.org/other")),
        ("alt_text", json!(null)),
    ] {
        let mut changed = right.clone();
        changed[name] = other;
        assert!(!is_it(&pin(changed), &to, Some("549")), "{name}");
    }
    assert_eq!(pin(json!({"id": "8", "created_at": "soon"})).created_at(), None);
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"board"}}"#,
        r#"{"stage":{"at":"upload"},"board_id":"549"}"#,
        r#"{"stage":{"at":"processing","media_id":"1","since":1800000000000000},"board_id":"549","uploaded_again":true}"#,
        r#"{"stage":{"at":"ready"},"board_id":"549","media_id":"1","warnings":["w"]}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
