//! What the emulated Instagram remembers: its rows and the tables that hold them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::ledger::PublicMedia;
use crate::core::world::World;
use crate::meta::logins::Logins;

/// The id of the developer app. The emulated Facebook knows it as well.
pub(super) const CLIENT_ID: &str = "sandbox-instagram-client";
/// The secret of that app.
pub(super) const CLIENT_SECRET: &str = "sandbox-instagram-secret";
/// What an app may ask for with Instagram Login.
pub(super) const SCOPES: [&str; 5] = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_insights",
    "instagram_business_manage_messages",
];
/// What an account with Instagram Login has granted that was made by the control API.
pub(super) const USUAL_SCOPES: [&str; 4] = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_insights",
];
/// The same with Facebook Login.
pub(super) const USUAL_FACEBOOK_SCOPES: [&str; 7] = [
    "public_profile",
    "pages_show_list",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
];
/// How long a container can be published.
pub(super) const CONTAINER_LIFE: Span = Span::from_hours(24);
/// How long a story is seen.
pub(super) const STORY_LIFE: Span = Span::from_hours(24);

/// An account.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    /// The id of the professional account, the same for every app.
    pub(super) id: String,
    /// The id that is the app's own.
    pub(super) scoped_id: String,
    pub(super) username: String,
    pub(super) name: String,
    /// `BUSINESS`, `MEDIA_CREATOR` or `PERSONAL`.
    pub(super) kind: String,
    /// Posts a day.
    pub(super) quota: usize,
    /// Whether it may publish trial reels.
    pub(super) has_trials: bool,
    /// Whether the code's exchange is answered flat and with numbers, as live servers were seen to.
    pub(super) answers_flat: bool,
}

impl User {
    pub(super) fn is_professional(&self) -> bool {
        self.kind != "PERSONAL"
    }
}

/// What an owner allowed the app by Instagram Login.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) revoked: bool,
}

/// An Instagram token. The key of the row is its text.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) grant: String,
    pub(super) is_long: bool,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// An authorization code. The key of the row is its text.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) redirect_uri: String,
    pub(super) expires_at: Timestamp,
    pub(super) used: bool,
}

/// What a container, and the media that comes of it, is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Image,
    /// Only inside a carousel.
    Video,
    Carousel,
    Reel,
    Story,
}

/// A post in the making.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Container {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) kind: Kind,
    /// Whether it belongs into a carousel.
    pub(super) is_child: bool,
    pub(super) caption: String,
    pub(super) children: Vec<String>,
    /// The file, once it was taken in.
    pub(super) file: Option<PublicMedia>,
    /// What else was asked for.
    pub(super) extra: BTreeMap<String, Value>,
    pub(super) created_at: Timestamp,
    /// When its processing ends; nothing until its bytes are there.
    pub(super) ready_at: Option<Timestamp>,
    /// The error number with which its processing ends.
    pub(super) failure: Option<i64>,
    /// The media that it was published as.
    pub(super) media: Option<String>,
}

impl Container {
    /// The status word at `now`.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        if self.media.is_some() {
            return "PUBLISHED";
        }
        if self.created_at + CONTAINER_LIFE <= now {
            return "EXPIRED";
        }
        match self.ready_at {
            Some(ready_at) if ready_at <= now && self.failure.is_some() => "ERROR",
            Some(ready_at) if ready_at <= now => "FINISHED",
            _ => "IN_PROGRESS",
        }
    }
}

/// Something that was published.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) kind: Kind,
    /// Whether its file is a film; of a carousel, none.
    pub(super) is_film: bool,
    pub(super) caption: String,
    pub(super) alt: Option<String>,
    pub(super) shortcode: String,
    pub(super) children: Vec<String>,
    pub(super) sha256: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) takes_comments: bool,
    /// Whether it stands inside a carousel.
    pub(super) is_child: bool,
    pub(super) deleted_at: Option<Timestamp>,
}

/// A comment of the account on its own media.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) media: String,
    pub(super) user: String,
    pub(super) text: String,
    pub(super) created_at: Timestamp,
    pub(super) deleted: bool,
}

/// The tables, and what orders changes of them.
pub(crate) struct Instagram {
    pub(super) world: Arc<World>,
    pub(super) logins: Arc<Logins>,
    pub(super) users: Table<User>,
    pub(super) grants: Table<Grant>,
    pub(super) tokens: Table<Token>,
    pub(super) codes: Table<Code>,
    pub(super) containers: Table<Container>,
    pub(super) media: Table<Media>,
    pub(super) comments: Table<Comment>,
    /// Held while something is checked and then stored.
    pub(super) gate: Mutex<()>,
    last_id: AtomicU64,
}

impl Instagram {
    pub(super) fn open(world: &Arc<World>, logins: &Arc<Logins>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let instagram = Self {
            world: Arc::clone(world),
            logins: Arc::clone(logins),
            users: journal.table("instagram.users")?,
            grants: journal.table("instagram.grants")?,
            tokens: journal.table("instagram.tokens")?,
            codes: journal.table("instagram.codes")?,
            containers: journal.table("instagram.containers")?,
            media: journal.table("instagram.media")?,
            comments: journal.table("instagram.comments")?,
            gate: Mutex::new(()),
            last_id: AtomicU64::new(0),
        };
        let newest = [
            instagram.users.read(newest_key),
            instagram.containers.read(newest_key),
            instagram.media.read(newest_key),
            instagram.comments.read(newest_key),
        ];
        instagram.last_id.store(newest.into_iter().max().unwrap_or(0), Ordering::Relaxed);
        Ok(instagram)
    }

    /// A new id of seventeen digits for anything, larger than all before.
    pub(super) fn new_id(&self) -> String {
        let micros = u64::try_from(self.world.now().as_micros()).unwrap_or(0);
        let wanted = 16_000_000_000_000_000 + micros;
        let next = |last: u64| Some(wanted.max(last + 1));
        let last = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        wanted.max(last + 1).to_string()
    }

    /// The account with this id, either of them.
    pub(super) fn user(&self, id: &str) -> Option<User> {
        let by_scoped_id = || self.users.find(|user| user.scoped_id == id).map(|(_, user)| user);
        self.users.get(id).or_else(by_scoped_id)
    }

    /// The account with this handle.
    pub(super) fn user_named(&self, name: &str) -> Option<User> {
        let name = name.trim_start_matches('@');
        self.users.find(|user| user.username.eq_ignore_ascii_case(name)).map(|(_, user)| user)
    }

    /// What was published under this id, unless it was deleted.
    pub(super) fn live_media(&self, id: &str) -> Option<Media> {
        self.media.get(id).filter(|media| media.deleted_at.is_none())
    }

    /// Whether this id stands for anything here.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.users.get(id).is_some()
            || self.containers.get(id).is_some()
            || self.media.get(id).is_some()
            || self.comments.get(id).is_some()
    }

    /// How many posts the account published within the last day.
    pub(super) fn published_today(&self, user: &str) -> usize {
        let since = self.world.now() - Span::from_hours(24);
        let counts = |media: &&Media| media.user == user && !media.is_child && media.created_at > since;
        self.media.read(|rows| rows.values().filter(counts).count())
    }

    pub(super) fn forget_posts(&self) -> Result<(), SandboxError> {
        self.containers.clear()?;
        self.media.clear()?;
        self.comments.clear()
    }
}

fn newest_key<T>(rows: &BTreeMap<String, T>) -> u64 {
    rows.keys().filter_map(|key| key.parse().ok()).max().unwrap_or(0)
}
