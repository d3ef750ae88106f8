//! What is asked of a model that writes captions or makes pictures, what it costs, and what is done to
//! its captions. Must not know any provider.

use crate::text::{CountingRule, is_hashtag, length, without_emoji};

/// The most captions at a time.
pub const MOST_CAPTIONS: u8 = 5;
/// The longest topic, in characters.
pub const LONGEST_TOPIC: usize = 1_000;
/// The longest description of a picture, in characters.
pub const LONGEST_PROMPT: usize = 2_000;

/// A model for pictures, as callers choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageModel {
    /// Its name.
    pub name: &'static str,
    /// What a picture costs.
    pub credits: i64,
}

/// The models for pictures; the first is the usual one.
pub const IMAGE_MODELS: [ImageModel; 4] = [
    ImageModel { name: "nano-banana-pro", credits: 15 },
    ImageModel { name: "ideogram-v2", credits: 8 },
    ImageModel { name: "gemini-3-pro", credits: 5 },
    ImageModel { name: "flux-schnell", credits: 1 },
];

/// Width to height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AspectRatio {
    /// As it is written.
    pub name: &'static str,
    /// Parts of width.
    pub width: u32,
    /// Parts of height.
    pub height: u32,
}

const fn ratio(name: &'static str, width: u32, height: u32) -> AspectRatio {
    AspectRatio { name, width, height }
}

/// The ratios of pictures; the first is the usual one.
pub const ASPECT_RATIOS: [AspectRatio; 7] = [
    ratio("1:1", 1, 1),
    ratio("16:9", 16, 9),
    ratio("9:16", 9, 16),
    ratio("4:3", 4, 3),
    ratio("3:4", 3, 4),
    ratio("4:5", 4, 5),
    ratio("5:4", 5, 4),
];

/// The tones of captions; the first is the usual one.
pub const TONES: [&str; 6] = ["professional", "casual", "witty", "enthusiastic", "urgent", "inspirational"];

/// How long captions shall be, with about how many characters that is.
pub const LENGTHS: [(&str, u32); 3] = [("short", 80), ("medium", 180), ("long", 400)];

/// What captions for a platform may be like. These are no limits of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptionRules {
    /// The platform.
    pub platform: &'static str,
    /// The most characters, as the platform counts.
    pub limit: u32,
    /// How it counts.
    pub counting: CountingRule,
    /// The fewest and the most hashtags.
    pub hashtags: (usize, usize),
}

const fn rules(platform: &'static str, limit: u32, hashtags: (usize, usize)) -> CaptionRules {
    CaptionRules { platform, limit, counting: CountingRule::CodePoints, hashtags }
}

const CAPTION_RULES: [CaptionRules; 10] = [
    CaptionRules { counting: CountingRule::TwitterWeighted, ..rules("x", 280, (1, 3)) },
    CaptionRules { counting: CountingRule::Graphemes, ..rules("bluesky", 300, (1, 3)) },
    CaptionRules { counting: CountingRule::EmojiAsUtf8Bytes, ..rules("threads", 500, (1, 3)) },
    rules("pinterest", 500, (0, 0)),
    rules("youtube", 1_000, (1, 3)),
    rules("instagram", 2_200, (5, 10)),
    CaptionRules { counting: CountingRule::Utf16Units, ..rules("tiktok", 2_200, (5, 10)) },
    rules("linkedin", 3_000, (2, 3)),
    rules("facebook", 5_000, (1, 3)),
    rules("wordpress", 5_000, (0, 3)),
];

/// Captions for no platform in particular.
const ANY_PLATFORM: CaptionRules = rules("", 2_200, (0, 5));

/// The rules of a platform; those of none in particular without a name, and `None` for a name that is
/// no platform's.
pub fn caption_rules(platform: Option<&str>) -> Option<CaptionRules> {
    match platform {
        None => Some(ANY_PLATFORM),
        Some("twitter") => caption_rules(Some("x")),
        Some(name) => CAPTION_RULES.iter().find(|rules| rules.platform == name).copied(),
    }
}

/// The platforms that captions are written for.
pub fn caption_platforms() -> impl Iterator<Item = &'static str> {
    CAPTION_RULES.iter().map(|rules| rules.platform)
}

/// A caption as it may be used: without what was not wanted, and no longer than it may be. `None` when
/// nothing is left of it.
pub fn tidy_caption(written: &str, rules: CaptionRules, hashtags: bool, emojis: bool) -> Option<String> {
    let most_tags = if hashtags { rules.hashtags.1 } else { 0 };
    let plain = if emojis { written.to_owned() } else { without_emoji(written) };
    let mut tags = 0;
    let mut lines: Vec<Vec<&str>> = unquoted(&plain)
        .lines()
        .map(|line| {
            line.split_whitespace()
                .filter(|word| {
                    let is_tag = is_hashtag(word);
                    tags += usize::from(is_tag);
                    !is_tag || tags <= most_tags
                })
                .collect()
        })
        .collect();
    loop {
        let text = lines.iter().map(|words| words.join(" ")).collect::<Vec<_>>().join("\n");
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if length(rules.counting, text) <= rules.limit {
            return Some(text.to_owned());
        }
        // Word by word from the end, where the hashtags are.
        while lines.last_mut()?.pop().is_none() {
            lines.pop();
        }
    }
}

/// Models like to put a caption between quotes.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = [('"', '"'), ('“', '”')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    inner.filter(|inner| !inner.contains(['"', '“', '”'])).unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidy(text: &str, platform: &str, hashtags: bool, emojis: bool) -> String {
        tidy_caption(text, caption_rules(Some(platform)).unwrap(), hashtags, emojis).unwrap_or_default()
    }

    #[test]
    fn what_was_not_wanted_is_taken_out() {
        let text = "\"Soup is on! 🍲 Come by.\n\n#soup #autumn #menu #town\"";
        assert_eq!(tidy(text, "x", true, true), "Soup is on! 🍲 Come by.\n\n#soup #autumn #menu");
        assert_eq!(tidy(text, "x", false, true), "Soup is on! 🍲 Come by.");
        assert_eq!(tidy(text, "x", true, false), "Soup is on! Come by.\n\n#soup #autumn #menu");
        assert_eq!(tidy(text, "pinterest", true, true), "Soup is on! 🍲 Come by.");
        assert_eq!(tidy("Number #1, C# and 5 # 6", "x", false, true), "Number #1, C# and 5 # 6");
        assert_eq!(tidy("She said \"soup\"", "x", true, true), "She said \"soup\"");
    }

    #[test]
    fn a_caption_is_never_longer_than_the_platform_counts() {
        let long = "soup ".repeat(100);
        for platform in caption_platforms() {
            let rules = caption_rules(Some(platform)).unwrap();
            let cut = tidy(&long.repeat(20), platform, true, true);
            assert!(length(rules.counting, &cut) <= rules.limit && cut.ends_with("soup"), "{platform}");
        }
        assert_eq!(tidy(&"x".repeat(300), "x", true, true), "", "one word is never cut");
        assert_eq!(tidy("#only #tags", "pinterest", true, true), "");
    }

    #[test]
    fn platforms_have_their_names() {
        assert_eq!(caption_rules(Some("twitter")), caption_rules(Some("x")));
        assert_eq!(caption_rules(Some("myspace")), None);
        assert_eq!(caption_rules(None).unwrap().platform, "");
    }
}
