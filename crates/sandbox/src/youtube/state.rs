//! What the emulated YouTube remembers: its rows and the tables that hold them.

use std::sync::{Arc, Mutex};

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::errors::{ApiError, unauthorized};
use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::world::World;

/// The id of the developer app: what a server on the sandbox that was told of no app names itself.
pub(super) const CLIENT_ID: &str = "sandbox-youtube-client";
/// The secret of the developer app.
pub(super) const CLIENT_SECRET: &str = "sandbox-youtube-secret";
/// What stands before every scope's short name.
pub(super) const SCOPE_PREFIX: &str = "https://www.googleapis.com/auth/";
/// What an account that was made by the control API has granted.
pub(super) const SCOPES: [&str; 4] =
    ["youtube.upload", "youtube.readonly", "youtube.force-ssl", "yt-analytics.readonly"];
/// How long what an owner allows an app in testing lasts.
pub(super) const TESTING_LIFE: Span = Span::from_days(7);
/// How long a video is processed.
pub(super) const PROCESSING: Span = Span::from_seconds(8);

/// A Google account with the channel that it uses, if it has one.
#[derive(Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent switch of the JSON call")]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) handle: String,
    pub(super) title: String,
    pub(super) has_channel: bool,
    /// Whether its phone number is confirmed: custom thumbnails, long videos.
    pub(super) verified: bool,
    /// Whether the project's quota is enforced on its calls, not only counted.
    pub(super) limited: bool,
    /// Whether only half of each piece of an upload is stored.
    pub(super) partial: bool,
    /// Whether the app is in testing, so that what this owner allows ends after seven days.
    pub(super) testing: bool,
    /// How many videos it may upload in 24 hours.
    pub(super) upload_limit: Option<u64>,
    pub(super) made_at: Timestamp,
}

/// What an owner allowed the app.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) channel: String,
    /// With their prefixes, separated by spaces.
    pub(super) scope: String,
    pub(super) revoked: bool,
    /// Whether a refresh token was given out.
    pub(super) offline: bool,
    /// Its end, where the app is in testing.
    pub(super) ends_at: Option<Timestamp>,
}

impl Grant {
    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        self.revoked || self.ends_at.is_some_and(|end| end <= now)
    }
}

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Access {
    pub(super) grant: String,
    pub(super) expires_at: Timestamp,
}

/// An authorization code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) channel: String,
    pub(super) scope: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) offline: bool,
    pub(super) used: bool,
    pub(super) expires_at: Timestamp,
}

/// A resumable upload.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Upload {
    pub(super) channel: String,
    pub(super) parts: Vec<String>,
    /// What was sent to open it.
    pub(super) meta: Value,
    pub(super) content_type: String,
    /// As announced; `None` until a range names it.
    pub(super) total_bytes: Option<u64>,
    /// SHA-256 of each stored piece, in order.
    pub(super) pieces: Vec<String>,
    pub(super) stored_bytes: u64,
    /// The video that it became.
    pub(super) video: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// A video.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Video {
    pub(super) id: String,
    pub(super) channel: String,
    pub(super) snippet: Value,
    pub(super) status: Value,
    /// The other parts that can be written, by name.
    pub(super) more: Value,
    pub(super) content_type: String,
    pub(super) sha256: String,
    pub(super) size_bytes: u64,
    pub(super) uploaded_at: Timestamp,
    /// Why it cannot be processed, if it cannot.
    pub(super) failure: Option<String>,
    /// Why it is rejected, if it is.
    pub(super) rejection: Option<String>,
    /// SHA-256 of the custom thumbnail.
    pub(super) thumbnail: Option<String>,
    pub(super) deleted: bool,
}

impl Video {
    pub(super) fn privacy(&self) -> &str {
        self.status["privacyStatus"].as_str().unwrap_or("public")
    }

    /// Whether people who have its address can see it, now or when it is processed.
    pub(super) fn is_open(&self) -> bool {
        !self.deleted && self.privacy() != "private" && self.failure.is_none() && self.rejection.is_none()
    }

    pub(super) fn is_processed(&self, now: Timestamp) -> bool {
        self.uploaded_at + PROCESSING <= now
    }
}

/// A comment below a video.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) video: String,
    /// Its author.
    pub(super) channel: String,
    pub(super) text: String,
    pub(super) written_at: Timestamp,
    pub(super) deleted: bool,
}

/// How much of the project's quota a day has seen.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Used {
    pub(super) inserts: u64,
    pub(super) units: u64,
}

/// The tables, and what orders changes of them.
pub(super) struct YouTube {
    pub(super) world: Arc<World>,
    pub(super) channels: Table<Channel>,
    pub(super) grants: Table<Grant>,
    pub(super) access: Table<Access>,
    /// Refresh tokens with their grants.
    pub(super) refresh: Table<String>,
    pub(super) codes: Table<Code>,
    pub(super) uploads: Table<Upload>,
    pub(super) videos: Table<Video>,
    pub(super) comments: Table<Comment>,
    pub(super) quota: Table<Used>,
    /// Held while an upload, a video or a token is checked and changed.
    pub(super) gate: Mutex<()>,
}

impl YouTube {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        Ok(Self {
            world: Arc::clone(world),
            channels: journal.table("youtube.channels")?,
            grants: journal.table("youtube.grants")?,
            access: journal.table("youtube.access")?,
            refresh: journal.table("youtube.refresh")?,
            codes: journal.table("youtube.codes")?,
            uploads: journal.table("youtube.uploads")?,
            videos: journal.table("youtube.videos")?,
            comments: journal.table("youtube.comments")?,
            quota: journal.table("youtube.quota")?,
            gate: Mutex::new(()),
        })
    }

    /// The account whose valid token the headers carry, if the token has one of `scopes`.
    pub(super) fn caller(&self, headers: &http::HeaderMap, scopes: &[&str]) -> Result<Channel, ApiError> {
        let token = super::account::bearer(headers).ok_or_else(unauthorized)?;
        let access = self.access.get(token).ok_or_else(unauthorized)?;
        let grant = self.grants.get(&access.grant).ok_or_else(unauthorized)?;
        if grant.has_ended(self.world.now()) || access.expires_at <= self.world.now() {
            return Err(unauthorized());
        }
        let granted = |scope: &&&str| {
            grant.scope.split(' ').any(|granted| granted.strip_prefix(SCOPE_PREFIX) == Some(**scope))
        };
        if scopes.iter().find(granted).is_none() {
            return Err(super::errors::missing_scope());
        }
        self.channels.get(&grant.channel).ok_or_else(unauthorized)
    }

    /// The video with this id, unless it was deleted.
    pub(super) fn live_video(&self, id: &str) -> Option<Video> {
        self.videos.get(id).filter(|video| !video.deleted)
    }
}
