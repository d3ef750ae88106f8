//! Forgetting old events, and what was sent of them to webhooks.

use domain::Timestamp;
use uuid::Uuid;

use crate::conn::on;
use crate::{Store, StoreError};

const ORGANIZATIONS: &str = "SELECT id FROM organizations ORDER BY id";
/// The oldest first, up to the one that is `$3` places further.
pub(crate) const FORGET: &str =
    "DELETE FROM webhook_deliveries WHERE organization_id = $1 AND event_id < COALESCE(
    (SELECT event_id FROM webhook_deliveries WHERE organization_id = $1 AND event_id < $2
     ORDER BY event_id LIMIT 1 OFFSET $3), $2)";
pub(crate) const FORGET_EVENTS: &str = "DELETE FROM events WHERE organization_id = $1 AND id < COALESCE(
    (SELECT id FROM events WHERE organization_id = $1 AND id < $2 ORDER BY id LIMIT 1 OFFSET $3), $2)";
/// How many rows go in one transaction, so that nobody waits long.
const FORGET_AT_ONCE: i64 = 1_000;

impl Store {
    /// Forgets events from before `before` and what was sent of them. Gives how many rows went.
    ///
    /// # Errors
    /// When the database fails; what went by then stays away.
    pub async fn forget_events(&self, before: Timestamp) -> Result<u64, StoreError> {
        let organizations: Vec<Uuid> = {
            let mut read = self.read().await?;
            on!(read.conn(), |c| { sqlx::query_scalar(ORGANIZATIONS).fetch_all(&mut *c).await? })
        };
        // An event's id begins with its time.
        let millis = u128::try_from(before.as_millis()).unwrap_or(0);
        let first_kept = Uuid::from_u128(millis << 80);
        let mut sum = 0;
        for organization in organizations {
            for text in [FORGET, FORGET_EVENTS] {
                loop {
                    let gone = self.forget_some(text, organization, first_kept).await?;
                    sum += gone;
                    if gone == 0 {
                        break;
                    }
                }
            }
        }
        Ok(sum)
    }

    async fn forget_some(
        &self,
        text: &'static str,
        organization: Uuid,
        first_kept: Uuid,
    ) -> Result<u64, StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    Ok(on!(conn, |c| {
                        sqlx::query(text)
                            .bind(organization)
                            .bind(first_kept)
                            .bind(FORGET_AT_ONCE)
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    }))
                })
            })
            .await
    }
}
