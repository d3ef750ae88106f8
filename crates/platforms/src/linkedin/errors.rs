//! LinkedIn's answers as failure classes (LinkedIn: error handling, rate limits).

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Problem;

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let class = if answer.status >= 500 || answer.status == 409 {
            Class::Transient
        } else {
            Class::ContentRejected
        };
        Failure::answered(class, format!("{NAME} refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a publishing request means. Only a recognised answer is proof that
/// nothing was published.
pub(super) fn classify_commit(answer: &Answer, repeats_unknown: bool, now: Timestamp) -> Failure {
    let unproven = || Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer);
    match recognise(answer, now) {
        // The duplicate may be what an earlier request of this very post left behind.
        Some(Failure { class: Class::Duplicate { .. }, .. }) if repeats_unknown => unproven(),
        Some(failure) => failure,
        None => unproven(),
    }
}

/// Whether the platform says that it has this post already.
fn is_duplicate(answer: &Answer) -> bool {
    let problem = problem(answer);
    matches!(answer.status, 400 | 422)
        && (problem.message.contains("Content is a duplicate of")
            || problem.error_details.input_errors.iter().any(|item| item.code == "DUPLICATE_POST"))
}

/// The post that this one repeats, if the platform names it.
pub(super) fn duplicate_of(answer: &Answer) -> Option<String> {
    if !is_duplicate(answer) {
        return None;
    }
    let problem = problem(answer);
    let start = ["urn:li:share:", "urn:li:ugcPost:"].iter().find_map(|kind| problem.message.find(kind))?;
    let urn = &problem.message[start..];
    let end = urn.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(urn.len());
    Some(urn[..end].to_owned())
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    if answer.status >= 500 {
        return Some(Failure::answered(Class::Transient, format!("{NAME} is not available."), answer));
    }
    let problem = problem(answer);
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    if is_duplicate(answer) {
        let public = format!("{NAME} has the same post from this account already; change the text.");
        return refuse(Class::Duplicate { existing: duplicate_of(answer) }, public);
    }
    let refused_input = problem.error_details.input_errors.first();
    match answer.status {
        401 => refuse(Class::TokenExpired, format!("{NAME} refused the access token.")),
        403 if problem.service_error_code == 100 || problem.code == "ACCESS_DENIED" => refuse(
            Class::PermissionMissing,
            format!("The account may not do this on {NAME} ({}).", said(answer)),
        ),
        403 if problem.message.contains("resource is forbidden")
            || problem.message.contains("Unable to obtain activity") =>
        {
            refuse(Class::Transient, format!("{NAME} is still taking in the upload."))
        }
        403 if problem.message.to_lowercase().contains("restricted") => refuse(
            Class::AccountRestricted,
            format!("{NAME} has restricted this account; open {NAME} to see why."),
        ),
        426 => refuse(
            Class::PermissionMissing,
            format!(
                "{NAME} no longer serves the version of its API that this server uses; update the server."
            ),
        ),
        429 => refuse(
            Class::RateLimited { until: Some(limit_end(answer, &problem.message, now)) },
            format!("{NAME} takes no more requests for now."),
        ),
        400 | 422
            if refused_input.is_some_and(|input| input.description.contains("not ready to be posted")) =>
        {
            refuse(
                Class::MediaFailed,
                format!("{NAME} could not take in a file; attach it again and post once more."),
            )
        }
        400 | 422 if refused_input.is_some() => {
            refuse(Class::ContentRejected, format!("{NAME} refused the post ({}).", said(answer)))
        }
        _ => None,
    }
}

const DAY_SECONDS: i64 = 86_400;

/// Daily limits end at the next midnight in UTC, limits by the minute a minute from now, unless the
/// answer names a time: the platform itself sends no rate-limit headers, a gateway may.
fn limit_end(answer: &Answer, message: &str, now: Timestamp) -> Timestamp {
    if let Some(seconds) = answer.header("retry-after").and_then(|value| value.trim().parse().ok()) {
        return now + Span::from_seconds(seconds);
    }
    if !message.contains("DAY") {
        return now + Span::from_minutes(1);
    }
    Timestamp::from_seconds((now.as_seconds() / DAY_SECONDS + 1) * DAY_SECONDS)
}

/// An error of the token endpoint.
pub(super) fn classify_token(answer: &Answer) -> Failure {
    match problem(answer).error.as_str() {
        "invalid_grant" => {
            let public = format!("{NAME} has ended the access; connect the account again.");
            Failure::answered(Class::TokenExpired, public, answer)
        }
        "invalid_client" | "unauthorized_client" => {
            let public = format!("{NAME} does not know this server's app; check its client id and secret.");
            Failure::answered(Class::PermissionMissing, public, answer)
        }
        _ => Failure::answered(Class::Transient, format!("{NAME} did not renew the access."), answer),
    }
}

/// An error of the token endpoint when a code is exchanged.
pub(super) fn classify_code(answer: &Answer) -> Failure {
    let failure = classify_token(answer);
    if failure.class == Class::PermissionMissing || answer.status >= 500 {
        return failure;
    }
    let public = format!("{NAME} no longer takes this sign-in; begin again with a new link.");
    Failure::answered(Class::TokenExpired, public, answer)
}

fn problem(answer: &Answer) -> Problem {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The platform's own words, for the author.
fn said(answer: &Answer) -> String {
    let problem = problem(answer);
    let first = problem.error_details.input_errors.first().map(|item| item.description.clone());
    let words = first.filter(|text| !text.is_empty()).unwrap_or(problem.message);
    if words.is_empty() {
        format!("status {}", answer.status)
    } else {
        words.trim_end_matches('.').to_owned()
    }
}
