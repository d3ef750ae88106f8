//! Webhooks: what may be asked for, what is sent, and when it is tried again.

use serde_json::{Value, json};

use crate::{EventId, OrganizationId, Span, Timestamp};

/// The most webhooks that an organization may have.
pub const PER_ORGANIZATION: u32 = 25;
/// The longest name, in characters.
pub const NAME_MAX: usize = 100;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 500;
/// The longest address, in bytes.
pub const URL_MAX: usize = 2048;
/// For how long events and what became of their deliveries are kept.
pub const KEPT_FOR: Span = Span::from_days(30);

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryStatus {
    /// Waits for its first or its next try.
    Pending,
    /// The receiver took it.
    Delivered,
    /// Given up.
    Dead,
}

impl DeliveryStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Dead];

    /// The status as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// How often a delivery is tried, and when a webhook is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryPolicy {
    /// Pauses between tries; their number plus one is the number of tries.
    pub pauses: Vec<Span>,
    /// So many tries of one webhook that fail in a row switch it off.
    pub disable_after: u32,
    /// The longest that a receiver may put the next try off.
    pub longest_wait: Span,
}

impl Default for DeliveryPolicy {
    fn default() -> Self {
        Self {
            pauses: vec![
                Span::from_minutes(1),
                Span::from_minutes(5),
                Span::from_minutes(30),
                Span::from_hours(2),
                Span::from_hours(6),
                Span::from_hours(8),
                Span::from_hours(12),
            ],
            disable_after: 20,
            longest_wait: Span::from_hours(24),
        }
    }
}

impl DeliveryPolicy {
    /// The pause after `tries` failed tries, or `None` when none is left. Without jitter: the tries of
    /// one webhook come one after another anyway, and receivers can count on the times.
    pub fn pause_after(&self, tries: u32) -> Option<Span> {
        self.pauses.get(usize::try_from(tries.max(1)).ok()? - 1).copied()
    }
}

/// A secret made of these random bytes.
pub fn format_secret(random: [u8; 32]) -> String {
    use std::fmt::Write as _;
    let mut secret = String::with_capacity(70);
    secret.push_str("whsec_");
    for byte in random {
        let _ = write!(secret, "{byte:02x}");
    }
    secret
}

/// An event as receivers get it: the same bytes at every try.
pub fn body(
    organization: OrganizationId,
    event: &str,
    id: EventId,
    created_at: Timestamp,
    data: &Value,
) -> String {
    json!({
        "event": event,
        "event_id": id,
        "created_at": created_at.to_iso_millis(),
        "organization_id": organization,
        "data": data,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_delivery_is_tried_six_times_within_nine_hours() {
        let policy = DeliveryPolicy::default();
        let pauses: Vec<i64> = (1..)
            .map_while(|tries| policy.pause_after(tries))
            .map(|pause| pause.as_millis() / 60_000)
            .collect();
        assert_eq!(pauses, [1, 5, 30, 120, 360, 480, 720]);
    }

    #[test]
    fn a_body_has_the_documented_members_in_their_order() {
        let nil = Uuid::nil();
        let data = json!({ "post_id": nil });
        let body = body(OrganizationId(nil), "post.deleted", EventId(nil), Timestamp::from_seconds(0), &data);
        assert_eq!(
            body,
            format!(
                "{{\"event\":\"post.deleted\",\"event_id\":\"{nil}\",\"created_at\":\"1970-01-01T00:00:00.000Z\",\
                 \"organization_id\":\"{nil}\",\"data\":{{\"post_id\":\"{nil}\"}}}}"
            )
        );
    }

    #[test]
    fn a_secret_has_its_prefix_and_64_digits() {
        let secret = format_secret([0xab; 32]);
        assert_eq!(secret, format!("whsec_{}", "ab".repeat(32)));
    }
}
