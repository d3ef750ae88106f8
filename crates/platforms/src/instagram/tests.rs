//! What needs no server: answers and their meaning, fields of containers, stored states.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::{Answer, Sent};

use super::errors::{Fault, classify, classify_commit, classify_login};
use super::state::State;
use super::wire::{Account, ShortToken, Status};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn refusal(code: i64, subcode: i64) -> Answer {
    answer(400, &format!(r#"{{"error":{{"message":"m","code":{code},"error_subcode":{subcode}}}}}"#))
}

#[test]
fn each_number_has_its_class() {
    for (code, subcode, class) in [
        (190, 463, Class::TokenExpired),
        (190, 0, Class::TokenExpired),
        (10, 0, Class::PermissionMissing),
        (200, 0, Class::PermissionMissing),
        (100, 33, Class::PermissionMissing),
        (80_002, 0, Class::RateLimited { until: Some(NOW + Span::from_hours(1)) }),
        (4, 0, Class::RateLimited { until: Some(NOW + Span::from_hours(1)) }),
        (9, 2_207_042, Class::QuotaExhausted { until: Some(NOW + Span::from_hours(1)) }),
        (4, 2_207_051, Class::AccountRestricted),
        (25, 2_207_050, Class::AccountRestricted),
        (352, 2_207_026, Class::MediaFailed),
        (9_004, 2_207_052, Class::MediaFailed),
        (36_003, 2_207_009, Class::MediaFailed),
        (36_004, 2_207_010, Class::ContentRejected),
        (100, 0, Class::ContentRejected),
        (-2, 2_207_003, Class::Transient),
        (-1, 2_207_053, Class::Transient),
        (1, 0, Class::Transient),
        (2_635, 0, Class::PermissionMissing),
    ] {
        assert_eq!(classify(&refusal(code, subcode), NOW).class, class, "{code}/{subcode}");
    }
}

#[test]
fn what_names_no_reason_leaves_open_whether_it_was_done() {
    let open = |answer: &Answer| classify_commit(answer, NOW).leaves_commit_open();
    for (code, subcode) in [(1, 0), (2, 0), (-1, 2_207_001), (-2, 2_207_003), (77, 0)] {
        assert!(open(&refusal(code, subcode)), "{code}/{subcode}");
    }
    for (status, body) in
        [(500, "{}"), (503, "<html>"), (400, "{}"), (404, ""), (200, r#"{"success":false}"#)]
    {
        assert!(open(&answer(status, body)), "{status} {body}");
    }
    for (code, subcode) in [(190, 463), (10, 0), (9, 2_207_042), (80_002, 0)] {
        let failure = classify_commit(&refusal(code, subcode), NOW);
        assert_eq!(failure.sent, Sent::Answered, "{code}/{subcode}");
    }
}

#[test]
fn a_limit_ends_when_the_busiest_bucket_says() {
    let mut limited = refusal(80_002, 0);
    let usage = r#"{"178":[{"type":"instagram","estimated_time_to_regain_access":7},{"estimated_time_to_regain_access":3}]}"#;
    limited.headers.insert("x-business-use-case-usage", usage.parse().unwrap());
    let until = NOW + Span::from_minutes(7);
    assert_eq!(classify(&limited, NOW).class, Class::RateLimited { until: Some(until) });
}

#[test]
fn a_failed_container_tells_its_number_in_words() {
    let status = |text: &str| Status { status_code: "ERROR".to_owned(), status: text.to_owned() };
    for (text, fault) in [
        ("Error: Media upload has failed with error code 2207026", Some(Fault::Media)),
        ("9/2207042", Some(Fault::Quota)),
        ("Error 2207052.", Some(Fault::Unfetchable)),
        ("Error 12207052", None),
        ("", None),
    ] {
        assert_eq!(Fault::in_status(&status(text)), fault, "{text}");
    }
}

#[test]
fn a_login_that_is_over_is_told_from_an_app_that_is_unknown() {
    let exchange = |text: &str| {
        answer(400, &format!(r#"{{"error_type":"OAuthException","code":400,"error_message":"{text}"}}"#))
    };
    let class = |failure: Failure| failure.class;
    assert_eq!(
        class(classify_login(&exchange("This authorization code has been used"), NOW)),
        Class::TokenExpired
    );
    assert_eq!(
        class(classify_login(&exchange("Error validating client secret"), NOW)),
        Class::PermissionMissing
    );
    assert_eq!(class(classify_login(&exchange("Something else"), NOW)), Class::Transient);
}

#[test]
fn tokens_and_ids_are_read_in_every_form() {
    for body in [
        r#"{"data":[{"access_token":"t","user_id":"9","permissions":"a,b"}]}"#,
        r#"{"access_token":"t","user_id":9876543210987654321,"permissions":["a","b"]}"#,
    ] {
        let tokens = serde_json::from_str::<ShortToken>(body).unwrap().tokens().unwrap();
        assert_eq!(tokens.scopes().unwrap(), ["a", "b"]);
    }
    let account: Account =
        serde_json::from_str(r#"{"id":9876543210987654321,"user_id":17841400000000001}"#).unwrap();
    assert_eq!(
        (account.id.as_str(), account.user_id.as_deref()),
        ("9876543210987654321", Some("17841400000000001"))
    );
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"create"}}"#,
        r#"{"stage":{"at":"upload","container":"1","uri":"https://x/"},"children":["1"],"made_at":1}"#,
        r#"{"stage":{"at":"children","child":1,"since":1},"children":["1","2"]}"#,
        r#"{"stage":{"at":"processing","since":1},"container":"3","rebuilt":2,"unready":1}"#,
        r#"{"stage":{"at":"quota"},"container":"3"}"#,
        r#"{"stage":{"at":"ready"},"container":"3"}"#,
        r#"{"stage":{"at":"find","since":1,"tries":2},"container":"3"}"#,
        r#"{"stage":{"at":"address","tries":0},"posted":{"id":"4","url":""}}"#,
        r#"{"stage":{"at":"comment"},"posted":{"id":"4","url":"https://x/"}}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
