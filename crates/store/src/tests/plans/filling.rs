//! Rows for every table that is looked into, on both databases.

use sqlx::{PgConnection, SqliteConnection};

/// On empty tables reading everything is cheapest, so there have to be rows. `{uuid:…}` is an id made
/// of a number, `{n:…}` the numbers up to one.
const FILL: &[&str] = &[
    "INSERT INTO accounts (organization_id, id, workspace_id, platform, platform_user_id, display_name, premium,
        is_active, credentials_version, planned_version, renew_at, probe_at, created_at, updated_at)
     SELECT {uuid:n % 20}, n, {uuid:1}, 'x', CAST(n AS TEXT), 'A', 0, 1, 1, CASE n % 100 WHEN 0 THEN 0 ELSE 1 END,
        n, n, 0, 0 FROM {n:1000}",
    "INSERT INTO posts (organization_id, id, workspace_id, api_key_id, content, content_folded, status, timezone,
        account_ids, media_ids, platform_content, thread_posts, campaign_id, search_id, scheduled_for, created_at,
        updated_at, approval)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:1}, {uuid:1}, 'text', 'text',
        CASE n % 10 WHEN 0 THEN 'failed' ELSE 'published' END, 'UTC', '[]', '[]', '{}', '[]',
        CASE n % 10 WHEN 1 THEN n % 500 END, n, n, n, n, CASE n % 20 WHEN 0 THEN 'requested' END
     FROM {n:50000}",
    "INSERT INTO destinations (organization_id, id, post_id, account_id, platform, position, status,
        scheduled_for, run_at, lease_owner, failed_at, fingerprint, created_at, updated_at)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:n}, 1 + n % 1000, 'x', 0, 'queued', n,
        CASE WHEN n % 50 < 2 THEN n END, CASE n % 100 WHEN 0 THEN 'w' END, CASE n % 50 WHEN 3 THEN n END,
        CASE n % 10 WHEN 1 THEN CAST(n AS TEXT) END, n, n
     FROM {n:50000}",
    "INSERT INTO media (organization_id, id, workspace_id, kind, filename, content_type, size_bytes, sha256,
        thumbnail_sha256, status, created_at, expires_at, work, work_at)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:1}, CASE n % 10 WHEN 0 THEN 'video' ELSE 'image' END, 'a', 'b', n,
        CAST(n AS TEXT), CASE n % 10 WHEN 0 THEN CAST(n AS TEXT) END, 'ready', n,
        CASE n % 100 WHEN 1 THEN n END, CASE n % 100 WHEN 2 THEN 'poster' END, CASE n % 100 WHEN 2 THEN n END
     FROM {n:20000}",
    "INSERT INTO unused_files (sha256, since) SELECT CAST(n AS TEXT), n FROM {n:2000}",
    "INSERT INTO api_keys (organization_id, id, workspace_id, user_id, key_hash, key_prefix, name, scopes,
        created_at)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:1}, 1, {hash:n}, 'pe', 'k', 'read', n FROM {n:2000}",
    "INSERT INTO idempotency_keys (organization_id, id, workspace_id, route, idempotency_key, fingerprint, process,
        lease_until, created_at, expires_at)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:1}, 'POST /posts', CAST(n AS TEXT), 'f', {uuid:1}, n, n, n
     FROM {n:5000}",
    "INSERT INTO queues (organization_id, workspace_id, name, timezone, slots, created_at, updated_at)
     SELECT {uuid:n % 20}, {uuid:n}, 'q', 'UTC', '[]', n, n FROM {n:2000}",
    "INSERT INTO campaigns (organization_id, id, workspace_id, name, color, status, created_at, updated_at)
     SELECT {uuid:n % 20}, n, {uuid:1}, 'c', '#3b82f6', 'active', n, n FROM {n:2000}",
    "INSERT INTO webhooks (organization_id, id, url, events, secret, is_active, run_at, created_at, updated_at)
     SELECT {uuid:n % 100}, {uuid:n}, 'https://a', '[]', {hash:n}, 1, CASE n % 50 WHEN 0 THEN n END, n, n
     FROM {n:2000}",
    "INSERT INTO events (organization_id, id, kind, payload, created_at, pending)
     SELECT {uuid:n % 100}, {uuid:n}, 'post.published', '{}', n, CASE n % 100 WHEN 0 THEN n END FROM {n:50000}",
    "INSERT INTO webhook_deliveries (organization_id, id, webhook_id, seq, event_id, event, status, run_at, log,
        created_at)
     SELECT {uuid:n % 100}, {uuid:n}, {uuid:n % 2000}, n, {uuid:n}, 'post.published', 'delivered',
        CASE n % 100 WHEN 0 THEN n END, '[]', n FROM {n:50000}",
    "INSERT INTO media_copies (organization_id, id, destination_id, media_id, source_sha256, recipe, sha256,
        filename, content_type, size_bytes, note, created_at, prepared_for)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:n}, {uuid:n}, CAST(n AS TEXT), 'r', 's', 'f', 't', 1, '', n,
        CASE n % 2 WHEN 0 THEN {uuid:n} END
     FROM {n:2000}",
    "INSERT INTO organizations (id, name, created_at) SELECT {uuid:n}, 'o', n FROM {n:2000}",
    "INSERT INTO users (id, email, email_folded, name, created_at)
     SELECT n, CAST(n AS TEXT), CAST(n AS TEXT), 'u', n FROM {n:2000}",
    "INSERT INTO memberships (organization_id, user_id, role, created_at)
     SELECT {uuid:n % 500}, n, 'editor', n FROM {n:2000}",
    "INSERT INTO sessions (id, token_hash, user_id, organization_id, address, agent, created_at, last_seen_at)
     SELECT {uuid:n}, {hash:n}, n % 500, {uuid:n % 500}, 'a', 'b', n, n FROM {n:2000}",
    "INSERT INTO invitations (organization_id, id, token_hash, email, role, invited_by, created_at, expires_at)
     SELECT {uuid:n % 500}, {uuid:n}, {hash:n}, CAST(n AS TEXT), 'viewer', 1, n, n FROM {n:2000}",
    "INSERT INTO audit_log (organization_id, id, user_id, actor, action, subject, address, created_at)
     SELECT {uuid:n % 20}, {uuid:n}, 1, 'a', 'request', 's', '::', n FROM {n:20000}",
    "INSERT INTO api_requests (organization_id, id, api_key_id, request_id, method, path, status, duration,
        created_at)
     SELECT {uuid:n % 20}, {uuid:n}, {uuid:n % 50}, 'r', 'GET', '/v1/posts', 200, 1, n FROM {n:20000}",
    "INSERT INTO sign_in_attempts (subject_hash, failures, blocked_until, updated_at)
     SELECT {hash:n}, 1, n, n FROM {n:2000}",
    "INSERT INTO passkeys (id, user_id, credential_id, name, credential, created_at)
     SELECT {uuid:n}, n % 500, {hash:n}, 'k', '{}', n FROM {n:2000}",
    "INSERT INTO sign_in_challenges (token_hash, kind, state, expires_at)
     SELECT {hash:n}, 'provider', '{}', n FROM {n:2000}",
    "INSERT INTO identities (id, issuer, subject, user_id, created_at, last_used_at)
     SELECT {uuid:n}, 'https://login.example', CAST(n AS TEXT), n, n, n FROM {n:2000}",
    "INSERT INTO media_preparations (organization_id, post_id, work_at, work_token, tries)
     SELECT {uuid:n % 20}, {uuid:n}, n, 0, 0 FROM {n:2000}",
    "UPDATE destinations SET published_at = scheduled_for WHERE run_at IS NULL",
    "INSERT INTO metric_lanes (organization_id, account_id, run_at, followers_at)
     SELECT {uuid:n % 20}, n, CASE n % 50 WHEN 0 THEN n END, n FROM {n:1000}",
    "INSERT INTO metric_plans (organization_id, destination_id, account_id, published_at, read_at, ended)
     SELECT {uuid:n % 20}, {uuid:n}, 1 + n % 1000, n, CASE n % 10 WHEN 0 THEN n END,
        CASE n % 100 WHEN 1 THEN 'permission_missing' END FROM {n:50000}",
    "INSERT INTO post_readings (organization_id, destination_id, step, at, likes)
     SELECT {uuid:n % 20}, {uuid:n}, n % 8, n, n FROM {n:50000}",
    "INSERT INTO account_readings (organization_id, account_id, at, followers)
     SELECT {uuid:n % 20}, 1 + n % 1000, n, n FROM {n:50000}",
];

/// The statement in the words of one database.
fn filled(text: &str, uuid: &str, hash: &str, numbers: &str) -> String {
    let mut text = text.to_owned();
    for (mark, pattern) in [("{uuid:", uuid), ("{hash:", hash), ("{n:", numbers)] {
        while let Some(at) = text.find(mark) {
            let end = at + text[at..].find('}').unwrap();
            let made = pattern.replace('?', &text[at + mark.len()..end]);
            text.replace_range(at..=end, &made);
        }
    }
    text
}

pub(super) async fn fill_sqlite(connection: &mut SqliteConnection) {
    sqlx::query("PRAGMA foreign_keys = off").execute(&mut *connection).await.unwrap();
    for statement in FILL {
        let numbers =
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ?) SELECT n FROM s)";
        let text = filled(statement, "UNHEX(PRINTF('%032x', ?))", "CAST(? AS BLOB)", numbers);
        sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut *connection).await.unwrap();
    }
}

pub(super) async fn fill_postgres(c: &mut PgConnection) {
    for setting in [
        "SET session_replication_role = replica",
        "SET plan_cache_mode = force_generic_plan",
        // For the tables that stay empty.
        "SET enable_seqscan = off",
    ] {
        sqlx::query(setting).execute(&mut *c).await.unwrap();
    }
    for statement in FILL {
        let text = filled(
            statement,
            "LPAD(TO_HEX(?), 32, '0')::UUID",
            "CAST(CAST(? AS TEXT) AS BYTEA)",
            "GENERATE_SERIES(1, ?) n",
        );
        sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut *c).await.unwrap();
    }
}
