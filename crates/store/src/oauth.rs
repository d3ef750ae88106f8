//! Programs that people let in by OAuth: the programs, and what each was allowed. Codes and tokens are
//! random, so a plain hash is enough to find them by.

use domain::api_key::Scope;
use domain::plan::OrganizationSettings;
use domain::{ApiKeyId, OrganizationId, Timestamp, UserId, WorkspaceId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::keys::{read_scopes, scopes_text};
use crate::organizations::read_settings;
use crate::{Store, StoreError};

/// A program that introduced itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthClient {
    /// What it calls itself by.
    pub id: Uuid,
    /// What people are shown.
    pub name: String,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
    /// When it introduced itself.
    pub created_at: Timestamp,
}

/// What a person allowed a program.
#[derive(Clone, Debug)]
pub struct NewOAuthGrant {
    /// The grant.
    pub id: Uuid,
    /// The program.
    pub client_id: Uuid,
    /// The key that the person showed.
    pub api_key_id: ApiKeyId,
    /// What was allowed.
    pub scopes: Vec<Scope>,
    /// Where the program is sent back to.
    pub redirect_uri: String,
    /// What the program proves itself with: PKCE's S256.
    pub code_challenge: String,
    /// When it was allowed.
    pub created_at: Timestamp,
    /// Until when the code may be used.
    pub code_expires_at: Timestamp,
}

/// A grant as a code or refresh token finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthGrant {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The grant.
    pub id: Uuid,
    /// The program.
    pub client_id: Uuid,
    /// What was allowed.
    pub scopes: Vec<Scope>,
    /// Where the program was sent back to.
    pub redirect_uri: String,
    /// What the program proves itself with.
    pub code_challenge: String,
    /// Until when the code may be used.
    pub code_expires_at: Timestamp,
    /// Whether the code was used.
    pub code_is_used: bool,
    /// Until when the refresh token may be used.
    pub refresh_expires_at: Option<Timestamp>,
    /// Whether somebody ended it.
    pub is_ended: bool,
    /// Whether the key behind it was revoked.
    pub key_is_revoked: bool,
    /// When the key behind it ends.
    pub key_expires_at: Option<Timestamp>,
}

/// Which secret of a grant something is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthSecret {
    /// The code.
    Code,
    /// The refresh token.
    Refresh,
    /// The refresh token before the present one.
    Replaced,
    /// The access token.
    Access,
}

/// The tokens that a program gets, and when they end.
#[derive(Clone)]
pub struct OAuthTokens {
    /// The access token.
    pub access: String,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// The refresh token.
    pub refresh: String,
    /// When it ends.
    pub refresh_expires_at: Timestamp,
    /// The present moment.
    pub now: Timestamp,
}

/// Who calls with an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthAccess {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The workspace that the key works in.
    pub workspace_id: WorkspaceId,
    /// The key.
    pub api_key_id: ApiKeyId,
    /// The key's owner.
    pub user_id: UserId,
    /// What was allowed.
    pub scopes: Vec<Scope>,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// Whether the grant was ended, or its key revoked.
    pub is_revoked: bool,
    /// When the key ends.
    pub key_expires_at: Option<Timestamp>,
    /// What is set for the organization.
    pub settings: OrganizationSettings,
}

#[derive(sqlx::FromRow)]
struct StoredGrant {
    organization_id: Uuid,
    id: Uuid,
    client_id: Uuid,
    scopes: String,
    redirect_uri: String,
    code_challenge: String,
    code_expires_at: i64,
    code_used_at: Option<i64>,
    refresh_expires_at: Option<i64>,
    ended_at: Option<i64>,
    key_revoked_at: Option<i64>,
    key_expires_at: Option<i64>,
}

impl From<StoredGrant> for OAuthGrant {
    fn from(row: StoredGrant) -> Self {
        Self {
            organization_id: OrganizationId(row.organization_id),
            id: row.id,
            client_id: row.client_id,
            scopes: read_scopes(&row.scopes),
            redirect_uri: row.redirect_uri,
            code_challenge: row.code_challenge,
            code_expires_at: Timestamp::from_micros(row.code_expires_at),
            code_is_used: row.code_used_at.is_some(),
            refresh_expires_at: row.refresh_expires_at.map(Timestamp::from_micros),
            is_ended: row.ended_at.is_some(),
            key_is_revoked: row.key_revoked_at.is_some(),
            key_expires_at: row.key_expires_at.map(Timestamp::from_micros),
        }
    }
}

#[derive(sqlx::FromRow)]
struct StoredAccess {
    organization_id: Uuid,
    workspace_id: Uuid,
    api_key_id: Uuid,
    user_id: i64,
    scopes: String,
    access_expires_at: Option<i64>,
    ended_at: Option<i64>,
    key_revoked_at: Option<i64>,
    key_expires_at: Option<i64>,
    approvals_required: i64,
    limits: String,
}

macro_rules! grant_by {
    ($column:literal) => {
        concat!(
            "SELECT g.organization_id, g.id, g.client_id, g.scopes, g.redirect_uri, g.code_challenge,
            g.code_expires_at, g.code_used_at, g.refresh_expires_at, g.ended_at,
            k.revoked_at AS key_revoked_at, k.expires_at AS key_expires_at
            FROM oauth_grants g
            JOIN api_keys k ON k.organization_id = g.organization_id AND k.id = g.api_key_id
            WHERE g.",
            $column,
            " = $1"
        )
    };
}

const INSERT_CLIENT: &str = "INSERT INTO oauth_clients (id, name, redirect_uris, created_at)
    VALUES ($1, $2, $3, $4)";
const FIND_CLIENT: &str = "SELECT name, redirect_uris, created_at FROM oauth_clients WHERE id = $1";
pub(crate) const FORGET_CLIENTS: &str = "DELETE FROM oauth_clients WHERE created_at < $1 AND NOT EXISTS
    (SELECT 1 FROM oauth_grants g WHERE g.client_id = oauth_clients.id)";
pub(crate) const FORGET_GRANTS: &str = "DELETE FROM oauth_grants WHERE expires_at < $1";
const INSERT_GRANT: &str = "INSERT INTO oauth_grants (organization_id, id, client_id, api_key_id, scopes,
    redirect_uri, code_challenge, code_hash, code_expires_at, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)";
pub(crate) const BY_CODE: &str = grant_by!("code_hash");
pub(crate) const BY_REFRESH: &str = grant_by!("refresh_hash");
pub(crate) const BY_REPLACED: &str = grant_by!("replaced_hash");
const BY_ACCESS: &str = grant_by!("access_hash");
/// Of two that come with the same code, one changes the row.
const USE_CODE: &str = "UPDATE oauth_grants SET code_used_at = $3, access_hash = $4, access_expires_at = $5,
    refresh_hash = $6, refresh_expires_at = $7, expires_at = $7
    WHERE organization_id = $1 AND id = $2 AND code_used_at IS NULL AND ended_at IS NULL";
/// Of two that come with the same refresh token, one changes the row.
const REFRESH: &str = "UPDATE oauth_grants SET replaced_hash = refresh_hash, access_hash = $4,
    access_expires_at = $5, refresh_hash = $6, refresh_expires_at = $7, expires_at = $7
    WHERE organization_id = $1 AND id = $2 AND refresh_hash = $3 AND ended_at IS NULL";
const END: &str = "UPDATE oauth_grants SET ended_at = $3, access_hash = NULL, refresh_hash = NULL
    WHERE organization_id = $1 AND id = $2 AND ended_at IS NULL";
pub(crate) const ACCESS: &str = "SELECT g.organization_id, k.workspace_id, g.api_key_id, k.user_id, g.scopes,
    g.access_expires_at, g.ended_at, k.revoked_at AS key_revoked_at, k.expires_at AS key_expires_at,
    o.approvals_required, o.limits
    FROM oauth_grants g JOIN api_keys k ON k.organization_id = g.organization_id AND k.id = g.api_key_id
    JOIN organizations o ON o.id = g.organization_id
    WHERE g.access_hash = $1";

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

macro_rules! bind_tokens {
    ($query:expr, $tokens:expr) => {
        $query
            .bind(hash(&$tokens.access))
            .bind($tokens.access_expires_at.as_micros())
            .bind(hash(&$tokens.refresh))
            .bind($tokens.refresh_expires_at.as_micros())
    };
}

impl Store {
    /// Keeps a program that introduced itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_oauth_client(&self, client: OAuthClient) -> Result<(), StoreError> {
        let uris = serde_json::to_string(&client.redirect_uris).unwrap_or_default();
        self.writer
            .run(move |conn| {
                let (client, uris) = (client.clone(), uris.clone());
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(INSERT_CLIENT)
                            .bind(client.id)
                            .bind(&client.name)
                            .bind(&uris)
                            .bind(client.created_at.as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// A program that introduced itself.
    ///
    /// # Errors
    /// When the database fails or the row is broken.
    pub async fn find_oauth_client(&self, id: Uuid) -> Result<Option<OAuthClient>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(String, String, i64)> =
            on!(read.conn(), |c| { sqlx::query_as(FIND_CLIENT).bind(id).fetch_optional(&mut *c).await? });
        let Some((name, uris, created_at)) = row else { return Ok(None) };
        let redirect_uris = serde_json::from_str(&uris).map_err(|error| StoreError::Corrupt {
            table: "oauth_clients",
            column: "redirect_uris",
            id: id.to_string(),
            reason: error.to_string(),
        })?;
        Ok(Some(OAuthClient { id, name, redirect_uris, created_at: Timestamp::from_micros(created_at) }))
    }

    /// Keeps what a person allowed. `code` itself is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_oauth_grant(
        &self,
        organization: OrganizationId,
        grant: NewOAuthGrant,
        code: &str,
    ) -> Result<(), StoreError> {
        let code = hash(code);
        self.writer
            .run(move |conn| {
                let (grant, code) = (grant.clone(), code.clone());
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(INSERT_GRANT)
                            .bind(organization.0)
                            .bind(grant.id)
                            .bind(grant.client_id)
                            .bind(grant.api_key_id.0)
                            .bind(scopes_text(&grant.scopes))
                            .bind(&grant.redirect_uri)
                            .bind(&grant.code_challenge)
                            .bind(code)
                            .bind(grant.code_expires_at.as_micros())
                            .bind(grant.created_at.as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// The grant that a secret belongs to, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_oauth_grant(
        &self,
        by: OAuthSecret,
        secret: &str,
    ) -> Result<Option<OAuthGrant>, StoreError> {
        let text = match by {
            OAuthSecret::Code => BY_CODE,
            OAuthSecret::Refresh => BY_REFRESH,
            OAuthSecret::Replaced => BY_REPLACED,
            OAuthSecret::Access => BY_ACCESS,
        };
        let mut read = self.read().await?;
        let row: Option<StoredGrant> =
            on!(read.conn(), |c| { sqlx::query_as(text).bind(hash(secret)).fetch_optional(&mut *c).await? });
        Ok(row.map(OAuthGrant::from))
    }

    /// Hands tokens out for a code; `false` when it was used before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_oauth_code(&self, grant: &OAuthGrant, tokens: OAuthTokens) -> Result<bool, StoreError> {
        let (organization, id) = (grant.organization_id, grant.id);
        self.writer
            .run(move |mut conn| {
                let tokens = tokens.clone();
                Box::pin(async move {
                    let now = tokens.now.as_micros();
                    let done = on!(&mut conn, |c| {
                        let query = sqlx::query(USE_CODE).bind(organization.0).bind(id).bind(now);
                        bind_tokens!(query, tokens).execute(&mut **c).await?.rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Hands new tokens out for a refresh token; `false` when it was used before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_oauth_grant(
        &self,
        grant: &OAuthGrant,
        used: &str,
        tokens: OAuthTokens,
    ) -> Result<bool, StoreError> {
        let (organization, id, used) = (grant.organization_id, grant.id, hash(used));
        self.writer
            .run(move |mut conn| {
                let (tokens, used) = (tokens.clone(), used.clone());
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        let query = sqlx::query(REFRESH).bind(organization.0).bind(id).bind(used);
                        bind_tokens!(query, tokens).execute(&mut **c).await?.rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// Ends a grant: its tokens are good for nothing from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_oauth_grant(
        &self,
        organization: OrganizationId,
        id: Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| Box::pin(async move { end(&mut conn, organization, id, now).await }))
            .await
    }

    /// Who calls with this access token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_oauth_access(&self, token: &str) -> Result<Option<OAuthAccess>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<StoredAccess> =
            on!(read.conn(), |c| { sqlx::query_as(ACCESS).bind(hash(token)).fetch_optional(&mut *c).await? });
        let Some(row) = row else { return Ok(None) };
        let organization_id = OrganizationId(row.organization_id);
        Ok(Some(OAuthAccess {
            organization_id,
            settings: read_settings(organization_id, row.approvals_required, &row.limits)?,
            workspace_id: WorkspaceId(row.workspace_id),
            api_key_id: ApiKeyId(row.api_key_id),
            user_id: UserId(row.user_id),
            scopes: read_scopes(&row.scopes),
            expires_at: Timestamp::from_micros(row.access_expires_at.unwrap_or(0)),
            is_revoked: row.ended_at.is_some() || row.key_revoked_at.is_some(),
            key_expires_at: row.key_expires_at.map(Timestamp::from_micros),
        }))
    }

    /// Forgets grants that ended before `grants`, and programs without one that came before `clients`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_oauth(&self, grants: Timestamp, clients: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    on!(&mut conn, |c| {
                        sqlx::query(FORGET_GRANTS).bind(grants.as_micros()).execute(&mut **c).await?;
                        sqlx::query(FORGET_CLIENTS)
                            .bind(clients.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }
}

async fn end(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(END)
            .bind(organization.0)
            .bind(id)
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}
