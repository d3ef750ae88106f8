//! `fanfare device`: letting devices in without a browser.

use anyhow::{Context as _, Result};
use app::device;

use crate::commands::choose_organization;
use crate::config::Config;
use crate::{output, wiring};

/// What to do with a device that waits.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Let it in: it gets a key with the scopes read, write and ai.
    Approve {
        /// The code that it shows, such as KQ7M-2VXD.
        code: String,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
    /// Turn it away.
    Deny {
        /// The code that it shows.
        code: String,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let app = wiring::open(config).await?.app;
    let (code, org, let_in) = match command {
        Command::Approve { code, org } => (code, org, true),
        Command::Deny { code, org } => (code, org, false),
    };
    let organization = choose_organization(&app, org.as_deref()).await?;
    let name = device::waiting(&app, &code).await.context("no device waits with this code")?;
    device::decide_for(&app, &organization, &code, let_in).await?;
    let what = if let_in { "let in" } else { "turned away" };
    output::line(&format!("{name}: {what}"))?;
    app.store.close().await;
    Ok(())
}
