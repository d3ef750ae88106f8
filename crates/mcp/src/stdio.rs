//! The server over standard input and output, for programs that start it themselves.

use std::sync::Arc;

use rmcp::ServiceExt as _;
use rmcp::transport::stdio;

use crate::api::{Api, NoAnswer};
use crate::server::{Offer, Tools};

/// Serves until the other side closes its end.
///
/// # Errors
/// When the other side does not speak the protocol.
pub async fn serve_stdio(api: Arc<dyn Api>) -> Result<(), NoAnswer> {
    let tools = Tools { api, offer: Offer::Everything };
    let running = match tools.serve(stdio()).await {
        Ok(running) => running,
        // A client that only looked whether the program starts.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(NoAnswer(format!("the client does not speak the protocol: {error}"))),
    };
    running.waiting().await.map_err(|error| NoAnswer(format!("the server ended badly: {error}")))?;
    Ok(())
}
