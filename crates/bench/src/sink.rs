//! The other side: a platform that answers every post after five milliseconds, on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

/// How long the platform takes.
pub(crate) const LATENCY: Duration = Duration::from_millis(5);

/// A running sink; it lives as long as the program.
pub(crate) struct Sink {
    url: Url,
    answered: Arc<AtomicUsize>,
}

impl Sink {
    pub(crate) fn start() -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
        let answered = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&answered);
        std::thread::Builder::new().name("sink".to_owned()).spawn(move || serve(listener, counter))?;
        Ok(Self { url, answered })
    }

    /// Any path below it takes posts.
    pub(crate) fn url(&self) -> Url {
        self.url.clone()
    }

    /// How many posts it took.
    pub(crate) fn answered(&self) -> usize {
        self.answered.load(Ordering::Acquire)
    }
}

fn serve(listener: std::net::TcpListener, answered: Arc<AtomicUsize>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let app = Router::new().fallback(answer).with_state(answered);
        Ok(axum::serve(listener, app).await?)
    })
}

/// In the shape in which X answers; whoever wants less reads less. What is only read, as an account's
/// followers are, is no post.
async fn answer(State(answered): State<Arc<AtomicUsize>>, method: Method, _: axum::body::Bytes) -> Response {
    #[expect(clippy::disallowed_methods, reason = "the platform's own time is part of what is measured")]
    tokio::time::sleep(LATENCY).await;
    let is_post = usize::from(method == Method::POST);
    let number = answered.fetch_add(is_post, Ordering::AcqRel) + is_post;
    let body = format!("{{\"data\":{{\"id\":\"{number}\"}}}}");
    (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
