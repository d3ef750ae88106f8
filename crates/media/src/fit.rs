//! Copies of stored files, made by a recipe so that a platform takes them. The same recipe and the
//! same original give the same bytes, as long as the programs are the same. Must not know which
//! platform a copy is for.

mod film;
mod picture;
mod video;

pub(crate) use picture::png;

use std::path::{Path, PathBuf};

use domain::rules::fit::{Recipe, Size};

use crate::scratch::Scratch;
use crate::{MediaError, MediaFiles, Probe, StoredFile, Tools, hash_file, probe_file};

/// A stored file of which a copy is made.
#[derive(Clone, Copy, Debug)]
pub struct Original<'a> {
    /// Where it is.
    pub sha256: &'a str,
    /// Its MIME type, as it was probed.
    pub content_type: &'a str,
    /// Its size as it is shown.
    pub size: Option<Size>,
    /// How a stored image is turned, in EXIF's numbers; 1 is upright.
    pub orientation: u8,
}

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// Where it is. Durable.
    pub stored: StoredFile,
    /// MIME type.
    pub content_type: String,
    /// Its size as it is shown.
    pub size: Option<Size>,
}

/// A copy that is not stored yet.
struct Made {
    path: PathBuf,
    content_type: String,
    size: Option<Size>,
}

impl MediaFiles {
    /// Looks into a stored file.
    ///
    /// # Errors
    /// As [`crate::probe_file`]; [`MediaError::Missing`] when there is no such file.
    pub async fn look(&self, tools: &Tools, sha256: &str) -> Result<Probe, MediaError> {
        let file = self.local(sha256).await?;
        probe_file(file.path(), tools).await
    }

    /// Makes the copy and stores it.
    ///
    /// # Errors
    /// When a program is missing or fails, when the copy cannot be made small enough, and when the
    /// disk refuses.
    pub async fn fit(
        &self,
        tools: &Tools,
        original: &Original<'_>,
        recipe: &Recipe,
    ) -> Result<Fitted, MediaError> {
        let _slot = match recipe {
            Recipe::Video(_) | Recipe::Film(_) => tools.video_slot().await?,
            Recipe::Image(_) | Recipe::WithoutLocation => tools.image_slot().await?,
        };
        // Once it is its turn, so that nothing is fetched to lie and wait.
        let original_file = self.local(original.sha256).await?;
        let source = original_file.path();
        // Beside the files, so that a large copy needs no room elsewhere and no second copying.
        let scratch = Scratch::within(self.root())?;
        let made = match recipe {
            Recipe::Image(recipe) => picture::convert(source, tools, original, recipe, &scratch).await?,
            Recipe::Video(recipe) => video::convert(source, tools, recipe, &scratch).await?,
            Recipe::Film(recipe) => film::convert(source, tools, original, recipe, &scratch).await?,
            Recipe::WithoutLocation => without_location(source, original, &scratch).await?,
        };
        let stored = self.adopt(&made.path).await?;
        Ok(Fitted { stored, content_type: made.content_type, size: made.size })
    }

    /// Takes a file in, by moving it where it can be moved.
    async fn adopt(&self, path: &Path) -> Result<StoredFile, MediaError> {
        let stored = hash_file(path).await?;
        if let Some(bucket) = &self.bucket {
            let key = Self::key(&stored.sha256);
            if bucket.size_bytes(&key).await? != Some(stored.size_bytes) {
                bucket.put(&key, path).await?;
            }
            return Ok(stored);
        }
        let place = self.path(&stored.sha256)?;
        if tokio::fs::try_exists(&place).await? {
            return Ok(stored);
        }
        tokio::fs::OpenOptions::new().write(true).open(path).await?.sync_all().await?;
        if let Some(folder) = place.parent() {
            tokio::fs::create_dir_all(folder).await?;
            tokio::fs::rename(path, &place).await?;
            if cfg!(unix) {
                tokio::fs::File::open(folder).await?.sync_all().await?;
            }
        }
        Ok(stored)
    }
}

async fn without_location(
    source: &Path,
    original: &Original<'_>,
    scratch: &Scratch,
) -> Result<Made, MediaError> {
    let (source, path) = (source.to_owned(), scratch.path("copy"));
    let made =
        Made { path: path.clone(), content_type: original.content_type.to_owned(), size: original.size };
    let content_type = made.content_type.clone();
    let work = move || {
        if content_type == "video/mp4" {
            std::fs::copy(&source, &path)?;
            return crate::probe::mp4_without_location(&path);
        }
        let bytes = crate::probe::whole_file(&source)?;
        Ok(std::fs::write(&path, crate::probe::without_metadata(&bytes, &content_type)?)?)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| MediaError::Broken)??;
    Ok(made)
}

#[cfg(test)]
mod tests;
