//! A history of any length, written in bulk by each database itself.

use std::path::Path;

use anyhow::{Context as _, Result};
use domain::{OrganizationId, PlatformName, Timestamp, WorkspaceId};
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use store::{NewOrganization, Store};
use uuid::Uuid;

pub(super) const ORGANIZATIONS: i64 = 100;
/// Of each organization, every hundredth from its own number on.
pub(super) const ACCOUNTS: i64 = 10_000;
pub(super) const PLATFORM: PlatformName = PlatformName::from_static("x");
/// A moment after everything that was made.
pub(super) const END: Timestamp = Timestamp::from_seconds(1_810_000_000);
/// When the first post was made; then one each second.
const FIRST_SECONDS: i64 = 1_800_000_000;
/// Written in one statement.
const AT_ONCE: i64 = 100_000;

/// Ids are made of two numbers, so that statements can name them.
const ORGANIZATION: i64 = 0x0190_0000_0001_7000;
const WORKSPACE: i64 = 0x0190_0000_0002_7000;

const CONNECT: &str = "INSERT INTO accounts (organization_id, id, workspace_id, platform, platform_user_id,
        display_name, premium, is_active, credentials_version, created_at, updated_at)
    SELECT {organization:n % 100}, n + 1, {workspace:n % 100}, 'x', CAST(n AS TEXT), 'Account', 0, 1, 1, 0, 0
    FROM {numbers}";
/// Of a thousand posts: 20 failed, one waits for a far day, the others are live.
const POSTS: &str =
    "INSERT INTO posts (organization_id, id, workspace_id, api_key_id, content, content_folded,
        status, scheduled_for, timezone, account_ids, media_ids, platform_content, thread_posts, published_at,
        created_at, updated_at)
    SELECT {organization:(CASE n % 2 WHEN 0 THEN 0 ELSE 1 + (n / 2) % 99 END)}, {post:n},
        {workspace:(CASE n % 2 WHEN 0 THEN 0 ELSE 1 + (n / 2) % 99 END)}, {post:n},
        'Autumn menu is live, come by and bring a friend: ' || CAST(n AS TEXT),
        'autumn menu is live, come by and bring a friend: ' || CAST(n AS TEXT),
        CASE WHEN n % 1000 = 998 THEN 'scheduled' WHEN n % 50 = 7 OR n % 50 = 8 THEN 'failed'
            ELSE 'published' END,
        (CASE WHEN n % 1000 = 998 THEN 1900000000 ELSE 1800000000 END + n) * 1000000,
        'UTC', '[]', '[]', '{}', '[]', (1800000000 + n) * 1000000, (1800000000 + n) * 1000000,
        (1800000000 + n) * 1000000
    FROM {numbers}";
const DESTINATIONS: &str = "INSERT INTO destinations (organization_id, id, post_id, account_id, platform,
        position, status, scheduled_for, run_at, error_code, platform_post_id, platform_post_url, published_at,
        failed_at, created_at, updated_at)
    SELECT {organization:(CASE n % 2 WHEN 0 THEN 0 ELSE 1 + (n / 2) % 99 END)}, {post:n}, {post:n},
        1 + (CASE n % 2 WHEN 0 THEN 0 ELSE 1 + (n / 2) % 99 END) + 100 * ((n / 200) % 100), 'x', 0,
        CASE WHEN n % 1000 = 998 THEN 'queued' WHEN n % 50 = 7 OR n % 50 = 8 THEN 'failed'
            ELSE 'published' END,
        (CASE WHEN n % 1000 = 998 THEN 1900000000 ELSE 1800000000 END + n) * 1000000,
        CASE WHEN n % 1000 = 998 THEN (1900000000 + n) * 1000000 END,
        CASE WHEN n % 50 = 7 OR n % 50 = 8 THEN 'content_rejected' END,
        CAST(n AS TEXT), 'https://x.com/i/status/' || CAST(n AS TEXT),
        CASE WHEN n % 1000 <> 998 AND n % 50 <> 7 AND n % 50 <> 8 THEN (1800000000 + n) * 1000000 END,
        CASE WHEN n % 50 = 7 OR n % 50 = 8 THEN (1800000000 + n) * 1000000 END,
        (1800000000 + n) * 1000000, (1800000000 + n) * 1000000
    FROM {numbers}";

/// The organization with this number.
pub(super) fn organization(number: i64) -> OrganizationId {
    OrganizationId(pair(ORGANIZATION, number))
}

/// Its workspace.
pub(super) fn workspace(number: i64) -> WorkspaceId {
    WorkspaceId(pair(WORKSPACE, number))
}

fn pair(high: i64, low: i64) -> Uuid {
    Uuid::from_u64_pair(high.cast_unsigned(), low.cast_unsigned())
}

/// A connection that writes the history.
pub(super) enum Filler {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Filler {
    pub(super) async fn sqlite(path: &Path) -> Result<Self> {
        let mut connection = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await?;
        // The history is made again when it is lost.
        connection.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144").await?;
        Ok(Self::Sqlite(connection))
    }

    pub(super) async fn postgres(url: &str) -> Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        // Rows are right by how they are made; checking their references takes most of the time.
        connection.execute("SET session_replication_role = replica").await?;
        Ok(Self::Postgres(connection))
    }

    /// Organizations and accounts.
    pub(super) async fn fill_tenants(&mut self, store: &Store) -> Result<()> {
        for number in 0..ORGANIZATIONS {
            let new = NewOrganization {
                id: organization(number),
                name: format!("Organization {number}"),
                workspace_id: workspace(number),
                workspace_name: "Main".to_owned(),
                user_email: "bench@example.org".to_owned(),
                user_name: "Bench".to_owned(),
                created_at: Timestamp::from_seconds(FIRST_SECONDS),
            };
            store.create_organization(new).await?;
        }
        self.write(CONNECT, 0, ACCOUNTS).await
    }

    /// Posts from number `from` to before `to`, each with a destination.
    pub(super) async fn fill(&mut self, from: i64, to: i64) -> Result<()> {
        let mut at = from;
        while at < to {
            let end = (at + AT_ONCE).min(to);
            self.write(POSTS, at, end).await?;
            self.write(DESTINATIONS, at, end).await?;
            at = end;
        }
        match self {
            Self::Sqlite(connection) => {
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            }
            Self::Postgres(connection) => {
                connection.execute("VACUUM ANALYZE posts, destinations, accounts").await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self, text: &str, from: i64, to: i64) -> Result<()> {
        let text = sqlx::AssertSqlSafe(self.words(text, from, to));
        match self {
            Self::Sqlite(connection) => sqlx::query(text).execute(connection).await.map(|_| ()),
            Self::Postgres(connection) => sqlx::query(text).execute(connection).await.map(|_| ()),
        }
        .context("cannot write the history")
    }

    /// The statement in the words of the database.
    fn words(&self, text: &str, from: i64, to: i64) -> String {
        let numbers = match self {
            Self::Sqlite(_) => format!(
                "(WITH RECURSIVE s (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {to})
                  SELECT n FROM s)"
            ),
            Self::Postgres(_) => format!("GENERATE_SERIES({from}::BIGINT, {to}::BIGINT - 1) AS s (n)"),
        };
        let mut text = text.replace("{numbers}", &numbers);
        for (mark, high) in [
            ("{organization:", ORGANIZATION.to_string()),
            ("{workspace:", WORKSPACE.to_string()),
            ("{post:", format!("({} + n * 65536)", 0x0191_0000_0000_7000_i64)),
        ] {
            while let Some(at) = text.find(mark) {
                let end = at + text[at..].find('}').unwrap_or(0);
                let low = &text[at + mark.len()..end];
                let id = match self {
                    Self::Sqlite(_) => format!("unhex(printf('%016x%016x', {high}, {low}))"),
                    Self::Postgres(_) => format!(
                        "(LPAD(TO_HEX(CAST({high} AS BIGINT)), 16, '0') || LPAD(TO_HEX(CAST({low} AS BIGINT)), 16, '0'))::UUID"
                    ),
                };
                text.replace_range(at..=end, &id);
            }
        }
        text
    }

    pub(super) async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
