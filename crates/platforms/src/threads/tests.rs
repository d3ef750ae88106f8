//! What needs no server: answers and their meaning, posts that are recognised, stored states.

use connector::Publication;
use domain::{Class, DestinationId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use uuid::Uuid;

use super::container::Standing;
use super::errors::{
    classify, classify_code, classify_commit, classify_container, classify_token, is_too_soon,
};
use super::lookup::is_it;
use super::state::State;
use super::wire::Post;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn error(code: i64, subcode: i64, message: &str) -> String {
    format!(
        r#"{{"error":{{"message":"{message}","type":"OAuthException","code":{code},"error_subcode":{subcode}}}}}"#
    )
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, body, class) in [
        (400, error(190, 463, "Error validating access token"), Class::TokenExpired),
        (401, error(190, 460, "Error validating access token"), Class::TokenExpired),
        (403, error(10, 0, "(#10) Application does not have permission"), Class::PermissionMissing),
        (400, error(200, 0, "Permissions error"), Class::PermissionMissing),
        (400, error(1, 4_279_013, "The user is restricted"), Class::AccountRestricted),
        (400, error(4, 2_207_051, "We restrict certain activity"), Class::AccountRestricted),
        (400, error(100, 0, "THREADS_API__LINK_LIMIT_EXCEEDED"), Class::ContentRejected),
        (400, error(100, 0, "Param text must be at most 500 characters long."), Class::ContentRejected),
        (400, error(9_004, 2_207_052, "Media download has failed"), Class::MediaFailed),
    ] {
        let failure = classify_commit(&answer(status, &body), NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{body}");
    }
}

#[test]
fn limits_come_as_status_400_and_end_when_the_answer_says() {
    for code in [4, 17, 32, 613] {
        let failure = classify_commit(&answer(400, &error(code, 0, "limit")), NOW);
        assert_eq!(failure.class, Class::RateLimited { until: Some(NOW + Span::from_minutes(5)) });
    }
    let mut named = answer(400, &error(4, 0, "limit"));
    let usage = r#"{"17":[{"type":"threads","estimated_time_to_regain_access":19}]}"#;
    named.headers.insert("x-business-use-case-usage", usage.parse().unwrap());
    assert_eq!(classify(&named, NOW).class, Class::RateLimited { until: Some(NOW + Span::from_minutes(19)) });
    named.headers.insert("retry-after", "30".parse().unwrap());
    assert_eq!(classify(&named, NOW).class, Class::RateLimited { until: Some(NOW + Span::from_seconds(30)) });
    let full = classify(&answer(400, &error(9, 2_207_042, "limit reached")), NOW).class;
    assert!(matches!(full, Class::QuotaExhausted { until: Some(_) }), "{full:?}");
}

#[test]
fn everything_else_a_publishing_request_answers_is_looked_up() {
    for (status, body) in [
        (500, error(190, 0, "")),
        (503, "<html>".to_owned()),
        (400, error(1, 0, "An unknown error occurred")),
        (400, error(2, 0, "Service temporarily unavailable")),
        (400, error(100, 33, "Object does not exist")),
        (404, String::new()),
        (400, "{}".to_owned()),
    ] {
        assert!(classify_commit(&answer(status, &body), NOW).leaves_commit_open(), "{status} {body}");
    }
}

#[test]
fn a_container_that_is_not_found_is_asked_about() {
    for (code, subcode) in [(24, 2_207_006), (9_007, 2_207_027)] {
        assert!(is_too_soon(&answer(400, &error(code, subcode, "Media not found"))));
    }
    assert!(!is_too_soon(&answer(400, &error(190, 0, "token"))));
    assert!(!is_too_soon(&answer(500, &error(24, 2_207_006, "Media not found"))));
}

#[test]
fn passing_faults_of_a_step_are_tried_again() {
    for (status, body) in [(500, error(2, 0, "")), (400, error(1, 0, "unknown")), (502, "<html>".to_owned())]
    {
        assert_eq!(classify(&answer(status, &body), NOW).class, Class::Transient, "{status} {body}");
    }
}

#[test]
fn the_token_endpoints_answer_in_two_shapes() {
    let flat = |message: &str| {
        answer(400, &format!(r#"{{"error_type":"OAuthException","code":400,"error_message":"{message}"}}"#))
    };
    assert_eq!(classify_code(&flat("Invalid verification code format."), NOW).class, Class::TokenExpired);
    assert_eq!(classify_code(&flat("Error validating client secret."), NOW).class, Class::PermissionMissing);
    let enveloped = answer(400, &error(1, 0, "Error validating client secret."));
    assert_eq!(classify_code(&enveloped, NOW).class, Class::PermissionMissing);
    assert_eq!(classify_code(&answer(503, ""), NOW).class, Class::Transient);
    assert_eq!(classify_token(&answer(400, &error(190, 463, "expired")), NOW).class, Class::TokenExpired);
    let young = answer(400, &error(100, 0, "The access token must be at least 24 hours old"));
    assert_eq!(classify_token(&young, NOW).class, Class::Transient);
}

#[test]
fn only_what_may_pass_is_made_again() {
    for why in ["FAILED_DOWNLOADING_VIDEO", "UNKNOWN", ""] {
        assert_eq!(classify_container(why), None, "{why}");
    }
    for why in ["INVALID_ASPEC_RATIO", "INVALID_DURATION", "SOMETHING_NEW", "FAILED_PROCESSING_AUDIO"] {
        assert_eq!(classify_container(why).unwrap().class, Class::MediaFailed, "{why}");
    }
    assert_ne!(Standing::Gone, Standing::Finished);
}

fn publication(text: &str, thread: &[&str]) -> Publication {
    Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: text.to_owned(),
        thread: thread.iter().map(|part| (*part).to_owned()).collect(),
        media: Vec::new(),
        content_type: None,
        settings: Settings::default(),
        scheduled_for: NOW,
    }
}

fn after_parts(posted: &[&str]) -> State {
    State { posted: posted.iter().map(|id| (*id).to_owned()).collect(), ..State::default() }
}

fn post(json: &str) -> Post {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_post_is_known_by_its_text_kind_and_parent() {
    let to = publication("Rye  #bread", &["two"]);
    let first = post(r#"{"id":"5","text":"Rye bread ","media_type":"TEXT_POST"}"#);
    assert!(is_it(&first, &to, &State::default()));
    assert!(!is_it(
        &post(r#"{"id":"5","text":"Rye bread","media_type":"REPOST_FACADE"}"#),
        &to,
        &State::default()
    ));
    assert!(!is_it(&post(r#"{"id":"5","text":"Rye","media_type":"TEXT_POST"}"#), &to, &State::default()));
    let reply = post(r#"{"id":"6","text":"two","media_type":"TEXT_POST","replied_to":{"id":"5"}}"#);
    assert!(is_it(&reply, &to, &after_parts(&["5"])));
    assert!(!is_it(&reply, &to, &after_parts(&["4"])));
    assert!(!is_it(&reply, &publication("two", &[]), &State::default()));
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"quota"}}"#,
        r#"{"stage":{"at":"child"},"children":["1"]}"#,
        r#"{"stage":{"at":"children","next":1,"since":1800000000000000},"children":["1","2"]}"#,
        r#"{"stage":{"at":"container"},"posted":["1"],"made_again":1}"#,
        r#"{"stage":{"at":"processing","container":"1","since":1800000000000000},"misses":2}"#,
        r#"{"stage":{"at":"ready","container":"1","since":1800000000000000}}"#,
        r#"{"stage":{"at":"locate","container":"1","since":1800000000000000}}"#,
        r#"{"stage":{"at":"permalink"},"posted":["1"],"warnings":["w"]}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
