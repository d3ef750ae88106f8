//! An account's credentials in use, and their renewal: one renewer per account, and the new ones
//! are durable before their first use.

use connector::{Auth, Credentials, Cx, Failure};
use domain::causes::with_causes;
use domain::event::EventKind;
use domain::{AccountId, Class, EventId, OrganizationId, PlatformName, Span, Timestamp};
use net::Sent;
use serde_json::json;
use store::{NewEvent, StoreError, StoredCredentials};

use crate::Engine;
use crate::activity::Renewing;

/// How long the right to renew lasts: the two requests that it may take, and as much again by which
/// the clocks of two nodes may differ.
const REFRESH_LEASE: Span = Span::from_seconds(120);
/// How long until what was renewed is written again after the database failed to.
const WRITE_AGAIN: Span = Span::from_millis(250);
/// Platforms tell a token's life in seconds, so that the same end comes back a little different.
const SAME_END: Span = Span::from_minutes(1);
/// How often to look whether a renewer of another process is done.
const REFRESH_POLL: Span = Span::from_millis(200);

/// Credentials with the version that they were read at.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) credentials: Credentials,
    pub(crate) version: i64,
}

impl Held {
    /// Reads the stored form.
    pub(crate) fn read(account: AccountId, stored: &StoredCredentials) -> Result<Self, StoreError> {
        let credentials = serde_json::from_slice(&stored.bytes).map_err(|error| StoreError::Corrupt {
            table: "accounts",
            column: "credentials",
            id: account.to_string(),
            reason: error.to_string(),
        })?;
        Ok(Self { credentials, version: stored.version })
    }
}

/// What became of a renewal.
pub(crate) enum Renewal {
    /// These are good now.
    Renewed(Held),
    /// The owner has to connect again. That is recorded already.
    NeedsReconnection,
    /// It did not work this time; the old ones may still be good.
    Failed(Failure),
}

/// Whose credentials they are.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) account: AccountId,
    pub(crate) platform: &'a PlatformName,
    pub(crate) account_name: &'a str,
}

impl Engine {
    pub(crate) async fn read_credentials(
        &self,
        organization: OrganizationId,
        account: AccountId,
    ) -> Result<Option<Held>, StoreError> {
        let stored = self.parts.store.find_credentials(organization, account).await?;
        stored.map(|stored| Held::read(account, &stored)).transpose()
    }

    /// Renews `held`, or takes over what another renewer got.
    pub(crate) async fn renew(
        &self,
        auth: &dyn Auth,
        cx: &Cx<'_>,
        whose: Whose<'_>,
        held: &Held,
    ) -> Result<Renewal, StoreError> {
        let Parts { store, clock, entropy } = self.renewal_parts();
        if self.fruitless.is_noted(whose.account, held.version, clock.now()) {
            return Ok(Renewal::Renewed(held.clone()));
        }
        let mut ended = self.renewal_ended.subscribe();
        loop {
            let renewing = self.wake.renewing();
            let now = clock.now();
            let owner = entropy.uuid(now).to_string();
            let until = now + REFRESH_LEASE;
            let Whose { organization, account, .. } = whose;
            if store.take_refresh(organization, account, held.version, owner.clone(), until, now).await? {
                let renewal = Box::pin(self.renew_alone(auth, cx, whose, held, owner, renewing)).await;
                self.renewal_ended.send_replace(());
                return renewal;
            }
            drop(renewing);
            match self.read_credentials(organization, account).await? {
                Some(newer) if newer.version != held.version => return Ok(Renewal::Renewed(newer)),
                // The sender lives in `self`, so waiting for it cannot fail.
                Some(_) => tokio::select! {
                    _ = ended.changed() => {}
                    () = clock.pause_until(now + REFRESH_POLL) => {}
                },
                None => return Ok(Renewal::NeedsReconnection),
            }
        }
    }

    async fn renew_alone(
        &self,
        auth: &dyn Auth,
        cx: &Cx<'_>,
        whose: Whose<'_>,
        held: &Held,
        owner: String,
        renewing: Renewing,
    ) -> Result<Renewal, StoreError> {
        let Whose { organization, account, .. } = whose;
        let mut outcome = auth.refresh(cx).await;
        // Whether a renewal whose answer was lost took place is not known. With the same token
        // again, a platform either repeats its answer or says that the token was used.
        if matches!(&outcome, Err(failure) if failure.sent == Sent::Maybe && !failure.died) {
            outcome = auth.refresh(cx).await;
        }
        match outcome {
            Ok(credentials) if is_same(&held.credentials, &credentials) => {
                telemetry::token_renewal(whose.platform.as_str(), "unchanged");
                self.fruitless.note(account, held.version, self.parts.clock.now());
                self.parts.store.give_refresh_back(organization, account, owner).await?;
                Ok(Renewal::Renewed(held.clone()))
            }
            Ok(credentials) => {
                telemetry::token_renewal(whose.platform.as_str(), "renewed");
                self.keep_renewed(whose, held, credentials, renewing).await
            }
            Err(failure) if failure.class == Class::TokenExpired => {
                telemetry::token_renewal(whose.platform.as_str(), "needs_reconnection");
                self.note_needs_reconnection(whose, held.version, &failure.public).await?;
                // Whoever was slow to store what it got may have used the token up.
                match self.read_credentials(organization, account).await? {
                    Some(newer) if newer.version != held.version => Ok(Renewal::Renewed(newer)),
                    _ => Ok(Renewal::NeedsReconnection),
                }
            }
            Err(failure) => {
                telemetry::token_renewal(whose.platform.as_str(), "failed");
                if !failure.died {
                    self.parts.store.give_refresh_back(organization, account, owner).await?;
                }
                Ok(Renewal::Failed(failure))
            }
        }
    }

    async fn keep_renewed(
        &self,
        whose: Whose<'_>,
        held: &Held,
        credentials: Credentials,
        renewing: Renewing,
    ) -> Result<Renewal, StoreError> {
        let Parts { store, clock, entropy } = self.renewal_parts();
        let Whose { organization, account, .. } = whose;
        let bytes = serde_json::to_vec(&credentials).unwrap_or_default();
        let ends_at = credentials.access_ends_at();
        let version = held.version;
        let give_up = clock.now() + REFRESH_LEASE;
        let mut renewing = Some(renewing);
        let written = loop {
            let mut nonce = [0; 24];
            entropy.fill(&mut nonce);
            let now = clock.now();
            match store.record_refresh(organization, account, version, &bytes, nonce, ends_at, now).await {
                // The old ones may be used up: what is not written now is lost.
                Err(error) if error.may_pass() && now + WRITE_AGAIN < give_up => {
                    tracing::warn!(account.id = account.0, error = %with_causes(&error), "a write failed; trying again");
                    drop(renewing.take());
                    clock.pause_until(now + WRITE_AGAIN).await;
                    renewing = Some(self.wake.renewing());
                }
                written => break written?,
            }
        };
        if written {
            tracing::info!(account.id = account.0, platform = %whose.platform, "access renewed");
            return Ok(Renewal::Renewed(Held { credentials, version: version + 1 }));
        }
        match self.read_credentials(organization, account).await? {
            Some(newer) => Ok(Renewal::Renewed(newer)),
            None => Ok(Renewal::NeedsReconnection),
        }
    }

    pub(crate) async fn note_needs_reconnection(
        &self,
        whose: Whose<'_>,
        version: i64,
        reason: &str,
    ) -> Result<(), StoreError> {
        let Parts { store, clock, entropy } = self.renewal_parts();
        let now: Timestamp = clock.now();
        let event = NewEvent {
            id: EventId(entropy.uuid(now)),
            kind: EventKind::AccountReconnectNeeded,
            payload: json!({
                "account_id": whose.account,
                "platform": whose.platform,
                "account_name": whose.account_name,
                "reason": reason,
            }),
        };
        tracing::warn!(account.id = whose.account.0, platform = %whose.platform, reason, "reconnection needed");
        store
            .record_needs_reconnection(
                whose.organization,
                whose.account,
                version,
                reason.to_owned(),
                event,
                now,
            )
            .await
    }

    fn renewal_parts(&self) -> Parts<'_> {
        Parts {
            store: &self.parts.store,
            clock: self.parts.clock.as_ref(),
            entropy: self.parts.entropy.as_ref(),
        }
    }
}

/// Whether a renewal brought nothing: the same token, which ends when it did before.
fn is_same(old: &Credentials, new: &Credentials) -> bool {
    let same_end = match (old.access_expires_at, new.access_expires_at) {
        (Some(before), Some(after)) => after <= before + SAME_END,
        (before, after) => before == after,
    };
    same_end && old.access_token == new.access_token && old.refresh_token == new.refresh_token
}

/// What a renewal works with.
struct Parts<'a> {
    store: &'a store::Store,
    clock: &'a dyn net::Clock,
    entropy: &'a dyn net::Entropy,
}
