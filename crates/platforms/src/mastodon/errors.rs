//! Mastodon's answers as failure classes. The texts are in the account's language on many servers,
//! so that the status decides where it can.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Problem;

/// How long calls are left alone when the answer names no time.
const UNNAMED_LIMIT: Span = Span::from_minutes(5);

/// What an error answer to anything but a status means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        Failure::answered(Class::Transient, format!("{NAME} refused a request ({}).", said(answer)), answer)
    })
}

/// What an error answer to an upload means: what is not about the account is about the file.
pub(super) fn classify_media(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify(answer, now);
    let is_broken = answer.status == 500 && said(answer).contains("thumbnail");
    if is_broken || failure.class == Class::ContentRejected {
        let public = format!("{NAME} refused a media file ({}).", said(answer));
        return Failure::answered(Class::MediaFailed, public, answer);
    }
    failure
}

/// What an error answer to a status means. Only an answer in the platform's own form is proof that
/// this request published nothing. `is_first` is whether it was the first part.
pub(super) fn classify_commit(
    answer: &Answer,
    repeats_unknown: bool,
    is_first: bool,
    now: Timestamp,
) -> Failure {
    let unproven = || Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer);
    // The files may be attached to what an earlier try left behind.
    if repeats_unknown && names_media(answer) {
        return unproven();
    }
    if answer.status == 404 && is_first && problem(answer).is_some() {
        let public =
            format!("{NAME} had this post already and it was deleted there; publish it as a new post.");
        return Failure::answered(Class::ContentRejected, public, answer);
    }
    recognise(answer, now).unwrap_or_else(unproven)
}

/// Whether the files of a status are gone or belong to another one.
pub(super) fn names_media(answer: &Answer) -> bool {
    let text = said(answer).to_lowercase();
    answer.status == 422 && text.contains("media") && text.contains("not found")
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    if answer.status >= 500 {
        return refuse(Class::Transient, format!("The account's {NAME} server is not available."));
    }
    if answer.status == 429 {
        let until = Some(limit_end(answer, now));
        let public = format!("The account's {NAME} server takes no more requests for now.");
        return refuse(Class::RateLimited { until }, public);
    }
    if answer.status == 413 {
        return refuse(
            Class::MediaFailed,
            format!("A file is larger than the account's {NAME} server takes."),
        );
    }
    // A gateway's page says nothing about what the server did.
    let text = problem(answer)?.error.to_lowercase();
    match answer.status {
        401 => refuse(Class::TokenExpired, format!("The account's {NAME} server refused the access token.")),
        403 if ["disabled", "confirm", "pending", "suspend"].iter().any(|word| text.contains(word)) => {
            refuse(
                Class::AccountRestricted,
                format!("The account cannot be used ({}); sign in on its server to see why.", said(answer)),
            )
        }
        403 => refuse(
            Class::PermissionMissing,
            format!(
                "The access token may not do this ({}); connect the account with a token that has every scope.",
                said(answer)
            ),
        ),
        404 => refuse(Class::ContentRejected, format!("{NAME} does not find what the post refers to.")),
        422 if text.contains("finished processing") => {
            refuse(Class::Transient, format!("{NAME} still processes the media of the post."))
        }
        400 | 422 => refuse(Class::ContentRejected, format!("{NAME} refused the post ({}).", said(answer))),
        _ => None,
    }
}

/// When calls are taken again. The header has a date and time, not a number.
fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let named = answer.header("x-ratelimit-reset").and_then(|text| Timestamp::parse(text.trim()).ok());
    named.filter(|end| *end > now).unwrap_or(now + UNNAMED_LIMIT)
}

fn problem(answer: &Answer) -> Option<Problem> {
    serde_json::from_slice::<Problem>(&answer.body).ok().filter(|problem| !problem.error.is_empty())
}

/// The server's own words, for the author.
fn said(answer: &Answer) -> String {
    let Some(problem) = problem(answer) else { return format!("status {}", answer.status) };
    let words = if problem.error_description.is_empty() { problem.error } else { problem.error_description };
    words.chars().take(200).collect::<String>().trim_end_matches(['.', '!']).to_owned()
}
