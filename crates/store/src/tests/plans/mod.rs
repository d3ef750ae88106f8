//! Every list and every claim finds its rows by an index.

mod cases;
mod filling;

use sqlx::postgres::PgRow;
use sqlx::{Connection as _, PgConnection, QueryBuilder, Row as _, SqliteConnection};

use super::World;
use crate::conn::{Conn, ReadConn};
use crate::rows::{Column, Dialect, Rows};
use crate::{access, accounts, claims, figures, limits, targets};
use cases::{CASES, Case};

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
    filling::fill_sqlite(&mut connection).await;
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

async fn plan_of(c: &mut PgConnection, number: usize, case: &Case) -> Vec<String> {
    if case.names.is_empty() {
        return plan_of_prepared(c, number, case.text).await;
    }
    let rows = statement(case, "EXPLAIN ").build().fetch_all(&mut *c).await;
    lines_of(&rows.unwrap_or_else(|error| panic!("{error}: {}", case.text)))
}

/// The plan of a prepared statement, which is made without looking at its values.
async fn plan_of_prepared(c: &mut PgConnection, number: usize, text: &str) -> Vec<String> {
    let prepare = format!("PREPARE s{number} AS {text}");
    sqlx::query(sqlx::AssertSqlSafe(prepare)).execute(&mut *c).await.unwrap();
    let count = (1..9).take_while(|at| text.contains(&format!("${at}"))).count();
    let values = if count == 0 { String::new() } else { format!(" ({})", vec!["NULL"; count].join(", ")) };
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN EXECUTE s{number}{values}"));
    let rows = sqlx::query(explain).fetch_all(&mut *c).await;
    lines_of(&rows.unwrap_or_else(|error| panic!("{error}: {text}")))
}

fn lines_of(rows: &[PgRow]) -> Vec<String> {
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

/// The statistics of an installation where nothing was going out when they were made.
#[tokio::test]
async fn postgres_looks_leases_up_by_account_though_it_knows_of_none() {
    let world = World::postgres().await;
    let mut read = world.store.read().await.unwrap();
    let ReadConn::Postgres(c) = &mut read else { unreachable!() };
    filling::fill_postgres(&mut *c).await;
    for text in ["UPDATE destinations SET lease_owner = NULL", "ANALYZE destinations"] {
        sqlx::query(text).execute(&mut **c).await.unwrap();
    }
    for (number, text) in [claims::DUE_ACCOUNTS, figures::NEGLECTED].into_iter().enumerate() {
        let lines = plan_of_prepared(c, number, text).await;
        let leases = lines.iter().position(|line| line.contains("destinations_leased")).unwrap();
        let plan = lines.join("\n");
        assert!(lines[leases + 1].contains("account_id ="), "{text}:\n{plan}");
    }
}

/// In its first burst a new installation still has the statistics of before it.
#[tokio::test]
async fn postgres_looks_up_when_an_account_published_though_it_knows_of_nothing_published() {
    let world = World::postgres().await;
    let mut read = world.store.read().await.unwrap();
    let ReadConn::Postgres(c) = &mut read else { unreachable!() };
    filling::fill_postgres(&mut *c).await;
    for text in [
        "UPDATE destinations SET published_at = NULL",
        "VACUUM FULL ANALYZE destinations",
        "UPDATE destinations SET published_at = scheduled_for",
    ] {
        sqlx::query(text).execute(&mut **c).await.unwrap();
    }
    let asks = |case: &&Case| {
        [
            targets::ACCOUNTS,
            accounts::NUMBERS,
            access::TO_RENEW,
            limits::COUNT_PUBLISHED,
            limits::LIST_PUBLISHED,
        ]
        .contains(&case.text)
    };
    let cases: Vec<&Case> = CASES.iter().filter(asks).collect();
    assert_eq!(cases.len(), 5);
    for (number, case) in cases.into_iter().enumerate() {
        let plan = plan_of(c, number, case).await.join("\n");
        assert!(plan.contains("destinations_published"), "{}:\n{plan}", case.text);
    }
}

#[tokio::test]
async fn postgres_answers_from_indexes() {
    let world = World::postgres().await;
    let mut read = world.store.read().await.unwrap();
    let ReadConn::Postgres(c) = &mut read else { unreachable!() };
    filling::fill_postgres(&mut *c).await;
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
        let plan = plan_of(c, number, case).await.join("\n");
        for index in case.indexes {
            assert!(plan.contains(index), "{index} is not in the plan of {}:\n{plan}", case.text);
        }
        assert!(!plan.contains("Seq Scan"), "{}:\n{plan}", case.text);
    }
}
