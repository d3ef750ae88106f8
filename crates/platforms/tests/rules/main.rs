//! Every platform's rules, through the check that creating a post runs: both sides of each limit.

mod draft;
mod media;

use draft::{image, post, video};
use serde_json::json;

const ALL: [&str; 13] = [
    "instagram",
    "facebook",
    "x",
    "linkedin",
    "youtube",
    "tiktok",
    "threads",
    "pinterest",
    "bluesky",
    "telegram",
    "discord",
    "wordpress",
    "mastodon",
];

fn images(count: usize) -> Vec<domain::rules::DraftMedia<'static>> {
    vec![image(); count]
}

#[test]
fn the_registry_has_every_platform_in_order() {
    let registry = fanfare_platforms::registry();
    let names: Vec<&str> = registry.entries().iter().map(|entry| entry.spec.name.as_str()).collect();
    assert_eq!(names, ALL);
    for entry in registry.entries() {
        let keys: std::collections::HashSet<&str> = entry.spec.hosts.iter().map(|host| host.key).collect();
        assert_eq!(keys.len(), entry.spec.hosts.len(), "{}", entry.spec.name);
        let addresses =
            entry.spec.hosts.iter().all(|host| host.url.starts_with("https://") && !host.url.ends_with('/'));
        assert!(addresses, "{}", entry.spec.name);
    }
}

#[test]
fn a_good_post_passes_everywhere() {
    for platform in ALL {
        post(platform).passes();
    }
}

#[test]
fn text_is_limited_in_each_platforms_own_unit() {
    let limits = [
        ("instagram", 2_200),
        ("facebook", 63_206),
        ("x", 280),
        ("linkedin", 3_000),
        ("youtube", 5_000),
        ("tiktok", 4_000),
        ("threads", 500),
        ("pinterest", 500),
        ("bluesky", 300),
        ("telegram", 4_096),
        ("discord", 2_000),
        ("wordpress", 200_000),
        ("mastodon", 500),
    ];
    for (platform, limit) in limits {
        post(platform).text("a".repeat(limit)).passes();
        post(platform).text("a".repeat(limit + 1)).fails("content_too_long");
    }
    post("x").text("面".repeat(140)).passes();
    post("x").text("面".repeat(141)).fails("content_too_long");
    post("x").text(format!("{} https://example.com/{}", "a".repeat(256), "b".repeat(900))).passes();
    post("x").text(format!("{} https://example.com/", "a".repeat(257))).fails("content_too_long");
    post("bluesky").text("e\u{301}".repeat(300)).passes();
    // A family is one grapheme of 25 bytes: the bytes end first.
    post("bluesky").text("👨‍👩‍👧‍👦".repeat(120)).passes();
    post("bluesky").text("👨‍👩‍👧‍👦".repeat(121)).fails("content_too_long");
    post("threads").text("😀".repeat(125)).passes();
    post("threads").text("😀".repeat(126)).fails("content_too_long");
    post("youtube").text("é".repeat(2_500)).passes();
    post("youtube").text("é".repeat(2_501)).fails("content_too_long");
    post("pinterest").text("😀".repeat(500)).passes();
    // The caption of a video is shorter than the text of photos.
    post("tiktok").media([video(30.0)]).text("a".repeat(2_200)).passes();
    post("tiktok").media([video(30.0)]).text("a".repeat(2_201)).fails("content_too_long");
    post("telegram").text("😀".repeat(2_048)).passes();
    post("telegram").text("😀".repeat(2_049)).fails("content_too_long");
}

#[test]
fn premium_accounts_on_x_have_more_room() {
    post("x").text("a".repeat(25_000)).premium().passes();
    post("x").text("a".repeat(25_001)).premium().fails("content_too_long");
    post("x").media([video(600.0)]).premium().passes();
    post("bluesky").text("a".repeat(301)).premium().fails("content_too_long");
}

#[test]
fn messages_name_the_platform_the_length_and_the_limit() {
    let messages =
        |post: draft::Post| post.messages().into_iter().map(|(_, message)| message).collect::<Vec<_>>();
    assert_eq!(
        messages(post("x").text("a".repeat(301))),
        ["X: the text has 301 characters, this account allows 280."]
    );
    assert_eq!(
        messages(post("bluesky").thread("b").thread("a".repeat(301))),
        ["Bluesky: part 3 of the thread has 301 characters, this account allows 300."]
    );
    assert_eq!(
        messages(post("x").media([video(140.01)])),
        ["X: the video is 140.1 s long, it can be at most 140 s."]
    );
    assert_eq!(
        messages(post("instagram").content_type("Reel")),
        ["Instagram: \"Reel\" is no content type; use one of Post, Carousel, Reels, Story, Trial Reel."]
    );
}

#[test]
fn a_post_needs_a_text_or_media() {
    for platform in ["facebook", "x", "linkedin", "threads", "bluesky", "telegram", "discord", "mastodon"] {
        post(platform).text(" \n").fails("content_required");
        post(platform).text("").media([image()]).passes();
    }
    for platform in ["instagram", "tiktok", "pinterest", "youtube"] {
        post(platform).text("").passes();
        post(platform).text("").media([]).fails("media_required");
        post(platform).media([]).fails("media_required");
    }
    post("wordpress").text("").set("title", "Rye").fails("content_required");
}

#[test]
fn thread_parts_are_checked_where_threads_exist() {
    for (platform, limit) in [("x", 280), ("threads", 500), ("bluesky", 300), ("mastodon", 500)] {
        post(platform).thread("a".repeat(limit)).passes();
        post(platform).thread("a".repeat(limit + 1)).fails("content_too_long");
        post(platform).thread(" ").fails("content_required");
    }
    for platform in ["facebook", "linkedin", "telegram", "discord", "instagram"] {
        post(platform).thread("a".repeat(100_000)).passes();
    }
}

#[test]
fn a_content_warning_counts_with_every_part() {
    let warned = |warning: usize, text: usize| {
        post("mastodon").set("spoilerText", "w".repeat(warning)).text("a".repeat(text))
    };
    warned(100, 400).passes();
    warned(100, 401).fails("content_too_long");
    warned(100, 10).thread("a".repeat(401)).fails("content_too_long");
    // A link in it has its full length.
    let link = format!("https://example.com/{}", "a".repeat(400));
    post("mastodon").set("spoilerText", link).text("a".repeat(81)).fails("content_too_long");
}

#[test]
fn a_poll_is_what_mastodon_takes() {
    let poll = |poll: serde_json::Value| post("mastodon").set("poll", poll);
    poll(json!({ "options": ["Rye", "Spelt"], "expiresIn": 300 })).passes();
    poll(json!({ "options": ["Rye", "Spelt"] })).media([image()]).fails("invalid_poll");
    for wrong in [
        json!("yes"),
        json!({ "options": ["Rye"] }),
        json!({ "options": ["Rye", " "] }),
        json!({ "options": ["Rye", "Rye "] }),
        json!({ "options": ["Rye", 7] }),
        json!({ "options": ["a", "b", "c", "d", "e"] }),
        json!({ "options": ["Rye", "a".repeat(51)] }),
        json!({ "options": ["Rye", "Spelt"], "expiresIn": 299 }),
    ] {
        poll(wrong).fails("invalid_poll");
    }
    // A server of larger limits is asked for them.
    poll(json!({ "options": ["a", "b", "c", "d", "e"] })).premium().passes();
}

#[test]
fn links_cashtags_and_repeated_parts_are_limited_where_they_are() {
    let links =
        |count: usize| (0..count).map(|at| format!("https://example.com/{at}")).collect::<Vec<_>>().join(" ");
    post("threads").text(links(5)).passes();
    post("threads").text(links(6)).fails("too_many_links");
    post("threads").text("https://example.com ".repeat(9)).passes();
    post("threads").text(links(5)).set("link", "https://example.org/").fails("too_many_links");
    post("threads").thread(links(6)).fails("too_many_links");
    post("x").text("$RYE").passes();
    post("x").text("$RYE and $OATS").fails("too_many_cashtags");
    post("x").thread("$RYE and $OATS").fails("too_many_cashtags");
    post("x").text("one").thread("two").thread("one").fails("repeated_text");
    post("bluesky").text("one").thread("one").passes();
}

#[test]
fn hashtags_and_mentions_are_limited_on_instagram() {
    post("instagram").text("#rye ".repeat(30)).passes();
    post("instagram").text("#rye ".repeat(31)).fails("too_many_hashtags");
    post("instagram").text("@ada ".repeat(20)).passes();
    post("instagram").text("@ada ".repeat(21)).fails("too_many_mentions");
    post("x").text("#rye ".repeat(31)).passes();
}

#[test]
fn characters_that_a_platform_refuses_are_named() {
    post("x").text("rye\u{feff}").fails("forbidden_characters");
    post("youtube").text("1 < 2").fails("forbidden_characters");
    post("youtube").set("title", "a > b").fails("forbidden_characters");
    post("facebook").text("1 < 2").passes();
}

#[test]
fn titles_are_required_where_they_are_and_limited() {
    post("youtube").set("title", "").fails("title_required");
    post("youtube").set("title", "é".repeat(100)).passes();
    post("youtube").set("title", "é".repeat(101)).fails("title_too_long");
    // Two units each.
    post("youtube").set("title", "😀".repeat(50)).passes();
    post("youtube").set("title", "😀".repeat(51)).fails("title_too_long");
    post("pinterest").set("title", "a".repeat(100)).passes();
    post("pinterest").set("title", "a".repeat(101)).fails("title_too_long");
    post("wordpress").text("# Rye\n\nText").passes();
    post("wordpress").text("").media([image()]).fails("title_required");
    post("wordpress").set("title", "a".repeat(200)).passes();
    post("wordpress").set("title", "a".repeat(201)).fails("title_too_long");
    post("x").set("title", "a".repeat(1_000)).passes();
}

#[test]
fn content_types_are_known_ones() {
    for name in ["Post", "Carousel"] {
        post("instagram").media(images(3)).content_type(name).passes();
    }
    for name in ["Reels", "Story", "Trial Reel"] {
        post("instagram").media([video(30.0)]).content_type(name).passes();
        post("instagram").media(images(2)).content_type(name).fails(if name == "Story" {
            "too_many_media"
        } else {
            "media_required"
        });
    }
    post("instagram").content_type("story").fails("invalid_content_type");
    post("instagram").content_type("Story").passes();
    post("instagram").media([video(60.0)]).content_type("Story").passes();
    post("instagram").media([video(60.5)]).content_type("Story").fails("video_too_long");
    post("instagram").media([video(60.5)]).content_type("Reels").passes();
    post("facebook").media([]).content_type("Post").passes();
    post("facebook").media([]).content_type("Story").fails("media_required");
    post("facebook").media([video(90.0)]).content_type("Reels").passes();
    post("facebook").media([video(90.5)]).content_type("Reels").fails("video_too_long");
    post("facebook").media([video(2.5)]).content_type("Reels").fails("video_too_short");
    post("facebook").content_type("Carousel").fails("invalid_content_type");
    post("youtube").content_type("Video").passes();
    post("youtube").media([video(180.0)]).content_type("Short").passes();
    post("youtube").media([video(181.0)]).content_type("Short").fails("video_too_long");
    post("youtube").content_type("Reels").fails("invalid_content_type");
    post("linkedin").content_type("Anything").passes();
}

#[test]
fn settings_with_a_choice_take_only_that() {
    let choices: [(&'static str, &str, &[&str]); 9] = [
        ("x", "replySettings", &["everyone", "following", "mentionedUsers"]),
        ("threads", "replyControl", &["everyone", "following", "mentioned"]),
        (
            "tiktok",
            "privacyLevel",
            &["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"],
        ),
        ("youtube", "privacy", &["public", "unlisted", "private"]),
        ("youtube", "visibility", &["public", "unlisted", "private"]),
        ("facebook", "videoType", &["reel", "video"]),
        ("wordpress", "status", &["publish", "draft", "pending", "private"]),
        ("wordpress", "featuredImage", &["first", "none"]),
        ("mastodon", "visibility", &["public", "unlisted", "private", "direct"]),
    ];
    for (platform, key, allowed) in choices {
        for value in allowed {
            post(platform).set(key, *value).passes();
        }
        post(platform).set(key, "nobody").fails("invalid_setting");
        post(platform).set(key, 1).fails("invalid_setting");
        post(platform).set(key, "").passes();
        post(platform).set(key, json!(null)).passes();
        post(platform).set("unknown", "anything").passes();
    }
}

#[test]
fn places_and_trials_on_instagram_are_named_as_it_knows_them() {
    post("instagram").set("locationId", "7640348500").set("graduationStrategy", "MANUAL").passes();
    post("instagram").set("locationId", "bakery").fails("invalid_setting");
    post("instagram").set("graduationStrategy", "SOON").fails("invalid_setting");
}

#[test]
fn settings_with_a_text_are_limited() {
    post("instagram").set("altText", "a".repeat(100)).passes();
    post("instagram").set("altText", "a".repeat(101)).fails("alt_text_too_long");
    let on_x = || post("x").media([image()]);
    on_x().set("mediaAltText", "a".repeat(1_000)).passes();
    on_x().set("mediaAltText", "a".repeat(1_001)).fails("alt_text_too_long");
    on_x().set("mediaAltText", json!(["a", "a".repeat(1_001)])).fails("alt_text_too_long");
    // Without anything to describe it goes unused.
    post("x").set("mediaAltText", "a".repeat(1_001)).passes();
    let on_linkedin = || post("linkedin").media([image()]);
    on_linkedin().set("altText", "😀".repeat(2_043)).passes();
    on_linkedin().set("altText", "😀".repeat(2_044)).fails("alt_text_too_long");
    post("facebook").set("firstComment", "a".repeat(8_000)).passes();
    post("facebook").set("firstComment", "a".repeat(8_001)).fails("setting_too_long");
    post("discord").set("username", "a".repeat(80)).passes();
    post("discord").set("username", "a".repeat(81)).fails("setting_too_long");
    post("discord").set("username", " ").fails("setting_too_long");
    post("discord").set("username", "My Discord").fails("invalid_setting");
    post("discord").set("username", "Everyone").fails("invalid_setting");
    post("pinterest").set("dominantColor", "#6E7874").passes();
    post("pinterest").set("dominantColor", "red").fails("invalid_setting");
    post("linkedin").set("visibility", "CONNECTIONS").passes();
    post("linkedin").set("visibility", "NOBODY").fails("invalid_setting");
    post("x").set("firstComment", "a".repeat(280)).passes();
    post("x").set("firstComment", "a".repeat(281)).fails("content_too_long");
    post("threads").set("firstComment", "a".repeat(501)).fails("content_too_long");
    post("youtube").set("firstComment", "a".repeat(10_000)).passes();
    post("youtube").set("firstComment", "a".repeat(10_001)).fails("setting_too_long");
    post("x").set("community_id", "1861234567890123456").passes();
    post("x").set("community_id", "bakers").fails("invalid_setting");
    post("pinterest").set("boardId", "549755885175").passes();
    post("pinterest").set("boardId", "spring").fails("invalid_setting");
    let address = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
    post("pinterest").set("link", address(2_048)).passes();
    post("pinterest").set("link", address(2_049)).fails("setting_too_long");
    post("pinterest").set("link", "example.com").fails("invalid_setting");
    post("threads").set("link", "https://example.com/menu").passes();
    post("threads").set("link", "ftp://example.com").fails("invalid_setting");
    // Beside media there is no card.
    post("threads").media([image()]).set("link", "ftp://example.com").passes();
    post("mastodon").set("quotePolicy", "nobody").passes();
    post("mastodon").set("quotePolicy", "friends").fails("invalid_setting");
    // It counts with the text.
    post("mastodon").set("spoilerText", "a".repeat(481)).passes();
    post("mastodon").set("spoilerText", "a".repeat(482)).fails("content_too_long");
    post("mastodon").set("spoilerText", 7).fails("invalid_setting");
    post("mastodon").media([image()]).set("altText", "a".repeat(1_501)).fails("alt_text_too_long");
    post("wordpress").set("excerpt", "a".repeat(1_000)).passes();
    post("wordpress").set("excerpt", "a".repeat(1_001)).fails("setting_too_long");
}

#[test]
fn youtube_tags_are_limited_together() {
    // Five tags of 99 letters and the four commas between them.
    post("youtube").set("tags", json!(vec!["a".repeat(99); 5])).passes();
    post("youtube")
        .set("tags", json!([vec!["a".repeat(99); 4], vec!["a".repeat(101)]].concat()))
        .fails("setting_too_long");
    // Its quotes count when a tag has a space.
    post("youtube").set("tags", json!(["a b".repeat(166)])).passes();
    post("youtube").set("tags", json!([format!("a{}", "a b".repeat(166))])).fails("setting_too_long");
}

#[test]
fn an_article_on_x_has_rules_of_its_own() {
    let article = || post("x").set("post_type", "article").set("title", "Rye");
    article().text("面".repeat(25_000)).passes();
    article().text("a".repeat(25_001)).fails("content_too_long");
    article().set("title", "a".repeat(100)).passes();
    article().set("title", "a".repeat(101)).fails("title_too_long");
    article().set("title", "").fails("title_required");
    article().media(images(5)).passes();
    article().media(images(6)).fails("too_many_images");
    article().media([video(30.0)]).fails("media_not_supported");
    article().thread("more").fails("thread_not_allowed");
    post("x").set("post_type", "blog").text("a".repeat(281)).fails("content_too_long");
}
