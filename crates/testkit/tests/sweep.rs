//! The crash sweep: each request of a publish in turn is lost, or the process dies around it, on
//! every platform and for every kind of post. Afterwards each part is public exactly once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::Span;
use fanfare_testkit::Server;
use net::{Fate, Hook, Request};
use serde_json::{Value, json};

const NEVER: usize = usize::MAX;

/// Strikes one request.
struct Strike {
    seen: AtomicUsize,
    at: usize,
    fate: Fate,
}

impl Strike {
    fn new(at: usize, fate: Fate) -> Arc<Self> {
        Arc::new(Self { seen: AtomicUsize::new(0), at, fate })
    }
}

impl Hook for Strike {
    fn fate(&self, _: &Request) -> Fate {
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        if number == self.at { self.fate } else { Fate::Pass }
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Thread,
    Image,
    Comment,
}

async fn body(server: &Server, kind: Kind, account: i64) -> (Value, Vec<&'static str>) {
    let mut body = json!({ "content": "part one (of #three)", "account_ids": [account] });
    let mut texts = vec!["part one (of #three)"];
    match kind {
        Kind::Text => {}
        Kind::Thread => {
            body["thread_posts"] = json!(["part two", "part three"]);
            texts.extend(["part two", "part three"]);
        }
        Kind::Image => {
            body["media_ids"] = json!([server.image().await]);
            let alt = json!({ "settings": { "altText": "a pixel", "mediaAltText": "a pixel" } });
            body["platform_content"] = json!({ "x": alt.clone(), "bluesky": alt.clone() });
        }
        Kind::Comment => {
            let comment = json!({ "settings": { "firstComment": "the comment" } });
            body["platform_content"] = json!({ "x": comment.clone(), "facebook": comment });
            texts.push("the comment");
        }
    }
    if matches!(kind, Kind::Comment) {
        body["platform_content"]["threads"] = body["platform_content"]["x"].clone();
    }
    (body, texts)
}

/// Publishes under one strike; gives the number of requests that were made.
async fn publish(platform: &'static str, kind: Kind, at: usize, fate: Fate) -> usize {
    let strike = Strike::new(at, fate);
    let server = Server::with_hook(Arc::clone(&strike) as Arc<dyn Hook>).await;
    let account = server.connect(platform).await;
    let (body, texts) = body(&server, kind, account.0).await;
    let post = server.create_post(body).await;
    // Longer than every lease, settle time and pause together.
    server.advance(Span::from_minutes(30)).await;
    let results = server.get(&format!("/api/v1/posts/{post}/results")).await;
    let result = &results["results"][0];
    let case = format!("{platform}, {kind:?}, request {at}, {fate:?}");
    assert_eq!(result["status"], "published", "{case}: {result}");
    let live: Vec<String> = server.sandbox.posts().into_iter().map(|post| post.text).collect();
    let warned = result["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty());
    // A comment is not worth a second post: where it may be missing, the result says so.
    let expect = if warned { &texts[..live.len().min(texts.len())] } else { &texts[..] };
    assert_eq!(live, expect, "{case}: {result}");
    assert!(
        live.contains(&texts[0].to_owned()) && (!warned || matches!(kind, Kind::Comment)),
        "{case}: {result}"
    );
    strike.seen.load(Ordering::Relaxed)
}

async fn sweep(platform: &'static str, kinds: &[Kind]) {
    for kind in kinds {
        let requests = publish(platform, *kind, NEVER, Fate::Pass).await;
        assert!(requests > 0, "{platform} {kind:?} made no request");
        for at in 0..requests {
            for fate in [Fate::NeverSent, Fate::AnswerLost, Fate::DieBefore, Fate::DieAfter] {
                publish(platform, *kind, at, fate).await;
            }
        }
    }
}

#[tokio::test]
async fn x_publishes_each_part_once_whatever_happens_to_a_request() {
    sweep("x", &[Kind::Text, Kind::Thread, Kind::Image, Kind::Comment]).await;
}

#[tokio::test]
async fn linkedin_publishes_once_whatever_happens_to_a_request() {
    sweep("linkedin", &[Kind::Text, Kind::Image]).await;
}

#[tokio::test]
async fn threads_publishes_each_part_once_whatever_happens_to_a_request() {
    sweep("threads", &[Kind::Text, Kind::Thread, Kind::Comment]).await;
}

#[tokio::test]
async fn bluesky_publishes_each_part_once_whatever_happens_to_a_request() {
    sweep("bluesky", &[Kind::Text, Kind::Thread, Kind::Image]).await;
}

#[tokio::test]
async fn facebook_publishes_once_whatever_happens_to_a_request() {
    sweep("facebook", &[Kind::Text, Kind::Image, Kind::Comment]).await;
}
