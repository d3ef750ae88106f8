//! `fanfare restore`: putting a backup in place, so that nothing that went out since goes out again.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use domain::Timestamp;
use net::{Clock as _, SystemClock};
use store::{Before, KeySet, Snapshot, TransferError};

use crate::archive::{Archive, key_ids};
use crate::config::Config;
use crate::data_dir::{DataDir, sync_folder};
use crate::{output, wiring};

/// Options of `fanfare restore`.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("state").required(true).args(["folder", "as_of"])))]
pub(crate) struct Options {
    /// The backup: a folder that `fanfare backup` made.
    #[arg(value_name = "BACKUP")]
    folder: Option<PathBuf>,
    /// Restore nothing: the database was put back in place by other means and is as it was at this time, such as
    /// 2026-10-01T09:00:00Z. What may have gone out since is looked up before anything is sent.
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "replace")]
    as_of: Option<Timestamp>,
    /// Replace the database that is there. An SQLite file is kept beside it, in `replaced-…`.
    #[arg(long)]
    replace: bool,
}

pub(crate) async fn run(options: Options, config: &Config) -> Result<()> {
    let data_dir = DataDir::open(&config.data_dir)?;
    let _lock = data_dir.lock()?;
    let Some(folder) = &options.folder else {
        let as_of = options.as_of.context("name a backup, or the time with --as-of")?;
        return say_looked_up(mark_in_place(as_of, config, &data_dir).await?);
    };
    let progress = output::Progress::new(false);
    progress.step("Reading the backup");
    let archive = Archive::open(folder).await?;
    refuse_occupied(config, &data_dir, options.replace).await?;
    let key = choose_key(config, &data_dir, &archive, options.replace)?;

    progress.step("Copying the database and the media files");
    archive.restore_media(&wiring::open_media(config, &data_dir)?).await?;
    let database = data_dir.path().join("restore.partial");
    let looked_up = prepare(&archive, &database).await?;
    let aside = put_in_place(config, &data_dir, &database, options.replace).await?;
    if let Some(key) = &key.stored {
        if key.replaces {
            let old = data_dir.path().join(format!("encryption.key.{}", SystemClock.now().as_millis()));
            std::fs::rename(data_dir.key_file(), old).context("cannot keep the old encryption key")?;
        }
        data_dir.write_keys(&key.keys)?;
    }
    progress.done();
    output::line(&format!("Restored {}.", archive.summary()))?;
    if let Some(aside) = aside {
        output::line(&format!("The database that was there is in {}.", aside.display()))?;
    }
    say_looked_up(looked_up)?;
    if let Some(warning) = key.warning {
        output::line(&warning)?;
    }
    Ok(())
}

fn say_looked_up(count: u64) -> Result<()> {
    output::line(&format!(
        "{count} destinations may have gone out since: each is looked up on its platform before anything is sent."
    ))
}

fn moment(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text).with_context(|| format!("\"{text}\" is no time"))
}

/// Marks what may have gone out since `as_of` in the database that is there.
async fn mark_in_place(as_of: Timestamp, config: &Config, data_dir: &DataDir) -> Result<u64> {
    let now = SystemClock.now();
    if as_of > now {
        bail!("{as_of} lies in the future: --as-of is the time that the database is of");
    }
    let url = &config.database_url.0;
    if !url.is_empty() {
        return Ok(store::mark_restored_postgres(url, as_of, now).await?);
    }
    let database = data_dir.database();
    if !database.is_file() {
        bail!("{} holds no database", data_dir.path().display());
    }
    store::bring_up_to_date(&database).await.context("the database is of a newer version")?;
    Ok(store::mark_restored(&database, as_of, now).await?)
}

async fn refuse_occupied(config: &Config, data_dir: &DataDir, replace: bool) -> Result<()> {
    let database = &config.database_url.0;
    if !database.is_empty() {
        // An empty database has no tables to ask yet; writing to it asks again.
        return match Snapshot::of_postgres(database).await {
            Ok(mut snapshot) => {
                snapshot.refuse_served().await?;
                if !replace && snapshot.holds_organizations().await? {
                    bail!("the database at database_url holds organizations; --replace removes them");
                }
                Ok(())
            }
            Err(_) => Ok(()),
        };
    }
    if !replace && holds_organizations(&data_dir.database()).await {
        bail!("{} holds a database with organizations; --replace puts it aside", data_dir.path().display());
    }
    Ok(())
}

/// Whether there is anything in an SQLite file; one that cannot be read is not taken for empty.
pub(super) async fn holds_organizations(path: &Path) -> bool {
    match Snapshot::of_sqlite(path).await {
        Ok(mut snapshot) => snapshot.holds_organizations().await.unwrap_or(true),
        Err(TransferError::Missing(_)) => false,
        Err(_) => true,
    }
}

/// The database as it will be, in a file of its own. Returns how many destinations are looked up.
async fn prepare(archive: &Archive, database: &Path) -> Result<u64> {
    let made_at = archive.made_at()?;
    // What an earlier attempt left would be taken for this one's.
    for name in ["restore.partial", "restore.partial-journal"] {
        match std::fs::remove_file(database.with_file_name(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    std::fs::copy(archive.database(), database)
        .with_context(|| format!("cannot write {}", database.display()))?;
    store::bring_up_to_date(database).await.context("the backup is of a newer version")?;
    let looked_up = store::mark_restored(database, made_at, SystemClock.now()).await?;
    std::fs::OpenOptions::new().write(true).open(database)?.sync_all()?;
    Ok(looked_up)
}

/// Returns where the database is now that was there before.
async fn put_in_place(
    config: &Config,
    data_dir: &DataDir,
    database: &Path,
    replace: bool,
) -> Result<Option<PathBuf>> {
    let url = &config.database_url.0;
    if !url.is_empty() {
        let before = if replace { Before::Anything } else { Before::Empty };
        let mut snapshot = Snapshot::of_sqlite(database).await?;
        snapshot.write_postgres(url, before).await?;
        snapshot.close().await?;
        std::fs::remove_file(database)?;
        return Ok(None);
    }
    let aside = data_dir.set_database_aside(&format!("replaced-{}", SystemClock.now().as_millis()))?;
    std::fs::rename(database, data_dir.database()).context("cannot put the database in place")?;
    sync_folder(data_dir.path())?;
    Ok(aside)
}

struct Key {
    /// To be written to `encryption.key`.
    stored: Option<NewKey>,
    warning: Option<String>,
}

struct NewKey {
    keys: KeySet,
    replaces: bool,
}

/// Which key the restored tokens are read with.
fn choose_key(config: &Config, data_dir: &DataDir, archive: &Archive, replace: bool) -> Result<Key> {
    let present = data_dir.key(&config.encryption_key.0)?;
    let wanted = archive.manifest.key_id.as_deref();
    // Every key of the backup is needed; others do no harm.
    let known = present.as_ref().map(key_ids).unwrap_or_default();
    let fits =
        wanted.is_some_and(|wanted| wanted.split(',').all(|id| known.split(',').any(|known| known == id)));
    let configured = !config.encryption_key.0.is_empty();
    if fits || wanted.is_none() {
        return Ok(Key { stored: None, warning: None });
    }
    let Some(keys) = archive.manifest.has_key.then(|| archive.key()).transpose()?.flatten() else {
        let place = data_dir.key_file();
        let warning = format!(
            "The key that the accounts' tokens were encrypted with is missing: put it into {} before \
             you start the server, or connect every account again.",
            place.display()
        );
        return Ok(Key { stored: None, warning: Some(warning) });
    };
    if configured {
        let warning = "The configured encryption_key is not the backup's: take it out of the \
                       configuration, and put the backup's encryption.key into the data folder.";
        return Ok(Key { stored: None, warning: Some(warning.to_owned()) });
    }
    if present.is_some() && !replace {
        bail!("the data folder has another encryption key than the backup; --replace puts it aside");
    }
    Ok(Key { stored: Some(NewKey { keys, replaces: present.is_some() }), warning: None })
}
