//! What the rows of a table mean in a workspace.

use domain::{PlatformName, PostId, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::accounts::Accounts;
use super::media::Library;
use super::{Entry, Mapping, MediaRef, Row, When};
use crate::posts::NewPost;
use crate::{App, AppError, Caller, PlatformSpec};

const TITLE: &str = "title";
const FIRST_COMMENT: &str = "firstComment";

/// What to do about files that are elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// They are not taken.
    Never,
    /// They are named, and not fetched: nothing is to happen.
    Later,
    /// They are fetched; none is begun after this.
    Until(Timestamp),
}

/// A workspace as a table sees it.
pub struct Known {
    accounts: Accounts,
    library: Library,
}

/// A row that is a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// The post.
    pub new: NewPost,
    /// What the row is called among all that were ever imported: the same row has the same id.
    pub id: PostId,
    /// What is not carried over, and what was decided, in sentences.
    pub notes: Vec<String>,
    /// Files that are not in the library yet.
    pub unfetched: bool,
}

impl Known {
    /// Looks up what the entries name.
    ///
    /// # Errors
    /// Only internal ones.
    pub async fn load(
        app: &App,
        caller: &Caller,
        entries: &[Entry],
        mapping: Mapping,
        fetch: Fetch,
    ) -> Result<Self, AppError> {
        // Failures of accounts are of no interest here, so that none are counted.
        let now = app.clock.now();
        let rows = app.store.list_accounts(caller.organization_id, caller.workspace_id, now).await?;
        let accounts = Accounts::new(rows, mapping, entries);
        Ok(Self { accounts, library: Library::load(app, caller, entries, fetch).await? })
    }

    /// The post that a row means.
    ///
    /// # Errors
    /// [`AppError::Validation`] with `platforms` or `media`, [`AppError::InvalidAccounts`], and
    /// [`AppError::Busy`] when its files are not here yet.
    pub async fn ready(&mut self, app: &App, caller: &Caller, row: &Row) -> Result<Ready, AppError> {
        let mut notes = row.notes.clone();
        let account_ids = self.accounts.find_all(&row.targets, &mut notes)?;
        let found = self.library.find_all(app, caller, &row.media, &mut notes).await?;
        let now = app.clock.now();
        let scheduled_for = match row.when {
            When::Draft => None,
            When::DraftFor(at) if at <= now => {
                notes.push(format!("The draft suggested {at}, which is over; it has no time now."));
                None
            }
            When::DraftFor(at) | When::At(at) => Some(at),
        };
        let mut new = NewPost {
            content: row.content.clone(),
            account_ids,
            scheduled_for,
            timezone: row.timezone.clone(),
            media_ids: found.ids,
            platform_content: row.platform_content.clone(),
            thread_posts: row.thread.clone(),
            campaign_id: row.campaign_id,
            draft: !matches!(row.when, When::At(_)),
            ..NewPost::default()
        };
        let platforms = self.platforms(&new);
        add_setting(app, &mut new, &platforms, (TITLE, row.title.as_deref()), &mut notes);
        add_setting(app, &mut new, &platforms, (FIRST_COMMENT, row.first_comment.as_deref()), &mut notes);
        let id = import_id(caller, row, &new);
        Ok(Ready { new, id, notes, unfetched: !found.unfetched.is_empty() })
    }

    fn platforms(&self, new: &NewPost) -> Vec<PlatformName> {
        let mut platforms: Vec<PlatformName> = Vec::new();
        for id in &new.account_ids {
            if let Some(platform) = self.accounts.platform(*id)
                && !platforms.contains(platform)
            {
                platforms.push(platform.clone());
            }
        }
        platforms
    }
}

/// Whether the workspace has a post with this id, and whether it was deleted.
///
/// # Errors
/// Only internal ones.
pub async fn find_there(app: &App, caller: &Caller, id: PostId) -> Result<Option<bool>, AppError> {
    let there = app.store.find_posts_there(caller.organization_id, caller.workspace_id, &[id]).await?;
    Ok(there.get(&id).copied())
}

/// Puts a text where each platform looks for it; those that have no such thing are noted.
fn add_setting(
    app: &App,
    new: &mut NewPost,
    platforms: &[PlatformName],
    (key, text): (&str, Option<&str>),
    notes: &mut Vec<String>,
) {
    let Some(text) = text else { return };
    for platform in platforms {
        let Some(spec) = app.registry.spec(platform) else { continue };
        if has_setting(spec, key) {
            let item = new.platform_content.entry(platform.as_str().to_owned()).or_default();
            item.settings.0.entry(key).or_insert_with(|| text.into());
        } else {
            let what = if key == TITLE { "titles" } else { "first comments" };
            notes.push(format!("{} has no {what}; this one is not carried over there.", spec.display_name));
        }
    }
}

fn has_setting(spec: &PlatformSpec, key: &str) -> bool {
    let rules = &spec.rules;
    let among = rules.settings.iter().any(|rule| rule.keys.contains(&key));
    among
        || match key {
            TITLE => rules.title.is_some(),
            _ => rules.features.contains(&"first_comment"),
        }
}

/// The id of what a row becomes, made of what it says and where it goes. Files count by what the row calls
/// them: fetched or uploaded again, they have other ids.
fn import_id(caller: &Caller, row: &Row, new: &NewPost) -> PostId {
    let mut accounts: Vec<i64> = new.account_ids.iter().map(|id| id.0).collect();
    accounts.sort_unstable();
    let when: Option<Timestamp> = match row.when {
        When::Draft => None,
        When::DraftFor(at) | When::At(at) => Some(at),
    };
    let media: Vec<Value> = row.media.iter().map(media_name).collect();
    let all = json!([
        "fanfare import 1",
        caller.organization_id,
        caller.workspace_id,
        row.content,
        row.thread,
        accounts,
        when,
        new.draft,
        media,
        new.platform_content,
        row.campaign_id,
    ]);
    let hash: [u8; 32] = Sha256::digest(all.to_string()).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    PostId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What a file is called: its id, its address or its name.
fn media_name(file: &MediaRef) -> Value {
    match (&file.id, &file.url, &file.name) {
        (Some(id), _, _) => json!(id),
        (None, Some(url), _) => json!(url),
        (None, None, name) => json!(name),
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}
