//! The checks that creating, changing and scheduling a post share.

use std::collections::HashMap;

use domain::rules::fit::{Frame, Plan, Refusal, Size};
use domain::rules::{Draft, DraftMedia, Field, check};
use domain::{AccountId, MediaId, PlatformName, Settings, Span, Timestamp};
use media::{Known, Probe, Tools};
use store::{AccountRow, MediaRow};

use super::{NewPost, PlatformContent};
use crate::{App, AppError, Caller, PlatformSpec, ValidationError};

/// A time that is past by no more than this is taken as "now": clocks differ.
const CLOCK_SKEW: Span = Span::from_seconds(60);

/// What of a post goes to the platforms.
pub(super) struct Body<'a> {
    pub(super) text: &'a str,
    pub(super) thread: &'a [String],
    pub(super) media_ids: &'a [MediaId],
    pub(super) platform_content: &'a PlatformContent,
}

impl<'a> Body<'a> {
    pub(super) fn of(new: &'a NewPost) -> Self {
        Self {
            text: &new.content,
            thread: &new.thread_posts,
            media_ids: &new.media_ids,
            platform_content: &new.platform_content,
        }
    }

    /// Refuses a post that has nothing in it.
    pub(super) fn check_is_there(&self) -> Result<(), AppError> {
        let carried = self.platform_content.values().any(|item| item.content.is_some());
        if self.text.trim().is_empty() && self.media_ids.is_empty() && !carried {
            return Err(AppError::validation("content", "content is required when the post has no media."));
        }
        Ok(())
    }
}

/// The rows that a content refers to.
pub(super) struct Targets {
    /// In the order of the ids that were given, each once.
    pub(super) accounts: Vec<AccountRow>,
    /// In the order of the ids that were given.
    pub(super) media: Vec<MediaRow>,
    /// What is known of the files themselves, in the same order.
    pub(super) probes: Vec<Option<Probe>>,
}

impl Targets {
    /// The media as the rules look at them.
    pub(super) fn drafts(&self) -> Vec<DraftMedia<'_>> {
        self.media.iter().zip(&self.probes).map(|(row, probe)| draft_media(row, probe.as_ref())).collect()
    }
}

/// Looks into images and videos: what they are like decides what can be posted. Nearly always that is
/// known since they were uploaded.
pub(super) async fn look_at_media(app: &App, targets: &mut Targets) {
    // Videos and most images are read without any program.
    let tools = Tools::none();
    for (row, probe) in targets.media.iter().zip(&mut targets.probes) {
        if row.kind != "document" {
            let known = row.facts.as_deref().and_then(|facts| serde_json::from_str(facts).ok());
            *probe = match known {
                Some(known) => Some(known),
                // What cannot be read is judged by its row.
                None => app.media.look(&tools, &row.sha256).await.ok(),
            };
        }
    }
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
    let accounts = find_accounts(app, caller, account_ids).await?;
    let media = find_media(app, caller, content.media_ids).await?;
    let probes = media.iter().map(|_| None).collect();
    Ok(Targets { accounts, media, probes })
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
    content.check_is_there()?;
    let errors: Vec<ValidationError> =
        targets.accounts.iter().flat_map(|account| violations(app, account, targets, content)).collect();
    if errors.is_empty() { Ok(()) } else { Err(AppError::PostCreationFailed(errors)) }
}

/// Why an account's platform would refuse the content.
pub(super) fn violations(
    app: &App,
    account: &AccountRow,
    targets: &Targets,
    content: &Body<'_>,
) -> Vec<ValidationError> {
    let Some(spec) = app.registry.spec(&account.platform) else { return Vec::new() };
    let (media, none) = (targets.drafts(), Settings::default());
    let draft = draft_for(account, content, &media, &none);
    let overridden =
        platform_item(content.platform_content, &account.platform).is_some_and(|item| item.content.is_some());
    let error = |violation: domain::rules::Violation| ValidationError {
        field: field_name(&violation.field, &account.platform, overridden),
        platform: account.platform.clone(),
        account_id: account.id,
        code: violation.code,
        message: violation.message,
    };
    let mut errors: Vec<ValidationError> =
        check(&spec.rules, spec.display_name, &draft).into_iter().map(error).collect();
    for plan in plans(app, spec, account, targets, content) {
        if let Plan::Refused(refusal) = plan {
            errors.push(ValidationError {
                field: "media_ids".to_owned(),
                platform: account.platform.clone(),
                account_id: account.id,
                code: "media_not_convertible",
                message: refused(spec, &refusal),
            });
        }
    }
    errors
}

/// What is said of a file of which nothing can be made that the platform takes.
pub(super) fn refused(spec: &PlatformSpec, refusal: &Refusal) -> String {
    format!("{}: {refusal}.", spec.display_name)
}

/// What has to be done to each file for this account's platform.
pub(super) fn plans(
    app: &App,
    spec: &PlatformSpec,
    account: &AccountRow,
    targets: &Targets,
    content: &Body<'_>,
) -> Vec<Plan> {
    let item = platform_item(content.platform_content, &account.platform);
    let frame = item.map_or(Frame::default(), |item| Frame::of(&item.settings));
    let content_type = item.and_then(|item| item.content_type.as_deref());
    let may_become_film = targets.media.len() == 1 && app.tools.ffmpeg.is_some();
    let plan = |(row, probe): (&MediaRow, &Option<Probe>)| {
        let known = Known {
            kind: &row.kind,
            content_type: &row.content_type,
            size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
            size: size_of(row),
            probe: probe.as_ref(),
            may_become_film,
        };
        known.plan(&spec.rules, content_type, frame)
    };
    targets.media.iter().zip(&targets.probes).map(plan).collect()
}

/// The content as it would go to an account. `none` stands for the settings where there are none.
pub(super) fn draft_for<'a>(
    account: &AccountRow,
    content: &Body<'a>,
    media: &'a [DraftMedia<'a>],
    none: &'a Settings,
) -> Draft<'a> {
    let item = platform_item(content.platform_content, &account.platform);
    Draft {
        text: item.and_then(|item| item.content.as_deref()).unwrap_or(content.text),
        thread: content.thread,
        media,
        settings: item.map_or(none, |item| &item.settings),
        content_type: item.and_then(|item| item.content_type.as_deref()),
        premium: account.premium,
    }
}

/// The content of one platform; `twitter` is another name of `x`.
pub(super) fn platform_item<'a>(
    platform_content: &'a PlatformContent,
    platform: &PlatformName,
) -> Option<&'a super::PlatformContentItem> {
    platform_content.iter().find(|(name, _)| PlatformName::from_text(name) == *platform).map(|(_, item)| item)
}

fn draft_media<'a>(row: &'a MediaRow, probe: Option<&Probe>) -> DraftMedia<'a> {
    let size = size_of(row);
    DraftMedia {
        content_type: &row.content_type,
        size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        width: size.map(|size| size.width),
        height: size.map(|size| size.height),
        seconds: row.seconds.or_else(|| probe.and_then(|probe| probe.seconds)),
        animated: probe.map(|probe| probe.details.animated),
    }
}

/// The size of an item's picture, where it has one.
pub(super) fn size_of(row: &MediaRow) -> Option<Size> {
    let side =
        |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok()).filter(|side| *side > 0);
    side(row.width).zip(side(row.height)).map(|(width, height)| Size { width, height })
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
