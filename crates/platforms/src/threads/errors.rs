//! The answers of Threads as failure classes (Threads API: troubleshooting; Graph API: error codes).

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;
use serde_json::Value;

use super::NAME;
use super::wire::{Envelope, Problem};

/// How long calls are left alone when the answer names no time.
const UNNAMED_LIMIT: Span = Span::from_minutes(5);
/// The allowance of 24 hours comes back little by little, so it is asked about again this often.
pub(super) const ASK_QUOTA_AGAIN: Span = Span::from_minutes(15);

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let problem = problem(answer);
        let passing = answer.status >= 500 || problem.is_transient || matches!(problem.code, 0..=2);
        let class = if passing { Class::Transient } else { Class::ContentRejected };
        Failure::answered(class, format!("{NAME} refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a publishing request means. Only a recognised answer is proof that
/// nothing was published.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer)
    })
}

/// Whether an object is not there or cannot be seen.
pub(super) fn is_missing(answer: &Answer) -> bool {
    let problem = problem(answer);
    problem.code == 100 && problem.error_subcode == 33
}

/// Whether publishing did not find the container, or found it not ready. Happens soon after it is
/// finished.
pub(super) fn is_too_soon(answer: &Answer) -> bool {
    let problem = problem(answer);
    answer.status < 500
        && (matches!(problem.code, 24 | 9_007) || matches!(problem.error_subcode, 2_207_006 | 2_207_027))
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    if answer.status >= 500 {
        return Some(Failure::answered(Class::Transient, format!("{NAME} is not available."), answer));
    }
    let problem = problem(answer);
    let text = format!("{} {}", problem.message, problem.error_user_msg).to_lowercase();
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    match (problem.code, problem.error_subcode) {
        (_, 4_279_013) => refuse(
            Class::AccountRestricted,
            format!("{NAME} has restricted this account; open {NAME} to see why."),
        ),
        (368, _) | (_, 2_207_051) => refuse(
            Class::AccountRestricted,
            format!(
                "{NAME} took this for spam and holds the account back for a while; open {NAME} to see why."
            ),
        ),
        (_, 2_207_042) => refuse(
            Class::QuotaExhausted { until: Some(now + ASK_QUOTA_AGAIN) },
            format!("The account has published as much as {NAME} allows in 24 hours."),
        ),
        (190 | 102, _) => refuse(Class::TokenExpired, format!("{NAME} refused the access token.")),
        (4 | 17 | 32 | 613, _) => refuse(
            Class::RateLimited { until: Some(limit_end(answer, now)) },
            format!("{NAME} takes no more requests for now."),
        ),
        (3 | 10 | 200..=299, _) => refuse(
            Class::PermissionMissing,
            format!(
                "The account may not do this on {NAME} ({}); connect it again with every permission.",
                said(answer)
            ),
        ),
        (2_500 | 2_635, _) if text.contains("path components") || text.contains("version") => refuse(
            Class::PermissionMissing,
            format!("{NAME} does not serve this version of its API; update this server."),
        ),
        (9_004, _) | (_, 2_207_052) => refuse(
            Class::MediaFailed,
            format!(
                "{NAME} could not fetch a media file from this server; check that public_url is reachable."
            ),
        ),
        (100 | 36_000..=36_999, _) if text.contains("could not be fetched") || problem.code != 100 => {
            refuse(Class::MediaFailed, format!("{NAME} refused a media file ({}).", said(answer)))
        }
        (100, _) if text.contains("threads_api__link_limit_exceeded") => {
            refuse(Class::ContentRejected, format!("{NAME} takes at most five links in a post; remove some."))
        }
        (100, _) if text.contains("param ") || text.contains("parameter ") => {
            refuse(Class::ContentRejected, format!("{NAME} refused the post ({}).", said(answer)))
        }
        _ if answer.status == 429 => refuse(
            Class::RateLimited { until: Some(limit_end(answer, now)) },
            format!("{NAME} takes no more requests for now."),
        ),
        (0, _) if answer.status == 401 => {
            refuse(Class::TokenExpired, format!("{NAME} refused the access token."))
        }
        _ => None,
    }
}

/// When calls are taken again: `Retry-After`, else the minutes that the usage header names.
fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    if let Some(seconds) = answer.header("retry-after").and_then(|value| value.trim().parse().ok()) {
        return now + Span::from_seconds(seconds);
    }
    let usage = answer.header("x-business-use-case-usage").unwrap_or_default();
    let minutes = serde_json::from_str::<Value>(usage).ok().and_then(|usage| {
        let entries = usage.as_object()?.values().filter_map(Value::as_array).flatten();
        entries.filter_map(|entry| entry.get("estimated_time_to_regain_access")?.as_i64()).max()
    });
    match minutes.filter(|minutes| *minutes > 0) {
        Some(minutes) => now + Span::from_minutes(minutes),
        None => now + UNNAMED_LIMIT,
    }
}

/// An error of the endpoints that exchange and renew tokens.
pub(super) fn classify_token(answer: &Answer, now: Timestamp) -> Failure {
    let known = recognise(answer, now);
    if said(answer).to_lowercase().contains("client secret") {
        let public =
            format!("{NAME} does not know this server's app; check the id and secret of the Threads app.");
        return Failure::answered(Class::PermissionMissing, public, answer);
    }
    match known {
        Some(failure) if failure.class == Class::TokenExpired => {
            let public = format!("{NAME} has ended the access; connect the account again.");
            Failure { public, ..failure }
        }
        Some(failure) if failure.class != Class::ContentRejected => failure,
        // Such as a token that is not a day old yet: the old one may still be good.
        _ => Failure::answered(Class::Transient, format!("{NAME} did not renew the access."), answer),
    }
}

/// An error when a code is exchanged.
pub(super) fn classify_code(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify_token(answer, now);
    let is_final = answer.status < 500
        && !matches!(failure.class, Class::PermissionMissing | Class::RateLimited { .. })
        && !problem(answer).is_transient;
    if !is_final {
        return failure;
    }
    let public = format!("{NAME} no longer takes this sign-in; begin again with a new link.");
    Failure::answered(Class::TokenExpired, public, answer)
}

/// A container that ended in an error. `None` where another try may help.
pub(super) fn classify_container(why: &str) -> Option<Failure> {
    let what = match why {
        "FAILED_DOWNLOADING_VIDEO" | "UNKNOWN" | "" => return None,
        "INVALID_ASPEC_RATIO" | "INVALID_ASPECT_RATIO" => "its sides are too unequal",
        "INVALID_DURATION" => "a video lasts up to five minutes",
        "INVALID_FRAME_RATE" => "a video has 23 to 60 frames a second",
        "INVALID_BIT_RATE" => "its bit rate is too high",
        "FAILED_PROCESSING_AUDIO" | "INVALID_AUDIO_CHANNELS" | "INVALID_AUDIO_CHANNEL_LAYOUT" => {
            "its sound must be AAC with one or two channels"
        }
        _ => "it could not be processed; try another one",
    };
    Some(Failure::before_sending(Class::MediaFailed, format!("{NAME} refused a media file: {what}.")))
}

fn problem(answer: &Answer) -> Problem {
    envelope(answer).error
}

fn envelope(answer: &Answer) -> Envelope {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The platform's own words, for the author.
fn said(answer: &Answer) -> String {
    let Envelope { error, error_message } = envelope(answer);
    let words =
        [error.error_user_msg, error.message, error_message].into_iter().find(|words| !words.is_empty());
    words.map_or_else(
        || format!("status {}", answer.status),
        |words| words.trim_start_matches("(#100) ").trim_end_matches('.').to_owned(),
    )
}
