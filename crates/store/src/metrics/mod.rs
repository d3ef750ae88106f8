//! Readings of how posts and accounts do: when each is due, who reads, and what was read. Must not
//! know how a platform is asked.

pub(crate) mod breakdown;
pub(crate) mod history;
pub(crate) mod lanes;
pub(crate) mod plans;
mod record;
pub(crate) mod totals;

use domain::metrics::{Figures, ReadingEnd};

use crate::StoreError;

pub use breakdown::{BreakdownFilter, BreakdownKey, BreakdownRow, BrokenDownBy};
pub use history::{AccountReading, PostMetricsRow, PostReadingRow, ReadingState};
pub use lanes::{DueMetricLane, DuePost, MetricLane, MetricLease};
pub use plans::{LiveDestination, LivePlace};
pub use record::{NewFollowers, NewPostReading};
pub use totals::{AudienceRow, WeekFigures};

/// The numbers as columns.
type Columns = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

const fn figures((views, likes, comments, shares, impressions, clicks): Columns) -> Figures {
    Figures { views, likes, comments, shares, impressions, clicks }
}

fn read_end(
    table: &'static str,
    column: &'static str,
    id: &dyn std::fmt::Display,
    text: Option<&str>,
) -> Result<Option<ReadingEnd>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    let end = ReadingEnd::parse(text).ok_or_else(|| StoreError::Corrupt {
        table,
        column,
        id: id.to_string(),
        reason: format!("unknown reason {text}"),
    })?;
    Ok(Some(end))
}
