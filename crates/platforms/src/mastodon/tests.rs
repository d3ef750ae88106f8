//! What needs no server: answers and their meaning, statuses that are recognised, stored states.

use connector::Publication;
use domain::{Class, DestinationId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use serde_json::json;
use uuid::Uuid;

use super::errors::{classify, classify_commit, classify_media, names_media};
use super::fields::new_status;
use super::instance::{Limits, check};
use super::reconcile::is_it;
use super::state::State;
use super::wire::{Instance, Status};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn error(status: u16, text: &str) -> Answer {
    answer(status, &json!({ "error": text }).to_string())
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, text, class) in [
        (401, "The access token is invalid", Class::TokenExpired),
        (401, "The access token was revoked", Class::TokenExpired),
        (401, "Das Zugriffstoken wurde widerrufen", Class::TokenExpired),
        (403, "This action is outside the authorized scopes", Class::PermissionMissing),
        (403, "Your login is currently disabled", Class::AccountRestricted),
        (403, "Your login is missing a confirmed e-mail address", Class::AccountRestricted),
        (404, "Record not found", Class::ContentRejected),
        (422, "Validation failed: Text character limit of 500 exceeded", Class::ContentRejected),
        (
            422,
            "Cannot attach files that have not finished processing. Try again in a moment!",
            Class::Transient,
        ),
    ] {
        let failure = classify_commit(&error(status, text), false, false, NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{text}");
    }
}

#[test]
fn everything_else_a_status_is_answered_with_is_looked_up() {
    for (status, body) in [
        (500, r#"{"error":"x"}"#),
        (502, "<html>"),
        (503, ""),
        (403, "<html>"),
        (404, ""),
        (400, "{}"),
        (418, "x"),
    ] {
        let failure = classify_commit(&answer(status, body), false, true, NOW);
        assert!(failure.leaves_commit_open(), "{status} {body}");
    }
    let attached = error(422, "Media 12 not found or already attached to another post");
    assert!(names_media(&attached));
    assert!(classify_commit(&attached, true, true, NOW).leaves_commit_open());
    assert!(!classify_commit(&attached, false, true, NOW).leaves_commit_open());
    let deleted = classify_commit(&error(404, "Record not found"), true, true, NOW);
    assert_eq!(deleted.class, Class::ContentRejected);
    assert!(deleted.public.contains("deleted"), "{}", deleted.public);
}

#[test]
fn a_limit_ends_at_the_date_in_the_header() {
    let mut limited = error(429, "Too many requests");
    assert_eq!(classify(&limited, NOW).retry_at(), Some(NOW + Span::from_minutes(5)));
    limited.headers.insert("x-ratelimit-reset", "2027-01-15T08:01:00.000000Z".parse().unwrap());
    assert_eq!(classify(&limited, NOW).retry_at(), Some(NOW + Span::from_seconds(60)));
}

#[test]
fn what_is_wrong_with_an_upload_is_wrong_with_the_file() {
    for (status, text) in [
        (422, "Validation failed: File content type is invalid, File is invalid"),
        (500, "Error processing thumbnail for uploaded media"),
    ] {
        assert_eq!(classify_media(&error(status, text), NOW).class, Class::MediaFailed, "{text}");
    }
    assert_eq!(classify_media(&answer(413, "<html>"), NOW).class, Class::MediaFailed);
    assert_eq!(classify_media(&error(401, "x"), NOW).class, Class::TokenExpired);
    assert_eq!(classify_media(&error(503, "x"), NOW).class, Class::Transient);
}

fn publication(text: &str, thread: &[&str], settings: &serde_json::Value) -> Publication {
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: thread.iter().map(|part| (*part).to_owned()).collect(),
        media: Vec::new(),
        content_type: None,
        settings: Settings(settings.as_object().cloned().unwrap_or_default()),
        scheduled_for: NOW,
    }
}

fn after_parts(posted: &[&str]) -> State {
    State { posted: posted.iter().map(|id| (*id).to_owned()).collect(), ..State::default() }
}

fn limits(instance: serde_json::Value) -> Limits {
    Limits::told_by(&serde_json::from_value::<Instance>(instance).unwrap())
}

#[test]
fn a_server_that_says_little_has_the_usual_limits() {
    let usual = limits(json!({}));
    assert_eq!((usual.characters, usual.files, usual.remembers_keys), (500, 4, false));
    assert_eq!(limits(json!({"max_toot_chars": 5_000})).characters, 5_000);
    let told =
        json!({"api_versions": {"mastodon": 7}, "configuration": {"statuses": {"max_characters": 300}}});
    assert_eq!((limits(told.clone()).characters, limits(told).remembers_keys), (300, true));
}

#[test]
fn the_servers_own_limits_are_checked_before_anything_is_sent() {
    let limits = limits(json!({"configuration": {"statuses": {"max_characters": 10}}}));
    let passes = |text: &str, thread: &[&str], settings: serde_json::Value| {
        check(&publication(text, thread, &settings), &limits).is_ok()
    };
    assert!(passes("0123456789", &["0123456789"], json!({})));
    assert!(!passes("01234567890", &[], json!({})));
    assert!(!passes("0", &["01234567890"], json!({})));
    assert!(!passes("0123456789", &[], json!({"spoilerText": "x"})));
    for (poll, is_right) in [
        (json!({"options": ["a", "b"]}), true),
        (json!({"options": ["a"]}), false),
        (json!({"options": ["a", "b", "c", "d", "e"]}), false),
        (json!({"options": ["a", "a"]}), false),
        (json!({"options": ["a", " "]}), false),
        (json!({"options": ["a", "x".repeat(51)]}), false),
        (json!({"options": ["a", "b"], "expiresIn": 299}), false),
        (json!({"options": "a, b"}), false),
        (json!("yes"), false),
    ] {
        assert_eq!(passes("0", &[], json!({ "poll": poll })), is_right, "{poll}");
    }
}

#[test]
fn settings_become_fields_of_the_parts_that_they_belong_to() {
    let settings = json!({
        "spoilerText": "bread", "visibility": "public", "language": "de", "sensitive": true,
        "quotePolicy": "nobody", "poll": {"options": ["a", "b"], "multiple": true},
    });
    let to = publication("one", &["two"], &settings);
    let first = serde_json::to_value(new_status(&to, &State::default()).unwrap()).unwrap();
    let poll = json!({"options": ["a", "b"], "expires_in": 86_400, "multiple": true, "hide_totals": false});
    let expect = json!({
        "status": "one", "poll": poll, "visibility": "public", "sensitive": true, "spoiler_text": "bread",
        "language": "de", "quote_approval_policy": "nobody",
    });
    assert_eq!(first, expect);
    let second = serde_json::to_value(new_status(&to, &after_parts(&["5"])).unwrap()).unwrap();
    let expect = json!({
        "status": "two", "visibility": "unlisted", "spoiler_text": "bread", "language": "de",
        "in_reply_to_id": "5",
    });
    assert_eq!(second, expect);
    let private = publication("one", &["two"], &json!({"visibility": "private", "language": "German"}));
    let second = serde_json::to_value(new_status(&private, &after_parts(&["5"])).unwrap()).unwrap();
    assert_eq!(second, json!({"status": "two", "visibility": "private", "in_reply_to_id": "5"}));
}

#[test]
fn a_status_is_known_by_its_text_warning_files_and_parent() {
    let status = |json: serde_json::Value| serde_json::from_value::<Status>(json).unwrap();
    let to = publication("Rye  #bread", &["two"], &json!({}));
    let at = State::default();
    let first = json!({"id": "5", "content": "<p>Rye #<span>bread</span></p>", "in_reply_to_id": null});
    assert!(is_it(&status(first.clone()), &to, &at, false));
    for (name, other) in [
        ("content", json!("<p>Rye</p>")),
        ("spoiler_text", json!("x")),
        ("in_reply_to_id", json!("4")),
        ("media_attachments", json!([{"id": "7"}])),
    ] {
        let mut changed = first.clone();
        changed[name] = other;
        assert!(!is_it(&status(changed), &to, &at, false), "{name}");
    }
    let reply = json!({"id": "6", "content": "<p>two</p>", "in_reply_to_id": "5"});
    assert!(is_it(&status(reply.clone()), &to, &after_parts(&["5"]), false));
    assert!(!is_it(&status(reply), &to, &after_parts(&["4"]), false));
}

#[test]
fn a_key_is_the_same_on_every_try_and_another_for_each_part() {
    let to = publication("one", &["two"], &json!({}));
    assert_eq!(State::default().key(&to), State { uploaded_again: true, ..State::default() }.key(&to));
    assert_ne!(State::default().key(&to), after_parts(&["5"]).key(&to));
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"server"}}"#,
        r#"{"stage":{"at":"upload"},"limits":{"characters":500,"files":4,"description":1500,"image_bytes":1,"video_bytes":1,"poll_options":4,"poll_characters":50,"poll_seconds":[300,2629746]},"media":["1"]}"#,
        r#"{"stage":{"at":"processing","media_id":"1","since":1800000000000000},"uploaded_again":true}"#,
        r#"{"stage":{"at":"ready"},"posted":["1"],"url":"https://a.example/@a/1"}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
