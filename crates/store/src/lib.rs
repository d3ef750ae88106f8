//! Schema, migrations and every SQL text, for SQLite and PostgreSQL alike.
//!
//! Owns what is durable, in which transaction, and who may overwrite what (leases). Every call on
//! a tenant's rows takes the organization as its first argument. Must not know platforms or HTTP,
//! and never calls out of a transaction.

mod access;
mod account_connect;
mod accounts;
mod ai_credits;
mod ai_provider;
mod analytics;
mod api_requests;
mod approvals;
mod audit_log;
mod best_times;
mod breaker;
mod campaigns;
mod claims;
mod conn;
mod connect_sessions;
mod credentials;
mod deliveries;
mod destinations;
mod device_logins;
mod disconnect;
mod duplicates;
mod ends;
mod error;
mod events;
mod events_forget;
mod fan_out;
mod figures;
#[cfg(feature = "simulation")]
mod gate;
mod hints;
mod housekeeping;
mod idempotency;
mod identities;
mod identity_links;
mod installation;
mod invitations;
mod journal;
mod key_cache;
mod key_set;
mod keys;
mod lanes;
mod last_backup;
mod limits;
mod live_copies;
mod media;
mod media_copies;
mod media_links;
mod media_preparations;
mod members;
mod metrics;
mod notify;
mod oauth;
mod open;
mod operators;
mod organizations;
mod overdue;
mod passkeys;
#[cfg(feature = "planted-bugs")]
mod planted;
mod platform_apps;
mod post_days;
mod posts;
mod posts_change;
mod posts_count;
mod posts_create;
mod posts_list;
mod posts_retry;
mod posts_there;
mod queues;
mod rate_windows;
mod record;
mod reseal;
mod rows;
mod seal;
mod search;
mod sessions;
mod set_up;
mod settle;
mod sign_in_attempts;
mod sign_in_challenges;
mod sign_in_links;
mod targets;
#[cfg(test)]
mod tests;
mod transfer;
mod user_email;
mod users;
mod ways_in;
mod webhooks;
mod writer;

use std::sync::Arc;

pub use access::{AccessPlan, AccessRow, AccessWork, ShownAs};
pub use account_connect::{AccountSource, MergeCredentials, NewAccount};
pub use accounts::{AccountHealthRow, AccountRow};
pub use ai_credits::{CreditHold, CreditsNow, Held};
pub use ai_provider::AiProviderRow;
pub use analytics::{DestinationsOfStatus, PeriodCounts, PostsOfStatus};
pub use api_requests::{ApiRequestFilter, ApiRequestRow, NewApiRequest};
pub use approvals::{ApprovalChange, ApprovalOutcome};
pub use audit_log::{AuditRow, NewAuditEntry};
pub use best_times::WentLive;
pub use breaker::{COUNTED_FOR as FAILURES_COUNT_FOR, FAILURES as MOST_FAILURES, Tripped};
pub use campaigns::{CampaignContent, CampaignPatch, CampaignRow};
pub use claims::{Claim, DueAccount, Lease};
pub use connect_sessions::{ConnectEnd, ConnectSession, ConnectStatus, NewConnectSession, TakenState};
pub use credentials::StoredCredentials;
pub use deliveries::{DeliveryAttempt, DeliveryFilter, DeliveryRow, TestDelivery};
pub use destinations::{Finish, Outcome, Work};
pub use device_logins::{DeviceApproval, DeviceAsk, DevicePoll, NewDeviceLogin, WaitingDevice};
pub use disconnect::{DataDeletion, OwnedAccount};
pub use error::StoreError;
pub use events::{EventRow, NewEvent};
pub use fan_out::FannedOut;
pub use figures::OpenRow;
#[cfg(feature = "simulation")]
pub use gate::{Gate, Side, set_gate};
pub use idempotency::{Answer, Asker, KeepWith, KeptAnswer, KeyAsked, KeyClaim, KeyedRequest, Once};
pub use identities::{Guest, GuestEnd, Identity, NewMember};
pub use identity_links::{IdentityRow, LinkEnd, NewLink};
pub use invitations::{Acceptance, InvitationRow, Invitee, NewInvitation};
pub use journal::{JournalEntry, JournalRow};
pub use key_set::{KeySet, KeySetError};
pub use keys::{KeyRow, NewKey};
pub use lanes::{AttemptEnd, DeliveryJob, DeliveryLease, DueLane, NewAttempt, NextDelivery, Recorded};
pub use last_backup::BackupRow;
pub use limits::{AccountRest, AppBudget, SlotHold};
pub use live_copies::LiveCopy;
pub use media::{
    BeginMedia, DeleteMedia, DeletedMedia, FinishMedia, FinishedMedia, HeldFile, MediaLease, MediaRow,
    MediaWork, MediaWorkKind,
};
pub use media_copies::MediaCopy;
pub use media_links::{LinkedMedia, MediaPart, THUMBNAIL_NAME, UploadToken, link_name};
pub use media_preparations::PreparationLease;
pub use members::{MemberChange, MemberRow};
pub use metrics::{
    AccountReading, AudienceRow, BreakdownFilter, BreakdownKey, BreakdownRow, BrokenDownBy, DueMetricLane,
    DuePost, LiveDestination, LivePlace, MetricLane, MetricLease, NewFollowers, NewPostReading,
    PostMetricsRow, PostReadingRow, ReadingState, WeekFigures,
};
pub use notify::Announcer;
pub use oauth::{NewOAuthGrant, OAuthAccess, OAuthClient, OAuthGrant, OAuthSecret, OAuthTokens};
pub use organizations::{MeRow, NewOrganization, OrganizationRow};
pub use overdue::Late;
pub use passkeys::{FoundPasskey, NewPasskey, PasskeyAdded, PasskeyRow};
#[cfg(feature = "planted-bugs")]
pub use planted::{PlantedBug, is_planted, plant};
pub use platform_apps::PlatformApp;
pub use posts::{DestinationRow, NewDestination, NewPostRow, PostRow};
pub use posts_change::{DeleteOutcome, PostUpdate, UpdateOutcome};
pub use posts_create::{CreateOutcome, PostCreation};
pub use posts_list::{PostFilter, PostOrder, PostPage, PostPlace};
pub use posts_retry::{FailedFilter, RequeuedRow};
pub use queues::{QueuePatch, QueueRow};
pub use rate_windows::WindowAsk;
pub use reseal::Resealed;
pub use seal::Keyring;
pub use sessions::{NewSession, OwnSession, SessionOrganization, SessionRow};
pub use set_up::{SetUp, SetUpEnd};
pub use settle::{Seen, Settlement};
pub use sign_in_attempts::Attempt;
pub use sign_in_challenges::{ChallengeKind, NewChallenge};
pub use targets::Target;
pub use transfer::{
    Before, Snapshot, TableSum, TransferError, bring_up_to_date, mark_restored, mark_restored_postgres,
};
pub use user_email::{EmailChange, SaidBy};
pub use users::{KnownUser, MembershipRow, NewUser, UserRow};
pub use ways_in::{Removal, WaysOpen};
pub use webhooks::{NewWebhook, WebhookPatch, WebhookRow};

use writer::Writer;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: conn::Readers,
    writer: Writer,
    hints: Arc<hints::Hints>,
    keyring: Arc<Keyring>,
    /// Only where a look at a file tells that nothing was written.
    key_cache: Option<Arc<key_cache::KeyCache>>,
    post_counts: posts_count::SharedCounts,
    backend: open::Backend,
}

/// How to open the database.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Connections for reading.
    pub readers: u32,
    /// Connections for writing; SQLite always has one.
    pub writers: u32,
    /// Largest number of write jobs that share a commit.
    pub batch: usize,
    /// Whether the writer of SQLite has a thread of its own. Without one, what is written depends on
    /// nothing but the caller's own order.
    pub writer_thread: bool,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { readers: 4, writers: 3, batch: 2048, writer_thread: true }
    }
}

impl Store {
    /// Finishes what is queued for writing and closes the database.
    pub async fn close(&self) {
        // SQLite's last connection moves its log into the file, which one that only reads cannot do.
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether several processes may work on this database at once.
    pub fn is_shared(&self) -> bool {
        matches!(self.backend, open::Backend::Postgres(_))
    }

    async fn read(&self) -> Result<conn::ReadConn, StoreError> {
        #[cfg(feature = "simulation")]
        gate::pass("read", Side::Before).await?;
        self.readers.acquire().await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
