//! A period's destinations told apart by time, platform, account or campaign.

use std::collections::BTreeMap;

use domain::analytics::{Period, Step, StepLength, Steps, StepsError};
use domain::metrics::Figures;
use domain::{AccountId, CampaignId, PlatformName, Span, Timestamp};
use store::{BreakdownFilter, BreakdownKey, BreakdownRow, BrokenDownBy};

use crate::{App, AppError, Caller, shown_name};

/// What the numbers are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The day; of longer periods the week or the month.
    Day,
    /// The platform.
    Platform,
    /// The account.
    Account,
    /// The campaign.
    Campaign,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The period.
    pub period: Period,
    /// What the numbers are told apart by.
    pub by: By,
    /// Whose days; the queue's zone, or UTC, when it is not named.
    pub timezone: Option<String>,
    /// Only of this account.
    pub account_id: Option<AccountId>,
    /// Only of this campaign's posts.
    pub campaign_id: Option<CampaignId>,
    /// Only on this platform.
    pub platform: Option<PlatformName>,
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The step that begins on this day.
    Date(String),
    /// A platform.
    Platform(PlatformName),
    /// An account.
    Account(AccountId, String, PlatformName),
    /// A campaign; `None` for posts that belong to none.
    Campaign(Option<(CampaignId, String)>),
}

/// The numbers of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the row is about.
    pub key: Key,
    /// Destinations that went live.
    pub published: i64,
    /// Destinations that failed for good.
    pub failed: i64,
    /// What people did with those that went live, by the latest reading of each.
    pub figures: Figures,
}

/// A period's numbers, told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The period.
    pub period: Period,
    /// Its beginning, unless it has none.
    pub from: Option<Timestamp>,
    /// Its end.
    pub to: Timestamp,
    /// What the numbers are told apart by.
    pub by: By,
    /// How long the steps of time are, where they are told apart by time.
    pub step: Option<StepLength>,
    /// Whose days.
    pub timezone: String,
    /// By time each step in order; otherwise those that have any, most published first.
    pub rows: Vec<Row>,
}

impl By {
    /// As it is asked for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Platform => "platform",
            Self::Account => "account",
            Self::Campaign => "campaign",
        }
    }
}

/// A period's numbers, told apart.
///
/// # Errors
/// [`AppError::InvalidTimezone`]; [`AppError::Validation`] for a period that ends before it begins, or
/// that is too long to be cut into steps.
pub async fn breakdown(app: &App, caller: &Caller, ask: Ask) -> Result<Breakdown, AppError> {
    let (from, to) = ask.period.range(app.clock.now());
    if from.is_some_and(|from| from > to) {
        return Err(AppError::validation("to", "to must not be before from."));
    }
    let timezone = crate::queue::zone_or_own(app, caller, ask.timezone).await?;
    let filter =
        BreakdownFilter { account_id: ask.account_id, campaign_id: ask.campaign_id, platform: ask.platform };
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let sum = async |steps: &[(Timestamp, Timestamp)], by| {
        app.store.break_down(organization, workspace, steps, by, &filter).await
    };
    let whole = [(from.unwrap_or(Timestamp::from_micros(i64::MIN)), to + Span::from_micros(1))];
    let (step, rows) = match ask.by {
        By::Day => {
            let begins = match from {
                Some(from) => from,
                None => first(app, caller, to).await?,
            };
            let Steps { length, steps } = Steps::cut(&timezone, begins, to).map_err(|error| match error {
                StepsError::Zone => AppError::InvalidTimezone(timezone.chars().take(100).collect()),
                StepsError::Long => {
                    AppError::validation("from", "from must be 20 years before to at most, by day.")
                }
            })?;
            let ends: Vec<_> = steps.iter().map(|step| (step.begins, step.ends)).collect();
            (Some(length), each_step(steps, sum(&ends, BrokenDownBy::Step).await?))
        }
        By::Platform => (None, most_first(sum(&whole, BrokenDownBy::Platform).await?)),
        By::Account => (None, most_first(sum(&whole, BrokenDownBy::Account).await?)),
        By::Campaign => (None, most_first(sum(&whole, BrokenDownBy::Campaign).await?)),
    };
    Ok(Breakdown { period: ask.period, from, to, by: ask.by, step, timezone, rows })
}

/// When a period without a beginning begins: with the first that went live or failed.
async fn first(app: &App, caller: &Caller, to: Timestamp) -> Result<Timestamp, AppError> {
    let first = app.store.find_first_outcome(caller.organization_id, caller.workspace_id).await?;
    Ok(first.unwrap_or(to).clamp(Steps::earliest(to), to))
}

/// Every step, also those without any.
fn each_step(steps: Vec<Step>, found: Vec<BreakdownRow>) -> Vec<Row> {
    let mut found: BTreeMap<Timestamp, BreakdownRow> = found
        .into_iter()
        .filter_map(|row| match row.key {
            BreakdownKey::Step(at) => Some((at, row)),
            _ => None,
        })
        .collect();
    let row = |Step { date, begins, .. }| {
        let key = Key::Date(date);
        match found.remove(&begins) {
            Some(BreakdownRow { published, failed, figures, .. }) => Row { key, published, failed, figures },
            None => Row { key, published: 0, failed: 0, figures: Figures::default() },
        }
    };
    steps.into_iter().map(row).collect()
}

fn most_first(found: Vec<BreakdownRow>) -> Vec<Row> {
    let row = |BreakdownRow { key, published, failed, figures }| {
        let key = match key {
            BreakdownKey::Step(at) => Key::Date(at.to_iso_millis()),
            BreakdownKey::Platform(platform) => Key::Platform(platform),
            BreakdownKey::Account { id, platform, username, display_name } => {
                Key::Account(id, shown_name(username.as_deref(), &display_name), platform)
            }
            BreakdownKey::Campaign(campaign) => Key::Campaign(campaign),
        };
        Row { key, published, failed, figures }
    };
    let mut rows: Vec<Row> = found.into_iter().map(row).collect();
    // The store's order, by id or name, stays among equals.
    rows.sort_by_key(|row| std::cmp::Reverse((row.published, row.failed)));
    rows
}
