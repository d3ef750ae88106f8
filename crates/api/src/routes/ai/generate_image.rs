//! `POST /ai/generate-image`

use app::ai::ImageOrder;
use axum::extract::State;
use domain::ai::{ASPECT_RATIOS, IMAGE_MODELS, LONGEST_PROMPT};
use utoipa::ToSchema;

use super::{check_text, choice, take};
use crate::ApiState;
use crate::auth::{Ai, Scoped};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::AiErrors;
use crate::wire::{GeneratedImage, GeneratedImageEnvelope};

/// What a picture shall be like.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct GenerateImageRequest {
    /// What it shows.
    #[schema(max_length = 2000)]
    prompt: String,
    /// Width to height; `1:1` by default.
    #[schema(required = false, inline)]
    aspect_ratio: Option<AspectRatio>,
    /// `nano-banana-pro` (15 credits, the default), `ideogram-v2` (8), `gemini-3-pro` (5) or
    /// `flux-schnell` (1).
    #[schema(required = false, inline)]
    model: Option<ImageModel>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
enum AspectRatio {
    #[schema(rename = "1:1")]
    Square,
    #[schema(rename = "16:9")]
    Wide,
    #[schema(rename = "9:16")]
    Tall,
    #[schema(rename = "4:3")]
    Landscape,
    #[schema(rename = "3:4")]
    Portrait,
    #[schema(rename = "4:5")]
    AlmostSquareUp,
    #[schema(rename = "5:4")]
    AlmostSquareAcross,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
enum ImageModel {
    #[schema(rename = "nano-banana-pro")]
    NanoBananaPro,
    #[schema(rename = "ideogram-v2")]
    IdeogramV2,
    #[schema(rename = "gemini-3-pro")]
    Gemini3Pro,
    #[schema(rename = "flux-schnell")]
    FluxSchnell,
}

/// Have a picture made. It is in the library, ready, when the answer arrives.
#[utoipa::path(post, path = "/ai/generate-image", operation_id = "generate_image", tag = "ai",
    request_body = GenerateImageRequest,
    responses((status = 201, body = GeneratedImageEnvelope), AiErrors))]
pub(crate) async fn generate_image(
    State(state): State<ApiState>,
    scoped: Scoped<Ai>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    // As it was sent: the spaces around it count too.
    check_text(&fields.text("prompt")?.unwrap_or_default(), "prompt", LONGEST_PROMPT)?;
    let prompt = fields.needed_text("prompt")?;
    let ratio = fields.text("aspect_ratio")?;
    let ratio = choice(ratio.as_deref(), "aspect_ratio", &ASPECT_RATIOS, |ratio| ratio.name)?;
    let model = fields.text("model")?;
    let model = choice(model.as_deref(), "model", &IMAGE_MODELS, |model| model.name)?;
    let order = ImageOrder { prompt, ratio, model };
    take(&state, &scoped.caller).await?;
    let made = app::ai::make_image(&state.app, &scoped.caller, &order).await?;
    Reply::created(&GeneratedImage::new(&made, &order))
}
