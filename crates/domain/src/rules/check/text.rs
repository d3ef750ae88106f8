//! The text, the parts of a thread and the title.

use super::{Draft, Field, Report};
use crate::rules::{MediaNeed, PlatformRules, TitleRules, title_from_text};
use crate::text::{self, CountingRule};

/// The key of the title in every platform's settings.
const TITLE_KEY: &str = "title";

pub(super) fn check(rules: &PlatformRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    // Where media are needed anyway, their absence is the one thing to say.
    if draft.text.trim().is_empty() && draft.media.is_empty() && rules.media == MediaNeed::Optional {
        report.add(Field::Content, "content_required", "a post needs a text or media.");
    }
    limits(rules, draft.premium, draft.text, &Field::Content, "the text", report);
    tags(rules, draft.text, report);
    thread(rules, draft, report);
    if let Some(title) = &rules.title {
        check_title(title, draft, report);
    }
}

/// The length and the characters of one text.
pub(super) fn limits(
    rules: &PlatformRules,
    premium: bool,
    body: &str,
    field: &Field,
    name: &str,
    report: &mut Report<'_>,
) {
    let limit = rules.text.premium_limit.filter(|_| premium).unwrap_or(rules.text.limit);
    let length = text::length(rules.text.counting, body);
    let size_bytes = text::length(CountingRule::Utf8Bytes, body);
    if length > limit {
        let unit = if rules.text.counting == CountingRule::Utf8Bytes { "bytes" } else { "characters" };
        let what = format!("{name} has {length} {unit}, this account allows {limit}.");
        report.add(field.clone(), "content_too_long", what);
    } else if let Some(max) = rules.text.max_bytes.filter(|max| size_bytes > *max) {
        let what = format!("{name} has {size_bytes} bytes, this account allows {max}.");
        report.add(field.clone(), "content_too_long", what);
    }
    if let Some(found) = body.chars().find(|letter| rules.text.forbidden.contains(letter)) {
        let what = format!("{name} must not hold the character {}.", shown(found));
        report.add(field.clone(), "forbidden_characters", what);
    }
}

fn tags(rules: &PlatformRules, body: &str, report: &mut Report<'_>) {
    let mut check = |max: Option<u32>, count: usize, code, name| {
        if let Some(max) = max.filter(|max| usize::try_from(*max).is_ok_and(|max| count > max)) {
            report.add(Field::Content, code, format!("the text has {count} {name}, {max} are allowed."));
        }
    };
    check(rules.hashtags_max, text::hashtags(body), "too_many_hashtags", "hashtags");
    check(rules.mentions_max, text::mentions(body), "too_many_mentions", "mentions");
}

fn thread(rules: &PlatformRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    if !rules.threads {
        // Elsewhere only the first part goes out; an article cannot even have others.
        if rules.article.is_some() && !draft.thread.is_empty() {
            report.add(Field::ThreadPart(2), "thread_not_allowed", "an article cannot be part of a thread.");
        }
        return;
    }
    for (index, part) in draft.thread.iter().enumerate() {
        let number = index + 2;
        let field = Field::ThreadPart(number);
        if part.trim().is_empty() {
            report.add(field, "content_required", format!("part {number} of the thread is empty."));
        } else {
            limits(rules, draft.premium, part, &field, &format!("part {number} of the thread"), report);
        }
    }
}

fn check_title(rules: &TitleRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    let field = || Field::Setting(TITLE_KEY.to_owned());
    let Some(title) = draft.settings.text(TITLE_KEY).filter(|title| !title.trim().is_empty()) else {
        let has_own = rules.from_text && title_from_text(draft.text, rules.limit).is_some();
        if rules.required && !has_own {
            report.add(field(), "title_required", "a title is required; give one in the settings.");
        }
        return;
    };
    let length = text::length(CountingRule::CodePoints, title);
    if length > rules.limit {
        let what = format!("the title has {length} characters, {} are allowed.", rules.limit);
        report.add(field(), "title_too_long", what);
    }
    if let Some(found) = title.chars().find(|letter| rules.forbidden.contains(letter)) {
        let what = format!("the title must not hold the character {}.", shown(found));
        report.add(field(), "forbidden_characters", what);
    }
}

/// A character as people can see it.
fn shown(letter: char) -> String {
    if letter.is_ascii_graphic() { format!("\"{letter}\"") } else { format!("U+{:04X}", u32::from(letter)) }
}
