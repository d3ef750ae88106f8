//! What needs no server: answers and their meaning, matching, stored states.

use connector::Failure;
use domain::{Class, Timestamp};
use net::{Answer, Sent};

use super::errors::{classify_commit, classify_token};
use super::publish::State;
use super::reconcile::is_it;
use super::wire::TimelinePost;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut map = http::HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, value.parse().unwrap());
    }
    Answer { status, headers: map, body: body.to_owned().into() }
}

fn commit(status: u16, body: &str) -> Failure {
    classify_commit(&answer(status, body, &[]), false, NOW)
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, body, class) in [
        (
            403,
            r#"{"detail":"You are not allowed to create a Tweet with duplicate content."}"#,
            Class::Duplicate { existing: None },
        ),
        (403, r#"{"detail":"You are not permitted to perform this action."}"#, Class::ContentRejected),
        (401, r#"{"title":"Unauthorized","status":401}"#, Class::TokenExpired),
        (
            400,
            r#"{"type":"https://api.twitter.com/2/problems/invalid-request","errors":[{"message":"No."}]}"#,
            Class::ContentRejected,
        ),
        (403, r#"{"type":"https://api.x.com/2/problems/client-forbidden"}"#, Class::PermissionMissing),
        (403, r#"{"errors":[{"code":326,"message":"locked"}]}"#, Class::AccountRestricted),
    ] {
        let failure = commit(status, body);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{body}");
    }
}

#[test]
fn everything_else_is_looked_up() {
    for (status, body) in [
        (403, r#"{"title":"Forbidden","status":403,"detail":"Forbidden"}"#),
        (400, "<html>"),
        (404, ""),
        (500, "{}"),
        (503, "<html>Service Unavailable</html>"),
        (409, "{}"),
    ] {
        assert!(commit(status, body).leaves_commit_open(), "{status} {body}");
    }
}

#[test]
fn a_duplicate_after_an_unknown_outcome_is_looked_up() {
    let body = r#"{"detail":"You are not allowed to create a Tweet with duplicate content."}"#;
    assert!(classify_commit(&answer(403, body, &[]), true, NOW).leaves_commit_open());
}

#[test]
fn a_rate_limit_ends_when_the_window_that_is_used_up_is_renewed() {
    let headers = [
        ("x-rate-limit-remaining", "5"),
        ("x-rate-limit-reset", "1800000100"),
        ("x-user-limit-24hour-remaining", "0"),
        ("x-user-limit-24hour-reset", "1800009000"),
    ];
    let failure = classify_commit(&answer(429, "{}", &headers), false, NOW);
    assert_eq!(failure.class, Class::RateLimited { until: Some(Timestamp::from_seconds(1_800_009_000)) });
}

#[test]
fn missing_credits_are_a_quota() {
    let failure =
        commit(402, r#"{"title":"CreditsDepleted","type":"https://api.twitter.com/2/problems/credits"}"#);
    assert!(matches!(failure.class, Class::QuotaExhausted { .. }));
}

#[test]
fn only_what_is_said_of_the_token_is_a_revocation() {
    let revoked =
        r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#;
    assert_eq!(classify_token(&answer(400, revoked, &[])).class, Class::TokenExpired);
    assert_eq!(classify_token(&answer(503, "<html>", &[])).class, Class::Transient);
    let client =
        r#"{"error":"unauthorized_client","error_description":"Missing valid authorization header"}"#;
    assert_eq!(classify_token(&answer(401, client, &[])).class, Class::PermissionMissing);
}

fn after_parts(posted: &[&str]) -> State {
    State { posted: posted.iter().map(|id| (*id).to_owned()).collect(), ..State::default() }
}

fn post(json: &str) -> TimelinePost {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_post_is_found_behind_wrapped_links_and_entities() {
    let wrapped = post(
        r#"{"id":"5","text":"Rye &amp; spelt https://t.co/a and https://t.co/b https://t.co/m",
            "entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.org/menu/"},
            {"url":"https://t.co/b","expanded_url":"http://example.com"},
            {"url":"https://t.co/m","expanded_url":"https://x.com/a/status/5/photo/1"}]}}"#,
    );
    let text = "Rye & spelt https://example.org/menu/ and example.com";
    assert!(is_it(&wrapped, text, &State::default()));
    assert!(!is_it(&wrapped, "Rye & spelt", &State::default()));
}

#[test]
fn a_part_of_a_thread_is_found_only_below_its_parent() {
    let reply = post(r#"{"id":"6","text":"two","referenced_tweets":[{"type":"replied_to","id":"5"}]}"#);
    assert!(is_it(&reply, "two", &after_parts(&["5"])));
    assert!(!is_it(&reply, "two", &State::default()));
    assert!(!is_it(&reply, "two", &after_parts(&["4"])));
    assert!(!is_it(&reply, "two", &after_parts(&["5", "6"])));
}

#[test]
fn spelling_that_the_platform_changes_does_not_hide_a_post() {
    let wrapped = post(
        r#"{"id":"5","text":"See https://t.co/a, or https://t.co/b",
            "entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.org/"},
            {"url":"https://t.co/b","expanded_url":"https://x.com/b/status/4/photo/1"}]}}"#,
    );
    let text = "See https://Example.org, or https://x.com/b/status/4/photo/1 \n";
    assert!(is_it(&wrapped, text, &State::default()));
    let composed = post(r#"{"id":"5","text":"za\u017c\u00f3\u0142\u0107"}"#);
    assert!(is_it(&composed, "zaz\u{307}o\u{301}łc\u{301}", &State::default()));
}

#[test]
fn a_post_without_text_is_known_by_its_media() {
    let pictures = post(
        r#"{"id":"5","text":"https://t.co/m","attachments":{"media_keys":["3_71","3_72"]},
            "entities":{"urls":[{"url":"https://t.co/m","expanded_url":"https://x.com/a/status/5/photo/1"}]}}"#,
    );
    let with = |media: &[&str]| State {
        media: media.iter().map(|id| (*id).to_owned()).collect(),
        ..State::default()
    };
    assert!(is_it(&pictures, "", &with(&["71", "72"])));
    assert!(!is_it(&pictures, "", &with(&["71", "73"])));
    assert!(!is_it(&pictures, "", &with(&["71"])));
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"upload","media_id":"7","segment":2},"media":["1"],"posted":[]}"#,
        r#"{"stage":{"at":"ready"},"posted":["9"]}"#,
        r#"{"stage":{"at":"comment"}}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
