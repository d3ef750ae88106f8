//! When accounts' posts went live, counted by steps of time.

use domain::{AccountId, OrganizationId, Span, Timestamp};

use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// How many of an account's posts went live in a step of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WentLive {
    /// The account.
    pub account_id: AccountId,
    /// When the step begins.
    pub at: Timestamp,
    /// How many.
    pub count: u64,
}

pub(crate) const COLUMNS: &str = "organization_id, account_id, since, step";
pub(crate) const COUNT: &str = "SELECT d.account_id, d.published_at / v.step * v.step, COUNT(*)
    FROM v CROSS JOIN destinations d
    WHERE d.organization_id = v.organization_id AND d.account_id = v.account_id
        AND d.published_at IS NOT NULL AND d.published_at >= v.since
    GROUP BY 1, 2 ORDER BY 1, 2";

impl Store {
    /// When these accounts' posts went live since then, in steps.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_went_live(
        &self,
        organization: OrganizationId,
        accounts: &[AccountId],
        since: Timestamp,
        step: Span,
    ) -> Result<Vec<WentLive>, StoreError> {
        let mut read = self.read().await?;
        let mut found = Vec::new();
        for accounts in accounts.chunks(MOST_ROWS) {
            let rows = Rows::new([
                Column::uuids(accounts.iter().map(|_| organization.0)),
                Column::ints(accounts.iter().map(|account| account.0)),
                Column::ints(accounts.iter().map(|_| since.as_micros())),
                Column::ints(accounts.iter().map(|_| step.as_micros())),
            ]);
            let counted: Vec<(i64, i64, i64)> = rows.query_as(&mut read.conn(), COLUMNS, COUNT).await?;
            found.extend(counted.into_iter().map(|(account, at, count)| WentLive {
                account_id: AccountId(account),
                at: Timestamp::from_micros(at),
                count: u64::try_from(count).unwrap_or(0),
            }));
        }
        Ok(found)
    }
}
