//! Accounts that end: disconnected by their organization, or erased because a person asked the
//! platform for it.

use domain::{AccountId, OrganizationId, PlatformName, Timestamp, WorkspaceId};

use crate::conn::on;
use crate::events::{self, NewEvent};
use crate::{Store, StoreError};

/// An account that a person's sign-in opened, of whichever organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedAccount {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: AccountId,
    /// The version of its credentials.
    pub version: i64,
    /// The handle without `@`.
    pub username: Option<String>,
    /// The shown name.
    pub display_name: String,
    /// Whether it is switched on.
    pub is_active: bool,
}

/// What was erased at a person's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDeletion {
    /// The platform that passed the request on.
    pub platform: PlatformName,
    /// How many accounts it concerned.
    pub accounts: i64,
    /// When they were erased.
    pub deleted_at: Timestamp,
}

const DISCONNECT: &str = "UPDATE accounts SET is_active = 0, credentials = NULL,
    credentials_version = credentials_version + 1, refresh_owner = NULL, refresh_until = NULL, updated_at = $4
    WHERE organization_id = $1 AND workspace_id = $2 AND id = $3 AND is_active = 1";
pub(crate) const OWNED: &str =
    "SELECT organization_id, id, credentials_version, username, display_name, is_active
    FROM accounts WHERE platform = $1 AND owner_platform_user_id = $2
    UNION SELECT organization_id, id, credentials_version, username, display_name, is_active
    FROM accounts WHERE platform = $1 AND platform_user_id = $2";
const ERASE: &str = "UPDATE accounts SET is_active = 0, credentials = NULL,
    credentials_version = credentials_version + 1, refresh_owner = NULL, refresh_until = NULL,
    username = NULL, display_name = 'Removed account', avatar_url = NULL, updated_at = $3
    WHERE platform = $1 AND (owner_platform_user_id = $2 OR platform_user_id = $2)";
const NOTE_DELETION: &str =
    "INSERT INTO data_deletions (code, platform, accounts, deleted_at) VALUES ($1, $2, $3, $4)";
const FIND_DELETION: &str = "SELECT platform, accounts, deleted_at FROM data_deletions WHERE code = $1";

type Owned = (uuid::Uuid, i64, i64, Option<String>, String, i64);

impl Store {
    /// Switches an account off and forgets its credentials, with the event. `false` when it is off
    /// already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disconnect_account(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: AccountId,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let event = event.clone();
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(DISCONNECT)
                            .bind(organization.0)
                            .bind(workspace.0)
                            .bind(id.0)
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if done == 1 {
                        events::insert(&mut conn, organization, &event, now).await?;
                    }
                    Ok(done == 1)
                })
            })
            .await
    }

    /// The accounts that this person's sign-in opened, over all organizations: the platform tells
    /// of a person and knows no organization.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_accounts_of_owner(
        &self,
        platform: &PlatformName,
        owner: &str,
    ) -> Result<Vec<OwnedAccount>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Owned> = on!(read.conn(), |c| {
            sqlx::query_as(OWNED).bind(platform.as_str()).bind(owner).fetch_all(&mut *c).await?
        });
        Ok(rows
            .into_iter()
            .map(|(organization, id, version, username, display_name, is_active)| OwnedAccount {
                organization_id: OrganizationId(organization),
                id: AccountId(id),
                version,
                username,
                display_name,
                is_active: is_active != 0,
            })
            .collect())
    }

    /// Erases what is known of this person's accounts and notes it under `code`, with these events.
    /// Gives their number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erase_accounts_of_owner(
        &self,
        platform: &PlatformName,
        owner: &str,
        code: &str,
        events: Vec<(OrganizationId, NewEvent)>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (platform, owner, code) = (platform.clone(), owner.to_owned(), code.to_owned());
        let events: Vec<_> =
            events.into_iter().map(|(organization, event)| (organization, event, now)).collect();
        self.writer
            .run(move |mut conn| {
                let (platform, owner, code) = (platform.clone(), owner.clone(), code.clone());
                let events = events.clone();
                Box::pin(async move {
                    events::insert_all(&mut conn, &events).await?;
                    Ok(on!(&mut conn, |c| {
                        let erased = sqlx::query(ERASE)
                            .bind(platform.as_str())
                            .bind(&owner)
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected();
                        sqlx::query(NOTE_DELETION)
                            .bind(&code)
                            .bind(platform.as_str())
                            .bind(i64::try_from(erased).unwrap_or(i64::MAX))
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?;
                        erased
                    }))
                })
            })
            .await
    }

    /// What was erased under this code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_data_deletion(&self, code: &str) -> Result<Option<DataDeletion>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(String, i64, i64)> =
            on!(read.conn(), |c| { sqlx::query_as(FIND_DELETION).bind(code).fetch_optional(&mut *c).await? });
        Ok(row.map(|(platform, accounts, deleted_at)| DataDeletion {
            platform: PlatformName::from_text(&platform),
            accounts,
            deleted_at: Timestamp::from_micros(deleted_at),
        }))
    }
}
