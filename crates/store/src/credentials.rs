//! Accounts' sealed credentials, and who may renew them.

use domain::{AccountId, OrganizationId, Span, Timestamp};

use crate::conn::on;
use crate::events::{self, NewEvent};
use crate::{Store, StoreError};

/// An account's credentials, opened.
#[derive(Clone)]
pub struct StoredCredentials {
    /// The plain bytes.
    pub bytes: Vec<u8>,
    /// Grows by one with every change.
    pub version: i64,
}

impl std::fmt::Debug for StoredCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredCredentials").field("version", &self.version).finish_non_exhaustive()
    }
}

/// A right that lasts longer was taken before the clock went back.
const LONGEST_RIGHT: Span = Span::from_minutes(10);

/// Names the row that credentials are bound to.
pub(crate) fn bound_row(organization: OrganizationId, account: AccountId) -> String {
    format!("accounts/{organization}/{account}/credentials")
}

const CREDENTIALS: &str =
    "SELECT credentials, credentials_version FROM accounts WHERE organization_id = $1 AND id = $2";
const TAKE_REFRESH: &str = "UPDATE accounts SET refresh_owner = $4, refresh_until = $5
    WHERE organization_id = $1 AND id = $2 AND credentials_version = $3
      AND (refresh_until IS NULL OR refresh_until <= $6 OR refresh_until > $7)";
/// Whoever holds the newest credentials stores them, even if its right ran out meanwhile: the version
/// says that nobody has newer ones, and those before may be used up. What another renewer found of
/// the used ones is void then.
const REFRESHED: &str = "UPDATE accounts SET credentials = $4, credentials_version = credentials_version + 1,
    access_ends_at = $5, last_refresh_at = $6, refresh_owner = NULL, refresh_until = NULL,
    needs_reconnection_since = NULL, needs_reconnection_reason = NULL, updated_at = $6
    WHERE organization_id = $1 AND id = $2 AND credentials_version = $3";
const GIVE_REFRESH_BACK: &str = "UPDATE accounts SET refresh_owner = NULL, refresh_until = NULL
    WHERE organization_id = $1 AND id = $2 AND refresh_owner = $3";
const NEEDS_RECONNECTION: &str = "UPDATE accounts SET needs_reconnection_since = $4,
    needs_reconnection_reason = $5, refresh_owner = NULL, refresh_until = NULL, updated_at = $4
    WHERE organization_id = $1 AND id = $2 AND credentials_version = $3 AND needs_reconnection_since IS NULL";

impl Store {
    /// An account's credentials, decrypted.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the encryption key is the wrong one.
    pub async fn find_credentials(
        &self,
        organization: OrganizationId,
        id: AccountId,
    ) -> Result<Option<StoredCredentials>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(Option<Vec<u8>>, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(CREDENTIALS).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        let Some((Some(sealed), version)) = row else { return Ok(None) };
        let bytes = self.keyring.open(&bound_row(organization, id), &sealed)?;
        Ok(Some(StoredCredentials { bytes, version }))
    }

    /// Takes the right to renew version `version` of an account's credentials until `until`, for
    /// `owner` alone. `false` when another has it, or the credentials are newer already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_refresh(
        &self,
        organization: OrganizationId,
        id: AccountId,
        version: i64,
        owner: String,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |conn| {
                let owner = owner.clone();
                Box::pin(async move {
                    let done = on!(conn, |c| {
                        sqlx::query(TAKE_REFRESH)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(version)
                            .bind(owner)
                            .bind(until.as_micros())
                            .bind(now.as_micros())
                            .bind((now + LONGEST_RIGHT).as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Stores what renewing version `version` gave; durable when this returns, which has to be before
    /// its first use. `false` when there are newer credentials already.
    ///
    /// # Errors
    /// When the database fails.
    #[expect(clippy::too_many_arguments, reason = "one column each; a struct would only rename them")]
    pub async fn record_refresh(
        &self,
        organization: OrganizationId,
        id: AccountId,
        version: i64,
        credentials: &[u8],
        nonce: [u8; 24],
        access_ends_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sealed = self.keyring.seal(&bound_row(organization, id), credentials, nonce)?;
        self.writer
            .run(move |conn| {
                let sealed = sealed.clone();
                Box::pin(async move {
                    let done = on!(conn, |c| {
                        sqlx::query(REFRESHED)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(version)
                            .bind(sealed)
                            .bind(access_ends_at.map(Timestamp::as_micros))
                            .bind(now.as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Gives the right to renew back without having renewed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_refresh_back(
        &self,
        organization: OrganizationId,
        id: AccountId,
        owner: String,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                let owner = owner.clone();
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(GIVE_REFRESH_BACK)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(owner)
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// Notes that the platform refuses version `version` of the credentials, with the event. Does
    /// nothing when the account was connected again meanwhile, or it is known already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_needs_reconnection(
        &self,
        organization: OrganizationId,
        id: AccountId,
        version: i64,
        reason: String,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let (reason, event) = (reason.clone(), event.clone());
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(NEEDS_RECONNECTION)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(version)
                            .bind(now.as_micros())
                            .bind(reason)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if done == 1 {
                        events::insert(&mut conn, organization, &event, now).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}
