//! What has to be done to a stored file, by what is known of it.

use domain::rules::PlatformRules;
use domain::rules::fit::{Frame, ImageFacts, Plan, Size, VideoFacts, plan_animation, plan_image, plan_video};

use crate::Probe;

/// What is known of a stored file.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// `image`, `video` or `document`.
    pub kind: &'a str,
    /// MIME type.
    pub content_type: &'a str,
    /// Size in bytes.
    pub size_bytes: u64,
    /// The size as it is shown.
    pub size: Option<Size>,
    /// All the rest, if the file was looked into.
    pub probe: Option<&'a Probe>,
    /// Whether an animated image may become a video: it is alone in its post, and videos can be made.
    pub may_become_film: bool,
}

impl Known<'_> {
    /// What has to be done to the file for a platform with these rules, in a post of this content
    /// type. Documents go out as they are, and so does what the rules say nothing of.
    pub fn plan(&self, rules: &PlatformRules, content_type: Option<&str>, frame: Frame) -> Plan {
        let Some(size) = self.size else { return Plan::Untouched };
        match (self.kind, &rules.image_for(content_type), &rules.video) {
            ("image", Some(rules), video) => {
                let (facts, video) = (self.image(size), video.filter(|_| self.is_animation()));
                let plan = plan_image(rules, &facts, frame);
                match video {
                    Some(video) => plan_animation(plan, &video, &facts, frame),
                    None => plan,
                }
            }
            ("video", _, Some(rules)) => plan_video(rules, &self.video(size), frame),
            _ => Plan::Untouched,
        }
    }

    /// Whether it is an animated image that may become a film.
    fn is_animation(&self) -> bool {
        let is_animated = self.probe.is_some_and(|probe| probe.details.animated);
        self.may_become_film && is_animated && matches!(self.content_type, "image/gif" | "image/webp")
    }

    fn image(&self, size: Size) -> ImageFacts<'_> {
        let details = self.probe.map(|probe| &probe.details);
        ImageFacts {
            content_type: self.content_type,
            size_bytes: self.size_bytes,
            size,
            animated: details.is_some_and(|details| details.animated),
            has_alpha: details.is_some_and(|details| details.has_alpha),
            has_location: details.is_some_and(|details| details.has_location),
        }
    }

    fn video(&self, size: Size) -> VideoFacts<'_> {
        let details = self.probe.map(|probe| &probe.details);
        VideoFacts {
            content_type: self.content_type,
            size_bytes: self.size_bytes,
            size,
            seconds: self.probe.and_then(|probe| probe.seconds),
            video_codec: details.and_then(|details| details.video_codec.as_deref()),
            audio_codec: details.and_then(|details| details.audio_codec.as_deref()),
            fps: details.and_then(|details| details.fps),
            bit_depth: details.and_then(|details| details.bit_depth),
            hdr: details.is_some_and(|details| details.hdr),
            bitrate: details.and_then(|details| details.bitrate),
            has_location: details.is_some_and(|details| details.has_location),
        }
    }
}
