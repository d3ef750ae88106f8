//! `fanfare key`: API keys, and the key that encrypts stored tokens.

use anyhow::{Context as _, Result, bail};
use domain::api_key::Scope;
use domain::{ApiKeyId, Timestamp};
use store::KeyRow;

use crate::commands::{choose_organization, rotate};
use crate::config::Config;
use crate::{output, wiring};

/// What to do with keys.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a key and print it; it is shown this once.
    Create {
        /// Its name.
        name: String,
        /// What it may do, comma-separated: read, write, ai, approve.
        #[arg(long, value_delimiter = ',', default_value = "read,write,ai")]
        scopes: Vec<String>,
        /// When it ends, such as 2027-01-01T00:00:00Z; never if not given.
        #[arg(long)]
        expires_at: Option<String>,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
    /// List the keys.
    List {
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
    /// Replace the key that encrypts stored tokens; a server may go on running.
    RotateEncryption {
        /// On PostgreSQL: no other node works with another data folder.
        #[arg(long)]
        only_node: bool,
    },
    /// Revoke a key; it stops working at once.
    Revoke {
        /// The key's id (see `fanfare key list`).
        id: String,
        /// The organization, by name or id.
        #[arg(long)]
        org: Option<String>,
    },
}

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    if let Command::RotateEncryption { only_node } = command {
        return rotate::run(config, only_node).await;
    }
    let app = wiring::open(config).await?.app;
    match command {
        Command::Create { name, scopes, expires_at, org } => {
            let organization = choose_organization(&app, org.as_deref()).await?;
            let scopes = scopes
                .iter()
                .map(|scope| {
                    Scope::parse(scope.trim())
                        .with_context(|| format!("\"{scope}\" is no scope; use read, write, ai or approve"))
                })
                .collect::<Result<Vec<_>>>()?;
            let expires_at = expires_at
                .map(|text| Timestamp::parse(&text).with_context(|| format!("\"{text}\" is no time")))
                .transpose()?;
            let key = app::setup::create_key(&app, &organization, &name, scopes, expires_at).await?;
            output::line(&key.secret)?;
        }
        Command::List { org } => {
            let organization = choose_organization(&app, org.as_deref()).await?;
            let now = app.clock.now();
            let cells: Vec<Vec<String>> =
                app.store.list_keys(organization.id).await?.iter().map(|key| row(key, now)).collect();
            output::table(&cells)?;
        }
        Command::RotateEncryption { .. } => {}
        Command::Revoke { id, org } => {
            let organization = choose_organization(&app, org.as_deref()).await?;
            let id: ApiKeyId = id.parse().context("a key's id is a UUID (see `fanfare key list`)")?;
            if !app.store.revoke_key(organization.id, id, app.clock.now()).await? {
                bail!("there is no live key {id} in {}", organization.name);
            }
            output::line("revoked")?;
        }
    }
    app.store.close().await;
    Ok(())
}

fn row(key: &KeyRow, now: Timestamp) -> Vec<String> {
    let state = if key.revoked_at.is_some() {
        "revoked"
    } else if key.expires_at.is_some_and(|end| end <= now) {
        "expired"
    } else {
        "live"
    };
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let used = key.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
    vec![
        key.id.to_string(),
        format!("{}…", key.key_prefix),
        state.to_owned(),
        scopes.join(","),
        used,
        key.name.clone(),
    ]
}
