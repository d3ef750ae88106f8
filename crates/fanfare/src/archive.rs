//! A backup: a folder with the database as one SQLite file, the media files, a manifest, and the
//! encryption key if asked for. Owns its layout, how it is made and how it is checked.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use domain::Timestamp;
use media::{MediaFiles, hash_file};
use net::{Clock as _, Entropy as _, SystemClock, SystemEntropy};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{BackupRow, KeySet, Snapshot, TableSum, TransferError};

use crate::config::Config;
use crate::data_dir::{DataDir, sync_folder, write_private};
use crate::wiring;

const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    /// The version of the program that made it.
    pub(crate) fanfare: String,
    /// A moment before the first row was read.
    pub(crate) made_at: String,
    database_sha256: String,
    pub(crate) tables: Vec<TableSum>,
    pub(crate) media_files: u64,
    pub(crate) media_size_bytes: u64,
    /// Files that rows name and that were not there.
    pub(crate) media_missing: Vec<String>,
    /// Tells keys apart without giving one away.
    pub(crate) key_id: Option<String>,
    /// Whether the encryption key is in the backup.
    pub(crate) has_key: bool,
}

/// A complete backup.
pub(crate) struct Archive {
    folder: PathBuf,
    pub(crate) manifest: Manifest,
}

/// A folder that is gone again unless it becomes a backup.
struct Partial {
    path: PathBuf,
    done: bool,
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.done {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// The present moment of the configured database.
pub(crate) async fn snapshot(config: &Config, data_dir: &DataDir) -> Result<Snapshot, TransferError> {
    match config.database_url.0.as_str() {
        "" => Snapshot::of_sqlite(&data_dir.database()).await,
        url => Snapshot::of_postgres(url).await,
    }
}

/// Names keys without giving them away; several are separated by commas.
pub(crate) fn key_ids(keys: &KeySet) -> String {
    keys.iter().map(|(_, key)| key_id(&key)).collect::<Vec<_>>().join(",")
}

/// 32 random bytes cannot be found from a hash.
fn key_id(key: &[u8; 32]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"fanfare encryption key");
    hash.update(key);
    let mut text = String::with_capacity(16);
    for byte in hash.finalize().iter().take(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Writes a backup to `folder`, which must not be there: it appears when it is complete.
pub(crate) async fn make(config: &Config, folder: &Path, with_key: bool) -> Result<Archive> {
    if folder.exists() {
        bail!("{} is there already; name a new folder", folder.display());
    }
    if !config.data_dir.is_dir() {
        bail!("there is no data folder {}", config.data_dir.display());
    }
    let data_dir = DataDir::open(&config.data_dir)?;
    let key = data_dir.key(&config.encryption_key.0)?;
    if with_key && key.is_none() {
        bail!("there is no encryption key in {}", config.data_dir.display());
    }
    let name = folder.file_name().context("a backup needs a name")?.to_string_lossy().into_owned();
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let partial = begin(&parent, &name)?;
    let made_at = SystemClock.now();
    let mut snapshot = snapshot(config, &data_dir).await?;
    let database = partial.path.join("fanfare.db");
    let tables = snapshot.write_sqlite(&database).await?;
    let hashes = snapshot.media_hashes().await?;
    snapshot.close().await?;
    let from = wiring::open_media(config, &data_dir)?;
    let into = MediaFiles::open(&partial.path.join("media"))?;
    let media = share_media(&from, &hashes, &into).await?;
    if let Some(key) = key.as_ref().filter(|_| with_key) {
        write_private(&partial.path.join("encryption.key"), key.to_text().as_bytes())?;
    }
    let manifest = Manifest {
        format: FORMAT,
        fanfare: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: made_at.to_iso_millis(),
        database_sha256: hash_file(&database).await?.sha256,
        tables,
        media_files: media.files,
        media_size_bytes: media.size_bytes,
        media_missing: media.missing,
        key_id: key.as_ref().map(key_ids),
        has_key: with_key,
    };
    write_private(&partial.path.join("manifest.json"), &serde_json::to_vec_pretty(&manifest)?)?;
    finish(partial, &parent, folder).with_context(|| format!("cannot finish {}", folder.display()))?;
    Ok(Archive { folder: folder.to_owned(), manifest })
}

/// Writes down in the installation that a backup was finished. It is no part of the backup itself.
pub(crate) async fn record(config: &Config, archive: &Archive) -> Result<()> {
    let data_dir = DataDir::open(&config.data_dir)?;
    let made_at = archive.made_at()?;
    let database = std::fs::metadata(archive.database())?.len();
    let backup = BackupRow {
        made_at,
        name: archive.folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        size_bytes: i64::try_from(database + archive.manifest.media_size_bytes)?,
        duration: SystemClock.now().since(made_at),
    };
    let keyring = data_dir.keyring(&config.encryption_key.0, &SystemEntropy)?;
    let store = wiring::open_store(config, &data_dir, keyring).await?;
    let recorded = store.record_backup(backup).await;
    store.close().await;
    Ok(recorded?)
}

fn begin(parent: &Path, name: &str) -> Result<Partial> {
    let mut random = [0; 8];
    SystemEntropy.fill(&mut random);
    let path = parent.join(format!(".{name}.{:016x}.partial", u64::from_le_bytes(random)));
    let make = || -> std::io::Result<()> {
        std::fs::create_dir_all(parent)?;
        std::fs::create_dir(&path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    };
    make().with_context(|| format!("cannot make {}", path.display()))?;
    Ok(Partial { path, done: false })
}

/// Everything is on the disk before the folder gets its name.
fn finish(mut partial: Partial, parent: &Path, folder: &Path) -> std::io::Result<()> {
    let media = partial.path.join("media");
    for entry in std::fs::read_dir(&media)? {
        sync_folder(&entry?.path())?;
    }
    sync_folder(&media)?;
    sync_folder(&partial.path)?;
    std::fs::rename(&partial.path, folder)?;
    partial.done = true;
    sync_folder(parent)
}

struct Shared {
    files: u64,
    size_bytes: u64,
    missing: Vec<String>,
}

async fn share_media(from: &MediaFiles, hashes: &[String], into: &MediaFiles) -> Result<Shared> {
    let mut shared = Shared { files: 0, size_bytes: 0, missing: Vec::new() };
    for hash in hashes {
        match from.share(hash, into).await.with_context(|| format!("media file {hash}"))? {
            Some(size_bytes) => {
                shared.files += 1;
                shared.size_bytes += size_bytes;
            }
            None => shared.missing.push(hash.clone()),
        }
    }
    Ok(shared)
}

impl Archive {
    /// Opens a backup and reads all of it to see that it is whole.
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let bytes = std::fs::read(folder.join("manifest.json"))
            .with_context(|| format!("{} is no backup, or not a complete one", folder.display()))?;
        let manifest: Manifest = serde_json::from_slice(&bytes).context("the manifest cannot be read")?;
        if manifest.format != FORMAT {
            bail!("the backup was made by fanfare {}; use that version or a newer one", manifest.fanfare);
        }
        let archive = Self { folder: folder.to_owned(), manifest };
        archive.check().await.with_context(|| format!("{} is damaged", folder.display()))?;
        Ok(archive)
    }

    async fn check(&self) -> Result<()> {
        let database = self.database();
        if hash_file(&database).await?.sha256 != self.manifest.database_sha256 {
            bail!("fanfare.db is not the file that was written");
        }
        match Snapshot::of_sqlite(&database).await {
            Ok(mut snapshot) => {
                if snapshot.sums().await? != self.manifest.tables {
                    bail!("fanfare.db does not hold the rows that were written");
                }
            }
            // Its rows are compared where its tables are known.
            Err(TransferError::OtherVersion) => {}
            Err(error) => return Err(error.into()),
        }
        let media = self.media()?;
        let hashes = media.list().await?;
        if u64::try_from(hashes.len()).ok() != Some(self.manifest.media_files) {
            bail!("there are {} media files in place of {}", hashes.len(), self.manifest.media_files);
        }
        for hash in hashes {
            if !media.is_intact(&hash).await? {
                bail!("the media file {hash} has changed");
            }
        }
        if self.manifest.has_key && self.key()?.as_ref().map(key_ids) != self.manifest.key_id {
            bail!("encryption.key is not the key that was written");
        }
        Ok(())
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("fanfare.db")
    }

    fn media(&self) -> Result<MediaFiles> {
        Ok(MediaFiles::open(&self.folder.join("media"))?)
    }

    /// The encryption key, if it is in the backup.
    pub(crate) fn key(&self) -> Result<Option<KeySet>> {
        DataDir::open(&self.folder)?.key("")
    }

    /// When it was made.
    pub(crate) fn made_at(&self) -> Result<Timestamp> {
        Timestamp::parse(&self.manifest.made_at).context("the manifest names no time")
    }

    /// Puts the media files where they are served from.
    pub(crate) async fn restore_media(&self, into: &MediaFiles) -> Result<()> {
        let media = self.media()?;
        let hashes = media.list().await?;
        share_media(&media, &hashes, into).await.map(|_| ())
    }

    /// What is in it, in one line.
    pub(crate) fn summary(&self) -> String {
        let rows = |name: &str| {
            self.manifest.tables.iter().find(|table| table.name == name).map_or(0, |table| table.rows)
        };
        format!(
            "{} organizations, {} accounts, {} posts, {} media files ({} bytes), as of {}",
            rows("organizations"),
            rows("accounts"),
            rows("posts"),
            self.manifest.media_files,
            self.manifest.media_size_bytes,
            self.manifest.made_at
        )
    }
}
