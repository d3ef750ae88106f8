//! A database with a past: posts in every settled state, each with three destinations.

use anyhow::Result;
use sqlx::{Connection as _, Executor as _};
use store::{Store, StoreConfig};

use crate::bare_posts;
use crate::seed::{MADE_AT, Seeded, keyring};

/// Out of ten: five published, one failed, one partially failed, three waiting for a far day. None
/// is in flight or due, so that a start has nothing to send.
const POSTS: &str = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
    INSERT INTO posts (organization_id, id, workspace_id, api_key_id, content, content_folded, status,
        scheduled_for, timezone, account_ids, media_ids, platform_content, thread_posts, published_at,
        created_at, updated_at)
    SELECT $2, unhex(printf('%012x7%03x8000%012x', $5 / 1000 + i * 60000, i % 4096, i)), $3, $4,
        'Note ' || i || ': autumn menu is live, come by and bring a friend.',
        'note ' || i || ': autumn menu is live, come by and bring a friend.',
        CASE i % 10 WHEN 5 THEN 'failed' WHEN 6 THEN 'partially_failed'
            WHEN 7 THEN 'scheduled' WHEN 8 THEN 'scheduled' WHEN 9 THEN 'scheduled' ELSE 'published' END,
        CASE WHEN i % 10 > 6 THEN $7 + i * 60000000 ELSE $5 + i * 60000000 END,
        'UTC', $6, '[]', '{}', '[]',
        CASE WHEN i % 10 < 5 THEN $5 + i * 60000000 END,
        $5 + i * 60000000, $5 + i * 60000000
    FROM n";
const DESTINATIONS: &str = "WITH RECURSIVE
    n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1),
    t (k, account_id, platform) AS (VALUES (0, $3, $4), (1, $5, $6), (2, $7, $8)),
    d (i, k, account_id, platform, at, status) AS (
        SELECT i, k, account_id, platform, $9 + i * 60000000,
            CASE WHEN i % 10 > 6 THEN 'queued'
                WHEN i % 10 = 5 OR (i % 10 = 6 AND k = 0) THEN 'failed' ELSE 'published' END
        FROM n CROSS JOIN t)
    INSERT INTO destinations (organization_id, id, post_id, account_id, platform, position, status,
        scheduled_for, run_at, attempts, tries, error_code, error, platform_post_id, platform_post_url,
        published_at, failed_at, created_at, updated_at)
    SELECT $2, unhex(printf('%012x7%03x9%03x%012x', $9 / 1000 + i * 60000, i % 4096, k, i)),
        unhex(printf('%012x7%03x8000%012x', $9 / 1000 + i * 60000, i % 4096, i)),
        account_id, platform, k, status,
        CASE status WHEN 'queued' THEN $10 + i * 60000000 ELSE at END,
        CASE status WHEN 'queued' THEN $10 + i * 60000000 END,
        status <> 'queued', status <> 'queued',
        CASE status WHEN 'failed' THEN 'content_rejected' END,
        CASE status WHEN 'failed' THEN 'The platform refuses this content.' END,
        CASE status WHEN 'published' THEN 'p' || i END,
        CASE status WHEN 'published' THEN 'https://social.example.org/p/' || i END,
        CASE status WHEN 'published' THEN at END,
        CASE status WHEN 'failed' THEN at END,
        at, at
    FROM d";

const MICROS_A_DAY: i64 = 86_400_000_000;

/// Writes `posts` posts, one a minute up to the moment that the folder was made at, in one commit.
pub(crate) async fn fill(seeded: &Seeded, posts: u32) -> Result<()> {
    let first = MADE_AT.as_micros() - i64::from(posts) * 60_000_000;
    let far = MADE_AT.as_micros() + 9_000 * MICROS_A_DAY;
    let account_ids: Vec<i64> = seeded.targets().iter().map(|(account, _)| account.0).collect();
    let mut connection = bare_posts::open(&seeded.database()).await?;
    connection.execute("BEGIN IMMEDIATE").await?;
    sqlx::query(POSTS)
        .bind(posts)
        .bind(seeded.organization.0)
        .bind(seeded.workspace.0)
        .bind(seeded.key_id.0)
        .bind(first)
        .bind(serde_json::to_string(&account_ids)?)
        .bind(far)
        .execute(&mut connection)
        .await?;
    let mut destinations = sqlx::query(DESTINATIONS).bind(posts).bind(seeded.organization.0);
    for (account, platform) in seeded.targets() {
        destinations = destinations.bind(account.0).bind(*platform);
    }
    destinations.bind(first).bind(far).execute(&mut connection).await?;
    connection.execute("COMMIT").await?;
    connection.close().await?;
    // Opened once, so that the posts are in the search index as those that a server made are.
    let store = Store::open_sqlite(&seeded.database(), keyring(), &StoreConfig::default()).await?;
    store.close().await;
    Ok(())
}
