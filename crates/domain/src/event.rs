//! Names of the events that state changes write into the outbox.

/// What happened. Webhooks and live updates are made from these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A post is scheduled.
    PostScheduled,
    /// Publishing to one account starts.
    PostPublishing,
    /// Live on one account.
    PostPublished,
    /// Failed on one account for good.
    PostFailed,
    /// Ended live on some accounts and failed on others.
    PostPartiallyFailed,
    /// One account's publishing is overdue. Fanfare's own: no caller of the original API knows it.
    PostOverdue,
    /// A post was changed.
    PostUpdated,
    /// A post was deleted.
    PostDeleted,
    /// An account's access died; a person has to connect it again.
    AccountReconnectNeeded,
    /// A library item became ready.
    MediaUploaded,
    /// A library item was removed.
    MediaDeleted,
}

impl EventKind {
    /// The event's name, as webhooks carry it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PostScheduled => "post.scheduled",
            Self::PostPublishing => "post.publishing",
            Self::PostPublished => "post.published",
            Self::PostFailed => "post.failed",
            Self::PostPartiallyFailed => "post.partially_failed",
            Self::PostOverdue => "post.overdue",
            Self::PostUpdated => "post.updated",
            Self::PostDeleted => "post.deleted",
            Self::AccountReconnectNeeded => "account.reconnect_needed",
            Self::MediaUploaded => "media.uploaded",
            Self::MediaDeleted => "media.deleted",
        }
    }
}
