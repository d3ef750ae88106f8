//! Numbers on the wire.

use app::analytics::{PlatformNumbers, PostNumbers, Summary};
use app::{AudienceRow, shown_name};
use domain::metrics::Figures;
use serde::Serialize;
use utoipa::ToSchema;

use super::shown;

/// A period's name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum PeriodName {
    /// The last 24 hours.
    Today,
    /// The last seven days.
    Week,
    /// The last 30 days.
    Month,
    /// Everything until now.
    All,
    /// From `from` to `to`.
    Custom,
}

/// What became of a period's posts.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnalyticsSummary {
    #[schema(value_type = PeriodName)]
    period: &'static str,
    range: PeriodRange,
    posts: PostCounts,
    /// Destinations, one entry for each platform that has any.
    by_platform: Vec<PlatformCounts>,
    /// Sums over the destinations that went live in the period, by the latest reading of each.
    metrics: MetricSums,
    ai_credits: AiCreditsUsed,
    /// The latest follower count of each account that has one.
    audience: Vec<Audience>,
}

/// When a period begins and ends.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeriodRange {
    /// Null for `all`.
    #[schema(required, format = DateTime)]
    pub(super) from: Option<String>,
    #[schema(format = DateTime)]
    pub(super) to: String,
}

/// Posts by status.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostCounts {
    total: i64,
    draft: i64,
    scheduled: i64,
    publishing: i64,
    published: i64,
    partially_failed: i64,
    failed: i64,
}

/// Destinations of one platform.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlatformCounts {
    #[schema(example = "instagram")]
    platform: String,
    total: i64,
    /// Those that wait for their time or are going out.
    scheduled: i64,
    published: i64,
    failed: i64,
}

/// What people did with what is published.
#[derive(Serialize, ToSchema)]
pub(crate) struct MetricSums {
    views: i64,
    likes: i64,
    comments: i64,
    shares: i64,
    impressions: i64,
    clicks: i64,
}

/// Credits for captions and images.
#[derive(Serialize, ToSchema)]
pub(crate) struct AiCreditsUsed {
    used_this_period: i64,
    bonus: i64,
}

/// An account's followers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Audience {
    account_id: i64,
    platform: String,
    account_name: String,
    followers: i64,
    /// Null while there is only one reading.
    #[schema(required)]
    change_in_period: Option<i64>,
}

impl From<&Summary> for AnalyticsSummary {
    fn from(summary: &Summary) -> Self {
        Self {
            period: summary.period.as_str(),
            range: PeriodRange { from: shown(summary.from), to: summary.to.to_iso_millis() },
            posts: PostCounts::from(&summary.posts),
            by_platform: summary.by_platform.iter().map(PlatformCounts::from).collect(),
            metrics: MetricSums::from(summary.figures),
            ai_credits: AiCreditsUsed {
                used_this_period: summary.ai_credits.used,
                bonus: summary.ai_credits.bonus,
            },
            audience: summary.audience.iter().map(Audience::from).collect(),
        }
    }
}

impl From<Figures> for MetricSums {
    /// What nobody told adds nothing.
    fn from(figures: Figures) -> Self {
        Self {
            views: figures.views.unwrap_or(0),
            likes: figures.likes.unwrap_or(0),
            comments: figures.comments.unwrap_or(0),
            shares: figures.shares.unwrap_or(0),
            impressions: figures.impressions.unwrap_or(0),
            clicks: figures.clicks.unwrap_or(0),
        }
    }
}

impl From<&AudienceRow> for Audience {
    fn from(row: &AudienceRow) -> Self {
        Self {
            account_id: row.account_id.0,
            platform: row.platform.as_str().to_owned(),
            account_name: shown_name(row.username.as_deref(), &row.display_name),
            followers: row.followers,
            change_in_period: row.change,
        }
    }
}

impl From<&PostNumbers> for PostCounts {
    fn from(numbers: &PostNumbers) -> Self {
        let PostNumbers { total, draft, scheduled, publishing, published, partially_failed, failed } =
            *numbers;
        Self { total, draft, scheduled, publishing, published, partially_failed, failed }
    }
}

impl From<&PlatformNumbers> for PlatformCounts {
    fn from(numbers: &PlatformNumbers) -> Self {
        Self {
            platform: numbers.platform.as_str().to_owned(),
            total: numbers.total,
            scheduled: numbers.scheduled,
            published: numbers.published,
            failed: numbers.failed,
        }
    }
}
