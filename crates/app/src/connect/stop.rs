//! Why a way through a sign-in ends without an account, in words for the owner who sits before it.

use crate::AppError;

/// What kind of end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// No such session, or a state that was not ours.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was used before.
    Used,
    /// It belongs to another platform.
    OtherPlatform,
    /// The owner said no, or left out what is needed.
    Declined,
    /// The sign-in opened nothing that can be connected.
    Nothing,
    /// Another profile than the one to be renewed.
    OtherProfile,
    /// The platform, or this server's app there, is at fault.
    Platform,
    /// The organization has as many accounts as it may.
    Full,
    /// A fault of this server.
    Internal,
}

/// The end, explained.
#[derive(Debug)]
pub struct Stopped {
    /// What kind.
    pub stop: Stop,
    /// What happened, in a few words.
    pub title: String,
    /// What happened and what to do.
    pub message: String,
    /// Names that belong to it: scopes, accounts with their obstacles.
    pub details: Vec<String>,
    /// For the log.
    pub cause: Option<AppError>,
}

impl Stopped {
    pub(super) fn new(stop: Stop, title: impl Into<String>, message: impl Into<String>) -> Self {
        Self { stop, title: title.into(), message: message.into(), details: Vec::new(), cause: None }
    }

    pub(super) fn with(self, details: Vec<String>) -> Self {
        Self { details, ..self }
    }

    /// No session has this id or state.
    pub(super) fn unknown() -> Self {
        Self::new(
            Stop::Unknown,
            "This link is not known",
            "It may be incomplete, or too old. Ask for a new link and open it in this browser.",
        )
    }

    pub(super) fn expired() -> Self {
        Self::new(
            Stop::Expired,
            "This link has expired",
            "A link works for ten minutes. Ask for a new one; nothing was connected.",
        )
    }

    pub(super) fn used() -> Self {
        Self::new(
            Stop::Used,
            "This link was used already",
            "A link works once. If no account was connected, ask for a new link.",
        )
    }

    pub(super) fn other_platform(expected: &str, came_from: &str) -> Self {
        Self::new(
            Stop::OtherPlatform,
            "This answer is from another platform",
            format!(
                "The link was for {expected}, but the answer is for {came_from}. Nothing was connected; ask for a new link."
            ),
        )
    }

    pub(super) fn cancelled(platform: &str) -> Self {
        Self::new(
            Stop::Declined,
            format!("{platform} was not connected"),
            format!(
                "You did not allow the access on {platform}. These permissions were asked for; ask for a new link to try again:"
            ),
        )
    }

    pub(super) fn scopes_missing(platform: &str) -> Self {
        Self::new(
            Stop::Declined,
            "Permissions are missing",
            format!(
                "Without these permissions nothing can be published to {platform}. Ask for a new link and leave them ticked:"
            ),
        )
    }

    pub(super) fn nothing(platform: &str) -> Self {
        Self::new(
            Stop::Nothing,
            "There is nothing to connect",
            format!(
                "The sign-in to {platform} opened no account that can be connected. Tick at least one when \
                 {platform} asks, or sign in as somebody who may publish there, with a new link."
            ),
        )
    }

    pub(super) fn all_hindered(platform: &str) -> Self {
        Self::new(
            Stop::Nothing,
            "None of these can be connected",
            format!(
                "{platform} showed these, and each has something in its way. Remove it and ask for a new link:"
            ),
        )
    }

    pub(super) fn other_profile(platform: &str, wanted: &str, came: &str) -> Self {
        Self::new(
            Stop::OtherProfile,
            "That is another profile",
            format!(
                "This link renews {wanted}, but you signed in to {platform} as {came}. Sign out there, ask for a \
                 new link and sign in as {wanted}; nothing was changed."
            ),
        )
    }

    pub(super) fn platform(message: impl Into<String>) -> Self {
        Self::new(Stop::Platform, "It did not work", message)
    }
}

impl From<AppError> for Stopped {
    fn from(error: AppError) -> Self {
        if let AppError::QuotaExceeded(message) = error {
            return Self::new(Stop::Full, "There is no room for more accounts", message);
        }
        let message = "Something went wrong on our side. Nothing was connected; ask for a new link.";
        Self { cause: Some(error), ..Self::new(Stop::Internal, "Something went wrong", message) }
    }
}

impl From<store::StoreError> for Stopped {
    fn from(error: store::StoreError) -> Self {
        AppError::from(error).into()
    }
}
