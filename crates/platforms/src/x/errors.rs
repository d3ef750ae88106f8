//! X's answers as failure classes (docs.x.com: response codes and errors).

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Problem;

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let class = if answer.status >= 500 { Class::Transient } else { Class::ContentRejected };
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

/// What an error answer to an upload means: a refusal there is about the token's scopes.
pub(super) fn classify_media(answer: &Answer, now: Timestamp) -> Failure {
    match recognise(answer, now) {
        None if answer.status == 403 => {
            let public = format!(
                "The account may not upload media to {NAME} ({}); connect it again with all scopes.",
                said(answer)
            );
            Failure::answered(Class::PermissionMissing, public, answer)
        }
        _ => classify(answer, now),
    }
}

/// Whether the platform says that the media ids are not usable.
pub(super) fn names_media(answer: &Answer) -> bool {
    answer.status == 400 && text_of(&problem(answer)).contains("media ids are invalid")
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    if answer.status >= 500 {
        return Some(Failure::answered(Class::Transient, format!("{NAME} is not available."), answer));
    }
    let problem = problem(answer);
    let text = text_of(&problem);
    let kind = problem.kind.rsplit('/').next().unwrap_or_default();
    let has_code = |code: i64| problem.errors.iter().any(|item| item.code == code);
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    let billing = answer.status == 402
        || kind == "credits"
        || kind == "usage-capped"
        || ["usagecapexceeded", "creditsdepleted", "spending limit"].iter().any(|word| text.contains(word));
    match answer.status {
        _ if billing => refuse(
            Class::QuotaExhausted { until: Some(now + Span::from_hours(1)) },
            format!(
                "The {NAME} app has no API credits left; its owner has to add some in the developer console."
            ),
        ),
        401 => refuse(Class::TokenExpired, format!("{NAME} refused the access token.")),
        429 => refuse(
            Class::RateLimited { until: Some(limit_end(answer, now)) },
            format!("{NAME} takes no more requests for now."),
        ),
        403 if text.contains("duplicate content") || has_code(187) => refuse(
            Class::Duplicate { existing: None },
            format!("{NAME} has this text from this account already; change it."),
        ),
        403 if text.contains("user-suspended")
            || text.contains("account is not permitted")
            || has_code(64)
            || has_code(326) =>
        {
            refuse(
                Class::AccountRestricted,
                format!("{NAME} has restricted this account; open {NAME} to see why."),
            )
        }
        403 if text.contains("looks like it might be automated") || has_code(226) => refuse(
            Class::ContentRejected,
            format!("{NAME} took the post for an automated one; change the text and try again later."),
        ),
        403 if kind == "client-forbidden" || problem.reason == "client-not-enrolled" => refuse(
            Class::PermissionMissing,
            format!("The {NAME} app may not do this; check its access in the developer console."),
        ),
        403 if kind == "unsupported-authentication" => refuse(
            Class::TokenExpired,
            format!("{NAME} does not take this kind of token; connect the account again."),
        ),
        403 if text.contains("not permitted to perform this action") => refuse(
            Class::ContentRejected,
            format!(
                "{NAME} refused the post: it may be too long for this account, or its media do not go together."
            ),
        ),
        403 if text.contains("not allowed to post a video longer") => refuse(
            Class::ContentRejected,
            format!("{NAME} refused the video as too long for this account; make it shorter."),
        ),
        403 if text.contains("deleted or not visible") => {
            refuse(Class::ContentRejected, format!("The {NAME} post to reply to is gone."))
        }
        413 => refuse(Class::MediaFailed, format!("{NAME} refused a media file as too large.")),
        400 if text.contains("media ids are invalid") => {
            refuse(Class::MediaFailed, format!("{NAME} does not accept the uploaded media; attach it again."))
        }
        400 if kind == "invalid-request" || text.contains("maximum of") || text.contains("invalid url") => {
            refuse(Class::ContentRejected, format!("{NAME} refused the post ({}).", said(answer)))
        }
        _ => None,
    }
}

/// When calls are taken again: `Retry-After`, else the reset of the window that is used up, else
/// a minute from now.
fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let number = |name: &str| answer.header(name).and_then(|value| value.trim().parse::<i64>().ok());
    if let Some(seconds) = number("retry-after") {
        return now + Span::from_seconds(seconds);
    }
    let families = ["x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour"];
    families
        .iter()
        .filter(|family| number(&format!("{family}-remaining")) == Some(0))
        .filter_map(|family| number(&format!("{family}-reset")))
        .map(Timestamp::from_seconds)
        .max()
        .unwrap_or(now + Span::from_minutes(1))
}

/// An error of the token endpoint. Only what it says of the token itself is a revocation.
pub(super) fn classify_token(answer: &Answer) -> Failure {
    let problem = problem(answer);
    let revoked = matches!(problem.error.as_str(), "invalid_request" | "invalid_grant")
        && problem.error_description.contains("token was invalid");
    if revoked || problem.error == "invalid_grant" {
        let public = format!("{NAME} has ended the access; connect the account again.");
        return Failure::answered(Class::TokenExpired, public, answer);
    }
    if matches!(problem.error.as_str(), "unauthorized_client" | "invalid_client") {
        let public = format!("{NAME} does not know this server's app; check its client id and secret.");
        return Failure::answered(Class::PermissionMissing, public, answer);
    }
    Failure::answered(Class::Transient, format!("{NAME} did not renew the access."), answer)
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

fn text_of(problem: &Problem) -> String {
    let mut text = format!("{} {} {} {}", problem.title, problem.detail, problem.kind, problem.reason);
    for item in &problem.errors {
        text.push(' ');
        text.push_str(&item.message);
    }
    text.to_lowercase()
}

/// The platform's own words, for the author.
fn said(answer: &Answer) -> String {
    let problem = problem(answer);
    let first = problem.errors.first().map(|item| item.message.clone()).filter(|text| !text.is_empty());
    let words = first.unwrap_or(if problem.detail.is_empty() { problem.title } else { problem.detail });
    if words.is_empty() {
        format!("status {}", answer.status)
    } else {
        words.trim_end_matches('.').to_owned()
    }
}
