//! Looking items up by what people call them: the name of the file, or the address that it came from.

use domain::{OrganizationId, WorkspaceId};
use sqlx::QueryBuilder;

use super::{FIND_ANY, MediaRow, Stored};
use crate::conn::on;
use crate::{Store, StoreError};

/// How many names one statement has.
const AT_ONCE: usize = 500;

impl Store {
    /// The workspace's items that have one of these names, or came from one of these addresses, newest
    /// first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_media_called(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        names: &[String],
    ) -> Result<Vec<MediaRow>, StoreError> {
        let mut read = self.read().await?;
        let mut found: Vec<MediaRow> = Vec::new();
        for some in names.chunks(AT_ONCE) {
            let rows: Vec<Stored> = on!(read.conn(), |c| {
                let mut query = QueryBuilder::new(FIND_ANY);
                query.push_bind(organization.0).push(" AND m.workspace_id = ").push_bind(workspace.0);
                query.push(" AND (m.filename IN (");
                let mut list = query.separated(", ");
                for name in some {
                    list.push_bind(name);
                }
                query.push(") OR m.source_url IN (");
                let mut list = query.separated(", ");
                for name in some {
                    list.push_bind(name);
                }
                query.push("))");
                query.build_query_as().fetch_all(&mut *c).await?
            });
            found.extend(rows.into_iter().map(MediaRow::from));
        }
        found.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
        Ok(found)
    }
}
