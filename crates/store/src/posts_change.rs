//! Changing, deleting and retrying posts that exist.

use domain::{AccountId, OrganizationId, PostId, PostStatus, Timestamp, WorkspaceId};

use crate::conn::{Conn, on};
use crate::error::to_json;
use crate::events::{self, NewEvent};
use crate::posts::{NewPostRow, approval_text, held_campaign, insert_destinations, lock_post};
use crate::{Store, StoreError, breaker, duplicates, media_preparations, post_days, search};

/// A post's new content and plan.
#[derive(Clone, Debug)]
pub struct PostUpdate {
    /// The version that the change was made from.
    pub expected_updated_at: Timestamp,
    /// The post as it shall be. Its destinations are all that it shall have: those of accounts it
    /// has already keep their ids.
    pub post: NewPostRow,
    /// What is told of it.
    pub events: Vec<NewEvent>,
    /// Whether it may be a duplicate.
    pub allow_duplicate: bool,
    /// The most posts of the organization's day, where it counts as one of them.
    pub most_per_day: Option<i64>,
}

/// What became of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// Written.
    Updated,
    /// There is no such post.
    NotFound,
    /// The post changed since it was read: read it again.
    Stale,
    /// A destination has been picked up or has ended, so that nothing can be changed any more.
    TooLate,
    /// The organization has made as many posts today as it may.
    DayFull,
    /// An account has the same already.
    Duplicate {
        /// The post that has it.
        post: PostId,
        /// The account.
        account: AccountId,
    },
}

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteOutcome {
    /// Gone; so many destinations were cancelled, so many are live.
    Deleted {
        /// Destinations that will not go out any more.
        cancelled: usize,
        /// Destinations that are live.
        still_live: usize,
    },
    /// There is no such post.
    NotFound,
}

pub(crate) const VERSION: &str = "SELECT status, updated_at FROM posts
    WHERE organization_id = $1 AND id = $2 AND workspace_id = $3 AND deleted_at IS NULL";
pub(crate) const STARTED: &str =
    "SELECT COUNT(*) FROM destinations WHERE organization_id = $1 AND post_id = $2
    AND (status <> 'queued' OR lease_owner IS NOT NULL)";
const UPDATE: &str = "UPDATE posts SET content = $3, content_folded = $4, status = $5, scheduled_for = $6,
    timezone = $7, account_ids = $8, media_ids = $9, platform_content = $10, thread_posts = $11,
    campaign_id = $12, updated_at = $13, approval = $14, approval_step = $15,
    content_key = $16 WHERE organization_id = $1 AND id = $2";
const TARGETS: &str = "SELECT account_id FROM destinations WHERE organization_id = $1 AND post_id = $2";
const MOVE: &str = "UPDATE destinations SET scheduled_for = $4, run_at = $8, awaits_approval = $9, position = $5,
    state = NULL, fingerprint = $7, next_retry_at = NULL, updated_at = $6 WHERE organization_id = $1 AND post_id = $2 AND account_id = $3";
const DROP_TARGET: &str =
    "DELETE FROM destinations WHERE organization_id = $1 AND post_id = $2 AND account_id = $3";
const DELETE: &str = "UPDATE posts SET deleted_at = $4, updated_at = $4, search_id = NULL
    WHERE organization_id = $1 AND id = $2 AND workspace_id = $3 AND deleted_at IS NULL";
const CANCEL: &str = "UPDATE destinations SET run_at = NULL, next_retry_at = NULL, updated_at = $3
    WHERE organization_id = $1 AND post_id = $2 AND (run_at IS NOT NULL OR awaits_approval = 1)
      AND lease_owner IS NULL";
const COUNT_LIVE: &str = "SELECT COUNT(*) FROM destinations
    WHERE organization_id = $1 AND post_id = $2 AND status = 'published'";
const RETRY: &str = "UPDATE destinations SET status = 'queued', run_at = $4, tries = 0, looks = 0,
    intent = NULL, unknown_since = NULL, error = NULL, error_code = NULL, failed_at = NULL,
    next_retry_at = NULL, updated_at = $4
    WHERE organization_id = $1 AND post_id = $2 AND account_id = $3 AND status = 'failed'
      AND awaits_approval = 0";
const SET_STATUS: &str =
    "UPDATE posts SET status = $3, updated_at = $4 WHERE organization_id = $1 AND id = $2";

impl Store {
    /// Changes a post that has not begun to go out, with its destinations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn update_post(
        &self,
        organization: OrganizationId,
        update: PostUpdate,
    ) -> Result<UpdateOutcome, StoreError> {
        let shared = std::sync::Arc::new(update);
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move { write_update(&mut conn, organization, &shared).await })
            })
            .await
    }

    /// Takes a post out of every list and cancels what no worker has in hand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_post(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        id: PostId,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<DeleteOutcome, StoreError> {
        self.writer
            .run(move |mut conn| {
                let event = event.clone();
                Box::pin(async move {
                    let micros = now.as_micros();
                    search::remove(&mut conn, organization, workspace, id).await?;
                    let deleted = on!(&mut conn, |c| {
                        sqlx::query(DELETE)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(workspace.0)
                            .bind(micros)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    if deleted == 0 {
                        return Ok(DeleteOutcome::NotFound);
                    }
                    let (cancelled, live): (u64, i64) = on!(&mut conn, |c| {
                        let cancelled = sqlx::query(CANCEL)
                            .bind(organization.0)
                            .bind(id.0)
                            .bind(micros)
                            .execute(&mut **c)
                            .await?;
                        let live = sqlx::query_scalar(COUNT_LIVE)
                            .bind(organization.0)
                            .bind(id.0)
                            .fetch_one(&mut **c)
                            .await?;
                        (cancelled.rows_affected(), live)
                    });
                    media_preparations::plan(&mut conn, organization, id, None, now).await?;
                    events::insert(&mut conn, organization, &event, now).await?;
                    Ok(DeleteOutcome::Deleted {
                        cancelled: usize::try_from(cancelled).unwrap_or(0),
                        still_live: usize::try_from(live).unwrap_or(0),
                    })
                })
            })
            .await
    }

    /// Queues the failed destinations of these accounts again; returns the accounts that had one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_destinations(
        &self,
        organization: OrganizationId,
        post: PostId,
        accounts: Vec<AccountId>,
        now: Timestamp,
    ) -> Result<Vec<AccountId>, StoreError> {
        self.writer
            .run(move |mut conn| {
                let accounts = accounts.clone();
                Box::pin(async move {
                    let mut retried = Vec::new();
                    for account in accounts {
                        let done = on!(&mut conn, |c| {
                            sqlx::query(RETRY)
                                .bind(organization.0)
                                .bind(post.0)
                                .bind(account.0)
                                .bind(now.as_micros())
                                .execute(&mut **c)
                                .await?
                                .rows_affected()
                        });
                        if done > 0 {
                            retried.push(account);
                        }
                    }
                    if !retried.is_empty() {
                        on!(&mut conn, |c| {
                            sqlx::query(SET_STATUS)
                                .bind(organization.0)
                                .bind(post.0)
                                .bind(PostStatus::Publishing.as_str())
                                .bind(now.as_micros())
                                .execute(&mut **c)
                                .await?
                                .rows_affected()
                        });
                    }
                    Ok(retried)
                })
            })
            .await
    }
}

async fn write_update(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    update: &PostUpdate,
) -> Result<UpdateOutcome, StoreError> {
    let post = &update.post;
    lock_post(conn, organization, post.id).await?;
    let (current, started): (Option<(String, i64)>, i64) = on!(&mut *conn, |c| {
        let current = sqlx::query_as(VERSION)
            .bind(organization.0)
            .bind(post.id.0)
            .bind(post.workspace_id.0)
            .fetch_optional(&mut **c)
            .await?;
        let started =
            sqlx::query_scalar(STARTED).bind(organization.0).bind(post.id.0).fetch_one(&mut **c).await?;
        (current, started)
    });
    let Some((status, updated_at)) = current else { return Ok(UpdateOutcome::NotFound) };
    if started > 0 || !matches!(status.as_str(), "draft" | "scheduled") {
        return Ok(UpdateOutcome::TooLate);
    }
    if updated_at != update.expected_updated_at.as_micros() {
        return Ok(UpdateOutcome::Stale);
    }
    if !update.allow_duplicate
        && let Some((post, account)) =
            duplicates::find(conn, organization, post.id, &post.destinations).await?
    {
        return Ok(UpdateOutcome::Duplicate { post, account });
    }
    if let Some(most) = update.most_per_day
        && !post_days::take(conn, organization, most, post.now).await?
    {
        return Ok(UpdateOutcome::DayFull);
    }
    let campaign = held_campaign(conn, organization, post.workspace_id, post.campaign_id).await?;
    let folded = search::searched(&post.content, &post.thread_posts);
    search::replace(conn, organization, post.workspace_id, post.id, &folded).await?;
    on!(&mut *conn, |c| {
        sqlx::query(UPDATE)
            .bind(organization.0)
            .bind(post.id.0)
            .bind(&post.content)
            .bind(&folded)
            .bind(post.status.as_str())
            .bind(post.scheduled_for.map(Timestamp::as_micros))
            .bind(&post.timezone)
            .bind(to_json(&post.account_ids))
            .bind(to_json(&post.media_ids))
            .bind(&post.platform_content)
            .bind(to_json(&post.thread_posts))
            .bind(campaign.map(|id| id.0))
            .bind(post.now.as_micros())
            .bind(approval_text(&post.approval))
            .bind(post.approval.step.as_ref().map(to_json))
            .bind(breaker::key_of(post))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    replace_destinations(conn, organization, post).await?;
    let due = post.scheduled_for.filter(|_| !post.media_ids.is_empty() && !post.destinations.is_empty());
    media_preparations::plan(conn, organization, post.id, due, post.now).await?;
    for event in &update.events {
        events::insert(conn, organization, event, post.now).await?;
    }
    Ok(UpdateOutcome::Updated)
}

async fn replace_destinations(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    post: &NewPostRow,
) -> Result<(), StoreError> {
    let present: Vec<i64> = on!(&mut *conn, |c| {
        sqlx::query_scalar(TARGETS).bind(organization.0).bind(post.id.0).fetch_all(&mut **c).await?
    });
    for account in &present {
        if !post.destinations.iter().any(|destination| destination.account_id.0 == *account) {
            on!(&mut *conn, |c| {
                sqlx::query(DROP_TARGET)
                    .bind(organization.0)
                    .bind(post.id.0)
                    .bind(account)
                    .execute(&mut **c)
                    .await?
                    .rows_affected()
            });
        }
    }
    let mut added = Vec::new();
    let waits = post.approval.state.waits();
    for (position, destination) in post.destinations.iter().enumerate() {
        if !present.contains(&destination.account_id.0) {
            added.push((position, destination.clone()));
            continue;
        }
        on!(&mut *conn, |c| {
            sqlx::query(MOVE)
                .bind(organization.0)
                .bind(post.id.0)
                .bind(destination.account_id.0)
                .bind(destination.scheduled_for.as_micros())
                .bind(i64::try_from(position).unwrap_or(i64::MAX))
                .bind(post.now.as_micros())
                .bind(&destination.fingerprint)
                .bind((!waits).then_some(destination.scheduled_for.as_micros()))
                .bind(i64::from(waits))
                .execute(&mut **c)
                .await?
                .rows_affected()
        });
    }
    insert_destinations(conn, organization, post.id, &added, &post.approval, post.now).await
}
