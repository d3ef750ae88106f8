//! The checks that creating, changing and scheduling a post share.

use std::collections::HashMap;

use domain::rules::{Draft, DraftMedia, Field, check};
use domain::{AccountId, MediaId, PlatformName, Settings, Span, Timestamp};
use store::{AccountRow, MediaRow};

use super::PlatformContent;
use crate::{App, AppError, Caller, ValidationError};

/// A time that is past by no more than this is taken as "now": clocks differ.
const CLOCK_SKEW: Span = Span::from_seconds(60);

/// What of a post goes to the platforms.
pub(super) struct Body<'a> {
    pub(super) text: &'a str,
    pub(super) thread: &'a [String],
    pub(super) media_ids: &'a [MediaId],
    pub(super) platform_content: &'a PlatformContent,
}

/// The rows that a content refers to.
pub(super) struct Targets {
    /// In the order of the ids that were given, each once.
    pub(super) accounts: Vec<AccountRow>,
    /// In the order of the ids that were given.
    pub(super) media: Vec<MediaRow>,
}

/// The moment that a post is to go out at: `now` for none, and for one that is past by a moment.
pub(super) fn resolve_time(wanted: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, AppError> {
    match wanted {
        None => Ok(now),
        Some(time) if time > now => Ok(time),
        Some(time) if time >= now - CLOCK_SKEW => Ok(now),
        Some(_) => Err(AppError::PastScheduleTime),
    }
}

pub(super) fn check_timezone(name: Option<&str>) -> Result<String, AppError> {
    match name {
        None => Ok("UTC".to_owned()),
        Some(name) if domain::time::is_known_time_zone(name) => Ok(name.to_owned()),
        Some(name) => Err(AppError::InvalidTimezone(name.chars().take(100).collect())),
    }
}

/// Finds the accounts and media, refusing what is not the caller's.
pub(super) async fn find_targets(
    app: &App,
    caller: &Caller,
    account_ids: &[AccountId],
    content: &Body<'_>,
) -> Result<Targets, AppError> {
    check_platform_names(app, content.platform_content)?;
    Ok(Targets {
        accounts: find_accounts(app, caller, account_ids).await?,
        media: find_media(app, caller, content.media_ids).await?,
    })
}

fn check_platform_names(app: &App, platform_content: &PlatformContent) -> Result<(), AppError> {
    for name in platform_content.keys() {
        if app.registry.spec(&PlatformName::from_text(name)).is_none() {
            let known: Vec<&str> =
                app.registry.entries().iter().map(|entry| entry.spec.name.as_str()).collect();
            return Err(AppError::validation(
                format!("platform_content.{name}"),
                format!("\"{name}\" is no platform; use one of {}.", known.join(", ")),
            ));
        }
    }
    Ok(())
}

async fn find_accounts(app: &App, caller: &Caller, ids: &[AccountId]) -> Result<Vec<AccountRow>, AppError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = app.store.find_accounts(caller.organization_id, caller.workspace_id, ids).await?;
    let mut by_id: HashMap<AccountId, AccountRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut found = Vec::with_capacity(ids.len());
    let mut unknown = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for id in ids.iter().filter(|id| seen.insert(**id)) {
        match by_id.remove(id) {
            Some(row) => found.push(row),
            None => unknown.push(*id),
        }
    }
    if unknown.is_empty() { Ok(found) } else { Err(AppError::InvalidAccounts(unknown)) }
}

async fn find_media(app: &App, caller: &Caller, ids: &[MediaId]) -> Result<Vec<MediaRow>, AppError> {
    let rows = app.store.find_media(caller.organization_id, ids).await?;
    ids.iter()
        .map(|id| {
            let row = rows
                .iter()
                .find(|row| row.id == *id && row.workspace_id == caller.workspace_id)
                .ok_or_else(|| AppError::validation("media_ids", format!("Media {id} was not found.")))?;
            if row.status == "ready" { Ok(row.clone()) } else { Err(AppError::MediaNotReady(*id)) }
        })
        .collect()
}

/// Refuses what a platform is certain to refuse.
pub(super) fn check_content(app: &App, targets: &Targets, content: &Body<'_>) -> Result<(), AppError> {
    let carried = content.platform_content.values().any(|item| item.content.is_some());
    if content.text.trim().is_empty() && content.media_ids.is_empty() && !carried {
        return Err(AppError::validation("content", "content is required when the post has no media."));
    }
    let media: Vec<DraftMedia<'_>> = targets.media.iter().map(draft_media).collect();
    let mut errors = Vec::new();
    let none = Settings::default();
    for account in &targets.accounts {
        let Some(spec) = app.registry.spec(&account.platform) else { continue };
        let item = platform_item(content.platform_content, &account.platform);
        let draft = Draft {
            text: item.and_then(|item| item.content.as_deref()).unwrap_or(content.text),
            thread: content.thread,
            media: &media,
            settings: item.map_or(&none, |item| &item.settings),
            content_type: item.and_then(|item| item.content_type.as_deref()),
            premium: account.premium,
        };
        let overridden = item.is_some_and(|item| item.content.is_some());
        for violation in check(&spec.rules, spec.display_name, &draft) {
            errors.push(ValidationError {
                field: field_name(&violation.field, &account.platform, overridden),
                platform: account.platform.clone(),
                account_id: account.id,
                code: violation.code,
                message: violation.message,
            });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::PostCreationFailed(errors)) }
}

/// The content of one platform; `twitter` is another name of `x`.
pub(super) fn platform_item<'a>(
    platform_content: &'a PlatformContent,
    platform: &PlatformName,
) -> Option<&'a super::PlatformContentItem> {
    platform_content.iter().find(|(name, _)| PlatformName::from_text(name) == *platform).map(|(_, item)| item)
}

fn draft_media(row: &MediaRow) -> DraftMedia<'_> {
    let pixels = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    DraftMedia {
        content_type: &row.content_type,
        size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        width: pixels(row.width),
        height: pixels(row.height),
        seconds: row.seconds,
    }
}

fn field_name(field: &Field, platform: &PlatformName, overridden: bool) -> String {
    match field {
        Field::Content if overridden => format!("platform_content.{platform}.content"),
        Field::Content => "content".to_owned(),
        // Part 2 of a thread is the first entry of the list.
        Field::ThreadPart(part) => format!("thread_posts[{}]", part.saturating_sub(2)),
        Field::Media => "media_ids".to_owned(),
        Field::ContentType => format!("platform_content.{platform}.contentType"),
        Field::Setting(key) => format!("platform_content.{platform}.settings.{key}"),
    }
}
