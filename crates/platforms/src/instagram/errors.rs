//! Instagram's answers as failure classes (content publishing: error codes; Graph API: handling
//! errors, rate limiting). Numbers decide; the status is 400 nearly always, throttling included.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;
use serde_json::Value;

use super::NAME;
use super::wire::{Envelope, Problem, Status};

/// How long a limit lasts that comes without a time.
const UNNAMED_LIMIT: Span = Span::from_hours(1);

/// What one of content publishing's own numbers means. They come in refusals and in the status of a
/// container alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It may work with a new container.
    Passing,
    /// There is no such container (any more).
    Gone,
    /// The container is being processed. Also said of one that was published.
    NotReady,
    /// The day's posts are used up.
    Quota,
    /// The account is blocked from this for a while.
    Blocked,
    /// The owner has to open the app.
    Restricted,
    /// The platform could not have the file.
    Unfetchable,
    /// The file is not what it takes.
    Media,
    /// The rest of the post is not.
    Content,
}

impl Fault {
    /// By its seven digits.
    pub(super) const fn of(number: i64) -> Option<Self> {
        Some(match number {
            2_207_001 | 2_207_003 | 2_207_020 | 2_207_032 | 2_207_053 | 2_207_077 | 2_207_082 => {
                Self::Passing
            }
            2_207_006 | 2_207_008 => Self::Gone,
            2_207_027 => Self::NotReady,
            2_207_042 => Self::Quota,
            2_207_050 => Self::Restricted,
            2_207_051 => Self::Blocked,
            2_207_052 => Self::Unfetchable,
            2_207_004 | 2_207_005 | 2_207_009 | 2_207_026 => Self::Media,
            2_207_010 | 2_207_023 | 2_207_028 | 2_207_035 | 2_207_036 | 2_207_037 | 2_207_040 | 2_207_057
            | 2_207_081 => Self::Content,
            _ => return None,
        })
    }

    /// The one that a refusal names.
    pub(super) fn in_answer(answer: &Answer) -> Option<Self> {
        Self::of(problem(answer).error_subcode)
    }

    /// The one that the status of a failed container names.
    pub(super) fn in_status(status: &Status) -> Option<Self> {
        let digits = status.status.split(|letter: char| !letter.is_ascii_digit());
        digits.filter(|digits| digits.len() == 7).find_map(|digits| Self::of(digits.parse().ok()?))
    }

    /// As a failure; `said` are the platform's words.
    pub(super) fn failure(self, said: &str, answer: &Answer, now: Timestamp) -> Failure {
        let (class, public) = match self {
            Self::Passing => {
                (Class::Transient, format!("{NAME} could not take the media in just now ({said})."))
            }
            Self::Gone => (Class::Transient, format!("{NAME} does not know the prepared post any more.")),
            Self::NotReady => (Class::Transient, format!("{NAME} is still processing the media.")),
            Self::Quota => (
                Class::QuotaExhausted { until: Some(now + UNNAMED_LIMIT) },
                format!("{NAME} takes no more posts from this account today."),
            ),
            Self::Blocked => (
                Class::AccountRestricted,
                format!(
                    "{NAME} has blocked this account from posting for a day or more; open the app to see why."
                ),
            ),
            Self::Restricted => (
                Class::AccountRestricted,
                format!("{NAME} has restricted this account; open the app to see what it wants."),
            ),
            Self::Unfetchable => (
                Class::MediaFailed,
                format!(
                    "{NAME} could not fetch the file from this server; check that its public address can be reached."
                ),
            ),
            Self::Media => (Class::MediaFailed, format!("{NAME} did not take the file ({said}).")),
            Self::Content => (Class::ContentRejected, format!("{NAME} refused the post ({said}).")),
        };
        Failure::answered(class, public, answer)
    }
}

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

/// What an error answer to a publishing request means. Only a recognised refusal that comes before
/// anything is done is proof that nothing was published.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    match recognise(answer, now) {
        Some(Failure { class: Class::Transient, .. }) | None => unproven(answer),
        Some(failure) => failure,
    }
}

/// An error answer that says nothing about whether it was done.
pub(super) fn unproven(answer: &Answer) -> Failure {
    Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer)
}

/// What an error answer to a comment means. Comments were seen live behind refusals, so only those
/// prove something that come before anything is done.
pub(super) fn classify_comment(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify_commit(answer, now);
    match failure.class {
        Class::TokenExpired
        | Class::PermissionMissing
        | Class::AccountRestricted
        | Class::RateLimited { .. } => failure,
        _ => Failure::unproven(failure.public, answer),
    }
}

/// Whether the platform does not know an object (any more).
pub(super) fn is_gone(answer: &Answer) -> bool {
    let problem = problem(answer);
    (problem.code == 100 && problem.error_subcode == 33) || Fault::in_answer(answer) == Some(Fault::Gone)
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let problem = problem(answer);
    let (code, text) = (problem.code, problem.message.to_lowercase());
    let refuse = |class: Class, public: String| Some(Failure::answered(class, public, answer));
    if let Some(fault) = Fault::in_answer(answer) {
        return Some(fault.failure(&said(answer), answer, now));
    }
    if let Some(info) = envelope(answer).debug_info {
        let class = if info.retriable { Class::Transient } else { Class::MediaFailed };
        return refuse(class, format!("{NAME} did not take the file ({}).", said(answer)));
    }
    match code {
        102 | 104 | 190 | 452 | 490 => {
            return refuse(Class::TokenExpired, format!("{NAME} refused the access token."));
        }
        _ if text.contains("error validating access token")
            || text.contains("session has been invalidated") =>
        {
            return refuse(Class::TokenExpired, format!("{NAME} refused the access token."));
        }
        _ if text.contains("not an instagram business") => {
            return refuse(
                Class::PermissionMissing,
                format!("The account is no professional one any more; switch it back in {NAME}'s settings."),
            );
        }
        4 | 9 | 17 | 32 | 341 | 613 | 80_002 => {
            let until = Some(limit_end(answer, now));
            return refuse(Class::RateLimited { until }, format!("{NAME} takes no more requests for now."));
        }
        25 | 368 => {
            return refuse(
                Class::AccountRestricted,
                format!("{NAME} has restricted this account; open the app to see what it wants."),
            );
        }
        2_500 | 2_635 => {
            return refuse(
                Class::PermissionMissing,
                format!("{NAME} does not serve this version of its API; update this server or set another."),
            );
        }
        1 | 2 => return refuse(Class::Transient, format!("{NAME} could not do it just now.")),
        3 | 10 | 200..=299 => return refuse(Class::PermissionMissing, permission_text(answer)),
        100 if problem.error_subcode == 33 || text.contains("permission") => {
            return refuse(Class::PermissionMissing, permission_text(answer));
        }
        352 => {
            return refuse(Class::MediaFailed, format!("{NAME} did not take the file ({}).", said(answer)));
        }
        100 => {
            return refuse(Class::ContentRejected, format!("{NAME} refused the post ({}).", said(answer)));
        }
        _ => {}
    }
    if problem.is_transient || answer.status >= 500 {
        return refuse(Class::Transient, format!("{NAME} is not available."));
    }
    None
}

fn permission_text(answer: &Answer) -> String {
    format!(
        "The account may not do this on {NAME} ({}); connect it again with all permissions.",
        said(answer)
    )
}

/// An error of a login or a renewal.
pub(super) fn classify_login(answer: &Answer, now: Timestamp) -> Failure {
    let envelope = envelope(answer);
    let text = format!(
        "{} {}",
        envelope.error_message.unwrap_or_default(),
        envelope.error.map(|problem| problem.message).unwrap_or_default()
    )
    .to_lowercase();
    let is_about_app = ["client secret", "platform app", "validating application", "client_secret"];
    if is_about_app.iter().any(|words| text.contains(words)) {
        let public = format!("{NAME} does not know this server's app; check its id and secret.");
        return Failure::answered(Class::PermissionMissing, public, answer);
    }
    if text.contains("authorization code") || text.contains("verification code") {
        let public = format!("{NAME} does not take the login any more; begin it again.");
        return Failure::answered(Class::TokenExpired, public, answer);
    }
    let failure = classify(answer, now);
    match failure.class {
        // A login publishes nothing: what is not understood may pass.
        Class::ContentRejected | Class::Ambiguous => Failure {
            class: Class::Transient,
            public: format!("{NAME} did not give access ({}).", said(answer)),
            ..failure
        },
        _ => failure,
    }
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
pub(super) fn said(answer: &Answer) -> String {
    let envelope = envelope(answer);
    let problem = envelope.error.unwrap_or_default();
    let candidates = [
        problem.error_user_msg.unwrap_or_default(),
        problem.message,
        envelope.debug_info.unwrap_or_default().message,
        envelope.error_message.unwrap_or_default(),
    ];
    match candidates.into_iter().find(|words| !words.is_empty()) {
        Some(words) => words.trim_end_matches('.').to_owned(),
        None => format!("status {}", answer.status),
    }
}
