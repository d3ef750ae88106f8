//! Whether an account gets the same twice within a day. Asked in the transaction that writes the post, so
//! that of two posts at the same moment one is refused.

use domain::{AccountId, OrganizationId, PostId, Span};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::StoreError;
use crate::conn::{Conn, on};
use crate::posts::NewDestination;

/// How far apart the same may go out.
const APART: Span = Span::from_hours(24);

/// What failed, and what was deleted before it went out, is no duplicate of anything.
pub(crate) const FIND: &str = "SELECT d.post_id FROM destinations d
    JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id
    WHERE d.organization_id = $1 AND d.account_id = $2 AND d.fingerprint IS NOT NULL AND d.fingerprint = $3
      AND d.scheduled_for > $4 AND d.scheduled_for < $5 AND d.post_id <> $6 AND d.status <> 'failed'
      AND (p.deleted_at IS NULL OR d.status = 'published')
    ORDER BY d.scheduled_for LIMIT 1";
/// Whoever writes the same for the same account waits until this transaction ends.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";

/// The first other post that has the same for one of the accounts.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    post: PostId,
    destinations: &[NewDestination],
) -> Result<Option<(PostId, AccountId)>, StoreError> {
    for destination in destinations {
        let Some(fingerprint) = &destination.fingerprint else { continue };
        if let Conn::Postgres(c) = conn {
            let key = lock_key(organization, destination, fingerprint);
            sqlx::query(LOCK).bind(key).execute(&mut **c).await?;
        }
        let at = destination.scheduled_for;
        let found: Option<Uuid> = on!(&mut *conn, |c| {
            sqlx::query_scalar(FIND)
                .bind(organization.0)
                .bind(destination.account_id.0)
                .bind(fingerprint)
                .bind((at - APART).as_micros())
                .bind((at + APART).as_micros())
                .bind(post.0)
                .fetch_optional(&mut **c)
                .await?
        });
        if let Some(found) = found {
            return Ok(Some((PostId(found), destination.account_id)));
        }
    }
    Ok(None)
}

fn lock_key(organization: OrganizationId, destination: &NewDestination, fingerprint: &str) -> i64 {
    let mut hash = Sha256::new();
    hash.update(organization.0.as_bytes());
    hash.update(destination.account_id.0.to_be_bytes());
    hash.update(fingerprint.as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    hash.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}
