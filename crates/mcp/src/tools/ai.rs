//! Captions and images that a model makes.

use ::http::Method;

use super::argument::Literal;
use super::{Argument, Effect, Kind, Shows, Tool};

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "generate_image",
        title: "Generate image",
        about: "Make a picture from a description; it lands in the media library, ready for media_ids. \
                Costs credits: nano-banana-pro 15, ideogram-v2 8 (good with text), gemini-3-pro 5, \
                flux-schnell 1 (drafts).",
        method: Method::POST,
        path: "/ai/generate-image",
        takes: &[
            Argument::new("prompt", Kind::Text(2000), "What the picture shows.").needed(),
            Argument::one_of(
                "aspect_ratio",
                &["1:1", "16:9", "9:16", "4:3", "3:4", "4:5", "5:4"],
                "Width to height.",
            )
            .or_else(Literal::Text("1:1")),
            Argument::one_of(
                "model",
                &["nano-banana-pro", "ideogram-v2", "gemini-3-pro", "flux-schnell"],
                "The model.",
            )
            .or_else(Literal::Text("gemini-3-pro")),
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
    Tool {
        name: "generate_caption",
        title: "Generate captions",
        about: "Write one to five captions about a topic, within the platform's length and in its style. \
                Costs one credit for each caption.",
        method: Method::POST,
        path: "/ai/generate-caption",
        takes: &[
            Argument::new("topic", Kind::Text(1000), "What the post is about.").needed(),
            Argument::one_of(
                "platform",
                &[
                    "instagram",
                    "facebook",
                    "x",
                    "twitter",
                    "linkedin",
                    "youtube",
                    "tiktok",
                    "threads",
                    "pinterest",
                    "bluesky",
                    "wordpress",
                ],
                "The platform: sets length and style.",
            ),
            Argument::one_of(
                "tone",
                &["professional", "casual", "witty", "enthusiastic", "urgent", "inspirational"],
                "The tone.",
            )
            .or_else(Literal::Text("professional")),
            Argument::one_of("length", &["short", "medium", "long"], "About how long.")
                .or_else(Literal::Text("medium")),
            Argument::flag("include_hashtags", "Whether to add hashtags; yes by default."),
            Argument::flag("include_emojis", "Whether to use emojis; yes by default."),
            Argument::between("count", 1, 5, "How many.").or_else(Literal::Integer(1)),
        ],
        shows: Shows::Data,
        effect: Effect::Adds,
        reaches_out: true,
    },
];
