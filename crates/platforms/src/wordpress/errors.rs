//! A site's answers as failure classes: one table (REST API handbook; codes as WordPress 6.1 gives
//! them). What stands before WordPress, such as a proxy or a security plugin, answers in pages.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Problem;

/// How long a site is left alone that names no time.
const UNNAMED_LIMIT: Span = Span::from_minutes(5);

/// What an error answer to anything but the publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let class = if answer.status >= 500 { Class::Transient } else { Class::ContentRejected };
        Failure::answered(class, format!("The site refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to the publishing request means. Only a refusal that is known to come before
/// anything is written is proof that nothing was.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    let is_page = problem(answer).code.is_empty() && !matches!(answer.status, 413 | 429);
    match recognise(answer, now) {
        Some(failure) if !is_page => failure,
        _ => Failure::unproven(format!("The site answered with an error ({}).", said(answer)), answer),
    }
}

/// What an error answer to an upload means.
pub(super) fn classify_upload(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify(answer, now);
    match failure.class {
        Class::ContentRejected => Failure { class: Class::MediaFailed, ..failure },
        _ => failure,
    }
}

/// The term that was there already, if that is why one could not be made.
pub(super) fn existing_term(answer: &Answer) -> Option<u64> {
    let problem = problem(answer);
    (problem.code == "term_exists").then(|| problem.term_id()).flatten()
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let problem = problem(answer);
    let refuse = |class: Class, public: &str| Some(Failure::answered(class, public, answer));
    match (answer.status, problem.code.as_str()) {
        (429, _) => refuse(
            Class::RateLimited { until: Some(limit_end(answer, now)) },
            "The site takes no more requests for now.",
        ),
        (413, _) => {
            refuse(Class::MediaFailed, "The site takes nothing that large; raise its limit or send less.")
        }
        // WordPress says 500 to files that it will not have.
        (
            _,
            "rest_upload_sideload_error"
            | "rest_upload_file_too_big"
            | "rest_upload_unknown_error"
            | "rest_upload_no_data"
            | "rest_upload_limited_space"
            | "rest_upload_image_type_not_supported",
        ) => Some(Failure::answered(
            Class::MediaFailed,
            format!("The site refused a file ({}).", said(answer)),
            answer,
        )),
        (500.., _) => refuse(Class::Transient, "The site has a fault at the moment."),
        (300..=399, _) => {
            refuse(Class::PermissionMissing, "The site has moved; connect it again under its new address.")
        }
        // Also where the server before WordPress takes the header with the password away.
        (401, _) => refuse(
            Class::TokenExpired,
            "The site no longer accepts the application password; connect it again.",
        ),
        (403, code) if code.starts_with("rest_") => Some(Failure::answered(
            Class::PermissionMissing,
            format!(
                "The user may not do this on the site ({}); give it the role Author or a higher one.",
                said(answer)
            ),
            answer,
        )),
        (403, _) => refuse(
            Class::PermissionMissing,
            "Something before WordPress, such as a security plugin, turns the request away; allow the REST API.",
        ),
        (404, "rest_no_route") => refuse(
            Class::PermissionMissing,
            "The site's REST API is switched off or too old; see its settings.",
        ),
        (
            400,
            "rest_invalid_param"
            | "rest_missing_callback_param"
            | "rest_invalid_field"
            | "rest_invalid_featured_media"
            | "rest_invalid_json"
            | "empty_content",
        ) => Some(Failure::answered(
            Class::ContentRejected,
            format!("The site refused the post ({}).", said(answer)),
            answer,
        )),
        _ => None,
    }
}

/// When requests are taken again.
fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let seconds = answer.header("retry-after").and_then(|value| value.trim().parse().ok());
    now + seconds.map_or(UNNAMED_LIMIT, |seconds: i64| Span::from_seconds(seconds.clamp(1, 86_400)))
}

fn problem(answer: &Answer) -> Problem {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The site's own words, for the author.
fn said(answer: &Answer) -> String {
    let problem = problem(answer);
    let params: Vec<String> = problem.params().into_values().collect();
    let words = if params.is_empty() { problem.message } else { params.join(" ") };
    let words: String = words.chars().filter(|letter| !letter.is_control()).take(200).collect();
    match words.trim().trim_end_matches('.') {
        "" => format!("{NAME}, status {}", answer.status),
        words => words.to_owned(),
    }
}
