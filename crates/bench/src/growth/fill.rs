//! Fills a database with posts faster than the server would: rows are made by the database itself.

use anyhow::{Context as _, Result};
use domain::{OrganizationId, Timestamp, WorkspaceId};
use uuid::Uuid;

use super::Growth;
use crate::database::{Connection, Database, Kind};

pub(super) const ORGANIZATIONS: i64 = 100;
pub(super) const ACCOUNTS: i64 = 10_000;
/// Rows that one statement makes.
const AT_ONCE: i64 = 250_000;
/// When the last post of the largest size was published.
const END: i64 = 1_790_000_000_000_000;
pub(super) const SECOND: i64 = 1_000_000;
/// Between two posts: 10,000 of them last longer than the week that health looks back on, so that what
/// is asked is the same at every size.
pub(super) const STEP: i64 = 70 * SECOND;
/// Numbers from here on are posts for the future, and posts that are due.
const FIRST_WAITING: i64 = 1_000_000_000_000;
const FIRST_DUE: i64 = 2_000_000_000_000;

/// `{id:n}` is the UUID of a number, `{n}` the numbers of a statement. The ids of accounts leave their
/// organization's number when they are divided by 100.
const ORGANIZATION: &str = "INSERT INTO organizations (id, name, created_at)
    SELECT {id:n}, 'Organization ' || n, 0 FROM {n}";
const WORKSPACE: &str = "INSERT INTO workspaces (organization_id, id, name, created_at)
    SELECT {id:n}, {id:n}, 'Main', 0 FROM {n}";
const ACCOUNT: &str = "INSERT INTO accounts (organization_id, id, workspace_id, platform, platform_user_id,
        username, display_name, premium, is_active, needs_reconnection_since, credentials_version, created_at,
        updated_at)
    SELECT {id:n % 100}, n, {id:n % 100}, {platform:n}, CAST(n AS TEXT), 'northlight.' || n,
        'Northlight Studio ' || n, 0, 1, CASE n % 500 WHEN 0 THEN 0 END, 1, 0, 0 FROM {n}";
/// With a number in the search index, which is left empty: nothing that is measured asks it, and it would be
/// made of the posts when the store is opened.
const POST: &str = "INSERT INTO posts (organization_id, id, workspace_id, api_key_id, content, content_folded,
        status, scheduled_for, timezone, account_ids, media_ids, platform_content, thread_posts, published_at,
        created_at, updated_at, search_id)
    SELECT {id:account % 100}, {id:n}, {id:account % 100}, {id:1},
        'No. ' || n || ' from the kitchen: the autumn menu is live. Pumpkin soup with roasted seeds, quince tart, '
            || 'and the last tomatoes of the year. Open until ten, come by and bring a friend.',
        'no. ' || n || ' from the kitchen: the autumn menu is live. pumpkin soup with roasted seeds, quince tart, '
            || 'and the last tomatoes of the year. open until ten, come by and bring a friend.',
        {status}, {at}, 'UTC', '[' || account || ']', '[]', '{}', '[]',
        CASE {status} WHEN 'published' THEN {at} END, {made}, {made}, n
    FROM (SELECT n, {account} AS account FROM {n}) made";
const DESTINATION: &str = "INSERT INTO destinations (organization_id, id, post_id, account_id, platform, position,
        status, scheduled_for, run_at, attempts, tries, error_code, error, platform_post_id, platform_post_url,
        published_at, failed_at, created_at, updated_at)
    SELECT {id:account % 100}, {id:n}, {id:n}, account, {platform:account}, 0,
        CASE {status} WHEN 'scheduled' THEN 'queued' ELSE {status} END, {at},
        CASE {status} WHEN 'scheduled' THEN {at} END, 1, 1,
        CASE {status} WHEN 'failed' THEN 'content_rejected' END,
        CASE {status} WHEN 'failed' THEN 'The platform refuses this content.' END,
        CASE {status} WHEN 'published' THEN 'p' || n END,
        CASE {status} WHEN 'published' THEN 'https://social.example.org/p/' || n END,
        CASE {status} WHEN 'published' THEN {at} END, CASE {status} WHEN 'failed' THEN {at} END, {made}, {made}
    FROM (SELECT n, {account} AS account FROM {n}) made";
/// Every fifth post is of the big tenant; the others take turns.
const PAST_ACCOUNT: &str =
    "(CASE n % 5 WHEN 0 THEN 0 ELSE 1 + n * 7919 % 99 END) + 100 * (1 + n / 500 % 100)";
const PAST_STATUS: &str = "CASE n % 100 WHEN 7 THEN 'failed' WHEN 35 THEN 'failed' ELSE 'published' END";
/// Accounts take turns.
const TURNS: &str = "100 + n % 10000";

/// Back to before the claims.
const UNCLAIM: [&str; 2] = [
    "UPDATE destinations SET status = 'queued', lease_owner = NULL, run_at = scheduled_for
        WHERE lease_owner IS NOT NULL",
    "DELETE FROM events",
];

/// Which rows of posts a statement makes.
struct Rows {
    account: &'static str,
    status: &'static str,
    /// When they are, or were, due.
    at: String,
    /// When they were made.
    made: String,
}

/// A database that is being filled.
pub(super) struct Filling {
    kind: Kind,
    connection: Connection,
    path: std::path::PathBuf,
    /// When the first post was published.
    start: i64,
    posts: i64,
}

impl Filling {
    /// Begins with what is the same at every size.
    pub(super) async fn begin(database: &Database, largest: i64, growth: Growth) -> Result<Self> {
        let mut filling = Self {
            kind: database.kind,
            connection: database.connect().await?,
            path: database.folder.join("fanfare.db"),
            start: END - largest * STEP,
            posts: 0,
        };
        // Nothing of this has to survive a crash, and nothing refers to what is not there.
        let settings = match database.kind {
            Kind::Sqlite => {
                "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144"
            }
            Kind::Postgres => "SET session_replication_role = replica; SET synchronous_commit = off",
        };
        filling.connection.execute(settings.to_owned()).await?;
        filling.make(ORGANIZATION, None, 0, ORGANIZATIONS - 1).await?;
        filling.make(WORKSPACE, None, 0, ORGANIZATIONS - 1).await?;
        filling.make(ACCOUNT, None, 100, 99 + ACCOUNTS).await?;
        let start = filling.start;
        let waiting = Rows {
            account: TURNS,
            status: "'scheduled'",
            at: format!("({END} + (n - {FIRST_WAITING} + 1440) * {})", 60 * SECOND),
            made: start.to_string(),
        };
        let due =
            Rows { account: TURNS, status: "'scheduled'", at: start.to_string(), made: start.to_string() };
        for (rows, first, count) in [(waiting, FIRST_WAITING, growth.waiting), (due, FIRST_DUE, growth.due)] {
            filling.make(POST, Some(&rows), first, first + count - 1).await?;
            filling.make(DESTINATION, Some(&rows), first, first + count - 1).await?;
        }
        Ok(filling)
    }

    /// Adds posts of the past until there are so many.
    pub(super) async fn grow_to(&mut self, posts: i64) -> Result<()> {
        let at = format!("({} + n * {STEP})", self.start);
        let rows = Rows { account: PAST_ACCOUNT, status: PAST_STATUS, made: at.clone(), at };
        while self.posts < posts {
            let last = posts.min(self.posts + AT_ONCE);
            self.make(POST, Some(&rows), self.posts + 1, last).await?;
            self.make(DESTINATION, Some(&rows), self.posts + 1, last).await?;
            self.posts = last;
        }
        let settle: &[&str] = match self.kind {
            Kind::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
            // Whether VACUUM comes by itself in the middle of a measurement shall not be left to chance.
            Kind::Postgres => &["VACUUM ANALYZE", "CHECKPOINT"],
        };
        for statement in settle {
            self.connection.execute((*statement).to_owned()).await?;
        }
        Ok(())
    }

    /// A moment after the newest post of the past.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.start + self.posts * STEP + 60 * SECOND)
    }

    /// Makes everything due again that was claimed.
    pub(super) async fn unclaim(&mut self) -> Result<()> {
        for statement in UNCLAIM {
            self.connection.execute(statement.to_owned()).await?;
        }
        Ok(())
    }

    /// On the disk.
    pub(super) async fn size_mib(&mut self) -> Result<i64> {
        let bytes = match self.kind {
            Kind::Sqlite => i64::try_from(std::fs::metadata(&self.path)?.len())?,
            Kind::Postgres => self.connection.number("SELECT pg_database_size(current_database())").await?,
        };
        Ok(bytes >> 20)
    }

    pub(super) async fn end(self) -> Result<()> {
        self.connection.close().await
    }

    async fn make(&mut self, statement: &str, rows: Option<&Rows>, first: i64, last: i64) -> Result<()> {
        let text = self.in_words(statement, rows, first, last);
        self.connection.execute(text).await.with_context(|| format!("rows {first} to {last}"))
    }

    /// The statement for these numbers in the words of this database.
    fn in_words(&self, statement: &str, rows: Option<&Rows>, first: i64, last: i64) -> String {
        let mut text = statement.to_owned();
        if let Some(rows) = rows {
            for (mark, words) in [
                ("{account}", rows.account),
                ("{status}", rows.status),
                ("{at}", &rows.at),
                ("{made}", &rows.made),
            ] {
                text = text.replace(mark, words);
            }
        }
        let (id, numbers) = match self.kind {
            Kind::Sqlite => (
                "unhex(printf('%032x', ?))",
                format!(
                    "(WITH RECURSIVE s (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) \
                     SELECT n FROM s)"
                ),
            ),
            Kind::Postgres => (
                "lpad(to_hex(?), 32, '0')::uuid",
                format!("generate_series(CAST({first} AS BIGINT), {last}) n"),
            ),
        };
        text = text.replace("{n}", &numbers);
        text = filled(&text, "{id:", id);
        filled(&text, "{platform:", "CASE (?) % 3 WHEN 0 THEN 'x' WHEN 1 THEN 'linkedin' ELSE 'bluesky' END")
    }
}

/// The id of the organization of this number, and of its only workspace.
pub(super) fn tenant(number: u8) -> (OrganizationId, WorkspaceId) {
    let id = Uuid::from_u128(u128::from(number));
    (OrganizationId(id), WorkspaceId(id))
}

/// Puts what stands in each mark into the words for it.
fn filled(text: &str, mark: &str, words: &str) -> String {
    let mut parts = text.split(mark);
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (value, rest) = part.split_once('}').unwrap_or((part, ""));
        made.push_str(&words.replace('?', value));
        made.push_str(rest);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_put_into_words() {
        assert_eq!(
            filled("SELECT {id:n % 7}, {id:1} FROM t", "{id:", "f(?)"),
            "SELECT f(n % 7), f(1) FROM t"
        );
        assert_eq!(filled("no mark", "{id:", "f(?)"), "no mark");
    }
}
