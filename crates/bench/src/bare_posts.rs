//! The baseline of `POST /posts`: a loop that writes the rows of a post and commits, without HTTP,
//! checks or anybody to share a commit with.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::event::EventKind;
use domain::{AccountId, PostStatus, Timestamp};
use net::{Clock as _, Entropy as _, SystemClock, SystemEntropy};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::seed::Seeded;
use crate::stopwatch::now;

const POST: &str = "INSERT INTO posts (organization_id, id, workspace_id, api_key_id, content,
    content_folded, status, scheduled_for, timezone, account_ids, media_ids, platform_content,
    thread_posts, campaign_id, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)";
const DESTINATIONS: &str = "INSERT INTO destinations (organization_id, id, post_id, account_id,
    platform, position, status, scheduled_for, run_at, created_at, updated_at) VALUES
    ($1, $5, $2, $6, $7, 0, 'queued', $3, $3, $4, $4),
    ($1, $8, $2, $9, $10, 1, 'queued', $3, $3, $4, $4),
    ($1, $11, $2, $12, $13, 2, 'queued', $3, $3, $4, $4)";
const EVENT: &str = "INSERT INTO events (organization_id, id, kind, payload, created_at)
    VALUES ($1, $2, $3, $4, $5)";

/// Writes posts one after another.
pub(crate) struct BarePosts {
    connection: SqliteConnection,
    seeded: Seeded,
    content: &'static str,
    due: Timestamp,
}

/// The file at `path` with the pragmas that the server sets.
pub(crate) async fn open(path: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .statement_cache_capacity(256);
    SqliteConnection::connect_with(&options).await.context("cannot open the database")
}

impl BarePosts {
    pub(crate) async fn open(seeded: Seeded, content: &'static str, due: Timestamp) -> Result<Self> {
        let connection = open(&seeded.database()).await?;
        Ok(Self { connection, seeded, content, due })
    }

    /// Posts per second over the window.
    pub(crate) async fn run(&mut self, warm_up: Duration, window: Duration) -> Result<f64> {
        let started = now();
        while started.elapsed() < warm_up {
            self.write().await?;
        }
        let started = now();
        let mut posts: u32 = 0;
        while started.elapsed() < window {
            self.write().await?;
            posts += 1;
        }
        Ok(f64::from(posts) / started.elapsed().as_secs_f64())
    }

    async fn write(&mut self) -> Result<()> {
        let at = SystemClock.now();
        let organization = self.seeded.organization.0;
        let id = SystemEntropy.uuid(at);
        let targets = self.seeded.targets();
        let account_ids: Vec<AccountId> = targets.iter().map(|(account, _)| *account).collect();
        let connection = &mut self.connection;
        connection.execute("BEGIN IMMEDIATE").await?;
        sqlx::query(POST)
            .bind(organization)
            .bind(id)
            .bind(self.seeded.workspace.0)
            .bind(self.seeded.key_id.0)
            .bind(self.content)
            .bind(self.content.to_lowercase())
            .bind(PostStatus::Scheduled.as_str())
            .bind(self.due.as_micros())
            .bind("UTC")
            .bind(serde_json::to_string(&account_ids)?)
            .bind("[]")
            .bind("{}")
            .bind("[]")
            .bind(None::<i64>)
            .bind(at.as_micros())
            .execute(&mut *connection)
            .await?;
        let mut destinations = sqlx::query(DESTINATIONS)
            .bind(organization)
            .bind(id)
            .bind(self.due.as_micros())
            .bind(at.as_micros());
        for (account, platform) in targets {
            destinations = destinations.bind(SystemEntropy.uuid(at)).bind(account.0).bind(*platform);
        }
        destinations.execute(&mut *connection).await?;
        let payload = json!({
            "post_id": id,
            "status": PostStatus::Scheduled.as_str(),
            "scheduled_for": self.due.to_iso_millis(),
            "account_ids": account_ids,
        });
        sqlx::query(EVENT)
            .bind(organization)
            .bind(SystemEntropy.uuid(at))
            .bind(EventKind::PostScheduled.as_str())
            .bind(payload.to_string())
            .bind(at.as_micros())
            .execute(&mut *connection)
            .await?;
        connection.execute("COMMIT").await?;
        Ok(())
    }
}
