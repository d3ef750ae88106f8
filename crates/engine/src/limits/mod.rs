//! Holding back what a platform would refuse: caps per account, budgets that the platform's answers
//! tell of, publishes at a time per app.
//!
//! What is known here and not stored is lost with the process at no harm: the next answer tells it
//! again. What makes something wait is stored, so that every node waits.

mod budgets;
mod slots;
mod watch;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::{AccountId, OrganizationId, PlatformName, Span, Timestamp};
use store::{AccountRest, AppBudget, Claim, Store, StoreError};

use budgets::Budgets;
pub(crate) use budgets::UnderWay;
use slots::Slots;
pub(crate) use watch::Watch;

/// What the engine itself counts.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// Whether the specs' caps per account and publishes at a time per app are kept. A sandbox takes
    /// whatever comes. What a platform's answers say is obeyed in any case.
    pub counted: bool,
    /// Whether other processes publish from the same database.
    pub shared: bool,
    /// Publishes at a time per app, in place of the specs'.
    pub at_once: HashMap<PlatformName, u32>,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self { counted: true, shared: false, at_once: HashMap::new() }
    }
}

/// How often rests that other nodes noted are looked for.
const LOOK_EVERY: Span = Span::from_seconds(1);

/// An app of a platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AppKey {
    pub(crate) platform: PlatformName,
    pub(crate) app: String,
}

/// What has to be written down before the account is free again.
enum Note {
    Rest(AccountRest),
    Budget(AppBudget),
}

/// All that this process knows about limits.
#[derive(Default)]
pub(crate) struct Limits {
    budgets: Budgets,
    slots: Slots,
    rests: Mutex<HashMap<(OrganizationId, AccountId), AccountRest>>,
    pending: Mutex<Vec<Note>>,
    /// Held while notes are written, so that nobody goes on before the notes that he gave are.
    flushing: tokio::sync::Mutex<()>,
    /// When the table of rests is looked at next, in microseconds.
    next_look: AtomicI64,
    /// Whether what earlier processes noted is known.
    has_learned: AtomicBool,
}

impl Limits {
    /// Ends the rests that are over. To be called before a claim.
    pub(crate) async fn wake_accounts(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        if now.as_micros() < self.next_look.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut end = store.next_rest_end().await?;
        if end.is_some_and(|end| end <= now) {
            let accounts = store.end_rests(now).await?;
            tracing::debug!(accounts, "accounts may publish again");
            end = store.next_rest_end().await?;
        }
        lock(&self.rests).retain(|_, rest| rest.until > now);
        let next = end.unwrap_or(now + LOOK_EVERY).min(now + LOOK_EVERY);
        self.next_look.store(next.as_micros(), Ordering::Release);
        Ok(())
    }

    /// Learns what other processes noted: those before this one, and where the database is shared
    /// also other nodes about what was claimed.
    pub(crate) async fn learn(
        &self,
        store: &Store,
        claims: &[Claim],
        is_shared: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let has_learned = self.has_learned.load(Ordering::Acquire);
        if claims.is_empty() || (has_learned && !is_shared) {
            return Ok(());
        }
        let found = if has_learned {
            let accounts: Vec<(OrganizationId, AccountId)> =
                claims.iter().map(|claim| (claim.lease.organization_id, claim.lease.account_id)).collect();
            store.find_rests(&accounts, now).await?
        } else {
            store.list_rests(now).await?
        };
        lock(&self.rests)
            .extend(found.into_iter().map(|rest| ((rest.organization_id, rest.account_id), rest)));
        for budget in store.list_app_budgets(now).await? {
            self.budgets.merge(budget);
        }
        self.has_learned.store(true, Ordering::Release);
        Ok(())
    }

    fn rest_of(&self, whose: (OrganizationId, AccountId), now: Timestamp) -> Option<AccountRest> {
        lock(&self.rests).get(&whose).filter(|rest| rest.until > now).cloned()
    }

    fn rest(&self, rest: AccountRest) {
        let mut rests = lock(&self.rests);
        let key = (rest.organization_id, rest.account_id);
        if rests.get(&key).is_some_and(|known| known.until >= rest.until) {
            return;
        }
        rests.insert(key, rest.clone());
        drop(rests);
        self.next_look.fetch_min(rest.until.as_micros(), Ordering::AcqRel);
        lock(&self.pending).push(Note::Rest(rest));
    }

    fn note(&self, budget: AppBudget) {
        lock(&self.pending).push(Note::Budget(budget));
    }

    /// Writes down what makes others wait.
    async fn flush(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let _turn = self.flushing.lock().await;
        let pending = std::mem::take(&mut *lock(&self.pending));
        for note in pending {
            match note {
                Note::Rest(rest) => {
                    tracing::info!(
                        account.id = %rest.account_id,
                        until = %rest.until,
                        reason = rest.reason,
                        "the account rests"
                    );
                    store.rest_account(rest, now).await?;
                }
                Note::Budget(budget) => {
                    tracing::info!(
                        platform = %budget.platform,
                        scope = budget.scope,
                        remaining = budget.remaining,
                        reset_at = %budget.reset_at,
                        "an app's budget runs low"
                    );
                    store.note_app_budget(budget, now).await?;
                }
            }
        }
        Ok(())
    }
}

/// A lock whose holder panicked still guards plain values.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
