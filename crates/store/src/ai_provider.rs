//! The provider of captions and pictures that an operator has set. It belongs to no organization.

use domain::Timestamp;

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::on;
use crate::installation::changed;
use crate::{Store, StoreError};

/// A stored provider.
#[derive(Clone, PartialEq, Eq)]
pub struct AiProviderRow {
    /// The root of its API.
    pub base_url: String,
    /// Its key; empty where it wants none.
    pub api_key: String,
    /// The model that writes captions; empty where none does.
    pub caption_model: String,
    /// The model that makes pictures; empty where none does.
    pub image_model: String,
    /// When it was stored.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for AiProviderRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AiProviderRow").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

const PUT: &str = "INSERT INTO ai_provider (id, base_url, api_key, caption_model, image_model, updated_at)
    VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET base_url = excluded.base_url,
    api_key = excluded.api_key, caption_model = excluded.caption_model,
    image_model = excluded.image_model, updated_at = excluded.updated_at";
const FIND: &str =
    "SELECT base_url, api_key, caption_model, image_model, updated_at FROM ai_provider WHERE id = 1";
const REMOVE: &str = "DELETE FROM ai_provider WHERE id = 1";
/// Names the row that the key is bound to.
pub(crate) const BOUND_ROW: &str = "ai_provider/api_key";

impl Store {
    /// Stores the provider in place of the one before. `nonce` is 24 random bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_ai_provider(
        &self,
        provider: AiProviderRow,
        nonce: [u8; 24],
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let sealed = self.keyring.seal(BOUND_ROW, provider.api_key.as_bytes(), nonce)?;
        self.writer
            .run(move |mut conn| {
                let (provider, sealed, log) = (provider.clone(), sealed.clone(), log.clone());
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(PUT)
                            .bind(&provider.base_url)
                            .bind(sealed)
                            .bind(&provider.caption_model)
                            .bind(&provider.image_model)
                            .bind(provider.updated_at.as_micros())
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

    /// The stored provider.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the encryption key is the wrong one.
    pub async fn find_ai_provider(&self) -> Result<Option<AiProviderRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(String, Vec<u8>, String, String, i64)> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).fetch_optional(&mut *c).await? });
        let Some((base_url, sealed, caption_model, image_model, updated_at)) = row else { return Ok(None) };
        let key = self.keyring.open(BOUND_ROW, &sealed)?;
        Ok(Some(AiProviderRow {
            base_url,
            api_key: String::from_utf8_lossy(&key).into_owned(),
            caption_model,
            image_model,
            updated_at: Timestamp::from_micros(updated_at),
        }))
    }

    /// Forgets the stored provider; `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_ai_provider(&self, log: Vec<NewAuditEntry>) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    let done =
                        on!(&mut conn, |c| { sqlx::query(REMOVE).execute(&mut **c).await?.rows_affected() });
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
