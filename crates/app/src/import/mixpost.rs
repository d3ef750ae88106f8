//! Posts of Mixpost: as its API shows them, or its tables side by side.
//!
//! There a post has one version of its content for all accounts, the original, and versions of their own
//! for some. Accounts with a version of their own get a post of their own here.

use domain::{PlatformName, Timestamp};
use serde_json::{Value, json};

use super::fields::{Members, Wrong, refused, wrong};
use super::file::{Reading, needed_posts};
use super::postiz::{plain, platform_name};
use super::row::local_moment;
use super::{Entry, MediaRef, Row, Target, When};
use crate::AppError;

/// Whether a document holds tables.
pub(super) fn is_tables(document: &Value) -> bool {
    document.get("post_versions").is_some() || document.get("mixpost_post_versions").is_some()
}

pub(super) fn read(document: &Value, reading: &Reading<'_>) -> Result<Vec<Entry>, AppError> {
    let joined;
    let posts = if is_tables(document) {
        joined = join(document);
        &joined
    } else {
        needed_posts(document)?
    };
    let mut entries = Vec::new();
    for (at, post) in posts.iter().enumerate() {
        match Members::of(post).and_then(|post| one(at + 1, &post, reading)) {
            Ok(read) => entries.extend(read),
            Err(bad) => entries.push(refused(at + 1, bad)),
        }
    }
    Ok(entries)
}

/// Rows of tables, put together as the API shows posts.
fn join(document: &Value) -> Vec<Value> {
    let table = |name: &str| -> &[Value] {
        let rows = document.get(name).or_else(|| document.get(format!("mixpost_{name}")));
        rows.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    };
    let id = |row: &Value, name: &str| Members::of(row).ok().and_then(|row| row.id(name));
    let of = |rows: &[Value], post: &Value| -> Vec<Value> {
        let post = id(post, "id");
        rows.iter().filter(|row| post.is_some() && id(row, "post_id") == post).cloned().collect()
    };
    let (accounts, media) = (table("accounts"), table("media"));
    table("posts")
        .iter()
        .map(|post| {
            let links = of(table("post_accounts"), post);
            let named = |link: &Value| {
                let wanted = id(link, "account_id");
                accounts.iter().find(|account| id(account, "id") == wanted).cloned()
            };
            let accounts: Vec<Value> = links
                .iter()
                .map(|link| named(link).unwrap_or_else(|| json!({ "id": link.get("account_id") })))
                .collect();
            let versions: Vec<Value> = of(table("post_versions"), post)
                .into_iter()
                .map(|version| described(version, media))
                .collect();
            let mut post = post.as_object().cloned().unwrap_or_default();
            post.insert("accounts".to_owned(), accounts.into());
            post.insert("versions".to_owned(), versions.into());
            post.into()
        })
        .collect()
}

/// A version whose content is a list, and whose media are what the table has of them.
fn described(mut version: Value, media: &[Value]) -> Value {
    let parsed =
        version.get("content").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    if let (Some(parsed), Some(content)) = (parsed, version.get_mut("content")) {
        *content = parsed;
    }
    let parts = version.get_mut("content").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        let files = part.get_mut("media").and_then(Value::as_array_mut);
        for file in files.into_iter().flatten() {
            let wanted = Some(file.as_str().map_or_else(|| file.to_string(), ToOwned::to_owned));
            let row = media.iter().find(|row| Members::of(row).ok().and_then(|row| row.id("id")) == wanted);
            if let Some(row) = row {
                *file = row.clone();
            }
        }
    }
    version
}

fn one(number: usize, post: &Members<'_>, reading: &Reading<'_>) -> Result<Vec<Entry>, Wrong> {
    let skipped = |why: String| Ok(vec![Entry::Skipped { row: number, why }]);
    let status = status(post.get("status"))?;
    if matches!(status, "PUBLISHING" | "PUBLISHED" | "FAILED") {
        return skipped(format!("Its status is {status}: it went out already, or tried to."));
    }
    if post.get("deleted_at").is_some() || post.get("trashed").and_then(Value::as_bool) == Some(true) {
        return skipped("It was deleted in Mixpost.".to_owned());
    }
    let mut base = Row { number, timezone: reading.zone.map(ToOwned::to_owned), ..Row::default() };
    let at = moment(post, reading, &mut base)?;
    base.when = match (status, at) {
        ("DRAFT", Some(at)) => When::DraftFor(at),
        ("DRAFT", None) => When::Draft,
        (_, Some(at)) => When::At(at),
        (_, None) => return Err(wrong("scheduled_at", "is missing")),
    };
    let tags: Vec<&str> = post.list("tags")?.iter().filter_map(|tag| tag.get("name")?.as_str()).collect();
    if !tags.is_empty() {
        base.notes.push(format!("Tags are not carried over: {}.", tags.join(", ")));
    }
    let rows = versions(post, &base)?;
    if rows.len() > 1 {
        let note = format!("Some accounts have a text of their own: this became {} posts.", rows.len());
        return Ok(rows
            .into_iter()
            .map(|mut row| {
                row.notes.push(note.clone());
                Entry::Post(Box::new(row))
            })
            .collect());
    }
    Ok(rows.into_iter().map(|row| Entry::Post(Box::new(row))).collect())
}

/// A status by its name or its number.
fn status(value: Option<&Value>) -> Result<&'static str, Wrong> {
    const NAMES: [&str; 5] = ["DRAFT", "SCHEDULED", "PUBLISHED", "FAILED", "PUBLISHING"];
    let found = match value {
        None => return Err(wrong("status", "is missing")),
        Some(Value::Number(number)) => number
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .and_then(|at| NAMES.get(at).copied()),
        Some(value) => {
            let word = value.as_str().unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "0" | "1" | "2" | "3" => word.parse::<usize>().ok().and_then(|at| NAMES.get(at).copied()),
                word => NAMES.into_iter().find(|name| *name == word),
            }
        }
    };
    found.ok_or_else(|| wrong("status", "must be DRAFT, SCHEDULED, PUBLISHED or FAILED"))
}

/// When it is scheduled for: a local date and time as the API shows them, or the UTC of the table.
fn moment(post: &Members<'_>, reading: &Reading<'_>, row: &mut Row) -> Result<Option<Timestamp>, Wrong> {
    let name = "scheduled_at";
    if post.get(name).is_some_and(Value::is_string) {
        return post.time(name);
    }
    let Some(shown) = post.object(name)? else { return Ok(None) };
    let (Some(date), Some(time)) = (shown.word("date"), shown.word("time")) else { return Ok(None) };
    let Some(zone) = reading.zone else {
        return Err(wrong("timezone", "is needed: Mixpost shows times on the clocks of its own setting"));
    };
    let (at, note) = local_moment(zone, date, time).map_err(|error| (name.to_owned(), error.to_string()))?;
    row.notes.extend(note);
    Ok(Some(at))
}

/// One row for the accounts that share the original, and one for each that has a version of its own.
fn versions(post: &Members<'_>, base: &Row) -> Result<Vec<Row>, Wrong> {
    let accounts: Vec<Members<'_>> =
        post.list("accounts")?.iter().map(Members::of).collect::<Result<_, _>>()?;
    let versions: Vec<Members<'_>> =
        post.list("versions")?.iter().map(Members::of).collect::<Result<_, _>>()?;
    let is_original = |version: &&Members<'_>| match version.get("is_original") {
        Some(Value::Bool(original)) => *original,
        Some(value) => value.as_i64() == Some(1),
        None => version.id("account_id").as_deref() == Some("0"),
    };
    let own = |account: &Members<'_>| {
        let id = account.id("id")?;
        versions
            .iter()
            .find(|version| !is_original(version) && version.id("account_id").as_ref() == Some(&id))
    };
    let mut rows = Vec::new();
    let shared: Vec<Target> = accounts.iter().filter(|account| own(account).is_none()).map(target).collect();
    if !shared.is_empty() || accounts.is_empty() {
        let original = versions.iter().find(is_original).or_else(|| versions.first());
        let original = original.ok_or_else(|| wrong("versions", "must hold the content"))?;
        rows.push(Row { targets: shared, ..content(base, original)? });
    }
    for account in &accounts {
        if let Some(version) = own(account) {
            rows.push(Row { targets: vec![target(account)], ..content(base, version)? });
        }
    }
    Ok(rows)
}

fn target(account: &Members<'_>) -> Target {
    let names: Vec<String> = ["uuid", "username", "name"]
        .iter()
        .filter_map(|name| account.word(name))
        .map(ToOwned::to_owned)
        .collect();
    // Ids are numbers there as they are here, and mean something else.
    let numbered = account.id("id").map(|id| format!("mixpost:{id}"));
    let shown = account.word("name").map(ToOwned::to_owned).or_else(|| numbered.clone()).unwrap_or_default();
    let platform = account.word("provider").map(|name| PlatformName::from_text(&platform_name(name)));
    Target { shown, id: None, platform, names: names.into_iter().chain(numbered).collect() }
}

fn content(base: &Row, version: &Members<'_>) -> Result<Row, Wrong> {
    let mut row = base.clone();
    for (at, part) in version.list("content")?.iter().enumerate() {
        let part = Members::of(part)?;
        let text = plain(&mut row, part.text("body")?.unwrap_or_default());
        let files: Vec<MediaRef> = part.list("media")?.iter().map(file).collect::<Result<_, _>>()?;
        if at == 0 {
            row.content = text;
            row.media = files;
            continue;
        }
        row.thread.push(text);
        if !files.is_empty() {
            let part = at + 1;
            row.notes.push(format!(
                "The media of part {part} are not carried over: media belong to the first part."
            ));
        }
    }
    let options = version.get("options").filter(|options| match options {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    });
    if options.is_some() {
        row.notes.push("Options of Mixpost's version are not carried over.".to_owned());
    }
    Ok(row)
}

/// A file: where it can be fetched, and its name in the library.
fn file(value: &Value) -> Result<MediaRef, Wrong> {
    let described = Members::of(value).map_err(|_| {
        wrong("media", "must be described, with url and name: export the table of media with the posts")
    })?;
    let url = described.word("url").filter(|url| super::row::is_address(url)).map(ToOwned::to_owned);
    let name = described.word("name").map(ToOwned::to_owned);
    if url.is_none() && name.is_none() {
        return Err(wrong("media", "must have a url or a name"));
    }
    Ok(MediaRef { id: None, name, url })
}
