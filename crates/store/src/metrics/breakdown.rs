//! What went live and what failed in a period, by time, platform, account or campaign, with what
//! people did with it.

use std::collections::BTreeMap;

use domain::metrics::Figures;
use domain::{AccountId, CampaignId, OrganizationId, PlatformName, Timestamp, WorkspaceId};

use super::figures;
use crate::conn::on;
use crate::rows::{Column, Rows};
use crate::{Store, StoreError};

/// What the numbers are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenDownBy {
    /// The step of time.
    Step,
    /// The platform.
    Platform,
    /// The account.
    Account,
    /// The campaign, or none.
    Campaign,
}

/// Which destinations count; `None` for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakdownFilter {
    /// Those of an account.
    pub account_id: Option<AccountId>,
    /// Those of a campaign's posts.
    pub campaign_id: Option<CampaignId>,
    /// Those on a platform.
    pub platform: Option<PlatformName>,
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakdownKey {
    /// The step that begins then.
    Step(Timestamp),
    /// A platform.
    Platform(PlatformName),
    /// An account.
    Account {
        /// The account.
        id: AccountId,
        /// Its platform.
        platform: PlatformName,
        /// The handle without `@`.
        username: Option<String>,
        /// The shown name.
        display_name: String,
    },
    /// A campaign with its name; `None` for posts that belong to none.
    Campaign(Option<(CampaignId, String)>),
}

/// The numbers of one key. A key without any is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakdownRow {
    /// What the row is about.
    pub key: BreakdownKey,
    /// Destinations that went live.
    pub published: i64,
    /// Destinations that failed for good.
    pub failed: i64,
    /// What people did with those that went live, by the latest reading of each.
    pub figures: Figures,
}

pub(crate) const COLUMNS: &str =
    "organization_id, workspace_id, begins, ends, only_account, only_campaign, only_platform";

/// Begun with the steps, so that each account's destinations are found by time.
macro_rules! text {
    ($numbers:literal, $keys:literal, $joined:literal, $at:literal, $group:literal) => {
        concat!(
            "SELECT ",
            $keys,
            $numbers,
            $joined,
            " WHERE a.organization_id = v.organization_id AND a.workspace_id = v.workspace_id
      AND (v.only_account IS NULL OR a.id = v.only_account)
      AND d.organization_id = a.organization_id AND d.account_id = a.id
      AND (v.only_platform IS NULL OR d.platform = v.only_platform)
      AND d.",
            $at,
            " IS NOT NULL AND d.",
            $at,
            " >= v.begins AND d.",
            $at,
            " < v.ends
      AND p.organization_id = d.organization_id AND p.id = d.post_id AND p.deleted_at IS NULL
      AND (v.only_campaign IS NULL OR p.campaign_id = v.only_campaign)
    GROUP BY ",
            $group
        )
    };
}
/// As in [`super::totals::SUM`], with those that nobody has read yet.
macro_rules! live {
    ($keys:literal, $joined:literal, $group:literal) => {
        text!(
            ", COUNT(*), CAST(SUM(r.views) AS BIGINT), CAST(SUM(r.likes) AS BIGINT),
        CAST(SUM(r.comments) AS BIGINT), CAST(SUM(r.shares) AS BIGINT), CAST(SUM(r.impressions) AS BIGINT),
        CAST(SUM(COALESCE(r.clicks, (SELECT MAX(q.clicks) FROM post_readings q
            WHERE q.organization_id = r.organization_id AND q.destination_id = r.destination_id))) AS BIGINT)
    FROM v CROSS JOIN accounts a CROSS JOIN destinations d CROSS JOIN posts p
    LEFT JOIN post_readings r ON r.organization_id = d.organization_id AND r.destination_id = d.id
      AND r.step = (SELECT MAX(q.step) FROM post_readings q
          WHERE q.organization_id = d.organization_id AND q.destination_id = d.id)",
            $keys,
            $joined,
            "published_at",
            $group
        )
    };
}
macro_rules! failed {
    ($keys:literal, $joined:literal, $group:literal) => {
        text!(
            ", COUNT(*) FROM v CROSS JOIN accounts a CROSS JOIN destinations d CROSS JOIN posts p",
            $keys,
            $joined,
            "failed_at",
            $group
        )
    };
}
/// What went live, and what failed.
macro_rules! both {
    ($keys:literal, $joined:literal, $group:literal) => {
        [live!($keys, $joined, $group), failed!($keys, $joined, $group)]
    };
}

pub(crate) const BY_STEP: [&str; 2] =
    both!("v.begins, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT)", "", "1");
pub(crate) const BY_PLATFORM: [&str; 2] =
    both!("CAST(NULL AS BIGINT), d.platform, CAST(NULL AS TEXT), CAST(NULL AS TEXT)", "", "2");
pub(crate) const BY_ACCOUNT: [&str; 2] =
    both!("a.id, a.platform, a.username, a.display_name", "", "1, 2, 3, 4");
pub(crate) const BY_CAMPAIGN: [&str; 2] = both!(
    "p.campaign_id, c.name, CAST(NULL AS TEXT), CAST(NULL AS TEXT)",
    " LEFT JOIN campaigns c ON c.organization_id = p.organization_id AND c.id = p.campaign_id",
    "1, 2"
);
/// When the first destination went live or failed.
pub(crate) const FIRST: &str = "SELECT MIN(first) FROM (
        SELECT (SELECT MIN(d.published_at) FROM destinations d WHERE d.organization_id = a.organization_id
            AND d.account_id = a.id AND d.published_at IS NOT NULL) AS first
        FROM accounts a WHERE a.organization_id = $1 AND a.workspace_id = $2
        UNION ALL
        SELECT (SELECT MIN(d.failed_at) FROM destinations d WHERE d.organization_id = a.organization_id
            AND d.account_id = a.id AND d.failed_at IS NOT NULL)
        FROM accounts a WHERE a.organization_id = $1 AND a.workspace_id = $2) firsts";

type Key = (Option<i64>, Option<String>, Option<String>, Option<String>);
type Live = (
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);
type Failed = (Option<i64>, Option<String>, Option<String>, Option<String>, i64);

impl BrokenDownBy {
    const fn texts(self) -> [&'static str; 2] {
        match self {
            Self::Step => BY_STEP,
            Self::Platform => BY_PLATFORM,
            Self::Account => BY_ACCOUNT,
            Self::Campaign => BY_CAMPAIGN,
        }
    }

    fn key(self, (number, first, second, third): Key) -> BreakdownKey {
        let platform = |name: Option<String>| PlatformName::from_text(&name.unwrap_or_default());
        match self {
            Self::Step => BreakdownKey::Step(Timestamp::from_micros(number.unwrap_or_default())),
            Self::Platform => BreakdownKey::Platform(platform(first)),
            Self::Account => BreakdownKey::Account {
                id: AccountId(number.unwrap_or_default()),
                platform: platform(first),
                username: second,
                display_name: third.unwrap_or_default(),
            },
            Self::Campaign => {
                BreakdownKey::Campaign(number.map(|id| (CampaignId(id), first.unwrap_or_default())))
            }
        }
    }
}

impl Store {
    /// What went live and what failed in these steps, each from its beginning until before its end.
    /// Told apart by anything but the step, the numbers are those of all steps together. There may be
    /// as many steps as a statement takes rows: 500.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn break_down(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        steps: &[(Timestamp, Timestamp)],
        by: BrokenDownBy,
        filter: &BreakdownFilter,
    ) -> Result<Vec<BreakdownRow>, StoreError> {
        let mut read = self.read().await?;
        let mut found: BTreeMap<Key, (i64, i64, Figures)> = BTreeMap::new();
        let [live, failed] = by.texts();
        let each = || steps.iter();
        let platform = filter.platform.as_ref().map(PlatformName::as_str);
        let rows = Rows::new([
            Column::uuids(each().map(|_| organization.0)),
            Column::uuids(each().map(|_| workspace.0)),
            Column::ints(each().map(|(begins, _)| begins.as_micros())),
            Column::ints(each().map(|(_, ends)| ends.as_micros())),
            Column::maybe_ints(each().map(|_| filter.account_id.map(|id| id.0))),
            Column::maybe_ints(each().map(|_| filter.campaign_id.map(|id| id.0))),
            Column::maybe_texts(each().map(|_| platform)),
        ]);
        let counted: Vec<Live> = rows.query_as(&mut read.conn(), COLUMNS, live).await?;
        for (number, first, second, third, count, views, likes, comments, shares, seen, clicks) in counted {
            let sums = figures((views, likes, comments, shares, seen, clicks));
            found.insert((number, first, second, third), (count, 0, sums));
        }
        let counted: Vec<Failed> = rows.query_as(&mut read.conn(), COLUMNS, failed).await?;
        for (number, first, second, third, count) in counted {
            found.entry((number, first, second, third)).or_default().1 = count;
        }
        let row = |(key, (published, failed, figures))| BreakdownRow {
            key: by.key(key),
            published,
            failed,
            figures,
        };
        Ok(found.into_iter().map(row).collect())
    }

    /// When the workspace's first destination went live or failed; `None` where none has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_first_outcome(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let first: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(FIRST).bind(organization.0).bind(workspace.0).fetch_one(&mut *c).await?
        });
        Ok(first.map(Timestamp::from_micros))
    }
}
