//! Whether posts are there already: those whose ids were made from what they are, and those that a file
//! names. A post that was deleted counts, so that nothing that somebody took out comes back.

use std::collections::HashMap;

use domain::{OrganizationId, PostId, WorkspaceId};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

pub(crate) const LOOK: &str = "SELECT CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END FROM posts
    WHERE organization_id = $1 AND id = $2";
const FIND: &str =
    "SELECT id, CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END FROM posts WHERE organization_id = ";
/// Whoever makes a post of the same id waits until this transaction ends.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";
/// How many ids one statement names.
const AT_ONCE: usize = 500;

/// Whether there is a post with this id, and whether it was deleted. Asked in the transaction that
/// would write it.
pub(crate) async fn look(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    id: PostId,
) -> Result<Option<bool>, StoreError> {
    if let Conn::Postgres(c) = conn {
        let key = id.0.as_bytes().first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
        sqlx::query(LOCK).bind(key).execute(&mut **c).await?;
    }
    let found: Option<i32> = on!(conn, |c| {
        sqlx::query_scalar(LOOK).bind(organization.0).bind(id.0).fetch_optional(&mut **c).await?
    });
    Ok(found.map(|deleted| deleted == 1))
}

impl Store {
    /// Those of the ids that posts of the workspace have, each with whether its post was deleted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_posts_there(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        ids: &[PostId],
    ) -> Result<HashMap<PostId, bool>, StoreError> {
        let mut read = self.read().await?;
        let mut there = HashMap::new();
        for some in ids.chunks(AT_ONCE) {
            let rows: Vec<(Uuid, i32)> = on!(read.conn(), |c| {
                let mut query = QueryBuilder::new(FIND);
                query.push_bind(organization.0).push(" AND workspace_id = ").push_bind(workspace.0);
                query.push(" AND id IN (");
                let mut list = query.separated(", ");
                for id in some {
                    list.push_bind(id.0);
                }
                query.push(")");
                query.build_query_as().fetch_all(&mut *c).await?
            });
            there.extend(rows.into_iter().map(|(id, deleted)| (PostId(id), deleted == 1)));
        }
        Ok(there)
    }
}
