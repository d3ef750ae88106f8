//! How posts and accounts do: what was read so far, what is read next, and why nothing more is.

use domain::metrics::{LATEST, READINGS, ReadingEnd, reading_at};
use domain::{AccountId, DestinationId, DestinationStatus, PlatformName, PostId, Span, Timestamp};
use store::{AccountReading, PostMetricsRow, PostReadingRow};

use crate::posts::DestinationView;
use crate::{App, AppError, Caller};

/// The most counts that one answer has: almost three years of them.
pub const COUNTS_MAX: u32 = 1_000;

/// Where readings stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingStatus {
    /// The post is not live.
    NotPublished,
    /// There are more to come.
    Reading,
    /// There are no more to come.
    Ended(ReadingEnd),
}

impl ReadingStatus {
    /// The status as it is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotPublished => "not_published",
            Self::Reading => "reading",
            Self::Ended(ReadingEnd::NotOffered) => "not_offered",
            Self::Ended(_) => "ended",
        }
    }

    /// Why there are no more.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::NotPublished | Self::Reading | Self::Ended(ReadingEnd::NotOffered) => None,
            Self::Ended(end) => Some(end.as_str()),
        }
    }
}

/// The readings of one destination.
#[derive(Clone, Debug, PartialEq)]
pub struct DestinationMetrics {
    /// The destination; `None` on a draft.
    pub destination: DestinationView,
    /// Where they stand.
    pub status: ReadingStatus,
    /// What a person has to know about that.
    pub message: Option<String>,
    /// When the next one is taken.
    pub next_at: Option<Timestamp>,
    /// Those that were taken, oldest first.
    pub readings: Vec<PostReadingRow>,
}

/// The readings of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountMetrics {
    /// The account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// Its name.
    pub account_name: String,
    /// Where its readings stand.
    pub status: ReadingStatus,
    /// What a person has to know about that.
    pub message: Option<String>,
    /// When followers are counted next.
    pub next_at: Option<Timestamp>,
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Timestamp,
    /// The counts, oldest first.
    pub counts: Vec<AccountReading>,
}

/// How old a post is at a reading.
pub fn age_of(step: usize) -> Span {
    READINGS.get(step).copied().unwrap_or(Span::ZERO)
}

/// The readings of a post's destinations.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn of_post(app: &App, caller: &Caller, id: PostId) -> Result<Vec<DestinationMetrics>, AppError> {
    let post = crate::posts::get(app, caller, id).await?;
    let mut read = app.store.list_post_metrics(caller.organization_id, id).await?;
    let now = app.clock.now();
    let mut all = Vec::with_capacity(post.destinations.len());
    for destination in post.destinations {
        let row = destination.id.and_then(|id: DestinationId| read.remove(&id));
        let problem = match &row {
            Some(PostMetricsRow { next_at: Some(_), .. }) => {
                let account = destination.account_id;
                app.store.find_reading_state(caller.organization_id, account).await?.problem
            }
            _ => None,
        };
        all.push(of_destination(app, destination, row, problem, now));
    }
    Ok(all)
}

fn of_destination(
    app: &App,
    destination: DestinationView,
    row: Option<PostMetricsRow>,
    problem: Option<String>,
    now: Timestamp,
) -> DestinationMetrics {
    let planned = row.is_some();
    let PostMetricsRow { next_at, ended, detail, readings } = row.unwrap_or_default();
    let published_at = destination.published_at.unwrap_or(now);
    let (status, next_at) = if destination.status != DestinationStatus::Published {
        (ReadingStatus::NotPublished, None)
    } else if let Some(end) = ended {
        (ReadingStatus::Ended(end), None)
    } else if !offers_metrics(app, &destination.platform) {
        (ReadingStatus::Ended(ReadingEnd::NotOffered), None)
    } else if planned {
        (ReadingStatus::Reading, next_at)
    } else if published_at + LATEST < now {
        (ReadingStatus::Ended(ReadingEnd::Complete), None)
    } else {
        // It went live a moment ago.
        (ReadingStatus::Reading, reading_at(published_at, 0))
    };
    let name = name_of(app, &destination.platform);
    let message = match status {
        ReadingStatus::NotPublished | ReadingStatus::Ended(ReadingEnd::Complete) => None,
        ReadingStatus::Reading => problem.or(detail),
        ReadingStatus::Ended(ReadingEnd::NotOffered) => Some(format!("{name} tells no numbers of posts.")),
        ReadingStatus::Ended(ReadingEnd::PostGone) => {
            Some(format!("{name} does not show the post any more."))
        }
        ReadingStatus::Ended(ReadingEnd::PermissionMissing | ReadingEnd::Unreadable) => {
            Some(detail.unwrap_or_else(|| format!("{name} told no numbers of the post.")))
        }
    };
    DestinationMetrics { destination, status, message, next_at, readings }
}

/// An account's followers as they were counted between two moments.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Validation`] for a time that ends before it begins.
pub async fn of_account(
    app: &App,
    caller: &Caller,
    id: AccountId,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<AccountMetrics, AppError> {
    let to = to.unwrap_or_else(|| app.clock.now());
    if from.is_some_and(|from| from > to) {
        return Err(AppError::validation("to", "to must not be before from."));
    }
    let account = crate::accounts::get(app, caller, id).await?;
    let state = app.store.find_reading_state(caller.organization_id, id).await?;
    let counts = app.store.list_account_readings(caller.organization_id, id, from, to, COUNTS_MAX).await?;
    let name = name_of(app, &account.platform);
    let status = match state.followers_end {
        _ if !offers_metrics(app, &account.platform) => ReadingStatus::Ended(ReadingEnd::NotOffered),
        Some(end) => ReadingStatus::Ended(end),
        None => ReadingStatus::Reading,
    };
    let message = match status {
        ReadingStatus::Ended(ReadingEnd::NotOffered) => Some(format!("{name} tells no numbers of accounts.")),
        ReadingStatus::Ended(_) => Some(format!(
            "The account's access does not include how many follow it on {name}; connect it again with every \
             permission."
        )),
        ReadingStatus::NotPublished | ReadingStatus::Reading => state.problem,
    };
    Ok(AccountMetrics {
        account_id: account.id,
        platform: account.platform,
        account_name: account.account_name,
        next_at: state.followers_at.filter(|_| status == ReadingStatus::Reading),
        status,
        message,
        from,
        to,
        counts,
    })
}

fn offers_metrics(app: &App, platform: &PlatformName) -> bool {
    app.registry.connector(platform).is_some_and(|connector| connector.metrics().is_some())
}

fn name_of<'a>(app: &App, platform: &'a PlatformName) -> &'a str {
    app.registry.spec(platform).map_or(platform.as_str(), |spec| spec.display_name)
}
