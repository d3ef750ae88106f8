//! What holds of the emulator and of the real WordPress alike.

use connector::suite::{PIXEL, Strike, crash_sweep};
use domain::{Class, Span};
use net::{Fate, Sent};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::support::{Site, World};

#[tokio::test]
async fn an_article_has_everything_that_was_asked_for() {
    for site in Site::both().await {
        site.make("tags", &json!({"name": "Rye & Co"})).await;
        let bread = site.make("categories", &json!({"name": "Bread & more"})).await["id"].clone();
        let mut world = site.world("ana").await;
        let settings = json!({
            "title": "Rye & <em>spelt</em>",
            "excerpt": "How we bake",
            "slug": "Our Rye",
            "tags": "rye & co, Spelt",
            "categories": ["bread & MORE", 1, "Nothing"],
        });
        let text = "One\n\n![The oven](image:2)\n\n<h2>Two</h2>";
        let mut to = World::post(1, text, &settings);
        to.media = vec![
            world.bench.image(PIXEL, "image/png", Some("A loaf")),
            world.bench.image(PIXEL, "image/png", None),
            world.bench.image(PIXEL, "image/png", Some("Crumbs")),
            world.film(),
        ];
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(receipt.warnings, ["The site has no category \"Nothing\"; it is left out."]);

        let posts = world.site.list("posts").await;
        assert_eq!(posts.len(), 1);
        let live = &posts[0];
        assert_eq!(live["id"].to_string(), receipt.platform_post_id);
        assert_eq!(live["link"], receipt.platform_post_url.as_str());
        assert!(receipt.platform_post_url.ends_with("/our-rye/"), "{}", receipt.platform_post_url);
        assert_eq!((&live["slug"], &live["status"]), (&json!("our-rye"), &json!("publish")));
        let title = live["title"]["raw"].as_str().unwrap().replace("&amp;", "&");
        assert_eq!(title, "Rye & <em>spelt</em>");
        assert_eq!(live["excerpt"]["raw"], "How we bake");
        let mut categories = live["categories"].as_array().unwrap().clone();
        categories.sort_by_key(Value::as_u64);
        assert_eq!(categories, [json!(1), bread]);
        let tags = world.site.list("tags").await;
        let read = |id: &Value| {
            let tag = tags.iter().find(|tag| tag["id"] == *id).unwrap();
            tag["name"].as_str().unwrap().replace("&amp;", "&")
        };
        let mut names: Vec<String> = live["tags"].as_array().unwrap().iter().map(read).collect();
        names.sort();
        assert_eq!(names, ["Rye & Co", "Spelt"]);

        let files = world.site.list("media").await;
        assert_eq!(files.len(), 4);
        assert_eq!(live["featured_media"], files[0]["id"]);
        assert_eq!(files[0]["alt_text"], "A loaf");
        let content = live["content"]["raw"].as_str().unwrap();
        let place = |text: &str| content.find(text).unwrap_or_else(|| panic!("no {text} in {content}"));
        let url = |number: usize| files[number]["source_url"].as_str().unwrap();
        assert!(place(url(3)) < place("One") && place("One") < place(url(1)));
        assert!(place("<figcaption>The oven</figcaption>") < place("<h2>Two</h2>"));
        assert!(place("<h2>Two</h2>") < place(url(2)) && place("alt=\"Crumbs\"") > place("alt=\"The oven\""));
        assert!(!content.contains(url(0)), "the featured image stands above the text");
    }
}

#[tokio::test]
async fn what_is_not_public_is_said_to_be_so() {
    for site in Site::both().await {
        let mut world = site.world("ana").await;
        for (number, status) in ["draft", "pending", "private"].into_iter().enumerate() {
            let settings = json!({"title": "Rye", "status": status});
            let to = World::post(number as u128, "text", &settings);
            let receipt = world.bench.publish(&to).await.unwrap();
            assert_eq!(receipt.warnings.len(), 1, "{status}: {:?}", receipt.warnings);
            let posts = world.site.list("posts").await;
            assert_eq!((posts.len(), &posts[number]["status"]), (number + 1, &json!(status)));
            // A lost answer finds it all the same.
            world.bench.meet(Strike::at(0..1, Fate::AnswerLost));
            let again = World::post(100 + number as u128, "text", &settings);
            world.bench.publish(&again).await.unwrap();
            assert_eq!(world.site.list("posts").await.len(), number + 2, "{status}");
            let url = world.site.list("posts").await.pop().unwrap()["id"].to_string();
            world.bench.meet(Strike::never());
            world.site.remove_post(&url).await;
        }
    }
}

#[tokio::test]
async fn a_slug_that_is_taken_is_given_a_token_and_said() {
    for site in Site::both().await {
        let there = json!({"title": "Older", "content": "x", "status": "publish", "slug": "rye"});
        site.make("posts", &there).await;
        let mut world = site.world("ana").await;
        let to = World::post(1, "text", &json!({"title": "Rye", "slug": "rye"}));
        world.bench.meet(Strike::at(1..2, Fate::AnswerLost));
        let receipt = world.bench.publish(&to).await.unwrap();
        assert_eq!(receipt.warnings.len(), 1, "{:?}", receipt.warnings);
        let posts = world.site.list("posts").await;
        assert_eq!(posts.len(), 2);
        assert!(posts[1]["slug"].as_str().unwrap().starts_with("rye-"), "{}", posts[1]["slug"]);
        assert_eq!(posts[1]["link"], receipt.platform_post_url.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lost_answer_and_no_crash_makes_a_second_post_or_file() {
    for site in Site::both().await {
        let is_real = site.real.is_some();
        let mut world = site.world("ana").await;
        let settings =
            json!({"title": "Rye", "slug": "rye", "tags": ["Bread"], "categories": ["Uncategorized"]});
        let mut to = World::post(1, "![](image:1)", &settings);
        let alt = (!is_real).then_some("A loaf");
        to.media = vec![world.bench.image(PIXEL, "image/png", alt)];
        if is_real {
            // Every request of a real site takes its time.
            to.settings.0.remove("categories");
            to.settings.0.remove("tags");
        }
        let World { site, bench } = &mut world;
        let requests = crash_sweep(bench, &to, |what, receipt| {
            block_in_place(|| {
                Handle::current().block_on(async {
                    let posts = site.list("posts").await;
                    assert_eq!(posts.len(), 1, "{what}");
                    assert_eq!(posts[0]["id"].to_string(), receipt.platform_post_id, "{what}");
                    assert_eq!(posts[0]["link"], receipt.platform_post_url.as_str(), "{what}");
                    assert_eq!(posts[0]["slug"], "rye", "{what}");
                    assert_eq!(site.list("media").await.len(), 1, "{what}");
                    site.clear().await;
                });
            });
        })
        .await;
        assert_eq!(requests, if is_real { 4 } else { 7 });
        world.assert_nothing_secret_was_said();
    }
}

#[tokio::test]
async fn after_a_restore_what_is_live_is_found_and_what_is_not_is_sent() {
    for site in Site::both().await {
        let mut world = site.world("ana").await;
        for (number, settings) in
            [json!({"title": "Rye"}), json!({"title": "Rye", "slug": "own"})].into_iter().enumerate()
        {
            let to = World::post(number as u128, "text", &settings);
            let backup = world.bench.now();
            let sent = world.bench.publish(&to).await.unwrap();
            let found = world.bench.publish_after_restore(&to, backup).await.unwrap();
            assert_eq!(found.platform_post_id, sent.platform_post_id);
            assert_eq!(world.site.list("posts").await.len(), number + 1);
        }
        // A post of the same slug that is older than the backup is another one.
        let to = World::post(7, "text", &json!({"title": "Rye", "slug": "own"}));
        let backup = world.bench.now() + Span::from_days(1);
        let sent = world.bench.publish_after_restore(&to, backup).await.unwrap();
        assert_eq!(world.site.list("posts").await.len(), 3);
        assert!(sent.platform_post_url.contains("own-"), "{}", sent.platform_post_url);
    }
}

#[tokio::test]
async fn refusals_are_final_and_leave_nothing() {
    for site in Site::both().await {
        let mut world = site.world("ana").await;
        let mut to = World::post(1, "text", &json!({"title": "Rye"}));
        to.media = vec![world.bench.image(&b"no image"[..], "image/png", None)];
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!(refused.class, Class::MediaFailed, "{refused:?}");

        let to = World::post(2, "text", &json!({"title": "Rye", "status": "loud"}));
        let refused = world.bench.publish(&to).await.unwrap_err();
        assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::Answered));

        let good =
            std::mem::replace(&mut world.bench.connected.credentials.access_token, "bm9ib2R5Ong=".into());
        let nobody =
            world.bench.publish(&World::post(3, "text", &json!({"title": "Rye"}))).await.unwrap_err();
        assert_eq!((nobody.class, nobody.sent), (Class::TokenExpired, Sent::Answered));
        world.bench.connected.credentials.access_token = good;
        assert!(world.site.list("posts").await.is_empty());
        world.assert_nothing_secret_was_said();
    }
}
