//! Use cases: one function per thing a user can do, one transaction each.
//!
//! Owns what may be done by whom, and what is checked before it is done. Must not know inbound
//! HTTP, MCP, the engine's loops or any platform's module.

pub mod account_limits;
pub mod accounts;
pub mod ai;
pub mod analytics;
pub mod auth;
pub mod best_times;
pub mod campaigns;
pub mod connect;
pub mod counters;
pub mod device;
mod error;
pub mod events;
pub mod export;
pub mod figures;
pub mod idempotency;
pub mod import;
pub mod installation;
pub mod key_uses;
pub mod limits;
pub mod me;
pub mod media;
pub mod media_links;
pub mod metrics;
pub mod oauth;
mod outside;
pub mod people;
pub mod platform_apps;
pub mod platform_rules;
pub mod posts;
pub mod queue;
pub mod readiness;
pub mod requests;
pub mod server_info;
pub mod setting_source;
pub mod setup;
pub mod webhooks;

use std::sync::Arc;

use connector::Registry;
use domain::Timestamp;
use net::{Clock, Entropy};
use store::Store;

pub use auth::Caller;
pub use connector::PlatformSpec;
pub use domain;
pub use domain::account::shown_name;
pub use error::{AppError, DuplicatePost, ValidationError};
pub use net;
pub use outside::{Outside, WEBHOOK_TIMEOUT};
pub use store::{
    AudienceRow, AuditRow, FAILURES_COUNT_FOR, InvitationRow, KeyRow, MOST_FAILURES, MemberRow,
    MembershipRow, OwnSession, PasskeyRow, RequeuedRow, Tripped, WaysOpen,
};

/// Everything the use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The platforms.
    pub registry: Arc<Registry>,
    /// The media files.
    pub media: Arc<::media::MediaFiles>,
    /// The programs that look into media files.
    pub tools: ::media::Tools,
    /// How large media files may be.
    pub media_limits: ::media::MediaLimits,
    /// What an organization may use unless something else is set for it.
    pub plan: Arc<domain::plan::Plan>,
    /// Whether the same content for the same account within a day is refused.
    pub refuse_duplicates: bool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The way out to platforms, for sign-ins.
    pub outside: Arc<Outside>,
    /// Captions and pictures.
    pub ai: ai::AiInUse,
    /// What is stored for the installation, as far as it is in use.
    pub installation: Arc<installation::Installation>,
    /// Hashes passwords.
    pub passwords: Arc<people::passwords::Passwords>,
    /// When keys were last used.
    pub key_uses: Arc<key_uses::KeyUses>,
    /// The last requests of keys.
    pub requests: Arc<requests::RequestLog>,
    /// Tells the engine that something is due then. Carries no work: the engine finds it by itself.
    pub wake: Arc<dyn Fn(Timestamp) + Send + Sync>,
    /// Tells the engine that there is work on media.
    pub wake_media: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
