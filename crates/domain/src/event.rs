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
    /// Somebody is asked to approve a post.
    PostApprovalRequested,
    /// A post was approved.
    PostApproved,
    /// A post was sent back to its author.
    PostChangesRequested,
    /// An account was connected, or connected again.
    AccountConnected,
    /// An account was switched off.
    AccountDisconnected,
    /// An account's access died; a person has to connect it again.
    AccountReconnectNeeded,
    /// A library item became ready.
    MediaUploaded,
    /// A library item was removed.
    MediaDeleted,
    /// Somebody tries whether a webhook works. Sent to that one alone.
    WebhookTest,
}

impl EventKind {
    /// What a webhook may ask for.
    pub const SUBSCRIBABLE: [Self; 15] = [
        Self::PostScheduled,
        Self::PostPublishing,
        Self::PostPublished,
        Self::PostFailed,
        Self::PostPartiallyFailed,
        Self::PostUpdated,
        Self::PostDeleted,
        Self::PostApprovalRequested,
        Self::PostApproved,
        Self::PostChangesRequested,
        Self::AccountConnected,
        Self::AccountDisconnected,
        Self::AccountReconnectNeeded,
        Self::MediaUploaded,
        Self::MediaDeleted,
    ];

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
            Self::PostApprovalRequested => "post.approval_requested",
            Self::PostApproved => "post.approved",
            Self::PostChangesRequested => "post.changes_requested",
            Self::AccountConnected => "account.connected",
            Self::AccountDisconnected => "account.disconnected",
            Self::AccountReconnectNeeded => "account.reconnect_needed",
            Self::MediaUploaded => "media.uploaded",
            Self::MediaDeleted => "media.deleted",
            Self::WebhookTest => "webhook.test",
        }
    }

    /// Reads the name of an event that a webhook may ask for.
    pub fn parse(text: &str) -> Option<Self> {
        Self::SUBSCRIBABLE.into_iter().find(|kind| kind.as_str() == text)
    }
}
