//! What the emulated Threads remembers: its rows and the tables that hold them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::ledger::PublicMedia;
use crate::core::world::World;

/// The id of the Threads app.
pub(super) const CLIENT_ID: &str = "sandbox-threads-client";
/// The secret of the Threads app.
pub(super) const CLIENT_SECRET: &str = "sandbox-threads-secret";
/// The permissions that an app can ask for.
pub(super) const SCOPES: [&str; 11] = [
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_delete",
    "threads_location_tagging",
    "threads_keyword_search",
    "threads_manage_mentions",
    "threads_profile_discovery",
    "threads_share_to_instagram",
];
/// What an account that was made by the control API has granted.
pub(super) const USUAL_SCOPES: [&str; 6] = [
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_delete",
];
/// How long a container can be published.
const CONTAINER_LIFE: Span = Span::from_hours(24);

/// A profile.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) name: String,
    /// Whether the quotas are enforced, not only counted.
    pub(super) limited: bool,
    /// For so long after a container is finished, publishing does not find it.
    pub(super) publish_lag: Span,
    /// For so long a new post is not listed.
    pub(super) list_lag: Span,
}

/// What a profile allowed the app; all tokens of one login belong to one grant.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) revoked: bool,
}

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    /// Empty for the token of the app itself.
    pub(super) grant: String,
    /// One of an hour's life, which can be exchanged for a long one.
    pub(super) short: bool,
    pub(super) issued_at: Timestamp,
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

/// What is to be published, or was.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) user: String,
    /// `TEXT`, `IMAGE`, `VIDEO` or `CAROUSEL`.
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) alt_text: Option<String>,
    /// The file, of an image or a video.
    pub(super) file: Option<PublicMedia>,
    pub(super) is_child: bool,
    /// The containers of a carousel.
    pub(super) children: Vec<String>,
    pub(super) reply_to: Option<String>,
    pub(super) reply_control: Option<String>,
    pub(super) link: Option<String>,
    pub(super) topic: Option<String>,
    pub(super) quoted: Option<String>,
    /// What else was asked for and shows.
    pub(super) more: Map<String, Value>,
}

/// A container.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Container {
    pub(super) draft: Draft,
    pub(super) created_at: Timestamp,
    /// When its processing ends.
    pub(super) ready_at: Timestamp,
    /// Why its processing fails.
    pub(super) failure: Option<String>,
    /// The post that it became.
    pub(super) post: Option<String>,
}

impl Container {
    /// The status word at `now`.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        if self.post.is_some() {
            "PUBLISHED"
        } else if self.created_at + CONTAINER_LIFE <= now {
            "EXPIRED"
        } else if self.ready_at > now {
            "IN_PROGRESS"
        } else if self.failure.is_some() {
            "ERROR"
        } else {
            "FINISHED"
        }
    }
}

/// A post.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) draft: Draft,
    /// The first post of its conversation; itself when it is the first.
    pub(super) root: String,
    pub(super) shortcode: String,
    /// Orders posts of one moment.
    pub(super) number: u64,
    pub(super) created_at: Timestamp,
    pub(super) deleted_at: Option<Timestamp>,
    /// The post that this is a repost of.
    pub(super) repost_of: Option<String>,
    pub(super) hidden: bool,
}

impl Post {
    pub(super) fn is_reply(&self) -> bool {
        self.draft.reply_to.is_some()
    }
}

/// The tables, and what orders changes of them.
pub(super) struct Threads {
    pub(super) world: Arc<World>,
    pub(super) users: Table<User>,
    pub(super) grants: Table<Grant>,
    pub(super) tokens: Table<Token>,
    pub(super) codes: Table<Code>,
    pub(super) containers: Table<Container>,
    pub(super) posts: Table<Post>,
    /// Held while something is checked and stored.
    pub(super) gate: Mutex<()>,
    next_number: AtomicU64,
}

impl Threads {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let posts: Table<Post> = journal.table("threads.posts")?;
        let newest = posts.read(|rows| rows.values().map(|post| post.number).max().unwrap_or(0));
        Ok(Self {
            world: Arc::clone(world),
            users: journal.table("threads.users")?,
            grants: journal.table("threads.grants")?,
            tokens: journal.table("threads.tokens")?,
            codes: journal.table("threads.codes")?,
            containers: journal.table("threads.containers")?,
            posts,
            gate: Mutex::default(),
            next_number: AtomicU64::new(newest + 1),
        })
    }

    /// A new id that begins with `prefix`: digits, above what a JavaScript number holds.
    pub(super) fn new_id(&self, prefix: &str) -> String {
        format!("{prefix}{:015}", self.world.entropy.below(1_000_000_000_000_000))
    }

    /// The place of a new post in the order of all.
    pub(super) fn new_number(&self) -> u64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// The post with this id, unless it was deleted.
    pub(super) fn live_post(&self, id: &str) -> Option<Post> {
        self.posts.get(id).filter(|post| post.deleted_at.is_none())
    }

    /// The live posts that `wanted` accepts, newest first.
    pub(super) fn list_posts(&self, wanted: impl Fn(&Post) -> bool) -> Vec<Post> {
        let mut posts: Vec<Post> = self.posts.read(|rows| {
            rows.values().filter(|post| post.deleted_at.is_none() && wanted(post)).cloned().collect()
        });
        posts.sort_by_key(|post| std::cmp::Reverse((post.created_at, post.number)));
        posts
    }

    /// The profile with this handle.
    pub(super) fn user_named(&self, username: &str) -> Option<User> {
        self.users.find(|user| user.username.eq_ignore_ascii_case(username)).map(|(_, user)| user)
    }
}
