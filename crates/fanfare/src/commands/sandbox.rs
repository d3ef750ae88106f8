//! `fanfare sandbox`: the emulated platforms alone.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use sandbox::{Sandbox, SandboxConfig, SystemSandboxClock};
use tokio::net::TcpListener;

use crate::{output, server};

/// Options of `fanfare sandbox`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Port; 0 picks a free one.
    #[arg(long, default_value_t = 9090)]
    port: u16,
    /// Print one line of JSON when ready.
    #[arg(long)]
    json: bool,
}

/// Runs the sandbox; what is published is kept in `data_dir`, or forgotten at the end.
pub(crate) async fn run(options: Options, data_dir: Option<PathBuf>) -> Result<()> {
    let stop = server::signals()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on port {}", options.port))?;
    let url = format!("http://{}", listener.local_addr()?);
    let sandbox = Sandbox::open(SandboxConfig { data_dir, clock: Arc::new(SystemSandboxClock), seed: None })
        .context("cannot open the sandbox")?;
    sandbox.set_base_url(&url);
    if options.json {
        let ready = serde_json::json!({ "sandbox_url": url, "platforms": sandbox.platforms() });
        output::line(&ready.to_string())?;
    } else {
        output::line(&format!("The sandbox is at {url}/ and emulates {}.", sandbox.platforms().join(", ")))?;
    }
    sandbox.serve(listener, stop).await.context("the sandbox")
}
