//! Plans: what went live is to be read from then on. Publishing writes nothing of it; what went live
//! is found afterwards.

use std::collections::BTreeMap;

use domain::metrics::{FOLLOWERS_FIRST, LATEST, reading_at};
use domain::{AccountId, DestinationId, OrganizationId, PlatformName, Timestamp};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// A destination that is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveDestination {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The destination.
    pub destination_id: DestinationId,
    /// Where it is live.
    pub account_id: AccountId,
    /// The platform.
    pub platform: PlatformName,
    /// Since when.
    pub published_at: Timestamp,
}

/// A place in the order in which destinations went live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LivePlace {
    /// The moment.
    pub at: Timestamp,
    /// Behind this one of the same moment.
    pub after: DestinationId,
}

impl LivePlace {
    /// Before everything that went live then or later.
    pub const fn from(at: Timestamp) -> Self {
        Self { at, after: DestinationId(Uuid::nil()) }
    }
}

type Live = (Uuid, Uuid, i64, String, i64);

const PROGRESS: &str = "SELECT planned_to FROM metric_progress WHERE name = 'posts'";
const ADVANCE: &str = "INSERT INTO metric_progress (name, planned_to) VALUES ('posts', $1)
    ON CONFLICT (name) DO UPDATE SET planned_to = excluded.planned_to
    WHERE metric_progress.planned_to < excluded.planned_to";
/// The position, which none lacks, is what tells the index by time from the one by account.
pub(crate) const LIVE: &str =
    "SELECT organization_id, id, account_id, platform, published_at FROM destinations
    WHERE published_at IS NOT NULL AND position >= 0 AND published_at <= $3 AND (published_at, id) > ($1, $2)
    ORDER BY published_at, id LIMIT $4";
pub(crate) const PLAN_COLUMNS: &str = "organization_id, id, account_id, published_at, at";
pub(crate) const PLAN: &str =
    "INSERT INTO metric_plans (organization_id, destination_id, account_id, published_at, read_at)
    SELECT v.organization_id, v.id, v.account_id, v.published_at, v.at FROM v WHERE TRUE
    ON CONFLICT (organization_id, destination_id) DO NOTHING";
pub(crate) const GO_COLUMNS: &str = "organization_id, account_id, at";
/// A lane in somebody's hands gets its next time when it is let go.
pub(crate) const GO: &str = "UPDATE metric_lanes SET run_at = v.at FROM v
    WHERE metric_lanes.organization_id = v.organization_id AND metric_lanes.account_id = v.account_id
      AND metric_lanes.lease_owner IS NULL AND (metric_lanes.run_at IS NULL OR metric_lanes.run_at > v.at)";
/// A new account is read from now on; one that is connected again may have been given what it lacked.
const OPEN: &str = "INSERT INTO metric_lanes (organization_id, account_id, run_at, followers_at)
    VALUES ($1, $2, $3, $3)
    ON CONFLICT (organization_id, account_id) DO UPDATE SET
        run_at = CASE WHEN metric_lanes.lease_owner IS NULL THEN $4 ELSE metric_lanes.run_at END,
        followers_at = COALESCE(metric_lanes.followers_at, excluded.followers_at),
        followers_failures = 0, followers_end = NULL, problem = NULL";
pub(crate) const RESUME: &str =
    "UPDATE metric_plans SET read_at = $3, failures = 0, ended = NULL, detail = NULL
    WHERE organization_id = $1 AND account_id = $2 AND ended = 'permission_missing' AND published_at > $4";

impl Store {
    /// Until when everything that went live has its plan.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_metric_progress(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let at: Option<i64> =
            on!(read.conn(), |c| { sqlx::query_scalar(PROGRESS).fetch_optional(&mut *c).await? });
        Ok(at.map(Timestamp::from_micros))
    }

    /// What went live behind `place` and not after `until`, in that order, over all organizations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_live(
        &self,
        place: LivePlace,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<LiveDestination>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Live> = on!(read.conn(), |c| {
            sqlx::query_as(LIVE)
                .bind(place.at.as_micros())
                .bind(place.after.0)
                .bind(until.as_micros())
                .bind(i64::from(limit))
                .fetch_all(&mut *c)
                .await?
        });
        let live = |(organization, id, account, platform, at): Live| LiveDestination {
            organization_id: OrganizationId(organization),
            destination_id: DestinationId(id),
            account_id: AccountId(account),
            platform: PlatformName::from_text(&platform),
            published_at: Timestamp::from_micros(at),
        };
        Ok(rows.into_iter().map(live).collect())
    }

    /// Plans the readings of these, unless they have a plan, and notes that everything until `to` has
    /// one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan_readings(&self, live: Vec<LiveDestination>, to: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let live = live.clone();
                Box::pin(async move {
                    for some in live.chunks(MOST_ROWS) {
                        plan(&mut conn, some).await?;
                    }
                    on!(&mut conn, |c| {
                        sqlx::query(ADVANCE).bind(to.as_micros()).execute(&mut **c).await?.rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}

async fn plan(conn: &mut Conn<'_>, live: &[LiveDestination]) -> Result<(), StoreError> {
    let first = |one: &LiveDestination| reading_at(one.published_at, 0).unwrap_or(one.published_at);
    let rows = Rows::new([
        Column::uuids(live.iter().map(|one| one.organization_id.0)),
        Column::uuids(live.iter().map(|one| one.destination_id.0)),
        Column::ints(live.iter().map(|one| one.account_id.0)),
        Column::ints(live.iter().map(|one| one.published_at.as_micros())),
        Column::ints(live.iter().map(|one| first(one).as_micros())),
    ]);
    rows.execute(conn, PLAN_COLUMNS, PLAN).await?;
    // In one order, so that two nodes that plan the same wait for one another.
    let mut lanes: BTreeMap<(Uuid, i64), Timestamp> = BTreeMap::new();
    for one in live {
        let at = lanes.entry((one.organization_id.0, one.account_id.0)).or_insert_with(|| first(one));
        *at = (*at).min(first(one));
    }
    let rows = Rows::new([
        Column::uuids(lanes.keys().map(|(organization, _)| *organization)),
        Column::ints(lanes.keys().map(|(_, account)| *account)),
        Column::ints(lanes.values().map(|at| at.as_micros())),
    ]);
    rows.execute(conn, GO_COLUMNS, GO).await?;
    Ok(())
}

/// Readings of an account that is connected, or connected again, begin or go on.
pub(crate) async fn open_lane(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(OPEN)
            .bind(organization.0)
            .bind(account.0)
            .bind((now + FOLLOWERS_FIRST).as_micros())
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?;
        sqlx::query(RESUME)
            .bind(organization.0)
            .bind(account.0)
            .bind(now.as_micros())
            .bind((now - LATEST).as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}
