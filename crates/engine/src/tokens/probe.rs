//! Asking a platform whether it still takes a token, and under which name it shows the account now.

use connector::Identity;
use domain::{Class, Span, Timestamp};
use store::{AccessRow, ShownAs, StoreError};

use super::access::{Asked, whose};
use super::plan::{can_renew, share_of};
use crate::Engine;
use crate::credentials::Renewal;

/// A platform that does not answer is asked again sooner than one that does, but not at once.
const SOONER: f64 = 0.2;

impl Engine {
    /// Probes an account for which it is due.
    pub(super) async fn probe_due(&self, row: &AccessRow) -> Result<(), StoreError> {
        let next = self.probe(row).await?;
        self.parts.store.put_probe_off(row, next).await?;
        Ok(())
    }

    /// Returns when to probe next; `None` when that is planned elsewhere or never.
    async fn probe(&self, row: &AccessRow) -> Result<Option<Timestamp>, StoreError> {
        let now = self.parts.clock.now();
        let Some(connector) = self.parts.registry.connector(&row.platform).filter(|_| row.is_usable) else {
            return Ok(None);
        };
        // Publishing is the better probe.
        if let Some(last) = row.last_published_at
            && let Some(next) = self.next_probe(row.id, last).filter(|next| *next > now)
        {
            return Ok(Some(next));
        }
        let Some(held) = self.read_credentials(row.organization_id, row.id).await? else { return Ok(None) };
        if held.version != row.version {
            return Ok(self.next_probe(row.id, now));
        }
        if held.credentials.is_stale(now, Span::ZERO) {
            // Its renewal is due, or it has ended; the platform would say nothing new.
            return Ok(self.soon(now));
        }
        let asked = Asked::new(self, row);
        let answer = connector.auth().identify(&asked.cx(self, &held.credentials)).await;
        let failure = match answer {
            Ok(identity) => {
                telemetry::token_probe(row.platform.as_str(), "alive");
                self.show_as_now(row, identity).await?;
                return Ok(self.next_probe(row.id, now));
            }
            Err(failure) => failure,
        };
        if failure.class != Class::TokenExpired {
            telemetry::token_probe(row.platform.as_str(), "unanswered");
            tracing::debug!(account.id = row.id.0, class = ?failure.class, "a probe told nothing");
            return Ok(failure.retry_at().map(|at| at.max(now)).or_else(|| self.soon(now)));
        }
        telemetry::token_probe(row.platform.as_str(), "refused");
        let version = held.version;
        let is_dead = if can_renew(&held.credentials, now) {
            match self.try_renewal(row, &held).await? {
                Renewal::Renewed(newer) => newer.version == version,
                Renewal::NeedsReconnection => return Ok(None),
                // It is not known, and nothing changes.
                Renewal::Failed(_) => return Ok(self.soon(now)),
            }
        } else {
            true
        };
        if !is_dead {
            return Ok(self.next_probe(row.id, now));
        }
        let reason = format!("{} refused the account's access.", connector.spec().display_name);
        self.note_needs_reconnection(whose(row), version, &reason).await?;
        Ok(None)
    }

    fn soon(&self, now: Timestamp) -> Option<Timestamp> {
        let share = self.parts.entropy.share();
        self.config.tokens.probe_every.map(|every| now + share_of(every, SOONER * (0.8 + 0.4 * share)))
    }

    /// Takes over the account's name and picture where the platform has other ones now.
    async fn show_as_now(&self, row: &AccessRow, found: Identity) -> Result<(), StoreError> {
        // What answers for another profile, such as the member behind a page, tells nothing of this one.
        if found.platform_user_id != row.platform_user_id {
            return Ok(());
        }
        // A profile that could not be read leaves a handle in place of a name, and no picture.
        let is_bare = found.avatar_url.is_none() && found.username.as_ref() == Some(&found.display_name);
        let shown = ShownAs {
            username: found.username.or_else(|| row.username.clone()),
            display_name: if is_bare { row.display_name.clone() } else { found.display_name },
            avatar_url: found.avatar_url.or_else(|| row.avatar_url.clone()),
            premium: found.premium,
        };
        let known = ShownAs {
            username: row.username.clone(),
            display_name: row.display_name.clone(),
            avatar_url: row.avatar_url.clone(),
            premium: row.premium,
        };
        if shown == known {
            return Ok(());
        }
        let now = self.parts.clock.now();
        self.parts.store.show_account_as(row.organization_id, row.id, shown, now).await
    }
}
