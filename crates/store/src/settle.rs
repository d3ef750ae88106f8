//! A destination of which nobody could tell whether it is live, once a person has looked.

use domain::event::EventKind;
use domain::{AccountId, DestinationId, EventId, OrganizationId, PostId, PostStatus, Timestamp, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::ends;
use crate::error::to_json;
use crate::events::{self, NewEvent};
use crate::journal::{JOURNAL, JOURNAL_COLUMNS};
use crate::posts::lock_post;
use crate::rows::{Column, Rows};
use crate::{Store, StoreError};

/// What a person saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is live.
    Live {
        /// Where.
        platform_post_url: String,
        /// The platform's id of it, where the person knows it.
        platform_post_id: Option<String>,
    },
    /// It is not.
    NotLive,
}

/// Which destination is settled, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The post.
    pub post_id: PostId,
    /// The account.
    pub account_id: AccountId,
    /// What was seen there.
    pub seen: Seen,
    /// Who looked.
    pub by: UserId,
    /// For the event.
    pub event_id: EventId,
    /// When.
    pub now: Timestamp,
}

/// Only what is unknown can be settled, so that of two people one does it.
const LIVE: &str = "UPDATE destinations SET status = 'published', run_at = NULL, intent = NULL,
    unknown_since = NULL, looks = 0, first_sent_at = NULL, error = NULL, error_code = NULL, failed_at = NULL,
    next_retry_at = NULL, line_count = line_count + 1, published_at = $4, updated_at = $4, platform_post_url = $5, platform_post_id = $6
    WHERE organization_id = $1 AND post_id = $2 AND account_id = $3 AND status = 'failed'
      AND error_code = 'outcome_unknown'
    RETURNING id, platform, attempts";
/// As a retry: what was first sent when is kept, since the platform may still say that it has it already.
const NOT_LIVE: &str = "UPDATE destinations SET status = 'queued', run_at = $4, tries = 0, looks = 0,
    intent = NULL, unknown_since = NULL, error = NULL, error_code = NULL, failed_at = NULL,
    next_retry_at = NULL, line_count = line_count + 1, updated_at = $4
    WHERE organization_id = $1 AND post_id = $2 AND account_id = $3 AND status = 'failed'
      AND error_code = 'outcome_unknown' AND awaits_approval = 0
    RETURNING id, platform, attempts";
const GOES_OUT: &str = "UPDATE posts SET status = $3, updated_at = $4 WHERE organization_id = $1 AND id = $2";

impl Store {
    /// Ends the uncertainty about a destination: it becomes published, or is queued again. Tells whether
    /// there was any; nothing changes otherwise.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_destination(
        &self,
        organization: OrganizationId,
        settlement: Settlement,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let settlement = settlement.clone();
                Box::pin(async move { settle(&mut conn, organization, &settlement).await })
            })
            .await
    }
}

type Settled = (Uuid, String, i64);

async fn settle(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    settlement: &Settlement,
) -> Result<bool, StoreError> {
    lock_post(conn, organization, settlement.post_id).await?;
    let by = settlement.by.0;
    match &settlement.seen {
        Seen::Live { platform_post_url, platform_post_id } => {
            let ids = Some((platform_post_url.as_str(), platform_post_id.as_deref()));
            let Some(settled) = write(conn, organization, settlement, ids).await? else { return Ok(false) };
            let detail = json!({ "url": platform_post_url, "user_id": by });
            note(conn, organization, settlement, &settled, "confirmed", &detail).await?;
            ends::derive_again(conn, (organization.0, settlement.post_id.0), settlement.now).await?;
            let (destination, platform, _) = settled;
            let payload = json!({
                "post_id": settlement.post_id,
                "destination_id": DestinationId(destination),
                "platform": platform,
                "account_id": settlement.account_id,
                "published_at": settlement.now.to_iso_millis(),
                "platform_post_url": platform_post_url,
            });
            let event = NewEvent { id: settlement.event_id, kind: EventKind::PostPublished, payload };
            events::insert(conn, organization, &event, settlement.now).await?;
        }
        Seen::NotLive => {
            let Some(settled) = write(conn, organization, settlement, None).await? else { return Ok(false) };
            note(conn, organization, settlement, &settled, "denied", &json!({ "user_id": by })).await?;
            on!(&mut *conn, |c| {
                sqlx::query(GOES_OUT)
                    .bind(organization.0)
                    .bind(settlement.post_id.0)
                    .bind(PostStatus::Publishing.as_str())
                    .bind(settlement.now.as_micros())
                    .execute(&mut **c)
                    .await?
                    .rows_affected()
            });
        }
    }
    Ok(true)
}

async fn write(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    settlement: &Settlement,
    live: Option<(&str, Option<&str>)>,
) -> Result<Option<Settled>, StoreError> {
    Ok(on!(&mut *conn, |c| {
        let mut query = sqlx::query_as(if live.is_some() { LIVE } else { NOT_LIVE })
            .bind(organization.0)
            .bind(settlement.post_id.0)
            .bind(settlement.account_id.0)
            .bind(settlement.now.as_micros());
        if let Some((url, id)) = live {
            query = query.bind(url).bind(id);
        }
        query.fetch_optional(&mut **c).await?
    }))
}

async fn note(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    settlement: &Settlement,
    (destination, _, attempts): &Settled,
    kind: &str,
    detail: &Value,
) -> Result<(), StoreError> {
    let rows = Rows::new([
        Column::uuids([organization.0]),
        Column::uuids([*destination]),
        Column::texts([kind]),
        Column::ints([*attempts]),
        Column::ints([settlement.now.as_micros()]),
        Column::texts([to_json(detail)]),
    ]);
    rows.execute(conn, JOURNAL_COLUMNS, JOURNAL).await?;
    Ok(())
}
