//! Posts of Postiz: the list of its public API, rows of its table `Post`, or bodies of its create call.
//!
//! There a post goes to one account, and what went to several at once has the same `group`; further parts
//! of a thread are posts of their own whose `parentPostId` names the part before.

use std::collections::{BTreeMap, HashMap};

use domain::{PlatformName, Timestamp};
use serde_json::Value;

use super::fields::{Members, Wrong, refused, wrong};
use super::file::{Reading, needed_posts};
use super::{Entry, MediaRef, Row, Target, When, html};
use crate::AppError;

pub(super) fn read(document: &Value, _: &Reading<'_>) -> Result<Vec<Entry>, AppError> {
    let posts = needed_posts(document)?;
    let mut entries = Vec::new();
    // What goes to several accounts at once is one post here.
    let mut groups: HashMap<(String, String), usize> = HashMap::new();
    let children = children(posts);
    for (at, value) in posts.iter().enumerate() {
        let number = at + 1;
        let read = Members::of(value).and_then(|post| {
            if post.word("parentPostId").is_some() {
                return Ok(Vec::new());
            }
            if post.get("posts").is_some() { request(number, &post) } else { one(number, &post, &children) }
        });
        match read {
            Err(bad) => entries.push(refused(number, bad)),
            Ok(read) => {
                for (group, entry) in read {
                    add(&mut entries, &mut groups, group, entry);
                }
            }
        }
    }
    Ok(entries)
}

/// The further parts of threads, by the id of the part before.
fn children(posts: &[Value]) -> BTreeMap<&str, &Value> {
    posts.iter().filter_map(|post| Some((post.get("parentPostId")?.as_str()?, post))).collect()
}

/// Puts a post to the accounts of one of its group that is the same, or makes it an entry.
fn add(
    entries: &mut Vec<Entry>,
    groups: &mut HashMap<(String, String), usize>,
    group: Option<String>,
    entry: Entry,
) {
    let Entry::Post(row) = &entry else {
        entries.push(entry);
        return;
    };
    let Some(group) = group else {
        entries.push(entry);
        return;
    };
    let media: Vec<String> = row.media.iter().map(MediaRef::shown).collect();
    let same = format!("{:?} {:?} {:?} {media:?}", row.when, row.content, row.thread);
    match groups.get(&(group.clone(), same.clone())).and_then(|at| entries.get_mut(*at)) {
        Some(Entry::Post(first)) => {
            first.targets.extend(row.targets.iter().cloned());
            for note in &row.notes {
                if !first.notes.contains(note) {
                    first.notes.push(note.clone());
                }
            }
            for (platform, item) in &row.platform_content {
                first.platform_content.entry(platform.clone()).or_insert_with(|| item.clone());
            }
        }
        _ => {
            groups.insert((group, same), entries.len());
            entries.push(entry);
        }
    }
}

/// A post as the list and the table have it.
fn one(
    number: usize,
    post: &Members<'_>,
    children: &BTreeMap<&str, &Value>,
) -> Result<Vec<(Option<String>, Entry)>, Wrong> {
    let state = post.word("state").or_else(|| post.word("status")).unwrap_or("QUEUE").to_ascii_uppercase();
    if matches!(state.as_str(), "PUBLISHED" | "ERROR") {
        let why = format!("Its state is {state}: it went out already, or tried to.");
        return Ok(vec![(None, Entry::Skipped { row: number, why })]);
    }
    if post.get("deletedAt").is_some() {
        let why = "It was deleted in Postiz.".to_owned();
        return Ok(vec![(None, Entry::Skipped { row: number, why })]);
    }
    let at = post.time("publishDate")?;
    let mut row = Row { number, when: when(&state, at)?, ..Row::default() };
    part(&mut row, post, true)?;
    let mut id = post.word("id");
    // No thread has so many parts; a circle of parents would have no end.
    for _ in 0..100 {
        let Some(next) = id.and_then(|id| children.get(id)) else { break };
        let next = Members::of(next)?;
        part(&mut row, &next, false)?;
        id = next.word("id");
    }
    for child in post.list("childrenPost")? {
        part(&mut row, &Members::of(child)?, false)?;
    }
    if let Some(days) = post.get("intervalInDays") {
        row.notes.push(format!("It repeats every {days} days in Postiz; here it goes out once."));
    }
    let integration = post.object("integration")?;
    let bare = post.id("integrationId");
    row.targets.push(target(integration.as_ref(), bare.as_deref())?);
    settings(&mut row, post.get("settings"));
    tags(&mut row, post.list("tags")?);
    Ok(vec![(post.word("group").map(ToOwned::to_owned), Entry::Post(Box::new(row)))])
}

/// A body of the create call, which has one entry for each account.
fn request(number: usize, body: &Members<'_>) -> Result<Vec<(Option<String>, Entry)>, Wrong> {
    let kind = body.word("type").unwrap_or("schedule");
    let at = body.time("date")?;
    let state = match kind {
        "draft" => "DRAFT",
        "schedule" => "QUEUE",
        _ => return Err(wrong("type", "must be schedule or draft: an import never publishes at once")),
    };
    let mut entries = Vec::new();
    for post in body.list("posts")? {
        let post = Members::of(post)?;
        let mut row = Row { number, when: when(state, at)?, ..Row::default() };
        for (at, value) in post.list("value")?.iter().enumerate() {
            part(&mut row, &Members::of(value)?, at == 0)?;
        }
        row.targets.push(target(post.object("integration")?.as_ref(), None)?);
        settings(&mut row, post.get("settings"));
        tags(&mut row, body.list("tags")?);
        entries.push((Some(format!("request {number}")), Entry::Post(Box::new(row))));
    }
    if entries.is_empty() {
        return Err(wrong("posts", "must hold a post for each account"));
    }
    Ok(entries)
}

fn when(state: &str, at: Option<Timestamp>) -> Result<When, Wrong> {
    match (state, at) {
        ("DRAFT", Some(at)) => Ok(When::DraftFor(at)),
        ("DRAFT", None) => Ok(When::Draft),
        ("QUEUE" | "SCHEDULED", Some(at)) => Ok(When::At(at)),
        ("QUEUE" | "SCHEDULED", None) => Err(wrong("publishDate", "is missing")),
        _ => Err(wrong("state", "must be QUEUE, DRAFT, PUBLISHED or ERROR")),
    }
}

/// One part of a thread. Its media go with the first part alone.
fn part(row: &mut Row, post: &Members<'_>, first: bool) -> Result<(), Wrong> {
    let text = plain(row, post.text("content")?.unwrap_or_default());
    let files = images(post)?;
    if first {
        row.content = text;
        row.media = files;
        return Ok(());
    }
    row.thread.push(text);
    if !files.is_empty() {
        let part = row.thread.len() + 1;
        row.notes
            .push(format!("The media of part {part} are not carried over: media belong to the first part."));
    }
    Ok(())
}

/// A text without markup; what is lost is noted.
pub(super) fn plain(row: &mut Row, text: &str) -> String {
    if !html::is_html(text) {
        return text.to_owned();
    }
    let plain = html::to_text(text);
    if !plain.lost.is_empty() {
        let note = format!("Markup that posts cannot have was taken out: {}.", plain.lost.join(", "));
        if !row.notes.contains(&note) {
            row.notes.push(note);
        }
    }
    plain.text
}

/// The files of a part: a list, or a text that holds one.
fn images(post: &Members<'_>) -> Result<Vec<MediaRef>, Wrong> {
    let Some(value) = post.get("image").or_else(|| post.get("media")) else { return Ok(Vec::new()) };
    let parsed;
    let value = match value.as_str() {
        None => value,
        Some("") => return Ok(Vec::new()),
        Some(text) => {
            parsed = serde_json::from_str::<Value>(text).map_err(|_| wrong("image", "must be JSON"))?;
            &parsed
        }
    };
    let items = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(items) => items,
        _ => return Err(wrong("image", "must be a list")),
    };
    items
        .iter()
        .map(|item| {
            let path =
                item.as_str().or_else(|| item.get("path")?.as_str()).or_else(|| item.get("url")?.as_str());
            path.map(MediaRef::called).ok_or_else(|| wrong("image", "must hold files with a path"))
        })
        .collect()
}

fn target(integration: Option<&Members<'_>>, bare: Option<&str>) -> Result<Target, Wrong> {
    let Some(integration) = integration else {
        let id = bare.ok_or_else(|| wrong("integration", "is missing"))?;
        return Ok(Target { shown: id.to_owned(), names: vec![id.to_owned()], ..Target::default() });
    };
    let platform = integration.word("providerIdentifier").or_else(|| integration.word("identifier"));
    let names = ["id", "name", "profile"].iter().filter_map(|name| integration.id(name)).collect::<Vec<_>>();
    let name = integration.word("name").or_else(|| integration.word("id")).unwrap_or("?").to_owned();
    let platform = platform.map(|name| PlatformName::from_text(&platform_name(name)));
    if names.is_empty() && platform.is_none() {
        return Err(wrong("integration", "has neither an id nor a name"));
    }
    Ok(Target { shown: name, id: None, platform, names })
}

/// The name of a platform here.
pub(super) fn platform_name(theirs: &str) -> String {
    let theirs = theirs.to_ascii_lowercase().replace('_', "-");
    match theirs.as_str() {
        "linkedin-page" => "linkedin",
        "instagram-standalone" | "instagram-direct" => "instagram",
        "facebook-page" => "facebook",
        "twitter" => "x",
        "bsky" => "bluesky",
        other => other,
    }
    .to_owned()
}

/// Titles are carried over; other settings are told.
fn settings(row: &mut Row, value: Option<&Value>) {
    let parsed;
    let value = match value.and_then(Value::as_str) {
        Some(text) => {
            parsed = serde_json::from_str::<Value>(text).unwrap_or_default();
            Some(&parsed)
        }
        None => value,
    };
    let Some(members) = value.and_then(Value::as_object) else { return };
    let mut left = Vec::new();
    for (name, value) in members {
        let is_empty = match value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Bool(true) | Value::Number(_) => false,
        };
        match (name.as_str(), value.as_str()) {
            ("__type", _) => {}
            ("title", Some(title)) if !title.trim().is_empty() => row.title = Some(title.trim().to_owned()),
            _ if is_empty => {}
            (name, _) => left.push(name.to_owned()),
        }
    }
    if !left.is_empty() {
        row.notes.push(format!("Settings of Postiz that are not carried over: {}.", left.join(", ")));
    }
}

fn tags(row: &mut Row, tags: &[Value]) {
    let name = |tag: &Value| {
        let inner = tag.get("tag").unwrap_or(tag);
        let name = inner.get("name").or_else(|| inner.get("label"))?;
        name.as_str().map(ToOwned::to_owned)
    };
    let names: Vec<String> = tags.iter().filter_map(name).collect();
    if !names.is_empty() {
        row.notes.push(format!("Tags are not carried over: {}.", names.join(", ")));
    }
}
