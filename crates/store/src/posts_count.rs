//! How many posts a filter leaves. Counting costs as much as there is to count, so a large number
//! is remembered for a while: a page of a list must not cost more the longer the list is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{OrganizationId, Span, Timestamp, WorkspaceId};
use sqlx::QueryBuilder;

use crate::conn::on;
use crate::posts_list::{PostFilter, narrow, push_filter, push_from};
use crate::search::Narrowed;
use crate::{Store, StoreError};

/// Up to here every count is exact.
const ALWAYS_COUNTED: u64 = 10_000;
/// How old a larger number may be.
const GOOD_FOR: Span = Span::from_seconds(60);
/// More lists than this are looked at by nobody at a time.
const MOST: usize = 1_000;

/// Large numbers of posts, by tenant and filter.
#[derive(Default)]
pub(crate) struct PostCounts(Mutex<HashMap<String, Counted>>);

#[derive(Clone, Copy)]
struct Counted {
    count: u64,
    at: Timestamp,
}

/// What is known of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Nothing,
    Fresh(u64),
    /// Good for now, and to be counted again by whoever got this.
    Old(u64),
}

impl PostCounts {
    fn find(&self, key: &str, now: Timestamp) -> Known {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(key) {
            None => Known::Nothing,
            Some(known) if now < known.at + GOOD_FOR => Known::Fresh(known.count),
            Some(known) => {
                // Nobody else counts the same meanwhile.
                known.at = now;
                Known::Old(known.count)
            }
        }
    }

    fn keep(&self, key: String, count: u64, at: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST && !counts.contains_key(&key) {
            counts.clear();
        }
        counts.insert(key, Counted { count, at });
    }
}

impl Store {
    /// How many posts the filter leaves: exact up to 10,000, above that at most a minute old.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_posts(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        filter: &PostFilter,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let key = format!("{organization}/{workspace}/{filter:?}");
        match self.post_counts.find(&key, now) {
            Known::Fresh(count) => return Ok(count),
            Known::Old(count) => {
                let (store, filter) = (self.clone(), filter.clone());
                tokio::spawn(async move {
                    match store.count_all(organization, workspace, &filter).await {
                        Ok(count) => store.post_counts.keep(key, count, now),
                        Err(error) => tracing::warn!(error = %error, "posts cannot be counted"),
                    }
                });
                return Ok(count);
            }
            Known::Nothing => {}
        }
        let count = self.count_some(organization, workspace, filter).await?;
        if count <= ALWAYS_COUNTED {
            return Ok(count);
        }
        let count = self.count_all(organization, workspace, filter).await?;
        self.post_counts.keep(key, count, now);
        Ok(count)
    }

    /// The count, or one more than is always counted.
    async fn count_some(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        filter: &PostFilter,
    ) -> Result<u64, StoreError> {
        let most = i64::try_from(ALWAYS_COUNTED + 1).unwrap_or(i64::MAX);
        let mut read = self.read().await?;
        let narrowed = narrow(&mut read.conn(), workspace, filter).await?;
        if matches!(&narrowed, Narrowed::To(numbers) if numbers.is_empty()) {
            return Ok(0);
        }
        let count: i64 = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM (");
            push_from(&mut query, "1", &narrowed);
            push_filter(&mut query, organization, workspace, filter);
            query.push(" LIMIT ").push_bind(most).push(") few");
            query.build_query_scalar().fetch_one(&mut *c).await?
        });
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn count_all(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        filter: &PostFilter,
    ) -> Result<u64, StoreError> {
        let mut read = self.read().await?;
        let count: i64 = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM posts p WHERE ");
            push_filter(&mut query, organization, workspace, filter);
            query.build_query_scalar().fetch_one(&mut *c).await?
        });
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// The counts of a store and its clones.
pub(crate) type SharedCounts = Arc<PostCounts>;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn an_old_number_is_given_out_and_counted_again_by_one() {
        let counts = PostCounts::default();
        assert_eq!(counts.find("a", NOW), Known::Nothing);
        counts.keep("a".to_owned(), 20_000, NOW);
        let almost = NOW + GOOD_FOR - Span::from_millis(1);
        assert_eq!(counts.find("a", almost), Known::Fresh(20_000));
        assert_eq!(counts.find("b", almost), Known::Nothing, "another filter is another number");
        assert_eq!(counts.find("a", NOW + GOOD_FOR), Known::Old(20_000));
        assert_eq!(counts.find("a", NOW + GOOD_FOR), Known::Fresh(20_000), "one counts at a time");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let counts = PostCounts::default();
        for number in 0..=MOST {
            counts.keep(number.to_string(), 20_000, NOW);
        }
        assert_eq!(counts.0.lock().unwrap().len(), 1);
    }
}
