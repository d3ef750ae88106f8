//! The check of a post against a platform's rules.

mod media;
mod poll;
mod settings;
mod text;

use std::borrow::Cow;

use crate::Settings;
use crate::rules::{ImageRules, PlatformRules, TextRules};
use crate::text::{CountingRule, length};

/// A post as it would go to one account.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The text, per-platform text already taken into account.
    pub text: &'a str,
    /// Parts 2..n of a thread.
    pub thread: &'a [String],
    /// The media, in order.
    pub media: &'a [DraftMedia<'a>],
    /// The platform's settings.
    pub settings: &'a Settings,
    /// `Post`, `Reels`, `Story` …, if the caller named one.
    pub content_type: Option<&'a str>,
    /// Whether the account has the platform's paid tier, where that changes limits.
    pub premium: bool,
}

/// What is known of a media file.
#[derive(Clone, Copy, Debug)]
pub struct DraftMedia<'a> {
    /// MIME type.
    pub content_type: &'a str,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Width in pixels, if known.
    pub width: Option<u32>,
    /// Height in pixels, if known.
    pub height: Option<u32>,
    /// Length in seconds of a video, if known.
    pub seconds: Option<f64>,
    /// Whether an image has several pictures that are shown one after another, if known.
    pub animated: Option<bool>,
}

/// The part of a post that a violation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The text.
    Content,
    /// A further part of a thread; 2 is the first one after the text.
    ThreadPart(usize),
    /// The media as a whole.
    Media,
    /// The kind of post.
    ContentType,
    /// A setting by its key.
    Setting(String),
}

/// One reason why a platform would refuse a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What it is about.
    pub field: Field,
    /// A stable code such as `content_too_long`.
    pub code: &'static str,
    /// What is wrong and what is allowed, in one sentence that begins with the platform's name.
    pub message: String,
}

/// Every certain reason why the platform called `display_name` would refuse `draft`.
///
/// What conversion can mend (the bytes of images and videos, their aspect, their format) is no
/// reason, nor is what nobody knows yet, such as the length of a video that was not read.
pub fn check(rules: &PlatformRules, display_name: &str, draft: &Draft<'_>) -> Vec<Violation> {
    let rules = rules_of(rules, draft);
    let mut report = Report { display_name, violations: Vec::new() };
    text::check(&rules, draft, &mut report);
    media::check(&rules, draft, &mut report);
    settings::check(&rules, draft, &mut report);
    report.violations
}

/// How long a draft's text is as the platform counts, and how long it may be.
pub fn measure(rules: &PlatformRules, draft: &Draft<'_>) -> (u32, u32) {
    let rules = rules_of(rules, draft);
    (length(rules.text.counting, draft.text), limit_for(&rules, draft))
}

/// How long the text of this draft may be.
fn limit_for(rules: &PlatformRules, draft: &Draft<'_>) -> u32 {
    let has_video = draft.media.iter().any(|file| file.content_type.starts_with("video/"));
    let beside = rules.text.limit_with_video.filter(|_| has_video);
    beside.or(rules.text.premium_limit.filter(|_| draft.premium)).unwrap_or(rules.text.limit)
}

/// The rules of the kind of post that the draft asks for.
fn rules_of<'a>(rules: &'a PlatformRules, draft: &Draft<'_>) -> Cow<'a, PlatformRules> {
    let Some(article) =
        rules.article.filter(|article| draft.settings.text(article.key) == Some(article.value))
    else {
        return Cow::Borrowed(rules);
    };
    Cow::Owned(PlatformRules {
        text: TextRules {
            forbidden: rules.text.forbidden,
            ..TextRules::up_to(article.text_max, CountingRule::CodePoints)
        },
        title: Some(article.title),
        image: rules.image.map(|image| ImageRules { max_count: article.images_max, ..image }),
        video: None,
        threads: false,
        ..rules.clone()
    })
}

/// What has been found so far.
struct Report<'a> {
    display_name: &'a str,
    violations: Vec<Violation>,
}

impl Report<'_> {
    /// Adds a violation; `what` goes on after the platform's name.
    fn add(&mut self, field: Field, code: &'static str, what: impl std::fmt::Display) {
        let message = format!("{}: {what}", self.display_name);
        self.violations.push(Violation { field, code, message });
    }
}
