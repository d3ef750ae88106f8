//! The plan for an animated image that becomes a film.

use serde::{Deserialize, Serialize};

use super::image::ImageFacts;
use super::video::{VideoFacts, VideoRecipe, plan_video};
use super::words::Change;
use super::{Frame, Plan, Recipe};
use crate::rules::VideoRules;

/// Pictures a second: every platform takes so many, and an animation's own pace is kept among them.
const FPS: u32 = 30;
/// A film is at least so long; a shorter animation is repeated.
const LEAST_SECONDS: f64 = 3.0;
/// A film is at most so long; a longer animation ends there.
const MOST_SECONDS: f64 = 60.0;

/// How an animated image becomes a silent film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilmRecipe {
    /// The film.
    pub video: VideoRecipe,
    /// The animation is repeated until it is so long, in seconds.
    pub least_seconds: f64,
    /// It ends there, in seconds.
    pub most_seconds: f64,
}

/// How an animated image becomes a film for a platform with these rules; `None` where none fits.
pub(super) fn plan_film(rules: &VideoRules, facts: &ImageFacts<'_>, frame: Frame) -> Option<Plan> {
    let most_seconds = rules.max_seconds.map_or(MOST_SECONDS, |max| max.min(MOST_SECONDS));
    let least_seconds = rules.min_seconds.map_or(LEAST_SECONDS, |min| min.max(LEAST_SECONDS));
    if least_seconds > most_seconds {
        return None;
    }
    let as_video = VideoFacts {
        content_type: facts.content_type,
        size_bytes: 0,
        size: facts.size,
        seconds: Some(most_seconds),
        video_codec: None,
        audio_codec: None,
        fps: None,
        bit_depth: None,
        hdr: false,
        bitrate: None,
        has_location: false,
    };
    let Plan::Convert { recipe: Recipe::Video(video), .. } = plan_video(rules, &as_video, frame) else {
        return None;
    };
    let mut changes = Change::of_layout(facts.size, &video.layout, frame);
    changes.push(Change::Film);
    let video = VideoRecipe { fps: Some(FPS), ..video };
    let recipe = Recipe::Film(FilmRecipe { video, least_seconds, most_seconds });
    Some(Plan::Convert { recipe, changes })
}

/// What has to be done to an animated image that may become a film where it cannot stay as it is.
pub fn plan_animation(image: Plan, rules: &VideoRules, facts: &ImageFacts<'_>, frame: Frame) -> Plan {
    match image {
        Plan::Convert { recipe: Recipe::Image(_), .. } | Plan::Refused(_) => {
            plan_film(rules, facts, frame).unwrap_or(image)
        }
        other => other,
    }
}
