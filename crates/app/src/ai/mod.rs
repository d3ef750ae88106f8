//! Captions and pictures from a model: what they cost, and whom they are asked of. Any provider does that
//! speaks the chat and image calls of OpenAI's API.

mod caption;
mod image;
mod in_use;
mod operate;
mod provider;

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{OrganizationId, Span, Timestamp};
use store::{CreditHold, CreditsNow, Held};
use url::Url;

pub use caption::{CaptionOrder, Captions, write_captions};
pub use image::{ImageOrder, MadeImage, make_image};
pub use in_use::AiInUse;
pub use operate::{NewProvider, remove_provider, set_provider, test_provider};

use crate::{App, AppError, limits};

/// Credits come back by themselves after this, should the process die meanwhile: longer than any call of
/// a provider takes.
const HELD_FOR: Span = Span::from_minutes(30);
/// What stands for no limit, so that typed clients can hold it.
const NO_LIMIT: i64 = 9_007_199_254_740_991;

/// The provider, and how much an organization may use it.
#[derive(Clone, Default)]
pub struct AiSettings {
    /// The API's root, such as `https://api.openai.com/v1`; `None` where there is no provider.
    pub base_url: Option<Url>,
    /// The provider's key; empty where it wants none.
    pub api_key: String,
    /// The model that writes captions; empty where none does.
    pub caption_model: String,
    /// The model that makes pictures; empty where none does.
    pub image_model: String,
    /// Other models by the names that callers choose from.
    pub image_models: BTreeMap<String, String>,
    /// How long a call may take.
    pub timeout: Duration,
    /// Whether its address was entered by somebody, and must not lead into private networks.
    pub guarded: bool,
}

impl std::fmt::Debug for AiSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AiSettings").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// An organization's credits in this month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credits {
    /// Used, with what is held.
    pub used: i64,
    /// The most of a month.
    pub limit: i64,
    /// What is left beyond the months.
    pub bonus: i64,
}

/// An organization's credits in this month.
///
/// # Errors
/// Only internal ones.
pub async fn credits(app: &App, organization: OrganizationId) -> Result<Credits, AppError> {
    let now = app.clock.now();
    let CreditsNow { used, bonus } = app.store.count_ai_credits(organization, month_of(now), now).await?;
    Ok(Credits { used, limit: limit(app, organization).await?, bonus })
}

async fn limit(app: &App, organization: OrganizationId) -> Result<i64, AppError> {
    Ok(limits::of(app, organization).await?.ai_credits.unwrap_or(NO_LIMIT))
}

/// What can be spent: what is left in the month, and beyond the months.
fn left(limit: i64, now: CreditsNow) -> i64 {
    (limit - now.used).max(0).saturating_add(now.bonus).min(NO_LIMIT)
}

/// Months follow the calendar of UTC.
fn month_of(now: Timestamp) -> i64 {
    let text = now.to_iso_millis();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i64>().ok());
    number(0..4).unwrap_or(0) * 12 + number(5..7).unwrap_or(0)
}

/// Credits that are held until it is known what became of the work.
struct Hold<'a> {
    app: &'a App,
    organization: OrganizationId,
    hold: CreditHold,
}

impl<'a> Hold<'a> {
    async fn take(app: &'a App, organization: OrganizationId, credits: i64) -> Result<Self, AppError> {
        let (now, limit) = (app.clock.now(), limit(app, organization).await?);
        let hold = CreditHold {
            id: app.entropy.uuid(now),
            month: month_of(now),
            credits,
            limit,
            now,
            expires_at: now + HELD_FOR,
        };
        match app.store.hold_ai_credits(organization, hold).await? {
            Held::Yes(_) => Ok(Self { app, organization, hold }),
            Held::Short(now) => {
                Err(AppError::InsufficientCredits { needed: credits, left: left(limit, now) })
            }
        }
    }

    /// Ends the hold with what was spent of it; gives what is left.
    async fn settle(self, spent: i64) -> Result<i64, AppError> {
        let now = self.app.store.settle_ai_credits(self.organization, self.hold, spent).await?;
        Ok(left(self.hold.limit, now))
    }

    /// Gives everything back because of `error`.
    async fn give_back(self, error: AppError) -> AppError {
        match self.settle(0).await {
            Ok(_) => error,
            // They go back by themselves later.
            Err(failed) => failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_number_of_its_own() {
        let at = |text: &str| month_of(Timestamp::parse(text).unwrap());
        assert_eq!(at("2027-01-31T23:59:59.999Z"), 2027 * 12 + 1);
        assert_eq!(at("2027-02-01T00:00:00Z"), at("2027-01-01T00:00:00Z") + 1);
        assert_eq!(at("2027-12-31T00:00:00Z") + 1, at("2028-01-01T00:00:00Z"));
    }
}
