//! One lane in a worker's hands: its posts that are due, then its followers.

use std::sync::Arc;

use connector::{Connector, Failure, LivePost, Metrics};
use domain::causes::with_causes;
use domain::metrics::{LATEST, ReadingEnd};
use domain::{Span, Timestamp};
use store::{AccessRow, DueMetricLane, DuePost, MetricLane, NewFollowers, StoreError};
use tokio::sync::watch;

use super::decide::{Then, ended, of_followers, of_post};
use super::pace::Paces;
use crate::Engine;
use crate::credentials::{Held, Renewal};
use crate::limits::Watch;
use crate::tokens::{Asked, can_renew, whose};

/// How long a lane is held at a time: longer than the calls of one reading may take.
const LEASE: Span = Span::from_minutes(5);
/// How many posts one account gets before others have their turn.
const AT_ONCE: u32 = 50;
/// How soon an account that cannot be read is looked at again.
const LOOK_AGAIN: Span = Span::from_hours(24);
/// How soon an account whose access could not be renewed is.
const RENEW_AGAIN: Span = Span::from_hours(1);

/// Why a lane is let go.
enum Release {
    /// Everything that was due is done.
    Done,
    /// Not before then.
    NotBefore(Timestamp),
    /// Not before then, and people are told why.
    Problem(Timestamp, String),
    /// It is another's.
    Lost,
}

/// A lane with all that reading it needs.
struct Hold<'a> {
    lane: MetricLane,
    row: AccessRow,
    connector: Arc<dyn Connector>,
    held: Held,
    watch: Watch,
    paces: &'a Paces,
    /// Whether the credentials were renewed for this hold.
    renewed: bool,
}

impl Engine {
    pub(super) async fn read_lane(
        &self,
        lane: DueMetricLane,
        paces: &Paces,
        stopping: watch::Receiver<bool>,
    ) {
        if let Err(error) = self.try_metric_lane(lane, paces, &stopping).await {
            tracing::warn!(
                account.id = lane.account_id.0,
                error = %with_causes(&error),
                "an account's readings could not be read or written; they are tried again"
            );
        }
    }

    async fn try_metric_lane(
        &self,
        lane: DueMetricLane,
        paces: &Paces,
        stopping: &watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        let taken = self.parts.store.take_metric_lane(lane, self.owner.to_string(), now, now + LEASE).await?;
        let Some(taken) = taken else { return Ok(()) };
        let release = self.read_held(taken, paces, stopping).await?;
        let (not_before, problem) = match release {
            Release::Done => (None, None),
            Release::NotBefore(until) => (Some(until), None),
            Release::Problem(until, why) => (Some(until), Some(why)),
            Release::Lost => return Ok(()),
        };
        let now = self.parts.clock.now();
        self.parts.store.release_metric_lane(taken.lease, not_before, problem, now).await?;
        Ok(())
    }

    async fn read_held(
        &self,
        lane: MetricLane,
        paces: &Paces,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Release, StoreError> {
        let DueMetricLane { organization_id, account_id } = lane.lease.lane;
        let now = self.parts.clock.now();
        let Some(row) = self.parts.store.find_access(organization_id, account_id).await? else {
            return Ok(Release::NotBefore(now + LOOK_AGAIN));
        };
        let connector = self.parts.registry.connector(&row.platform);
        let Some(connector) = connector.filter(|connector| connector.metrics().is_some()) else {
            return self.end_followers(lane, ReadingEnd::NotOffered).await;
        };
        let why = "The account has to be connected again before its numbers can be read.";
        let usable =
            if row.is_usable { self.read_credentials(organization_id, account_id).await? } else { None };
        let Some(held) = usable else {
            return Ok(Release::Problem(now + LOOK_AGAIN, why.to_owned()));
        };
        let app = self.config.platforms.get(&row.platform).map(|config| config.app.client_id.clone());
        let last = row.last_published_at;
        let whose = (organization_id, account_id);
        let watch = Watch::new(self.clone(), connector.spec(), app.unwrap_or_default(), whose, last);
        let mut work = Hold { lane, row, connector, held, watch, paces, renewed: false };
        let release = self.read_all(&mut work, stopping).await;
        work.watch.flush().await?;
        release
    }

    async fn end_followers(&self, lane: MetricLane, end: ReadingEnd) -> Result<Release, StoreError> {
        let now = self.parts.clock.now();
        let new = NewFollowers { followers: None, failures: 0, at: None, ended: Some(end) };
        let written = self.parts.store.record_followers(lane.lease, new, now + LEASE, now).await?;
        Ok(if written { Release::Done } else { Release::Lost })
    }

    async fn read_all(
        &self,
        hold: &mut Hold<'_>,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Release, StoreError> {
        let now = self.parts.clock.now();
        if hold.held.credentials.is_stale(now, Span::ZERO)
            && let Some(release) = self.renew_for_reading(hold).await?
        {
            return Ok(release);
        }
        let posts = self.parts.store.list_due_posts_to_read(hold.lane.lease.lane, now, AT_ONCE).await?;
        for post in posts {
            if *stopping.borrow() {
                return Ok(Release::Done);
            }
            if let Some(release) = self.read_post(hold, &post).await? {
                return Ok(release);
            }
        }
        match hold.lane.followers_at {
            Some(due) if due <= now && !*stopping.borrow() => self.read_followers(hold, due).await,
            _ => Ok(Release::Done),
        }
    }

    /// Reads one post; says why the lane is let go, if it is.
    async fn read_post(&self, hold: &mut Hold<'_>, due: &DuePost) -> Result<Option<Release>, StoreError> {
        let now = self.parts.clock.now();
        if due.published_at + LATEST < now {
            return self.write_post(hold, ended(due, ReadingEnd::Complete, None)).await;
        }
        if due.platform_post_id.is_empty() {
            return self.write_post(hold, ended(due, ReadingEnd::PostGone, None)).await;
        }
        let post = LivePost {
            id: due.platform_post_id.clone(),
            url: due.platform_post_url.clone(),
            published_at: due.published_at,
        };
        loop {
            if let Some(until) = self.must_wait(hold) {
                return Ok(Some(Release::NotBefore(until)));
            }
            let asked = Asked::new(self, &hold.row);
            let cx = asked.watched(self, &hold.held.credentials, &hold.watch);
            let Some(metrics) = hold.connector.metrics() else { return Ok(Some(Release::Done)) };
            let outcome = metrics.read_post(&cx, &post).await;
            note(&hold.row, outcome.as_ref().err());
            if outcome.as_ref().is_err_and(|failure| failure.died) {
                return Ok(Some(Release::Lost));
            }
            let now = self.parts.clock.now();
            match of_post(due, outcome.as_ref().copied(), now) {
                Then::Write(new) => return self.write_post(hold, new).await,
                Then::Renew => match self.renew_for_reading(hold).await? {
                    None => {}
                    release => return Ok(release),
                },
                Then::Rest(until) => return Ok(Some(Release::NotBefore(until))),
                Then::RestAll(until) => {
                    hold.paces.rest(&hold.row.platform, until, now);
                    return Ok(Some(Release::NotBefore(until)));
                }
            }
        }
    }

    async fn write_post(
        &self,
        hold: &Hold<'_>,
        new: store::NewPostReading,
    ) -> Result<Option<Release>, StoreError> {
        let now = self.parts.clock.now();
        if let Some(end) = new.ended.filter(|end| *end != ReadingEnd::Complete) {
            tracing::info!(
                destination.id = %new.destination_id,
                platform = %hold.row.platform,
                reason = end.as_str(),
                "a post is not read any more"
            );
        }
        let written = self.parts.store.record_post_reading(hold.lane.lease, new, now + LEASE, now).await?;
        Ok((!written).then_some(Release::Lost))
    }

    async fn read_followers(&self, hold: &mut Hold<'_>, due: Timestamp) -> Result<Release, StoreError> {
        loop {
            if let Some(until) = self.must_wait(hold) {
                return Ok(Release::NotBefore(until));
            }
            let asked = Asked::new(self, &hold.row);
            let cx = asked.watched(self, &hold.held.credentials, &hold.watch);
            let Some(metrics) = hold.connector.metrics() else { return Ok(Release::Done) };
            let outcome = metrics.read_followers(&cx).await;
            note(&hold.row, outcome.as_ref().err());
            if outcome.as_ref().is_err_and(|failure| failure.died) {
                return Ok(Release::Lost);
            }
            let now = self.parts.clock.now();
            match of_followers(due, hold.lane.followers_failures, outcome.as_ref().copied(), now) {
                Then::Write(new) => {
                    let written =
                        self.parts.store.record_followers(hold.lane.lease, new, now + LEASE, now).await?;
                    return Ok(if written { Release::Done } else { Release::Lost });
                }
                Then::Renew => {
                    if let Some(release) = self.renew_for_reading(hold).await? {
                        return Ok(release);
                    }
                }
                Then::Rest(until) => return Ok(Release::NotBefore(until)),
                Then::RestAll(until) => {
                    hold.paces.rest(&hold.row.platform, until, now);
                    return Ok(Release::NotBefore(until));
                }
            }
        }
    }

    /// Until when nothing may be asked: what publishing has to wait for, readings wait for too.
    fn must_wait(&self, hold: &Hold<'_>) -> Option<Timestamp> {
        let now = self.parts.clock.now();
        if let Some(refused) = hold.watch.refuses_commit() {
            return Some(refused.retry_at().unwrap_or(now + Span::from_minutes(1)));
        }
        let own = hold.connector.metrics().map_or(0, Metrics::per_hour);
        let most = self.config.metrics.per_hour.unwrap_or(own);
        hold.paces.take(&hold.row.platform, most, now).err()
    }

    /// Renews the credentials, once for a hold. `None` when the same can be asked again.
    async fn renew_for_reading(&self, hold: &mut Hold<'_>) -> Result<Option<Release>, StoreError> {
        let now = self.parts.clock.now();
        let name = hold.connector.spec().display_name;
        let why = format!("{name} refused the account's access; connect the account again.");
        if !hold.renewed && can_renew(&hold.held.credentials, now) {
            hold.renewed = true;
            match self.try_renewal(&hold.row, &hold.held).await? {
                Renewal::Renewed(newer) if newer.version != hold.held.version => {
                    hold.held = newer;
                    return Ok(None);
                }
                // Renewing brought the same token: the platform does not take it.
                Renewal::Renewed(_) => {}
                Renewal::NeedsReconnection => return Ok(Some(Release::Problem(now + LOOK_AGAIN, why))),
                Renewal::Failed(failure) => {
                    let until = failure.retry_at().unwrap_or(now).max(now + RENEW_AGAIN);
                    return Ok(Some(Release::Problem(until, failure.public)));
                }
            }
        }
        let reason = format!("{name} refused the account's access.");
        self.note_needs_reconnection(whose(&hold.row), hold.held.version, &reason).await?;
        Ok(Some(Release::Problem(now + LOOK_AGAIN, why)))
    }
}

fn note(row: &AccessRow, failure: Option<&Failure>) {
    telemetry::metric_reading(row.platform.as_str(), if failure.is_none() { "read" } else { "failed" });
    if let Some(failure) = failure {
        tracing::debug!(
            account.id = row.id.0,
            platform = %row.platform,
            class = ?failure.class,
            platform_said = failure.internal.for_log(),
            "a reading told nothing"
        );
    }
}
