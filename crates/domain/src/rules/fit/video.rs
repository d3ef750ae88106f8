//! The plan for a video.

use serde::{Deserialize, Serialize};

use super::canvas::{Bounds, Layout, Size};
use super::words::Change;
use super::{Frame, Plan, Recipe, Refusal};
use crate::rules::VideoRules;

const MP4: &str = "video/mp4";
/// What is made: the pair that every platform takes.
const CODEC: &str = "h264";
const SOUND_CODEC: &str = "aac";
/// Bits a second of the sound.
const SOUND_BITRATE: u64 = 128_000;
/// What is left of a byte limit for the pictures and the sound: the tables need some, and an encoder
/// does not meet its figure exactly.
const USED_SHARE: f64 = 0.92;
/// With fewer bits a second than this nothing can be recognised.
const LEAST_BITRATE: f64 = 60_000.0;
/// With more bits a second nothing looks better, and encoders take no figure of any size.
const MOST_BITRATE: u64 = 60_000_000;
/// With fewer bits a pixel a smaller picture looks better.
const LEAST_BITS_PER_PIXEL: f64 = 0.035;
/// Of a video that does not say how many pictures a second it has.
const USUAL_FPS: f64 = 30.0;

/// What is known of a video.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VideoFacts<'a> {
    /// MIME type.
    pub content_type: &'a str,
    /// Size in bytes.
    pub size_bytes: u64,
    /// The size as it is shown.
    pub size: Size,
    /// Length in seconds.
    pub seconds: Option<f64>,
    /// The codec of the pictures.
    pub video_codec: Option<&'a str>,
    /// The codec of the sound; `None` for a silent one.
    pub audio_codec: Option<&'a str>,
    /// Pictures a second.
    pub fps: Option<f64>,
    /// Bits per colour.
    pub bit_depth: Option<u8>,
    /// Whether its brightness is beyond the usual range.
    pub hdr: bool,
    /// Bits a second.
    pub bitrate: Option<u64>,
    /// Whether it says where it was taken.
    pub has_location: bool,
}

/// How a video is made anew, as H.264 and AAC in an MP4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VideoRecipe {
    /// Where the picture goes.
    pub layout: Layout,
    /// Pictures a second, where they change.
    pub fps: Option<u32>,
    /// The most bits a second of the pictures.
    pub max_bitrate: Option<u64>,
    /// Bits a second of the sound; `None` for a silent one.
    pub sound_bitrate: Option<u64>,
    /// The most bytes.
    pub max_bytes: Option<u64>,
    /// Whether the brightness is brought into the usual range.
    pub tone_map: bool,
}

/// What has to be done to a video for a platform with these rules. Its length stays: whether that is
/// taken is a matter of [`crate::rules::check`].
pub fn plan_video(rules: &VideoRules, facts: &VideoFacts<'_>, frame: Frame) -> Plan {
    let bounds = Bounds {
        min_width: rules.min_width.unwrap_or(1),
        max_width: rules.max_width.unwrap_or(u32::MAX),
        min_height: rules.min_height.unwrap_or(1),
        max_height: u32::MAX,
        min_aspect: rules.min_aspect.unwrap_or(0.0),
        max_aspect: rules.max_aspect.unwrap_or(f64::MAX),
        ceiling: rules.ceiling,
        max_sides: None,
        // Colours are stored for two by two pixels.
        step: 2,
    };
    let is_light = rules.max_bytes.is_none_or(|max| facts.size_bytes <= max);
    let is_slow = rules.max_bitrate.zip(facts.bitrate).is_none_or(|(max, bitrate)| bitrate <= max);
    let is_coded = is_coded(rules, facts);
    let fps = new_fps(rules, facts.fps);
    let is_taken = rules.formats.contains(&facts.content_type);
    if is_taken && is_light && is_slow && is_coded && fps.is_none() && bounds.hold(facts.size) {
        if facts.has_location {
            return Plan::Convert { recipe: Recipe::WithoutLocation, changes: vec![Change::Location] };
        }
        return Plan::Untouched;
    }
    if !rules.formats.contains(&MP4) {
        return Plan::Refused(Refusal::NoFormat);
    }
    let sound_bitrate = facts.audio_codec.map(|_| SOUND_BITRATE);
    let max_bitrate = match bitrate_for(rules, facts, sound_bitrate) {
        Ok(bitrate) => bitrate,
        Err(refusal) => return Plan::Refused(refusal),
    };
    let scale = scale_for(max_bitrate, facts, fps);
    let Some(layout) = bounds.lay_out(facts.size, scale, frame) else {
        return Plan::Refused(Refusal::NoShape);
    };
    let mut changes = Change::of_layout(facts.size, &layout, frame);
    if let Some(fps) = fps {
        changes.push(Change::FrameRate { fps });
    }
    if !is_light && let Some(max_bytes) = rules.max_bytes {
        changes.push(Change::Compressed { max_bytes });
    }
    if facts.hdr {
        changes.push(Change::Brightness);
    }
    if !is_coded {
        changes.push(Change::Format { name: "H.264 and AAC" });
    }
    if changes.is_empty() {
        changes.push(Change::Recoded);
    }
    let max_bytes = rules.max_bytes;
    let recipe = VideoRecipe { layout, fps, max_bitrate, sound_bitrate, max_bytes, tone_map: facts.hdr };
    Plan::Convert { recipe: Recipe::Video(recipe), changes }
}

/// Whether the platform takes the codecs.
fn is_coded(rules: &VideoRules, facts: &VideoFacts<'_>) -> bool {
    let takes = |codecs: &[&str], codec: Option<&str>| {
        codecs.is_empty() || codec.is_none_or(|codec| codecs.contains(&codec))
    };
    // H.264 of ten bits is played by almost nothing.
    let is_plain = facts.video_codec != Some(CODEC) || facts.bit_depth.is_none_or(|depth| depth <= 8);
    takes(rules.video_codecs, facts.video_codec)
        && takes(rules.audio_codecs, facts.audio_codec)
        && (is_plain || rules.video_codecs.is_empty())
}

/// The pictures a second that it gets, if it cannot keep its own.
fn new_fps(rules: &VideoRules, fps: Option<f64>) -> Option<u32> {
    /// Averages are a little off.
    const SLACK: f64 = 0.05;
    let fps = fps?;
    if let Some(max) = rules.max_fps.filter(|max| fps > f64::from(*max) + SLACK) {
        return Some(max);
    }
    rules.min_fps.filter(|min| fps < f64::from(*min) - SLACK).map(|min| {
        // A multiple, so that each picture is shown as long as any other.
        let times = (f64::from(min) / fps.max(0.01)).ceil();
        let even = floor(times * fps + 0.5);
        let most = u64::from(rules.max_fps.unwrap_or(60));
        u32::try_from(even).ok().filter(|even| u64::from(*even) <= most && *even >= min).unwrap_or(min)
    })
}

/// The most bits a second of the pictures.
fn bitrate_for(
    rules: &VideoRules,
    facts: &VideoFacts<'_>,
    sound_bitrate: Option<u64>,
) -> Result<Option<u64>, Refusal> {
    let sound = sound_bitrate.unwrap_or(0);
    let by_rule = rules.max_bitrate.map(|max| max.saturating_sub(sound));
    let Some((max_bytes, seconds)) = rules.max_bytes.zip(facts.seconds.filter(|seconds| *seconds > 0.0))
    else {
        return Ok(by_rule);
    };
    let bits = approximate(max_bytes) * 8.0 * USED_SHARE / seconds;
    let left = bits - approximate(sound);
    if left < LEAST_BITRATE {
        return Err(Refusal::TooLongForBytes { max_bytes });
    }
    let by_bytes = floor(left).min(MOST_BITRATE);
    Ok(Some(by_rule.map_or(by_bytes, |by_rule| by_rule.min(by_bytes))))
}

/// How much smaller the picture has to be to look well in so many bits.
fn scale_for(max_bitrate: Option<u64>, facts: &VideoFacts<'_>, fps: Option<u32>) -> f64 {
    let Some(bitrate) = max_bitrate else { return 1.0 };
    let fps = fps.map_or(facts.fps.unwrap_or(USUAL_FPS), f64::from);
    let pixels = f64::from(facts.size.width) * f64::from(facts.size.height) * fps.max(1.0);
    (approximate(bitrate) / (pixels * LEAST_BITS_PER_PIXEL)).sqrt().min(1.0)
}

/// What a copy that was made by a recipe is like.
impl VideoRecipe {
    /// The codecs of what is made: of the pictures and of the sound.
    pub const fn codecs(&self) -> (&'static str, Option<&'static str>) {
        (CODEC, if self.sound_bitrate.is_some() { Some(SOUND_CODEC) } else { None })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size or a rate; the last digits do not matter")]
fn approximate(value: u64) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn floor(value: f64) -> u64 {
    value as u64
}
