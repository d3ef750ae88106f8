//! The answers of Discord as failure classes (topics: opcodes and status codes, rate limits).

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;
use serde_json::Value;

use super::NAME;
use super::wire::Problem;

/// How long calls are left alone when the answer names no time.
const UNNAMED_LIMIT: Span = Span::from_seconds(10);
/// The same for a page of the server in front, which means every webhook behind this address.
const BLOCKED_FOR: Span = Span::from_minutes(10);
const SHOWN_PROBLEMS: usize = 3;

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let class = match answer.status {
            500.. => Class::Transient,
            401 => Class::TokenExpired,
            403 => Class::PermissionMissing,
            _ => Class::ContentRejected,
        };
        Failure::answered(class, format!("{NAME} refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a publishing request means. A refusal with one of Discord's codes is proof
/// that nothing was published; a page of something in between, or a 5xx, is none.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer)
    })
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    let limited = || {
        let class = Class::RateLimited { until: Some(limit_end(answer, now)) };
        refuse(class, format!("{NAME} takes no more messages for now."))
    };
    match answer.status {
        500.. => return refuse(Class::Transient, format!("{NAME} is not available.")),
        429 => return limited(),
        413 => return refuse(Class::MediaFailed, TOO_LARGE.to_owned()),
        _ => {}
    }
    let code = problem(answer).map(|problem| problem.code).filter(|code| *code != 0)?;
    let reject = |what: &str| refuse(Class::ContentRejected, what.to_owned());
    match code {
        10_015 => refuse(
            Class::TokenExpired,
            format!("The webhook is gone from {NAME}; make a new one and connect it."),
        ),
        50_027 => refuse(
            Class::TokenExpired,
            format!("{NAME} no longer accepts the webhook's address; copy it anew."),
        ),
        10_003 => reject("The thread is not there; check thread_id."),
        50_083 => refuse(Class::PermissionMissing, "The thread is archived; open it again.".to_owned()),
        160_005 => refuse(Class::PermissionMissing, "The thread is locked; unlock it.".to_owned()),
        50_001 | 50_013 => refuse(
            Class::PermissionMissing,
            format!("The webhook may not do this in the channel ({}).", said(answer)),
        ),
        40_005 | 50_045 => refuse(Class::MediaFailed, TOO_LARGE.to_owned()),
        50_110 => refuse(Class::MediaFailed, format!("{NAME} refused a file ({}).", said(answer))),
        220_001 | 40_067 => {
            reject("The channel is a forum: set thread_name (and applied_tags, if it asks for tags).")
        }
        220_002 => reject("Set thread_name or thread_id, not both."),
        220_003 | 40_058 => reject("The channel is no forum: leave out thread_name."),
        200_000 | 200_001 | 240_000 => reject("The server's moderation refused the text; change it."),
        400_001 => refuse(
            Class::AccountRestricted,
            format!("{NAME} has restricted uploads to this server; look there for the reason."),
        ),
        20_016 | 20_028 | 20_029 | 30_046 | 40_062 => limited(),
        40_333 => {
            refuse(Class::PermissionMissing, format!("{NAME} blocks requests of this server; update it."))
        }
        _ => refuse(Class::ContentRejected, format!("{NAME} refused the message ({}).", said(answer))),
    }
}

const TOO_LARGE: &str =
    "A file is larger than the Discord server takes (10 MB, more where it is boosted); make it smaller.";

fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let problem = problem(answer);
    let is_blocked = problem.is_none() && answer.header("x-ratelimit-bucket").is_none();
    let in_header = || {
        ["retry-after", "x-ratelimit-reset-after"]
            .iter()
            .find_map(|name| answer.header(name)?.trim().parse().ok())
    };
    let named: Option<f64> = problem.and_then(|problem| problem.retry_after).or_else(in_header);
    match named.filter(|seconds| (0.0..1e9).contains(seconds)) {
        // Rounded up, so that nobody is early.
        #[expect(clippy::cast_possible_truncation, reason = "within the range that was checked")]
        Some(seconds) => now + Span::from_millis((seconds * 1_000.0).ceil() as i64),
        None if is_blocked => now + BLOCKED_FOR,
        None => now + UNNAMED_LIMIT,
    }
}

/// What Discord says; `None` for what something in between said.
fn problem(answer: &Answer) -> Option<Problem> {
    serde_json::from_slice(&answer.body).ok()
}

/// Discord's own words, for the author.
pub(super) fn said(answer: &Answer) -> String {
    let Some(problem) = problem(answer) else { return format!("status {}", answer.status) };
    let mut found = Vec::new();
    flatten(&problem.errors, &mut String::new(), &mut found);
    if found.is_empty() {
        return problem.message.trim_end_matches('.').to_owned();
    }
    found.truncate(SHOWN_PROBLEMS);
    found.join("; ")
}

/// The tree of problems as lines: `embeds.0.title: Must be 256 or fewer in length`.
fn flatten(tree: &Value, path: &mut String, found: &mut Vec<String>) {
    let Value::Object(members) = tree else { return };
    for (name, member) in members {
        if name == "_errors" {
            let messages = member.as_array().into_iter().flatten();
            for message in messages.filter_map(|problem| problem["message"].as_str()) {
                let message = message.trim_end_matches('.');
                found.push(if path.is_empty() { message.to_owned() } else { format!("{path}: {message}") });
            }
            continue;
        }
        let length = path.len();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        flatten(member, path, found);
        path.truncate(length);
    }
}
