//! The port. Own accept loop, because a fault must be able to close a connection unanswered.

use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::clock::{SandboxClock as _, SystemSandboxClock};
use super::dispatch::{Dispatcher, Outcome};

/// Makes hyper close the connection without writing an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection closed by a fault")]
struct HungUp;

/// Serves until `shutdown` is ready. Answers that are under way are finished.
pub(crate) async fn serve(
    dispatcher: Arc<Dispatcher>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) {
    let (stop, stopped) = watch::channel(());
    let mut shutdown = std::pin::pin!(shutdown);
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(Arc::clone(&dispatcher), stream, stopped.clone()));
                }
                // Out of files: going on at once would burn the processor.
                Err(error) => {
                    tracing::warn!(%error, "the sandbox could not accept a connection");
                    SystemSandboxClock.sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(stop);
    while connections.join_next().await.is_some() {}
}

async fn converse(dispatcher: Arc<Dispatcher>, stream: TcpStream, mut stopped: watch::Receiver<()>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let dispatcher = Arc::clone(&dispatcher);
        async move { respond(dispatcher, request).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "sandbox connection ended");
    }
}

async fn respond(dispatcher: Arc<Dispatcher>, request: Request<Incoming>) -> Result<Response, HungUp> {
    // In a task of its own: a platform finishes what it accepted even when the client goes away.
    let handling = tokio::spawn(dispatcher.handle(request.map(Body::new)));
    match handling.await {
        Ok(Outcome::Answer(response)) => Ok(response),
        Ok(Outcome::Hangup) | Err(_) => Err(HungUp),
    }
}
