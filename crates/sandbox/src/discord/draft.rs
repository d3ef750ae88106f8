//! A message as it comes in, checked against the rules of a webhook's messages.

use serde_json::{Map, Value};

use super::embeds;
use super::errors::{DiscordError, Problems, bad, not_json, too_large};
use crate::core::form::{FilePart, Form};

const CONTENT_MAX: usize = 2_000;
const NAME_MAX: usize = 80;
const THREAD_NAME_MAX: usize = 100;
const ALT_MAX: usize = 1_024;
const FILES_MAX: usize = 10;
const FILE_MAX_BYTES: usize = 10 << 20;
const MENTIONS_MAX: usize = 100;
/// The flags that a webhook may set: no previews, nobody's phone rings, components.
const FLAGS: u64 = 1 << 2 | 1 << 12 | 1 << 15;

/// A message that is right by itself.
#[derive(Default)]
pub(super) struct Draft {
    /// `None` where an edit leaves it as it is.
    pub(super) content: Option<String>,
    pub(super) username: Option<String>,
    pub(super) avatar_url: Option<String>,
    pub(super) embeds: Option<Vec<Value>>,
    pub(super) allowed_mentions: Option<Value>,
    pub(super) flags: u64,
    pub(super) tts: bool,
    pub(super) thread_name: Option<String>,
    pub(super) has_tags: bool,
    pub(super) has_poll: bool,
    /// Files with their alternative texts, in order.
    pub(super) files: Vec<(FilePart, Option<String>)>,
    /// Ids of the attachments that an edit keeps; `None` is all.
    pub(super) kept: Option<Vec<String>>,
}

/// Reads a message from the body of a call.
pub(super) fn read(form: &Form) -> Result<Draft, DiscordError> {
    let fields = match form.fields.get("payload_json") {
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => fields,
            _ => return Err(not_json()),
        },
        _ => form.fields.clone(),
    };
    if form.files.len() > FILES_MAX {
        return Err(bad(30_015, "Maximum number of attachments in a message reached (10)"));
    }
    if form.files.iter().any(|file| file.bytes.len() > FILE_MAX_BYTES) {
        return Err(too_large());
    }
    let mut problems = Problems::default();
    let mut draft = Draft {
        content: text(&fields, "content", &mut problems),
        username: text(&fields, "username", &mut problems).filter(|name| !name.is_empty()),
        avatar_url: text(&fields, "avatar_url", &mut problems).filter(|url| !url.is_empty()),
        embeds: embeds::read(fields.get("embeds"), &mut problems),
        allowed_mentions: fields.get("allowed_mentions").filter(|value| !value.is_null()).cloned(),
        flags: fields.get("flags").and_then(Value::as_u64).unwrap_or(0) & FLAGS,
        tts: matches!(fields.get("tts"), Some(Value::Bool(true)))
            || fields.get("tts") == Some(&"true".into()),
        thread_name: text(&fields, "thread_name", &mut problems).filter(|name| !name.is_empty()),
        has_tags: fields.get("applied_tags").and_then(Value::as_array).is_some_and(|tags| !tags.is_empty()),
        has_poll: fields.get("poll").is_some_and(Value::is_object),
        ..Draft::default()
    };
    if let Some(content) = &draft.content {
        problems.at_most("content", content, CONTENT_MAX);
    }
    if let Some(name) = &draft.username {
        check_name(name, &mut problems);
    }
    if let Some(url) = &draft.avatar_url {
        problems.web_address("avatar_url", url, &[]);
    }
    if let Some(name) = &draft.thread_name {
        problems.at_most("thread_name", name, THREAD_NAME_MAX);
    }
    if let Some(mentions) = &draft.allowed_mentions {
        check_mentions(mentions, &mut problems);
    }
    take_files(form, fields.get("attachments"), &mut draft, &mut problems);
    problems.end()?;
    Ok(draft)
}

impl Draft {
    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.content.as_deref().is_none_or(|content| content.trim().is_empty())
            && self.embeds.as_ref().is_none_or(Vec::is_empty)
            && self.files.is_empty()
            && !self.has_poll
    }
}

fn text(fields: &Map<String, Value>, name: &str, problems: &mut Problems) -> Option<String> {
    match fields.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        // Numbers are taken for what they look like.
        Value::Number(number) => Some(number.to_string()),
        _ => {
            problems.add(name, "STRING_TYPE_CONVERT", "Could not interpret the value as string.");
            None
        }
    }
}

/// The name of a webhook, or of a message of one.
pub(super) fn check_name(name: &str, problems: &mut Problems) {
    let length = name.trim().encode_utf16().count();
    if !(1..=NAME_MAX).contains(&length) {
        problems.add(
            "username",
            "BASE_TYPE_BAD_LENGTH",
            &format!("Must be between 1 and {NAME_MAX} in length."),
        );
    }
    let lower = name.to_lowercase();
    for word in ["clyde", "discord"] {
        if lower.contains(word) {
            let message = format!("Username cannot contain \"{word}\"");
            problems.add("username", "USERNAME_INVALID_CONTAINS", &message);
        }
    }
    if matches!(lower.trim(), "everyone" | "here") {
        let message = format!("Username cannot be \"{}\"", lower.trim());
        problems.add("username", "USERNAME_INVALID", &message);
    }
}

fn check_mentions(mentions: &Value, problems: &mut Problems) {
    let Some(mentions) = mentions.as_object() else {
        problems.add("allowed_mentions", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
        return;
    };
    let parse: Vec<&Value> = mentions.get("parse").and_then(Value::as_array).into_iter().flatten().collect();
    for (at, kind) in parse.iter().enumerate() {
        if !matches!(kind.as_str(), Some("roles" | "users" | "everyone")) {
            let message = "Value must be one of ('users', 'roles', 'everyone').";
            problems.add(&format!("allowed_mentions.parse.{at}"), "BASE_TYPE_CHOICES", message);
        }
    }
    for kind in ["users", "roles"] {
        let Some(ids) = mentions.get(kind).and_then(Value::as_array) else { continue };
        let path = format!("allowed_mentions.{kind}");
        if ids.len() > MENTIONS_MAX {
            problems.add(&path, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
        }
        if !ids.is_empty() && parse.iter().any(|parsed| *parsed == kind) {
            let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            problems.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", &message);
        }
    }
}

/// Pairs what is said of attachments with the files; `files[n]` is the attachment with id n, and
/// files under other names follow.
fn take_files(form: &Form, told: Option<&Value>, draft: &mut Draft, problems: &mut Problems) {
    let is_told = told.is_some_and(Value::is_array);
    let told: Vec<&Value> = told.and_then(Value::as_array).into_iter().flatten().collect();
    let id_of = |entry: &Value| match &entry["id"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let number_of = |file: &FilePart| {
        file.name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')).map(str::to_owned)
    };
    let mut kept = Vec::new();
    for (at, entry) in told.iter().enumerate() {
        let id = id_of(entry).unwrap_or_default();
        if let Some(text) = entry["description"].as_str() {
            problems.at_most(&format!("attachments.{at}.description"), text, ALT_MAX);
        }
        let has_file = form.files.iter().any(|file| number_of(file).as_deref() == Some(&id));
        // Ids of files count from 0; those of attachments that are there already are long.
        match id.parse::<usize>() {
            _ if has_file => {}
            Ok(number) if number >= FILES_MAX => kept.push(id),
            _ => {
                let message = format!("Attachment data for Attachment {id} not found");
                problems.add(&format!("attachments.{at}"), "ATTACHMENT_NOT_FOUND", &message);
            }
        }
    }
    draft.kept = is_told.then_some(kept);
    for file in &form.files {
        let number = number_of(file);
        let entry = told.iter().find(|entry| number.is_some() && id_of(entry) == number);
        let mut file = file.clone();
        if let Some(name) = entry.and_then(|entry| entry["filename"].as_str()) {
            name.clone_into(&mut file.file_name);
        }
        let alt = entry.and_then(|entry| entry["description"].as_str()).filter(|alt| !alt.is_empty());
        draft.files.push((file, alt.map(str::to_owned)));
    }
}
