//! What the emulated Pinterest remembers: rows and the tables that hold them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::ledger::PublicMedia;
use crate::core::world::World;

/// The id of the app.
pub(super) const CLIENT_ID: &str = "sandbox-pinterest-client";
/// Its secret.
pub(super) const CLIENT_SECRET: &str = "sandbox-pinterest-secret";
/// The scopes that an app can ask for.
pub(super) const SCOPES: [&str; 9] = [
    "boards:read",
    "boards:read_secret",
    "boards:write",
    "boards:write_secret",
    "pins:read",
    "pins:read_secret",
    "pins:write",
    "pins:write_secret",
    "user_accounts:read",
];
/// What an account that was made by the control API has granted.
pub(super) const USUAL_SCOPES: &str = "boards:read boards:write pins:read pins:write user_accounts:read";

/// An account.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) name: String,
    /// Whether the app has trial access only for it.
    pub(super) trial: bool,
    /// Whether the rate limits are enforced, not only counted.
    pub(super) limited: bool,
    /// For so long a new pin is not listed.
    pub(super) list_lag: Span,
}

/// What an account allowed the app.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) revoked: bool,
}

/// An access or refresh token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) grant: String,
    pub(super) expires_at: Timestamp,
}

/// An authorization code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) redirect_uri: String,
    pub(super) expires_at: Timestamp,
}

/// A board.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Board {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// `PUBLIC`, `PROTECTED` or `SECRET`.
    pub(super) privacy: String,
    pub(super) sections: Vec<Section>,
    pub(super) created_at: Timestamp,
    pub(super) pins_modified_at: Timestamp,
}

/// A section of a board.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) name: String,
}

/// A registered film.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) user: String,
    /// The fields of its form.
    pub(super) form: BTreeMap<String, String>,
    pub(super) form_ends_at: Timestamp,
    /// The file, once it was sent.
    pub(super) file: Option<PublicMedia>,
    /// When its processing ends.
    pub(super) ready_at: Option<Timestamp>,
    pub(super) fails: bool,
    /// Whether a pin shows it already.
    pub(super) used: bool,
}

impl Media {
    /// The status word at `now`.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.ready_at {
            None => "registered",
            Some(ready_at) if ready_at > now => "processing",
            Some(_) if self.fails => "failed",
            Some(_) => "succeeded",
        }
    }
}

/// A pin.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Pin {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) board: String,
    pub(super) section: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) link: Option<String>,
    pub(super) alt_text: Option<String>,
    pub(super) dominant_color: Option<String>,
    /// `image`, `multiple_images` or `video`.
    pub(super) kind: String,
    pub(super) files: Vec<PublicMedia>,
    /// The second of a film, or the address, that its cover is from.
    pub(super) cover: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) deleted: bool,
}

/// Calls of an account in a window: the number of the window and how many there were.
pub(super) type Windows = Mutex<HashMap<(String, &'static str), (i64, u32)>>;

/// The tables, and what orders changes of them.
pub(super) struct Pinterest {
    pub(super) world: Arc<World>,
    pub(super) users: Table<User>,
    pub(super) grants: Table<Grant>,
    pub(super) access: Table<Token>,
    pub(super) refresh: Table<Token>,
    pub(super) codes: Table<Code>,
    pub(super) boards: Table<Board>,
    pub(super) media: Table<Media>,
    pub(super) pins: Table<Pin>,
    pub(super) windows: Windows,
    /// Held while something is checked and stored.
    pub(super) gate: Mutex<()>,
    last_id: AtomicU64,
}

impl Pinterest {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let pinterest = Self {
            world: Arc::clone(world),
            users: journal.table("pinterest.users")?,
            grants: journal.table("pinterest.grants")?,
            access: journal.table("pinterest.access")?,
            refresh: journal.table("pinterest.refresh")?,
            codes: journal.table("pinterest.codes")?,
            boards: journal.table("pinterest.boards")?,
            media: journal.table("pinterest.media")?,
            pins: journal.table("pinterest.pins")?,
            windows: Windows::default(),
            gate: Mutex::default(),
            last_id: AtomicU64::new(0),
        };
        let newest = [
            pinterest.users.read(newest_id),
            pinterest.boards.read(newest_id),
            pinterest.media.read(newest_id),
            pinterest.pins.read(newest_id),
        ];
        pinterest.last_id.store(newest.into_iter().max().unwrap_or(0), Ordering::Relaxed);
        Ok(pinterest)
    }

    /// A new id: digits, above what a JavaScript number holds, never twice the same.
    pub(super) fn new_id(&self) -> String {
        let millis = u64::try_from(self.world.now().as_millis()).unwrap_or(0);
        let wanted = (millis << 18) | self.world.entropy.below(1 << 10);
        let next = |last: u64| Some(wanted.max(last + 1));
        let last = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        wanted.max(last + 1).to_string()
    }

    /// The account with this handle.
    pub(super) fn user_named(&self, username: &str) -> Option<User> {
        self.users.find(|user| user.username.eq_ignore_ascii_case(username)).map(|(_, user)| user)
    }

    /// The live pins that `wanted` accepts, newest first.
    pub(super) fn find_pins(&self, wanted: impl Fn(&Pin) -> bool) -> Vec<Pin> {
        let mut found: Vec<Pin> =
            self.pins.read(|rows| rows.values().filter(|pin| !pin.deleted && wanted(pin)).cloned().collect());
        found.sort_by_key(|pin| std::cmp::Reverse(number_of(&pin.id)));
        found
    }
}

/// Ids as numbers, for their order.
pub(super) fn number_of(id: &str) -> u64 {
    id.parse().unwrap_or(0)
}

fn newest_id<T>(rows: &BTreeMap<String, T>) -> u64 {
    rows.keys().map(|id| number_of(id)).max().unwrap_or(0)
}
