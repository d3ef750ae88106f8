//! Answers as classes, and states that old versions stored.

use bytes::Bytes;
use domain::{Class, Span, Timestamp};
use http::HeaderMap;
use net::{Answer, Sent};
use serde_json::json;

use super::errors::{classify, classify_commit, classify_token, next_pacific_midnight};
use super::state::{Session, Stage, State};
use super::upload::{Progress, progress};

const NOW: Timestamp = Timestamp::from_seconds(1_795_425_600);

fn answer(status: u16, reason: &str) -> Answer {
    let body = json!({"error": {"code": status, "message": "Said.", "errors": [{"reason": reason, "message": "Said."}]}});
    Answer { status, headers: HeaderMap::new(), body: Bytes::from(body.to_string()) }
}

#[test]
fn reasons_decide_and_not_statuses() {
    let midnight = Some(next_pacific_midnight(NOW));
    for (status, reason, class) in [
        (401, "authError", Class::TokenExpired),
        (401, "youtubeSignupRequired", Class::TokenExpired),
        (403, "insufficientPermissions", Class::PermissionMissing),
        (403, "accessNotConfigured", Class::PermissionMissing),
        (403, "forbidden", Class::PermissionMissing),
        (403, "quotaExceeded", Class::QuotaExhausted { until: midnight }),
        (400, "uploadLimitExceeded", Class::QuotaExhausted { until: Some(NOW + Span::from_hours(24)) }),
        (403, "rateLimitExceeded", Class::RateLimited { until: Some(NOW + Span::from_seconds(60)) }),
        (400, "invalidTitle", Class::ContentRejected),
        (400, "invalidCategoryId", Class::ContentRejected),
        (403, "channelSuspended", Class::AccountRestricted),
        (403, "commentsDisabled", Class::ContentRejected),
        (429, "uploadRateLimitExceeded", Class::RateLimited { until: Some(NOW + Span::from_seconds(60)) }),
        (503, "backendError", Class::Transient),
    ] {
        assert_eq!(classify(&answer(status, reason), NOW).class, class, "{reason}");
    }
}

#[test]
fn only_a_known_reason_proves_that_there_is_no_video() {
    for (status, reason, proves) in [
        (403, "quotaExceeded", true),
        (401, "authError", true),
        (400, "somethingNew", false),
        (500, "backendError", false),
        (502, "", false),
    ] {
        let failure = classify_commit(&answer(status, reason), NOW);
        assert_eq!(failure.sent == Sent::Answered, proves, "{reason}");
        assert_eq!(failure.leaves_commit_open(), !proves, "{reason}");
    }
}

#[test]
fn an_upload_tells_how_far_it_is_and_where_it_went() {
    let said = |status: u16, headers: &[(&'static str, &str)], body: &'static str| {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        progress(&Answer { status, headers: headers.collect(), body: Bytes::from(body) })
    };
    let range = ("range", "bytes=0-262143");
    assert!(matches!(said(308, &[], ""), Ok(Some(Progress::At(0, None)))));
    assert!(matches!(said(308, &[range], ""), Ok(Some(Progress::At(262_144, None)))));
    let Ok(Some(Progress::At(_, moved))) = said(308, &[range, ("location", "https://b.example/u")], "")
    else {
        panic!("it has moved")
    };
    assert_eq!(moved, Some(Session("https://b.example/u".to_owned())));
    for status in [404, 410] {
        assert!(matches!(said(status, &[], "Not Found"), Ok(Some(Progress::Gone))));
    }
    let Ok(Some(Progress::Done(video))) = said(201, &[], r#"{"id": "v", "new": 1}"#) else {
        panic!("it is done")
    };
    assert_eq!(video.id, "v");
    assert!(matches!(said(503, &[], "Service Unavailable"), Ok(None)));
    for (status, headers, body) in [(200, &[][..], "<html>"), (308, &[("range", "bytes=all")][..], "")] {
        let Err(unreadable) = said(status, headers, body) else { panic!("{body} cannot be read") };
        assert_eq!(unreadable.sent, Sent::Maybe, "{body}");
    }
}

#[test]
fn quotas_are_renewed_at_midnight_on_the_pacific_coast() {
    for (now, then) in [
        ("2026-11-23T20:00:00Z", "2026-11-24T08:00:00.000Z"),
        ("2026-07-01T06:59:59Z", "2026-07-01T07:00:00.000Z"),
    ] {
        assert_eq!(next_pacific_midnight(Timestamp::parse(now).unwrap()).to_iso_millis(), then);
    }
}

#[test]
fn only_invalid_grant_ends_the_access() {
    let token = |status: u16, error: &str| {
        let body = json!({"error": error, "error_description": "Bad Request"}).to_string();
        classify_token(&Answer { status, headers: HeaderMap::new(), body: Bytes::from(body) }).class
    };
    assert_eq!(token(400, "invalid_grant"), Class::TokenExpired);
    assert_eq!(token(401, "invalid_client"), Class::PermissionMissing);
    assert_eq!(token(500, "invalid_grant"), Class::Transient);
    assert_eq!(token(503, ""), Class::Transient);
}

#[test]
fn stored_states_stay_readable_and_hide_the_upload() {
    let stored =
        r#"{"stage":{"at":"chunks","session":"https://a.example/u?upload_id=s3cret","sent":262144}}"#;
    let state: State = serde_json::from_str(stored).unwrap();
    let session = Session("https://a.example/u?upload_id=s3cret".to_owned());
    assert_eq!(state.stage, Stage::Chunks { session, sent: 262_144 });
    assert!(!format!("{state:?}").contains("s3cret"));
    for stored in [
        r#"{"stage":{"at":"open"}}"#,
        r#"{"stage":{"at":"ready","session":"u","sent":0},"reopened":1}"#,
        r#"{"stage":{"at":"processing","since":1795425600000000},"video":"v"}"#,
        r#"{"stage":{"at":"thumbnail","tries":1},"video":"v","warnings":["w"]}"#,
        r#"{"stage":{"at":"comment"},"video":"v"}"#,
    ] {
        serde_json::from_str::<State>(stored).unwrap();
    }
}
