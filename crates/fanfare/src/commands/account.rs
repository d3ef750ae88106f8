//! `fanfare account`: connecting an account from the command line.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use domain::PlatformName;

use crate::account_file::AccountFile;
use crate::commands::choose_organization;
use crate::config::Config;
use crate::{output, wiring};

/// What to do with accounts.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Connect an account whose tokens you have, or renew it in place.
    Add {
        /// A JSON file with the account and its credentials; `-` reads it from stdin. The answer
        /// of the sandbox's POST /_sandbox/accounts has this form.
        file: PathBuf,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let Command::Add { file, org } = command;
    let account = AccountFile::parse(&read(&file)?)?;
    let platform = PlatformName::from_text(&account.platform);
    let (identity, credentials) = account.read()?;
    let app = wiring::open(config).await?.app;
    let organization = choose_organization(&app, org.as_deref()).await?;
    let (id, is_new) = app::setup::connect_account(
        &app,
        organization.id,
        organization.workspace_id,
        &platform,
        identity,
        &credentials,
    )
    .await?;
    output::line(&format!("{id} {}", if is_new { "connected" } else { "renewed" }))?;
    app.store.close().await;
    Ok(())
}

/// The text of `file`, or of stdin for `-`.
fn read(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read stdin")?;
        return Ok(text);
    }
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
