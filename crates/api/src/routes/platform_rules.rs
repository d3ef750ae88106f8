//! `GET /platform-rules`

use std::collections::BTreeMap;

use axum::extract::State;
use domain::rules::{ImageRules, VideoRules};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ReadErrors;
use crate::wire::PlatformRulesEnvelope;

/// What each platform takes, by platform name.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlatformRules {
    platforms: BTreeMap<&'static str, Platform>,
}

/// What a platform takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Platform {
    /// The limit of a text, in the platform's own counting.
    character_limit: u32,
    media: PlatformMedia,
    features: &'static [&'static str],
    /// Fields of a blog post; only where posts are articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    blog: Option<Blog>,
}

/// Media that a platform takes; null for none.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlatformMedia {
    #[schema(required)]
    video: Option<Video>,
    #[schema(required)]
    image: Option<Image>,
}

/// What images must be like.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Image {
    max_count: u32,
    formats: &'static [&'static str],
    #[serde(rename = "maxSizeMB", skip_serializing_if = "Option::is_none")]
    max_size_mb: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_aspect_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_aspect_ratio: Option<f64>,
}

/// What videos must be like.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Video {
    max_count: u32,
    formats: &'static [&'static str],
    #[serde(rename = "maxSizeMB", skip_serializing_if = "Option::is_none")]
    max_size_mb: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_duration_sec: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_duration_sec: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_aspect_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_aspect_ratio: Option<f64>,
}

/// Settings of a blog post with the longest text of each; null where there is no limit.
#[derive(Serialize, ToSchema)]
pub(crate) struct Blog {
    fields: BTreeMap<&'static str, Option<u32>>,
}

/// Get what each platform takes: text limits, media and features.
#[utoipa::path(get, path = "/platform-rules", operation_id = "get_platform_rules", tag = "platform rules",
    responses((status = 200, body = PlatformRulesEnvelope), ReadErrors))]
pub(crate) async fn get_platform_rules(
    State(state): State<ApiState>,
    _scoped: Scoped<Read>,
) -> Result<Reply, ApiError> {
    let specs = app::platform_rules::list(&state.app);
    Reply::ok(&PlatformRules {
        platforms: specs.into_iter().map(|spec| (name_of(spec), platform(spec))).collect(),
    })
}

fn name_of(spec: &'static app::PlatformSpec) -> &'static str {
    spec.name.as_str()
}

fn platform(spec: &'static app::PlatformSpec) -> Platform {
    let rules = &spec.rules;
    let is_blog = rules.features.contains(&"blog_posts");
    Platform {
        character_limit: rules.text.limit,
        media: PlatformMedia { video: rules.video.map(video), image: rules.image.map(image) },
        features: rules.features,
        blog: is_blog.then(|| Blog {
            fields: BTreeMap::from([
                ("title", rules.title.map(|title| title.limit)),
                ("excerpt", Some(1000)),
                ("slug", None),
                ("status", None),
                ("tags", None),
                ("categories", None),
                ("featuredImage", None),
            ]),
        }),
    }
}

fn image(rules: ImageRules) -> Image {
    Image {
        max_count: rules.max_count,
        formats: rules.formats,
        max_size_mb: rules.max_bytes.map(megabytes),
        min_width: rules.min_width,
        max_width: rules.max_width,
        min_height: rules.min_height,
        max_height: rules.max_height,
        min_aspect_ratio: rules.min_aspect,
        max_aspect_ratio: rules.max_aspect,
    }
}

fn video(rules: VideoRules) -> Video {
    Video {
        max_count: rules.max_count,
        formats: rules.formats,
        max_size_mb: rules.max_bytes.map(megabytes),
        min_duration_sec: rules.min_seconds,
        max_duration_sec: rules.max_seconds,
        min_aspect_ratio: rules.min_aspect,
        max_aspect_ratio: rules.max_aspect,
    }
}

/// Platforms count in thousands or in 1024s; either way the figure they publish comes out.
fn megabytes(bytes: u64) -> f64 {
    let binary = 1024 * 1024;
    let unit = if bytes.is_multiple_of(binary) { binary } else { 1_000_000 };
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let megabytes = bytes as f64 / unit as f64;
    megabytes
}
