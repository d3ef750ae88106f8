//! `fanfare serve`: the server for production.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::listen::listen;
use crate::roles::Roles;
use crate::travel::{self, Follower};
use crate::{output, server, wiring};

/// How long taking leave of the sandbox may hold the end up.
const LEAVE: Duration = Duration::from_secs(1);

/// Options of `fanfare serve`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Address to listen on, such as 0.0.0.0:8080.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// A sandbox that stands for every platform.
    #[arg(long)]
    sandbox_url: Option<String>,
    /// What this node does: api, worker, or both.
    #[arg(long, value_name = "ROLES")]
    roles: Option<Roles>,
}

pub(crate) async fn run(options: Options, mut config: Config) -> Result<()> {
    if let Some(listen) = options.listen {
        config.listen = listen;
    }
    if let Some(sandbox) = options.sandbox_url {
        config.sandbox_url = sandbox;
    }
    if let Some(roles) = options.roles {
        config.roles = roles;
    }
    let config = config.checked()?;
    let stop = server::signals()?;
    let progress = output::Progress::new(false);
    progress.step("Opening the data folder");
    // Real platforms live in the machine's time, and nothing else.
    let follower =
        if travel::is_possible(&config) { Some(Follower::start(&config.sandbox_url).await?) } else { None };
    let installation = match &follower {
        Some(follower) => wiring::open_in_time(&config, follower.clock()).await?,
        None => wiring::open(&config).await?,
    };
    // Better no start than uploads that all fail.
    installation.check_media().await?;
    // On a shared database, leases keep nodes apart.
    let lock = if installation.app.store.is_shared() { None } else { Some(installation.data_dir.lock()?) };
    let listener =
        listen(config.listen, "choose another address with --listen, such as 127.0.0.1:8081").await?;
    let base_url = config.base_url(listener.local_addr()?);
    progress.done();
    tracing::info!(
        url = base_url,
        data = %installation.data_dir.path().display(),
        shared = installation.app.store.is_shared(),
        roles = %config.roles,
        "serving"
    );
    if config.roles.api {
        output::line(&format!("Dashboard: {}", dashboard_url(&installation.app, &base_url).await?))?;
    }
    let Some(follower) = follower else {
        return server::run(installation, &config, listener, &base_url, lock, stop).await;
    };
    let loops = if config.roles.worker { installation.loops().into() } else { Vec::new() };
    let (ending, ended) = oneshot::channel();
    let following = tokio::spawn(follower.follow(loops, async {
        let _ = ended.await;
    }));
    let stop = async {
        stop.await;
        let _ = ending.send(());
    };
    let outcome = server::run(installation, &config, listener, &base_url, lock, stop).await;
    // The sandbox is told, if it answers.
    let _ = tokio::time::timeout(LEAVE, following).await;
    outcome
}

/// Where the dashboard is; while nobody can sign in yet, with what lets the first person in.
async fn dashboard_url(app: &app::App, base_url: &str) -> Result<String> {
    let token = app::people::set_up::new_setup_token(app).await?;
    Ok(token.map_or_else(|| format!("{base_url}/"), |token| format!("{base_url}/setup?token={token}")))
}
