//! Making posts: one, or many in one transaction, with the answer to the request that asked for them.

use std::sync::Arc;

use domain::{AccountId, OrganizationId, PostId, Timestamp};
use serde_json::json;

use crate::breaker::{self, Tripped};
use crate::conn::{Conn, on};
use crate::error::to_json;
use crate::events::{self, NewEvent};
use crate::idempotency::{KeepWith, Keeper};
use crate::posts::{NewPostRow, approval_text, held_campaign, insert_destinations};
use crate::queues::{self, Queued};
use crate::{Store, StoreError, duplicates, media_preparations, post_days, posts_there, search};

/// A post to be made.
#[derive(Clone, Debug)]
pub struct PostCreation {
    /// The post.
    pub post: NewPostRow,
    /// What is told of it.
    pub events: Vec<NewEvent>,
    /// Whether it may be a duplicate.
    pub allow_duplicate: bool,
    /// Whether it takes the next free slot of the workspace's queue, whatever time it names.
    pub takes_slot: bool,
    /// The most posts of the organization's day, where it counts as one of them.
    pub most_per_day: Option<i64>,
    /// Whether its id was made from what it is, so that there may be a post with it already.
    pub once: bool,
}

/// What became of one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateOutcome {
    /// It is there.
    Created,
    /// It is there, and goes out at the slot that it took.
    Queued(Timestamp),
    /// It asked for a slot, and the workspace has no queue.
    NoQueue,
    /// It asked for a slot, and all are taken.
    QueueFull,
    /// The organization has made as many posts today as it may.
    DayFull,
    /// A post with its id was there already.
    There {
        /// Whether that one was deleted since.
        deleted: bool,
    },
    /// The same has failed too often.
    Tripped(Tripped),
    /// The account has the same already.
    Duplicate {
        /// The post that has it.
        post: PostId,
        /// The account.
        account: AccountId,
    },
}

struct Job {
    organization: OrganizationId,
    posts: Vec<PostCreation>,
    keep: Keeper<[CreateOutcome]>,
}

const INSERT: &str = "INSERT INTO posts (organization_id, id, workspace_id, api_key_id, content,
    content_folded, status, scheduled_for, timezone, account_ids, media_ids, platform_content,
    thread_posts, campaign_id, search_id, created_at, updated_at, approval, approval_step,
    content_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19)";

impl Store {
    /// Writes a post with its destinations and event. Durable when this returns.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_post(
        &self,
        organization: OrganizationId,
        post: NewPostRow,
        event: Option<NewEvent>,
    ) -> Result<(), StoreError> {
        let creation = PostCreation {
            post,
            events: event.into_iter().collect(),
            allow_duplicate: true,
            takes_slot: false,
            most_per_day: None,
            once: false,
        };
        self.create_posts(organization, vec![creation], None).await.map(|_| ())
    }

    /// Writes posts in their order, in one transaction, and with them the answer to the request. Durable
    /// when this returns. `None` when the request's claim was taken over: then nothing was written.
    ///
    /// # Errors
    /// When the database fails: then nothing was written, or all of it.
    pub async fn create_posts(
        &self,
        organization: OrganizationId,
        posts: Vec<PostCreation>,
        keep: Option<KeepWith<[CreateOutcome]>>,
    ) -> Result<Option<Vec<CreateOutcome>>, StoreError> {
        let keep = Keeper::new(keep, &self.keyring);
        let job = Arc::new(Job { organization, posts, keep });
        self.writer
            .run(move |mut conn| {
                let job = Arc::clone(&job);
                Box::pin(async move { write_all(&mut conn, &job).await })
            })
            .await
    }
}

async fn write_all(conn: &mut Conn<'_>, job: &Job) -> Result<Option<Vec<CreateOutcome>>, StoreError> {
    if !job.keep.begin(conn).await? {
        return Ok(None);
    }
    let mut outcomes = Vec::with_capacity(job.posts.len());
    for creation in &job.posts {
        outcomes.push(if creation.takes_slot {
            write_queued(conn, job.organization, creation).await?
        } else {
            write(conn, job.organization, creation).await?
        });
    }
    job.keep.end(conn, &outcomes).await?;
    Ok(Some(outcomes))
}

async fn write_queued(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    creation: &PostCreation,
) -> Result<CreateOutcome, StoreError> {
    let (workspace, now) = (creation.post.workspace_id, creation.post.now);
    let at = match queues::next_free(conn, organization, workspace, now).await? {
        Queued::At(at) => at,
        Queued::NoQueue => return Ok(CreateOutcome::NoQueue),
        Queued::Full => return Ok(CreateOutcome::QueueFull),
    };
    let mut creation = creation.clone();
    creation.post.scheduled_for = Some(at);
    for destination in &mut creation.post.destinations {
        destination.scheduled_for = at;
    }
    for event in &mut creation.events {
        event.payload["scheduled_for"] = json!(at.to_iso_millis());
    }
    match write(conn, organization, &creation).await? {
        CreateOutcome::Created => Ok(CreateOutcome::Queued(at)),
        other => Ok(other),
    }
}

async fn write(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    creation: &PostCreation,
) -> Result<CreateOutcome, StoreError> {
    let new = &creation.post;
    if creation.once
        && let Some(deleted) = posts_there::look(conn, organization, new.id).await?
    {
        return Ok(CreateOutcome::There { deleted });
    }
    if !creation.allow_duplicate
        && let Some((post, account)) = duplicates::find(conn, organization, new.id, &new.destinations).await?
    {
        return Ok(CreateOutcome::Duplicate { post, account });
    }
    let key = breaker::key_of(new);
    if !creation.allow_duplicate
        && let Some(key) = &key
        && let Some(tripped) = breaker::find(conn, organization, key, new.now).await?
    {
        return Ok(CreateOutcome::Tripped(tripped));
    }
    if let Some(most) = creation.most_per_day
        && !post_days::take(conn, organization, most, new.now).await?
    {
        return Ok(CreateOutcome::DayFull);
    }
    let campaign = held_campaign(conn, organization, new.workspace_id, new.campaign_id).await?;
    let folded = search::searched(&new.content, &new.thread_posts);
    let search_id = search::insert(conn, new.workspace_id, &folded).await?;
    on!(&mut *conn, |c| {
        sqlx::query(INSERT)
            .bind(organization.0)
            .bind(new.id.0)
            .bind(new.workspace_id.0)
            .bind(new.api_key_id.0)
            .bind(&new.content)
            .bind(folded)
            .bind(new.status.as_str())
            .bind(new.scheduled_for.map(Timestamp::as_micros))
            .bind(&new.timezone)
            .bind(to_json(&new.account_ids))
            .bind(to_json(&new.media_ids))
            .bind(&new.platform_content)
            .bind(to_json(&new.thread_posts))
            .bind(campaign.map(|id| id.0))
            .bind(search_id)
            .bind(new.now.as_micros())
            .bind(approval_text(&new.approval))
            .bind(new.approval.step.as_ref().map(to_json))
            .bind(key)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    let numbered: Vec<_> = new.destinations.iter().cloned().enumerate().collect();
    insert_destinations(conn, organization, new.id, &numbered, &new.approval, new.now).await?;
    if !new.media_ids.is_empty() && !new.destinations.is_empty() {
        media_preparations::plan(conn, organization, new.id, new.scheduled_for, new.now).await?;
    }
    for event in &creation.events {
        events::insert(conn, organization, event, new.now).await?;
    }
    Ok(CreateOutcome::Created)
}
