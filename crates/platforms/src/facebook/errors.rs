//! The Graph API's answers as failure classes (Graph API: handling errors, rate limiting). Codes
//! decide; statuses mislead.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;
use serde_json::Value;

use super::NAME;
use super::wire::{DebugInfo, Envelope, Problem};

/// How long a limit lasts that comes without a time.
const UNNAMED_LIMIT: Span = Span::from_hours(1);

/// Whether the answer says that it was done. A refusal can come with status 200.
pub(super) fn is_good(answer: &Answer) -> bool {
    let envelope = envelope(answer);
    answer.is_success() && envelope.error.is_none() && envelope.success != Some(false)
}

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let is_graphs = envelope(answer).error.is_some();
        let class =
            if answer.status >= 500 || !is_graphs { Class::Transient } else { Class::ContentRejected };
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
        Some(Failure { class: Class::Transient, .. }) | None => unproven(),
        Some(failure) => failure,
    }
}

/// What an error answer to a comment means. Comments were seen live behind refusals, so only those
/// prove something that come before anything is done.
pub(super) fn classify_comment(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify_commit(answer, false, now);
    match failure.class {
        Class::TokenExpired
        | Class::PermissionMissing
        | Class::AccountRestricted
        | Class::RateLimited { .. } => failure,
        _ => Failure::unproven(failure.public, answer),
    }
}

/// Whether the platform does not know (any more) an object that was uploaded.
pub(super) fn is_gone(answer: &Answer) -> bool {
    let problem = problem(answer);
    (problem.code == 100 && problem.error_subcode == 33)
        // An upload whose time is over.
        || problem.error_subcode == 1_363_030
}

/// Whether the platform does not want the link.
pub(super) fn is_about_link(answer: &Answer) -> bool {
    let problem = problem(answer);
    let links = [1_500, 1_609_005, 1_609_008];
    problem.code == 1_500 || (problem.code == 100 && links.contains(&problem.error_subcode))
}

/// Where an upload goes on, if the platform says that a piece was at the wrong place.
pub(super) fn right_range(answer: &Answer) -> Option<(u64, u64)> {
    let data = problem(answer).error_data?;
    // Sometimes the data is a text that holds JSON.
    let data: Value = match data {
        Value::String(text) => serde_json::from_str(&text).ok()?,
        other => other,
    };
    let number = |name: &str| {
        let value = data.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    Some((number("start_offset")?, number("end_offset")?))
}

/// What a media file did wrong is no fault of the text.
pub(super) fn of_media(failure: Failure) -> Failure {
    match failure.class {
        Class::ContentRejected => Failure { class: Class::MediaFailed, ..failure },
        _ => failure,
    }
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let envelope = envelope(answer);
    let (class, public) = match envelope.debug_info {
        Some(info) => of_upload_host(&info, &said(answer)),
        None => of_code(&envelope.error.unwrap_or_default(), answer, now)?,
    };
    Some(Failure::answered(class, public, answer))
}

fn of_upload_host(info: &DebugInfo, said: &str) -> (Class, String) {
    let passes = info.retriable || matches!(info.kind.as_str(), "OffsetInvalidError" | "PartialRequestError");
    let class = if passes { Class::Transient } else { Class::MediaFailed };
    (class, format!("{NAME} did not take the file ({said})."))
}

fn of_code(problem: &Problem, answer: &Answer, now: Timestamp) -> Option<(Class, String)> {
    let (code, subcode) = (problem.code, problem.error_subcode);
    let is_token = matches!(code, 102 | 104 | 190 | 490);
    if is_token || problem.message.starts_with("Error validating access token") {
        return Some((Class::TokenExpired, token_text(subcode)));
    }
    if let Some(known) = of_blocks(code, subcode, answer, now) {
        return Some(known);
    }
    if code == 506 || code == 1_366_051 || subcode == 1_366_051 {
        let public = format!("{NAME} has the same post from this Page already; change it.");
        return Some((Class::Duplicate { existing: None }, public));
    }
    if matches!(code, 2_500 | 2_635) {
        let public =
            format!("{NAME} does not serve this version of its API; update this server or set another.");
        return Some((Class::PermissionMissing, public));
    }
    if code == 101 {
        return Some((Class::PermissionMissing, app_text()));
    }
    if matches!(code, 1 | 2) || matches!(subcode, 1_363_047 | 1_609_010) || problem.is_transient {
        return Some((Class::Transient, format!("{NAME} could not do it just now.")));
    }
    let said = said(answer);
    if is_about_media(code, subcode) {
        return Some((Class::MediaFailed, format!("{NAME} did not take the file ({said}).")));
    }
    let is_hidden =
        code == 100 && (subcode == 33 || problem.message.to_lowercase().contains("no permission"));
    if matches!(code, 3 | 10 | 200..=299) || is_hidden {
        let public =
            format!("The account may not do this on {NAME} ({said}); connect it again with all permissions.");
        return Some((Class::PermissionMissing, public));
    }
    match code {
        _ if is_about_link(answer) => {
            Some((Class::ContentRejected, format!("{NAME} refused the link ({said}).")))
        }
        100 => Some((Class::ContentRejected, format!("{NAME} refused the post ({said})."))),
        _ if answer.status >= 500 => Some((Class::Transient, format!("{NAME} is not available."))),
        _ => None,
    }
}

/// Limits, and what the platform holds against the Page.
fn of_blocks(code: i64, subcode: i64, answer: &Answer, now: Timestamp) -> Option<(Class, String)> {
    let is = |number: i64| code == number || subcode == number;
    let known = match code {
        4 | 17 | 32 | 341 | 613 | 80_001 | 80_002 | 80_005 | 80_006 => {
            let until = Some(limit_end(answer, now));
            (Class::RateLimited { until }, format!("{NAME} takes no more requests for now."))
        }
        368 if subcode == 1_390_008 => {
            let until = Some(now + UNNAMED_LIMIT);
            (Class::RateLimited { until }, format!("{NAME} finds that this Page posts too fast."))
        }
        368 => (
            Class::AccountRestricted,
            format!("{NAME} has blocked this Page from posting for now; open {NAME} to see why."),
        ),
        _ if is(4_854_002) => (
            Class::AccountRestricted,
            format!("{NAME} wants somebody of this Page to confirm who they are; open {NAME} to do so."),
        ),
        _ if is(1_404_078) => (
            Class::PermissionMissing,
            format!("{NAME} wants an authorization to publish for this Page; its owner gives it on {NAME}."),
        ),
        _ => return None,
    };
    Some(known)
}

fn is_about_media(code: i64, subcode: i64) -> bool {
    let of_video = |number: i64| (1_363_000..1_364_000).contains(&number);
    matches!(code, 324 | 352 | 382 | 389 | 6_000 | 6_001)
        || matches!(subcode, 1_366_046 | 1_349_125 | 2_069_019 | 2_061_006)
        || of_video(code)
        || of_video(subcode)
}

fn token_text(subcode: i64) -> String {
    match subcode {
        458 => format!("{NAME}: the app was removed from the account; connect it again."),
        459 | 464 => {
            format!(
                "{NAME} wants the owner to log in on facebook.com first; do so, then connect the account again."
            )
        }
        460 => format!("{NAME}: the password was changed; connect the account again."),
        492 => format!("{NAME}: whoever connected this Page has no role on it any more; connect it again."),
        _ => format!("{NAME} refused the access token."),
    }
}

fn app_text() -> String {
    format!("{NAME} does not know this server's app; check its id and secret.")
}

/// An error of the login. Whatever is said of the app's secret comes as a general error.
pub(super) fn classify_login(answer: &Answer, now: Timestamp) -> Failure {
    let problem = problem(answer);
    if problem.code == 101 || problem.message.contains("client secret") {
        return Failure::answered(Class::PermissionMissing, app_text(), answer);
    }
    if matches!(problem.error_subcode, 36_007..=36_009) {
        let public = format!("{NAME} does not take the login any more; begin it again.");
        return Failure::answered(Class::TokenExpired, public, answer);
    }
    classify(answer, now)
}

/// When calls are taken again: the header names minutes, else an hour from now.
fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let usage = answer.header("x-business-use-case-usage").and_then(|text| serde_json::from_str(text).ok());
    let buckets = match &usage {
        Some(Value::Object(holders)) => holders.values().filter_map(Value::as_array).flatten().collect(),
        _ => Vec::new(),
    };
    let minutes =
        buckets.iter().filter_map(|bucket| bucket["estimated_time_to_regain_access"].as_i64()).max();
    match minutes.filter(|minutes| *minutes > 0) {
        Some(minutes) => now + Span::from_minutes(minutes),
        None => now + UNNAMED_LIMIT,
    }
}

fn envelope(answer: &Answer) -> Envelope {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn problem(answer: &Answer) -> Problem {
    envelope(answer).error.unwrap_or_default()
}

/// The platform's own words, for the author.
fn said(answer: &Answer) -> String {
    let envelope = envelope(answer);
    let problem = envelope.error.unwrap_or_default();
    let shown = problem.error_user_msg.filter(|text| !text.is_empty()).unwrap_or(problem.message);
    let words = if shown.is_empty() { envelope.debug_info.unwrap_or_default().message } else { shown };
    if words.is_empty() {
        format!("status {}", answer.status)
    } else {
        words.trim_end_matches('.').to_owned()
    }
}
