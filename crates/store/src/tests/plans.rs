//! Every list and every claim finds its rows by an index.

use sqlx::{Connection as _, QueryBuilder, Row as _, SqliteConnection};

use super::World;
use crate::conn::{Conn, ReadConn};
use crate::rows::{Column, Dialect, Rows};
use crate::{
    access, accounts, ai_credits, analytics, api_requests, audit_log, best_times, breaker, campaigns, claims,
    connect_sessions, deliveries, device_logins, disconnect, duplicates, ends, events, fan_out, figures,
    idempotency, identities, identity_links, invitations, journal, keys, lanes, limits, live_copies, media,
    media_copies, media_preparations, members, metrics, oauth, overdue, passkeys, posts_retry, posts_there,
    queues, rate_windows, record, sessions, sign_in_attempts, sign_in_challenges, targets, users, webhooks,
};

/// What is asked, and which indexes have to answer.
struct Case {
    /// The columns of the rows that a statement takes, if it takes rows.
    names: &'static str,
    text: &'static str,
    indexes: &'static [&'static str],
}

const fn plain(text: &'static str, indexes: &'static [&'static str]) -> Case {
    Case { names: "", text, indexes }
}

const fn by(text: &'static str, indexes: &'static [&'static str]) -> Case {
    Case { names: metrics::breakdown::COLUMNS, text, indexes }
}

const BROKEN_DOWN_LIVE: &[&str] =
    &["accounts_", "destinations_published", "posts_pkey", "post_readings_pkey"];
const BROKEN_DOWN_FAILED: &[&str] = &["accounts_", "destinations_failed", "posts_pkey"];

const CASES: &[Case] = &[
    plain(claims::DUE_ACCOUNTS, &["destinations_due"]),
    plain(claims::NEXT_DUE, &["destinations_due"]),
    plain(claims::NEXT_WORK, &["destinations_due"]),
    plain(claims::POST_GOES_OUT, &["posts_pkey", "destinations_pkey"]),
    plain(overdue::WAITING, &["destinations_due"]),
    plain(overdue::COUNT_WAITING, &["destinations_due"]),
    plain(overdue::IN_HAND, &["destinations_leased"]),
    plain(overdue::COUNT_IN_HAND, &["destinations_leased"]),
    plain(figures::OPEN, &["destinations_due"]),
    plain(figures::NEGLECTED, &["destinations_due", "destinations_leased"]),
    plain(figures::TO_RECONNECT, &["accounts_to_reconnect"]),
    plain(access::UNPLANNED, &["accounts_unplanned"]),
    plain(access::TO_RENEW, &["accounts_to_renew"]),
    plain(access::TO_PROBE, &["accounts_to_probe"]),
    plain(limits::FIND_REST, &["account_rests_pkey"]),
    plain(limits::END_RESTS, &["account_rests_ending"]),
    plain(limits::NEXT_REST_END, &["account_rests_ending"]),
    plain(limits::LIST_RESTS, &["account_rests_ending"]),
    plain(limits::LINE_UP, &["destinations_lane"]),
    plain(limits::COUNT_PUBLISHED, &["destinations_published"]),
    plain(limits::LIST_PUBLISHED, &["destinations_published"]),
    plain(rate_windows::FORGET, &["rate_windows_by_age"]),
    plain(connect_sessions::FIND, &["connect_sessions_id"]),
    plain(connect_sessions::FIND_STATE, &["connect_sessions_state"]),
    plain(connect_sessions::FORGET, &["connect_sessions_ending"]),
    plain(device_logins::WAITING, &["device_logins_code"]),
    plain(oauth::ACCESS, &["oauth_grants_access", "api_keys_pkey"]),
    plain(oauth::BY_CODE, &["oauth_grants_code", "api_keys_pkey"]),
    plain(oauth::BY_REFRESH, &["oauth_grants_refresh", "api_keys_pkey"]),
    plain(oauth::BY_REPLACED, &["oauth_grants_replaced", "api_keys_pkey"]),
    plain(oauth::FORGET_GRANTS, &["oauth_grants_ending"]),
    plain(oauth::FORGET_CLIENTS, &["oauth_clients_by_age", "oauth_grants_of_client"]),
    plain(ai_credits::USED, &["ai_credits_pkey", "ai_holds_pkey"]),
    plain(ai_credits::BONUS, &["ai_bonus_pkey"]),
    plain(ai_credits::BONUS_LEFT, &["ai_bonus_pkey", "ai_holds_pkey"]),
    plain(disconnect::OWNED, &["accounts_by_owner", "accounts_by_platform_user"]),
    plain(campaigns::LIST, &["campaigns_by_age", "posts_of_campaign"]),
    plain(campaigns::FIND, &["campaigns_pkey", "posts_of_campaign"]),
    plain(campaigns::LEAVE, &["posts_of_campaign"]),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.campaign_id IS NOT NULL AND p.campaign_id = $3 ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_of_campaign"],
    ),
    plain(lanes::DUE, &["webhooks_due"]),
    plain(lanes::NEXT_DUE, &["webhooks_due"]),
    plain(lanes::HEAD, &["webhook_deliveries_lane", "events_pkey"]),
    plain(webhooks::LIST, &["webhooks_pkey"]),
    plain(fan_out::WAITING, &["events_pending"]),
    plain(deliveries::FORGET, &["webhook_deliveries_of_event"]),
    plain(deliveries::FORGET_EVENTS, &["events_pkey"]),
    plain(
        "SELECT * FROM webhook_deliveries d JOIN events e ON e.organization_id = d.organization_id
         AND e.id = d.event_id WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.status = $3
         ORDER BY d.seq DESC LIMIT 20",
        &["webhook_deliveries_order", "events_pkey"],
    ),
    Case {
        names: "organization_id, id, kind, payload, created_at",
        text: events::INSERT_ALL,
        indexes: &["webhooks_pkey", "events_pending_last"],
    },
    Case { names: "organization_id, kind", text: events::AWAITED, indexes: &["webhooks_pkey"] },
    plain(events::IDS_AFTER, &["events_pkey"]),
    Case { names: "organization_id, id", text: events::BY_ID, indexes: &["events_pkey"] },
    Case { names: "organization_id", text: fan_out::WEBHOOKS, indexes: &["webhooks_pkey"] },
    Case { names: "organization_id, account_id", text: fan_out::NAMES, indexes: &["accounts_pkey"] },
    Case { names: "organization_id, post_id", text: fan_out::POSTS, indexes: &["posts_pkey"] },
    Case { names: "organization_id, id, payload", text: fan_out::TAKE, indexes: &["events_pkey"] },
    Case { names: "organization_id, id", text: fan_out::LANES, indexes: &["webhooks_pkey"] },
    Case { names: "organization_id, id, next_seq, at", text: fan_out::GO, indexes: &["webhooks_pkey"] },
    plain(breaker::FIND, &["posts_failing", "destinations_of_post"]),
    plain(duplicates::FIND, &["destinations_by_content", "posts_pkey"]),
    plain(idempotency::FIND, &["idempotency_keys_key"]),
    plain(idempotency::CLEAR, &["idempotency_keys_key"]),
    plain(idempotency::FORGET, &["idempotency_keys_ending"]),
    plain(
        "SELECT d.id FROM destinations d
         JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id
         WHERE d.organization_id = $1 AND d.status = 'failed' AND d.failed_at IS NOT NULL
           AND p.deleted_at IS NULL AND p.workspace_id = $2 AND d.failed_at >= $3
         ORDER BY d.failed_at, d.id LIMIT 1000",
        &["destinations_failed", "posts_pkey"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND (p.created_at, p.id) < ($3, $4) ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_age"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND (p.scheduled_for, p.id) < ($3, $4) ORDER BY p.scheduled_for DESC, p.id DESC LIMIT 20",
        &["posts_by_schedule"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND (p.updated_at, p.id) > ($3, $4) ORDER BY p.updated_at ASC, p.id ASC LIMIT 20",
        &["posts_by_change"],
    ),
    plain(
        "SELECT * FROM webhook_deliveries d JOIN events e ON e.organization_id = d.organization_id
         AND e.id = d.event_id WHERE d.organization_id = $1 AND d.webhook_id = $2
         AND d.seq < (SELECT a.seq FROM webhook_deliveries a WHERE a.organization_id = $1
                      AND a.webhook_id = $2 AND a.id = $3)
         ORDER BY d.seq DESC LIMIT 20",
        &["webhook_deliveries_order", "events_pkey"],
    ),
    Case {
        names: "search_id",
        text: "SELECT p.id FROM v CROSS JOIN posts p WHERE p.search_id = v.search_id AND p.deleted_at IS NULL
         AND p.content_folded LIKE '%a%' ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        indexes: &["posts_by_search"],
    },
    Case { names: "organization_id, id, at", text: posts_retry::REQUEUE, indexes: &["destinations_pkey"] },
    Case {
        names: "organization_id, post_id, status, at",
        text: posts_retry::POSTS_GO_OUT,
        indexes: &["posts_pkey"],
    },
    plain(posts_there::LOOK, &["posts_pkey"]),
    plain(live_copies::FIND, &["posts_pkey"]),
    plain(live_copies::LIST, &["destinations_of_post"]),
    plain(queues::FIND, &["queues_pkey"]),
    plain(access::OF_ACCOUNT, &["accounts_pkey"]),
    plain(metrics::plans::LIVE, &["destinations_live"]),
    Case { names: metrics::plans::GO_COLUMNS, text: metrics::plans::GO, indexes: &["metric_lanes_pkey"] },
    plain(metrics::plans::RESUME, &["metric_plans_refused"]),
    plain(metrics::lanes::DUE, &["metric_lanes_due"]),
    plain(metrics::lanes::NEXT_DUE, &["metric_lanes_due"]),
    plain(metrics::lanes::POSTS, &["metric_plans_lane", "destinations_pkey"]),
    plain(metrics::lanes::NEXT, &["metric_plans_lane"]),
    plain(metrics::history::PLANS, &["destinations_of_post", "metric_plans_pkey"]),
    plain(metrics::history::READINGS, &["destinations_of_post", "post_readings_pkey"]),
    plain(metrics::history::LANE, &["metric_lanes_pkey"]),
    plain(metrics::history::FOLLOWERS, &["account_readings_pkey"]),
    plain(metrics::totals::SUM, &["accounts_", "destinations_published", "post_readings_pkey"]),
    by(metrics::breakdown::BY_STEP[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_STEP[1], BROKEN_DOWN_FAILED),
    by(metrics::breakdown::BY_PLATFORM[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_PLATFORM[1], BROKEN_DOWN_FAILED),
    by(metrics::breakdown::BY_ACCOUNT[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_ACCOUNT[1], BROKEN_DOWN_FAILED),
    by(metrics::breakdown::BY_CAMPAIGN[0], BROKEN_DOWN_LIVE),
    by(metrics::breakdown::BY_CAMPAIGN[1], BROKEN_DOWN_FAILED),
    plain(metrics::breakdown::FIRST, &["accounts_", "destinations_published", "destinations_failed"]),
    plain(metrics::totals::AUDIENCE, &["accounts_", "account_readings_pkey"]),
    Case {
        names: metrics::totals::WEEK_COLUMNS,
        text: metrics::totals::WEEK,
        indexes: &["destinations_published", "post_readings_pkey"],
    },
    Case { names: queues::TAKEN_COLUMNS, text: queues::TAKEN, indexes: &["posts_by_schedule"] },
    Case { names: best_times::COLUMNS, text: best_times::COUNT, indexes: &["destinations_published"] },
    plain(analytics::COUNT, &["posts_by_schedule", "posts_by_status", "destinations_of_post"]),
    plain(keys::FIND, &["api_keys_hash"]),
    plain(users::FIND_BY_EMAIL, &["users_email"]),
    plain(users::MEMBERSHIPS, &["memberships_of_user", "organizations_pkey"]),
    plain(members::LIST, &["memberships_pkey", "sessions_of_user"]),
    plain(sessions::FIND, &["sessions_token", "memberships_", "organizations_pkey"]),
    plain(sessions::LIST, &["sessions_of_user"]),
    plain(sessions::FORGET, &["sessions_by_age"]),
    plain(passkeys::LIST, &["passkeys_of_user"]),
    plain(passkeys::FIND, &["passkeys_credential", "users_pkey"]),
    plain(sign_in_challenges::FORGET, &["sign_in_challenges_ending"]),
    plain(identities::FIND, &["identities_pkey", "users_pkey"]),
    plain(identity_links::LIST, &["identities_of_user"]),
    plain(identities::INVITED, &["invitations_for"]),
    plain(sign_in_attempts::FORGET, &["sign_in_attempts_by_age"]),
    plain(invitations::FIND, &["invitations_token"]),
    plain(invitations::LIST, &["invitations_pkey"]),
    plain(api_requests::LIST, &["api_requests_pkey"]),
    plain(api_requests::LIST_AFTER, &["api_requests_pkey"]),
    plain(api_requests::TRIM, &["api_requests_pkey"]),
    plain(api_requests::FORGET, &["api_requests_by_age"]),
    plain(journal::LIST_OF_POST, &["destinations_of_post", "journal_pkey"]),
    plain(journal::OWN_LINES_OF_POST, &["destinations_of_post"]),
    plain(audit_log::LIST, &["audit_log_pkey"]),
    plain(audit_log::LIST_AFTER, &["audit_log_pkey"]),
    plain(audit_log::FORGET, &["audit_log_by_age"]),
    plain(media::LIST, &["media_by_age"]),
    plain(media::LIST_KIND, &["media_by_kind"]),
    plain(media::LIST_AFTER, &["media_by_age"]),
    plain(media::LIST_KIND_AFTER, &["media_by_kind"]),
    plain(
        "SELECT * FROM media m WHERE m.organization_id = $1 AND m.workspace_id = $2
         AND (m.filename IN ($3, $4) OR m.source_url IN ($3, $4))",
        &["media_"],
    ),
    plain(media::COUNT, &["media_"]),
    plain(media::COUNT_KIND, &["media_"]),
    plain(media::USED, &["media_sizes"]),
    plain(media::IN_USE, &["posts_by_status"]),
    plain(media::NAMED, &["media_files", "media_thumbnails", "media_copies_files"]),
    plain(media::UNUSED, &["unused_files_pkey"]),
    plain(media::DUE, &["media_work"]),
    plain(media::NEXT_DUE, &["media_work"]),
    plain(media::EXPIRED, &["media_expiring"]),
    plain(media_copies::OF_DESTINATION, &["media_copies_of_destination"]),
    plain(media_copies::MADE, &["media_copies_made"]),
    plain(media_copies::FORGET, &["media_copies_by_age"]),
    plain(media_preparations::DUE, &["media_preparations_work"]),
    plain(media_preparations::OF_POST, &["media_copies_prepared"]),
    plain(accounts::LIST, &["destinations_failed"]),
    plain(accounts::NUMBERS, &["destinations_lane", "destinations_failed", "destinations_published"]),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_age"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.status IN ('failed') ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_status"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.approval IS NOT NULL AND p.approval IN ('requested') ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
        &["posts_by_approval"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         ORDER BY p.scheduled_for DESC NULLS LAST, p.id DESC LIMIT 20",
        &["posts_by_schedule"],
    ),
    plain(
        "SELECT * FROM posts p WHERE p.organization_id = $1 AND p.workspace_id = $2 AND p.deleted_at IS NULL
         AND p.scheduled_for >= $3 ORDER BY p.scheduled_for ASC NULLS FIRST, p.id ASC LIMIT 20",
        &["posts_by_schedule"],
    ),
    plain(
        "SELECT * FROM destinations d WHERE d.organization_id = $1 AND d.post_id IN ($2, $3)",
        &["destinations_of_post"],
    ),
    Case {
        names: "organization_id, account_id, at",
        text: claims::HEADS,
        indexes: &["destinations_lane", "destinations_leased"],
    },
    Case {
        names: "organization_id, account_id, at",
        text: limits::FIND_RESTS,
        indexes: &["account_rests_pkey"],
    },
    Case {
        names: "organization_id, id, token, owner, lease_until, attempts, tries, at",
        text: claims::TAKE,
        indexes: &["destinations_pkey"],
    },
    Case {
        names: "organization_id, id, token, owner, lease_until, attempts, tries, at",
        text: claims::TAKEN,
        indexes: &["destinations_pkey"],
    },
    Case { names: "organization_id, post_id", text: ends::STATUSES, indexes: &["destinations_of_post"] },
    Case { names: "organization_id, post_id", text: ends::SHARED_STATUSES, indexes: &["destinations_of_post"] },
    Case {
        names: "organization_id, post_id, status, updated_at, published_at",
        text: ends::POST_STATUS,
        indexes: &["posts_pkey"],
    },
    Case {
        names: journal::JOURNAL_COLUMNS,
        text: journal::JOURNAL,
        indexes: &["destinations_pkey"],
    },
    Case {
        names: "organization_id, account_id",
        text: targets::ACCOUNTS,
        indexes: &["accounts_pkey", "destinations_published"],
    },
    Case { names: "organization_id, post_id", text: targets::POSTS, indexes: &["posts_pkey"] },
    Case { names: record::PROGRESS_COLUMNS, text: record::PROGRESS, indexes: &["destinations_pkey"] },
    Case { names: record::COLUMNS, text: record::WRITE, indexes: &["destinations_pkey"] },
];

/// SQLite plans by how many rows a statement brings along.
const BATCH: usize = 300;

/// Rows of nothing in the types that the statement's columns have.
fn rows(names: &str) -> Rows {
    let column = |name: &str| match name.trim() {
        "organization_id" | "workspace_id" | "id" | "post_id" => Column::uuids([uuid::Uuid::nil(); BATCH]),
        "owner" | "only_platform" | "state" | "intent" | "status" | "error_code" | "error" | "warnings"
        | "platform_post_id" | "platform_post_url" | "kind" | "payload" | "own_line" => {
            Column::texts([""; BATCH])
        }
        _ => Column::ints([0; BATCH]),
    };
    Rows::of(names.split(',').map(column).collect())
}

fn statement<DB: Dialect>(case: &Case, explain: &str) -> QueryBuilder<DB> {
    let mut query = QueryBuilder::new(explain);
    if !case.names.is_empty() {
        query.push(" WITH v (").push(case.names).push(") AS (");
        DB::push_batch(&mut query, &rows(case.names));
        query.push(") ");
    }
    query.push(case.text);
    query
}

#[tokio::test]
async fn sqlite_answers_from_indexes() {
    let world = World::sqlite().await;
    let mut connection =
        SqliteConnection::connect(&format!("sqlite://{}", world.folder.join("t.db").display()))
            .await
            .unwrap();
    sqlx::query("PRAGMA foreign_keys = off").execute(&mut connection).await.unwrap();
    for statement in FILL {
        let numbers =
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ?) SELECT n FROM s)";
        let text = filled(statement, "UNHEX(PRINTF('%032x', ?))", "CAST(? AS BLOB)", numbers);
        sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    }
    for case in CASES {
        let mut read = world.store.read().await.unwrap();
        let Conn::Sqlite(c) = read.conn() else { unreachable!() };
        let rows = statement(case, "EXPLAIN QUERY PLAN ").build().fetch_all(&mut *c).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
        let plan = lines.join("\n");
        for index in case.indexes {
            let index = match *index {
                "destinations_pkey" => "sqlite_autoindex_destinations_1",
                "posts_pkey" => "sqlite_autoindex_posts_1",
                "accounts_pkey" => "sqlite_autoindex_accounts_1",
                "ai_bonus_pkey" => "sqlite_autoindex_ai_bonus_1",
                "ai_credits_pkey" => "sqlite_autoindex_ai_credits_1",
                "ai_holds_pkey" => "sqlite_autoindex_ai_holds_1",
                "api_keys_pkey" => "sqlite_autoindex_api_keys_1",
                "campaigns_pkey" => "sqlite_autoindex_campaigns_1",
                "queues_pkey" => "sqlite_autoindex_queues_1",
                "events_pkey" => "sqlite_autoindex_events_1",
                "webhooks_pkey" => "sqlite_autoindex_webhooks_1",
                "unused_files_pkey" => "sqlite_autoindex_unused_files_1",
                "organizations_pkey" => "sqlite_autoindex_organizations_1",
                "memberships_pkey" => "sqlite_autoindex_memberships_1",
                "invitations_pkey" => "sqlite_autoindex_invitations_1",
                // Without row ids, the table is its key.
                "api_requests_pkey" if plan.contains("SEARCH r") => "SEARCH r USING PRIMARY KEY",
                "api_requests_pkey" => "SEARCH api_requests USING PRIMARY KEY",
                "audit_log_pkey" => "sqlite_autoindex_audit_log_1",
                "identities_pkey" => "sqlite_autoindex_identities_1",
                "users_pkey" => "SEARCH u USING INTEGER PRIMARY KEY",
                "journal_pkey" => "SEARCH j USING PRIMARY KEY",
                "metric_lanes_pkey" => "sqlite_autoindex_metric_lanes_1",
                "metric_plans_pkey" => "sqlite_autoindex_metric_plans_1",
                "account_readings_pkey" if plan.contains("SEARCH account_readings") => {
                    "SEARCH account_readings USING PRIMARY KEY"
                }
                "post_readings_pkey" | "account_readings_pkey" => "SEARCH r USING PRIMARY KEY",
                "account_rests_pkey" => "account_rests USING PRIMARY KEY",
                index => index,
            };
            assert!(plan.contains(index), "{index} is not in the plan of {}:\n{plan}", case.text);
        }
        // Only the rows that the statement brings along may be read from end to end.
        let scans = |line: &&String| {
            line.starts_with("SCAN")
                && !line.contains("INDEX")
                && !line.ends_with("CONSTANT ROW")
                && !line.ends_with("CONSTANT ROWS")
                && !line.ends_with("VALUES CLAUSE")
                && !matches!(
                    line.as_str(),
                    "SCAN v" | "SCAN n" | "SCAN due" | "SCAN lanes" | "SCAN lately" | "SCAN chosen"
                )
        };
        // Such a filter on a table is made by reading all of it; one for a list is made of the list.
        assert!(!plan.contains("BLOOM FILTER ON"), "{}:\n{plan}", case.text);
        assert_eq!(lines.iter().find(scans), None, "{}:\n{plan}", case.text);
    }
}

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

async fn fill_postgres(c: &mut sqlx::PgConnection) {
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

/// The statistics of an installation where nothing was going out when they were made.
#[tokio::test]
async fn postgres_looks_leases_up_by_account_though_it_knows_of_none() {
    let world = World::postgres().await;
    let mut read = world.store.read().await.unwrap();
    let ReadConn::Postgres(c) = &mut read else { unreachable!() };
    fill_postgres(&mut *c).await;
    for text in ["UPDATE destinations SET lease_owner = NULL", "ANALYZE destinations"] {
        sqlx::query(text).execute(&mut **c).await.unwrap();
    }
    let statements = [(claims::DUE_ACCOUNTS, "NULL, NULL, NULL"), (figures::NEGLECTED, "NULL, NULL")];
    for (number, (text, values)) in statements.into_iter().enumerate() {
        let prepare = format!("PREPARE s{number} AS {text}");
        sqlx::query(sqlx::AssertSqlSafe(prepare)).execute(&mut **c).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN EXECUTE s{number} ({values})"));
        let rows = sqlx::query(explain).fetch_all(&mut **c).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get::<String, _>(0)).collect();
        let leases = lines.iter().position(|line| line.contains("destinations_leased")).unwrap();
        let plan = lines.join("\n");
        assert!(lines[leases + 1].contains("account_id ="), "{text}:\n{plan}");
    }
}

#[tokio::test]
async fn postgres_answers_from_indexes() {
    let world = World::postgres().await;
    let mut read = world.store.read().await.unwrap();
    let ReadConn::Postgres(c) = &mut read else { unreachable!() };
    fill_postgres(&mut *c).await;
    sqlx::query(
        "ANALYZE accounts, posts, destinations, api_keys, campaigns, webhooks, events, webhook_deliveries, media,
         unused_files, media_copies, idempotency_keys, queues, media_preparations, organizations, users,
          memberships, sessions, invitations, audit_log, api_requests, sign_in_attempts, passkeys,
          sign_in_challenges, identities, metric_lanes, metric_plans,
          post_readings, account_readings",
    )
    .execute(&mut **c)
    .await
    .unwrap();
    for (number, case) in CASES.iter().enumerate() {
        let plan = if case.names.is_empty() {
            // The plan of a prepared statement is made without looking at its values.
            let text = format!("PREPARE s{number} AS {}", case.text);
            sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut **c).await.unwrap();
            let count = (1..9).take_while(|at| case.text.contains(&format!("${at}"))).count();
            let values =
                if count == 0 { String::new() } else { format!(" ({})", vec!["NULL"; count].join(", ")) };
            let text = format!("EXPLAIN EXECUTE s{number}{values}");
            sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(&mut **c).await
        } else {
            statement(case, "EXPLAIN ").build().fetch_all(&mut **c).await
        };
        let rows = plan.unwrap_or_else(|error| panic!("{error}: {}", case.text));
        let lines: Vec<String> = rows.iter().map(|row| row.get::<String, _>(0)).collect();
        let plan = lines.join("\n");
        for index in case.indexes {
            assert!(plan.contains(index), "{index} is not in the plan of {}:\n{plan}", case.text);
        }
        assert!(!plan.contains("Seq Scan"), "{}:\n{plan}", case.text);
    }
}
