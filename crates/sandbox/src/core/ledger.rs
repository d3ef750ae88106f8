//! The ledger: what became public, on all platforms, in the order it did.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::SandboxError;
use super::journal::{Batch, Journal, Table};

/// A post that people can see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicPost {
    /// The platform's name.
    pub platform: String,
    /// The handle of the author, or the id where there is no handle.
    pub account: String,
    /// The author's id on the platform.
    pub account_id: String,
    /// The post's id on the platform.
    pub id: String,
    /// Where the post is seen, as the platform told whoever published it.
    pub url: String,
    /// The page's real host and path, without scheme.
    pub page: String,
    /// The text as readers see it.
    pub text: String,
    /// Pictures and films, in order.
    pub media: Vec<PublicMedia>,
    /// The id of the post this one answers.
    pub reply_to: Option<String>,
    /// What else shows, such as a link card; `null` when nothing does.
    pub extra: Value,
    /// When it became public: ISO 8601, emulated time.
    pub created_at: String,
    /// When it was taken down, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<String>,
}

/// A picture or film of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicMedia {
    /// Its media type, such as `image/png`.
    #[serde(rename = "type")]
    pub media_type: String,
    /// SHA-256 of the bytes as they were uploaded, in lower-case hex.
    pub sha256: String,
    /// Size in bytes.
    #[serde(rename = "bytes")]
    pub size_bytes: u64,
    /// The text for those who do not see it.
    pub alt: Option<String>,
}

/// All public posts.
pub(crate) struct Ledger {
    posts: Table<PublicPost>,
    next: AtomicU64,
}

impl Ledger {
    pub(crate) fn open(journal: &Arc<Journal>) -> Result<Self, SandboxError> {
        let posts: Table<PublicPost> = journal.table("ledger")?;
        let last = posts.read(|rows| rows.keys().next_back().and_then(|key| key.parse::<u64>().ok()));
        Ok(Self { posts, next: AtomicU64::new(last.map_or(1, |last| last + 1)) })
    }

    /// Adds `post` to `batch`, so that it becomes public together with the emulator's own rows.
    pub(crate) fn publish(&self, batch: &mut Batch<'_>, post: &PublicPost) -> Result<(), SandboxError> {
        let key = format!("{:020}", self.next.fetch_add(1, Ordering::Relaxed));
        batch.put(&self.posts, &key, post)
    }

    /// Adds to `batch` that the post was taken down.
    pub(crate) fn take_down(
        &self,
        batch: &mut Batch<'_>,
        platform: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<(), SandboxError> {
        self.change(batch, platform, id, |post| post.deleted_at = Some(now.to_iso_millis()))
    }

    /// Adds a change of a public post, such as an edit, to `batch`.
    pub(crate) fn change(
        &self,
        batch: &mut Batch<'_>,
        platform: &str,
        id: &str,
        change: impl FnOnce(&mut PublicPost),
    ) -> Result<(), SandboxError> {
        let found =
            self.posts.find(|post| post.platform == platform && post.id == id && post.deleted_at.is_none());
        let Some((key, mut post)) = found else { return Ok(()) };
        change(&mut post);
        batch.put(&self.posts, &key, &post)
    }

    /// A post that is public now.
    pub(crate) fn find(&self, platform: &str, id: &str) -> Option<PublicPost> {
        self.posts
            .find(|post| post.platform == platform && post.id == id && post.deleted_at.is_none())
            .map(|(_, post)| post)
    }

    /// What is public now, oldest first. `account` is a platform user id or a handle.
    pub(crate) fn list(&self, platform: Option<&str>, account: Option<&str>) -> Vec<PublicPost> {
        self.select(platform, account, false)
    }

    /// Like `list`, with what was taken down since.
    pub(crate) fn list_ever(&self, platform: Option<&str>, account: Option<&str>) -> Vec<PublicPost> {
        self.select(platform, account, true)
    }

    fn select(&self, platform: Option<&str>, account: Option<&str>, deleted: bool) -> Vec<PublicPost> {
        let wanted = |post: &&PublicPost| {
            platform.is_none_or(|platform| post.platform == platform)
                && account.is_none_or(|account| is_account(post, account))
                && (deleted || post.deleted_at.is_none())
        };
        self.posts.read(|rows| rows.values().filter(wanted).cloned().collect())
    }

    /// How many posts there ever were.
    pub(crate) fn count(&self) -> usize {
        self.posts.read(std::collections::BTreeMap::len)
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), SandboxError> {
        self.posts.clear()
    }
}

/// Whether `account` is the id or the handle of the author. Some platforms write ids as URNs.
fn is_account(post: &PublicPost, account: &str) -> bool {
    let handle = |text: &str| text.trim_start_matches('@').to_lowercase();
    post.account_id == account
        || account
            .rsplit_once(':')
            .is_some_and(|(kind, id)| kind.starts_with("urn:") && id == post.account_id)
        || handle(&post.account) == handle(account)
}
