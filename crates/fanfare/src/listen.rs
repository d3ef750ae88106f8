//! Taking a port, and what to do when it is taken.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use tokio::net::TcpListener;

/// Listens on `address`; `remedy` says what else can be done where another program does.
pub(crate) async fn listen(address: SocketAddr, remedy: &str) -> Result<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("another program listens on {address}; stop it, or {remedy}")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {address}; {remedy}")),
    }
}
