//! `fanfare backup`: saving an installation, and checking what was saved.

use std::path::PathBuf;

use anyhow::Result;

use crate::archive::{self, Archive};
use crate::config::Config;
use crate::output;

/// Options of `fanfare backup`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The backup: a new folder.
    #[arg(value_name = "BACKUP")]
    folder: PathBuf,
    /// Put the encryption key into the backup. Whoever reads it can then use every account.
    #[arg(long, conflicts_with = "verify")]
    with_key: bool,
    /// Read the whole of an existing backup and say whether it is good.
    #[arg(long)]
    verify: bool,
}

pub(crate) async fn run(options: Options, config: &Config) -> Result<()> {
    let progress = output::Progress::new(false);
    if options.verify {
        progress.step("Reading the backup");
        let archive = Archive::open(&options.folder).await?;
        progress.done();
        return output::line(&format!("The backup is good: {}.", archive.summary()));
    }
    progress.step("Copying the database and the media files");
    let archive = archive::make(config, &options.folder, options.with_key).await?;
    // Without a key nothing can be written there, and a new one must not be made here.
    let recorded = match archive.manifest.key_id {
        Some(_) => archive::record(config, &archive).await,
        None => Ok(()),
    };
    progress.done();
    output::line(&format!("Saved {} in {}.", archive.summary(), options.folder.display()))?;
    let missing = archive.manifest.media_missing.len();
    if missing > 0 {
        output::line(&format!("{missing} media files are named in the library and were not on the disk."))?;
    }
    if !archive.manifest.has_key {
        output::line(
            "The encryption key is not in it: keep a copy of it apart. Without it the accounts' tokens \
             cannot be read, and every account has to be connected again.",
        )?;
    }
    if let Err(error) = recorded {
        output::line(&format!(
            "The dashboard does not show this backup, because it could not be written down: {error:#}."
        ))?;
    }
    Ok(())
}
