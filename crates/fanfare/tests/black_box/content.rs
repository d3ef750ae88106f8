//! Every kind of content on every platform, uploaded and published through the API, and compared byte
//! by byte with what the platform shows; once in peace, and again under every fault.
//! Prints a table: `cargo test -p fanfare --test black_box content -- --nocapture`.

#![expect(clippy::print_stdout, reason = "the table is for whoever runs the tests")]

use std::collections::BTreeMap;

use domain::Span;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::files::File::{self, Gif, Pdf, Photo, Picture, Tall, Video};
use crate::support::{Demo, now, pause};

/// A kind of content.
#[derive(Clone, Copy)]
struct Kind {
    platform: &'static str,
    name: &'static str,
    text: bool,
    thread: usize,
    files: &'static [File],
    content_type: Option<&'static str>,
    settings: fn() -> Value,
}

const NOTHING: fn() -> Value = || json!({});

const fn kind(platform: &'static str, name: &'static str, files: &'static [File]) -> Kind {
    Kind { platform, name, text: true, thread: 0, files, content_type: None, settings: NOTHING }
}

const fn typed(kind: Kind, content_type: &'static str) -> Kind {
    Kind { content_type: Some(content_type), ..kind }
}

const fn threaded(platform: &'static str) -> Kind {
    Kind { thread: 2, ..kind(platform, "thread", &[]) }
}

const fn silent(kind: Kind) -> Kind {
    Kind { text: false, ..kind }
}

const fn set(kind: Kind, settings: fn() -> Value) -> Kind {
    Kind { settings, ..kind }
}

const KINDS: &[Kind] = &[
    kind("x", "text", &[]),
    threaded("x"),
    kind("x", "image", &[Photo]),
    kind("x", "images", &[Photo, Picture, Tall]),
    kind("x", "GIF", &[Gif]),
    kind("x", "video", &[Video]),
    kind("linkedin", "text", &[]),
    kind("linkedin", "image", &[Photo]),
    kind("linkedin", "images", &[Photo, Picture]),
    kind("linkedin", "video", &[Video]),
    kind("linkedin", "document", &[Pdf]),
    kind("facebook", "text", &[]),
    kind("facebook", "photo", &[Photo]),
    kind("facebook", "photos", &[Photo, Picture]),
    kind("facebook", "video", &[Video]),
    typed(kind("facebook", "reel", &[Video]), "Reels"),
    typed(silent(kind("facebook", "photo story", &[Tall])), "Story"),
    typed(silent(kind("facebook", "video story", &[Video])), "Story"),
    kind("instagram", "image", &[Photo]),
    kind("instagram", "carousel", &[Photo, Video]),
    typed(kind("instagram", "reel", &[Video]), "Reels"),
    typed(silent(kind("instagram", "photo story", &[Tall])), "Story"),
    kind("threads", "text", &[]),
    threaded("threads"),
    kind("threads", "image", &[Photo]),
    kind("threads", "video", &[Video]),
    kind("threads", "carousel", &[Photo, Video]),
    set(kind("youtube", "video", &[Video]), || json!({ "title": "A film of bread" })),
    kind("tiktok", "video", &[Video]),
    kind("tiktok", "photos", &[Tall, Photo]),
    kind("pinterest", "image", &[Photo]),
    kind("pinterest", "video", &[Video]),
    kind("bluesky", "text", &[]),
    threaded("bluesky"),
    kind("bluesky", "images", &[Photo, Picture]),
    kind("bluesky", "video", &[Video]),
    kind("telegram", "text", &[]),
    kind("telegram", "photo", &[Photo]),
    kind("telegram", "video", &[Video]),
    kind("telegram", "album", &[Photo, Video]),
    kind("telegram", "document", &[Pdf]),
    kind("discord", "text", &[]),
    kind("discord", "images", &[Photo, Picture]),
    kind("discord", "video", &[Video]),
    kind("wordpress", "text", &[]),
    kind("wordpress", "images", &[Photo, Picture]),
    kind("mastodon", "text", &[]),
    threaded("mastodon"),
    kind("mastodon", "images", &[Photo, Picture]),
    kind("mastodon", "video", &[Video]),
];

/// A demo with every file in its library and an account on every platform.
struct Stage {
    demo: Demo,
    media: BTreeMap<File, (String, String)>,
}

impl Stage {
    async fn set() -> Self {
        let demo = Demo::start();
        let mut media = BTreeMap::new();
        for file in File::ALL {
            let bytes = file.make(demo.folder());
            let hash = hex(&Sha256::digest(&bytes));
            let id = demo.upload(file.name(), file.content_type(), bytes).await;
            media.insert(file, (id, hash));
        }
        Self { demo, media }
    }

    /// A post of this kind to this account.
    fn body(&self, kind: &Kind, account: i64, mark: &str) -> Value {
        let text =
            if kind.text { format!("{} as {} {mark}", kind.platform, kind.name) } else { String::new() };
        let thread: Vec<String> = (0..kind.thread).map(|part| format!("part {part} of {text}")).collect();
        let ids: Vec<&str> = kind.files.iter().map(|file| self.media[file].0.as_str()).collect();
        let mut item = json!({ "settings": (kind.settings)() });
        if let Some(content_type) = kind.content_type {
            item["contentType"] = json!(content_type);
        }
        json!({
            "content": text,
            "account_ids": [account],
            "media_ids": ids,
            "thread_posts": thread,
            "platform_content": { kind.platform: item },
        })
    }

    /// The post's results once it has ended. Some platforms are looked through for a quarter of an
    /// hour before the outcome counts as unknown; that is what the sandbox's clock is for.
    async fn ended(&self, post: &str) -> Vec<Value> {
        let deadline = now() + Span::from_seconds(20);
        while now() < deadline {
            let results = self.demo.get(&format!("/posts/{post}/results")).await;
            let list = results["results"].as_array().cloned().unwrap_or_default();
            if list.iter().all(|result| matches!(result["status"].as_str(), Some("published" | "failed"))) {
                return list;
            }
            pause(Span::from_millis(100)).await;
        }
        let later = json!({ "advance": "20m" });
        let (status, said) = self.demo.post_to_sandbox("/_sandbox/clock", later).await;
        assert!((200..300).contains(&status), "{said}");
        self.demo.ended(post).await
    }

    /// Publishes one of this kind; what became of it, and how the platform's ledger compares.
    async fn publish(&self, kind: &Kind, account: i64, mark: &str) -> String {
        let before = self.demo.public(kind.platform).await.len();
        let post = self.demo.create_post(self.body(kind, account, mark)).await;
        let results = self.ended(&post).await;
        let result = &results[0];
        if result["status"] != "published" {
            return format!("{}: {}", result["error_code"], result["error"]);
        }
        let public = self.demo.public(kind.platform).await;
        let made = &public[before..];
        let expected: Vec<&str> = kind.files.iter().map(|file| self.media[file].1.as_str()).collect();
        let shown: Vec<&str> = made
            .iter()
            .flat_map(|post| post["media"].as_array().into_iter().flatten())
            .filter_map(|media| media["sha256"].as_str())
            .collect();
        if made.len() != 1 + kind.thread {
            return format!("{} posts are public", made.len());
        }
        if shown != expected {
            return format!("{} media are public, and they differ: {}", shown.len(), result["warnings"]);
        }
        "the same".to_owned()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The kinds of each platform, one after another; the platforms beside each other.
async fn publish_all(stage: &Stage, fault: Option<&Value>) -> Vec<(&'static str, &'static str, String)> {
    let mut by_platform: BTreeMap<&str, Vec<&Kind>> = BTreeMap::new();
    for kind in KINDS {
        by_platform.entry(kind.platform).or_default().push(kind);
    }
    let platforms = by_platform.into_iter().map(|(platform, kinds)| async move {
        let mut rows = Vec::new();
        for (number, kind) in kinds.into_iter().enumerate() {
            let account = stage.demo.add_account(platform, &format!("kind{number}")).await;
            if let Some(fault) = fault {
                let mut fault = fault.clone();
                fault["platform"] = json!(platform);
                stage.demo.fault(fault).await;
            }
            rows.push((platform, kind.name, stage.publish(kind, account, "").await));
        }
        rows
    });
    futures_util::future::join_all(platforms).await.concat()
}

fn print(title: &str, rows: &[(&'static str, &'static str, String)]) {
    println!("\n{title}\n{:<12}{:<14}compared with what was sent", "platform", "content");
    for (platform, kind, outcome) in rows {
        println!("{platform:<12}{kind:<14}{outcome}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_content_is_shown_as_it_was_sent() {
    let stage = Stage::set().await;
    let rows = publish_all(&stage, None).await;
    print("in peace", &rows);
    let wrong: Vec<_> = rows.iter().filter(|(_, _, outcome)| outcome != "the same").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for platform in stage.demo.accounts.iter().map(|(platform, _)| platform) {
        assert!(KINDS.iter().any(|kind| kind.platform == platform), "{platform} has no kind of content here");
    }
}

/// Every kind under one fault: published once and the same, or one of the `reasons` with nothing public.
async fn under(name: &str, fault: Value, reasons: &[&str]) {
    let stage = Stage::set().await;
    let rows = publish_all(&stage, Some(&fault)).await;
    print(name, &rows);
    let is_right =
        |outcome: &str| outcome == "the same" || reasons.iter().any(|reason| outcome.contains(reason));
    let wrong: Vec<_> = rows.iter().filter(|(_, _, outcome)| !is_right(outcome)).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

/// Where no platform tells what became of a request, a person decides.
const UNKNOWN: &str = "outcome_unknown";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_goes_out_once_though_its_answer_is_lost() {
    let fault = json!({ "kind": "drop_after_accept", "operation": "create_post" });
    under("drop_after_accept", fault, &[UNKNOWN]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_goes_out_once_though_it_is_refused_while_live() {
    let fault = json!({ "kind": "refused_but_live", "operation": "create_post" });
    under("refused_but_live", fault, &[UNKNOWN]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_goes_out_once_through_cut_connections_errors_limits_and_delays() {
    for fault in [
        json!({ "kind": "reset_before", "operation": "create_post" }),
        json!({ "kind": "error", "operation": "create_post", "status": 503 }),
        json!({ "kind": "rate_limit", "operation": "create_post", "retry_after": 1 }),
        json!({ "kind": "delay", "delay_ms": 200 }),
    ] {
        let name = fault["kind"].as_str().unwrap_or_default().to_owned();
        under(&name, fault, &[UNKNOWN]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_whose_access_or_processing_fails_says_so() {
    under("token_revoked", json!({ "kind": "token_revoked" }), &["token_expired", "account"]).await;
    under("processing_failed", json!({ "kind": "processing_failed" }), &["media"]).await;
}

/// How often server and sandbox are killed while Meta's platforms are posted to.
const KILLS: i64 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_on_metas_platforms_goes_out_once_though_everything_is_killed() {
    let mut stage = Stage::set().await;
    let mut expected: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    let mut posts = Vec::new();
    let of_meta = |kind: &&Kind| ["facebook", "instagram", "threads"].contains(&kind.platform);
    for (number, kind) in KINDS.iter().filter(of_meta).enumerate() {
        let account = stage.demo.add_account(kind.platform, &format!("kind{number}")).await;
        posts.push((kind, stage.demo.create_post(stage.body(kind, account, "through kills")).await));
        let files = kind.files.iter().map(|file| stage.media[file].1.clone()).collect();
        let shown = expected.entry(kind.platform).or_default();
        shown.push(files);
        shown.extend((0..kind.thread).map(|_| Vec::new()));
    }
    for kill in 0..KILLS {
        pause(Span::from_millis(60 + 150 * kill)).await;
        let Stage { demo, media } = stage;
        stage = Stage { demo: demo.kill_and_restart(), media };
    }
    for (kind, post) in posts {
        let results = stage.demo.ended(&post).await;
        assert_eq!(results[0]["status"], "published", "{} as {}: {results:?}", kind.platform, kind.name);
    }
    for (platform, mut expected) in expected {
        let hash = |media: &Value| media["sha256"].as_str().unwrap_or_default().to_owned();
        let shown = |post: &Value| post["media"].as_array().into_iter().flatten().map(hash).collect();
        let mut public: Vec<Vec<String>> = stage.demo.public(platform).await.iter().map(shown).collect();
        public.sort();
        expected.sort();
        assert_eq!(public, expected, "{platform}");
    }
}
