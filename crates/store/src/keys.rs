//! API keys: only a hash of each is kept.

use domain::api_key::Scope;
use domain::plan::OrganizationSettings;
use domain::{ApiKeyId, OrganizationId, Timestamp, UserId, WorkspaceId};
use sha2::{Digest as _, Sha256};

use crate::audit_log::{self, NewAuditEntry};
use crate::conn::{Conn, on};
use crate::organizations::read_settings;
use crate::{Store, StoreError};

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The workspace that it works in.
    pub workspace_id: WorkspaceId,
    /// Its owner.
    pub user_id: UserId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// A stored key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ApiKeyId,
    /// The workspace that it works in.
    pub workspace_id: WorkspaceId,
    /// Its owner.
    pub user_id: UserId,
    /// The part that may be shown.
    pub key_prefix: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// What is set for its organization.
    pub settings: OrganizationSettings,
}

#[derive(sqlx::FromRow)]
struct Stored {
    organization_id: uuid::Uuid,
    id: uuid::Uuid,
    workspace_id: uuid::Uuid,
    user_id: i64,
    key_prefix: String,
    name: String,
    scopes: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
    approvals_required: i64,
    limits: String,
}

impl Stored {
    fn read(self) -> Result<KeyRow, StoreError> {
        let row = self;
        let organization_id = OrganizationId(row.organization_id);
        Ok(KeyRow {
            organization_id,
            settings: read_settings(organization_id, row.approvals_required, &row.limits)?,
            id: ApiKeyId(row.id),
            workspace_id: WorkspaceId(row.workspace_id),
            user_id: UserId(row.user_id),
            key_prefix: row.key_prefix,
            name: row.name,
            scopes: read_scopes(&row.scopes),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: row.expires_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        })
    }
}

const INSERT: &str = "INSERT INTO api_keys
    (organization_id, id, workspace_id, user_id, key_hash, key_prefix, name, scopes, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
macro_rules! keys_by {
    ($condition:literal) => {
        concat!(
            "SELECT k.organization_id, k.id, k.workspace_id, k.user_id, k.key_prefix, k.name, k.scopes, k.created_at,
            k.expires_at, k.revoked_at, k.last_used_at, o.approvals_required, o.limits
            FROM api_keys k JOIN organizations o ON o.id = k.organization_id WHERE ",
            $condition
        )
    };
}

pub(crate) const FIND: &str = keys_by!("k.key_hash = $1");
const LIST: &str = keys_by!("k.organization_id = $1 ORDER BY k.created_at, k.id");
const REVOKE: &str = "UPDATE api_keys SET revoked_at = $3
    WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
const USED: &str = "UPDATE api_keys SET last_used_at = $3
    WHERE organization_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";

/// What a key is found by. A key has 128 random bits, so a plain hash is enough.
fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

pub(crate) fn scopes_text(scopes: &[Scope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(",")
}

pub(crate) fn read_scopes(text: &str) -> Vec<Scope> {
    text.split(',').filter_map(Scope::parse).collect()
}

/// Writes a key; of `secret` only the hash and the shown part.
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    new: &NewKey,
    secret: &str,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(INSERT)
            .bind(organization.0)
            .bind(new.id.0)
            .bind(new.workspace_id.0)
            .bind(new.user_id.0)
            .bind(hash(secret))
            .bind(domain::api_key::shown_prefix(secret))
            .bind(&new.name)
            .bind(scopes_text(&new.scopes))
            .bind(new.created_at.as_micros())
            .bind(new.expires_at.map(Timestamp::as_micros))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

impl Store {
    /// Stores a key. `secret` itself is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_key(
        &self,
        organization: OrganizationId,
        new: NewKey,
        secret: &str,
    ) -> Result<(), StoreError> {
        let secret = secret.to_owned();
        self.writer
            .run(move |mut conn| {
                let (new, secret) = (new.clone(), secret.clone());
                Box::pin(async move { insert(&mut conn, organization, &new, &secret).await })
            })
            .await
    }

    /// Stores a key and writes down who made it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_key_by(
        &self,
        organization: OrganizationId,
        new: NewKey,
        secret: &str,
        log: Vec<NewAuditEntry>,
    ) -> Result<(), StoreError> {
        let secret = secret.to_owned();
        self.writer
            .run(move |mut conn| {
                let (new, secret, log) = (new.clone(), secret.clone(), log.clone());
                Box::pin(async move {
                    insert(&mut conn, organization, &new, &secret).await?;
                    audit_log::insert(&mut conn, &log).await
                })
            })
            .await
    }

    /// The key with this secret, revoked and expired ones included. The one look-up that comes
    /// before the organization is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_key(&self, secret: &str, now: Timestamp) -> Result<Option<KeyRow>, StoreError> {
        let hash = hash(secret);
        let cache = self.key_cache.as_deref().and_then(|cache| Some((cache, cache.stamp(now)?)));
        if let Some(key) = cache.and_then(|(cache, stamp)| cache.find(stamp, &hash)) {
            return Ok(Some(key));
        }
        let mut read = self.read().await?;
        let row: Option<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(FIND).bind(&hash).fetch_optional(&mut *c).await? });
        let key = row.map(Stored::read).transpose()?;
        if let (Some((cache, stamp)), Some(key)) = (cache, &key) {
            cache.keep(stamp, hash, key.clone());
        }
        Ok(key)
    }

    /// Every key of an organization, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_keys(&self, organization: OrganizationId) -> Result<Vec<KeyRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).bind(organization.0).fetch_all(&mut *c).await? });
        rows.into_iter().map(Stored::read).collect()
    }

    /// Revokes a key; `false` when there is none to revoke.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.revoke_key_by(organization, id, now, Vec::new()).await
    }

    /// Revokes a key and writes down who did; `false` when there is none to revoke.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_key_by(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        now: Timestamp,
        log: Vec<NewAuditEntry>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(REVOKE)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if done == 1 {
                        audit_log::insert(&mut conn, &log).await?;
                    }
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Notes when keys were last used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_key_use(
        &self,
        used: Vec<(OrganizationId, ApiKeyId, Timestamp)>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let used = used.clone();
                Box::pin(async move {
                    for (organization, id, at) in used {
                        on!(&mut conn, |c| {
                            sqlx::query(USED)
                                .bind(organization.0)
                                .bind(id.0)
                                .bind(at.as_micros())
                                .execute(&mut **c)
                                .await?
                                .rows_affected()
                        });
                    }
                    Ok(())
                })
            })
            .await
    }
}
