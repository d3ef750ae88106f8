//! What is planned for accounts' access: when it is renewed and when it is probed. Must not know how
//! either is done.

use domain::{AccountId, OrganizationId, PlatformName, Timestamp};

use crate::conn::on;
use crate::{Store, StoreError};

/// An account as far as its access goes.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessRow {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: AccountId,
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
    /// Whether it is switched on and its token is not known to be dead.
    pub is_usable: bool,
    /// When it last published.
    pub last_published_at: Option<Timestamp>,
    /// When its token was last renewed.
    pub last_refresh_at: Option<Timestamp>,
    /// The version of its credentials.
    pub version: i64,
    /// When its access is renewed next.
    pub renew_at: Option<Timestamp>,
    /// Renewals in a row that failed.
    pub renewal_failures: i64,
    /// When it is probed next.
    pub probe_at: Option<Timestamp>,
}

/// What is planned for one version of an account's credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccessPlan {
    /// When to renew it, or when it ends for good.
    pub renew_at: Option<Timestamp>,
    /// When to ask the platform whether it takes the token.
    pub probe_at: Option<Timestamp>,
    /// Whether the token is exchanged for a fresh one while it lives.
    pub renews_itself: bool,
}

/// What accounts are listed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessWork {
    /// Their access is to be renewed.
    Renewal,
    /// Their token is to be probed.
    Probe,
}

/// How an account is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAs {
    /// The handle without `@`.
    pub username: Option<String>,
    /// The shown name.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<String>,
    /// Whether it has the platform's paid tier.
    pub premium: bool,
}

#[derive(sqlx::FromRow)]
struct Stored {
    organization_id: uuid::Uuid,
    id: i64,
    platform: String,
    platform_user_id: String,
    username: Option<String>,
    display_name: String,
    avatar_url: Option<String>,
    premium: i64,
    service_url: Option<String>,
    is_active: i64,
    needs_reconnection_since: Option<i64>,
    last_published_at: Option<i64>,
    last_refresh_at: Option<i64>,
    credentials_version: i64,
    renew_at: Option<i64>,
    renewal_failures: i64,
    probe_at: Option<i64>,
}

impl From<Stored> for AccessRow {
    fn from(row: Stored) -> Self {
        let moment = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        Self {
            organization_id: OrganizationId(row.organization_id),
            id: AccountId(row.id),
            platform: PlatformName::from_text(&row.platform),
            platform_user_id: row.platform_user_id,
            username: row.username,
            display_name: row.display_name,
            avatar_url: row.avatar_url,
            premium: row.premium != 0,
            service_url: row.service_url,
            is_usable: row.is_active != 0 && row.needs_reconnection_since.is_none(),
            last_published_at: moment(row.last_published_at),
            last_refresh_at: moment(row.last_refresh_at),
            version: row.credentials_version,
            renew_at: moment(row.renew_at),
            renewal_failures: row.renewal_failures,
            probe_at: moment(row.probe_at),
        }
    }
}

macro_rules! access_columns {
    () => {
        "SELECT organization_id, id, platform, platform_user_id, username, display_name, avatar_url, premium,
        service_url, is_active, needs_reconnection_since, last_refresh_at, credentials_version, renew_at,
        renewal_failures, probe_at, (SELECT MAX(d.published_at) FROM destinations d
            WHERE d.organization_id = accounts.organization_id AND d.account_id = accounts.id
              AND d.published_at IS NOT NULL) AS last_published_at FROM accounts"
    };
}

pub(crate) const UNPLANNED: &str = concat!(
    access_columns!(),
    " WHERE planned_version <> credentials_version ORDER BY planned_version LIMIT $1"
);
pub(crate) const TO_RENEW: &str = concat!(
    access_columns!(),
    " WHERE platform = $1 AND renew_at IS NOT NULL AND renew_at <= $2
        AND planned_version = credentials_version ORDER BY renew_at LIMIT $3"
);
pub(crate) const TO_PROBE: &str = concat!(
    access_columns!(),
    " WHERE platform = $1 AND probe_at IS NOT NULL AND probe_at <= $2
        AND planned_version = credentials_version ORDER BY probe_at LIMIT $3"
);
pub(crate) const OF_ACCOUNT: &str = concat!(access_columns!(), " WHERE organization_id = $1 AND id = $2");
const PLAN: &str =
    "UPDATE accounts SET planned_version = $3, renew_at = $4, probe_at = $5, renews_itself = $6,
    renewal_failures = 0 WHERE organization_id = $1 AND id = $2 AND credentials_version = $3";
/// Of several nodes that found it due, one moves it; and none does once a publish has renewed the
/// credentials, until they have a plan of their own.
const TAKE_RENEWAL: &str =
    "UPDATE accounts SET renew_at = $4 WHERE organization_id = $1 AND id = $2 AND renew_at = $3
    AND credentials_version = $5 AND planned_version = credentials_version";
const TAKE_PROBE: &str =
    "UPDATE accounts SET probe_at = $4 WHERE organization_id = $1 AND id = $2 AND probe_at = $3
    AND credentials_version = $5 AND planned_version = credentials_version";
const PUT_OFF: &str = "UPDATE accounts SET renew_at = $4, renewal_failures = $5
    WHERE organization_id = $1 AND id = $2 AND credentials_version = $3";
const PUT_PROBE_OFF: &str = "UPDATE accounts SET probe_at = $4
    WHERE organization_id = $1 AND id = $2 AND credentials_version = $3";
const SHOW: &str = "UPDATE accounts SET username = $3, display_name = $4, avatar_url = $5, premium = $6,
    updated_at = $7 WHERE organization_id = $1 AND id = $2";

impl Store {
    /// Up to `limit` accounts whose credentials have no plan yet, over all organizations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_unplanned_access(&self, limit: u32) -> Result<Vec<AccessRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(UNPLANNED).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(AccessRow::from).collect())
    }

    /// One account as far as its access goes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_access(
        &self,
        organization: OrganizationId,
        id: AccountId,
    ) -> Result<Option<AccessRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(OF_ACCOUNT).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        Ok(row.map(AccessRow::from))
    }

    /// Up to `limit` accounts of a platform for which this work is due, the longest due first, over
    /// all organizations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_access(
        &self,
        work: AccessWork,
        platform: &PlatformName,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccessRow>, StoreError> {
        let text = match work {
            AccessWork::Renewal => TO_RENEW,
            AccessWork::Probe => TO_PROBE,
        };
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(text)
                .bind(platform.as_str())
                .bind(now.as_micros())
                .bind(i64::from(limit))
                .fetch_all(&mut *c)
                .await?
        });
        Ok(rows.into_iter().map(AccessRow::from).collect())
    }

    /// Takes due work for this node: nobody else finds it until `until`. `false` when another was
    /// faster, or the credentials are newer already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_access(
        &self,
        work: AccessWork,
        row: &AccessRow,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let (text, found) = match work {
            AccessWork::Renewal => (TAKE_RENEWAL, row.renew_at),
            AccessWork::Probe => (TAKE_PROBE, row.probe_at),
        };
        let values = vec![found.map(Timestamp::as_micros), Some(until.as_micros()), Some(row.version)];
        self.change_access(text, row, values).await
    }

    /// Plans the access of `row`. `false` when its credentials are newer already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan_access(&self, row: &AccessRow, plan: AccessPlan) -> Result<bool, StoreError> {
        let values = vec![
            Some(row.version),
            plan.renew_at.map(Timestamp::as_micros),
            plan.probe_at.map(Timestamp::as_micros),
            Some(i64::from(plan.renews_itself)),
        ];
        self.change_access(PLAN, row, values).await
    }

    /// Plans the next renewal of the same credentials, after so many failures in a row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_renewal_off(
        &self,
        row: &AccessRow,
        until: Option<Timestamp>,
        failures: i64,
    ) -> Result<bool, StoreError> {
        let values = vec![Some(row.version), until.map(Timestamp::as_micros), Some(failures)];
        self.change_access(PUT_OFF, row, values).await
    }

    /// Plans the next probe of the same credentials.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_probe_off(&self, row: &AccessRow, until: Option<Timestamp>) -> Result<bool, StoreError> {
        let values = vec![Some(row.version), until.map(Timestamp::as_micros)];
        self.change_access(PUT_PROBE_OFF, row, values).await
    }

    async fn change_access(
        &self,
        text: &'static str,
        row: &AccessRow,
        values: Vec<Option<i64>>,
    ) -> Result<bool, StoreError> {
        let (organization, id) = (row.organization_id, row.id);
        self.writer
            .run(move |conn| {
                let values = values.clone();
                Box::pin(async move {
                    let done = on!(conn, |c| {
                        let mut query = sqlx::query(text).bind(organization.0).bind(id.0);
                        for value in values {
                            query = query.bind(value);
                        }
                        query.execute(&mut *c).await?.rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Changes how an account is shown, as its platform now has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn show_account_as(
        &self,
        organization: OrganizationId,
        id: AccountId,
        shown: ShownAs,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                let shown = shown.clone();
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(SHOW)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(shown.username)
                            .bind(shown.display_name)
                            .bind(shown.avatar_url)
                            .bind(i64::from(shown.premium))
                            .bind(now.as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}
