//! What the emulated X remembers: its rows and the tables that hold them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::lock;
use crate::core::world::World;

/// The id of the developer app.
pub(super) const CLIENT_ID: &str = "sandbox-x-client";
/// The secret of the developer app.
pub(super) const CLIENT_SECRET: &str = "sandbox-x-secret";
/// What an account that was made by the control API has granted.
pub(super) const SCOPES: &str = "tweet.read tweet.write users.read media.write offline.access";

/// A person on X.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) premium: bool,
    /// Whether the published rate limits are enforced, not only counted.
    pub(super) limited: bool,
}

/// What a user allowed the app; all tokens of one login belong to one grant.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) scope: String,
    pub(super) revoked: bool,
}

/// An access token or a refresh token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) grant: String,
    pub(super) expires_at: Timestamp,
    /// Refresh tokens work once.
    pub(super) used: bool,
}

/// An authorization code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) user: String,
    pub(super) scope: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) challenge_method: String,
    pub(super) expires_at: Timestamp,
}

/// A link in a post.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Link {
    /// Where it stands in the shown text, in code points.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The short address that is shown.
    pub(super) short: String,
    /// Where it leads.
    pub(super) expanded: String,
    /// The media it stands for, when X added it itself.
    pub(super) media_key: Option<String>,
}

/// A post.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) author: String,
    /// As it was sent.
    pub(super) text: String,
    /// As the API returns it: links short, `&`, `<` and `>` as HTML entities.
    pub(super) shown: String,
    pub(super) links: Vec<Link>,
    pub(super) reply_to: Option<String>,
    pub(super) conversation: String,
    pub(super) media: Vec<String>,
    pub(super) reply_settings: String,
    pub(super) created_at: Timestamp,
    pub(super) deleted: bool,
}

/// An upload and what became of it.
#[derive(Clone, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "`media_type` is the name of the thing, on X and elsewhere")]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) category: String,
    pub(super) media_type: String,
    pub(super) total_bytes: u64,
    /// SHA-256 of each received segment.
    pub(super) segments: BTreeMap<u16, String>,
    /// SHA-256 of the whole, once finalized.
    pub(super) sha256: Option<String>,
    /// When processing ends; `None` when nothing is processed.
    pub(super) ready_at: Option<Timestamp>,
    pub(super) fails: bool,
    pub(super) alt: Option<String>,
    pub(super) expires_at: Timestamp,
}

impl Media {
    /// `3_` photo, `7_` film, `16_` GIF, as X numbers them.
    pub(super) fn key(&self) -> String {
        let prefix = match self.kind() {
            "photo" => 3,
            "animated_gif" => 16,
            _ => 7,
        };
        format!("{prefix}_{}", self.id)
    }

    /// The word for it in `includes.media`.
    pub(super) fn kind(&self) -> &'static str {
        match self.category.as_str() {
            "tweet_image" | "dm_image" => "photo",
            "tweet_gif" | "dm_gif" => "animated_gif",
            _ => "video",
        }
    }

    /// Whether it can be attached at `now`.
    pub(super) fn is_ready(&self, now: Timestamp) -> bool {
        self.sha256.is_some()
            && self.expires_at > now
            && self.ready_at.is_none_or(|ready_at| ready_at <= now && !self.fails)
    }
}

/// Ids of posts by author and text, so that looking for duplicates does not read every post.
#[derive(Default)]
pub(super) struct Texts(Mutex<HashMap<(String, String), Vec<String>>>);

impl Texts {
    /// Remembers the text of `post`.
    pub(super) fn add(&self, post: &Post) {
        lock(&self.0).entry(Self::key(post)).or_default().push(post.id.clone());
    }

    /// The posts of the same author with the same text.
    pub(super) fn same(&self, post: &Post) -> Vec<String> {
        lock(&self.0).get(&Self::key(post)).cloned().unwrap_or_default()
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }

    fn key(post: &Post) -> (String, String) {
        (post.author.clone(), post.text.trim().to_owned())
    }
}

/// The tables, and what orders changes of them.
pub(super) struct X {
    pub(super) world: Arc<World>,
    pub(super) users: Table<User>,
    pub(super) grants: Table<Grant>,
    pub(super) access: Table<Token>,
    pub(super) refresh: Table<Token>,
    pub(super) codes: Table<Code>,
    pub(super) posts: Table<Post>,
    pub(super) media: Table<Media>,
    /// Held while a post is checked and stored, or a token is turned over.
    pub(super) gate: Mutex<()>,
    pub(super) windows: super::limits::Windows,
    /// Which posts have the same text; made from `posts`.
    pub(super) texts: Texts,
    last_id: AtomicU64,
}

impl X {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let x = Self {
            world: Arc::clone(world),
            users: journal.table("x.users")?,
            grants: journal.table("x.grants")?,
            access: journal.table("x.access")?,
            refresh: journal.table("x.refresh")?,
            codes: journal.table("x.codes")?,
            posts: journal.table("x.posts")?,
            media: journal.table("x.media")?,
            gate: Mutex::new(()),
            windows: super::limits::Windows::default(),
            texts: Texts::default(),
            last_id: AtomicU64::new(0),
        };
        let newest = [x.users.read(newest_key), x.posts.read(newest_key), x.media.read(newest_key)];
        x.posts.read(|rows| rows.values().for_each(|post| x.texts.add(post)));
        x.last_id.store(newest.into_iter().max().unwrap_or(0), Ordering::Relaxed);
        Ok(x)
    }

    /// A new id: milliseconds since X's own epoch above 22 low bits, never twice the same.
    pub(super) fn new_id(&self) -> String {
        let millis = self.world.now().as_millis() - 1_288_834_974_657;
        let low = self.world.entropy.below(1 << 12);
        let wanted = (u64::try_from(millis).unwrap_or(0) << 22) | low;
        let next = |last: u64| Some(wanted.max(last + 1));
        let last = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        wanted.max(last + 1).to_string()
    }

    /// The user with this handle, whatever its letter case.
    pub(super) fn user_named(&self, username: &str) -> Option<User> {
        self.users.find(|user| user.username.eq_ignore_ascii_case(username)).map(|(_, user)| user)
    }

    /// The post with this id, unless it was deleted.
    pub(super) fn live_post(&self, id: &str) -> Option<Post> {
        self.posts.get(id).filter(|post| !post.deleted)
    }
}

fn newest_key<T>(rows: &BTreeMap<String, T>) -> u64 {
    rows.keys().filter_map(|key| key.parse().ok()).max().unwrap_or(0)
}
