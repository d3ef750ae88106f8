//! A period's numbers told apart, on the wire.

use app::analytics::{Breakdown, Key, Row};
use serde::Serialize;
use utoipa::ToSchema;

use super::analytics::{MetricSums, PeriodName, PeriodRange};
use super::shown;

/// What numbers are told apart by.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum BreakdownBy {
    /// The day; of longer periods the week or the month.
    Day,
    /// The platform.
    Platform,
    /// The account.
    Account,
    /// The campaign.
    Campaign,
}

/// How long steps of time are.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum StepName {
    /// A day.
    Day,
    /// Monday to Sunday, of periods of more than 100 days.
    Week,
    /// A month of the calendar, of periods of more than two years.
    Month,
}

/// A period's destinations, told apart.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnalyticsBreakdown {
    #[schema(value_type = PeriodName)]
    period: &'static str,
    range: PeriodRange,
    #[schema(value_type = BreakdownBy)]
    by: &'static str,
    /// How long the steps are; null unless `by` is `day`.
    #[schema(required, value_type = Option<StepName>)]
    step: Option<&'static str>,
    /// The zone that the days are of.
    #[schema(example = "Europe/Berlin")]
    timezone: String,
    /// By `day` every step in order, also those without any; otherwise those that have any, most
    /// published first.
    rows: Vec<BreakdownRow>,
}

/// The numbers of a step of time, a platform, an account or a campaign. What it is not about is null.
#[derive(Serialize, ToSchema)]
pub(crate) struct BreakdownRow {
    /// The first day of the step.
    #[schema(required, format = Date, example = "2027-01-31")]
    date: Option<String>,
    /// The platform, also of an account.
    #[schema(required, example = "instagram")]
    platform: Option<String>,
    #[schema(required)]
    account_id: Option<i64>,
    #[schema(required)]
    account_name: Option<String>,
    /// By `campaign`, null for posts that belong to none.
    #[schema(required)]
    campaign_id: Option<i64>,
    #[schema(required)]
    campaign_name: Option<String>,
    /// Destinations that went live.
    published: i64,
    /// Destinations that failed for good.
    failed: i64,
    /// Sums over those that went live, by the latest reading of each.
    metrics: MetricSums,
}

impl From<Breakdown> for AnalyticsBreakdown {
    fn from(found: Breakdown) -> Self {
        Self {
            period: found.period.as_str(),
            range: PeriodRange { from: shown(found.from), to: found.to.to_iso_millis() },
            by: found.by.as_str(),
            step: found.step.map(domain::analytics::StepLength::as_str),
            timezone: found.timezone,
            rows: found.rows.into_iter().map(BreakdownRow::from).collect(),
        }
    }
}

impl From<Row> for BreakdownRow {
    fn from(row: Row) -> Self {
        let mut shown = Self {
            date: None,
            platform: None,
            account_id: None,
            account_name: None,
            campaign_id: None,
            campaign_name: None,
            published: row.published,
            failed: row.failed,
            metrics: MetricSums::from(row.figures),
        };
        match row.key {
            Key::Date(date) => shown.date = Some(date),
            Key::Platform(platform) => shown.platform = Some(platform.as_str().to_owned()),
            Key::Account(id, name, platform) => {
                shown.account_id = Some(id.0);
                shown.account_name = Some(name);
                shown.platform = Some(platform.as_str().to_owned());
            }
            Key::Campaign(campaign) => {
                (shown.campaign_id, shown.campaign_name) =
                    campaign.map_or((None, None), |(id, name)| (Some(id.0), Some(name)));
            }
        }
        shown
    }
}
