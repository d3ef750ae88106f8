//! Pictures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ai::{AspectRatio, ImageModel};
use domain::api_key::Scope;
use serde_json::{Value, json};
use url::Url;

use super::provider::{ask, not_set_up, unusable};
use super::{AiSettings, Hold};
use crate::media::MediaView;
use crate::{App, AppError, Caller};

/// The largest picture that is fetched from a provider.
const LARGEST: usize = 32 * 1024 * 1024;

/// What a picture shall be like.
#[derive(Clone, Debug)]
pub struct ImageOrder {
    /// What it shows.
    pub prompt: String,
    /// Its shape.
    pub ratio: AspectRatio,
    /// The model, as callers choose it.
    pub model: ImageModel,
}

/// A picture in the library, and what it cost.
#[derive(Clone, Debug)]
pub struct MadeImage {
    /// The library item.
    pub media: MediaView,
    /// The credits that are left in the month.
    pub credits_remaining: i64,
}

/// Has a picture made, and puts it into the library.
///
/// # Errors
/// [`AppError::InsufficientScope`], [`AppError::NotSetUp`], [`AppError::InsufficientCredits`],
/// [`AppError::Validation`] when the provider refuses the prompt, [`AppError::QuotaExceeded`] when the
/// library is full, [`AppError::Busy`].
pub async fn make_image(app: &App, caller: &Caller, order: &ImageOrder) -> Result<MadeImage, AppError> {
    caller.require(Scope::Ai)?;
    let settings = app.ai.now();
    if settings.base_url.is_none() {
        return Err(not_set_up("ai.base_url"));
    }
    let model = settings.image_models.get(order.model.name).unwrap_or(&settings.image_model);
    if model.is_empty() {
        return Err(not_set_up("ai.image_model"));
    }
    let hold = Hold::take(app, caller.organization_id, order.model.credits).await?;
    match make(app, caller, &settings, order, model).await {
        Ok(media) => {
            let credits_remaining = hold.settle(order.model.credits).await?;
            Ok(MadeImage { media, credits_remaining })
        }
        Err(error) => Err(hold.give_back(error).await),
    }
}

async fn make(
    app: &App,
    caller: &Caller,
    settings: &AiSettings,
    order: &ImageOrder,
    model: &str,
) -> Result<MediaView, AppError> {
    let body = json!({
        "model": model,
        "prompt": order.prompt,
        "n": 1,
        "size": size_for(order.ratio),
    });
    let answer = ask(app, settings, "images/generations", "prompt", Some(&body)).await?;
    let bytes = bytes_of(app, &answer["data"][0]).await?;
    // Providers make few shapes; the middle of the nearest one has the shape that was asked for.
    let AspectRatio { width, height, .. } = order.ratio;
    let cut = ::media::cut_to_shape(bytes, width, height).await.map_err(|error| {
        tracing::warn!(error = %error, "the AI provider's picture cannot be read");
        unusable()
    })?;
    let ending = if cut.starts_with(b"\x89PNG") { "png" } else { "jpg" };
    let name = format!("{}.{ending}", order.model.name);
    crate::media::add(app, caller.organization_id, caller.workspace_id, &name, cut.as_slice()).await
}

/// The nearest of the sizes that every provider of pictures makes.
fn size_for(ratio: AspectRatio) -> &'static str {
    // A side may be a quarter longer before the other size has more of the picture.
    if ratio.width * 4 > ratio.height * 5 {
        "1536x1024"
    } else if ratio.height * 4 > ratio.width * 5 {
        "1024x1536"
    } else {
        "1024x1024"
    }
}

/// Providers send the picture along, or say where it is.
async fn bytes_of(app: &App, picture: &Value) -> Result<Vec<u8>, AppError> {
    if let Some(encoded) = picture["b64_json"].as_str() {
        return STANDARD.decode(encoded).map_err(|_| unusable());
    }
    let url = picture["url"].as_str().and_then(|url| Url::parse(url).ok()).ok_or_else(unusable)?;
    let fetched = app.outside.guarded.fetch(&url, LARGEST).await.map_err(|error| {
        tracing::warn!(error = %error, "the AI provider's picture cannot be fetched");
        unusable()
    })?;
    Ok(fetched.bytes.to_vec())
}
