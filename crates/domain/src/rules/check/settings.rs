//! The settings that the platform refuses when they are wrong.

use serde_json::Value;

use super::{Draft, Field, Report, poll, text};
use crate::rules::{PlatformRules, SettingRule, SettingTakes};
use crate::text::{CountingRule, length};

pub(super) fn check(rules: &PlatformRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    for rule in rules.settings {
        for key in rule.keys {
            // An empty value is how forms leave a setting out.
            let value = draft.settings.0.get(*key);
            if let Some(value) = value.filter(|value| !value.is_null() && value.as_str() != Some("")) {
                one(rules, rule, key, value, draft, report);
            }
        }
    }
}

fn one(
    rules: &PlatformRules,
    rule: &SettingRule,
    key: &str,
    value: &Value,
    draft: &Draft<'_>,
    report: &mut Report<'_>,
) {
    let field = Field::Setting(key.to_owned());
    match rule.takes {
        SettingTakes::OneOf(allowed) => {
            if !value.as_str().is_some_and(|value| allowed.contains(&value)) {
                report.add(field, "invalid_setting", format!("{key} must be one of {}.", allowed.join(", ")));
            }
        }
        SettingTakes::Text(max) => match value.as_str() {
            Some(text) => at_most(max, text, field, "setting_too_long", key, report),
            None => report.add(field, "invalid_setting", format!("{key} must be a text.")),
        },
        SettingTakes::Units(max) => match value.as_str() {
            Some(text) => {
                let length = length(CountingRule::Utf16Units, text);
                if length > max {
                    let what = format!("{key} has {length} characters, {max} are allowed.");
                    report.add(field, "setting_too_long", what);
                }
            }
            None => report.add(field, "invalid_setting", format!("{key} must be a text.")),
        },
        SettingTakes::AltText => {
            // Without anything to describe it goes unused.
            let Some(max) = rules.alt_text_max.filter(|_| !draft.media.is_empty()) else { return };
            for text in texts(value) {
                let length = length(rules.alt_text_counting, text);
                if length > max {
                    let what = format!("{key} has {length} characters, {max} are allowed.");
                    report.add(field.clone(), "alt_text_too_long", what);
                }
            }
        }
        SettingTakes::Post => match value.as_str() {
            Some(body) => text::limits(rules, draft, body, &field, key, report),
            None => report.add(field, "invalid_setting", format!("{key} must be a text.")),
        },
        SettingTakes::Digits => {
            let is_number = value.is_u64()
                || value.as_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            if !is_number {
                report.add(field, "invalid_setting", format!("{key} must be a number."));
            }
        }
        SettingTakes::Address(max) => address(max, value, field, key, report),
        SettingTakes::CardAddress if draft.media.is_empty() => address(u32::MAX, value, field, key, report),
        SettingTakes::CardAddress => {}
        SettingTakes::Name { max, without, never } => {
            if let Some((code, what)) = wrong_with_name(value, max, without, never) {
                report.add(field, code, format!("{key} {what}."));
            }
        }
        SettingTakes::Colour => {
            if !is_colour(value) {
                report.add(field, "invalid_setting", format!("{key} must be a colour such as #6E7874."));
            }
        }
        SettingTakes::Poll(poll) => {
            if let Some(what) = poll::problem(&poll, value, draft) {
                report.add(field, "invalid_poll", what);
            }
        }
        SettingTakes::Words(max) => {
            let total = words_length(value);
            if total > u64::from(max) {
                let what = format!("{key} have {total} characters in all, {max} are allowed.");
                report.add(field, "setting_too_long", what);
            }
        }
    }
}

fn at_most(max: u32, text: &str, field: Field, code: &'static str, key: &str, report: &mut Report<'_>) {
    let length = length(CountingRule::CodePoints, text);
    if length > max {
        report.add(field, code, format!("{key} has {length} characters, {max} are allowed."));
    }
}

/// What is wrong with a shown name, after its key: a code, and the words.
fn wrong_with_name(
    value: &Value,
    max: u32,
    without: &[&str],
    never: &[&str],
) -> Option<(&'static str, String)> {
    let Some(name) = value.as_str() else { return Some(("invalid_setting", "must be a text".to_owned())) };
    let (length, lower) = (length(CountingRule::Utf16Units, name.trim()), name.trim().to_lowercase());
    if !(1..=max).contains(&length) {
        return Some(("setting_too_long", format!("has {length} characters, 1 to {max} are allowed")));
    }
    if let Some(word) = without.iter().find(|word| lower.contains(**word)) {
        return Some(("invalid_setting", format!("must not have \"{word}\" in it")));
    }
    never.contains(&lower.as_str()).then(|| ("invalid_setting", format!("must not be \"{lower}\"")))
}

fn is_colour(value: &Value) -> bool {
    let hex = value.as_str().and_then(|text| text.strip_prefix('#'));
    hex.is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn address(max: u32, value: &Value, field: Field, key: &str, report: &mut Report<'_>) {
    let text = value.as_str().map(str::trim);
    let rest = text.and_then(|text| text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")));
    let is_address = rest.is_some_and(|rest| {
        let begins_well = rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '[');
        begins_well && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    });
    match text {
        Some(text) if is_address => at_most(max, text, field, "setting_too_long", key, report),
        _ => {
            report.add(field, "invalid_setting", format!("{key} must be an address with http or https."));
        }
    }
}

/// A text, or the texts of a list.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}

/// The length of a list of words, or of a text with commas, as YouTube counts tags: words with a
/// space are quoted, and the commas between count.
fn words_length(value: &Value) -> u64 {
    let texts = texts(value);
    let words: Vec<&str> = match value {
        Value::String(_) => texts.iter().flat_map(|text| text.split(',')).map(str::trim).collect(),
        _ => texts,
    };
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let quotes = |word: &str| if word.contains(' ') { 2 } else { 0 };
    let letters: u64 =
        words.iter().map(|word| u64::from(length(CountingRule::CodePoints, word)) + quotes(word)).sum();
    letters + u64::try_from(words.len().saturating_sub(1)).unwrap_or(0)
}
