//! Bluesky's answers as failures: one table. Error names come from the lexicons and from the
//! reference server's source.

use connector::Failure;
use domain::{Class, Timestamp};
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
    fn a_missing_record_is_told_from_every_other_refusal() {
        assert!(is_record_missing(&answer(400, "RecordNotFound", "Could not locate record: at://x")));
        assert!(is_record_missing(&answer(400, "InvalidRequest", "Could not locate record: at://x")));
        assert!(!is_record_missing(&answer(400, "InvalidRequest", "Could not find repo: did:plc:x")));
        assert!(!is_record_missing(&answer(502, "RecordNotFound", "")));
    }
}
