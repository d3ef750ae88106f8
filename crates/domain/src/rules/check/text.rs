//! The text, the parts of a thread and the title.

use std::collections::BTreeSet;

use super::{Draft, Field, Report, limit_for};
use crate::rules::{MediaNeed, PlatformRules, TitleRules, title_from_text};
use crate::text::{self, CountingRule};

/// The key of the title in every platform's settings.
const TITLE_KEY: &str = "title";
/// The key of the page that becomes the card below a post.
const LINK_KEY: &str = "link";

pub(super) fn check(rules: &PlatformRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    // Where media are needed anyway, their absence is the one thing to say.
    if draft.text.trim().is_empty() && draft.media.is_empty() && rules.media == MediaNeed::Optional {
        report.add(Field::Content, "content_required", "a post needs a text or media.");
    }
    limits(rules, draft, draft.text, &Field::Content, "the text", report);
    tags(rules, draft.text, &Field::Content, "the text", report);
    links(rules, draft, report);
    thread(rules, draft, report);
    if let Some(title) = &rules.title {
        check_title(title, draft, report);
    }
}

/// The length and the characters of one text.
pub(super) fn limits(
    rules: &PlatformRules,
    draft: &Draft<'_>,
    body: &str,
    field: &Field,
    name: &str,
    report: &mut Report<'_>,
) {
    let limit = limit_for(rules, draft);
    let is_part = !matches!(field, Field::Setting(_));
    let beside = rules.text.counts_with.filter(|_| is_part).and_then(|key| draft.settings.text(key));
    let length = text::length(rules.text.counting, body)
        + beside.map_or(0, |beside| text::length(CountingRule::Graphemes, beside));
    let size_bytes = text::length(CountingRule::Utf8Bytes, body);
    if length > limit {
        let unit = if rules.text.counting == CountingRule::Utf8Bytes { "bytes" } else { "characters" };
        let with = rules.text.counts_with.filter(|_| beside.is_some());
        let with = with.map_or_else(String::new, |key| format!(" with its {key}"));
        let what = format!("{name} has {length} {unit}{with}, this account allows {limit}.");
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

fn tags(rules: &PlatformRules, body: &str, field: &Field, part: &str, report: &mut Report<'_>) {
    let mut check = |max: Option<u32>, count: usize, code, name| {
        if let Some(max) = max.filter(|max| usize::try_from(*max).is_ok_and(|max| count > max)) {
            report.add(field.clone(), code, format!("{part} has {count} {name}, {max} are allowed."));
        }
    };
    check(rules.hashtags_max, text::hashtags(body), "too_many_hashtags", "hashtags");
    check(rules.mentions_max, text::mentions(body), "too_many_mentions", "mentions");
    check(rules.cashtags_max, text::cashtags(body), "too_many_cashtags", "cashtags");
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
            let name = format!("part {number} of the thread");
            limits(rules, draft, part, &field, &name, report);
            tags(rules, part, &field, &name, report);
            if repeats(rules, draft, index, part) {
                let what = format!("part {number} of the thread says the same as a part before it.");
                report.add(Field::ThreadPart(number), "repeated_text", what);
            }
        }
    }
}

/// Whether an earlier part has this text.
fn repeats(rules: &PlatformRules, draft: &Draft<'_>, index: usize, part: &str) -> bool {
    let mut before = std::iter::once(draft.text).chain(draft.thread.iter().map(String::as_str).take(index));
    rules.parts_differ && before.any(|earlier| earlier.trim() == part.trim())
}

/// The different links of each part. One for a card counts where there is a card.
fn links(rules: &PlatformRules, draft: &Draft<'_>, report: &mut Report<'_>) {
    let Some(max) = rules.links_max else { return };
    let card = draft.settings.text(LINK_KEY).filter(|_| draft.media.is_empty());
    let threads = if rules.threads { draft.thread } else { &[] };
    for (index, body) in std::iter::once(draft.text).chain(threads.iter().map(String::as_str)).enumerate() {
        let mut all: BTreeSet<&str> = text::web_links(body).into_iter().map(|link| &body[link]).collect();
        all.extend(card.filter(|_| index == 0));
        if usize::try_from(max).is_ok_and(|max| all.len() > max) {
            let field = if index == 0 { Field::Content } else { Field::ThreadPart(index + 1) };
            let what = format!("a text has {} links, {max} are allowed.", all.len());
            report.add(field, "too_many_links", what);
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
    let length = text::length(rules.counting, title);
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
