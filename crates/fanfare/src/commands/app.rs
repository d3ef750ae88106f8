//! `fanfare app`: the apps that are registered with platforms. One a platform, for the whole
//! installation.

use std::io::Read as _;

use ::app::App;
use anyhow::{Context as _, Result, bail};
use domain::PlatformName;
use store::PlatformApp;

use crate::config::Config;
use crate::{output, wiring};

/// What to do with apps.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Store a platform's app. The secret is read from stdin, so that it is in no list of processes.
    Set {
        /// The platform, such as x or linkedin.
        platform: String,
        /// The app's public id.
        #[arg(long)]
        client_id: String,
    },
    /// List the apps, without their secrets.
    List,
    /// Forget a platform's stored app.
    Remove {
        /// The platform.
        platform: String,
    },
}

/// How soon running servers go by it.
const SOON: &str = "running servers use it within seconds";

pub(crate) async fn run(command: Command, config: &Config) -> Result<()> {
    let app = wiring::open(config).await?.app;
    match command {
        Command::Set { platform, client_id } => set(&app, config, &platform, client_id).await?,
        Command::List => output::table(&rows(&app, config).await?)?,
        Command::Remove { platform } => {
            let platform = PlatformName::from_text(&platform);
            if !app.store.remove_platform_app(&platform, Vec::new()).await? {
                bail!("there is no stored app for {platform}; see `fanfare app list`");
            }
            output::line("removed; running servers forget it within seconds")?;
        }
    }
    app.store.close().await;
    Ok(())
}

async fn set(app: &App, config: &Config, platform: &str, client_id: String) -> Result<()> {
    let platform = PlatformName::from_text(platform);
    if app.registry.spec(&platform).is_none() {
        bail!("\"{platform}\" is no platform of this server");
    }
    if client_id.trim().is_empty() {
        bail!("--client-id is empty");
    }
    let mut secret = String::new();
    std::io::stdin().read_to_string(&mut secret).context("cannot read the secret from stdin")?;
    let secret = secret.trim().to_owned();
    if secret.is_empty() {
        bail!("there is no secret on stdin; pipe it in, such as `fanfare app set {platform} … < secret.txt`");
    }
    let mut nonce = [0; 24];
    app.entropy.fill(&mut nonce);
    let stored = PlatformApp {
        platform: platform.clone(),
        client_id: client_id.trim().to_owned(),
        client_secret: secret,
        updated_at: app.clock.now(),
    };
    app.store.put_platform_app(stored, nonce, Vec::new()).await?;
    output::line(&format!("stored; {SOON}"))?;
    if config.platforms.get(platform.as_str()).is_some_and(|settings| !settings.client_id.is_empty()) {
        output::line(&format!(
            "note: platforms.{platform}.client_id of the configuration is used in its place"
        ))?;
    }
    Ok(())
}

async fn rows(app: &App, config: &Config) -> Result<Vec<Vec<String>>> {
    let stored = app.store.list_platform_apps().await?;
    let mut rows = Vec::new();
    for entry in app.registry.entries() {
        let name = &entry.spec.name;
        let configured =
            config.platforms.get(name.as_str()).filter(|settings| !settings.client_id.is_empty());
        let kept = stored.iter().find(|stored| stored.platform == *name);
        let (client_id, from) = match (configured, kept) {
            (Some(settings), _) => (settings.client_id.clone(), "configuration".to_owned()),
            (None, Some(kept)) => (kept.client_id.clone(), format!("stored {}", kept.updated_at)),
            (None, None) => continue,
        };
        rows.push(vec![name.to_string(), client_id, from]);
    }
    Ok(rows)
}
