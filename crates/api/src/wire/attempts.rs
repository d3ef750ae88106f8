//! What was tried for a post, on the wire.

use app::posts::DestinationJournal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Destination;

/// What was tried for each destination of a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostAttempts {
    pub(crate) post_id: Uuid,
    /// One for each account, in the order given. A draft has none.
    pub(crate) destinations: Vec<DestinationAttempts>,
}

/// What was tried for one destination.
#[derive(Serialize, ToSchema)]
pub(crate) struct DestinationAttempts {
    /// Where it stands.
    destination: Destination,
    /// What happened, oldest first.
    entries: Vec<AttemptEntry>,
}

/// What happened.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum AttemptEvent {
    /// The request that publishes was about to be sent.
    Intent,
    /// The platform is working on it, and is asked again at `until`.
    Wait,
    /// A passing fault; another attempt follows at `until`.
    Retry,
    /// A limit of the platform is reached; it goes on at `until`.
    Limited,
    /// Nobody can tell from the answer whether it is live. It is looked for, and not sent again.
    Unknown,
    /// It was looked for and not found, or could not be looked for.
    Look,
    /// It was found.
    Found,
    /// It is certain not to be there, so it was sent again.
    Again,
    /// It is live.
    Published,
    /// It has failed.
    Failed,
    /// A person said that it is live.
    Confirmed,
    /// A person said that it is not live.
    Denied,
}

/// A line of a destination's history.
#[derive(Serialize, ToSchema)]
pub(crate) struct AttemptEntry {
    /// Its number within the destination.
    seq: i64,
    #[schema(format = DateTime)]
    at: String,
    /// In which attempt.
    attempt: u32,
    #[schema(value_type = AttemptEvent)]
    event: String,
    /// What happened, in a sentence.
    #[schema(required)]
    message: Option<String>,
    /// The class of the failure, such as `rate_limited` or `transient`.
    #[schema(required)]
    class: Option<String>,
    /// The stable code, where it has failed for good.
    #[schema(required)]
    error_code: Option<String>,
    /// The status and the beginning of the platform's answer.
    #[schema(required)]
    platform_answer: Option<String>,
    #[schema(required)]
    platform_post_url: Option<String>,
    /// When it goes on.
    #[schema(required, format = DateTime)]
    until: Option<String>,
    /// Who said so.
    #[schema(required)]
    user_id: Option<i64>,
}

impl From<DestinationJournal> for DestinationAttempts {
    fn from(journal: DestinationJournal) -> Self {
        let entries = journal.lines.into_iter().map(|line| {
            let text = |name: &str| {
                line.detail
                    .get(name)
                    .and_then(Value::as_str)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
            };
            AttemptEntry {
                seq: line.seq,
                at: line.at.to_iso_millis(),
                attempt: line.attempt,
                message: text("message"),
                class: text("class"),
                error_code: text("code"),
                platform_answer: text("platform"),
                platform_post_url: text("url"),
                until: text("until"),
                user_id: line.detail.get("user_id").and_then(Value::as_i64),
                event: line.kind,
            }
        });
        Self { entries: entries.collect(), destination: Destination::from(&journal.destination) }
    }
}

/// What a person said of a destination.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResolvedPost {
    pub(crate) post_id: Uuid,
    /// As it stands now.
    pub(crate) destination: Destination,
    pub(crate) message: &'static str,
}
