//! What a server is set up for: so much of it as somebody may see. Never a secret.

use connector::SignIn;
use domain::{Span, Timestamp};
use store::{BackupRow, PlatformApp};

use crate::people::SignedIn;
use crate::setting_source::SettingSource;
use crate::{App, AppError};

/// A backup that is older than this is too old.
const BACKUP_OLD_AFTER: Span = Span::from_hours(7 * 24);

/// A platform of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformStatus {
    /// Its name in the API.
    pub platform: String,
    /// Its name for people.
    pub display_name: &'static str,
    /// Whether accounts sign in on its own pages, for which the server needs an app there.
    pub needs_app: bool,
    /// Whether accounts can be connected.
    pub is_set_up: bool,
    /// The server's app there, for who runs the installation, where it needs one.
    pub app: Option<AppStatus>,
}

/// The server's app at a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppStatus {
    /// Where it comes from.
    pub source: SettingSource,
    /// Its public id; empty where there is none.
    pub client_id: String,
    /// When it was stored, if it was.
    pub updated_at: Option<Timestamp>,
}

/// The provider of captions and pictures, without its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AiStatus {
    /// Where it comes from.
    pub source: SettingSource,
    /// The root of its API.
    pub base_url: Option<String>,
    /// Whether there is a key.
    pub has_key: bool,
    /// The model that makes pictures unless another one is chosen; empty where none does.
    pub image_model: String,
}

/// The last backup, as who runs the installation sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupStatus {
    /// The last one, if there ever was one.
    pub last: Option<BackupRow>,
    /// Whether there is none, or an old one only.
    pub is_due: bool,
    /// Whether the database is PostgreSQL, which may have backups that this program does not know.
    pub is_postgres: bool,
}

/// What a server is set up for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// The platforms, by name.
    pub platforms: Vec<PlatformStatus>,
    /// The host that writes captions and makes pictures; `None` where none does.
    pub ai_host: Option<String>,
    /// The model that writes captions.
    pub caption_model: Option<String>,
    /// The models that make pictures, the usual one first.
    pub image_models: Vec<String>,
    /// The whole of it, for who runs the installation.
    pub ai: Option<AiStatus>,
    /// The last backup, for who runs the installation.
    pub backup: Option<BackupStatus>,
}

/// What the server is set up for.
///
/// # Errors
/// [`AppError::Forbidden`] for who neither manages the organization nor runs the installation.
pub async fn get(app: &App, signed_in: &SignedIn) -> Result<ServerInfo, AppError> {
    if !signed_in.is_operator {
        signed_in.managing()?;
    }
    let stored = if signed_in.is_operator { Some(app.store.list_platform_apps().await?) } else { None };
    let mut platforms: Vec<PlatformStatus> = app
        .registry
        .entries()
        .iter()
        .map(|entry| {
            let spec = entry.spec;
            let needs_app = spec.sign_in == SignIn::OAuth;
            let config = app.outside.platforms.get(&spec.name).unwrap_or_default();
            let client_id = config.app.client_id.clone();
            let stored = stored.as_deref().filter(|_| needs_app);
            PlatformStatus {
                platform: spec.name.to_string(),
                display_name: spec.display_name,
                needs_app,
                is_set_up: !client_id.is_empty() || !needs_app,
                app: stored.map(|stored| app_status(app, spec, client_id, stored)),
            }
        })
        .collect();
    platforms.sort_by_key(|status| status.display_name);
    let ai = app.ai.now();
    let host = ai.base_url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
    let set_up = host.is_some();
    let usual = Some(ai.image_model.clone()).filter(|model| set_up && !model.is_empty());
    let others = ai.image_models.keys().filter(|_| set_up).cloned();
    let backup = if signed_in.is_operator { Some(backup(app).await?) } else { None };
    Ok(ServerInfo {
        platforms,
        ai_host: host,
        caption_model: Some(ai.caption_model.clone()).filter(|model| set_up && !model.is_empty()),
        image_models: usual.into_iter().chain(others).collect(),
        ai: signed_in.is_operator.then(|| AiStatus {
            source: app.ai.source(),
            base_url: ai.base_url.as_ref().map(ToString::to_string),
            has_key: !ai.api_key.is_empty(),
            image_model: ai.image_model.clone(),
        }),
        backup,
    })
}

fn app_status(
    app: &App,
    spec: &connector::PlatformSpec,
    client_id: String,
    stored: &[PlatformApp],
) -> AppStatus {
    let stored = stored.iter().find(|stored| stored.platform == spec.name);
    let source = app.outside.apps.of(&spec.name, stored.is_some());
    let kept = stored.filter(|_| source == SettingSource::Stored);
    AppStatus { source, client_id, updated_at: kept.map(|kept| kept.updated_at) }
}

async fn backup(app: &App) -> Result<BackupStatus, AppError> {
    let last = app.store.find_last_backup().await?;
    let now = app.clock.now();
    let is_due = last.as_ref().is_none_or(|last| now.since(last.made_at) > BACKUP_OLD_AFTER);
    Ok(BackupStatus { last, is_due, is_postgres: app.store.is_shared() })
}
