//! `fanfare org`: organizations.

use anyhow::Result;

use crate::config::Config;
use crate::{output, wiring};

/// What to do with organizations.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make an organization with its owner.
    Create {
        /// Its name.
        name: String,
        /// The owner's e-mail address.
        #[arg(long)]
        email: String,
        /// The owner's name; the address if not given.
        #[arg(long)]
        owner: Option<String>,
    },
    /// List the organizations.
    List,
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let app = wiring::open(config).await?.app;
    match command {
        Command::Create { name, email, owner } => {
            let owner = owner.unwrap_or_else(|| email.clone());
            let row = app::setup::create_organization(&app, &name, &email, &owner).await?;
            output::line(&row.id.to_string())?;
        }
        Command::List => {
            let rows = app.store.list_organizations().await?;
            let cells: Vec<Vec<String>> = rows
                .into_iter()
                .map(|row| vec![row.id.to_string(), row.name, row.created_at.to_string()])
                .collect();
            output::table(&cells)?;
        }
    }
    app.store.close().await;
    Ok(())
}
