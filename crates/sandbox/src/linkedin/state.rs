//! What the emulated LinkedIn remembers: its rows and the tables that hold them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::lock;
use crate::core::world::World;

/// The id of the developer app.
pub(super) const CLIENT_ID: &str = "sandbox-linkedin-client";
/// The secret of the developer app.
pub(super) const CLIENT_SECRET: &str = "sandbox-linkedin-secret";
/// What a self-serve app may ask for.
pub(super) const MEMBER_SCOPES: &str = "openid profile email w_member_social";
/// What an app with the Community Management product may ask for.
pub(super) const ORGANIZATION_SCOPES: &str = "openid profile email w_member_social r_basicprofile \
    w_organization_social r_organization_social rw_organization_admin";

/// A person.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) vanity: String,
    pub(super) name: String,
    /// Whether the published daily quotas are enforced, not only known.
    pub(super) limited: bool,
}

/// A company page.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) vanity: String,
    pub(super) name: String,
}

/// What a member may do for an organization.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Role {
    pub(super) organization: String,
    pub(super) member: String,
    pub(super) name: String,
}

/// What a member allowed the app.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) member: String,
    pub(super) scope: String,
    pub(super) revoked: bool,
    pub(super) granted_at: Timestamp,
}

/// An access token or a refresh token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) grant: String,
    pub(super) expires_at: Timestamp,
}

/// An authorization code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) member: String,
    pub(super) scope: String,
    pub(super) redirect_uri: String,
    pub(super) expires_at: Timestamp,
}

/// A post.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) urn: String,
    pub(super) author: String,
    /// Little text as it was sent.
    pub(super) commentary: String,
    /// The body as it was sent.
    pub(super) body: Value,
    pub(super) created_at: Timestamp,
    pub(super) modified_at: Timestamp,
    pub(super) deleted_at: Option<Timestamp>,
}

/// An uploaded picture, film or document.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Asset {
    pub(super) urn: String,
    pub(super) owner: String,
    /// `image`, `video` or `document`.
    pub(super) kind: String,
    /// Announced size, for films.
    pub(super) size_bytes: u64,
    /// SHA-256 of the parts that arrived.
    pub(super) parts: BTreeMap<usize, String>,
    /// SHA-256 of the whole.
    pub(super) sha256: Option<String>,
    /// When processing ends, once it began.
    pub(super) ready_at: Option<Timestamp>,
    pub(super) fails: bool,
}

impl Asset {
    /// The status word at `now`.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.ready_at {
            None => "WAITING_UPLOAD",
            Some(ready_at) if ready_at > now => "PROCESSING",
            Some(_) if self.fails => "PROCESSING_FAILED",
            Some(_) => "AVAILABLE",
        }
    }
}

/// One address that bytes can be sent to.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Slot {
    pub(super) asset: String,
    pub(super) part: usize,
    /// Exactly this many bytes, where the size is known.
    pub(super) size_bytes: Option<u64>,
    pub(super) expires_at: Timestamp,
}

/// The tables, and what orders changes of them.
pub(super) struct LinkedIn {
    pub(super) world: Arc<World>,
    pub(super) members: Table<Member>,
    pub(super) organizations: Table<Organization>,
    pub(super) roles: Table<Role>,
    pub(super) grants: Table<Grant>,
    pub(super) access: Table<Token>,
    pub(super) refresh: Table<Token>,
    pub(super) codes: Table<Code>,
    pub(super) posts: Table<Post>,
    pub(super) assets: Table<Asset>,
    pub(super) slots: Table<Slot>,
    /// Held while a post is checked and stored.
    pub(super) gate: Mutex<()>,
    /// Calls of limited members by day.
    pub(super) calls: Mutex<HashMap<String, (i64, u32)>>,
    contents: Mutex<HashMap<String, Vec<String>>>,
    last_number: AtomicU64,
}

impl LinkedIn {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let linkedin = Self {
            world: Arc::clone(world),
            members: journal.table("linkedin.members")?,
            organizations: journal.table("linkedin.organizations")?,
            roles: journal.table("linkedin.roles")?,
            grants: journal.table("linkedin.grants")?,
            access: journal.table("linkedin.access")?,
            refresh: journal.table("linkedin.refresh")?,
            codes: journal.table("linkedin.codes")?,
            posts: journal.table("linkedin.posts")?,
            assets: journal.table("linkedin.assets")?,
            slots: journal.table("linkedin.slots")?,
            gate: Mutex::default(),
            calls: Mutex::default(),
            contents: Mutex::default(),
            last_number: AtomicU64::new(0),
        };
        linkedin.posts.read(|rows| rows.values().for_each(|post| linkedin.remember_content(post)));
        let newest = linkedin.posts.read(|rows| rows.values().filter_map(number_of).max());
        linkedin.last_number.store(newest.unwrap_or(0), Ordering::Relaxed);
        Ok(linkedin)
    }

    /// A new number for a post URN, larger than all before.
    pub(super) fn new_number(&self) -> u64 {
        let millis = u64::try_from(self.world.now().as_millis()).unwrap_or(0);
        let wanted = (millis << 22) | self.world.entropy.below(1 << 10);
        let next = |last: u64| Some(wanted.max(last + 1));
        let last = self.last_number.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        wanted.max(last + 1)
    }

    /// The post with this URN, unless it was deleted.
    pub(super) fn live_post(&self, urn: &str) -> Option<Post> {
        self.posts.get(urn).filter(|post| post.deleted_at.is_none())
    }

    /// Remembers what `post` says, to find duplicates.
    pub(super) fn remember_content(&self, post: &Post) {
        lock(&self.contents).entry(content_of(post)).or_default().push(post.urn.clone());
    }

    /// The posts that say the same as `post`, by the same author.
    pub(super) fn same_content(&self, post: &Post) -> Vec<String> {
        lock(&self.contents).get(&content_of(post)).cloned().unwrap_or_default()
    }

    /// Forgets posts and what is remembered against duplicates.
    pub(super) fn forget_posts(&self) -> Result<(), SandboxError> {
        lock(&self.contents).clear();
        self.posts.clear()
    }

    /// The name of a person or page, and its handle.
    pub(super) fn name_of(&self, urn: &str) -> Option<(String, String)> {
        let (kind, id) = split_urn(urn)?;
        match kind {
            "person" => self.members.get(id).map(|member| (member.name, member.vanity)),
            "organization" => self.organizations.get(id).map(|page| (page.name, page.vanity)),
            _ => None,
        }
    }
}

/// Kind and id of `urn:li:{kind}:{id}`.
pub(super) fn split_urn(urn: &str) -> Option<(&str, &str)> {
    urn.strip_prefix("urn:li:")?.split_once(':')
}

fn content_of(post: &Post) -> String {
    let content = post.body.get("content").map(Value::to_string).unwrap_or_default();
    format!("{}\n{}\n{content}", post.author, post.commentary)
}

fn number_of(post: &Post) -> Option<u64> {
    split_urn(&post.urn)?.1.parse().ok()
}
