//! `POST /ai/generate-caption`

use app::ai::CaptionOrder;
use axum::extract::State;
use domain::ai::{LENGTHS, LONGEST_TOPIC, MOST_CAPTIONS, TONES, caption_platforms, caption_rules};
use utoipa::ToSchema;

use super::{check_text, choice, take};
use crate::ApiState;
use crate::auth::{Ai, Scoped};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi::AiErrors;
use crate::wire::{GeneratedCaptions, GeneratedCaptionsEnvelope};

/// What captions shall be like.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; bodies are read member by member")]
pub(crate) struct GenerateCaptionRequest {
    /// What the post is about.
    #[schema(max_length = 1000)]
    topic: String,
    /// The platform, which sets the longest length and how many hashtags there are.
    #[schema(required = false, inline)]
    platform: Option<CaptionPlatform>,
    /// `professional` by default.
    #[schema(required = false, inline)]
    tone: Option<Tone>,
    /// About 80, 180 (the default) or 400 characters.
    #[schema(required = false, inline)]
    length: Option<CaptionLength>,
    /// Yes by default.
    #[schema(required = false)]
    include_hashtags: Option<bool>,
    /// Yes by default.
    #[schema(required = false)]
    include_emojis: Option<bool>,
    /// How many; 1 by default.
    #[schema(required = false, minimum = 1, maximum = 5)]
    count: Option<u8>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "lowercase")]
enum CaptionPlatform {
    Instagram,
    Facebook,
    X,
    Twitter,
    LinkedIn,
    YouTube,
    TikTok,
    Threads,
    Pinterest,
    Bluesky,
    WordPress,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "lowercase")]
enum Tone {
    Professional,
    Casual,
    Witty,
    Enthusiastic,
    Urgent,
    Inspirational,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "lowercase")]
enum CaptionLength {
    Short,
    Medium,
    Long,
}

/// Have captions written. Each one that is returned costs a credit.
#[utoipa::path(post, path = "/ai/generate-caption", operation_id = "generate_caption", tag = "ai",
    request_body = GenerateCaptionRequest,
    responses((status = 200, body = GeneratedCaptionsEnvelope), AiErrors))]
pub(crate) async fn generate_caption(
    State(state): State<ApiState>,
    scoped: Scoped<Ai>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    // As it was sent: the spaces around it count too.
    check_text(&fields.text("topic")?.unwrap_or_default(), "topic", LONGEST_TOPIC)?;
    let topic = fields.needed_text("topic")?;
    let platform = fields.text("platform")?;
    let Some(rules) = caption_rules(platform.as_deref()) else {
        let names: Vec<&str> = caption_platforms().collect();
        let message = format!("platform must be one of: {}.", names.join(", "));
        return Err(ApiError::validation("platform", message));
    };
    let tone = choice(fields.text("tone")?.as_deref(), "tone", &TONES, |name| name)?;
    let length = fields.text("length")?.unwrap_or_else(|| "medium".to_owned());
    let (length, characters) = choice(Some(&length), "length", &LENGTHS, |(name, _)| name)?;
    let count = fields.whole("count")?.unwrap_or(1);
    let count = u8::try_from(count).ok().filter(|count| (1..=MOST_CAPTIONS).contains(count));
    let count = count.ok_or_else(|| {
        ApiError::validation("count", format!("count must be between 1 and {MOST_CAPTIONS}."))
    })?;
    let order = CaptionOrder {
        topic,
        rules,
        tone,
        characters,
        hashtags: fields.flag("include_hashtags")?.unwrap_or(true),
        emojis: fields.flag("include_emojis")?.unwrap_or(true),
        count,
    };
    take(&state, &scoped.caller).await?;
    let written = app::ai::write_captions(&state.app, &scoped.caller, &order).await?;
    Reply::ok(&GeneratedCaptions {
        platform: (!rules.platform.is_empty()).then_some(rules.platform),
        tone,
        length,
        count_requested: count,
        count_returned: written.captions.len(),
        captions: written.captions,
        credits_used: written.credits_used,
        credits_remaining: written.credits_remaining,
    })
}
