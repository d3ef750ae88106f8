//! What needs no server: little text, answers and their meaning, stored states.

use domain::{Class, Timestamp};
use net::{Answer, Sent};

use super::errors::{classify_commit, duplicate_of};
use super::publish::State;
use super::text::{escape, unescape};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

#[test]
fn every_reserved_character_is_escaped() {
    assert_eq!(
        escape("a (b) [c] {d} <e> |f| *g* _h_ ~i~ @j \\k"),
        "a \\(b\\) \\[c\\] \\{d\\} \\<e\\> \\|f\\| \\*g\\* \\_h\\_ \\~i\\~ \\@j \\\\k"
    );
}

#[test]
fn hashtags_become_templates_and_other_signs_do_not() {
    assert_eq!(
        escape("#bread and (#rye_flour) #1 a#b ##"),
        "{hashtag|\\#|bread} and \\({hashtag|\\#|rye\\_flour}\\) \\#1 a\\#b \\#\\#"
    );
}

proptest::proptest! {
    #[test]
    fn what_is_escaped_reads_as_it_was(text in "[a-z#_(){}|\\\\ żółw@~*<>]{0,60}") {
        proptest::prop_assert_eq!(unescape(&escape(&text)), text);
    }
}

#[test]
fn a_duplicate_names_the_first_one() {
    let body = r#"{"status":422,"message":"/content :: Content is a duplicate of urn:li:share:7000000000000000001",
        "errorDetails":{"inputErrors":[{"description":"Duplicate post is detected","code":"DUPLICATE_POST"}]}}"#;
    assert_eq!(duplicate_of(&answer(422, body)).as_deref(), Some("urn:li:share:7000000000000000001"));
    assert_eq!(duplicate_of(&answer(422, r#"{"message":"no"}"#)), None);
    assert_eq!(duplicate_of(&answer(500, body)), None);
}

#[test]
fn a_duplicate_without_a_name_is_proof_only_of_what_was_asked_once() {
    let body = r#"{"errorDetails":{"inputErrors":[{"code":"DUPLICATE_POST"}]}}"#;
    let first = classify_commit(&answer(422, body), false, NOW);
    assert_eq!(first.class, Class::Duplicate { existing: None });
    assert!(!first.leaves_commit_open());
    assert!(classify_commit(&answer(422, body), true, NOW).leaves_commit_open());
}

#[test]
fn recognised_refusals_are_proof_and_everything_else_is_looked_up() {
    for (status, body, class) in [
        (
            401,
            r#"{"status":401,"serviceErrorCode":65601,"code":"REVOKED_ACCESS_TOKEN"}"#,
            Class::TokenExpired,
        ),
        (
            403,
            r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions"}"#,
            Class::PermissionMissing,
        ),
        (
            422,
            r#"{"errorDetails":{"inputErrors":[{"code":"FIELD_LENGTH_TOO_LONG","description":"Too long"}]}}"#,
            Class::ContentRejected,
        ),
        (426, r#"{"code":"NONEXISTENT_VERSION"}"#, Class::PermissionMissing),
    ] {
        let failure = classify_commit(&answer(status, body), false, NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{body}");
    }
    for (status, body) in [(500, "{}"), (503, "<html>"), (400, "{}"), (403, "{}"), (409, "{}"), (404, "")] {
        assert!(classify_commit(&answer(status, body), false, NOW).leaves_commit_open(), "{status} {body}");
    }
}

#[test]
fn a_daily_limit_ends_at_midnight_utc() {
    let body = r#"{"serviceErrorCode":101,"message":"Resource level throttle APPLICATION DAY limit for calls to this resource is reached."}"#;
    let Class::RateLimited { until: Some(until) } = classify_commit(&answer(429, body), false, NOW).class
    else {
        panic!("a rate limit");
    };
    assert_eq!(until.as_seconds() % 86_400, 0);
    assert!(until > NOW);
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"card"}}"#,
        r#"{"stage":{"at":"put","image":"urn:li:image:1","upload_url":"https://x/"},"images":[]}"#,
        r#"{"stage":{"at":"parts","video":"urn:li:video:1","token":"","parts":[{"first":0,"last":9,"upload_url":"https://x/"}],"sent":["a"]}}"#,
        r#"{"stage":{"at":"processing","video":"urn:li:video:1","since":1800000000000000}}"#,
        r#"{"stage":{"at":"comment"},"posted":"urn:li:share:1","opened_again":true}"#,
        r#"{"stage":{"at":"ready"},"images":["urn:li:image:1"],"article":{"source":"s","title":"t","description":""}}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
