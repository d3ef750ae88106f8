//! Organizations, workspaces, users, and the numbers that `GET /me` shows.

use std::collections::HashMap;

use domain::people::Role;
use domain::plan::OrganizationSettings;
use domain::{OrganizationId, Timestamp, UserId, WorkspaceId};
use sqlx::QueryBuilder;

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::{Store, StoreError, users};

/// An organization with its first workspace and user.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// The workspace's id.
    pub workspace_id: WorkspaceId,
    /// The workspace's name.
    pub workspace_name: String,
    /// The first user's address.
    pub user_email: String,
    /// The first user's name.
    pub user_name: String,
    /// When it is made.
    pub created_at: Timestamp,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its first workspace.
    pub workspace_id: WorkspaceId,
    /// The first of its owners.
    pub user_id: UserId,
}

/// What `GET /me` shows besides the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeRow {
    /// The organization's name.
    pub organization_name: String,
    /// The workspace's name.
    pub workspace_name: String,
    /// The user's address.
    pub user_email: String,
    /// The user's name.
    pub user_name: String,
    /// Connected accounts of the organization.
    pub accounts: i64,
    /// Bytes in the organization's media library.
    pub storage_bytes: i64,
    /// Posts made since the given moment.
    pub recent_posts: i64,
    /// All posts of the organization.
    pub posts: i64,
}

const INSERT: &str = "INSERT INTO organizations (id, name, created_at) VALUES ($1, $2, $3)";
const INSERT_WORKSPACE: &str =
    "INSERT INTO workspaces (organization_id, id, name, created_at) VALUES ($1, $2, $3, $4)";
const LIST: &str = "SELECT o.id, o.name, o.created_at,
        (SELECT w.id FROM workspaces w WHERE w.organization_id = o.id ORDER BY w.created_at, w.id LIMIT 1) AS workspace_id,
        (SELECT m.user_id FROM memberships m WHERE m.organization_id = o.id AND m.role = 'owner'
            ORDER BY m.created_at, m.user_id LIMIT 1) AS user_id
    FROM organizations o ORDER BY o.created_at, o.id";
const ME: &str = "SELECT o.name, w.name, u.email, u.name,
        (SELECT COUNT(*) FROM accounts a WHERE a.organization_id = o.id AND a.is_active = 1),
        (SELECT CAST(COALESCE(SUM(m.size_bytes), 0) AS BIGINT) FROM media m WHERE m.organization_id = o.id
            AND m.status IN ('uploading', 'processing', 'ready')),
        (SELECT COUNT(*) FROM posts p WHERE p.organization_id = o.id AND p.workspace_id = w.id
            AND p.deleted_at IS NULL AND p.created_at >= $4),
        (SELECT COUNT(*) FROM posts p WHERE p.organization_id = o.id AND p.workspace_id = w.id
            AND p.deleted_at IS NULL)
    FROM organizations o
    JOIN workspaces w ON w.organization_id = o.id AND w.id = $2
    JOIN users u ON u.id = $3
    WHERE o.id = $1";
const SETTINGS: &str = "SELECT approvals_required, limits FROM organizations WHERE id = $1";
const SET: &str = "UPDATE organizations SET approvals_required = $2, limits = $3 WHERE id = $1";
const USER_NAMES: &str = "SELECT id, name FROM users WHERE id IN (";
const NEXT: &str = "INSERT INTO counters (name, next_value) VALUES ($1, $2 + 1)
    ON CONFLICT (name) DO UPDATE SET next_value = counters.next_value + 1
    RETURNING next_value - 1";

/// The columns of [`ME`].
type Me = (String, String, String, String, i64, i64, i64, i64);

/// Settings as they are stored.
pub(crate) fn read_settings(
    organization: OrganizationId,
    approvals_required: i64,
    limits: &str,
) -> Result<OrganizationSettings, StoreError> {
    Ok(OrganizationSettings {
        approvals_required: approvals_required != 0,
        limits: from_json("organizations", "limits", &organization, limits)?,
    })
}

/// The next public integer of a kind; `first` is the first one ever given.
pub(crate) async fn next_integer(conn: &mut Conn<'_>, name: &str, first: i64) -> Result<i64, StoreError> {
    Ok(on!(conn, |c| { sqlx::query_scalar(NEXT).bind(name).bind(first).fetch_one(&mut **c).await? }))
}

/// Writes an organization with its workspace, of which `owner` is the owner.
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    new: &NewOrganization,
    owner: UserId,
) -> Result<(), StoreError> {
    let created_at = new.created_at.as_micros();
    on!(&mut *conn, |c| {
        sqlx::query(INSERT).bind(new.id.0).bind(&new.name).bind(created_at).execute(&mut **c).await?;
        sqlx::query(INSERT_WORKSPACE)
            .bind(new.id.0)
            .bind(new.workspace_id.0)
            .bind(&new.workspace_name)
            .bind(created_at)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    users::join(conn, new.id, owner, Role::Owner, new.created_at).await?;
    Ok(())
}

impl Store {
    /// Makes an organization with a workspace and its owner, who may be known already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_organization(&self, new: NewOrganization) -> Result<OrganizationRow, StoreError> {
        self.writer
            .run(move |mut conn| {
                let new = new.clone();
                Box::pin(async move {
                    let (user_id, _) = users::find_or_create(
                        &mut conn,
                        &new.user_email,
                        &new.user_name,
                        None,
                        new.created_at,
                    )
                    .await?;
                    insert(&mut conn, &new, user_id).await?;
                    Ok(OrganizationRow {
                        id: new.id,
                        name: new.name,
                        created_at: new.created_at,
                        workspace_id: new.workspace_id,
                        user_id,
                    })
                })
            })
            .await
    }

    /// Every organization of the installation. For the operator, never for a tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_organizations(&self) -> Result<Vec<OrganizationRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(uuid::Uuid, String, i64, uuid::Uuid, i64)> =
            on!(read.conn(), |c| { sqlx::query_as(LIST).fetch_all(&mut *c).await? });
        Ok(rows
            .into_iter()
            .map(|(id, name, created_at, workspace_id, user_id)| OrganizationRow {
                id: OrganizationId(id),
                name,
                created_at: Timestamp::from_micros(created_at),
                workspace_id: WorkspaceId(workspace_id),
                user_id: UserId(user_id),
            })
            .collect())
    }

    /// What the operator has set for the organization; as it is at first where there is none.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn get_organization_settings(
        &self,
        organization: OrganizationId,
    ) -> Result<OrganizationSettings, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(i64, String)> = on!(read.conn(), |c| {
            sqlx::query_as(SETTINGS).bind(organization.0).fetch_optional(&mut *c).await?
        });
        row.map_or_else(
            || Ok(OrganizationSettings::default()),
            |(required, limits)| read_settings(organization, required, &limits),
        )
    }

    /// Sets what the operator sets for an organization. `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_organization_settings(
        &self,
        organization: OrganizationId,
        settings: OrganizationSettings,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let settings = settings.clone();
                Box::pin(async move {
                    let done = on!(&mut conn, |c| {
                        sqlx::query(SET)
                            .bind(organization.0)
                            .bind(i64::from(settings.approvals_required))
                            .bind(to_json(&settings.limits))
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(done == 1)
                })
            })
            .await
    }

    /// The names of people whom an organization's own rows name, be they members still or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_user_names(&self, ids: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut read = self.read().await?;
        let rows: Vec<(i64, String)> = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new(USER_NAMES);
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(|(id, name)| (UserId(id), name)).collect())
    }

    /// What `GET /me` shows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get_me(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        user: UserId,
        recent_since: Timestamp,
    ) -> Result<Option<MeRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Me> = on!(read.conn(), |c| {
            sqlx::query_as(ME)
                .bind(organization.0)
                .bind(workspace.0)
                .bind(user.0)
                .bind(recent_since.as_micros())
                .fetch_optional(&mut *c)
                .await?
        });
        let Some(row) = row else { return Ok(None) };
        let (organization_name, workspace_name, user_email, user_name, accounts, storage, recent, posts) =
            row;
        Ok(Some(MeRow {
            organization_name,
            workspace_name,
            user_email,
            user_name,
            accounts,
            storage_bytes: storage,
            recent_posts: recent,
            posts,
        }))
    }
}
