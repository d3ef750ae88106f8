//! How many posts and destinations a workspace has in a period, by status.
//!
//! What has gone out, or should have, counts by the time that it was due. What waits counts by when it
//! was made, and where the period reaches that far, by when it is due.

use domain::{DestinationStatus, OrganizationId, PlatformName, PostStatus, Timestamp, WorkspaceId};

use crate::conn::on;
use crate::{Store, StoreError};

/// How many posts of a status there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostsOfStatus {
    /// The status.
    pub status: PostStatus,
    /// How many.
    pub count: i64,
}

/// How many destinations of a status there are on a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationsOfStatus {
    /// The platform.
    pub platform: PlatformName,
    /// The status.
    pub status: DestinationStatus,
    /// How many.
    pub count: i64,
}

/// The numbers of a period, all of the same moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodCounts {
    /// Posts; a status of which there is none may be missing.
    pub posts: Vec<PostsOfStatus>,
    /// Destinations of these posts.
    pub destinations: Vec<DestinationsOfStatus>,
}

pub(crate) const COUNT: &str = "WITH chosen AS (
        SELECT p.id, p.status FROM posts p
        WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
            AND p.scheduled_for >= $3 AND p.scheduled_for <= $4 AND p.status <> 'draft'
        UNION ALL
        SELECT p.id, p.status FROM posts p
        WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
            AND p.status = 'scheduled' AND p.created_at >= $3 AND p.created_at <= $4
            AND NOT (p.scheduled_for >= $3 AND p.scheduled_for <= $4)
        UNION ALL
        SELECT p.id, p.status FROM posts p
        WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
            AND p.status = 'draft' AND p.created_at >= $3 AND p.created_at <= $4)
    SELECT NULL AS platform, chosen.status, COUNT(*) FROM chosen GROUP BY chosen.status
    UNION ALL
    SELECT d.platform, d.status, COUNT(*) FROM chosen CROSS JOIN destinations d
    WHERE d.organization_id = $1 AND d.post_id = chosen.id GROUP BY d.platform, d.status
    ORDER BY 1, 2";

impl Store {
    /// The numbers of a period; `from` is `None` for all that there ever was.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn count_period(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        from: Option<Timestamp>,
        to: Timestamp,
    ) -> Result<PeriodCounts, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(Option<String>, String, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(COUNT)
                .bind(organization.0)
                .bind(workspace.0)
                .bind(from.map_or(i64::MIN, Timestamp::as_micros))
                .bind(to.as_micros())
                .fetch_all(&mut *c)
                .await?
        });
        let mut counts = PeriodCounts::default();
        for (platform, status, count) in rows {
            match platform {
                None => {
                    let read = PostStatus::parse(&status);
                    let status = read.ok_or_else(|| corrupt("posts", &organization, &status))?;
                    counts.posts.push(PostsOfStatus { status, count });
                }
                Some(platform) => {
                    let read = DestinationStatus::parse(&status);
                    let status = read.ok_or_else(|| corrupt("destinations", &organization, &status))?;
                    let platform = PlatformName::from_text(&platform);
                    counts.destinations.push(DestinationsOfStatus { platform, status, count });
                }
            }
        }
        Ok(counts)
    }
}

fn corrupt(table: &'static str, organization: &OrganizationId, status: &str) -> StoreError {
    StoreError::Corrupt {
        table,
        column: "status",
        id: format!("of organization {organization}"),
        reason: format!("unknown status {status}"),
    }
}
