//! Posts and their destinations, as the API makes and changes them.

use domain::{
    AccountId, ApiKeyId, Approval, ApprovalState, CampaignId, DestinationId, DestinationStatus, MediaId,
    OrganizationId, PlatformName, PostId, PostStatus, Timestamp, WorkspaceId,
};
use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use crate::conn::{Conn, on};
use crate::error::from_json;
use crate::rows::{Column, Rows};
use crate::{Store, StoreError, campaigns};

/// A post to be written.
#[derive(Clone, Debug)]
pub struct NewPostRow {
    /// Its id.
    pub id: PostId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The key that made it.
    pub api_key_id: ApiKeyId,
    /// The text.
    pub content: String,
    /// Its status.
    pub status: PostStatus,
    /// When it goes out; `None` on a draft without a suggestion.
    pub scheduled_for: Option<Timestamp>,
    /// Display metadata.
    pub timezone: String,
    /// The targets, in the order given.
    pub account_ids: Vec<AccountId>,
    /// The media, in order.
    pub media_ids: Vec<MediaId>,
    /// Per-platform content, as JSON.
    pub platform_content: String,
    /// Parts 2..n of a thread.
    pub thread_posts: Vec<String>,
    /// The campaign.
    pub campaign_id: Option<CampaignId>,
    /// Where its approval stands: its destinations cannot be taken while it waits.
    pub approval: Approval,
    /// One per account; none on a draft.
    pub destinations: Vec<NewDestination>,
    /// When it is made.
    pub now: Timestamp,
}

/// A destination to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDestination {
    /// Its id.
    pub id: DestinationId,
    /// The account.
    pub account_id: AccountId,
    /// The platform.
    pub platform: PlatformName,
    /// When it is due.
    pub scheduled_for: Timestamp,
    /// Of what goes to the account, where duplicates are refused.
    pub fingerprint: Option<String>,
}

/// A stored post.
#[derive(Clone, Debug, PartialEq)]
pub struct PostRow {
    /// Its id.
    pub id: PostId,
    /// The text.
    pub content: String,
    /// Its status.
    pub status: PostStatus,
    /// When it goes out.
    pub scheduled_for: Option<Timestamp>,
    /// Display metadata.
    pub timezone: String,
    /// The targets.
    pub account_ids: Vec<AccountId>,
    /// The media.
    pub media_ids: Vec<MediaId>,
    /// Per-platform content, as JSON.
    pub platform_content: String,
    /// Parts 2..n of a thread.
    pub thread_posts: Vec<String>,
    /// The campaign.
    pub campaign_id: Option<CampaignId>,
    /// Where its approval stands.
    pub approval: Approval,
    /// When it first went live.
    pub published_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed. Serves as the row's version.
    pub updated_at: Timestamp,
}

/// A stored destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationRow {
    /// Its id.
    pub id: DestinationId,
    /// The post.
    pub post_id: PostId,
    /// The account.
    pub account_id: AccountId,
    /// The account's shown name.
    pub display_name: Option<String>,
    /// The account's handle without `@`.
    pub username: Option<String>,
    /// The platform.
    pub platform: PlatformName,
    /// Where it stands.
    pub status: DestinationStatus,
    /// When it is due.
    pub scheduled_for: Timestamp,
    /// Attempts in all.
    pub attempts: u32,
    /// A code of the failure.
    pub error_code: Option<String>,
    /// The failure in words.
    pub error: Option<String>,
    /// What was published otherwise than asked.
    pub warnings: Vec<String>,
    /// The platform's id of the post.
    pub platform_post_id: Option<String>,
    /// The public address.
    pub platform_post_url: Option<String>,
    /// When it went live.
    pub published_at: Option<Timestamp>,
    /// When the next automatic attempt is due.
    pub next_retry_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct StoredPost {
    id: uuid::Uuid,
    content: String,
    status: String,
    scheduled_for: Option<i64>,
    timezone: String,
    account_ids: String,
    media_ids: String,
    platform_content: String,
    thread_posts: String,
    campaign_id: Option<i64>,
    approval: Option<String>,
    approval_step: Option<String>,
    published_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl StoredPost {
    pub(crate) fn read(self) -> Result<PostRow, StoreError> {
        let id = PostId(self.id);
        let status = PostStatus::parse(&self.status).ok_or_else(|| StoreError::Corrupt {
            table: "posts",
            column: "status",
            id: id.to_string(),
            reason: format!("unknown status {}", self.status),
        })?;
        Ok(PostRow {
            id,
            status,
            scheduled_for: self.scheduled_for.map(Timestamp::from_micros),
            timezone: self.timezone,
            account_ids: from_json("posts", "account_ids", &id, &self.account_ids)?,
            media_ids: from_json("posts", "media_ids", &id, &self.media_ids)?,
            platform_content: self.platform_content,
            thread_posts: from_json("posts", "thread_posts", &id, &self.thread_posts)?,
            campaign_id: self.campaign_id.map(CampaignId),
            approval: read_approval(id, self.approval.as_deref(), self.approval_step.as_deref())?,
            published_at: self.published_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
            content: self.content,
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredDestination {
    id: uuid::Uuid,
    post_id: uuid::Uuid,
    account_id: i64,
    display_name: Option<String>,
    username: Option<String>,
    platform: String,
    status: String,
    scheduled_for: i64,
    attempts: i64,
    error_code: Option<String>,
    error: Option<String>,
    warnings: Option<String>,
    platform_post_id: Option<String>,
    platform_post_url: Option<String>,
    published_at: Option<i64>,
    next_retry_at: Option<i64>,
}

impl StoredDestination {
    fn read(self) -> Result<DestinationRow, StoreError> {
        let id = DestinationId(self.id);
        let warnings = match &self.warnings {
            Some(text) => from_json("destinations", "warnings", &id, text)?,
            None => Vec::new(),
        };
        Ok(DestinationRow {
            id,
            post_id: PostId(self.post_id),
            account_id: AccountId(self.account_id),
            display_name: self.display_name,
            username: self.username,
            platform: PlatformName::from_text(&self.platform),
            status: read_status(id, &self.status)?,
            scheduled_for: Timestamp::from_micros(self.scheduled_for),
            attempts: u32::try_from(self.attempts).unwrap_or(0),
            error_code: self.error_code,
            error: self.error,
            warnings,
            platform_post_id: self.platform_post_id,
            platform_post_url: self.platform_post_url,
            published_at: self.published_at.map(Timestamp::from_micros),
            next_retry_at: self.next_retry_at.map(Timestamp::from_micros),
        })
    }
}

pub(crate) fn read_status(id: DestinationId, text: &str) -> Result<DestinationStatus, StoreError> {
    DestinationStatus::parse(text).ok_or_else(|| StoreError::Corrupt {
        table: "destinations",
        column: "status",
        id: id.to_string(),
        reason: format!("unknown status {text}"),
    })
}

fn read_approval(id: PostId, state: Option<&str>, step: Option<&str>) -> Result<Approval, StoreError> {
    let Some(text) = state else { return Ok(Approval::default()) };
    let state = ApprovalState::parse(text).ok_or_else(|| StoreError::Corrupt {
        table: "posts",
        column: "approval",
        id: id.to_string(),
        reason: format!("unknown state {text}"),
    })?;
    let step = step.map(|step| from_json("posts", "approval_step", &id, step)).transpose()?;
    Ok(Approval { state, step })
}

/// The column of a state: most posts are asked of nobody, and cost the index nothing.
pub(crate) fn approval_text(approval: &Approval) -> Option<&'static str> {
    Some(approval.state).filter(|state| *state != ApprovalState::NotRequired).map(ApprovalState::as_str)
}

pub(crate) const POST_COLUMNS: &str = "p.id, p.content, p.status, p.scheduled_for, p.timezone, p.account_ids,
    p.media_ids, p.platform_content, p.thread_posts, p.campaign_id, p.approval, p.approval_step, p.published_at,
    p.created_at, p.updated_at";

const INSERT_DESTINATIONS: &str = "INSERT INTO destinations (organization_id, id, post_id, account_id,
    platform, position, status, scheduled_for, run_at, awaits_approval, fingerprint, created_at, updated_at) ";
const FIND: &str = "SELECT p.id, p.content, p.status, p.scheduled_for, p.timezone, p.account_ids,
    p.media_ids, p.platform_content, p.thread_posts, p.campaign_id, p.approval, p.approval_step, p.published_at,
    p.created_at, p.updated_at FROM posts p
    WHERE p.organization_id = $1 AND p.id = $2 AND p.workspace_id = $3 AND p.deleted_at IS NULL";
const FIND_TO_PUBLISH: &str = "SELECT p.id, p.content, p.status, p.scheduled_for, p.timezone, p.account_ids,
    p.media_ids, p.platform_content, p.thread_posts, p.campaign_id, p.approval, p.approval_step, p.published_at,
    p.created_at, p.updated_at FROM posts p
    WHERE p.organization_id = $1 AND p.id = $2";
const FIND_TO_PREPARE: &str = "SELECT p.id, p.content, p.status, p.scheduled_for, p.timezone, p.account_ids,
    p.media_ids, p.platform_content, p.thread_posts, p.campaign_id, p.approval, p.approval_step, p.published_at,
    p.created_at, p.updated_at FROM posts p
    WHERE p.organization_id = $1 AND p.id = $2 AND p.status = 'scheduled' AND p.deleted_at IS NULL";
const DESTINATIONS: &str = "SELECT d.id, d.post_id, d.account_id, a.display_name, a.username, d.platform,
    d.status, d.scheduled_for, d.attempts, d.error_code, d.error, d.warnings, d.platform_post_id,
    d.platform_post_url, d.published_at, d.next_retry_at
    FROM destinations d
    LEFT JOIN accounts a ON a.organization_id = d.organization_id AND a.id = d.account_id
    WHERE d.organization_id = ";

const LOCK: &str = "SELECT posts.id FROM v
    JOIN posts ON posts.organization_id = v.organization_id AND posts.id = v.post_id
    ORDER BY posts.organization_id, posts.id FOR NO KEY UPDATE OF posts";

const LOCK_DESTINATIONS: &str = "SELECT id FROM destinations WHERE organization_id = $1 AND post_id = $2
    ORDER BY id FOR NO KEY UPDATE";
const LOCK_POST: &str = "SELECT id FROM posts WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE";

/// Makes claims of the post's destinations, and other changes of the post, wait until this transaction
/// ends. In the order in which a claim locks them: destinations, then the post.
pub(crate) async fn lock_post(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    post: PostId,
) -> Result<(), StoreError> {
    if let Conn::Postgres(c) = conn {
        for text in [LOCK_DESTINATIONS, LOCK_POST] {
            sqlx::query(text).bind(organization.0).bind(post.0).execute(&mut **c).await?;
        }
    }
    Ok(())
}

/// Makes other writers of these posts wait until this transaction ends. Always in the same order,
/// so that two of them cannot wait for one another. `false` where there is one writer anyway.
pub(crate) async fn lock_posts(
    conn: &mut Conn<'_>,
    posts: &BTreeSet<(uuid::Uuid, uuid::Uuid)>,
) -> Result<bool, StoreError> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(false);
    }
    let rows = Rows::new([
        Column::uuids(posts.iter().map(|(organization, _)| *organization)),
        Column::uuids(posts.iter().map(|(_, post)| *post)),
    ]);
    rows.execute(conn, "organization_id, post_id", LOCK).await?;
    Ok(true)
}

/// The campaign that a post names, unless it was deleted meanwhile.
pub(crate) async fn held_campaign(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    campaign: Option<CampaignId>,
) -> Result<Option<CampaignId>, StoreError> {
    let Some(id) = campaign else { return Ok(None) };
    let is_there = campaigns::hold(conn, organization, workspace, id).await?;
    Ok(is_there.then_some(id))
}

pub(crate) async fn insert_destinations(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    post: PostId,
    destinations: &[(usize, NewDestination)],
    approval: &Approval,
    now: Timestamp,
) -> Result<(), StoreError> {
    if destinations.is_empty() {
        return Ok(());
    }
    let waits = approval.state.waits();
    on!(conn, |c| {
        let mut query = QueryBuilder::new(INSERT_DESTINATIONS);
        query.push_values(destinations, |mut row, (position, destination)| {
            row.push_bind(organization.0)
                .push_bind(destination.id.0)
                .push_bind(post.0)
                .push_bind(destination.account_id.0)
                .push_bind(destination.platform.as_str().to_owned())
                .push_bind(i64::try_from(*position).unwrap_or(i64::MAX))
                .push_bind("queued")
                .push_bind(destination.scheduled_for.as_micros())
                .push_bind((!waits).then_some(destination.scheduled_for.as_micros()))
                .push_bind(i64::from(waits))
                .push_bind(destination.fingerprint.clone())
                .push_bind(now.as_micros())
                .push_bind(now.as_micros());
        });
        query.build().execute(&mut **c).await?.rows_affected()
    });
    Ok(())
}

impl Store {
    /// One post of the workspace.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_post(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: PostId,
    ) -> Result<Option<PostRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<StoredPost> = on!(read.conn(), |c| {
            sqlx::query_as(FIND)
                .bind(organization.0)
                .bind(id.0)
                .bind(workspace.0)
                .fetch_optional(&mut *c)
                .await?
        });
        row.map(StoredPost::read).transpose()
    }

    /// The content of a post that a worker has picked up, in whichever workspace it is.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_post_to_publish(
        &self,
        organization: OrganizationId,
        id: PostId,
    ) -> Result<Option<PostRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<StoredPost> = on!(read.conn(), |c| {
            sqlx::query_as(FIND_TO_PUBLISH).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        row.map(StoredPost::read).transpose()
    }

    /// The content of a post that is still to go out.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_post_to_prepare(
        &self,
        organization: OrganizationId,
        id: PostId,
    ) -> Result<Option<PostRow>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<StoredPost> = on!(read.conn(), |c| {
            sqlx::query_as(FIND_TO_PREPARE).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        row.map(StoredPost::read).transpose()
    }

    /// The destinations of these posts, in the order in which each post targets them.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn list_destinations(
        &self,
        organization: OrganizationId,
        posts: &[PostId],
    ) -> Result<Vec<DestinationRow>, StoreError> {
        if posts.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.read().await?;
        let rows: Vec<StoredDestination> = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new(DESTINATIONS);
            query.push_bind(organization.0).push(" AND d.post_id IN (");
            let mut list = query.separated(", ");
            for post in posts {
                list.push_bind(post.0);
            }
            query.push(") ORDER BY d.post_id, d.position");
            query.build_query_as().fetch_all(&mut *c).await?
        });
        rows.into_iter().map(StoredDestination::read).collect()
    }
}
