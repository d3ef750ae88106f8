//! Numbers of a period: posts by status, destinations by platform, what people did with them, and who
//! follows the accounts.

mod breakdown;

use std::collections::BTreeMap;

use domain::analytics::Period;
use domain::metrics::Figures;
use domain::{DestinationStatus, PlatformName, PostStatus, Timestamp};
use store::AudienceRow;

use crate::{App, AppError, Caller};

pub use breakdown::{Ask, Breakdown, By, Key, Row, breakdown};

/// Posts by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostNumbers {
    /// All of them.
    pub total: i64,
    /// Drafts.
    pub draft: i64,
    /// Those that wait for their time.
    pub scheduled: i64,
    /// Those that are going out.
    pub publishing: i64,
    /// Those that are live everywhere.
    pub published: i64,
    /// Those that are live on some accounts and failed on others.
    pub partially_failed: i64,
    /// Those that are live nowhere.
    pub failed: i64,
}

/// Destinations on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformNumbers {
    /// The platform.
    pub platform: PlatformName,
    /// All of them.
    pub total: i64,
    /// Those that wait for their time or are going out.
    pub scheduled: i64,
    /// Those that are live.
    pub published: i64,
    /// Those that failed.
    pub failed: i64,
}

/// What became of a workspace's posts in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The period.
    pub period: Period,
    /// Its beginning, unless it has none.
    pub from: Option<Timestamp>,
    /// Its end.
    pub to: Timestamp,
    /// Posts.
    pub posts: PostNumbers,
    /// Destinations, by the name of the platform.
    pub by_platform: Vec<PlatformNumbers>,
    /// What people did with the destinations that went live in the period, by their latest readings.
    pub figures: Figures,
    /// The accounts' followers.
    pub audience: Vec<AudienceRow>,
    /// Credits of the organization that captions and images took since the calendar month began,
    /// whatever the period: that is how they are counted.
    pub ai_credits: crate::ai::Credits,
}

/// The numbers of a period.
///
/// # Errors
/// [`AppError::Validation`] for a period that ends before it begins.
pub async fn summary(app: &App, caller: &Caller, period: Period) -> Result<Summary, AppError> {
    let (from, to) = period.range(app.clock.now());
    if from.is_some_and(|from| from > to) {
        return Err(AppError::validation("to", "to must not be before from."));
    }
    let counts = app.store.count_period(caller.organization_id, caller.workspace_id, from, to).await?;
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let figures = app.store.sum_figures(organization, workspace, from, to).await?;
    let audience = app.store.list_audience(organization, workspace, from, to).await?;
    let mut posts = PostNumbers::default();
    for of in counts.posts {
        posts.total += of.count;
        *match of.status {
            PostStatus::Draft => &mut posts.draft,
            PostStatus::Scheduled => &mut posts.scheduled,
            PostStatus::Publishing => &mut posts.publishing,
            PostStatus::Published => &mut posts.published,
            PostStatus::PartiallyFailed => &mut posts.partially_failed,
            PostStatus::Failed => &mut posts.failed,
        } += of.count;
    }
    let mut platforms: BTreeMap<String, PlatformNumbers> = BTreeMap::new();
    for of in counts.destinations {
        let numbers = platforms.entry(of.platform.as_str().to_owned()).or_insert_with(|| PlatformNumbers {
            platform: of.platform.clone(),
            total: 0,
            scheduled: 0,
            published: 0,
            failed: 0,
        });
        numbers.total += of.count;
        *match of.status {
            DestinationStatus::Queued | DestinationStatus::Publishing => &mut numbers.scheduled,
            DestinationStatus::Published => &mut numbers.published,
            DestinationStatus::Failed => &mut numbers.failed,
        } += of.count;
    }
    let ai_credits = crate::ai::credits(app, caller.organization_id).await?;
    let by_platform = platforms.into_values().collect();
    Ok(Summary { period, from, to, posts, by_platform, figures, audience, ai_credits })
}
