//! Why a use case refuses.

use domain::{AccountId, PlatformName};
use store::{MOST_FAILURES, Tripped};

/// Why a use case refuses, in words for the caller.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The key is missing, malformed, unknown, revoked or expired.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// The key lacks a scope.
    #[error("This API key lacks the \"{0}\" scope.")]
    InsufficientScope(&'static str),
    /// The caller's role lacks a scope.
    #[error("Your role in this organization does not allow this: it needs \"{0}\".")]
    InsufficientRole(&'static str),
    /// A person may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// Too many tries to sign in failed; so many seconds until the next one.
    #[error("Too many tries to sign in failed; try again in {0} s.")]
    TooManyTries(i64),
    /// No such thing in the caller's workspace.
    #[error("{0} not found.")]
    NotFound(&'static str),
    /// A field breaks the schema.
    #[error("{message}")]
    Validation {
        /// The field's name in the request.
        field: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// A file of posts that cannot be read.
    #[error("{message}")]
    BadFile {
        /// The row where it ends, if it is one of them.
        row: Option<usize>,
        /// The column.
        column: Option<String>,
        /// What is wrong and what to do.
        message: String,
    },
    /// Ids in `account_ids` that are no accounts of the workspace.
    #[error("{}", unknown_accounts(.0))]
    InvalidAccounts(Vec<AccountId>),
    /// The time is not in the future.
    #[error("scheduled_for must be in the future.")]
    PastScheduleTime,
    /// The name is no IANA time zone.
    #[error("\"{0}\" is not a time zone of the IANA database, such as Europe/Berlin.")]
    InvalidTimezone(String),
    /// A media file is not ready.
    #[error("Media {0} is not ready yet; wait until its status is \"ready\".")]
    MediaNotReady(domain::MediaId),
    /// The text is longer than any platform takes.
    #[error("The text has {length} characters; no platform takes more than {limit}.")]
    ContentTooLong {
        /// Its length in characters.
        length: usize,
        /// The highest limit of all platforms.
        limit: usize,
    },
    /// A platform would refuse the post.
    #[error("{}", .0.first().map_or("The post was refused.", |first| first.message.as_str()))]
    PostCreationFailed(Vec<ValidationError>),
    /// The platform refuses what the owner entered.
    #[error("{0}")]
    InvalidCredentials(String),
    /// The platform could not be asked.
    #[error("{0}")]
    PlatformUnavailable(String),
    /// There are as many of these already as there may be, or the library is full.
    #[error("{0}")]
    QuotaExceeded(String),
    /// The month's credits do not suffice.
    #[error("This needs {needed} credits, and {left} are left.")]
    InsufficientCredits {
        /// What it costs.
        needed: i64,
        /// What is left.
        left: i64,
    },
    /// The operator has left something out, or set it wrong.
    #[error("{0}")]
    NotSetUp(String),
    /// The thing's state forbids it.
    #[error("{0}")]
    Conflict(String),
    /// The idempotency key came with another body before.
    #[error("This Idempotency-Key was sent with another request before; use a new key for a new request.")]
    KeyReused,
    /// A request with the same idempotency key is being answered.
    #[error("A request with this Idempotency-Key is being answered; send it again in a moment.")]
    KeyInUse,
    /// The same post has failed for good too often.
    #[error(
        "The same content has failed on the same accounts {MOST_FAILURES} times within 24 hours; see what is wrong in \
         the results of post {}, change the post, or send allow_duplicate: true once it is put right.",
        .0.last
    )]
    KeepsFailing(Tripped),
    /// The account has the same content already.
    #[error("{0}")]
    DuplicatePost(DuplicatePost),
    /// The file is larger than it may be.
    #[error("{0}")]
    FileTooLarge(String),
    /// The type is none that is taken here.
    #[error("{0}")]
    UnsupportedMediaType(String),
    /// The bytes of an upload were never sent. Clients look for these words and send them again.
    #[error(
        "Uploaded bytes not found for this media id: make sure you uploaded the file to upload_url first."
    )]
    BytesMissing,
    /// The address of an upload was not made here.
    #[error("This upload address is not valid.")]
    UploadRefused,
    /// The address of an upload has ended.
    #[error("This upload address has expired; begin a new upload.")]
    UploadExpired,
    /// Posts that have not gone out yet carry the media.
    #[error("This media is still used by a scheduled post.")]
    MediaInUse(Vec<domain::PostId>),
    /// Another request works on the same thing.
    #[error("{0}")]
    Locked(String),
    /// The same may work a moment later.
    #[error("{0}")]
    Busy(String),
    /// The database cannot be reached. The text is for the log.
    #[error("The server cannot reach its database at the moment; try again.")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database went away before it said whether it kept the change. The text is for the log.
    #[error(
        "The connection to the database was lost before it confirmed this, and it may be done all the same: look \
         before you send it again. What is sent with an Idempotency-Key can be sent again with the same key, and is \
         done once."
    )]
    Unsure(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A fault of this server. The text is for the log.
    #[error("Something went wrong on our side.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Where the same content is already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicatePost {
    /// The post that has it.
    pub post: domain::PostId,
    /// The account.
    pub account: AccountId,
}

impl std::fmt::Display for DuplicatePost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { post, account } = self;
        write!(
            f,
            "Account {account} has the same content within 24 hours, in post {post}; send allow_duplicate: \
             true to post it again."
        )
    }
}

/// One reason why one destination would refuse a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    /// The platform.
    pub platform: PlatformName,
    /// The account.
    pub account_id: AccountId,
    /// The field's name in the request.
    pub field: String,
    /// A stable code.
    pub code: &'static str,
    /// The reason in words.
    pub message: String,
}

impl AppError {
    /// A refusal of `field`.
    pub fn validation(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation { field: field.into(), message: message.into() }
    }

    /// A refusal of a file as a whole.
    pub(crate) fn bad_file(message: impl Into<String>) -> Self {
        Self::BadFile { row: None, column: None, message: message.into() }
    }

    /// A refusal of a file because of one of its cells.
    pub(crate) fn bad_cell(row: usize, column: String, what: &str) -> Self {
        let message = format!("Row {row}, column {column}: it {what}.");
        Self::BadFile { row: Some(row), column: Some(column), message }
    }
}

impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        match error {
            error if error.is_away() => Self::Away(Box::new(error)),
            error @ store::StoreError::Unsure(_) => Self::Unsure(Box::new(error)),
            error => Self::Internal(Box::new(error)),
        }
    }
}

fn unknown_accounts(ids: &[AccountId]) -> String {
    let shown: Vec<String> = ids.iter().take(10).map(ToString::to_string).collect();
    let more = ids.len().saturating_sub(shown.len());
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("No connected account in this workspace has the id {}{tail}.", shown.join(", "))
}
