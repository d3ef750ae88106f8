//! What a server is set up for, as who manages an organization may see it. Never a secret.

use connector::SignIn;

use crate::people::SignedIn;
use crate::{App, AppError};

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
}

/// What the server is set up for.
///
/// # Errors
/// [`AppError::Forbidden`] for who does not manage the organization.
pub fn get(app: &App, signed_in: &SignedIn) -> Result<ServerInfo, AppError> {
    signed_in.managing()?;
    let mut platforms: Vec<PlatformStatus> = app
        .registry
        .entries()
        .iter()
        .map(|entry| {
            let spec = entry.spec;
            let needs_app = spec.sign_in == SignIn::OAuth;
            let config = app.outside.platforms.get(&spec.name);
            let has_app = config.is_some_and(|config| !config.app.client_id.is_empty());
            PlatformStatus {
                platform: spec.name.to_string(),
                display_name: spec.display_name,
                needs_app,
                is_set_up: has_app || !needs_app,
            }
        })
        .collect();
    platforms.sort_by_key(|status| status.display_name);
    let ai = &app.ai;
    let host = ai.base_url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
    let set_up = host.is_some();
    let usual = Some(ai.image_model.clone()).filter(|model| set_up && !model.is_empty());
    let others = ai.image_models.keys().filter(|_| set_up).cloned();
    Ok(ServerInfo {
        platforms,
        ai_host: host,
        caption_model: Some(ai.caption_model.clone()).filter(|model| set_up && !model.is_empty()),
        image_models: usual.into_iter().chain(others).collect(),
    })
}
