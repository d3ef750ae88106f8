//! `fanfare media`: putting a file into the media library from the command line.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::commands::choose_organization;
use crate::config::Config;
use crate::{output, wiring};

/// What to do with media.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Put a file into the library and print its media id.
    Add {
        /// An image (JPEG, PNG, GIF, WebP, HEIC), an MP4 video or a PDF document.
        file: PathBuf,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let Command::Add { file, org } = command;
    let content =
        tokio::fs::File::open(&file).await.with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let app = wiring::open(config).await?.app;
    let organization = choose_organization(&app, org.as_deref()).await?;
    let stored = app::media::add(&app, organization.id, organization.workspace_id, &name, content).await?;
    output::line(&stored.id.to_string())?;
    app.store.close().await;
    Ok(())
}
