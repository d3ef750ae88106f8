//! Counts of API keys in rolling windows that all nodes share.

use domain::rate::{Ask, Grant, Ring, Shape};
use domain::{ApiKeyId, OrganizationId, Span, Timestamp};

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// What a node asks of one of a key's windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowAsk {
    /// The window's stable name, such as `requests_minute`.
    pub kind: &'static str,
    /// The limit, and how the window is cut. Every node has to cut it alike.
    pub shape: Shape,
    /// What is asked.
    pub ask: Ask,
}

/// How long a count that nobody touches is kept. Longer than the longest window.
const KEEP: Span = Span::from_days(2);

// The update that changes nothing takes the row's lock, so that the next taker waits.
const OPEN: &str = "INSERT INTO rate_windows (organization_id, key_id, kind, ring, updated_at)
    VALUES ($1, $2, $3, '', $4)
    ON CONFLICT (organization_id, key_id, kind) DO UPDATE SET updated_at = excluded.updated_at
    RETURNING ring";
const WRITE: &str =
    "UPDATE rate_windows SET ring = $4 WHERE organization_id = $1 AND key_id = $2 AND kind = $3";
pub(crate) const FORGET: &str = "DELETE FROM rate_windows WHERE updated_at < $1";

impl Store {
    /// Takes tokens from a key's windows, in one transaction; the grants come in the order of the
    /// asks, which has to be the same everywhere. Over all nodes no window ever gives more than its
    /// limit. A count that cannot be read, because its window was cut otherwise, starts anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_tokens(
        &self,
        organization: OrganizationId,
        key: ApiKeyId,
        asks: Vec<WindowAsk>,
        now: Timestamp,
    ) -> Result<Vec<Grant>, StoreError> {
        let asks = std::sync::Arc::new(asks);
        self.writer
            .run(move |mut conn| {
                let asks = std::sync::Arc::clone(&asks);
                Box::pin(async move {
                    let mut grants = Vec::with_capacity(asks.len());
                    for ask in asks.iter() {
                        grants.push(take(&mut conn, organization, key, ask, now).await?);
                    }
                    Ok(grants)
                })
            })
            .await
    }

    /// Forgets the counts of keys that were not used for days; returns how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_rate_windows(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    let forgotten = on!(conn, |c| {
                        sqlx::query(FORGET)
                            .bind((now - KEEP).as_micros())
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(forgotten)
                })
            })
            .await
    }
}

async fn take(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    key: ApiKeyId,
    ask: &WindowAsk,
    now: Timestamp,
) -> Result<Grant, StoreError> {
    let text: String = on!(&mut *conn, |c| {
        sqlx::query_scalar(OPEN)
            .bind(organization.0)
            .bind(key.0)
            .bind(ask.kind)
            .bind(now.as_micros())
            .fetch_one(&mut **c)
            .await?
    });
    let shape = &ask.shape;
    let mut ring = Ring::read(shape.length, shape.parts, &text).unwrap_or_else(|| shape.ring());
    let grant = shape.grant(&mut ring, &ask.ask, now);
    on!(conn, |c| {
        sqlx::query(WRITE)
            .bind(organization.0)
            .bind(key.0)
            .bind(ask.kind)
            .bind(ring.write())
            .execute(&mut **c)
            .await?;
    });
    Ok(grant)
}
