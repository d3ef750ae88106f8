//! What a platform has to be able to do, and nothing about any platform.
//!
//! A connector is a step machine: [`Platform::step`] does what may be repeated, and
//! [`Platform::commit`] does what makes something public. The engine stores the state between
//! steps and an intent before each commit, so that a crash resumes or looks up, and never resends
//! blindly. Must not know the database or the engine.

mod auth;
mod config;
mod context;
mod deletion;
mod dynamic;
mod failure;
mod flow;
mod limits;
mod metrics;
mod publication;
mod registry;
mod sign_in;
mod spec;
mod streamed;
#[cfg(feature = "suite")]
pub mod suite;
mod versions;

pub use auth::{AppCredentials, Auth, Credentials, Identity};
pub use config::{PlatformConfig, PlatformConfigs};
pub use context::{CommitPermit, Cx, MediaSource};
pub use deletion::Deletion;
pub use dynamic::{Connector, DynNext, DynVerdict};
pub use failure::{Failure, Internal};
pub use flow::{Intent, Next, Platform, Receipt, StartCx, Verdict};
pub use limits::{
    Budget, BudgetHeaders, Call, Calls, Holder, LimitObserver, PlatformLimits, ResetForm, Unobserved,
};
pub use metrics::{LivePost, Metrics, PostReading, Reading};
pub use publication::{AccountRef, MediaItem, MediaKind, Publication};
pub use registry::{Entry, Registry};
pub use sign_in::{
    ApiVersion, Connectable, CredentialSignIn, Grant, Login, OAuth, OAuthLogin, SignInCx, SigningIn,
};
pub use spec::{Host, Hosts, PlatformSpec, SignIn};
pub use streamed::{Form, Streamed};
pub use versions::VersionInUse;
