//! Times to post at, on the wire.

use app::best_times::{Basis, BestSlot, BestTimes as Found, Recommendation};
use domain::best_times::{ENOUGH, LOOK_BACK};
use serde::Serialize;
use utoipa::ToSchema;

/// Times of the week to post at.
#[derive(Serialize, ToSchema)]
pub(crate) struct BestTimes {
    /// The zone of all times here.
    timezone: String,
    /// For several accounts taken together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    combined: Option<RecommendedTimes>,
    /// One entry for each account, or one for the platform.
    best_times: Vec<RecommendedTimes>,
}

/// Times for one account, for a platform, or for several accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecommendedTimes {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    account_id: Option<i64>,
    /// `all` where accounts of several platforms are taken together.
    platform: String,
    /// The best first.
    slots: Vec<RecommendedSlot>,
    /// What they rest on, in words.
    note: String,
}

/// A time of the week.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecommendedSlot {
    #[schema(example = "Tue 09:00")]
    label: String,
    next: NextTime,
    #[schema(value_type = BasisName)]
    basis: &'static str,
}

/// When it is that time next.
#[derive(Serialize, ToSchema)]
pub(crate) struct NextTime {
    #[schema(example = "2026-10-06")]
    date: String,
    #[schema(example = "09:00")]
    time: String,
    /// The same moment in UTC.
    #[schema(format = DateTime)]
    scheduled_for: String,
}

/// What a time rests on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum BasisName {
    /// How the account's own posts did, or when they went live.
    Personal,
    /// The same of all the workspace's accounts on the platform.
    Platform,
    /// A habit; there are too few posts.
    General,
}

impl From<&Found> for BestTimes {
    fn from(found: &Found) -> Self {
        Self {
            timezone: found.timezone.clone(),
            combined: found.combined.as_ref().map(RecommendedTimes::from),
            best_times: found.each.iter().map(RecommendedTimes::from).collect(),
        }
    }
}

impl From<&Recommendation> for RecommendedTimes {
    fn from(found: &Recommendation) -> Self {
        let slot = |slot: &BestSlot| RecommendedSlot {
            label: slot.slot.label(),
            next: NextTime {
                date: slot.next.local.date.clone(),
                time: slot.next.local.time.clone(),
                scheduled_for: slot.next.at.to_iso_millis(),
            },
            basis: found.basis.as_str(),
        };
        Self {
            account_id: found.account_id.map(|id| id.0),
            platform: found.platform.as_ref().map_or("all", |platform| platform.as_str()).to_owned(),
            slots: found.slots.iter().map(slot).collect(),
            note: note(found),
        }
    }
}

fn note(found: &Recommendation) -> String {
    let days = LOOK_BACK.as_seconds_ceil() / 86_400;
    let posts = found.posts;
    if found.is_read {
        let whose = if found.basis == Basis::Personal { "" } else { " of all accounts on the platform" };
        return format!(
            "The hours whose posts people liked, commented, shared and clicked most, by {posts} posts{whose} of the last {days} days."
        );
    }
    match found.basis {
        Basis::Personal => {
            format!("The hours at which most of {posts} posts of the last {days} days went live.")
        }
        Basis::Platform => format!(
            "The hours at which most of {posts} posts of all accounts on the platform in the last {days} days went live."
        ),
        Basis::General => {
            format!("Common hours: {posts} posts in {days} days are too few to tell; {ENOUGH} are needed.")
        }
    }
}
