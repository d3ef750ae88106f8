//! The index that posts are searched by: written with the post, and made anew of the posts where it is
//! missing, after a migration as after a copy.
//!
//! It names the posts that may have what is searched for. Where those are few they are looked into one by
//! one; where they are many, the walk along the list meets them soon.

use domain::search::{Search, Term, Terms, fold, terms};
use domain::{OrganizationId, PostId, WorkspaceId};
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::StoreError;
use crate::conn::{Conn, on};
use crate::error::from_json;

/// Up to so many are looked into one by one.
const FEW: usize = 1_000;
/// How many posts go into the index in one transaction.
const AT_ONCE: i64 = 200;
/// Stands for the terms of a text that has too many. Longer than any term.
const ANY: &str = "anything";

/// The posts that may have what is searched for.
pub(crate) enum Narrowed {
    /// Those with these numbers.
    To(Vec<i64>),
    /// Too many to name, or none can be told from others.
    Not,
}

const INSERT_SQLITE: &str = "INSERT INTO post_search (terms) VALUES ($1)";
const INSERT_POSTGRES: &str =
    "INSERT INTO post_search (terms) VALUES (array_to_tsvector($1)) RETURNING search_id";
const REPLACE_SQLITE: &str = "UPDATE post_search SET terms = $1 WHERE rowid = $2";
const REPLACE_POSTGRES: &str = "UPDATE post_search SET terms = array_to_tsvector($1) WHERE search_id = $2";
const REMOVE_SQLITE: &str = "DELETE FROM post_search WHERE rowid = (SELECT search_id FROM posts
    WHERE organization_id = $1 AND id = $2 AND workspace_id = $3)";
const REMOVE_POSTGRES: &str = "DELETE FROM post_search WHERE search_id = (SELECT search_id FROM posts
    WHERE organization_id = $1 AND id = $2 AND workspace_id = $3)";
pub(crate) const FIND_SQLITE: &str = "SELECT rowid FROM post_search WHERE post_search MATCH $1 LIMIT $2";
pub(crate) const FIND_POSTGRES: &str =
    "SELECT search_id FROM post_search WHERE terms @@ CAST($1 AS tsquery) LIMIT $2";
const NUMBER: &str = "SELECT search_id FROM posts WHERE organization_id = $1 AND id = $2";
const TAKE_NUMBER: &str = "UPDATE posts SET search_id = $3, content_folded = $4
    WHERE organization_id = $1 AND id = $2 AND search_id IS NULL";
const MISSING_SQLITE: &str = "SELECT organization_id, id, workspace_id, content, thread_posts FROM posts
    WHERE search_id IS NULL AND deleted_at IS NULL LIMIT $1";
/// What another node has in hand is left to it.
const MISSING_POSTGRES: &str = "SELECT organization_id, id, workspace_id, content, thread_posts FROM posts
    WHERE search_id IS NULL AND deleted_at IS NULL LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED";

/// What of a post is searched: its text and the further parts of a thread.
pub(crate) fn searched(content: &str, thread: &[String]) -> String {
    let mut folded = fold(content);
    for part in thread {
        folded.push('\n');
        folded.push_str(&fold(part));
    }
    folded
}

/// Tells a workspace's posts from all others. Longer than any term.
fn of_workspace(workspace: Uuid) -> String {
    format!("w{}", workspace.simple())
}

fn words(workspace: Uuid, folded: &str) -> Vec<String> {
    let mut words = match terms(folded) {
        Terms::Some(found) => found,
        Terms::Any => vec![ANY.to_owned()],
    };
    words.push(of_workspace(workspace));
    words
}

/// Writes a folded text into the index; gives its number.
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    workspace: WorkspaceId,
    folded: &str,
) -> Result<i64, StoreError> {
    let words = words(workspace.0, folded);
    match conn {
        Conn::Sqlite(c) => {
            let done = sqlx::query(INSERT_SQLITE).bind(words.join(" ")).execute(&mut **c).await?;
            Ok(done.last_insert_rowid())
        }
        Conn::Postgres(c) => Ok(sqlx::query_scalar(INSERT_POSTGRES).bind(words).fetch_one(&mut **c).await?),
    }
}

/// Writes the folded text that a post has now.
pub(crate) async fn replace(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    post: PostId,
    folded: &str,
) -> Result<(), StoreError> {
    let number: Option<i64> = on!(&mut *conn, |c| {
        sqlx::query_scalar(NUMBER).bind(organization.0).bind(post.0).fetch_one(&mut **c).await?
    });
    let Some(number) = number else {
        let number = insert(conn, workspace, folded).await?;
        return take_number(conn, organization.0, post.0, number, folded).await;
    };
    let words = words(workspace.0, folded);
    match conn {
        Conn::Sqlite(c) => {
            sqlx::query(REPLACE_SQLITE).bind(words.join(" ")).bind(number).execute(&mut **c).await?;
        }
        Conn::Postgres(c) => {
            sqlx::query(REPLACE_POSTGRES).bind(words).bind(number).execute(&mut **c).await?;
        }
    }
    Ok(())
}

/// Takes a post out of the index. Its number goes with whatever deletes it.
pub(crate) async fn remove(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    post: PostId,
) -> Result<(), StoreError> {
    let text = if matches!(conn, Conn::Sqlite(_)) { REMOVE_SQLITE } else { REMOVE_POSTGRES };
    on!(conn, |c| {
        sqlx::query(text)
            .bind(organization.0)
            .bind(post.0)
            .bind(workspace.0)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

/// Asks the index which posts of the workspace may have it.
pub(crate) async fn narrow(
    conn: &mut Conn<'_>,
    workspace: WorkspaceId,
    search: &Search,
) -> Result<Narrowed, StoreError> {
    if search.terms.is_empty() {
        return Ok(Narrowed::Not);
    }
    let limit = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
    let workspace = of_workspace(workspace.0);
    let found: Vec<i64> = match conn {
        Conn::Sqlite(c) => {
            sqlx::query_scalar(FIND_SQLITE)
                .bind(match_text(&workspace, search))
                .bind(limit)
                .fetch_all(&mut **c)
                .await?
        }
        Conn::Postgres(c) => {
            sqlx::query_scalar(FIND_POSTGRES)
                .bind(tsquery_text(&workspace, search))
                .bind(limit)
                .fetch_all(&mut **c)
                .await?
        }
    };
    Ok(if found.len() > FEW { Narrowed::Not } else { Narrowed::To(found) })
}

/// Terms have neither quotes nor backslashes, in either language.
fn match_text(workspace: &str, search: &Search) -> String {
    let one =
        |Term { text, is_beginning }: &Term| format!("\"{text}\"{}", if *is_beginning { "*" } else { "" });
    let all: Vec<String> = search.terms.iter().map(one).collect();
    format!("\"{workspace}\" AND ((\"{ANY}\") OR ({}))", all.join(" AND "))
}

fn tsquery_text(workspace: &str, search: &Search) -> String {
    let one =
        |Term { text, is_beginning }: &Term| format!("'{text}'{}", if *is_beginning { ":*" } else { "" });
    let all: Vec<String> = search.terms.iter().map(one).collect();
    format!("'{workspace}' & ('{ANY}' | ({}))", all.join(" & "))
}

async fn take_number(
    conn: &mut Conn<'_>,
    organization: Uuid,
    post: Uuid,
    number: i64,
    folded: &str,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(TAKE_NUMBER)
            .bind(organization)
            .bind(post)
            .bind(number)
            .bind(folded)
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

/// Writes what is missing into the index of an SQLite database, before anybody works with it.
pub(crate) async fn fill_sqlite(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut filled = 0;
    loop {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        let count = fill_some(&mut Conn::Sqlite(connection)).await?;
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        if count == 0 {
            note_filled(filled);
            return Ok(());
        }
        filled += count;
    }
}

/// As [`fill_sqlite`], for PostgreSQL.
pub(crate) async fn fill_postgres(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut filled = 0;
    loop {
        sqlx::query("BEGIN").execute(&mut *connection).await?;
        let count = fill_some(&mut Conn::Postgres(connection)).await?;
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        if count == 0 {
            note_filled(filled);
            return Ok(());
        }
        filled += count;
    }
}

async fn fill_some(conn: &mut Conn<'_>) -> Result<usize, StoreError> {
    let text = if matches!(conn, Conn::Sqlite(_)) { MISSING_SQLITE } else { MISSING_POSTGRES };
    let missing: Vec<(Uuid, Uuid, Uuid, String, String)> =
        on!(&mut *conn, |c| { sqlx::query_as(text).bind(AT_ONCE).fetch_all(&mut **c).await? });
    for (organization, post, workspace, content, thread) in &missing {
        let thread: Vec<String> = from_json("posts", "thread_posts", post, thread)?;
        let folded = searched(content, &thread);
        let number = insert(conn, WorkspaceId(*workspace), &folded).await?;
        take_number(conn, *organization, *post, number, &folded).await?;
    }
    Ok(missing.len())
}

fn note_filled(posts: usize) {
    if posts > 0 {
        tracing::debug!(posts, "posts were put into the search index");
    }
}
