//! A poll.

use serde_json::Value;

use super::Draft;
use crate::rules::PollRules;
use crate::text::{CountingRule, length};

/// What is wrong with a poll in a post, if anything.
pub(super) fn problem(rules: &PollRules, poll: &Value, draft: &Draft<'_>) -> Option<String> {
    let options = poll.get("options").and_then(Value::as_array);
    let options: Option<Vec<&str>> =
        options.and_then(|list| list.iter().map(|text| text.as_str().map(str::trim)).collect());
    let Some(options) = options else {
        return Some("a poll needs options: a list of texts.".to_owned());
    };
    // An account with larger limits has them from its own server, which alone knows them.
    let any = PollRules { options_max: u32::MAX, option_max: u32::MAX, seconds: (0, u64::MAX) };
    let rules = if draft.premium { &any } else { rules };
    let most = rules.options_max;
    if !(2..=most).contains(&u32::try_from(options.len()).unwrap_or(u32::MAX)) {
        return Some(format!("the poll has {} options, 2 to {most} are allowed.", options.len()));
    }
    let lengths = options.iter().map(|text| length(CountingRule::Graphemes, text));
    if let Some(length) = lengths.clone().find(|length| !(1..=rules.option_max).contains(length)) {
        let most = rules.option_max;
        return Some(format!("an option of the poll has {length} characters, 1 to {most} are allowed."));
    }
    let different: std::collections::BTreeSet<&str> = options.iter().copied().collect();
    if different.len() < options.len() {
        return Some("the options of a poll must differ.".to_owned());
    }
    let (shortest, longest) = rules.seconds;
    let seconds = poll.get("expiresIn").and_then(Value::as_u64);
    if seconds.is_some_and(|seconds| !(shortest..=longest).contains(&seconds)) {
        return Some(format!("a poll is open for {shortest} to {longest} seconds."));
    }
    (!draft.media.is_empty()).then(|| "a post has a poll or media, not both.".to_owned())
}
