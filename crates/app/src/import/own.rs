//! What this server gives out: posts as `GET /posts` shows them.

use domain::{AccountId, CampaignId, MediaId, PlatformName};
use serde_json::Value;

use super::csv::is_over;
use super::fields::{Members, Wrong, refused, wrong};
use super::file::{Reading, needed_posts};
use super::{Entry, MediaRef, Row, Target, When};
use crate::AppError;
use crate::posts::PlatformContent;

/// Members that are read, and those that only answers have.
const KNOWN: [&str; 27] = [
    "post_id",
    "id",
    "post_group_id",
    "status",
    "post_status",
    "content",
    "account_ids",
    "accounts_count",
    "scheduled_for",
    "timezone",
    "media_ids",
    "media",
    "platform_content",
    "thread_posts",
    "campaign_id",
    "destinations",
    "accounts",
    "title",
    "first_comment",
    "draft",
    "message",
    "next_step",
    "next_steps",
    "created_at",
    "updated_at",
    "published_at",
    "error",
];

pub(super) fn read(document: &Value, reading: &Reading<'_>) -> Result<Vec<Entry>, AppError> {
    let posts = needed_posts(document)?.iter().enumerate();
    Ok(posts
        .map(|(at, post)| entry(at + 1, post, reading).unwrap_or_else(|bad| refused(at + 1, bad)))
        .collect())
}

fn entry(number: usize, post: &Value, reading: &Reading<'_>) -> Result<Entry, Wrong> {
    let members = Members::of(post)?;
    if let Some(status) = members.word("status").filter(|status| is_over(status)) {
        let why = format!("Its status is \"{status}\": it went out already, or tried to.");
        return Ok(Entry::Skipped { row: number, why });
    }
    let at = members.time("scheduled_for")?;
    let is_draft = members.word("status") == Some("draft")
        || members.get("draft").and_then(Value::as_bool).unwrap_or(false);
    let when = match at {
        None => When::Draft,
        Some(at) if is_draft => When::DraftFor(at),
        Some(at) => When::At(at),
    };
    let unknown =
        members.0.iter().filter(|(name, value)| !KNOWN.contains(&name.as_str()) && !value.is_null());
    let zone = members.text("timezone")?.or(reading.zone);
    Ok(Entry::Post(Box::new(Row {
        number,
        when,
        timezone: zone.map(ToOwned::to_owned),
        content: members.text("content")?.unwrap_or_default().to_owned(),
        thread: texts(&members, "thread_posts")?,
        targets: targets(&members, reading)?,
        media: media(&members)?,
        title: members.word("title").map(ToOwned::to_owned),
        first_comment: members.word("first_comment").map(ToOwned::to_owned),
        platform_content: platform_content(&members)?,
        campaign_id: members.integer("campaign_id")?.map(CampaignId),
        post_id: members.post_id("post_id").or_else(|| members.post_id("id")),
        notes: unknown.map(|(name, _)| format!("The member \"{name}\" has no meaning here.")).collect(),
    })))
}

fn texts(members: &Members<'_>, name: &str) -> Result<Vec<String>, Wrong> {
    let items = members.list(name)?.iter();
    items
        .map(|item| item.as_str().map(ToOwned::to_owned).ok_or_else(|| wrong(name, "must hold texts")))
        .collect()
}

fn platform_content(members: &Members<'_>) -> Result<PlatformContent, Wrong> {
    let Some(value) = members.get("platform_content") else { return Ok(PlatformContent::new()) };
    let read: PlatformContent = serde_json::from_value(value.clone())
        .map_err(|error| ("platform_content".to_owned(), format!("platform_content: {error}.")))?;
    Ok(read
        .into_iter()
        .map(|(name, item)| (PlatformName::from_text(&name).as_str().to_owned(), item))
        .collect())
}

/// The accounts: their ids, with the platforms and names that stand beside them, or what a text calls them.
fn targets(members: &Members<'_>, reading: &Reading<'_>) -> Result<Vec<Target>, Wrong> {
    let mut targets = Vec::new();
    for item in members.list("account_ids")? {
        targets.push(match (item.as_i64(), item.as_str()) {
            (Some(id), _) => Target { shown: id.to_string(), id: Some(AccountId(id)), ..Target::default() },
            (None, Some(text)) => Target::called(text, reading.is_platform),
            (None, None) => return Err(wrong("account_ids", "must hold ids of accounts")),
        });
    }
    let lists_none = members.get("account_ids").is_none();
    for told in members.list("accounts")?.iter().chain(members.list("destinations")?) {
        let Ok(told) = Members::of(told) else { continue };
        let id = told.integer("account_id")?.map(AccountId);
        // Older lists have destinations alone.
        if let Some(id) =
            id.filter(|id| lists_none && !targets.iter().any(|one: &Target| one.id == Some(*id)))
        {
            targets.push(Target { shown: id.0.to_string(), id: Some(id), ..Target::default() });
        }
        let Some(target) = targets.iter_mut().find(|target| target.id.is_some() && target.id == id) else {
            continue;
        };
        target.platform = told.word("platform").map(PlatformName::from_text);
        if target.names.is_empty() {
            target.names.extend(told.word("account_name").map(ToOwned::to_owned));
        }
    }
    Ok(targets)
}

fn media(members: &Members<'_>) -> Result<Vec<MediaRef>, Wrong> {
    let told = members.list("media")?;
    let ids = members.list("media_ids")?;
    let described = |id: MediaId| {
        let of = told.iter().filter_map(|item| Members::of(item).ok());
        of.into_iter().find(|item| item.word("media_id").or_else(|| item.word("id")) == Some(&id.to_string()))
    };
    let mut media = Vec::new();
    for item in ids {
        let id = item.as_str().and_then(|text| text.parse::<MediaId>().ok());
        let id = id.ok_or_else(|| wrong("media_ids", "must hold media ids (UUIDs)"))?;
        let told = described(id);
        media.push(MediaRef {
            id: Some(id),
            name: told.as_ref().and_then(|item| item.word("filename")).map(ToOwned::to_owned),
            url: told.as_ref().and_then(|item| item.word("url")).map(ToOwned::to_owned),
        });
    }
    if ids.is_empty() {
        // Of older lists, or written by hand: names and addresses.
        for item in told {
            let described = Members::of(item).ok().and_then(|item| {
                let url = item.word("url")?.to_owned();
                Some(MediaRef {
                    id: None,
                    name: item.word("filename").map(ToOwned::to_owned),
                    url: Some(url),
                })
            });
            let called = item.as_str().map(|text| MediaRef::called(text.trim()));
            media.push(
                called
                    .or(described)
                    .ok_or_else(|| wrong("media", "must hold names or addresses of files"))?,
            );
        }
    }
    Ok(media)
}
