//! The installation's apps at platforms. They belong to no organization.

use domain::{PlatformName, Timestamp};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::on;
use crate::installation::changed;
use crate::{Store, StoreError};

/// A stored app.
#[derive(Clone, PartialEq, Eq)]
pub struct PlatformApp {
    /// The platform.
    pub platform: PlatformName,
    /// The public id.
    pub client_id: String,
    /// The secret.
    pub client_secret: String,
    /// When it was stored.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for PlatformApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlatformApp")
            .field("platform", &self.platform)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

const PUT: &str = "INSERT INTO platform_apps (platform, client_id, client_secret, updated_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT (platform) DO UPDATE SET client_id = excluded.client_id,
    client_secret = excluded.client_secret, updated_at = excluded.updated_at";
const LIST: &str =
    "SELECT platform, client_id, client_secret, updated_at FROM platform_apps ORDER BY platform";
const REMOVE: &str = "DELETE FROM platform_apps WHERE platform = $1";

/// Names the row that the secret is bound to.
pub(crate) fn bound_row(platform: &PlatformName) -> String {
    format!("platform_apps/{platform}/client_secret")
}

impl Store {
    /// Stores a platform's app in place of the one before. `nonce` is 24 random bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_platform_app(
        &self,
        app: PlatformApp,
        nonce: [u8; 24],
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let sealed = self.keyring.seal(&bound_row(&app.platform), app.client_secret.as_bytes(), nonce)?;
        self.writer
            .run(move |mut conn| {
                let (app, sealed, log) = (app.clone(), sealed.clone(), log.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(PUT)
                            .bind(app.platform.as_str())
                            .bind(&app.client_id)
                            .bind(sealed)
                            .bind(app.updated_at.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    changed(&mut conn).await?;
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }

    /// Every stored app.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the encryption key is the wrong one.
    pub async fn list_platform_apps(&self) -> Result<Vec<PlatformApp>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(String, String, Vec<u8>, i64)> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).fetch_all(&mut *c).await? });
        rows.into_iter()
            .map(|(platform, client_id, sealed, updated_at)| {
                let platform = PlatformName::from_text(&platform);
                let secret = self.keyring.open(&bound_row(&platform), &sealed)?;
                Ok(PlatformApp {
                    client_secret: String::from_utf8_lossy(&secret).into_owned(),
                    client_id,
                    updated_at: Timestamp::from_micros(updated_at),
                    platform,
                })
            })
            .collect()
    }

    /// Forgets a platform's app; `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_platform_app(
        &self,
        platform: &PlatformName,
        log: Vec<NewAuditEntry>,
    ) -> Result<bool, StoreError> {
        let platform = platform.clone();
        self.writer
            .run(move |mut conn| {
                let (platform, log) = (platform.clone(), log.clone());
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(REMOVE).bind(platform.as_str()).execute(&mut **c).await?.rows_affected()
                    });
                    if done == 0 {
                        return Ok(false);
                    }
                    changed(&mut conn).await?;
                    audit_log::insert(&mut conn, &log).await?;
                    Ok(true)
                })
            })
            .await
    }
}
