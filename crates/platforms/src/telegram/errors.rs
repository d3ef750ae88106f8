//! The answers of the Bot API as failure classes. Its texts are for people, but nothing else tells
//! one refusal from another.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Problem;

/// How long calls are left alone when the answer names no time.
const UNNAMED_LIMIT: Span = Span::from_seconds(30);
/// Telegram counts whole seconds, so that the named time may be just too early.
const MARGIN: Span = Span::from_seconds(1);

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let class = if answer.status >= 500 { Class::Transient } else { Class::ContentRejected };
        Failure::answered(class, format!("{NAME} refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a publishing request means. The Bot API answers a refusal only where
/// nothing was sent; a page of something in between, or a 5xx, is no proof.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer)
    })
}

/// The id that a group has since it became a supergroup.
pub(super) fn moved_to(answer: &Answer) -> Option<i64> {
    problem(answer)?.parameters.migrate_to_chat_id
}

/// Phrases of the refusals with status 400, with what each means. The first that is found counts.
const PHRASES: &[(&str, Class, &str)] = &[
    (
        "chat not found",
        Class::PermissionMissing,
        "Telegram shows this bot no such chat; add the bot to it as an administrator.",
    ),
    (
        "upgraded to a supergroup",
        Class::PermissionMissing,
        "The group has become a supergroup and has a new id; connect it again.",
    ),
    ("administrator rights", Class::PermissionMissing, NO_RIGHT),
    // Said of a channel's members to a bot that is no administrator of it.
    ("member list is inaccessible", Class::PermissionMissing, NO_RIGHT),
    ("not enough rights", Class::PermissionMissing, NO_RIGHT),
    ("no rights to send", Class::PermissionMissing, NO_RIGHT),
    ("chat_admin_required", Class::PermissionMissing, NO_RIGHT),
    ("chat_write_forbidden", Class::PermissionMissing, NO_RIGHT),
    (
        "topic_closed",
        Class::PermissionMissing,
        "The topic is closed; open it, or give the bot the right to manage topics.",
    ),
    (
        "message thread not found",
        Class::ContentRejected,
        "The chat has no such topic; check message_thread_id.",
    ),
    ("message is too long", Class::ContentRejected, "The text is longer than Telegram takes (4,096)."),
    ("caption is too long", Class::ContentRejected, "The caption is longer than Telegram takes (1,024)."),
    ("caption_too_long", Class::ContentRejected, "The caption is longer than Telegram takes (1,024)."),
    ("text is empty", Class::ContentRejected, "Telegram takes no empty text."),
    ("frozen_method_invalid", Class::AccountRestricted, RESTRICTED),
    ("user_restricted", Class::AccountRestricted, RESTRICTED),
    ("chat_restricted", Class::AccountRestricted, RESTRICTED),
    ("peer_flood", Class::AccountRestricted, RESTRICTED),
    ("file is too big", Class::MediaFailed, TOO_LARGE),
];

/// Phrases of refused files; Telegram's own words tell which rule was broken.
const OF_FILES: &[&str] = &[
    "photo_",
    "image_process_failed",
    "video_",
    "specified type in the album",
    "file must be non-empty",
    "wrong file identifier",
    "wrong type of the web page content",
    "http url content",
    "upload file by url",
];

const NO_RIGHT: &str =
    "The bot may not do this in the chat; make it an administrator with the right to post messages.";
const RESTRICTED: &str = "Telegram has restricted the bot or the chat; open Telegram to see why.";
const TOO_LARGE: &str =
    "A file is larger than Telegram takes from bots (photos 10 MB, others 50 MB); make it smaller.";

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    match answer.status {
        500.. => return refuse(Class::Transient, format!("{NAME} is not available.")),
        // Said before the whole request was read, by whatever stands in front.
        413 => return refuse(Class::MediaFailed, TOO_LARGE.to_owned()),
        429 => {
            let class = Class::RateLimited { until: Some(limit_end(answer, now)) };
            return refuse(class, format!("{NAME} takes no more messages for now."));
        }
        _ => {}
    }
    let problem = problem(answer)?;
    let text = problem.description.to_lowercase();
    match answer.status {
        401 => refuse(Class::TokenExpired, format!("{NAME} no longer accepts the bot's token.")),
        404 if text == "not found" => {
            refuse(Class::TokenExpired, format!("{NAME} does not know the bot's token."))
        }
        404 => refuse(
            Class::PermissionMissing,
            format!("{NAME} does not serve this method of its API; update this server."),
        ),
        403 if text.contains("rights") || text.contains("chat_write_forbidden") => {
            refuse(Class::PermissionMissing, NO_RIGHT.to_owned())
        }
        403 => refuse(
            Class::TokenExpired,
            format!("The bot is not in the chat any more ({}); add it and connect again.", said(answer)),
        ),
        409 => refuse(Class::Transient, format!("{NAME} is busy with this bot ({}).", said(answer))),
        400 if text.starts_with("bad request") => {
            if let Some((_, class, public)) = PHRASES.iter().find(|(phrase, ..)| text.contains(phrase)) {
                return refuse(class.clone(), (*public).to_owned());
            }
            if OF_FILES.iter().any(|phrase| text.contains(phrase)) {
                return refuse(Class::MediaFailed, format!("{NAME} refused a file ({}).", said(answer)));
            }
            refuse(Class::ContentRejected, format!("{NAME} refused the message ({}).", said(answer)))
        }
        _ => None,
    }
}

fn limit_end(answer: &Answer, now: Timestamp) -> Timestamp {
    let in_body = problem(answer).and_then(|problem| problem.parameters.retry_after);
    let in_header = || answer.header("retry-after")?.trim().parse().ok();
    let named = in_body.or_else(in_header).filter(|seconds| *seconds >= 0);
    named.map_or(now + UNNAMED_LIMIT, |seconds| now + Span::from_seconds(seconds) + MARGIN)
}

/// What the Bot API says; `None` for what something in between said.
fn problem(answer: &Answer) -> Option<Problem> {
    let problem: Problem = serde_json::from_slice(&answer.body).ok()?;
    (!problem.ok && problem.error_code == answer.status).then_some(problem)
}

/// Telegram's own words, for the author.
fn said(answer: &Answer) -> String {
    let words = problem(answer).map(|problem| problem.description).unwrap_or_default();
    let words = words.split_once(": ").map_or(words.as_str(), |(_, rest)| rest).trim_end_matches('.');
    if words.is_empty() { format!("status {}", answer.status) } else { words.to_owned() }
}
