//! What would become of a post: the checks of creating it, and what its media have to go through.
//! Nothing is written.

use domain::rules::fit::{Plan, Tense, sentence};
use domain::rules::measure;
use domain::{AccountHealth, AccountId, MediaId, PlatformName, Settings};
use store::AccountRow;

use super::NewPost;
use super::content::{Body, Targets, draft_for, look_at_media, plans, refused, violations};
use super::create::prepare;
use crate::{App, AppError, Caller, ValidationError};

/// What would become of a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// Account by account, in the order in which they were named.
    pub destinations: Vec<ValidatedDestination>,
}

impl Validation {
    /// Whether creating the post would be refused nowhere.
    pub fn is_valid(&self) -> bool {
        self.destinations.iter().all(|destination| destination.errors.is_empty())
    }
}

/// What would become of a post on one account.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidatedDestination {
    /// The account.
    pub account_id: AccountId,
    /// Its shown name.
    pub account_name: String,
    /// Its platform.
    pub platform: PlatformName,
    /// Why the platform would refuse it.
    pub errors: Vec<ValidationError>,
    /// What would go out otherwise than asked, in sentences for people.
    pub warnings: Vec<String>,
    /// How long the text is, as the platform counts.
    pub length: u32,
    /// How long it may be on this account.
    pub limit: u32,
    /// The media, in order.
    pub media: Vec<ValidatedMedia>,
}

/// What would become of a media file on one account.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidatedMedia {
    /// The library item.
    pub media_id: MediaId,
    /// What is done to it.
    pub action: MediaAction,
    /// How, in a sentence for people.
    pub note: Option<String>,
}

/// What is done to a media file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaAction {
    /// It goes out as it is.
    Untouched,
    /// A copy is made that the platform takes.
    Convert,
    /// Nothing that the platform takes can be made of it.
    Refused,
}

impl MediaAction {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Convert => "convert",
            Self::Refused => "refused",
        }
    }
}

/// Says what would become of a post.
///
/// # Errors
/// Every refusal of `POST /posts` that is not one platform's.
pub async fn validate(app: &App, caller: &Caller, new: &NewPost) -> Result<Validation, AppError> {
    let prepared = prepare(app, caller, new, app.clock.now()).await?;
    let content = Body::of(new);
    content.check_is_there()?;
    let mut targets = prepared.targets;
    look_at_media(app, &mut targets).await;
    let of = |account| validated(app, account, &targets, &content);
    Ok(Validation { destinations: targets.accounts.iter().map(of).collect() })
}

fn validated(app: &App, account: &AccountRow, targets: &Targets, content: &Body<'_>) -> ValidatedDestination {
    let mut found = ValidatedDestination {
        account_id: account.id,
        account_name: account.display_name.clone(),
        platform: account.platform.clone(),
        errors: violations(app, account, targets, content),
        warnings: Vec::new(),
        length: 0,
        limit: 0,
        media: Vec::new(),
    };
    let Some(spec) = app.registry.spec(&account.platform) else { return found };
    let unset = Settings::default();
    let media = targets.drafts();
    let draft = draft_for(account, content, &media, &unset);
    (found.length, found.limit) = measure(&spec.rules, &draft);
    if !AccountHealth::judge(&account.health_facts(), app.clock.now()).can_post() {
        found.warnings.push("This account cannot post now; connect it again.".to_owned());
    }
    if !content.thread.is_empty() && !spec.rules.threads {
        found.warnings.push(format!("{} has no threads: only the first part goes out.", spec.display_name));
    }
    for (row, plan) in targets.media.iter().zip(plans(app, spec, account, targets, content)) {
        let (action, note) = match plan {
            Plan::Untouched => (MediaAction::Untouched, None),
            Plan::Convert { changes, .. } => {
                let note = sentence(&row.kind, &changes, spec.display_name, Tense::Future);
                found.warnings.push(note.clone());
                (MediaAction::Convert, Some(note))
            }
            Plan::Refused(refusal) => (MediaAction::Refused, Some(refused(spec, &refusal))),
        };
        found.media.push(ValidatedMedia { media_id: row.id, action, note });
    }
    found
}
