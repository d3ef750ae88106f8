//! What a post becomes.

use connector::MediaKind;
use connector::suite::post;
use domain::{Class, Span};
use serde_json::json;

use crate::support::{World, take_down};

#[tokio::test]
async fn a_text_goes_out_and_rings_nobody() {
    let mut world = World::new().await;
    let text = "@everyone **fresh** bread <@12> https://example.org";
    let receipt = world.bench.publish(&post(text)).await.unwrap();
    let posts = world.posts();
    let extra = &posts[0].extra;
    assert_eq!((extra.get("rings"), extra.get("rings_everyone")), (None, None));
    assert_eq!(extra["card"]["url"], "https://example.org");
    let (guild, channel) = (&world.made.extra["guild_id"], &world.made.extra["channel_id"]);
    let place = format!("/channels/{}/{}/", guild.as_str().unwrap(), channel.as_str().unwrap());
    assert!(receipt.platform_post_url.contains(&place), "{receipt:?}");
    take_down(&world.sandbox, text, "text", &receipt);

    let mut to = post(text);
    to.settings.0.insert("allowed_mentions".to_owned(), json!({"parse": ["everyone", "users"]}));
    world.bench.publish(&to).await.unwrap();
    let extra = world.posts()[0].extra.clone();
    assert_eq!((&extra["rings"], &extra["rings_everyone"]), (&json!(["12"]), &json!(true)));
}

#[tokio::test]
async fn files_go_with_their_alternative_texts() {
    let mut world = World::new().await;
    let mut to = post("Two loaves");
    let film = world.bench.image(b"\0\0\0\x18ftypisom\0\0\0\0".to_vec(), "video/mp4", None);
    let paper = world.bench.image(b"%PDF-1.7".to_vec(), "application/pdf", None);
    to.media = vec![
        world.image(Some("A rye loaf")),
        connector::MediaItem { kind: MediaKind::Video, ..film },
        connector::MediaItem { kind: MediaKind::Document, filename: "menu.pdf".to_owned(), ..paper },
    ];
    to.settings.0.insert("spoiler".to_owned(), json!(true));
    let receipt = world.bench.publish(&to).await.unwrap();
    let posts = world.posts();
    let alt: Vec<_> = posts[0].media.iter().map(|media| media.alt.as_deref()).collect();
    assert_eq!(alt, [Some("A rye loaf"), None, None]);
    let files = json!(["SPOILER_loaf.png", "SPOILER_image.mp4", "SPOILER_menu.pdf"]);
    assert_eq!(posts[0].extra["files"], files);
    assert_eq!(posts[0].media[2].media_type, "application/pdf");
    take_down(&world.sandbox, "Two loaves", "files", &receipt);
}

#[tokio::test]
async fn settings_are_discords_own() {
    let mut world = World::with(&[("thread", json!("open"))]).await;
    let thread = world.made.extra["thread_id"].clone();
    let mut to = post("Rye https://example.org");
    to.settings.0.extend([
        ("username".to_owned(), json!("Baker")),
        ("avatar_url".to_owned(), json!("https://example.org/a.png")),
        ("thread_id".to_owned(), thread.clone()),
        ("suppress_embeds".to_owned(), json!(true)),
        ("suppress_notifications".to_owned(), json!(true)),
    ]);
    let receipt = world.bench.publish(&to).await.unwrap();
    let extra = world.posts()[0].extra.clone();
    assert_eq!((&extra["username"], &extra["flags"]), (&json!("Baker"), &json!(4_100)));
    assert_eq!((&extra["thread"], extra.get("card")), (&json!("Thread"), None));
    assert!(receipt.platform_post_url.contains(&format!("/{}/", thread.as_str().unwrap())));
    take_down(&world.sandbox, "Rye https://example.org", "settings", &receipt);

    let mut card = post("");
    card.settings.0.insert("embeds".to_owned(), json!([{"title": "Rye", "url": "https://example.org"}]));
    let receipt = world.bench.publish(&card).await.unwrap();
    assert_eq!(world.posts()[0].extra["card"]["title"], "Rye");
    take_down(&world.sandbox, "", "embeds", &receipt);
}

#[tokio::test]
async fn a_forum_gets_a_thread_of_its_own() {
    let mut world = World::with(&[("channel", json!("forum"))]).await;
    let refused = world.bench.publish(&post("no name")).await.unwrap_err();
    assert_eq!(refused.class, Class::ContentRejected);
    assert!(refused.public.contains("thread_name"), "{}", refused.public);
    world.bench.pass(Span::from_seconds(3));
    let mut to = post("named");
    to.settings.0.insert("thread_name".to_owned(), json!("Bread of the day"));
    let receipt = world.bench.publish(&to).await.unwrap();
    assert_eq!(world.posts()[0].extra["thread"], "Bread of the day");
    take_down(&world.sandbox, "named", "forum", &receipt);
}

#[tokio::test]
async fn what_discord_refuses_is_told_in_its_words() {
    let mut world =
        World::with(&[("blocked_words", json!(["casino"])), ("enforce_limits", json!(false))]).await;
    let with = |key: &str, value: serde_json::Value| {
        let mut to = post("text");
        to.settings.0.insert(key.to_owned(), value);
        to
    };
    for (to, words) in [
        (with("username", json!("Discord Team")), "username: Username cannot contain"),
        (with("embeds", json!([{"title": "x".repeat(257)}])), "embeds.0.title: Must be 256 or fewer"),
        (with("thread_id", json!("12345")), "check thread_id"),
        (with("thread_name", json!("x")), "leave out thread_name"),
        (post("win at the Casino"), "moderation"),
    ] {
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(refused.class, Class::ContentRejected, "{words}: {refused:?}");
        assert!(refused.public.contains(words), "{}", refused.public);
    }
    for (state, words) in [("archived", "archived"), ("locked", "locked")] {
        let mut world = World::with(&[("thread", json!(state))]).await;
        let thread = world.made.extra["thread_id"].clone();
        let refused = world.bench.publish(&with("thread_id", thread)).await.unwrap_err();
        assert_eq!(refused.class, Class::PermissionMissing);
        assert!(refused.public.contains(words), "{}", refused.public);
    }
    let mut large = vec![0; (10 << 20) + 1];
    large[..4].copy_from_slice(b"%PDF");
    let item = world.bench.image(large, "application/pdf", None);
    let mut to = post("large");
    to.media = vec![item];
    assert_eq!(world.bench.publish(&to).await.unwrap_err().class, Class::MediaFailed);
    assert!(world.posts().is_empty());
    world.assert_nothing_secret_was_said();
}
