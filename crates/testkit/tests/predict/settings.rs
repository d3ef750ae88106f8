//! The settings of each platform: right ones, and ones at and beyond what it takes.

use domain::text::CountingRule;
use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::words;

/// What one setting may be drawn from.
enum Draw {
    /// One of these.
    One(&'static [&'static str]),
    /// A text of about so many characters.
    Text(usize),
    /// A text as posts have it, around this limit.
    Words(usize),
    /// Yes or no.
    Flag,
    /// One of these JSON texts.
    Json(&'static [&'static str]),
}

use Draw::{Flag, Json, One, Text, Words};

const ALL: &[(&str, &[(&str, Draw)])] = &[
    (
        "instagram",
        &[
            ("altText", Text(100)),
            ("altText", Text(1_000)),
            ("firstComment", Words(300)),
            ("locationId", One(&["7640348500", "bakery", "1.5", ""])),
            ("graduationStrategy", One(&["MANUAL", "SS_PERFORMANCE", "SOON"])),
            ("coverPhotoTimestamp", Json(&["2.5", "0", "-1", "\"soon\""])),
            (
                "collaborators",
                Json(&["[\"ada\"]", "[\"a1\",\"b2\",\"c3\"]", "[\"a1\",\"b2\",\"c3\",\"d4\"]"]),
            ),
            ("shareToFeed", Flag),
            ("fit", One(&["pad", "crop"])),
        ],
    ),
    (
        "facebook",
        &[
            ("videoType", One(&["reel", "video", "film"])),
            ("link", One(&["https://example.com/menu", "no link", "ftp://example.com"])),
            ("firstComment", Words(8_000)),
            ("altText", Text(1_000)),
            ("title", Text(255)),
        ],
    ),
    (
        "x",
        &[
            ("replySettings", One(&["everyone", "following", "mentionedUsers", "nobody"])),
            ("mediaAltText", Text(1_000)),
            ("firstComment", Words(280)),
            ("community_id", One(&["1861234567890123456", "bakers", ""])),
            ("made_with_ai", Flag),
            ("paid_partnership", Flag),
        ],
    ),
    (
        "linkedin",
        &[
            ("visibility", One(&["PUBLIC", "CONNECTIONS", "NOBODY"])),
            ("documentTitle", Text(400)),
            ("altText", Text(4_086)),
            ("link", One(&["https://example.com/menu", "no link"])),
            ("linkTitle", Text(400)),
        ],
    ),
    (
        "youtube",
        &[
            ("title", Text(100)),
            ("title", Words(100)),
            ("title", One(&["a < b", "a > b", "", " "])),
            ("privacy", One(&["public", "unlisted", "private", "secret"])),
            ("visibility", One(&["public", "private", "secret"])),
            ("tags", Json(&["[\"rye\",\"day old\"]", "\"rye, bread\"", "7", "[\"a<b\"]", "[\"\"]"])),
            ("tags", Text(500)),
            ("firstComment", Text(10_000)),
            ("categoryId", Json(&["\"22\"", "22", "\"none\""])),
            ("license", One(&["youtube", "creativeCommon", "mine"])),
            ("defaultLanguage", One(&["en", "de-AT", "english"])),
            ("madeForKids", Flag),
        ],
    ),
    (
        "tiktok",
        &[
            ("privacyLevel", One(&["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY", "ALL"])),
            ("title", Text(90)),
            ("title", Words(90)),
            ("allowComments", Flag),
            ("allowDuet", Flag),
            ("videoCoverTimestamp", Json(&["1000", "\"1000\"", "-1", "\"soon\"", "99999999"])),
            ("photoCoverIndex", Json(&["0", "1", "40", "-1"])),
            ("postMode", One(&["DIRECT_POST", "MEDIA_UPLOAD", "LATER"])),
            ("videoSource", One(&["FILE_UPLOAD", "PULL_FROM_URL", "MAIL"])),
            ("brandContentToggle", Flag),
            ("brandOrganicToggle", Flag),
            ("autoAddMusic", Flag),
        ],
    ),
    (
        "threads",
        &[
            ("replyControl", One(&["everyone", "following", "mentioned", "nobody"])),
            ("firstComment", Words(500)),
            ("topicTag", Text(50)),
            ("topicTag", One(&["#rye", "rye.bread", "rye & spelt", "day old", "#", " "])),
            ("altText", Text(1_000)),
            ("link", One(&["https://example.com/menu", "no link", "ftp://example.com"])),
        ],
    ),
    (
        "pinterest",
        &[
            ("boardId", One(&["spring", ""])),
            ("title", Text(100)),
            ("title", Words(100)),
            ("link", One(&["https://example.com/menu", "no link", "ftp://example.com", ""])),
            ("link", Text(2_048)),
            ("altText", Text(500)),
            ("coverTime", Json(&["0", "\"3\"", "-1", "\"soon\""])),
            ("dominantColor", One(&["#6E7874", "red"])),
        ],
    ),
    (
        "bluesky",
        &[
            ("altText", Text(2_000)),
            ("langs", Json(&["[\"en\"]", "[\"en\",\"de\",\"fr\",\"it\"]", "[\"\"]"])),
        ],
    ),
    (
        "telegram",
        &[
            ("parse_mode", One(&["HTML", "MarkdownV2", "Markdown", ""])),
            ("pin", Flag),
            ("disable_notification", Flag),
            ("protect_content", Flag),
            ("has_spoiler", Flag),
        ],
    ),
    (
        "discord",
        &[
            ("altText", Text(1_024)),
            ("username", Text(80)),
            ("username", One(&["Baker", "clyde", "the discord bot", " ", "everyone"])),
            ("avatar_url", One(&["https://example.com/a.png", "no address"])),
            ("embeds", Json(&["[{\"title\":\"Menu\"}]", "[]", "[{\"title\":\"\"}]"])),
            ("tts", Flag),
            ("spoiler", Flag),
            ("suppress_embeds", Flag),
        ],
    ),
    (
        "wordpress",
        &[
            ("title", Text(200)),
            ("title", Words(200)),
            ("status", One(&["publish", "draft", "pending", "private", "gone"])),
            ("excerpt", Text(1_000)),
            ("slug", One(&["autumn-menu", "Autumn Menu!", "面包", ""])),
            ("tags", Json(&["[\"rye\"]", "\"rye, bread\"", "[7]", "[]"])),
            ("categories", Json(&["[\"News\"]", "\"News, Bread\"", "[1]", "[999]"])),
            ("featuredImage", One(&["first", "none", "second"])),
        ],
    ),
    (
        "mastodon",
        &[
            ("visibility", One(&["public", "unlisted", "private", "direct", "secret"])),
            ("quotePolicy", One(&["public", "followers", "nobody", "friends"])),
            ("spoilerText", Words(500)),
            ("spoilerText", Text(20)),
            ("language", One(&["en", "de-AT", "english", "none of these at all"])),
            ("altText", Text(1_500)),
            ("sensitive", Flag),
            (
                "poll",
                Json(&[
                    "{\"options\":[\"Rye\",\"Spelt\"]}",
                    "{\"options\":[\"Rye\"]}",
                    "{\"options\":[\"Rye\",\"Rye\"]}",
                    "{\"options\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
                    "{\"options\":[\"Rye\",\"\"]}",
                    "{\"options\":[\"Rye\",\"Spelt\"],\"expiresIn\":299}",
                    "{\"options\":[\"Rye\",\"Spelt\"],\"expiresIn\":2629747}",
                    "{\"options\":[\"Rye\",\"a text that is longer than the fifty characters of it\"]}",
                    "{\"choices\":[]}",
                    "\"yes\"",
                ]),
            ),
        ],
    ),
];

/// Sets one of the platform's settings to something.
pub(crate) fn draw(dice: &mut Dice, platform: &str, settings: &mut Map<String, Value>) {
    let Some((_, list)) = ALL.iter().find(|(name, _)| *name == platform) else { return };
    let (key, how) = &list[dice.below(list.len())];
    let value = match how {
        One(list) => json!(dice.pick(list)),
        Text(limit) => json!(words::of_length(dice, CountingRule::CodePoints, *limit)),
        Words(limit) => json!(words::any(dice, CountingRule::CodePoints, *limit)),
        Flag => json!(dice.chance(50)),
        Json(list) => serde_json::from_str(dice.pick(list)).unwrap(),
    };
    settings.insert((*key).to_owned(), value);
}
