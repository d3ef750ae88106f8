//! Identifiers, one type per thing, so that a post id cannot be passed for an account id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

uuid_id! {
    /// A customer of the server: the tenant that every row belongs to.
    OrganizationId;
    /// A part of an organization with its own accounts and posts.
    WorkspaceId;
    /// A post: content, targets and one destination per account.
    PostId;
    /// One post on one account.
    DestinationId;
    /// A file in the media library.
    MediaId;
    /// An API key (its record, not its secret).
    ApiKeyId;
    /// A way through a platform's sign-in. Cannot be guessed.
    ConnectId;
    /// An outbox event; stable over every delivery of it.
    EventId;
    /// A webhook: an address that events are sent to.
    WebhookId;
    /// An event on its way to one webhook.
    DeliveryId;
    /// A browser that somebody is signed in with (its record, not its token).
    SessionId;
    /// Somebody who may join an organization.
    InvitationId;
    /// A line of the audit log.
    AuditId;
    /// A passkey (its record, not the key).
    PasskeyId;
    /// A login of another system that leads to a person.
    IdentityId;
}

impl EventId {
    /// The least id that an event of `moment` can have.
    pub fn least_at(moment: Timestamp) -> Self {
        let millis = u64::try_from(moment.as_millis()).unwrap_or(0);
        Self(Uuid::from_u128(u128::from(millis) << 80))
    }

    /// When it happened, to the millisecond: ids are made in the order of time.
    pub fn moment(self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.0.as_u128() >> 80).unwrap_or(i64::MAX))
    }
}

macro_rules! integer_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    )*};
}

integer_id! {
    /// A connected social account.
    AccountId;
    /// A campaign: a named group of posts.
    CampaignId;
    /// A person who can sign in.
    UserId;
}
