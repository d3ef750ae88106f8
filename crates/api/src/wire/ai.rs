//! Captions and pictures on the wire.

use app::ai::{ImageOrder, MadeImage};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Captions, and what they cost.
#[derive(Serialize, ToSchema)]
pub(crate) struct GeneratedCaptions {
    pub(crate) captions: Vec<String>,
    #[schema(required)]
    pub(crate) platform: Option<&'static str>,
    pub(crate) tone: &'static str,
    pub(crate) length: &'static str,
    pub(crate) count_requested: u8,
    pub(crate) count_returned: usize,
    pub(crate) credits_used: i64,
    pub(crate) credits_remaining: i64,
}

/// A picture that was made, and what it cost.
#[derive(Serialize, ToSchema)]
pub(crate) struct GeneratedImage {
    media_id: Uuid,
    media_ids: [Uuid; 1],
    /// Always `image`.
    r#type: &'static str,
    #[schema(required)]
    width: Option<u32>,
    #[schema(required)]
    height: Option<u32>,
    aspect_ratio: &'static str,
    model: &'static str,
    ai: MadeBy,
    credits_used: i64,
    credits_remaining: i64,
    #[schema(format = DateTime)]
    created_at: String,
    message: &'static str,
    /// What to do with it.
    next_step: String,
}

/// Which model made a picture, and of what.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeBy {
    model: &'static str,
    prompt: String,
}

impl GeneratedImage {
    pub(crate) fn new(made: &MadeImage, order: &ImageOrder) -> Self {
        let id = made.media.id.0;
        Self {
            media_id: id,
            media_ids: [id],
            r#type: "image",
            width: made.media.width,
            height: made.media.height,
            aspect_ratio: order.ratio.name,
            model: order.model.name,
            ai: MadeBy { model: order.model.name, prompt: order.prompt.clone() },
            credits_used: order.model.credits,
            credits_remaining: made.credits_remaining,
            created_at: made.media.created_at.to_iso_millis(),
            message: "Image generated.",
            next_step: format!("Pass \"media_ids\": [\"{id}\"] to POST /v1/posts."),
        }
    }
}
