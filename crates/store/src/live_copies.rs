//! What a post's destinations left on their platforms.

use domain::{
    AccountId, DestinationId, DestinationStatus, OrganizationId, PlatformName, PostId, WorkspaceId,
};
use uuid::Uuid;

use crate::conn::on;
use crate::posts::read_status;
use crate::{Store, StoreError};

/// What a destination left, or is about to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCopy {
    /// The destination.
    pub id: DestinationId,
    /// The account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// Where it stands.
    pub status: DestinationStatus,
    /// The platform's id of the post, where it is live.
    pub platform_post_id: Option<String>,
    /// What the publish left, as the connector wrote it.
    pub state: Option<String>,
    /// How many parts the post has as a thread.
    pub parts: u32,
}

pub(crate) const FIND: &str = "SELECT thread_posts FROM posts
    WHERE organization_id = $1 AND id = $2 AND workspace_id = $3 AND deleted_at IS NULL";
pub(crate) const LIST: &str = "SELECT d.id, d.account_id, d.platform, d.status, d.platform_post_id, d.state
    FROM destinations d
    WHERE d.organization_id = $1 AND d.post_id = $2 AND d.status IN ('publishing', 'published', 'failed')
    ORDER BY d.position";

type Stored = (Uuid, i64, String, String, Option<String>, Option<String>);

impl Store {
    /// What the destinations of a post left, in their order; `None` when the workspace has no such post.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_live_copies(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        post: PostId,
    ) -> Result<Option<Vec<LiveCopy>>, StoreError> {
        let mut read = self.read().await?;
        let thread: Option<String> = on!(read.conn(), |c| {
            sqlx::query_scalar(FIND)
                .bind(organization.0)
                .bind(post.0)
                .bind(workspace.0)
                .fetch_optional(&mut *c)
                .await?
        });
        let Some(thread) = thread else { return Ok(None) };
        let further =
            serde_json::from_str::<Vec<serde::de::IgnoredAny>>(&thread).map_or(0, |parts| parts.len());
        let parts = u32::try_from(further).unwrap_or(u32::MAX).saturating_add(1);
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(LIST).bind(organization.0).bind(post.0).fetch_all(&mut *c).await?
        });
        let copy = |(id, account, platform, status, platform_post_id, state): Stored| {
            Ok(LiveCopy {
                id: DestinationId(id),
                account_id: AccountId(account),
                platform: PlatformName::from_text(&platform),
                status: read_status(DestinationId(id), &status)?,
                platform_post_id,
                state,
                parts,
            })
        };
        rows.into_iter().map(copy).collect::<Result<_, StoreError>>().map(Some)
    }
}
