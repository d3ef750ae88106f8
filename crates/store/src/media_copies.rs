//! Copies of library items that were made for a platform. A destination that has begun with one goes
//! on with it, whatever becomes of the rules meanwhile.

use domain::{DestinationId, MediaId, OrganizationId, PostId, Timestamp};

use crate::conn::{Conn, on};
use crate::media::files;
use crate::{Store, StoreError};

/// A copy that a destination uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaCopy {
    /// Its own id, in links for platforms.
    pub id: MediaId,
    /// Whose it is.
    pub destination_id: DestinationId,
    /// The library item in whose place it goes out.
    pub media_id: MediaId,
    /// The hash of the item's file.
    pub source_sha256: String,
    /// How it was made.
    pub recipe: String,
    /// Where it is.
    pub sha256: String,
    /// The item's file name, with the ending of the copy's type.
    pub filename: String,
    /// MIME type.
    pub content_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// Width in pixels.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// What became different, in a sentence for people.
    pub note: String,
    /// When the destination got it.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Stored {
    id: uuid::Uuid,
    destination_id: uuid::Uuid,
    media_id: uuid::Uuid,
    source_sha256: String,
    recipe: String,
    sha256: String,
    filename: String,
    content_type: String,
    size_bytes: i64,
    width: Option<i64>,
    height: Option<i64>,
    note: String,
    created_at: i64,
}

impl From<Stored> for MediaCopy {
    fn from(row: Stored) -> Self {
        Self {
            id: MediaId(row.id),
            destination_id: DestinationId(row.destination_id),
            media_id: MediaId(row.media_id),
            source_sha256: row.source_sha256,
            recipe: row.recipe,
            sha256: row.sha256,
            filename: row.filename,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            width: row.width,
            height: row.height,
            note: row.note,
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

const KEEP: &str = "INSERT INTO media_copies (organization_id, id, destination_id, media_id, source_sha256,
    recipe, sha256, filename, content_type, size_bytes, width, height, note, created_at, prepared_for)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (organization_id, destination_id, media_id) DO UPDATE SET id = excluded.id,
    source_sha256 = excluded.source_sha256, recipe = excluded.recipe, sha256 = excluded.sha256,
    filename = excluded.filename, content_type = excluded.content_type, size_bytes = excluded.size_bytes,
    width = excluded.width, height = excluded.height, note = excluded.note, created_at = excluded.created_at,
    prepared_for = excluded.prepared_for";
const DROP: &str =
    "DELETE FROM media_copies WHERE organization_id = $1 AND destination_id = $2 RETURNING sha256";
pub(crate) const OF_DESTINATION: &str = "SELECT id, destination_id, media_id, source_sha256, recipe, sha256,
    filename, content_type, size_bytes, width, height, note, created_at
    FROM media_copies WHERE organization_id = $1 AND destination_id = $2";
pub(crate) const MADE: &str = "SELECT id, destination_id, media_id, source_sha256, recipe, sha256, filename,
    content_type, size_bytes, width, height, note, created_at FROM media_copies
    WHERE organization_id = $1 AND source_sha256 = $2 AND recipe = $3 ORDER BY created_at, id LIMIT 1";
const BY_ID: &str = "SELECT id, destination_id, media_id, source_sha256, recipe, sha256, filename,
    content_type, size_bytes, width, height, note, created_at
    FROM media_copies WHERE organization_id = $1 AND id = $2";
/// A failed destination keeps its copies: a person may try it again.
pub(crate) const FORGET: &str = "SELECT c.organization_id, c.id FROM media_copies c
    WHERE c.created_at < $1 AND NOT EXISTS (SELECT 1 FROM destinations d
        WHERE d.organization_id = c.organization_id AND d.id = c.destination_id AND d.status <> 'published')
    ORDER BY c.created_at LIMIT $2";
const FORGET_ONE: &str = "DELETE FROM media_copies WHERE organization_id = $1 AND id = $2 RETURNING sha256";

/// Writes a copy down, in place of the one that its destination had of the item. What is made ahead of
/// time is of a post, and of no destination yet.
pub(crate) async fn write(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    copy: &MediaCopy,
    prepared_for: Option<PostId>,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(KEEP)
            .bind(organization.0)
            .bind(copy.id.0)
            .bind(copy.destination_id.0)
            .bind(copy.media_id.0)
            .bind(copy.source_sha256.clone())
            .bind(copy.recipe.clone())
            .bind(copy.sha256.clone())
            .bind(copy.filename.clone())
            .bind(copy.content_type.clone())
            .bind(copy.size_bytes)
            .bind(copy.width)
            .bind(copy.height)
            .bind(copy.note.clone())
            .bind(copy.created_at.as_micros())
            .bind(prepared_for.map(|post| post.0))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

impl Store {
    /// Writes down which copies a destination uses, in place of any that it used before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_media_copies(
        &self,
        organization: OrganizationId,
        destination: DestinationId,
        copies: Vec<MediaCopy>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |mut conn| {
                let copies = copies.clone();
                Box::pin(async move {
                    let before: Vec<String> = on!(&mut conn, |c| {
                        sqlx::query_scalar(DROP)
                            .bind(organization.0)
                            .bind(destination.0)
                            .fetch_all(&mut **c)
                            .await?
                    });
                    for copy in copies {
                        // A copy whose file is being removed at this very moment fails when it is read.
                        let _: bool = files::claim(&mut conn, &copy.sha256, now).await?;
                        write(&mut conn, organization, &copy, None).await?;
                    }
                    for sha256 in before {
                        files::let_go(&mut conn, &sha256, now).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The copies that a destination uses.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_media_copies(
        &self,
        organization: OrganizationId,
        destination: DestinationId,
    ) -> Result<Vec<MediaCopy>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(OF_DESTINATION).bind(organization.0).bind(destination.0).fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(MediaCopy::from).collect())
    }

    /// A copy of this file by this recipe, if any destination has one: the first that was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_media_copy(
        &self,
        organization: OrganizationId,
        source_sha256: &str,
        recipe: &str,
    ) -> Result<Option<MediaCopy>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(MADE)
                .bind(organization.0)
                .bind(source_sha256)
                .bind(recipe)
                .fetch_optional(&mut *c)
                .await?
        });
        Ok(row.map(MediaCopy::from))
    }

    /// The copy with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get_media_copy(
        &self,
        organization: OrganizationId,
        id: MediaId,
    ) -> Result<Option<MediaCopy>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(BY_ID).bind(organization.0).bind(id.0).fetch_optional(&mut *c).await?
        });
        Ok(row.map(MediaCopy::from))
    }

    /// Forgets up to `limit` copies that were made before then and whose destination is published or
    /// gone. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_media_copies(
        &self,
        before: Timestamp,
        limit: i64,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    let forgotten: Vec<(uuid::Uuid, uuid::Uuid)> = on!(&mut conn, |c| {
                        sqlx::query_as(FORGET)
                            .bind(before.as_micros())
                            .bind(limit)
                            .fetch_all(&mut **c)
                            .await?
                    });
                    for (organization, id) in &forgotten {
                        let sha256: Option<String> = on!(&mut conn, |c| {
                            sqlx::query_scalar(FORGET_ONE)
                                .bind(organization)
                                .bind(id)
                                .fetch_optional(&mut **c)
                                .await?
                        });
                        if let Some(sha256) = sha256 {
                            files::let_go(&mut conn, &sha256, now).await?;
                        }
                    }
                    Ok(forgotten.len())
                })
            })
            .await
    }
}
