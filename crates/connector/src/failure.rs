//! A call to a platform that did not do what it should, classified once.

use std::fmt;

use domain::{Class, Timestamp};
use net::{Answer, SendError, Sent};

/// Text for the operators' log. It has no `Display`, so that it cannot slip into an answer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Internal(String);

impl Internal {
    /// Text for the log. Must hold no secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that logs it.
    pub fn for_log(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A classified failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind it is.
    pub class: Class,
    /// Whether the request reached the platform. [`Sent::Answered`] on a commit is a claim: this
    /// answer proves that nothing was published.
    pub sent: Sent,
    /// What happened and what to do, in one sentence for the post's author.
    pub public: String,
    /// What the platform said, for the log.
    pub internal: Internal,
    /// Set only by tests: the process is to be taken for dead here.
    pub died: bool,
}

impl Failure {
    /// A failure that an answer states. A 5xx proves nothing, so it counts as perhaps sent.
    pub fn answered(class: Class, public: impl Into<String>, answer: &Answer) -> Self {
        let sent = if answer.status >= 500 { Sent::Maybe } else { Sent::Answered };
        let shown: String = String::from_utf8_lossy(&answer.body).chars().take(500).collect();
        Self {
            class,
            sent,
            public: public.into(),
            internal: Internal::new(format!("status {}: {shown}", answer.status)),
            died: false,
        }
    }

    /// An answer that is no proof either way, on whatever status: looked up before anything else.
    pub fn unproven(public: impl Into<String>, answer: &Answer) -> Self {
        Self { sent: Sent::Maybe, ..Self::answered(Class::Ambiguous, public, answer) }
    }

    /// A failure found before anything was sent.
    pub fn before_sending(class: Class, public: impl Into<String>) -> Self {
        Self { class, sent: Sent::No, public: public.into(), internal: Internal::default(), died: false }
    }

    /// No complete answer came from `platform`.
    pub fn unanswered(platform: &str, error: SendError) -> Self {
        let public = match error.sent {
            Sent::No => format!("{platform} could not be reached."),
            Sent::Maybe | Sent::Answered => format!("{platform} did not answer."),
        };
        Self {
            class: Class::Transient,
            sent: error.sent,
            public,
            internal: Internal::new(error.reason),
            died: error.died,
        }
    }

    /// An answer that lacks a field or is no JSON: the platform has changed or a proxy stands between.
    pub fn unreadable(platform: &str, what: impl fmt::Display, answer: &Answer) -> Self {
        let mut failure = Self::answered(
            Class::Transient,
            format!("{platform} answered in a form that could not be read."),
            answer,
        );
        failure.sent = Sent::Maybe;
        failure.internal = Internal::new(format!("{what}; {}", failure.internal.for_log()));
        failure
    }

    /// The same failure, of a later part of a thread: the author has to know that the parts before
    /// it are live. `part` counts from 1.
    #[must_use]
    pub fn of_part(mut self, part: usize) -> Self {
        if part > 1 {
            self.public =
                format!("Part {part} of the thread is not out, the parts before it are: {}", self.public);
        }
        self
    }

    /// Whether this outcome of a commit leaves open whether it happened.
    pub fn leaves_commit_open(&self) -> bool {
        self.class == Class::Ambiguous || self.sent == Sent::Maybe
    }

    /// The platform's own time for the next try, if it named one.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match &self.class {
            Class::RateLimited { until } | Class::QuotaExhausted { until } => *until,
            Class::TokenExpired
            | Class::PermissionMissing
            | Class::ContentRejected
            | Class::Duplicate { .. }
            | Class::MediaFailed
            | Class::Transient
            | Class::Ambiguous
            | Class::AccountRestricted => None,
        }
    }
}
