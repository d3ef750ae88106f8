//! What an operator sets of the provider, and whether it answers.

use domain::audit::AuditAction;
use serde_json::json;
use store::AiProviderRow;
use url::Url;

use super::provider::ask;
use crate::outside::nonce;
use crate::people::{SignedIn, Visit};
use crate::setting_source::SettingSource;
use crate::{App, AppError};

/// The longest text that is kept of a provider.
const LONGEST: usize = 1_000;

/// What somebody sends to set the provider.
#[derive(Clone)]
pub struct NewProvider {
    /// The root of its API.
    pub base_url: String,
    /// Its key; `None` for the one that is stored.
    pub api_key: Option<String>,
    /// The model that writes captions; empty for none.
    pub caption_model: String,
    /// The model that makes pictures; empty for none.
    pub image_model: String,
}

/// Sets the provider in place of the one before.
///
/// # Errors
/// [`AppError::Forbidden`] for who does not run the installation, [`AppError::Conflict`] where the
/// configuration has one, [`AppError::Validation`].
pub async fn set_provider(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    new: NewProvider,
) -> Result<(), AppError> {
    changeable(app, signed_in)?;
    let base_url = address(app, &new.base_url)?;
    let api_key = match new.api_key {
        Some(key) => text("api_key", &key)?,
        None => kept_key(app, &base_url).await?,
    };
    let caption_model = text("caption_model", &new.caption_model)?;
    let image_model = text("image_model", &new.image_model)?;
    if caption_model.is_empty() && image_model.is_empty() {
        let message = "caption_model or image_model is needed, or both.";
        return Err(AppError::validation("caption_model", message));
    }
    let subject = base_url.host_str().unwrap_or_default().to_owned();
    let row = AiProviderRow {
        base_url: base_url.into(),
        api_key,
        caption_model,
        image_model,
        updated_at: app.clock.now(),
    };
    let log = signed_in.did_here(app, visit, AuditAction::AiProviderSet, &subject);
    app.store.put_ai_provider(row, nonce(app.entropy.as_ref()), log).await?;
    tracing::info!(host = subject, by = signed_in.email, "the AI provider was set");
    app.installation.refresh(app).await
}

/// Removes the stored provider.
///
/// # Errors
/// As [`set_provider`], and [`AppError::NotFound`] where there is none.
pub async fn remove_provider(app: &App, signed_in: &SignedIn, visit: &Visit) -> Result<(), AppError> {
    changeable(app, signed_in)?;
    let log = signed_in.did_here(app, visit, AuditAction::AiProviderRemove, "");
    if !app.store.remove_ai_provider(log).await? {
        return Err(AppError::NotFound("AI provider"));
    }
    tracing::info!(by = signed_in.email, "the AI provider was removed");
    app.installation.refresh(app).await
}

/// Asks the provider that is in use for a word, which costs next to nothing; where none writes captions,
/// for its models.
///
/// # Errors
/// [`AppError::Forbidden`], and what the provider's refusal means: [`AppError::NotSetUp`],
/// [`AppError::Busy`].
pub async fn test_provider(app: &App, signed_in: &SignedIn) -> Result<(), AppError> {
    signed_in.operating()?;
    let settings = app.ai.now();
    if settings.caption_model.is_empty() {
        return ask(app, &settings, "models", "image_model", None).await.map(|_| ());
    }
    let body = json!({
        "model": settings.caption_model,
        "messages": [{ "role": "user", "content": "Answer with the word: yes" }],
    });
    let answer = ask(app, &settings, "chat/completions", "caption_model", Some(&body)).await?;
    match answer["choices"].as_array() {
        Some(choices) if !choices.is_empty() => Ok(()),
        _ => Err(super::provider::unusable()),
    }
}

fn changeable(app: &App, signed_in: &SignedIn) -> Result<(), AppError> {
    signed_in.operating()?;
    if app.ai.source() == SettingSource::Configuration {
        let message =
            "The AI provider is set by the server's configuration, in the section ai; change it there.";
        return Err(AppError::Conflict(message.to_owned()));
    }
    Ok(())
}

/// The stored key goes to nobody but the provider that it was entered for.
async fn kept_key(app: &App, base_url: &Url) -> Result<String, AppError> {
    let stored = app.store.find_ai_provider().await?;
    let missing = || AppError::validation("api_key", "api_key is missing; another provider has its own.");
    match stored {
        Some(stored) if Url::parse(&stored.base_url).is_ok_and(|url| url.origin() == base_url.origin()) => {
            Ok(stored.api_key)
        }
        _ => Err(missing()),
    }
}

fn address(app: &App, text: &str) -> Result<Url, AppError> {
    let refused = |message: &str| AppError::validation("base_url", message);
    let usual = "base_url must be the root of the provider's API, such as https://api.openai.com/v1.";
    let url = Url::parse(self::text("base_url", text)?.as_str()).map_err(|_| refused(usual))?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.has_host();
    let has_more = !url.username().is_empty() || url.password().is_some() || url.query().is_some();
    if !is_plain || has_more || url.fragment().is_some() {
        return Err(refused(usual));
    }
    if url.scheme() == "http" && !app.outside.guarded.allows_private_networks() {
        return Err(refused("base_url must begin with https://, so that nobody on the way reads the key."));
    }
    app.outside.guarded.check_address(&url).map_err(|_| {
        refused(
            "base_url leads into a private network, which this server does not let through; see \
             allow_private_networks in its configuration.",
        )
    })?;
    Ok(url)
}

fn text(field: &'static str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.len() > LONGEST || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        let message =
            format!("{field} must have {LONGEST} characters at most, and no spaces or line breaks.");
        return Err(AppError::validation(field, message));
    }
    Ok(text.to_owned())
}
