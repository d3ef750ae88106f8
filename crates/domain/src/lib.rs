//! Fanfare's rules: ids, posts, destinations, accounts, their states and what may follow what.
//!
//! Owns everything that can be decided from values alone. Must not know async, I/O, SQL, HTTP,
//! the wire names of the API, or what time it is: `now` is always an argument.

pub mod account;
pub mod ai;
pub mod analytics;
pub mod api_key;
pub mod approval;
pub mod audit;
pub mod best_times;
pub mod campaign;
pub mod caps;
pub mod causes;
pub mod destination;
pub mod event;
pub mod failure;
pub mod ids;
pub mod metrics;
pub mod people;
pub mod plan;
pub mod platform;
pub mod post;
pub mod queue;
pub mod rate;
pub mod retry;
pub mod rules;
pub mod search;
pub mod settings;
pub mod text;
pub mod time;
pub mod webhook;

pub use account::{AccountHealth, HealthReason, HealthStatus};
pub use approval::{Approval, ApprovalState, ApprovalStep};
pub use destination::DestinationStatus;
pub use failure::{Class, FailureCode};
pub use ids::{
    AccountId, ApiKeyId, AuditId, CampaignId, ConnectId, DeliveryId, DestinationId, EventId, IdentityId,
    InvitationId, MediaId, OrganizationId, PasskeyId, PostId, SessionId, UserId, WebhookId, WorkspaceId,
};
pub use platform::PlatformName;
pub use post::PostStatus;
pub use settings::Settings;
pub use time::{Span, Timestamp};
