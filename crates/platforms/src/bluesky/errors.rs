//! Bluesky's answers as failures: one table. Error names come from the lexicons and from the
//! reference server's source.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::{Answer, Sent};

use super::wire::XrpcError;

/// What an error answer to a call that may be repeated means.
pub(super) fn of_call(answer: &Answer) -> Failure {
    match known(answer) {
        Some((class, public)) => Failure::answered(class, public, answer),
        None => Failure::answered(
            Class::Transient,
            "Bluesky refused a request and did not say why in a known form.",
            answer,
        ),
    }
}

/// What an error answer to the writing of a post means. Only answers that are known to come
/// before the write are proof that there is no post.
pub(super) fn of_commit(answer: &Answer) -> Failure {
    let error = name(answer);
    match known(answer) {
        // The key is taken: by an earlier try, most likely.
        _ if error == "InvalidSwap" => {
            Failure::unproven("Bluesky already has a post under this post's key.", answer)
        }
        Some((class, public)) => Failure::answered(class, public, answer),
        None => {
            Failure::unproven("Bluesky gave an answer that does not tell whether it took the post.", answer)
        }
    }
}

/// Whether the host has lost an uploaded file, or never had it.
pub(super) fn is_blob_missing(answer: &Answer) -> bool {
    answer.status == 400 && name(answer) == "BlobNotFound"
}

/// Whether `getRecord` says that there is no such record.
pub(super) fn is_record_missing(answer: &Answer) -> bool {
    let error = read(answer);
    let said = error.error == "RecordNotFound" || error.message.starts_with("Could not locate record");
    matches!(answer.status, 400 | 404) && said
}

/// Whether `resolveHandle` says that nobody has the handle.
pub(super) fn is_handle_unknown(answer: &Answer) -> bool {
    matches!(answer.status, 400 | 404) && matches!(name(answer).as_str(), "InvalidRequest" | "HandleNotFound")
}

fn known(answer: &Answer) -> Option<(Class, String)> {
    let error = read(answer);
    let told = |class, public: &str| Some((class, public.to_owned()));
    if answer.status == 429 || error.error == "RateLimitExceeded" {
        let until = reset(answer);
        return told(Class::RateLimited { until }, "Bluesky takes no more calls for now.");
    }
    if answer.status >= 500 {
        return told(Class::Transient, "Bluesky has a fault at the moment.");
    }
    if answer.status == 413 || error.error == "PayloadTooLarge" {
        return told(Class::MediaFailed, "A file is larger than Bluesky takes; make it smaller.");
    }
    if answer.status < 400 {
        return None;
    }
    match error.error.as_str() {
        "InvalidToken" if error.message.contains("Bad token scope") => told(
            Class::PermissionMissing,
            "The app password may not do this; make a new one and connect again.",
        ),
        "ExpiredToken"
        | "InvalidToken"
        | "AuthMissing"
        | "AuthenticationRequired"
        | "AuthFactorTokenRequired" => {
            told(Class::TokenExpired, "Bluesky no longer accepts this account's session; connect it again.")
        }
        "AccountTakedown" | "AccountSuspended" | "RepoTakendown" | "RepoSuspended" => told(
            Class::AccountRestricted,
            "Bluesky has taken this account down; see its notice in the Bluesky app.",
        ),
        "AccountDeactivated" | "RepoDeactivated" => told(
            Class::AccountRestricted,
            "This Bluesky account is deactivated; reactivate it in the Bluesky app.",
        ),
        "BlobNotFound" => told(Class::MediaFailed, "Bluesky lost an uploaded file; publish again."),
        "InvalidMimeType" | "BlobTooLarge" => {
            told(Class::MediaFailed, "Bluesky refused a file because of its type or size.")
        }
        "InvalidRequest" if error.message.contains("insufficient access") => {
            told(Class::PermissionMissing, "The account's session may not publish; connect it again.")
        }
        "InvalidRequest" if is_about_content(&error.message) => Some((
            Class::ContentRejected,
            format!("Bluesky refused the post: {}.", complaint(&error.message)),
        )),
        _ => None,
    }
}

/// The record is checked before anything is written, and the answer begins like this.
fn is_about_content(message: &str) -> bool {
    message.starts_with("Invalid app.bsky.") || message.starts_with("Invalid record key for app.bsky.")
}

/// `grapheme too big (maximum 300, got 301)` out of the whole message.
fn complaint(message: &str) -> String {
    let core = message.split_once(" record: ").map_or(message, |(_, core)| core);
    let core = core.rsplit_once(" at $").map_or(core, |(core, _)| core);
    core.chars().take(200).collect()
}

fn reset(answer: &Answer) -> Option<Timestamp> {
    let seconds = answer.header("ratelimit-reset")?.trim().parse().ok()?;
    Some(Timestamp::from_seconds(seconds))
}

fn name(answer: &Answer) -> String {
    read(answer).error
}

fn read(answer: &Answer) -> XrpcError {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// An upload that failed for good is the file's fault where the table says that something in the
/// request was refused.
pub(super) fn of_upload(answer: &Answer) -> Failure {
    let failure = of_call(answer);
    if failure.class == Class::Transient && failure.sent == Sent::Answered {
        return Failure::answered(Class::MediaFailed, "Bluesky refused a file.", answer);
    }
    failure
}

/// What an error answer of the video service means.
#[derive(Debug)]
pub(super) enum VideoTrouble {
    /// The upload is gone; another one may do.
    Lost(Failure),
    /// The service does not know the method: an older one, or none.
    NoService,
    /// Anything else.
    Failed(Failure),
}

/// What an error answer of the video service means (app.bsky.video lexicons).
pub(super) fn of_video(answer: &Answer, now: Timestamp) -> VideoTrouble {
    let error = read(answer);
    let failed = |class, public: &str| VideoTrouble::Failed(Failure::answered(class, public, answer));
    match error.error.as_str() {
        "MethodNotImplemented" => VideoTrouble::NoService,
        "UploadNotFound"
        | "UploadExpired"
        | "UploadFailed"
        | "UploadAborted"
        | "MissingParts"
        | "UploadAlreadyCompleted"
        | "PartSizeMismatch"
        | "InvalidPartNumber" => VideoTrouble::Lost(Failure::answered(
            Class::MediaFailed,
            "Bluesky lost the video on its way; publish again.",
            answer,
        )),
        "UnsupportedContentType" => failed(Class::MediaFailed, "Bluesky takes no videos of this kind."),
        "VideoTooLarge" => failed(Class::MediaFailed, "The video is larger than Bluesky takes."),
        "VideoTooLong" => failed(Class::MediaFailed, "The video is longer than Bluesky takes."),
        "BadAspectRatio" => failed(Class::MediaFailed, "The video's sides are too unequal for Bluesky."),
        "TooManyOpenUploads" | "ServiceOverloaded" | "UploadNotReady" => {
            failed(Class::Transient, "Bluesky's video service has too much to do.")
        }
        "DailyLimitExceeded" | "UploadForbidden" | "unconfirmed_email" => VideoTrouble::Failed(Failure {
            sent: Sent::Answered,
            ..of_limits(&error.error, &error.message, now)
        }),
        // The session is not to blame: the host has just given the token.
        _ if answer.status == 401 => {
            failed(Class::Transient, "Bluesky's video service did not accept this account's host.")
        }
        _ => VideoTrouble::Failed(of_upload(answer)),
    }
}

/// Why the account may not upload videos now.
pub(super) fn of_limits(error: &str, message: &str, now: Timestamp) -> Failure {
    let said = message.to_lowercase();
    if error == "unconfirmed_email" || said.contains("confirm your email") {
        let public =
            "Bluesky takes videos only after the account's e-mail address is confirmed; do that in the app.";
        return Failure::before_sending(Class::PermissionMissing, public);
    }
    if error == "DailyLimitExceeded" || said.contains("daily") || said.contains("limit") {
        let until = Some(now + Span::from_hours(1));
        let public = "The account has uploaded as many videos as Bluesky takes in a day.";
        return Failure::before_sending(Class::QuotaExhausted { until }, public);
    }
    let said: String = message.trim_end_matches('.').chars().take(200).collect();
    let public = format!("Bluesky takes no videos of this account ({said}).");
    Failure::before_sending(Class::PermissionMissing, public)
}

/// Why a video was not processed, and whether another try may help.
pub(super) fn of_job(code: &str, error: &str) -> (bool, Failure) {
    let what = match (code, error) {
        ("pds_upload_failure" | "generic_failure", _) => {
            let public = "Bluesky could not process the video; publish it again later.";
            return (true, Failure::before_sending(Class::MediaFailed, public));
        }
        (_, "video_too_long") => "it is too long",
        (_, "bad_aspect_ratio") => "its sides are too unequal",
        (_, "unsupported_codec") => "its encoding is not known there; H.264 is",
        (_, "encoded_video_too_large") | ("pds_upload_unsupported_blob_size", _) => "it is too large",
        _ => "try another one",
    };
    let public = format!("Bluesky could not process the video: {what}.");
    (false, Failure::before_sending(Class::MediaFailed, public))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    use super::*;

    fn answer(status: u16, error: &str, message: &str) -> Answer {
        let body = format!(r#"{{"error":"{error}","message":"{message}"}}"#);
        Answer { status, headers: HeaderMap::new(), body: Bytes::from(body) }
    }

    #[track_caller]
    fn check(status: u16, error: &str, message: &str, class: &Class, sent: Sent) {
        let failure = of_commit(&answer(status, error, message));
        assert_eq!((&failure.class, failure.sent), (class, sent), "{status} {error} {message}");
        assert!(failure.public.ends_with('.'), "{}", failure.public);
    }

    #[test]
    fn the_table() {
        let long =
            "Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text";
        let key = "Invalid record key for app.bsky.feed.post: Invalid TID string (got x)";
        let rows = [
            (400, "ExpiredToken", "Token has expired", Class::TokenExpired),
            (400, "ExpiredToken", "Token has been revoked", Class::TokenExpired),
            (400, "InvalidToken", "Token could not be verified", Class::TokenExpired),
            (400, "InvalidToken", "Bad token scope", Class::PermissionMissing),
            (401, "AuthMissing", "", Class::TokenExpired),
            (401, "AuthenticationRequired", "Invalid identifier or password", Class::TokenExpired),
            (401, "AccountTakedown", "", Class::AccountRestricted),
            (401, "AccountSuspended", "", Class::AccountRestricted),
            (401, "AccountDeactivated", "", Class::AccountRestricted),
            (400, "InvalidRequest", long, Class::ContentRejected),
            (400, "InvalidRequest", key, Class::ContentRejected),
            (400, "BlobNotFound", "Could not find blob: bafk", Class::MediaFailed),
            (400, "InvalidMimeType", "", Class::MediaFailed),
            (413, "PayloadTooLarge", "request entity too large", Class::MediaFailed),
            (429, "RateLimitExceeded", "Rate Limit Exceeded", Class::RateLimited { until: None }),
        ];
        for (status, error, message, class) in rows {
            check(status, error, message, &class, Sent::Answered);
        }
        check(500, "InternalServerError", "", &Class::Transient, Sent::Maybe);
        check(502, "UpstreamFailure", "", &Class::Transient, Sent::Maybe);
    }

    #[test]
    fn an_answer_to_a_write_that_nobody_knows_proves_nothing() {
        check(400, "InvalidSwap", "Record was at bafy", &Class::Ambiguous, Sent::Maybe);
        check(400, "InvalidRequest", "Something new", &Class::Ambiguous, Sent::Maybe);
        check(403, "Forbidden", "", &Class::Ambiguous, Sent::Maybe);
        let proxy = Answer { status: 404, headers: HeaderMap::new(), body: Bytes::from("<html>") };
        assert!(of_commit(&proxy).leaves_commit_open());
    }

    #[test]
    fn the_platforms_own_reset_time_is_kept() {
        let mut limited = answer(429, "RateLimitExceeded", "Rate Limit Exceeded");
        limited.headers.insert("ratelimit-reset", HeaderValue::from_static("1795425600"));
        assert_eq!(of_call(&limited).retry_at(), Some(Timestamp::from_seconds(1_795_425_600)));
    }

    #[test]
    fn a_refusal_says_what_is_wrong_with_the_text() {
        let message =
            "Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text";
        assert_eq!(
            of_call(&answer(400, "InvalidRequest", message)).public,
            "Bluesky refused the post: grapheme too big (maximum 300, got 301)."
        );
    }

    #[test]
    fn what_the_video_service_says_is_about_the_video_or_the_account() {
        let now = Timestamp::from_seconds(1_795_425_600);
        let later = Class::QuotaExhausted { until: Some(now + Span::from_hours(1)) };
        for (status, error, message, class) in [
            (400, "VideoTooLong", "", Class::MediaFailed),
            (400, "UnsupportedContentType", "", Class::MediaFailed),
            (400, "DailyLimitExceeded", "", later.clone()),
            (400, "UploadForbidden", "Account is not old enough", Class::PermissionMissing),
            (400, "unconfirmed_email", "", Class::PermissionMissing),
            (503, "ServiceOverloaded", "", Class::Transient),
            (401, "AuthenticationRequired", "invalid token audience", Class::Transient),
            (500, "InternalServerError", "", Class::Transient),
        ] {
            let VideoTrouble::Failed(failure) = of_video(&answer(status, error, message), now) else {
                panic!("{error}");
            };
            assert_eq!(failure.class, class, "{error}");
        }
        for error in ["UploadNotFound", "UploadExpired", "MissingParts"] {
            assert!(matches!(of_video(&answer(400, error, ""), now), VideoTrouble::Lost(_)), "{error}");
        }
        let absent = of_video(&answer(501, "MethodNotImplemented", ""), now);
        assert!(matches!(absent, VideoTrouble::NoService));
        assert_eq!(of_limits("", "User has exceeded daily upload videos limit", now).class, later);
        assert!(of_job("generic_failure", "").0);
        let (may_pass, failure) = of_job("validation_failure", "video_too_long");
        assert_eq!((may_pass, failure.public.contains("too long")), (false, true));
    }

    #[test]
    fn a_missing_record_is_told_from_every_other_refusal() {
        assert!(is_record_missing(&answer(400, "RecordNotFound", "Could not locate record: at://x")));
        assert!(is_record_missing(&answer(400, "InvalidRequest", "Could not locate record: at://x")));
        assert!(!is_record_missing(&answer(400, "InvalidRequest", "Could not find repo: did:plc:x")));
        assert!(!is_record_missing(&answer(502, "RecordNotFound", "")));
    }
}
