//! Whether the same post has failed for good too often to be taken once more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::{OrganizationId, PostId, Span, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::StoreError;
use crate::conn::{Conn, on};
use crate::posts::NewPostRow;

/// For how long a failure counts.
pub const COUNTED_FOR: Span = Span::from_hours(24);
/// After how many posts that failed the same is refused.
pub const FAILURES: usize = 5;

/// A post counts that is live nowhere, and that some account or platform refused for good. Which codes are
/// none of that, `FailureCode::is_permanent` says.
pub(crate) const FIND: &str = "SELECT p.id, p.updated_at FROM posts p
    WHERE p.organization_id = $1 AND p.content_key = $2 AND p.status = 'failed' AND p.updated_at > $3
      AND EXISTS (SELECT 1 FROM destinations d WHERE d.organization_id = p.organization_id
          AND d.post_id = p.id AND d.status = 'failed' AND d.error_code NOT IN
          ('attempts_exhausted', 'rate_limited', 'quota_exhausted', 'outcome_unknown', 'internal'))
    ORDER BY p.updated_at DESC LIMIT 5";

/// The same post has failed too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tripped {
    /// The post that failed last.
    pub last: PostId,
    /// When.
    pub last_failed_at: Timestamp,
    /// When the first of the failures no longer counts.
    pub until: Timestamp,
}

/// What tells the post from any other; `None` for a draft, which goes nowhere. Whoever puts a post right by
/// changing what goes to one platform makes another post of it.
pub(crate) fn key_of(post: &NewPostRow) -> Option<String> {
    if post.destinations.is_empty() {
        return None;
    }
    let mut accounts = post.account_ids.clone();
    accounts.sort_unstable();
    let all =
        json!([post.content.trim(), post.thread_posts, post.platform_content, post.media_ids, accounts]);
    Some(STANDARD_NO_PAD.encode(Sha256::digest(all.to_string())))
}

/// Whether the same has failed too often before `now`.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    key: &str,
    now: Timestamp,
) -> Result<Option<Tripped>, StoreError> {
    let failed: Vec<(Uuid, i64)> = on!(conn, |c| {
        sqlx::query_as(FIND)
            .bind(organization.0)
            .bind(key)
            .bind((now - COUNTED_FOR).as_micros())
            .fetch_all(&mut **c)
            .await?
    });
    if failed.len() < FAILURES {
        return Ok(None);
    }
    let tripped = failed.first().zip(failed.last()).map(|((last, at), (_, first_at))| Tripped {
        last: PostId(*last),
        last_failed_at: Timestamp::from_micros(*at),
        until: Timestamp::from_micros(*first_at) + COUNTED_FOR,
    });
    Ok(tripped)
}

#[cfg(test)]
mod tests {
    use domain::FailureCode;

    use super::*;

    #[test]
    fn a_failure_counts_unless_it_may_pass() {
        for code in FailureCode::ALL {
            let is_left_out = FIND.contains(&format!("'{}'", code.as_str()));
            assert_eq!(is_left_out, !code.is_permanent(), "{}", code.as_str());
        }
        assert!(FIND.ends_with(&format!("LIMIT {FAILURES}")));
    }
}
