//! One account's renewal that is due, and what follows from how it went.

use domain::Span;
use store::{AccessRow, StoreError};

use super::access::{Asked, name_of, whose};
use super::plan::{can_renew, pause_after, pause_after_the_same};
use crate::Engine;
use crate::credentials::{Held, Renewal};

impl Engine {
    /// Renews the access of an account for which it is due, or notes that it has ended.
    pub(super) async fn renew_due(&self, row: &AccessRow) -> Result<(), StoreError> {
        let store = &self.parts.store;
        let held = self.read_credentials(row.organization_id, row.id).await?;
        let Some(held) = held.filter(|_| row.is_usable) else {
            store.put_renewal_off(row, None, row.renewal_failures).await?;
            return Ok(());
        };
        if held.version != row.version {
            // Somebody else was faster, and what is new is planned for anew.
            return Ok(());
        }
        let now = self.parts.clock.now();
        let connector = self.parts.registry.connector(&row.platform);
        if connector.is_none() || !can_renew(&held.credentials, now) {
            return self.note_end_of_access(row, &held, name_of(connector.as_deref(), row)).await;
        }
        self.try_renewal(row, &held).await.map(|_| ())
    }

    /// Tries to renew, and plans what comes after.
    pub(crate) async fn try_renewal(&self, row: &AccessRow, held: &Held) -> Result<Renewal, StoreError> {
        let store = &self.parts.store;
        let Some(connector) = self.parts.registry.connector(&row.platform) else {
            return Ok(Renewal::Renewed(held.clone()));
        };
        let asked = Asked::new(self, row);
        let cx = asked.cx(self, &held.credentials);
        let renewal = self.renew(connector.auth(), &cx, whose(row), held).await?;
        let now = self.parts.clock.now();
        let left = held.credentials.access_expires_at.map(|end| end.since(now));
        match &renewal {
            Renewal::Renewed(newer) if newer.version != held.version => {}
            Renewal::Renewed(_) => {
                let until = now + pause_after_the_same(left);
                store.put_renewal_off(row, Some(until), 0).await?;
            }
            Renewal::NeedsReconnection => {
                store.put_renewal_off(row, None, row.renewal_failures).await?;
            }
            Renewal::Failed(failure) => {
                let failures = row.renewal_failures + 1;
                let pause = pause_after(failures, left, self.parts.entropy.share());
                let until = failure.retry_at().unwrap_or(now).max(now + pause);
                tracing::warn!(
                    account.id = row.id.0,
                    platform = %row.platform,
                    failures,
                    next = %until,
                    class = ?failure.class,
                    answer = failure.internal.for_log(),
                    "access could not be renewed; it is tried again"
                );
                store.put_renewal_off(row, Some(until), failures).await?;
            }
        }
        Ok(renewal)
    }

    /// What nothing renews has ended, or ends later than was planned.
    async fn note_end_of_access(&self, row: &AccessRow, held: &Held, name: &str) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        let next = match held.credentials.access_ends_at() {
            Some(end) if end <= now => {
                let reason = format!("The account's access to {name} has ended.");
                self.note_needs_reconnection(whose(row), held.version, &reason).await?;
                None
            }
            Some(end) => Some(end.max(now + Span::from_minutes(1))),
            None => None,
        };
        self.parts.store.put_renewal_off(row, next, row.renewal_failures).await?;
        Ok(())
    }
}
