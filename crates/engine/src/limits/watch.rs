//! The limits of one destination's account and app, while a worker holds the destination.

use connector::{Call, Failure, Holder, LimitObserver, PlatformSpec};
use domain::caps::{Cap, Counts, Published};
use domain::{AccountId, Class, OrganizationId, Span, Timestamp};
use http::HeaderMap;
use store::{AccountRest, StoreError};

use super::budgets::UnderWay;
use super::slots::{Slot, Taker};
use super::{AppKey, Limits};
use crate::Engine;

/// How soon to look again for a free slot.
const AFTER_NO_SLOT: Span = Span::from_seconds(1);

/// Knows whose limits count, learns from each answer, and says what has to wait.
pub(crate) struct Watch {
    engine: Engine,
    spec: &'static PlatformSpec,
    app: AppKey,
    whose: (OrganizationId, AccountId),
    last_published_at: Option<Timestamp>,
}

impl Watch {
    pub(crate) fn new(
        engine: Engine,
        spec: &'static PlatformSpec,
        app: String,
        whose: (OrganizationId, AccountId),
        last_published_at: Option<Timestamp>,
    ) -> Self {
        let app = AppKey { platform: spec.name.clone(), app };
        Self { engine, spec, app, whose, last_published_at }
    }

    fn limits(&self) -> &Limits {
        &self.engine.limits
    }

    fn now(&self) -> Timestamp {
        self.engine.parts.clock.now()
    }

    /// Why something of `parts` parts may not be begun now, if it may not.
    pub(crate) async fn refuses_start(&self, parts: u32) -> Result<Option<Failure>, StoreError> {
        if let Some(refused) = self.refuses_commit() {
            return Ok(Some(refused));
        }
        self.refuses_by_cap(parts).await
    }

    /// Why no publishing request may be sent now, if none may.
    pub(crate) fn refuses_commit(&self) -> Option<Failure> {
        let now = self.now();
        if let Some(rest) = self.limits().rest_of(self.whose, now) {
            return Some(limited(rest.until, rest.reason));
        }
        let until = self.limits().budgets.opens_at(&self.app, now)?;
        let name = self.spec.display_name;
        Some(limited(until, format!("{name} takes no more posts from this server's app for now.")))
    }

    /// Counts a publishing request as under way until what is returned is dropped.
    pub(crate) fn begin_commit(&self) -> UnderWay {
        self.limits().budgets.begin(&self.app)
    }

    /// Takes one of the app's slots; a failure when none becomes free in time. `None` where the app
    /// has no bound.
    pub(crate) async fn take_slot(&self) -> Result<Result<Option<Slot>, Failure>, StoreError> {
        let config = &self.engine.config.limits;
        let most = config.at_once.get(&self.spec.name).copied().or(self.spec.limits.at_once_per_app);
        let Some(most) = most.filter(|_| config.counted) else { return Ok(Ok(None)) };
        let shared = config.shared.then_some((&self.engine.parts.store, &*self.engine.owner));
        let taker = Taker {
            clock: self.engine.parts.clock.as_ref(),
            shared,
            most: most.max(1),
            // The lease has to outlive the wait.
            patience: Span::from_micros(self.engine.config.lease.as_micros() / 3),
        };
        if let Some(slot) = self.limits().slots.take(&self.app, taker).await? {
            return Ok(Ok(Some(slot)));
        }
        let name = self.spec.display_name;
        let public = format!("All {most} publishes that {name} is sent at a time are under way.");
        Ok(Err(limited(self.now() + AFTER_NO_SLOT, public)))
    }

    /// Lets nothing go out to the account before `until`, on any node.
    pub(crate) fn rest(&self, until: Timestamp, reason: &str) {
        let (organization_id, account_id) = self.whose;
        self.limits().rest(AccountRest { organization_id, account_id, until, reason: reason.to_owned() });
    }

    /// Writes down what others have to know before the account is free again.
    pub(crate) async fn flush(&self) -> Result<(), StoreError> {
        self.limits().flush(&self.engine.parts.store, self.now()).await
    }

    async fn refuses_by_cap(&self, parts: u32) -> Result<Option<Failure>, StoreError> {
        let caps = self.spec.limits.caps;
        let now = self.now();
        let since = caps.iter().map(|cap| cap.window.since(now)).min();
        let Some(since) = since.filter(|_| self.engine.config.limits.counted) else { return Ok(None) };
        if self.last_published_at.is_none_or(|last| last <= since) {
            return Ok(None);
        }
        let parts = if self.spec.rules.threads { parts } else { 1 };
        let published = self.published(caps, since).await?;
        let full = caps.iter().filter_map(|cap| Some((cap.opens_at(now, &published, parts)?, cap)));
        Ok(full.max_by_key(|(until, _)| *until).map(|(until, cap)| {
            let name = self.spec.display_name;
            let public = format!("{name} limits an account to {}, and that is reached.", cap.in_words());
            Failure { class: Class::QuotaExhausted { until: Some(until) }, ..limited(until, public) }
        }))
    }

    /// What the account published since then, or as much of it as fills every cap. The posts are
    /// read only where threads count by their parts, or the caps are near.
    async fn published(&self, caps: &[Cap], since: Timestamp) -> Result<Vec<Published>, StoreError> {
        let store = &self.engine.parts.store;
        let (organization, account) = self.whose;
        let most = caps.iter().map(|cap| cap.count).max().unwrap_or(0);
        let counts_parts = self.spec.rules.threads && caps.iter().any(|cap| cap.counts == Counts::Parts);
        let tightest = caps.iter().map(|cap| cap.count).min().unwrap_or(0);
        let count = store.count_published(organization, account, since, most).await?;
        if !counts_parts && count < tightest {
            return Ok(Vec::new());
        }
        let mut published = store.list_published(organization, account, since, most).await?;
        if !self.spec.rules.threads {
            for one in &mut published {
                one.parts = 1;
            }
        }
        Ok(published)
    }
}

impl LimitObserver for Watch {
    fn answered(&self, call: &Call, _: u16, headers: &HeaderMap) {
        let now = self.now();
        for told in self.spec.limits.read(call, headers, now) {
            match told.holder {
                Holder::App => {
                    if let Some(note) = self.limits().budgets.observe(&self.app, told) {
                        self.limits().note(note);
                    }
                }
                Holder::Account if told.remaining < told.each && told.reset_at > now => {
                    let name = self.spec.display_name;
                    self.rest(
                        told.reset_at,
                        &format!("{name} takes no more posts from this account for now."),
                    );
                }
                Holder::Account => {}
            }
        }
    }
}

fn limited(until: Timestamp, public: String) -> Failure {
    Failure::before_sending(Class::RateLimited { until: Some(until) }, public)
}
