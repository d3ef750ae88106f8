//! What the emulated servers remember: rows and the tables that hold them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::world::World;

/// The app that is there from the start, on every server.
pub(super) const CLIENT_ID: &str = "sandbox-mastodon-client";
/// The secret of that app.
pub(super) const CLIENT_SECRET: &str = "sandbox-mastodon-secret";
/// What an account that was made by the control API has granted.
pub(super) const USUAL_SCOPES: &str = "profile read:statuses write:statuses write:media";

/// What a server takes, where it differs from others.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) max_characters: usize,
    /// Whether it does not remember the keys of statuses, as some other software does not.
    pub(super) forgets_keys: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self { max_characters: 500, forgets_keys: false }
    }
}

/// An app that is registered with one server.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct App {
    pub(super) host: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) website: Option<String>,
    pub(super) redirect_uris: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) secret: String,
}

/// An account.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) host: String,
    pub(super) id: String,
    pub(super) username: String,
    pub(super) name: String,
    /// Whether the rate limits are enforced, not only counted.
    pub(super) limited: bool,
    /// Whether its owner or a moderator has switched it off.
    pub(super) disabled: bool,
    /// For so long a new status is not listed.
    pub(super) list_lag: Span,
}

/// An authorization code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) client_id: String,
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) expires_at: Timestamp,
}

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) host: String,
    pub(super) client_id: String,
    /// Empty for the token of the app itself.
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) created_at: Timestamp,
    pub(super) revoked: bool,
}

/// An uploaded file.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    /// The key of its owner.
    pub(super) user: String,
    /// `image`, `gifv`, `video` or `audio`.
    pub(super) kind: String,
    pub(super) mime: String,
    pub(super) sha256: String,
    pub(super) size_bytes: u64,
    pub(super) alt: Option<String>,
    pub(super) focus: Option<(f64, f64)>,
    /// When its processing ends.
    pub(super) ready_at: Timestamp,
    pub(super) fails: bool,
    /// The status that it is attached to.
    pub(super) status: Option<String>,
}

/// A poll of a status.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Poll {
    pub(super) options: Vec<String>,
    pub(super) expires_at: Timestamp,
    pub(super) multiple: bool,
    pub(super) hide_totals: bool,
}

/// A status.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Status {
    pub(super) id: String,
    pub(super) host: String,
    /// The key of its author.
    pub(super) user: String,
    pub(super) text: String,
    pub(super) spoiler_text: String,
    pub(super) sensitive: bool,
    pub(super) visibility: String,
    pub(super) language: Option<String>,
    pub(super) in_reply_to_id: Option<String>,
    pub(super) media: Vec<String>,
    pub(super) poll: Option<Poll>,
    pub(super) quote_policy: Option<String>,
    pub(super) app: String,
    pub(super) created_at: Timestamp,
    pub(super) deleted: bool,
}

/// What a key was used for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) status: String,
    pub(super) used_at: Timestamp,
}

/// Calls of an account in a window: the number of the window and how many there were.
pub(super) type Windows = Mutex<HashMap<(String, &'static str), (i64, u32)>>;

/// The tables, and what orders changes of them.
pub(super) struct Mastodon {
    pub(super) world: Arc<World>,
    /// By host.
    pub(super) servers: Table<Server>,
    /// By client id.
    pub(super) apps: Table<App>,
    /// By number and host, as in `1@mastodon.social`.
    pub(super) users: Table<User>,
    pub(super) codes: Table<Code>,
    pub(super) tokens: Table<Token>,
    pub(super) media: Table<Media>,
    pub(super) statuses: Table<Status>,
    /// By user and key.
    pub(super) keys: Table<Key>,
    pub(super) windows: Windows,
    /// Held while something is checked and stored.
    pub(super) gate: Mutex<()>,
    last_id: AtomicU64,
}

impl Mastodon {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let mastodon = Self {
            world: Arc::clone(world),
            servers: journal.table("mastodon.servers")?,
            apps: journal.table("mastodon.apps")?,
            users: journal.table("mastodon.users")?,
            codes: journal.table("mastodon.codes")?,
            tokens: journal.table("mastodon.tokens")?,
            media: journal.table("mastodon.media")?,
            statuses: journal.table("mastodon.statuses")?,
            keys: journal.table("mastodon.keys")?,
            windows: Windows::default(),
            gate: Mutex::default(),
            last_id: AtomicU64::new(0),
        };
        let newest = [mastodon.statuses.read(newest_id), mastodon.media.read(newest_id)];
        mastodon.last_id.store(newest.into_iter().max().unwrap_or(0), Ordering::Relaxed);
        Ok(mastodon)
    }

    /// A new id: milliseconds above 16 low bits, never twice the same.
    pub(super) fn new_id(&self) -> String {
        let millis = u64::try_from(self.world.now().as_millis()).unwrap_or(0);
        let wanted = (millis << 16) | self.world.entropy.below(1 << 10);
        let next = |last: u64| Some(wanted.max(last + 1));
        let last = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        wanted.max(last + 1).to_string()
    }

    /// What the server at `host` takes.
    pub(super) fn server(&self, host: &str) -> Server {
        self.servers.get(host).unwrap_or_default()
    }

    /// The account with this handle, of one server.
    pub(super) fn user_named(&self, host: &str, username: &str) -> Option<User> {
        let is_it = |user: &User| user.host == host && user.username.eq_ignore_ascii_case(username);
        self.users.find(is_it).map(|(_, user)| user)
    }

    /// The status with this id, unless it was deleted.
    pub(super) fn live_status(&self, host: &str, id: &str) -> Option<Status> {
        self.statuses.get(id).filter(|status| status.host == host && !status.deleted)
    }

    /// The live statuses that `wanted` accepts, newest first.
    pub(super) fn list_statuses(&self, wanted: impl Fn(&Status) -> bool) -> Vec<Status> {
        let mut found: Vec<Status> = self
            .statuses
            .read(|rows| rows.values().filter(|status| !status.deleted && wanted(status)).cloned().collect());
        found.sort_by_key(|status| std::cmp::Reverse(number_of(&status.id)));
        found
    }
}

impl User {
    /// What tells it apart from the accounts of other servers.
    pub(super) fn key(&self) -> String {
        format!("{}@{}", self.id, self.host)
    }

    /// The whole handle.
    pub(super) fn handle(&self) -> String {
        format!("{}@{}", self.username, self.host)
    }
}

/// Ids as numbers, for their order.
pub(super) fn number_of(id: &str) -> u64 {
    id.parse().unwrap_or(0)
}

fn newest_id<T>(rows: &BTreeMap<String, T>) -> u64 {
    rows.keys().map(|id| number_of(id)).max().unwrap_or(0)
}
