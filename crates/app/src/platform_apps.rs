//! The installation's apps at platforms, set and removed while the server runs. What its configuration
//! names wins. Must not know who asks: the operator at the command line, or one who is signed in.

use std::collections::{HashMap, HashSet};

use connector::{AppCredentials, PlatformConfigs, Registry, SignIn};
use domain::PlatformName;
use domain::audit::AuditAction;
use store::PlatformApp;

use crate::outside::nonce;
use crate::people::{SignedIn, Visit};
use crate::setting_source::SettingSource;
use crate::{App, AppError};

/// The longest id of an app that is kept, and the longest secret.
const LONGEST: usize = 1_000;

/// Where the apps come from that are not stored.
#[derive(Debug, Default)]
pub struct AppSources {
    configured: HashSet<PlatformName>,
    otherwise: HashMap<PlatformName, AppCredentials>,
}

impl AppSources {
    /// The apps of `configured` platforms never change. `otherwise` has those that are used where none is
    /// stored.
    pub fn new(configured: HashSet<PlatformName>, otherwise: HashMap<PlatformName, AppCredentials>) -> Self {
        Self { configured, otherwise }
    }

    /// Where a platform's app comes from.
    pub(crate) fn of(&self, platform: &PlatformName, is_stored: bool) -> SettingSource {
        let is_configured = self.configured.contains(platform);
        SettingSource::first(is_configured, is_stored, self.otherwise.contains_key(platform))
    }

    /// Puts the stored apps in use, unless the configuration has one for their platform.
    pub(crate) fn put_in_use(
        &self,
        stored: &[PlatformApp],
        registry: &Registry,
        platforms: &PlatformConfigs,
    ) {
        for entry in registry.entries() {
            let name = &entry.spec.name;
            if self.configured.contains(name) {
                continue;
            }
            let kept = stored.iter().find(|stored| stored.platform == *name).map(|stored| AppCredentials {
                client_id: stored.client_id.clone(),
                client_secret: stored.client_secret.clone(),
            });
            let wanted = kept.or_else(|| self.otherwise.get(name).cloned()).unwrap_or_default();
            platforms.set_app(name, wanted);
        }
    }
}

/// What somebody sends to set a platform's app.
#[derive(Clone)]
pub struct NewApp {
    /// The public id.
    pub client_id: String,
    /// The secret.
    pub client_secret: String,
}

/// Sets a platform's app in place of the one before. This process uses it from now on, others in a moment.
///
/// # Errors
/// [`AppError::Forbidden`] for who does not run the installation, [`AppError::NotFound`] for no platform,
/// [`AppError::Conflict`] where the configuration has one, [`AppError::Validation`].
pub async fn set(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    platform: &PlatformName,
    new: NewApp,
) -> Result<(), AppError> {
    let name = changeable(app, signed_in, platform)?;
    let stored = PlatformApp {
        platform: platform.clone(),
        client_id: checked("client_id", &new.client_id)?,
        client_secret: checked("client_secret", &new.client_secret)?,
        updated_at: app.clock.now(),
    };
    let subject = format!("{name}: {}", stored.client_id);
    let log = signed_in.did_here(app, visit, AuditAction::PlatformAppSet, &subject);
    app.store.put_platform_app(stored, nonce(app.entropy.as_ref()), log).await?;
    tracing::info!(platform = platform.as_str(), by = signed_in.email, "an app was set");
    app.installation.refresh(app).await
}

/// Removes a platform's stored app.
///
/// # Errors
/// As [`set`], and [`AppError::NotFound`] where there is none.
pub async fn remove(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    platform: &PlatformName,
) -> Result<(), AppError> {
    let name = changeable(app, signed_in, platform)?;
    let log = signed_in.did_here(app, visit, AuditAction::PlatformAppRemove, name);
    if !app.store.remove_platform_app(platform, log).await? {
        return Err(AppError::NotFound("App"));
    }
    tracing::info!(platform = platform.as_str(), by = signed_in.email, "an app was removed");
    app.installation.refresh(app).await
}

/// The platform's name for people, if this person may give it another app.
fn changeable(app: &App, signed_in: &SignedIn, platform: &PlatformName) -> Result<&'static str, AppError> {
    signed_in.operating()?;
    let spec = app.registry.spec(platform).ok_or(AppError::NotFound("Platform"))?;
    if spec.sign_in != SignIn::OAuth {
        let message = format!("{} needs no app of this server.", spec.display_name);
        return Err(AppError::Conflict(message));
    }
    if app.outside.apps.configured.contains(platform) {
        return Err(AppError::Conflict(format!(
            "The app of {} is set by the server's configuration, in platforms.{platform}; change it there.",
            spec.display_name
        )));
    }
    Ok(spec.display_name)
}

/// A text that can be an app's id or secret.
fn checked(field: &'static str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::validation(field, format!("{field} is missing.")));
    }
    if text.len() > LONGEST || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        let message =
            format!("{field} must have {LONGEST} characters at most, and no spaces or line breaks.");
        return Err(AppError::validation(field, message));
    }
    Ok(text.to_owned())
}
