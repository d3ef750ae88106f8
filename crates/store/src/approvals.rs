//! Steps of an approval. A post that waits has no destination that a worker could take: `run_at` is empty,
//! and the table itself refuses that it is filled meanwhile.

use domain::{
    AccountId, Approval, DestinationId, OrganizationId, PlatformName, PostId, PostStatus, Timestamp,
    WorkspaceId,
};

use crate::conn::{Conn, on};
use crate::error::to_json;
use crate::events::{self, NewEvent};
use crate::posts::{NewDestination, approval_text, lock_post};
use crate::posts_change::{STARTED, VERSION};
use crate::{Store, StoreError, duplicates};

/// A step of an approval.
#[derive(Clone, Debug)]
pub struct ApprovalChange {
    /// The post.
    pub post: PostId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// The version that the step was decided on.
    pub expected_updated_at: Timestamp,
    /// Where the approval stands then.
    pub approval: Approval,
    /// The post's status then.
    pub status: PostStatus,
    /// When the post goes out, if it is another time than before.
    pub moves_to: Option<Timestamp>,
    /// Whether it may be a duplicate at that time.
    pub allow_duplicate: bool,
    /// What is told of it.
    pub event: NewEvent,
    /// When, and the post's next version.
    pub now: Timestamp,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalOutcome {
    /// It is taken.
    Taken,
    /// There is no such post.
    NotFound,
    /// The post changed since it was read: read it again.
    Stale,
    /// A destination has been picked up or has ended.
    TooLate,
    /// An account has the same already.
    Duplicate {
        /// The post that has it.
        post: PostId,
        /// The account.
        account: AccountId,
    },
}

const UPDATE: &str = "UPDATE posts SET approval = $3, approval_step = $4, status = $5,
    scheduled_for = COALESCE($6, scheduled_for), updated_at = $7
    WHERE organization_id = $1 AND id = $2";
const HOLD: &str = "UPDATE destinations SET run_at = NULL, awaits_approval = 1, next_retry_at = NULL,
    error = NULL, updated_at = $3 WHERE organization_id = $1 AND post_id = $2";
/// None of them has begun, so each is due at its time.
const RELEASE: &str = "UPDATE destinations SET scheduled_for = COALESCE($4, scheduled_for),
    run_at = COALESCE($4, scheduled_for), awaits_approval = 0, updated_at = $3
    WHERE organization_id = $1 AND post_id = $2 AND awaits_approval = 1";
const TO_COMPARE: &str = "SELECT id, account_id, platform, fingerprint FROM destinations
    WHERE organization_id = $1 AND post_id = $2 ORDER BY position";

type Compared = (uuid::Uuid, i64, String, Option<String>);

impl Store {
    /// Takes a step, with the event that says so: the post waits from then on, or it does not any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_approval(
        &self,
        organization: OrganizationId,
        change: ApprovalChange,
    ) -> Result<ApprovalOutcome, StoreError> {
        let shared = std::sync::Arc::new(change);
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move { write(&mut conn, organization, &shared).await })
            })
            .await
    }
}

async fn write(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    change: &ApprovalChange,
) -> Result<ApprovalOutcome, StoreError> {
    let (post, now) = (change.post, change.now.as_micros());
    lock_post(conn, organization, post).await?;
    let (current, started): (Option<(String, i64)>, i64) = on!(&mut *conn, |c| {
        let current = sqlx::query_as(VERSION)
            .bind(organization.0)
            .bind(post.0)
            .bind(change.workspace.0)
            .fetch_optional(&mut **c)
            .await?;
        let started =
            sqlx::query_scalar(STARTED).bind(organization.0).bind(post.0).fetch_one(&mut **c).await?;
        (current, started)
    });
    let Some((status, updated_at)) = current else { return Ok(ApprovalOutcome::NotFound) };
    if started > 0 || !matches!(status.as_str(), "draft" | "scheduled") {
        return Ok(ApprovalOutcome::TooLate);
    }
    if updated_at != change.expected_updated_at.as_micros() {
        return Ok(ApprovalOutcome::Stale);
    }
    if let Some(at) = change.moves_to.filter(|_| !change.allow_duplicate) {
        let destinations = list_destinations(conn, organization, post, at).await?;
        if let Some((post, account)) = duplicates::find(conn, organization, post, &destinations).await? {
            return Ok(ApprovalOutcome::Duplicate { post, account });
        }
    }
    let moves_to = change.moves_to.map(Timestamp::as_micros);
    on!(&mut *conn, |c| {
        sqlx::query(UPDATE)
            .bind(organization.0)
            .bind(post.0)
            .bind(approval_text(&change.approval))
            .bind(change.approval.step.as_ref().map(to_json))
            .bind(change.status.as_str())
            .bind(moves_to)
            .bind(now)
            .execute(&mut **c)
            .await?;
        if change.approval.state.waits() {
            sqlx::query(HOLD).bind(organization.0).bind(post.0).bind(now).execute(&mut **c).await?;
        } else {
            let release = sqlx::query(RELEASE).bind(organization.0).bind(post.0).bind(now).bind(moves_to);
            release.execute(&mut **c).await?;
        }
    });
    events::insert(conn, organization, &change.event, change.now).await?;
    Ok(ApprovalOutcome::Taken)
}

/// The post's destinations as they are if they go out at `at`.
async fn list_destinations(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    post: PostId,
    at: Timestamp,
) -> Result<Vec<NewDestination>, StoreError> {
    let rows: Vec<Compared> = on!(conn, |c| {
        sqlx::query_as(TO_COMPARE).bind(organization.0).bind(post.0).fetch_all(&mut **c).await?
    });
    let destination = |(id, account, platform, fingerprint): Compared| NewDestination {
        id: DestinationId(id),
        account_id: AccountId(account),
        platform: PlatformName::from_text(&platform),
        scheduled_for: at,
        fingerprint,
    };
    Ok(rows.into_iter().map(destination).collect())
}
