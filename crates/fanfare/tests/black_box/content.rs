//! Every kind of content on every platform, uploaded and published through the API, and compared byte
//! by byte with what the platform shows; once in peace, and again under faults, of which each has one
//! right end. Prints a table.
//!
//! Usually each platform meets a few faults, and each fault a few platforms, by a seed that is printed
//! (`CONTENT_SEED`). With `CONTENT=full`, which `cargo xtask content` sets, every kind meets every fault;
//! with the name of a fault, that one.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test may panic; its table is for people")]

use std::collections::BTreeMap;

use domain::Span;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::files::File;
use crate::kinds::{KINDS, Kind};
use crate::support::{Demo, now, pause};

/// So long a post may take before the clock is moved on.
const PATIENCE: Span = Span::from_seconds(10);
/// The sample that is met when nobody asks for another one.
const SEED: usize = 1;

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
        let deadline = now() + PATIENCE;
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

    /// Publishes one of this kind; what became of it, and what the platform's ledger shows.
    async fn publish(&self, kind: &Kind, account: i64, mark: &str) -> End {
        let before = self.demo.public(kind.platform).await.len();
        let post = self.demo.create_post(self.body(kind, account, mark)).await;
        let results = self.ended(&post).await;
        let result = &results[0];
        let public = self.demo.public(kind.platform).await;
        let made = &public[before..];
        let expected: Vec<&str> = kind.files.iter().map(|file| self.media[file].1.as_str()).collect();
        let shown: Vec<&str> = made
            .iter()
            .flat_map(|post| post["media"].as_array().into_iter().flatten())
            .filter_map(|media| media["sha256"].as_str())
            .collect();
        let parts = 1 + kind.thread;
        if result["status"] != "published" {
            let code = result["error_code"].as_str().unwrap_or_default().to_owned();
            return End::Failed { code, said: result["error"].to_string(), public: made.len(), parts };
        }
        if made.len() != parts {
            return End::Wrong(format!("{} posts are public", made.len()));
        }
        if shown != expected {
            let what = format!("{} media are public, and they differ: {}", shown.len(), result["warnings"]);
            return End::Wrong(what);
        }
        End::Same
    }

    /// How many calls of this platform met a fault so far.
    async fn struck(&self, platform: &str) -> u64 {
        let (status, said) = self.demo.page(&format!("{}/_sandbox/faults", self.demo.sandbox_url)).await;
        assert_eq!(status, 200, "{said}");
        let all: Value = serde_json::from_str(&said).unwrap();
        let list = all["faults"].as_array().unwrap();
        let of_platform = list.iter().filter(|fault| fault["platform"] == platform);
        of_platform.map(|fault| fault["fired"].as_u64().unwrap()).sum()
    }

    /// Publishes one of this kind under a fault, if there is one, and says what is wrong with its end.
    async fn meet(&self, number: usize, kind: &Kind, fault: Option<&Fault>) -> Row {
        let account = self.demo.add_account(kind.platform, &format!("kind{number}")).await;
        let struck = self.struck(kind.platform).await;
        if let Some(fault) = fault {
            let mut order = (fault.order)();
            order["platform"] = json!(kind.platform);
            self.demo.fault(order).await;
        }
        let end = self.publish(kind, account, &format!("{number}")).await;
        let is_struck = self.struck(kind.platform).await > struck;
        let health = self.demo.get(&format!("/accounts/{account}/health")).await;
        let wrong = match fault {
            Some(fault) => fault.wrong(kind, &end, is_struck, &health),
            None => (end != End::Same).then(|| format!("it is not the same: {end:?}")),
        };
        let fault = fault.map_or("none", |fault| fault.name);
        Row { platform: kind.platform, kind: kind.name, fault, end, wrong }
    }
}

/// What became of a post.
#[derive(Clone, Debug, PartialEq)]
enum End {
    /// It is public, once, as it was sent.
    Same,
    /// It failed, with so many of its parts public.
    Failed { code: String, said: String, public: usize, parts: usize },
    /// It is published, and something differs.
    Wrong(String),
}

/// A line of the table.
struct Row {
    platform: &'static str,
    kind: &'static str,
    fault: &'static str,
    end: End,
    wrong: Option<String>,
}

/// What goes wrong, and how it has to end.
struct Fault {
    name: &'static str,
    order: fn() -> Value,
    ends: Ends,
}

/// The right ends of a fault.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// The post goes out. Where the answer may be lost and the platform cannot be asked, a person has to
    /// decide instead.
    Out { answer_lost: bool },
    /// The account has to be connected again.
    Reconnect,
    /// The platform could not do anything with the media. What has none that is processed goes out.
    Unprocessed,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "drop_after_accept",
        order: || json!({ "kind": "drop_after_accept", "operation": "create_post" }),
        ends: Ends::Out { answer_lost: true },
    },
    Fault {
        name: "refused_but_live",
        order: || json!({ "kind": "refused_but_live", "operation": "create_post" }),
        ends: Ends::Out { answer_lost: true },
    },
    Fault {
        name: "reset_before",
        order: || json!({ "kind": "reset_before", "operation": "create_post" }),
        ends: Ends::Out { answer_lost: true },
    },
    Fault {
        name: "error",
        order: || json!({ "kind": "error", "operation": "create_post", "status": 503 }),
        ends: Ends::Out { answer_lost: true },
    },
    Fault {
        name: "rate_limit",
        order: || json!({ "kind": "rate_limit", "operation": "create_post", "retry_after": 1 }),
        ends: Ends::Out { answer_lost: false },
    },
    Fault {
        name: "delay",
        order: || json!({ "kind": "delay", "delay_ms": 200 }),
        ends: Ends::Out { answer_lost: false },
    },
    Fault { name: "token_revoked", order: || json!({ "kind": "token_revoked" }), ends: Ends::Reconnect },
    Fault {
        name: "processing_failed",
        order: || json!({ "kind": "processing_failed" }),
        ends: Ends::Unprocessed,
    },
];

impl Fault {
    /// What is wrong with this end of a post of this kind, if anything.
    fn wrong(&self, kind: &Kind, end: &End, is_struck: bool, health: &Value) -> Option<String> {
        // Nobody can read back a chat of Telegram, a webhook of Discord, or TikTok's photos.
        let cannot_be_asked =
            matches!(kind.platform, "telegram" | "discord") || (kind.platform == "tiktok" && !kind.is_film());
        let code = match end {
            End::Same => "",
            End::Failed { code, .. } => code.as_str(),
            End::Wrong(what) => return Some(what.clone()),
        };
        let is_broken = health["needs_reconnection"] == true;
        let fails = |why: &str| Some(format!("{why}: {end:?}, {health}"));
        if self.ends != Ends::Unprocessed && !is_struck {
            return fails("the fault met no call");
        }
        match (self.ends, end) {
            (Ends::Reconnect, End::Failed { public: 0, .. }) if code == "token_expired" => {
                if is_broken {
                    None
                } else {
                    fails("the account does not say that it needs reconnection")
                }
            }
            (Ends::Reconnect, _) => fails("it has to fail as token_expired with nothing public"),
            _ if is_broken => fails("the account is fine and does not say so"),
            (Ends::Out { .. }, End::Same) => None,
            (Ends::Out { answer_lost: true }, End::Failed { public, parts, .. })
                if cannot_be_asked && code == "outcome_unknown" && (*public == 0 || public == parts) =>
            {
                None
            }
            (Ends::Out { .. }, _) => fails("it has to go out"),
            (Ends::Unprocessed, End::Same) if !is_struck || tries_again(kind) => None,
            (Ends::Unprocessed, End::Failed { public: 0, .. })
                if is_struck && !tries_again(kind) && code == "media_failed" =>
            {
                None
            }
            (Ends::Unprocessed, _) => fails("it has to fail as media_failed with nothing public"),
        }
    }
}

/// Whether the platform says of such media that a second try may succeed, so that there is one.
fn tries_again(kind: &Kind) -> bool {
    match kind.platform {
        "tiktok" => true,
        "instagram" => kind.files.first() != Some(&File::Video),
        "threads" => kind.files.len() > 1,
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is to be published: the kind, and the fault that it meets.
type Cell = (&'static Kind, Option<&'static Fault>);

/// The cells of each platform, one after another; the platforms beside each other.
async fn publish_all(stage: &Stage, cells: &[Cell]) -> Vec<Row> {
    let mut by_platform: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
    for (kind, fault) in cells {
        by_platform.entry(kind.platform).or_default().push((kind, *fault));
    }
    let platforms = by_platform.into_values().map(|cells| async move {
        let mut rows = Vec::new();
        for (number, (kind, fault)) in cells.into_iter().enumerate() {
            rows.push(stage.meet(number, kind, fault).await);
        }
        rows
    });
    futures_util::future::join_all(platforms).await.into_iter().flatten().collect()
}

/// Prints the table, and fails if anything in it is wrong.
#[track_caller]
fn judge(title: &str, rows: &[Row]) {
    println!("\n{title}\n{:<12}{:<14}{:<20}compared with what was sent", "platform", "content", "fault");
    for row in rows {
        let end = match &row.end {
            End::Same => "the same".to_owned(),
            End::Failed { code, said, public, .. } => format!("{code}, {public} public: {said}"),
            End::Wrong(what) => what.clone(),
        };
        println!("{:<12}{:<14}{:<20}{end}", row.platform, row.kind, row.fault);
    }
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let what = row.wrong.as_ref()?;
            Some(format!("{} as {} under {}: {what}", row.platform, row.kind, row.fault))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_content_is_shown_as_it_was_sent() {
    let stage = Stage::set().await;
    let cells: Vec<Cell> = KINDS.iter().map(|kind| (kind, None)).collect();
    let rows = publish_all(&stage, &cells).await;
    judge("in peace", &rows);
    for platform in stage.demo.accounts.iter().map(|(platform, _)| platform) {
        assert!(KINDS.iter().any(|kind| kind.platform == platform), "{platform} has no kind of content here");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_ends_under_each_fault_as_it_has_to() {
    if let Some(wanted) = std::env::var_os("CONTENT") {
        let chosen = FAULTS.iter().filter(|fault| wanted == "full" || wanted == fault.name);
        assert!(chosen.clone().count() > 0, "CONTENT is \"full\" or one of the faults");
        for fault in chosen {
            let stage = Stage::set().await;
            let cells: Vec<Cell> = KINDS.iter().map(|kind| (kind, Some(fault))).collect();
            judge(fault.name, &publish_all(&stage, &cells).await);
        }
        return;
    }
    let seed = std::env::var_os("CONTENT_SEED").and_then(|seed| seed.to_str()?.parse().ok()).unwrap_or(SEED);
    let cells = sample(seed);
    for fault in FAULTS {
        let is_there = cells.iter().any(|(_, met)| met.is_some_and(|met| met.name == fault.name));
        assert!(is_there, "{} is met by nothing", fault.name);
    }
    let stage = Stage::set().await;
    judge(&format!("a sample with seed {seed}"), &publish_all(&stage, &cells).await);
}

/// A few cells of each platform, so that each fault is met by several platforms.
fn sample(seed: usize) -> Vec<Cell> {
    // A fault that meets nothing would wait for the next post, so what may not be met comes last.
    let (last, others) = FAULTS.split_last().unwrap();
    let mut platforms: Vec<&str> = KINDS.iter().map(|kind| kind.platform).collect();
    platforms.dedup();
    let mut cells: Vec<Cell> = Vec::new();
    for (at, platform) in platforms.iter().enumerate() {
        let kinds: Vec<&'static Kind> = KINDS.iter().filter(|kind| kind.platform == *platform).collect();
        for turn in 0..2 {
            let fault = &others[(at + seed + 3 * turn) % others.len()];
            cells.push((kinds[(seed + at + turn) % kinds.len()], Some(fault)));
        }
        let film = kinds.iter().find(|kind| kind.is_film());
        if let Some(film) = film.filter(|_| (at + seed).is_multiple_of(3)) {
            cells.push((film, Some(last)));
        }
    }
    cells
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
