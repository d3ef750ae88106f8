//! A writer's connection to PostgreSQL: how it is made again when it was lost, and how a writer learns whether a
//! commit that was not answered is durable.
//!
//! A transaction number would not tell: after a crash the server gives numbers again that it had given before,
//! and another server may have taken over. So each transaction puts a mark of its own into a table before it
//! ends, and whoever gets no answer tries to put the same mark there. Only one of them can.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use uuid::Uuid;

use crate::StoreError;
use crate::conn::Conn;

/// How often and after which pauses a lost connection is made again: a restart of the server takes
/// a few seconds, and callers wait meanwhile.
const RECONNECTS: u32 = 7;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// At the start more often, about 20 seconds long: the server may be starting at the same time.
const FIRST_CONNECTS: u32 = 11;
/// How often it is asked how a commit ended.
const FATE_LOOKS: u32 = 7;
/// After so many commits the marks before are removed.
const MARKS: i64 = 256;

/// How PostgreSQL plans what a writer sends: every statement has its index, and a batch is small beside
/// the tables that it touches. Left to itself, a server that has no fresh statistics (a new
/// installation, a table that grew fast) reads whole tables to join a batch of a few rows, and plans
/// each statement anew.
const PLANNING: &str = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan; SET jit = off";
const NEW_SESSION: &str = "SELECT gen_random_uuid()";
/// Of writers that ended without removing theirs.
const FORGET: &str = "DELETE FROM commit_marks WHERE made_at < now() - INTERVAL '1 day'";

/// The connection of one writer.
pub(crate) struct PostgresSession {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    /// Whose its marks are.
    id: Uuid,
    /// Of its last mark.
    number: i64,
}

impl PostgresSession {
    pub(super) async fn open(options: PgConnectOptions) -> Result<Self, StoreError> {
        let mut connection = connect(&options, 1).await?;
        let id = sqlx::query_scalar(NEW_SESSION).fetch_one(&mut connection).await?;
        connection.execute(FORGET).await?;
        Ok(Self { options, connection: Some(connection), id, number: 0 })
    }

    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(open) = &mut self.connection
            && open.execute("BEGIN").await.is_err()
        {
            self.connection = None;
        }
        if self.connection.is_none() {
            let mut new = connect(&self.options, RECONNECTS)
                .await
                .map_err(|error| StoreError::Unreachable(error.to_string()))?;
            new.execute("BEGIN").await?;
            self.connection = Some(new);
        }
        Ok(())
    }

    pub(super) fn conn(&mut self) -> Result<Conn<'_>, StoreError> {
        self.connection.as_mut().map(Conn::Postgres).ok_or(StoreError::Disconnected)
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        let Self { id, number, connection, .. } = self;
        let open = connection.as_mut().ok_or(StoreError::Disconnected)?;
        *number += 1;
        let mut text = format!(
            "INSERT INTO commit_marks (session, number, is_kept) VALUES ('{id}', {number}, TRUE); COMMIT"
        );
        if *number % MARKS == 0 {
            text = format!("DELETE FROM commit_marks WHERE session = '{id}' AND number < {number}; {text}");
        }
        match open.execute(sqlx::raw_sql(AssertSqlSafe(text))).await {
            Ok(_) => Ok(()),
            Err(error) if may_come_back(&error) => {
                self.connection = None;
                self.find_fate(&error).await
            }
            Err(error) => {
                self.roll_back().await;
                Err(error.into())
            }
        }
    }

    /// Whether the transaction whose commit was not answered is durable: `Ok` when it is,
    /// [`StoreError::Disconnected`] when it is not and never will be.
    async fn find_fate(&mut self, lost: &sqlx::Error) -> Result<(), StoreError> {
        let Self { id, number, options, .. } = &*self;
        let unsure = |why: &sqlx::Error| StoreError::Unsure(format!("{lost}, then {why}"));
        // Waits for the transaction's end where the server has not noticed yet that nobody listens.
        let text = format!(
            "BEGIN; SET LOCAL lock_timeout = '10s';
             INSERT INTO commit_marks (session, number, is_kept) VALUES ('{id}', {number}, FALSE) ON CONFLICT DO NOTHING;
             COMMIT; SELECT is_kept FROM commit_marks WHERE session = '{id}' AND number = {number}"
        );
        let mut pause = FIRST_PAUSE;
        let mut looks = 1;
        loop {
            let mut new = connect(options, RECONNECTS).await.map_err(|error| unsure(&error))?;
            let row = new.fetch_one(sqlx::raw_sql(AssertSqlSafe(text.clone()))).await;
            match row.and_then(|row| row.try_get(0)) {
                Ok(is_kept) => {
                    self.connection = Some(new);
                    return if is_kept { Ok(()) } else { Err(StoreError::Disconnected) };
                }
                Err(error) if looks < FATE_LOOKS && may_come_back(&error) => looks += 1,
                Err(error) => return Err(unsure(&error)),
            }
            rest(&mut pause).await;
        }
    }

    pub(super) async fn roll_back(&mut self) {
        if let Some(open) = &mut self.connection
            && open.execute("ROLLBACK").await.is_err()
        {
            self.connection = None;
        }
    }

    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        let Some(mut connection) = self.connection else { return Ok(()) };
        let text = format!("DELETE FROM commit_marks WHERE session = '{}'", self.id);
        connection.execute(sqlx::raw_sql(AssertSqlSafe(text))).await?;
        connection.close().await
    }
}

/// The first connection of a process.
pub(crate) async fn connect_at_start(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    Ok(connect(options, FIRST_CONNECTS).await?)
}

async fn connect(options: &PgConnectOptions, times: u32) -> Result<PgConnection, sqlx::Error> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..times {
        match connect_once(options).await {
            Ok(connection) => return Ok(connection),
            Err(error) if may_come_back(&error) => {
                tracing::warn!(error = %error, "cannot connect to the database; trying again");
            }
            Err(error) => return Err(error),
        }
        rest(&mut pause).await;
    }
    connect_once(options).await
}

/// Waits, the next time twice as long.
async fn rest(pause: &mut Duration) {
    #[expect(clippy::disallowed_methods, reason = "the database driver's own pause, not the product's time")]
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}

async fn connect_once(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute(PLANNING).await?;
    Ok(connection)
}

/// Whether the server is away or not up yet, unlike one that refuses the name or the password.
fn may_come_back(error: &sqlx::Error) -> bool {
    match error {
        // Stopping, crashed, starting, and out of connections.
        sqlx::Error::Database(error) => {
            matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53300"))
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}
