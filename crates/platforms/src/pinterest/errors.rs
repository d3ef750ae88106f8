//! Pinterest's answers as failure classes. Its numbers are only partly documented, so that the status
//! decides first, then the number, then the text.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Problem;

/// How long calls are left alone when the answer names no time.
const UNNAMED_LIMIT: Span = Span::from_seconds(60);

/// What an error answer to anything but a new pin means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        Failure::answered(Class::Transient, format!("{NAME} refused a request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a new pin means. Only an answer in Pinterest's own form, with a reason, is
/// proof that there is no pin.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer)
    })
}

/// Whether the film of a new pin is not there, or not ready.
pub(super) fn names_media(answer: &Answer) -> bool {
    let text = said(answer).to_lowercase();
    matches!(answer.status, 400 | 404)
        && text.contains("media")
        && !text.contains("cover_image")
        && ["not found", "not ready", "not been", "processing", "registered", "expired"]
            .iter()
            .any(|word| text.contains(word))
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    if answer.status >= 500 {
        return refuse(Class::Transient, format!("{NAME} is not available."));
    }
    let problem = problem(answer);
    let text = problem.as_ref().map(text_of).unwrap_or_default();
    if answer.status == 429 {
        if text.contains("spam") {
            return refuse(
                Class::AccountRestricted,
                format!("{NAME} took this for spam and holds the account back; open {NAME} to see why."),
            );
        }
        let until = Some(limit_end(answer, now));
        return refuse(Class::RateLimited { until }, format!("{NAME} takes no more requests for now."));
    }
    let problem = problem?;
    if text.contains("went wrong") || text.contains("on our end") {
        return None;
    }
    match (answer.status, problem.code) {
        (401, 3) => refuse(Class::PermissionMissing, app_may_not(answer)),
        (401, _) => refuse(Class::TokenExpired, format!("{NAME} refused the access token.")),
        (403, _) if text.contains("trial") => refuse(
            Class::PermissionMissing,
            format!(
                "The {NAME} app has trial access only, which cannot create pins; ask {NAME} for standard access."
            ),
        ),
        (403, _) if text.contains("suspended") || text.contains("deactivated") => refuse(
            Class::AccountRestricted,
            format!("{NAME} has restricted this account; open {NAME} to see why."),
        ),
        (403, 3) => refuse(Class::PermissionMissing, app_may_not(answer)),
        (403, _) => refuse(
            Class::PermissionMissing,
            format!(
                "The account may not do this on {NAME} ({}): the board may be someone else's or secret.",
                said(answer)
            ),
        ),
        (404, _) if text.contains("board") => {
            refuse(Class::ContentRejected, format!("{NAME} does not find the board; choose another one."))
        }
        (404, _) => refuse(Class::ContentRejected, format!("{NAME} does not find it ({}).", said(answer))),
        (413, _) => refuse(Class::MediaFailed, format!("{NAME} refused a media file as too large.")),
        (400, _) if text.contains("unable to reach the url") => {
            refuse(Class::Transient, format!("{NAME} could not fetch the cover image from its address."))
        }
        (400, _) if text.contains("blocked") && text.contains("link") => refuse(
            Class::ContentRejected,
            format!("{NAME} blocks the link of this pin; remove it or use another one."),
        ),
        (400, _) if text.contains("image") && (text.contains("format") || text.contains("too small")) => {
            refuse(Class::MediaFailed, format!("{NAME} refused an image ({}).", said(answer)))
        }
        (400, _) => refuse(Class::ContentRejected, format!("{NAME} refused the pin ({}).", said(answer))),
        _ => None,
    }
}

fn app_may_not(answer: &Answer) -> String {
    format!("The {NAME} app may not do this ({}); check its access at {NAME}.", said(answer))
}

/// When calls are taken again: the header has seconds from now.
fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let named = answer.header("x-ratelimit-reset").or_else(|| answer.header("retry-after"));
    match named.and_then(|text| text.trim().parse().ok()).filter(|seconds| *seconds > 0) {
        Some(seconds) => now + Span::from_seconds(seconds),
        None => now + UNNAMED_LIMIT,
    }
}

/// An error of the token endpoint when access is renewed: both of its shapes say no in the same way.
pub(super) fn classify_token(answer: &Answer, now: Timestamp) -> Failure {
    if names_client(answer) {
        let public = format!("{NAME} does not know this server's app; check its id and secret.");
        return Failure::answered(Class::PermissionMissing, public, answer);
    }
    if matches!(answer.status, 400 | 401) && problem(answer).is_some() {
        let public = format!("{NAME} has ended the access; connect the account again.");
        return Failure::answered(Class::TokenExpired, public, answer);
    }
    let known = recognise(answer, now).filter(|failure| matches!(failure.class, Class::RateLimited { .. }));
    known.unwrap_or_else(|| {
        Failure::answered(Class::Transient, format!("{NAME} did not renew the access."), answer)
    })
}

/// An error of the token endpoint when a code is exchanged.
pub(super) fn classify_code(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify_token(answer, now);
    if failure.class != Class::TokenExpired {
        return failure;
    }
    let public = format!("{NAME} no longer takes this sign-in; begin again with a new link.");
    Failure { public, ..failure }
}

fn names_client(answer: &Answer) -> bool {
    let Some(problem) = problem(answer) else { return false };
    let text = text_of(&problem);
    problem.error.as_deref() == Some("invalid_client") || text.contains("client") && answer.status == 401
}

fn problem(answer: &Answer) -> Option<Problem> {
    let problem: Problem = serde_json::from_slice(&answer.body).ok()?;
    (problem.error.is_some() || !problem.message.is_empty()).then_some(problem)
}

fn text_of(problem: &Problem) -> String {
    let detail = problem.message_detail.as_deref().unwrap_or_default();
    format!("{} {detail} {}", problem.message, problem.error.as_deref().unwrap_or_default()).to_lowercase()
}

/// Pinterest's own words, for the author.
fn said(answer: &Answer) -> String {
    let words = problem(answer).map(|problem| problem.message).filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| format!("status {}", answer.status));
    words.chars().take(200).collect::<String>().trim_end_matches('.').to_owned()
}
