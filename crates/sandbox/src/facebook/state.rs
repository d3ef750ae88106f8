//! What the emulated Facebook remembers beside logins: posts, comments, photos, videos.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::ledger::PublicMedia;
use crate::core::world::World;
use crate::meta::logins::{Logins, Page, newest_key};

/// How long an unpublished photo is kept.
pub(super) const UNPUBLISHED_LIFE: Span = Span::from_days(1);

/// What kind of thing a post is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Status,
    Video,
    Reel,
    Story,
}

/// A post of a Page. The key of the row is its id, `{page}_{number}`.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) page: String,
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) link: Option<String>,
    pub(super) photos: Vec<String>,
    pub(super) video: Option<String>,
    /// From when on people see it.
    pub(super) visible_at: Timestamp,
    pub(super) deleted: bool,
}

/// A comment. The key of the row is its id, `{post number}_{number}`.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) post: String,
    pub(super) page: String,
    pub(super) message: String,
    pub(super) created_at: Timestamp,
    pub(super) deleted: bool,
}

/// A photo, published or not.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Photo {
    pub(super) id: String,
    pub(super) page: String,
    pub(super) file: PublicMedia,
    pub(super) caption: String,
    pub(super) created_at: Timestamp,
    /// The post or story that shows it.
    pub(super) post: Option<String>,
}

/// A video, from the opening of its upload on.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Video {
    pub(super) id: String,
    pub(super) page: String,
    pub(super) kind: Kind,
    pub(super) size_bytes: u64,
    /// SHA-256 of each received piece, by its offset.
    pub(super) pieces: BTreeMap<u64, String>,
    pub(super) received_bytes: u64,
    pub(super) file: Option<PublicMedia>,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) created_at: Timestamp,
    /// When the upload was finished for publishing.
    pub(super) finished_at: Option<Timestamp>,
    /// When processing ends.
    pub(super) ready_at: Option<Timestamp>,
    pub(super) fails: bool,
    pub(super) post: Option<String>,
    pub(super) deleted: bool,
}

impl Video {
    pub(super) fn is_uploaded(&self) -> bool {
        self.file.is_some()
    }

    /// `status`, in Graph's words, the misspelt one included.
    pub(super) fn status(&self, now: Timestamp) -> Value {
        let is_over = self.ready_at.is_some_and(|ready_at| ready_at <= now);
        let overall = match (self.is_uploaded(), self.finished_at.is_some(), is_over) {
            (false, ..) => "uploading",
            (true, false, _) => "upload_complete",
            (true, true, false) => "processing",
            (true, true, true) if self.fails => "error",
            (true, true, true) => "ready",
        };
        let uploading = match (self.is_uploaded(), self.received_bytes) {
            (true, _) => "complete",
            (false, 0) => "not_started",
            (false, _) => "in_progress",
        };
        let phase = match (overall, self.finished_at) {
            (_, None) => "not_started",
            ("error", _) => "error",
            ("ready", _) => "complete",
            _ => "in_progress",
        };
        let mut processing = serde_json::json!({"status": phase});
        if phase == "error" {
            let error =
                serde_json::json!({"code": 1_363_026, "message": "The video could not be processed."});
            processing["errors"] = serde_json::json!([error]);
            processing["error"] = error;
        }
        let mut publishing = serde_json::json!({
            "status": if overall == "ready" { "complete" } else { "not_started" },
        });
        if let Some(finished_at) = self.finished_at {
            publishing["publish_status"] = serde_json::json!("published");
            publishing["publish_time"] = serde_json::json!(finished_at.as_seconds());
        }
        serde_json::json!({
            "video_status": overall,
            "uploading_phase": {"status": uploading, "bytes_transfered": self.received_bytes},
            "processing_phase": processing,
            "publishing_phase": publishing,
        })
    }
}

/// The tables.
pub(super) struct Facebook {
    pub(super) world: Arc<World>,
    pub(super) logins: Arc<Logins>,
    pub(super) posts: Table<Post>,
    pub(super) comments: Table<Comment>,
    pub(super) photos: Table<Photo>,
    pub(super) videos: Table<Video>,
}

impl Facebook {
    pub(super) fn open(world: &Arc<World>, logins: &Arc<Logins>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let facebook = Self {
            world: Arc::clone(world),
            logins: Arc::clone(logins),
            posts: journal.table("facebook.posts")?,
            comments: journal.table("facebook.comments")?,
            photos: journal.table("facebook.photos")?,
            videos: journal.table("facebook.videos")?,
        };
        for newest in [
            facebook.posts.read(newest_key),
            facebook.comments.read(newest_key),
            facebook.photos.read(newest_key),
            facebook.videos.read(newest_key),
        ] {
            logins.never_below(newest);
        }
        Ok(facebook)
    }

    /// The post with this id, unless it was deleted.
    pub(super) fn live_post(&self, id: &str) -> Option<Post> {
        self.posts.get(id).filter(|post| !post.deleted)
    }

    /// What people see of a Page now, newest first. Stories are not among it.
    pub(super) fn visible_posts(&self, page: &str) -> Vec<Post> {
        let now = self.world.now();
        let mut posts: Vec<Post> = self.posts.read(|rows| {
            rows.range(format!("{page}_")..)
                .take_while(|(key, _)| key.starts_with(page))
                .map(|(_, post)| post)
                .filter(|post| !post.deleted && post.kind != Kind::Story && post.visible_at <= now)
                .cloned()
                .collect()
        });
        posts.reverse();
        posts
    }

    /// The Page of a row that is there.
    pub(super) fn page(&self, id: &str) -> Option<Page> {
        self.logins.pages.get(id)
    }

    pub(super) fn forget_posts(&self) -> Result<(), SandboxError> {
        self.posts.clear()?;
        self.comments.clear()?;
        self.photos.clear()?;
        self.videos.clear()
    }
}
