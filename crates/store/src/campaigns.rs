//! Campaigns: named groups of a workspace's posts.

use std::sync::Arc;

use domain::campaign::CampaignStatus;
use domain::{CampaignId, OrganizationId, Timestamp, WorkspaceId};

use crate::conn::{Conn, on};
use crate::idempotency::{KeepWith, Keeper, Once};
use crate::organizations::next_integer;
use crate::{Store, StoreError};

/// A campaign as it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignContent {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// `#RRGGBB`.
    pub color: String,
    /// Where it stands.
    pub status: CampaignStatus,
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Its id.
    pub id: CampaignId,
    /// What it is like.
    pub content: CampaignContent,
    /// Posts in it.
    pub post_count: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignPatch {
    /// Another name.
    pub name: Option<String>,
    /// Another description, or none.
    pub description: Option<Option<String>>,
    /// Another colour.
    pub color: Option<String>,
    /// Another status.
    pub status: Option<CampaignStatus>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: i64,
    name: String,
    description: Option<String>,
    color: String,
    status: String,
    post_count: i64,
    created_at: i64,
    updated_at: i64,
}

impl Stored {
    fn read(self) -> Result<CampaignRow, StoreError> {
        let status = CampaignStatus::parse(&self.status).ok_or_else(|| StoreError::Corrupt {
            table: "campaigns",
            column: "status",
            id: self.id.to_string(),
            reason: format!("\"{}\" is no status", self.status),
        })?;
        Ok(CampaignRow {
            id: CampaignId(self.id),
            content: CampaignContent {
                name: self.name,
                description: self.description,
                color: self.color,
                status,
            },
            post_count: self.post_count,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}

macro_rules! select {
    ($wherein:literal) => {
        concat!(
            "SELECT c.id, c.name, c.description, c.color, c.status, c.created_at, c.updated_at,
            (SELECT COUNT(*) FROM posts p WHERE p.organization_id = c.organization_id
                AND p.workspace_id = c.workspace_id AND p.campaign_id IS NOT NULL AND p.campaign_id = c.id
                AND p.deleted_at IS NULL) AS post_count
            FROM campaigns c WHERE c.organization_id = $1 AND c.workspace_id = $2",
            $wherein
        )
    };
}

const INSERT: &str = "INSERT INTO campaigns
    (organization_id, id, workspace_id, name, description, color, status, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
pub(crate) const LIST: &str = select!(" ORDER BY c.created_at DESC, c.id DESC LIMIT $3 OFFSET $4");
const LIST_STATUS: &str =
    select!(" AND c.status = $5 ORDER BY c.created_at DESC, c.id DESC LIMIT $3 OFFSET $4");
pub(crate) const FIND: &str = select!(" AND c.id = $3");
const COUNT: &str = "SELECT COUNT(*) FROM campaigns WHERE organization_id = $1 AND workspace_id = $2";
const COUNT_STATUS: &str =
    "SELECT COUNT(*) FROM campaigns WHERE organization_id = $1 AND workspace_id = $2 AND status = $3";
/// Whoever deletes the campaign waits until the post is in it, or comes before.
const LOCK: &str = "SELECT id FROM campaigns WHERE organization_id = $1 AND workspace_id = $2 AND id = $3
    FOR KEY SHARE";
const IS_THERE: &str =
    "SELECT COUNT(*) FROM campaigns WHERE organization_id = $1 AND workspace_id = $2 AND id = $3";
const LOCK_TO_CHANGE: &str = "SELECT id FROM campaigns WHERE organization_id = $1 AND id = $2 FOR UPDATE";
const UPDATE: &str =
    "UPDATE campaigns SET name = $3, description = $4, color = $5, status = $6, updated_at = $7
    WHERE organization_id = $1 AND id = $2";
const DELETE: &str = "DELETE FROM campaigns WHERE organization_id = $1 AND workspace_id = $2 AND id = $3";
/// A post that leaves its campaign has changed, for whoever looks for changes.
pub(crate) const LEAVE: &str = "UPDATE posts SET campaign_id = NULL, updated_at = $4
    WHERE organization_id = $1 AND workspace_id = $2 AND campaign_id IS NOT NULL AND campaign_id = $3";

/// Whether the workspace has the campaign. It stays until the transaction ends.
pub(crate) async fn hold(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    id: CampaignId,
) -> Result<bool, StoreError> {
    if let Conn::Postgres(c) = &mut *conn {
        sqlx::query(LOCK).bind(organization.0).bind(workspace.0).bind(id.0).execute(&mut **c).await?;
    }
    let count: i64 = on!(conn, |c| {
        sqlx::query_scalar(IS_THERE)
            .bind(organization.0)
            .bind(workspace.0)
            .bind(id.0)
            .fetch_one(&mut **c)
            .await?
    });
    Ok(count > 0)
}

impl Store {
    /// Makes a campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_campaign(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        content: CampaignContent,
        now: Timestamp,
        keep: Option<KeepWith<CampaignRow>>,
    ) -> Result<Once<CampaignRow>, StoreError> {
        let keeper = Arc::new(Keeper::new(keep, &self.keyring));
        self.writer
            .run(move |mut conn| {
                let (content, keeper) = (content.clone(), Arc::clone(&keeper));
                Box::pin(async move {
                    if !keeper.begin(&mut conn).await? {
                        return Ok(Once::TakenOver);
                    }
                    let id = next_integer(&mut conn, "campaigns", 1).await?;
                    on!(&mut conn, |c| {
                        sqlx::query(INSERT)
                            .bind(organization.0)
                            .bind(id)
                            .bind(workspace.0)
                            .bind(&content.name)
                            .bind(&content.description)
                            .bind(&content.color)
                            .bind(content.status.as_str())
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    let id = CampaignId(id);
                    let made = CampaignRow { id, content, post_count: 0, created_at: now, updated_at: now };
                    keeper.end(&mut conn, &made).await?;
                    Ok(Once::Done(made))
                })
            })
            .await
    }

    /// A page of the workspace's campaigns, the latest first.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn list_campaigns(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        status: Option<CampaignStatus>,
        limit: u32,
        offset: u64,
    ) -> Result<Vec<CampaignRow>, StoreError> {
        let (limit, offset) = (i64::from(limit), i64::try_from(offset).unwrap_or(i64::MAX));
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            let query = sqlx::query_as(if status.is_some() { LIST_STATUS } else { LIST })
                .bind(organization.0)
                .bind(workspace.0)
                .bind(limit)
                .bind(offset);
            match status {
                Some(status) => query.bind(status.as_str()).fetch_all(&mut *c).await?,
                None => query.fetch_all(&mut *c).await?,
            }
        });
        rows.into_iter().map(Stored::read).collect()
    }

    /// How many campaigns the workspace has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_campaigns(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        status: Option<CampaignStatus>,
    ) -> Result<u64, StoreError> {
        let mut read = self.read().await?;
        let count: i64 = on!(read.conn(), |c| {
            let query = sqlx::query_scalar(if status.is_some() { COUNT_STATUS } else { COUNT })
                .bind(organization.0)
                .bind(workspace.0);
            match status {
                Some(status) => query.bind(status.as_str()).fetch_one(&mut *c).await?,
                None => query.fetch_one(&mut *c).await?,
            }
        });
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// One campaign.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_campaign(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: CampaignId,
    ) -> Result<Option<CampaignRow>, StoreError> {
        let mut read = self.read().await?;
        find(&mut read.conn(), organization, workspace, id).await
    }

    /// Changes a campaign and gives it as it is then; `None` when there is none.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn update_campaign(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: CampaignId,
        patch: CampaignPatch,
        now: Timestamp,
    ) -> Result<Option<CampaignRow>, StoreError> {
        self.writer
            .run(move |mut conn| {
                let patch = patch.clone();
                Box::pin(async move {
                    lock(&mut conn, organization, id).await?;
                    let found = find(&mut conn, organization, workspace, id).await?;
                    let Some(mut row) = found else { return Ok(None) };
                    let content = &mut row.content;
                    content.name = patch.name.unwrap_or(std::mem::take(&mut content.name));
                    content.description = patch.description.unwrap_or(content.description.take());
                    content.color = patch.color.unwrap_or(std::mem::take(&mut content.color));
                    content.status = patch.status.unwrap_or(content.status);
                    on!(&mut conn, |c| {
                        sqlx::query(UPDATE)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(&content.name)
                            .bind(&content.description)
                            .bind(&content.color)
                            .bind(content.status.as_str())
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(Some(CampaignRow { updated_at: now, ..row }))
                })
            })
            .await
    }

    /// Forgets a campaign; its posts stay, in none. `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_campaign(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: CampaignId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    lock(&mut conn, organization, id).await?;
                    let deleted = on!(&mut conn, |c| {
                        let deleted = sqlx::query(DELETE)
                            .bind(organization.0)
                            .bind(workspace.0)
                            .bind(id.0)
                            .execute(&mut **c)
                            .await?
                            .rows_affected();
                        if deleted == 1 {
                            sqlx::query(LEAVE)
                                .bind(organization.0)
                                .bind(workspace.0)
                                .bind(id.0)
                                .bind(now.as_micros())
                                .execute(&mut **c)
                                .await?;
                        }
                        deleted
                    });
                    Ok(deleted == 1)
                })
            })
            .await
    }
}

async fn lock(conn: &mut Conn<'_>, organization: OrganizationId, id: CampaignId) -> Result<(), StoreError> {
    if let Conn::Postgres(c) = conn {
        sqlx::query(LOCK_TO_CHANGE).bind(organization.0).bind(id.0).execute(&mut **c).await?;
    }
    Ok(())
}

async fn find(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    id: CampaignId,
) -> Result<Option<CampaignRow>, StoreError> {
    let row: Option<Stored> = on!(conn, |c| {
        sqlx::query_as(FIND)
            .bind(organization.0)
            .bind(workspace.0)
            .bind(id.0)
            .fetch_optional(&mut **c)
            .await?
    });
    row.map(Stored::read).transpose()
}
