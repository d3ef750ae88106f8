//! Taking a post's live copies down on their platforms.

use std::pin::Pin;
use std::sync::Arc;

use connector::{AccountRef, Credentials, Cx, Deletion, Failure, MediaSource, PlatformConfig, Unobserved};
use domain::{AccountId, Class, DestinationId, DestinationStatus, MediaId, PlatformName, PostId};
use store::{AccountRow, LiveCopy};

use crate::{App, AppError, Caller};

/// What became of a live copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenDown {
    /// The destination.
    pub destination_id: DestinationId,
    /// The account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// Whether its destination had ended well: a thread that broke off has parts that are live, too.
    pub was_published: bool,
    /// The platform's id of the post, of its first part if it is a thread.
    pub platform_post_id: Option<String>,
    /// The ids of the parts that were taken down.
    pub parts: Vec<String>,
    /// Why something of it is still live, in a sentence.
    pub error: Option<String>,
}

/// Refuses platforms whose copies this server cannot take down.
pub(super) fn check(app: &App, platforms: &[PlatformName]) -> Result<(), AppError> {
    let can =
        |name: &PlatformName| app.registry.connector(name).is_some_and(|found| found.deletion().is_some());
    match platforms.iter().find(|name| !can(name)) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<&str> = app
                .registry
                .entries()
                .iter()
                .filter(|entry| can(&entry.spec.name))
                .map(|entry| entry.spec.name.as_str())
                .collect();
            let shown: String = name.as_str().chars().take(50).collect();
            let message = format!(
                "delete_on_platforms: \"{shown}\" cannot be chosen; live copies are removed on {}.",
                known.join(", ")
            );
            Err(AppError::validation("delete_on_platforms", message))
        }
    }
}

/// Takes down what is live of a post on these platforms. What fails is told and does not stop the rest.
pub(super) async fn take_down(
    app: &App,
    caller: &Caller,
    post: PostId,
    platforms: &[PlatformName],
) -> Result<Vec<TakenDown>, AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let copies = app.store.list_live_copies(organization, workspace, post).await?;
    let Some(copies) = copies else { return Err(AppError::NotFound("Post")) };
    let mut taken = Vec::new();
    for copy in copies.iter().filter(|copy| platforms.contains(&copy.platform)) {
        let Some(connector) = app.registry.connector(&copy.platform) else { continue };
        let Some(deletion) = connector.deletion() else { continue };
        let ids = deletion.live(copy.platform_post_id.as_deref(), copy.state.as_deref());
        let mut one = TakenDown {
            destination_id: copy.id,
            account_id: copy.account_id,
            platform: copy.platform.clone(),
            was_published: copy.status == DestinationStatus::Published,
            platform_post_id: ids.first().cloned(),
            parts: Vec::new(),
            error: None,
        };
        if copy.status == DestinationStatus::Publishing {
            one.error = Some("It is being published at this moment; remove it on the platform.".to_owned());
        } else if ids.is_empty() {
            continue;
        } else {
            one.error = remove(app, caller, copy, deletion, &ids, &mut one.parts).await?;
        }
        taken.push(one);
    }
    Ok(taken)
}

/// Removes the parts, the last one first: a thread whose beginning is gone is harder to find. What is still
/// live, in a sentence.
async fn remove(
    app: &App,
    caller: &Caller,
    copy: &LiveCopy,
    deletion: &dyn Deletion,
    ids: &[String],
    parts: &mut Vec<String>,
) -> Result<Option<String>, AppError> {
    let Some(opened) = open(app, caller, copy).await? else {
        let error = "The account is disconnected, so that its posts cannot be removed from here.";
        return Ok(Some(error.to_owned()));
    };
    let cx = opened.cx(app);
    for id in ids.iter().rev() {
        if let Err(failure) = deletion.delete(&cx, id).await {
            tracing::warn!(
                platform = %copy.platform,
                post = id,
                class = ?failure.class,
                error = failure.internal.for_log(),
                "a live copy could not be removed"
            );
            let left = ids.len() - parts.len();
            let of = if ids.len() > 1 {
                format!(" {left} of {} parts stay live.", ids.len())
            } else {
                String::new()
            };
            return Ok(Some(format!("{}{of}", said(&failure))));
        }
        parts.push(id.clone());
    }
    parts.reverse();
    let expected = copy.parts.saturating_sub(u32::try_from(ids.len()).unwrap_or(u32::MAX));
    Ok((copy.status == DestinationStatus::Published && expected > 0)
        .then(|| format!("The ids of {expected} further parts are not known; remove them on the platform.")))
}

fn said(failure: &Failure) -> String {
    match failure.class {
        Class::TokenExpired => "The account's access has expired; connect it again.".to_owned(),
        _ => failure.public.clone(),
    }
}

/// An account as a connector sees it.
struct Opened {
    account: AccountRef,
    credentials: Credentials,
    config: Arc<PlatformConfig>,
}

impl Opened {
    fn cx<'a>(&'a self, app: &'a App) -> Cx<'a> {
        Cx {
            http: &app.outside.http,
            guarded: &app.outside.guarded,
            clock: app.clock.as_ref(),
            entropy: app.entropy.as_ref(),
            hosts: &self.config.hosts,
            account: &self.account,
            credentials: &self.credentials,
            app: &self.config.app,
            media: &NoMedia,
            limits: &Unobserved,
        }
    }
}

async fn open(app: &App, caller: &Caller, copy: &LiveCopy) -> Result<Option<Opened>, AppError> {
    let organization = caller.organization_id;
    let rows = app.store.find_accounts(organization, caller.workspace_id, &[copy.account_id]).await?;
    let stored = app.store.find_credentials(organization, copy.account_id).await?;
    let (Some(row), Some(stored)) = (rows.into_iter().next(), stored) else { return Ok(None) };
    let credentials =
        serde_json::from_slice(&stored.bytes).map_err(|error| AppError::Internal(Box::new(error)))?;
    let config = app.outside.platforms.get(&copy.platform).unwrap_or_default();
    Ok(Some(Opened { account: account_ref(row), credentials, config }))
}

fn account_ref(row: AccountRow) -> AccountRef {
    AccountRef {
        id: row.id,
        platform_user_id: row.platform_user_id,
        username: row.username,
        display_name: row.display_name,
        premium: row.premium,
        service_url: row.service_url,
    }
}

/// Taking a post down needs no files.
struct NoMedia;

impl MediaSource for NoMedia {
    fn read(
        &self,
        _: MediaId,
        _: u64,
        _: u64,
    ) -> Pin<Box<dyn Future<Output = Result<bytes::Bytes, Failure>> + Send + '_>> {
        Box::pin(async { Err(Failure::before_sending(Class::MediaFailed, "There is no such file.")) })
    }
}
