//! The settings of a post as the fields of a status.

use connector::{Failure, Publication};
use domain::text::{CountingRule, length};
use domain::{Class, Settings};
use serde::Serialize;
use serde_json::Value;

use super::NAME;
use super::instance::Limits;
use super::state::State;

/// The key of the content warning.
pub(super) const SPOILER: &str = "spoilerText";
const POLL: &str = "poll";
const DAY_S: u64 = 86_400;

/// A new status.
#[derive(Debug, Serialize)]
pub(super) struct NewStatus<'a> {
    status: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    media_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    poll: Option<Poll>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sensitive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    spoiler_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_reply_to_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_approval_policy: Option<&'a str>,
}

/// A poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Poll {
    options: Vec<String>,
    expires_in: u64,
    multiple: bool,
    hide_totals: bool,
}

/// The status of the part that is due.
pub(super) fn new_status<'a>(to: &'a Publication, at: &'a State) -> Result<NewStatus<'a>, Failure> {
    let settings = &to.settings;
    let is_first = at.posted.is_empty();
    Ok(NewStatus {
        status: at.text(to),
        media_ids: if is_first { &at.media } else { &[] },
        poll: if is_first { Poll::of(settings)? } else { None },
        visibility: visibility(settings, is_first),
        sensitive: is_first && settings.flag("sensitive").unwrap_or(false),
        spoiler_text: settings.text(SPOILER),
        language: settings.text("language").filter(|text| is_language(text)),
        in_reply_to_id: at.posted.last().map(String::as_str),
        quote_approval_policy: settings.text("quotePolicy").filter(|_| is_first),
    })
}

/// Public timelines get the first part of a thread; the others are seen below it. Where nothing is
/// said, the account's own choice holds for the first part.
fn visibility(settings: &Settings, is_first: bool) -> Option<&str> {
    match settings.text("visibility") {
        None | Some("public") if !is_first => Some("unlisted"),
        chosen => chosen,
    }
}

/// A language of ISO 639, perhaps with a region; servers ignore what they do not know.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|letter| letter.is_ascii_lowercase())
        && parts.all(|part| (2..=4).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric()))
}

impl Poll {
    /// The poll in the settings, if there is one.
    pub(super) fn of(settings: &Settings) -> Result<Option<Self>, Failure> {
        let Some(given) = settings.0.get(POLL).filter(|given| !given.is_null()) else { return Ok(None) };
        let options: Option<Vec<String>> = given
            .get("options")
            .and_then(Value::as_array)
            .and_then(|options| options.iter().map(|text| text.as_str().map(str::to_owned)).collect());
        let flag = |name: &str| given.get(name).and_then(Value::as_bool).unwrap_or(false);
        let Some(options) = options else {
            let public = "poll needs options: a list of texts.";
            return Err(Failure::before_sending(Class::ContentRejected, public));
        };
        let expires_in = given.get("expiresIn").and_then(Value::as_u64).unwrap_or(DAY_S);
        let (multiple, hide_totals) = (flag("multiple"), flag("hideTotals"));
        Ok(Some(Self { options, expires_in, multiple, hide_totals }))
    }

    /// Refuses a poll that the server would refuse.
    pub(super) fn check(&self, limits: &Limits) -> Result<(), Failure> {
        let refuse = |public: String| Err(Failure::before_sending(Class::ContentRejected, public));
        if !(2..=limits.poll_options).contains(&self.options.len()) {
            return refuse(format!("A {NAME} poll has 2 to {} options.", limits.poll_options));
        }
        let longest = limits.poll_characters;
        let is_right =
            |text: &String| !text.trim().is_empty() && length(CountingRule::Graphemes, text) <= longest;
        if !self.options.iter().all(is_right) {
            return refuse(format!("An option of a {NAME} poll has 1 to {longest} characters."));
        }
        let mut different: Vec<&str> = self.options.iter().map(|text| text.trim()).collect();
        different.sort_unstable();
        different.dedup();
        if different.len() < self.options.len() {
            return refuse(format!("The options of a {NAME} poll must differ."));
        }
        let (shortest, longest) = limits.poll_seconds;
        if !(shortest..=longest).contains(&self.expires_in) {
            return refuse(format!("A {NAME} poll is open for {shortest} to {longest} seconds (expiresIn)."));
        }
        Ok(())
    }
}
