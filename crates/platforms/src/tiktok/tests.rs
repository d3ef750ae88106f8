//! What needs no server: how files are cut, answers and their meaning, stored states.

use connector::{Hosts, Publication};
use domain::{Class, DestinationId, Settings, Span, Timestamp};
use net::{Answer, Sent};
use url::Url;
use uuid::Uuid;

use super::auth::tokens;
use super::errors::{
    classify, classify_code, classify_commit, classify_reason, classify_token, is_ok, may_pass,
};
use super::lookup::is_it;
use super::spec::SPEC;
use super::state::State;
use super::upload::{chunk_at, cut, is_last, is_theirs, stored};
use super::wire::{Envelope, Status, Video};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: http::HeaderMap::new(), body: body.to_owned().into() }
}

fn error(code: &str) -> String {
    format!(r#"{{"data":{{}},"error":{{"code":"{code}","message":"words","log_id":"1"}}}}"#)
}

#[test]
fn files_are_cut_into_whole_chunks_and_a_rest_in_the_last() {
    for (size, chunk, count) in [
        (1, 1, 1),
        (5_000_000, 5_000_000, 1),
        (11_999_999, 11_999_999, 1),
        (12_000_000, 6_000_000, 2),
        (50_000_123, 6_000_000, 8),
        (4_000_000_000, 6_000_000, 666),
    ] {
        assert_eq!(cut(size), (chunk, count), "{size}");
        let mut sent = 0;
        let mut chunks = 0;
        while sent < size {
            let piece = chunk_at(size, sent);
            assert_eq!(piece.start, sent);
            assert!(piece.end - piece.start < 2 * chunk, "{piece:?}");
            chunks += 1;
            assert_eq!(is_last(size, sent), chunks == count, "{piece:?}");
            sent = piece.end;
        }
        assert_eq!((sent, chunks), (size, count));
    }
}

#[test]
fn bytes_go_to_the_platform_and_nowhere_else() {
    let real = Hosts::real(&SPEC);
    let sandbox = Hosts::sandbox(&SPEC, "http://127.0.0.1:9090");
    let is_real = |url: &str| is_theirs(&real, &Url::parse(url).unwrap());
    assert!(is_real("https://open-upload.tiktokapis.com/video/?upload_id=1"));
    assert!(is_real("https://upload.us.tiktokapis.com/video/?upload_id=1"));
    for bad in ["http://open-upload.tiktokapis.org/", "https://tiktokapis.com.example/", "http://127.0.0.1/"]
    {
        assert!(!is_real(bad), "{bad}");
    }
    let inside = Url::parse("http://127.0.0.1:9090/open-upload.tiktokapis.com/video/").unwrap();
    assert!(is_theirs(&sandbox, &inside));
    assert!(!is_theirs(&sandbox, &Url::parse("http://127.0.0.1:9091/video/").unwrap()));
}

#[test]
fn what_is_stored_is_read_from_the_range() {
    let mut partial = answer(206, "");
    assert_eq!(stored(&partial), None);
    partial.headers.insert("content-range", "bytes 0-5999999/13000000".parse().unwrap());
    assert_eq!(stored(&partial), Some(6_000_000));
    partial.headers.insert("content-range", "bytes */13000000".parse().unwrap());
    assert_eq!(stored(&partial), None);
}

#[test]
fn the_code_decides_whatever_the_status() {
    assert!(is_ok(&answer(200, &error("ok"))));
    assert!(!is_ok(&answer(200, &error("spam_risk_too_many_posts"))));
    assert!(!is_ok(&answer(200, "{}")));
    for status in [200, 403] {
        let full = classify(&answer(status, &error("spam_risk_too_many_posts")), NOW);
        assert_eq!(full.class, Class::QuotaExhausted { until: Some(NOW + Span::from_hours(1)) });
    }
}

#[test]
fn recognised_refusals_are_proof() {
    for (status, code, class) in [
        (401, "access_token_invalid", Class::TokenExpired),
        (401, "scope_not_authorized", Class::PermissionMissing),
        (400, "scope_permission_missed", Class::PermissionMissing),
        (403, "unaudited_client_can_only_post_to_private_accounts", Class::PermissionMissing),
        (403, "url_ownership_unverified", Class::PermissionMissing),
        (403, "privacy_level_option_mismatch", Class::ContentRejected),
        (400, "invalid_param", Class::ContentRejected),
        (400, "invalid_params", Class::ContentRejected),
        (400, "app_version_check_failed", Class::ContentRejected),
        (403, "spam_risk_user_banned_from_posting", Class::AccountRestricted),
        (403, "spam_risk_text", Class::ContentRejected),
        (403, "spam_risk_of_a_new_kind", Class::ContentRejected),
        (429, "rate_limit_exceeded", Class::RateLimited { until: Some(NOW + Span::from_minutes(1)) }),
        (403, "reached_active_user_cap", Class::QuotaExhausted { until: Some(NOW + Span::from_hours(1)) }),
    ] {
        let failure = classify_commit(&answer(status, &error(code)), NOW);
        assert_eq!((failure.class, failure.sent), (class, Sent::Answered), "{code}");
    }
    let mut named = answer(429, &error("rate_limit_exceeded"));
    named.headers.insert("retry-after", "7".parse().unwrap());
    let until = Some(NOW + Span::from_seconds(7));
    assert_eq!(classify(&named, NOW).class, Class::RateLimited { until });
}

#[test]
fn everything_else_a_publishing_request_answers_is_looked_up() {
    for (status, body) in [
        (500, error("internal_error")),
        (400, error("internal_error")),
        (503, error("access_token_invalid")),
        (502, "<html>".to_owned()),
        (404, String::new()),
        (200, "{}".to_owned()),
    ] {
        assert!(classify_commit(&answer(status, &body), NOW).leaves_commit_open(), "{status} {body}");
    }
}

#[test]
fn the_token_endpoint_errs_in_a_flat_shape_and_with_any_status() {
    let flat = |code: &str| format!(r#"{{"error":"{code}","error_description":"words","log_id":"1"}}"#);
    for status in [200, 400, 401] {
        let told = |code: &str| classify_token(&answer(status, &flat(code)), NOW).class;
        assert_eq!(told("invalid_grant"), Class::TokenExpired);
        assert_eq!(told("invalid_client"), Class::PermissionMissing);
        assert_eq!(told("temporarily_unavailable"), Class::Transient);
        let code = classify_code(&answer(status, &flat("invalid_request")), NOW);
        assert_eq!(code.class, Class::TokenExpired);
        assert!(code.public.contains("new link"), "{}", code.public);
    }
    assert_eq!(classify_token(&answer(500, &flat("invalid_grant")), NOW).class, Class::Transient);
}

#[test]
fn an_answer_with_half_of_the_tokens_is_not_shown() {
    let half = answer(200, r#"{"refresh_token":"rft.secret","scope":""}"#);
    let failure = tokens(&half, NOW, classify_token).unwrap_err();
    assert_eq!(failure.class, Class::Transient);
    assert!(!format!("{failure:?}").contains("secret"), "{failure:?}");
}

#[test]
fn each_reason_of_a_failure_says_what_to_do() {
    for (reason, class) in [
        ("file_format_check_failed", Class::MediaFailed),
        ("duration_check_failed", Class::MediaFailed),
        ("frame_rate_check_failed", Class::MediaFailed),
        ("picture_size_check_failed", Class::MediaFailed),
        ("video_pull_failed", Class::MediaFailed),
        ("internal", Class::MediaFailed),
        ("publish_cancelled", Class::ContentRejected),
        ("auth_removed", Class::TokenExpired),
        ("spam_risk", Class::ContentRejected),
        ("spam_risk_user_banned_from_posting", Class::AccountRestricted),
        ("something_new", Class::MediaFailed),
    ] {
        assert_eq!(classify_reason(reason, NOW).class, class, "{reason}");
    }
    for reason in ["internal", "video_pull_failed", "photo_pull_failed"] {
        assert!(may_pass(reason), "{reason}");
    }
    assert!(!may_pass("file_format_check_failed"));
}

#[test]
fn ids_beyond_a_float_stay_whole() {
    for (text, id) in [
        (r#"{"publicaly_available_post_id":[7301234567890123457],"status":"s"}"#, "7301234567890123457"),
        (r#"{"publicaly_available_post_id":["7301234567890123457"],"status":"s"}"#, "7301234567890123457"),
    ] {
        let body = format!(r#"{{"data":{text},"error":{{"code":"ok"}}}}"#);
        let status: Status = serde_json::from_str::<Envelope<Status>>(&body).unwrap().data;
        let ids = status.post_ids.unwrap();
        assert_eq!(ids.into_iter().next().unwrap().into_text(), id);
    }
    let none: Status = serde_json::from_str(r#"{"status":"PROCESSING_UPLOAD","uploaded_bytes":5}"#).unwrap();
    assert!(none.post_ids.is_none() && none.fail_reason.is_none());
    assert_eq!(none.uploaded_bytes, Some(5));
}

#[test]
fn a_post_is_known_by_its_caption() {
    let to = Publication {
        destination_id: DestinationId(Uuid::nil()),
        text: "Rye \n bread #loaf".to_owned(),
        thread: Vec::new(),
        media: Vec::new(),
        content_type: None,
        settings: Settings::default(),
        scheduled_for: NOW,
    };
    let video = |text: &str| Video {
        id: "1".to_owned(),
        create_time: 0,
        video_description: text.to_owned(),
        title: String::new(),
    };
    assert!(is_it(&video("Rye bread #loaf"), &to));
    assert!(!is_it(&video("Rye bread"), &to));
}

#[test]
fn stored_states_stay_readable() {
    for text in [
        r#"{"stage":{"at":"creator"}}"#,
        r#"{"stage":{"at":"open"},"creator":{"username":"a","privacy":"SELF_ONLY","no_comments":true,"no_duet":false,"no_stitch":false}}"#,
        r#"{"stage":{"at":"send","sent":6000000},"upload":{"url":"https://x/","at":1800000000000000},"publish_id":"v"}"#,
        r#"{"stage":{"at":"fetch"},"made_again":1}"#,
        r#"{"stage":{"at":"processing","since":1800000000000000},"publish_id":"v","warnings":["w"]}"#,
        r#"{"stage":{"at":"locate","since":1800000000000000},"publish_id":"v"}"#,
        r#"{"stage":{"at":"failed","reason":"internal","since":1800000000000000}}"#,
    ] {
        let state: State = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), state);
    }
}
