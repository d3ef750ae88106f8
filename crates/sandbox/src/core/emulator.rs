//! What an emulator is to the rest of the sandbox.

use axum::Router;
use axum::response::Response;
use bytes::Bytes;
use domain::Timestamp;
use http::{HeaderMap, Method, StatusCode};

use super::accounts::{CreateAccount, CreatedAccount};
use super::error::SandboxError;
use super::origin::Origin;

/// A request as the platform sees it.
pub(crate) struct Call<'a> {
    /// The real host that was asked.
    pub(crate) host: &'a str,
    pub(crate) method: &'a Method,
    /// The path on the real host, still percent-encoded.
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
}

/// A refusal that a fault asks for; the emulator dresses it in the platform's own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// An error of the platform without a closer reason.
    Error(StatusCode),
    /// Too many requests.
    RateLimited {
        /// Seconds until the next try.
        retry_after_s: u64,
        /// The same as a moment.
        reset_at: Timestamp,
    },
}

/// One emulated platform. It keeps all its state in tables of the journal.
pub(crate) trait Emulator: Send + Sync + 'static {
    /// The platform's lower-case name.
    fn platform(&self) -> &'static str;

    /// The real hosts it answers for. `*.example.org` stands for all hosts below `example.org`.
    fn hosts(&self) -> &'static [&'static str];

    /// Whether a path on one of its hosts is its own. Platforms that share a host are asked in the
    /// order in which they are listed, and the first that says so gets the call.
    fn answers(&self, _host: &str, _path: &str) -> bool {
        true
    }

    /// The routes, with the platform's real paths. Every request carries an [`Origin`] extension.
    /// Asked once, at start.
    fn router(&self) -> Router;

    /// A name for what the call does; what makes something public is always `create_post`.
    fn operation(&self, call: &Call<'_>) -> &'static str;

    /// The operations which faults without a named operation leave alone: tokens, identity, pages.
    fn exempt_operations(&self) -> &'static [&'static str];

    /// The path as it may be logged: without secrets.
    fn logged_path(&self, path: &str) -> String {
        path.to_owned()
    }

    /// A refusal in the platform's own shape and headers.
    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response;

    /// Makes the token that the call carries invalid, with what could renew it, as when the owner
    /// withdraws the app. The router is asked afterwards and gives the platform's own answer.
    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError>;

    /// Makes an account.
    fn create_account(&self, wanted: &CreateAccount, origin: &Origin)
    -> Result<CreatedAccount, SandboxError>;

    /// Forgets all posts, and what the platform remembers of them (such as against duplicates).
    fn forget_posts(&self) -> Result<(), SandboxError>;
}
