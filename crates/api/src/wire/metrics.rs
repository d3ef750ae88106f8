//! Readings of posts and accounts on the wire.

use app::metrics::{AccountMetrics, DestinationMetrics, age_of};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shown;

/// Where readings stand.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ReadingStatus {
    /// The post is not live.
    NotPublished,
    /// There are more to come.
    Reading,
    /// There are no more to come.
    Ended,
    /// The platform tells nothing.
    NotOffered,
}

/// Why there are no more readings.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum EndedReason {
    /// The last one is taken.
    Complete,
    /// The platform does not show the post any more.
    PostGone,
    /// The account's access does not include its numbers.
    PermissionMissing,
    /// The platform told none, however often it was asked.
    Unreadable,
}

/// How a post did over time.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostMetrics {
    pub(crate) post_id: Uuid,
    /// One for each account, in the order given.
    pub(crate) destinations: Vec<DestinationReadings>,
}

/// How a post did on one account.
#[derive(Serialize, ToSchema)]
pub(crate) struct DestinationReadings {
    /// Null on a draft.
    #[schema(required)]
    destination_id: Option<Uuid>,
    account_id: i64,
    #[schema(example = "instagram")]
    platform: String,
    #[schema(required)]
    account_name: Option<String>,
    #[schema(required)]
    platform_post_url: Option<String>,
    #[schema(required, format = DateTime)]
    published_at: Option<String>,
    #[schema(value_type = ReadingStatus)]
    status: &'static str,
    /// Null unless the status is `ended`.
    #[schema(value_type = Option<EndedReason>, required)]
    ended_reason: Option<&'static str>,
    /// What to know about the status.
    #[schema(required)]
    message: Option<String>,
    #[schema(required, format = DateTime)]
    next_reading_at: Option<String>,
    /// The latest reading.
    #[schema(required)]
    latest: Option<PostReading>,
    /// All of them, oldest first.
    readings: Vec<PostReading>,
}

/// The numbers of a post at a moment. Null is what the platform does not tell.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct PostReading {
    /// How old the post was to be at this reading.
    #[schema(example = 24)]
    age_hours: i64,
    /// When it was taken.
    #[schema(format = DateTime)]
    read_at: String,
    #[schema(required)]
    views: Option<i64>,
    #[schema(required)]
    likes: Option<i64>,
    #[schema(required)]
    comments: Option<i64>,
    #[schema(required)]
    shares: Option<i64>,
    #[schema(required)]
    impressions: Option<i64>,
    #[schema(required)]
    clicks: Option<i64>,
}

/// How an account did over time.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountReadings {
    account_id: i64,
    #[schema(example = "instagram")]
    platform: String,
    account_name: String,
    #[schema(value_type = ReadingStatus)]
    status: &'static str,
    /// Null unless the status is `ended`.
    #[schema(value_type = Option<EndedReason>, required)]
    ended_reason: Option<&'static str>,
    /// What to know about the status.
    #[schema(required)]
    message: Option<String>,
    #[schema(required, format = DateTime)]
    next_reading_at: Option<String>,
    range: ReadingRange,
    /// By the latest of the readings.
    #[schema(required)]
    followers: Option<i64>,
    /// Between the first and the latest of the readings; null with fewer than two.
    #[schema(required)]
    change_in_range: Option<i64>,
    /// The latest 1,000 of the range, oldest first.
    readings: Vec<FollowerReading>,
}

/// The times that readings are shown of.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReadingRange {
    /// Null without `from`.
    #[schema(required, format = DateTime)]
    from: Option<String>,
    #[schema(format = DateTime)]
    to: String,
}

/// An account's followers at a moment.
#[derive(Serialize, ToSchema)]
pub(crate) struct FollowerReading {
    #[schema(format = DateTime)]
    read_at: String,
    followers: i64,
}

impl From<DestinationMetrics> for DestinationReadings {
    fn from(metrics: DestinationMetrics) -> Self {
        let DestinationMetrics { destination, status, message, next_at, readings } = metrics;
        let readings: Vec<PostReading> = readings
            .iter()
            .map(|reading| PostReading {
                age_hours: age_of(reading.step).as_millis() / 3_600_000,
                read_at: reading.at.to_iso_millis(),
                views: reading.figures.views,
                likes: reading.figures.likes,
                comments: reading.figures.comments,
                shares: reading.figures.shares,
                impressions: reading.figures.impressions,
                clicks: reading.figures.clicks,
            })
            .collect();
        Self {
            destination_id: destination.id.map(|id| id.0),
            account_id: destination.account_id.0,
            platform: destination.platform.as_str().to_owned(),
            account_name: destination.account_name,
            platform_post_url: destination.platform_post_url,
            published_at: shown(destination.published_at),
            status: status.as_str(),
            ended_reason: status.reason(),
            message,
            next_reading_at: shown(next_at),
            latest: readings.last().cloned(),
            readings,
        }
    }
}

impl From<AccountMetrics> for AccountReadings {
    fn from(metrics: AccountMetrics) -> Self {
        let (first, last) = (metrics.counts.first(), metrics.counts.last());
        let change = first.zip(last).filter(|_| metrics.counts.len() > 1);
        Self {
            account_id: metrics.account_id.0,
            platform: metrics.platform.as_str().to_owned(),
            status: metrics.status.as_str(),
            ended_reason: metrics.status.reason(),
            message: metrics.message,
            next_reading_at: shown(metrics.next_at),
            range: ReadingRange { from: shown(metrics.from), to: metrics.to.to_iso_millis() },
            followers: last.map(|count| count.followers),
            change_in_range: change.map(|(first, last)| last.followers - first.followers),
            readings: metrics
                .counts
                .iter()
                .map(|count| FollowerReading {
                    read_at: count.at.to_iso_millis(),
                    followers: count.followers,
                })
                .collect(),
            account_name: metrics.account_name,
        }
    }
}
