//! Connected accounts.

use domain::account::HealthFacts;
use domain::{AccountId, OrganizationId, PlatformName, Timestamp, WorkspaceId};
use sqlx::QueryBuilder;

use crate::conn::on;
use crate::{Store, StoreError};

/// A connected account, without its credentials.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The platform.
    pub platform: PlatformName,
    /// The platform's own id.
    pub platform_user_id: String,
    /// The handle without `@`.
    pub username: Option<String>,
    /// The shown name.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<String>,
    /// Whether it has the platform's paid tier.
    pub premium: bool,
    /// The host that serves it.
    pub service_url: Option<String>,
    /// Whether it is switched on.
    pub is_active: bool,
    /// Since when the platform refuses the token.
    pub needs_reconnection_since: Option<Timestamp>,
    /// Why.
    pub needs_reconnection_reason: Option<String>,
    /// When access ends for good.
    pub access_ends_at: Option<Timestamp>,
    /// Whether the token is exchanged for a fresh one while it lives, and that works.
    pub is_kept_alive: bool,
    /// When the token was last renewed.
    pub last_refresh_at: Option<Timestamp>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// Permanent failures in the last seven days.
    pub permanent_failures_last_7d: i64,
}

impl AccountRow {
    /// What health is judged by.
    pub fn health_facts(&self) -> HealthFacts {
        HealthFacts {
            is_active: self.is_active,
            needs_reconnection_since: self.needs_reconnection_since,
            access_ends_at: self.access_ends_at,
            is_kept_alive: self.is_kept_alive,
            permanent_failures_last_7d: self.permanent_failures_last_7d,
        }
    }
}

/// An account's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountHealthRow {
    /// Destinations that failed since the given moment.
    pub failures: i64,
    /// Destinations that wait.
    pub queued: i64,
    /// When it last published.
    pub last_published_at: Option<Timestamp>,
}

#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Stored {
    id: i64,
    workspace_id: uuid::Uuid,
    platform: String,
    platform_user_id: String,
    username: Option<String>,
    display_name: String,
    avatar_url: Option<String>,
    premium: i64,
    service_url: Option<String>,
    is_active: i64,
    needs_reconnection_since: Option<i64>,
    needs_reconnection_reason: Option<String>,
    access_ends_at: Option<i64>,
    renews_itself: i64,
    renewal_failures: i64,
    last_refresh_at: Option<i64>,
    created_at: i64,
    permanent_failures: i64,
}

impl Stored {
    pub(crate) fn id(&self) -> i64 {
        self.id
    }
}

impl From<Stored> for AccountRow {
    fn from(row: Stored) -> Self {
        let moment = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        Self {
            id: AccountId(row.id),
            workspace_id: WorkspaceId(row.workspace_id),
            platform: PlatformName::from_text(&row.platform),
            platform_user_id: row.platform_user_id,
            username: row.username,
            display_name: row.display_name,
            avatar_url: row.avatar_url,
            premium: row.premium != 0,
            service_url: row.service_url,
            is_active: row.is_active != 0,
            needs_reconnection_since: moment(row.needs_reconnection_since),
            needs_reconnection_reason: row.needs_reconnection_reason,
            access_ends_at: moment(row.access_ends_at),
            is_kept_alive: row.renews_itself != 0 && row.renewal_failures < FAILURES_THAT_TELL,
            last_refresh_at: moment(row.last_refresh_at),
            created_at: Timestamp::from_micros(row.created_at),
            permanent_failures_last_7d: row.permanent_failures,
        }
    }
}

macro_rules! account_columns {
    ($since:literal) => {
        concat!(
            "a.id, a.workspace_id, a.platform, a.platform_user_id, a.username, a.display_name, a.avatar_url,
            a.premium, a.service_url, a.is_active, a.needs_reconnection_since, a.needs_reconnection_reason,
            a.access_ends_at, a.renews_itself, a.renewal_failures, a.last_refresh_at, a.created_at,
            (SELECT COUNT(*) FROM destinations d WHERE d.organization_id = a.organization_id
                AND d.account_id = a.id AND d.failed_at IS NOT NULL AND d.failed_at >= ", $since, "
                AND d.error_code IN ('token_expired', 'permission_missing', 'content_rejected', 'duplicate',
                    'media_failed', 'account_restricted', 'account_inactive', 'platform_unavailable'))
                AS permanent_failures"
        )
    };
}

pub(crate) const LIST: &str = concat!(
    "SELECT ",
    account_columns!("$3"),
    " FROM accounts a WHERE a.organization_id = $1 AND a.workspace_id = $2 ORDER BY a.id"
);
const FIND: &str =
    concat!("SELECT ", account_columns!("$3"), " FROM accounts a WHERE a.organization_id = $1 AND a.id = $2");
/// No failure is that young, so none is counted.
const FIND_THESE: &str = concat!(
    "SELECT ",
    account_columns!("9223372036854775807"),
    " FROM accounts a WHERE a.organization_id = "
);
pub(crate) const COUNT_ACTIVE: &str =
    "SELECT COUNT(*) FROM accounts WHERE organization_id = $1 AND is_active = 1";
const LOGIN: &str = "SELECT login FROM accounts WHERE organization_id = $1 AND id = $2";
pub(crate) const NUMBERS: &str = "SELECT
    (SELECT COUNT(*) FROM destinations d WHERE d.organization_id = $1 AND d.account_id = $2
        AND d.failed_at IS NOT NULL AND d.failed_at >= $3),
    (SELECT COUNT(*) FROM destinations d WHERE d.organization_id = $1 AND d.account_id = $2
        AND d.run_at IS NOT NULL),
    (SELECT MAX(d.published_at) FROM destinations d WHERE d.organization_id = $1 AND d.account_id = $2
        AND d.published_at IS NOT NULL)";

/// So many renewals in a row do not fail by chance: the owner had better know.
const FAILURES_THAT_TELL: i64 = 5;

impl Store {
    /// How many of the organization's accounts are switched on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_active_accounts(&self, organization: OrganizationId) -> Result<i64, StoreError> {
        let mut read = self.read().await?;
        Ok(on!(read.conn(), |c| {
            sqlx::query_scalar(COUNT_ACTIVE).bind(organization.0).fetch_one(&mut *c).await?
        }))
    }

    /// The workspace's accounts in the order in which they were connected. Failures are counted
    /// from `failures_since`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_accounts(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        failures_since: Timestamp,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(LIST)
                .bind(organization.0)
                .bind(workspace.0)
                .bind(failures_since.as_micros())
                .fetch_all(&mut *c)
                .await?
        });
        Ok(rows.into_iter().map(AccountRow::from).collect())
    }

    /// The accounts among `ids` that the workspace has, in no particular order. Their failures are
    /// not counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_accounts(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        ids: &[AccountId],
    ) -> Result<Vec<AccountRow>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new(FIND_THESE);
            query.push_bind(organization.0).push(" AND a.workspace_id = ").push_bind(workspace.0);
            query.push(" AND a.id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(AccountRow::from).collect())
    }

    /// One account of the organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_account(
        &self,
        organization: OrganizationId,
        id: AccountId,
        failures_since: Timestamp,
    ) -> Result<Option<AccountRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(FIND)
                .bind(organization.0)
                .bind(id.0)
                .bind(failures_since.as_micros())
                .fetch_optional(&mut *c)
                .await?
        });
        Ok(row.map(AccountRow::from))
    }

    /// The login that opened an account, where it is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_account_login(
        &self,
        organization: OrganizationId,
        id: AccountId,
    ) -> Result<Option<String>, StoreError> {
        let mut read = self.read().await?;
        let login: Option<Option<String>> = on!(read.conn(), |c| {
            sqlx::query_scalar(LOGIN).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        Ok(login.flatten())
    }

    /// An account's numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get_account_numbers(
        &self,
        organization: OrganizationId,
        id: AccountId,
        failures_since: Timestamp,
    ) -> Result<AccountHealthRow, StoreError> {
        let mut read = self.read().await?;
        let (failures, queued, last): (i64, i64, Option<i64>) = on!(read.conn(), |c| {
            sqlx::query_as(NUMBERS)
                .bind(organization.0)
                .bind(id.0)
                .bind(failures_since.as_micros())
                .fetch_one(&mut *c)
                .await?
        });
        Ok(AccountHealthRow { failures, queued, last_published_at: last.map(Timestamp::from_micros) })
    }
}
