//! What a worker needs of the accounts and posts that it has claimed, many at a time.

use std::collections::{BTreeSet, HashMap};

use domain::{AccountId, OrganizationId, PostId, Timestamp};
use uuid::Uuid;

use crate::accounts::{self, AccountRow};
use crate::credentials::bound_row;
use crate::posts::{PostRow, StoredPost};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Claim, Store, StoreError, StoredCredentials};

/// The rows that publishing a claimed destination needs. `None` where they are gone.
#[derive(Debug)]
pub struct Target {
    /// The account.
    pub account: Option<AccountRow>,
    /// When it last published.
    pub last_published_at: Option<Timestamp>,
    /// Its credentials, decrypted; an error when that is not possible.
    pub credentials: Result<Option<StoredCredentials>, StoreError>,
    /// The post.
    pub post: Option<PostRow>,
}

#[derive(sqlx::FromRow)]
struct StoredAccount {
    organization_id: Uuid,
    credentials: Option<Vec<u8>>,
    credentials_version: i64,
    last_published_at: Option<i64>,
    #[sqlx(flatten)]
    account: accounts::Stored,
}

#[derive(sqlx::FromRow)]
struct OwnedPost {
    organization_id: Uuid,
    #[sqlx(flatten)]
    post: StoredPost,
}

/// Past failures do not keep an account from posting, so none are counted.
pub(crate) const ACCOUNTS: &str = "SELECT a.organization_id, a.credentials, a.credentials_version,
        a.id, a.workspace_id, a.platform, a.platform_user_id, a.username, a.display_name, a.avatar_url,
        a.premium, a.service_url, a.is_active, a.needs_reconnection_since, a.needs_reconnection_reason,
        a.access_ends_at, a.renews_itself, a.renewal_failures, a.last_refresh_at, a.created_at,
        CAST(0 AS BIGINT) AS permanent_failures,
        (SELECT MAX(d.published_at) FROM destinations d WHERE d.organization_id = a.organization_id
            AND d.account_id = a.id AND d.published_at IS NOT NULL) AS last_published_at
    FROM v CROSS JOIN accounts a WHERE a.organization_id = v.organization_id AND a.id = v.account_id";
pub(crate) const POSTS: &str = "SELECT p.organization_id, p.id, p.content, p.status, p.scheduled_for, p.timezone,
        p.account_ids, p.media_ids, p.platform_content, p.thread_posts, p.campaign_id, p.approval, p.approval_step, p.published_at,
        p.created_at, p.updated_at
    FROM v CROSS JOIN posts p WHERE p.organization_id = v.organization_id AND p.id = v.post_id";

impl Store {
    /// What publishing these claims needs, in their order.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn load_targets(&self, claims: &[Claim]) -> Result<Vec<Target>, StoreError> {
        let mut targets = Vec::with_capacity(claims.len());
        for some in claims.chunks(MOST_ROWS) {
            let accounts = self.load_accounts(some).await?;
            let posts = self.load_posts(some).await?;
            for claim in some {
                let organization = claim.lease.organization_id;
                let row = accounts.get(&(organization.0, claim.lease.account_id.0));
                let sealed = row.and_then(|row| Some((row.credentials.as_ref()?, row.credentials_version)));
                targets.push(Target {
                    account: row.map(|row| AccountRow::from(row.account.clone())),
                    last_published_at: row.and_then(|row| row.last_published_at).map(Timestamp::from_micros),
                    credentials: sealed
                        .map(|(sealed, version)| {
                            self.open(organization, claim.lease.account_id, sealed, version)
                        })
                        .transpose(),
                    post: posts.get(&(organization.0, claim.lease.post_id)).cloned(),
                });
            }
        }
        Ok(targets)
    }

    fn open(
        &self,
        organization: OrganizationId,
        account: AccountId,
        sealed: &[u8],
        version: i64,
    ) -> Result<StoredCredentials, StoreError> {
        let bytes = self.keyring.open(&bound_row(organization, account), sealed)?;
        Ok(StoredCredentials { bytes, version })
    }

    async fn load_accounts(
        &self,
        claims: &[Claim],
    ) -> Result<HashMap<(Uuid, i64), StoredAccount>, StoreError> {
        let wanted: BTreeSet<(Uuid, i64)> =
            claims.iter().map(|claim| (claim.lease.organization_id.0, claim.lease.account_id.0)).collect();
        let rows = Rows::new([
            Column::uuids(wanted.iter().map(|(organization, _)| *organization)),
            Column::ints(wanted.iter().map(|(_, account)| *account)),
        ]);
        let mut read = self.read().await?;
        let found: Vec<StoredAccount> =
            rows.query_as(&mut read.conn(), "organization_id, account_id", ACCOUNTS).await?;
        Ok(found.into_iter().map(|row| ((row.organization_id, row.account.id()), row)).collect())
    }

    async fn load_posts(&self, claims: &[Claim]) -> Result<HashMap<(Uuid, PostId), PostRow>, StoreError> {
        let wanted: BTreeSet<(Uuid, Uuid)> =
            claims.iter().map(|claim| (claim.lease.organization_id.0, claim.lease.post_id.0)).collect();
        let rows = Rows::new([
            Column::uuids(wanted.iter().map(|(organization, _)| *organization)),
            Column::uuids(wanted.iter().map(|(_, post)| *post)),
        ]);
        let mut read = self.read().await?;
        let found: Vec<OwnedPost> =
            rows.query_as(&mut read.conn(), "organization_id, post_id", POSTS).await?;
        found
            .into_iter()
            .map(|row| {
                let post = row.post.read()?;
                Ok(((row.organization_id, post.id), post))
            })
            .collect()
    }
}
