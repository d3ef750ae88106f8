//! What the emulated TikTok remembers: its rows and the tables that hold them.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::ledger::PublicMedia;
use crate::core::world::World;

/// The key of the app that TikTok has audited.
pub(super) const CLIENT_KEY: &str = "sandbox-tiktok-client";
/// The key of the one that it has not.
pub(super) const UNAUDITED_KEY: &str = "sandbox-tiktok-unaudited";
/// The secret of both.
pub(super) const CLIENT_SECRET: &str = "sandbox-tiktok-secret";
/// The scopes that an app can ask for, and an account made by the control API has granted.
pub(super) const SCOPES: [&str; 6] = [
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.publish",
    "video.upload",
    "video.list",
];

/// An app, where it differs from a new one.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct App {
    /// The domains and prefixes of addresses that belong to it. `None`: this machine.
    pub(super) verified: Option<Vec<String>>,
    /// Whether errors of the token endpoint come with status 200.
    pub(super) errors_as_200: bool,
}

/// An account.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) modes: Modes,
}

/// What an account is set to, and what TikTok holds against it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent switch of the control API")]
pub(super) struct Modes {
    pub(super) private: bool,
    pub(super) comment_disabled: bool,
    pub(super) duet_disabled: bool,
    pub(super) stitch_disabled: bool,
    /// The longest video.
    pub(super) max_seconds: u32,
    /// It has posted as much as is allowed in a day.
    pub(super) capped: bool,
    pub(super) banned: bool,
    /// Whether calls and posts are counted and limited.
    pub(super) enforce_limits: bool,
    /// For so long after it is live, the id of a post is not told and the post is not listed.
    pub(super) id_lag_s: i64,
    /// How the next publishes end, one each.
    pub(super) fail_with: VecDeque<String>,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            private: false,
            comment_disabled: false,
            duet_disabled: false,
            stitch_disabled: false,
            max_seconds: 600,
            capped: false,
            banned: false,
            enforce_limits: false,
            id_lag_s: 5,
            fail_with: VecDeque::new(),
        }
    }
}

/// What an account allowed an app.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) app: String,
    pub(super) scopes: Vec<String>,
    pub(super) revoked: bool,
}

/// An access or refresh token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) grant: String,
    pub(super) renews: bool,
    pub(super) expires_at: Timestamp,
}

/// An authorization code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) user: String,
    pub(super) app: String,
    pub(super) scopes: Vec<String>,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// What was asked to be published.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) user: String,
    pub(super) app: String,
    /// Whether it is posted at once; else it goes to the inbox.
    pub(super) direct: bool,
    pub(super) photos: bool,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) privacy: String,
    /// What else shows.
    pub(super) more: Map<String, Value>,
}

/// An upload.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Upload {
    pub(super) id: String,
    pub(super) token: String,
    pub(super) size: u64,
    pub(super) chunk: u64,
    pub(super) count: u64,
    pub(super) received: u64,
    /// The stored chunks, in order.
    pub(super) parts: Vec<String>,
    pub(super) expires_at: Timestamp,
}

/// A publish: from its begin to the post.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Publish {
    pub(super) draft: Draft,
    /// Missing where TikTok fetches the media.
    pub(super) upload: Option<Upload>,
    pub(super) files: Vec<PublicMedia>,
    pub(super) begun_at: Timestamp,
    /// When the work on it ends; missing as long as bytes are.
    pub(super) ready_at: Option<Timestamp>,
    /// Why it fails then.
    pub(super) failure: Option<String>,
    pub(super) seconds: Option<f64>,
    pub(super) post: u64,
    /// Orders posts of one moment.
    pub(super) number: u64,
}

impl Publish {
    /// When it went out, if it has by `now`.
    pub(super) fn live_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.ready_at.filter(|at| *at <= now && self.failure.is_none() && self.draft.direct)
    }

    /// The bytes that came by upload or were fetched.
    pub(super) fn bytes(&self) -> u64 {
        match &self.upload {
            Some(upload) => upload.received,
            None => self.files.iter().map(|file| file.size_bytes).sum(),
        }
    }
}

/// The tables, and what orders changes of them.
pub(super) struct TikTok {
    pub(super) world: Arc<World>,
    pub(super) apps: Table<App>,
    pub(super) users: Table<User>,
    pub(super) grants: Table<Grant>,
    pub(super) tokens: Table<Token>,
    pub(super) codes: Table<Code>,
    pub(super) publishes: Table<Publish>,
    /// Held while something is checked and stored.
    pub(super) gate: Mutex<()>,
    /// When which token made which call lately.
    pub(super) calls: Mutex<HashMap<(String, &'static str), VecDeque<Timestamp>>>,
    next_number: AtomicU64,
}

impl TikTok {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let publishes: Table<Publish> = journal.table("tiktok.publishes")?;
        let newest = publishes.read(|rows| rows.values().map(|row| row.number).max().unwrap_or(0));
        Ok(Self {
            world: Arc::clone(world),
            apps: journal.table("tiktok.apps")?,
            users: journal.table("tiktok.users")?,
            grants: journal.table("tiktok.grants")?,
            tokens: journal.table("tiktok.tokens")?,
            codes: journal.table("tiktok.codes")?,
            publishes,
            gate: Mutex::default(),
            calls: Mutex::default(),
            next_number: AtomicU64::new(newest + 1),
        })
    }

    /// The place of a new publish in the order of all.
    pub(super) fn new_number(&self) -> u64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// A new id of a post or a publish: beyond what a JavaScript number holds.
    pub(super) fn new_id(&self) -> u64 {
        7_300_000_000_000_000_000 + self.world.entropy.below(99_999_999_999_999_999)
    }

    /// The account with this handle.
    pub(super) fn user_named(&self, username: &str) -> Option<User> {
        self.users.find(|user| user.username.eq_ignore_ascii_case(username)).map(|(_, user)| user)
    }

    /// An app's settings.
    pub(super) fn app(&self, key: &str) -> App {
        self.apps.get(key).unwrap_or_default()
    }
}

/// Whether there is an app with this key.
pub(super) fn is_app(key: &str) -> bool {
    key == CLIENT_KEY || key == UNAUDITED_KEY
}

/// How an app knows an account: no two apps have the same id of it.
pub(super) fn open_id(user: &str, app: &str) -> String {
    like_uuid(&format!("{user}/{app}"))
}

/// How all apps of one maker know an account.
pub(super) fn union_id(user: &str) -> String {
    like_uuid(user)
}

fn like_uuid(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
