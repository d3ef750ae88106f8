//! The baseline of `GET /accounts`: the same web framework and the same database settings, one
//! indexed read, the same answer. No key, no limits, no log.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{Timestamp, WorkspaceId};
use net::{Clock as _, SystemClock};
use serde::Serialize;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;

/// The word that starts this.
pub(crate) const WORD: &str = "bare-accounts";

const LIST: &str = "SELECT id, workspace_id, platform, platform_user_id, username, display_name, avatar_url,
    premium, service_url, is_active, needs_reconnection_since, needs_reconnection_reason, access_ends_at,
    last_refresh_at, created_at
    FROM accounts WHERE organization_id = $1 AND workspace_id = $2 ORDER BY id";

#[derive(sqlx::FromRow)]
#[expect(dead_code, reason = "the server reads these columns too")]
struct Row {
    id: i64,
    workspace_id: uuid::Uuid,
    platform: String,
    platform_user_id: String,
    username: Option<String>,
    display_name: String,
    avatar_url: Option<String>,
    premium: i64,
    service_url: Option<String>,
    is_active: i64,
    needs_reconnection_since: Option<i64>,
    needs_reconnection_reason: Option<String>,
    access_ends_at: Option<i64>,
    last_refresh_at: Option<i64>,
    created_at: i64,
}

#[derive(Serialize)]
struct Envelope {
    data: Data,
    error: Option<()>,
    meta: Meta,
}

#[derive(Serialize)]
struct Data {
    accounts: Vec<Account>,
    account_ids: Vec<i64>,
    total: usize,
}

#[derive(Serialize)]
struct Account {
    account_id: i64,
    id: i64,
    platform: String,
    account_name: String,
    avatar_url: Option<String>,
    is_active: bool,
    created_at: String,
    health: Health,
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    can_post: bool,
}

#[derive(Serialize)]
struct Meta {
    request_id: &'static str,
    timestamp: String,
}

#[derive(Clone)]
struct Bare {
    readers: SqlitePool,
    organization: uuid::Uuid,
    workspace: WorkspaceId,
}

/// Serves the accounts of the only workspace in `database` until the process is ended. Prints the
/// address first.
pub(crate) async fn serve(database: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .statement_cache_capacity(256)
        .read_only(true);
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .context("cannot open the database")?;
    let (organization, workspace): (uuid::Uuid, uuid::Uuid) =
        sqlx::query_as("SELECT organization_id, id FROM workspaces").fetch_one(&readers).await?;
    let bare = Bare { readers, organization, workspace: WorkspaceId(workspace) };
    let router = Router::new().route("/v1/accounts", get(list)).with_state(bare);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn list(State(bare): State<Bare>) -> Result<Response, StatusCode> {
    let rows: Vec<Row> = sqlx::query_as(LIST)
        .bind(bare.organization)
        .bind(bare.workspace.0)
        .fetch_all(&bare.readers)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let accounts: Vec<Account> = rows.into_iter().map(Account::from).collect();
    let answer = Envelope {
        data: Data {
            account_ids: accounts.iter().map(|account| account.id).collect(),
            total: accounts.len(),
            accounts,
        },
        error: None,
        meta: Meta { request_id: "00000000", timestamp: SystemClock.now().to_iso_millis() },
    };
    let body = serde_json::to_vec(&answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            account_id: row.id,
            id: row.id,
            platform: row.platform,
            account_name: row.username.map_or(row.display_name, |username| format!("@{username}")),
            avatar_url: row.avatar_url,
            is_active: row.is_active != 0,
            created_at: Timestamp::from_micros(row.created_at).to_iso_millis(),
            health: Health { status: "healthy", can_post: true },
        }
    }
}
