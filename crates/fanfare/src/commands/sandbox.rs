//! `fanfare sandbox`: the emulated platforms alone, and commands to a running sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use sandbox::{Sandbox, SandboxConfig};

use crate::commands::clock;
use crate::config::Config;
use crate::listen::listen;
use crate::travel::Travel;
use crate::{output, server};

/// Options of `fanfare sandbox`.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// Port; 0 picks a free one.
    #[arg(long, default_value_t = 9090)]
    port: u16,
    /// Print one line of JSON when ready.
    #[arg(long)]
    json: bool,
}

/// What to do with a sandbox that runs.
#[derive(clap::Subcommand)]
enum Command {
    /// Show, stop, run and move the time of a sandbox and of the servers that publish to it.
    Clock(clock::Options),
}

/// Runs the sandbox; what is published is kept in `data_dir`, or forgotten at the end.
pub(crate) async fn run(options: Options, data_dir: Option<PathBuf>, config: &Config) -> Result<()> {
    if let Some(Command::Clock(options)) = options.command {
        return clock::run(options, config).await;
    }
    let stop = server::signals()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = listen(address, "choose another port with --port (0 for a free one)").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let travel = Travel::new();
    let sandbox = Sandbox::open(SandboxConfig { data_dir, clock: travel.sandbox_clock(), seed: None })
        .context("cannot open the sandbox")?;
    sandbox.set_base_url(&url);
    if options.json {
        let ready = serde_json::json!({ "sandbox_url": url, "platforms": sandbox.platforms() });
        output::line(&ready.to_string())?;
    } else {
        output::line(&format!("The sandbox is at {url}/ and emulates {}.", sandbox.platforms().join(", ")))?;
    }
    let ending = Arc::clone(&travel);
    let stop = async move {
        stop.await;
        ending.end();
    };
    sandbox.serve(listener, stop).await.context("the sandbox")?;
    travel.keep_end();
    Ok(())
}
