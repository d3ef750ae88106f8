//! The sandbox as whoever starts it sees it.

use std::future::Future;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use http::{Request, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::control::Control;
use crate::core::dispatch::{Dispatcher, Outcome, Served};
use crate::core::error::SandboxError;
use crate::core::faults::{FaultSpec, FaultState};
use crate::core::ledger::PublicPost;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::requests::LoggedRequest;
use crate::core::serve::serve;
use crate::core::world::{SandboxConfig, World};

/// All emulated platforms with their shared state. Clones are the same sandbox.
#[derive(Clone)]
pub struct Sandbox {
    dispatcher: Arc<Dispatcher>,
    control: Arc<Control>,
    base_url: Arc<Mutex<Option<String>>>,
}

impl Sandbox {
    /// Opens a sandbox, with the state it had in its data folder.
    ///
    /// # Errors
    /// When the data folder cannot be used or holds records of another shape.
    pub fn open(config: SandboxConfig) -> Result<Self, SandboxError> {
        let world = World::open(config)?;
        let served: Vec<Served> = crate::emulators(&world)?.into_iter().map(Served::new).collect();
        let control = Arc::new(Control { world: Arc::clone(&world), served: served.clone() });
        let dispatcher = Dispatcher { world, served, control: Arc::clone(&control).router() };
        Ok(Self { dispatcher: Arc::new(dispatcher), control, base_url: Arc::default() })
    }

    /// Serves on `listener` until `shutdown` is ready.
    ///
    /// # Errors
    /// When the listener has no address.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> std::io::Result<()> {
        let address = listener.local_addr()?;
        lock(&self.base_url).get_or_insert_with(|| format!("http://{address}"));
        serve(Arc::clone(&self.dispatcher), listener, shutdown).await;
        Ok(())
    }

    /// The sandbox as a router, for use without a port. A fault that closes the connection shows
    /// as status 502 here.
    pub fn router(&self) -> Router {
        let dispatcher = Arc::clone(&self.dispatcher);
        Router::new().fallback(move |request: Request<Body>| {
            let dispatcher = Arc::clone(&dispatcher);
            async move { answer_without_port(dispatcher, request).await }
        })
    }

    /// Sets the address the sandbox is reached at, such as `http://127.0.0.1:9090`, for the
    /// addresses in what [`Sandbox::create_account`] answers.
    pub fn set_base_url(&self, base_url: &str) {
        *lock(&self.base_url) = Some(base_url.trim_end_matches('/').to_owned());
    }

    /// The names of the emulated platforms.
    pub fn platforms(&self) -> Vec<&'static str> {
        self.control.platforms()
    }

    /// Makes an account on a platform.
    ///
    /// # Errors
    /// When the platform is not emulated or does not allow such an account.
    pub fn create_account(
        &self,
        platform: &str,
        wanted: &CreateAccount,
    ) -> Result<CreatedAccount, SandboxError> {
        let served = self.control.find(platform)?;
        let origin = match lock(&self.base_url).as_deref() {
            Some(base) => Origin::below("", base),
            None => Origin::real(""),
        };
        served.emulator.create_account(wanted, &origin)
    }

    /// What is public now, on all platforms, oldest first.
    pub fn posts(&self) -> Vec<PublicPost> {
        self.control.world.ledger.list(None, None)
    }

    /// How many posts became public, with those that were taken down since.
    pub fn count_posts(&self) -> usize {
        self.control.world.ledger.count()
    }

    /// What is public now on one platform. `account` is a platform user id or a handle.
    pub fn posts_of(&self, platform: &str, account: Option<&str>) -> Vec<PublicPost> {
        self.control.world.ledger.list(Some(platform), account)
    }

    /// Forgets what was published.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn forget_posts(&self) -> Result<(), SandboxError> {
        self.control.forget_posts()
    }

    /// Arms a fault.
    ///
    /// # Errors
    /// When the platform is not emulated or a value makes no sense.
    pub fn add_fault(&self, fault: FaultSpec) -> Result<FaultState, SandboxError> {
        let world = &self.control.world;
        world.faults.add(fault, &self.control.platforms(), &world.entropy)
    }

    /// The faults with what is left of them.
    pub fn faults(&self) -> Vec<FaultState> {
        self.control.world.faults.list()
    }

    /// Disarms all faults.
    pub fn clear_faults(&self) {
        self.control.world.faults.clear();
    }

    /// The calls received, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.control.world.requests.list(None, None)
    }

    /// The emulated moment.
    pub fn now(&self) -> Timestamp {
        self.control.world.now()
    }

    /// Moves the emulated time forward (or back).
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn advance_clock(&self, span: domain::Span) -> Result<(), SandboxError> {
        self.control.world.clock.advance(span)
    }
}

async fn answer_without_port(dispatcher: Arc<Dispatcher>, request: Request<Body>) -> Response {
    match tokio::spawn(dispatcher.handle(request)).await {
        Ok(Outcome::Answer(response)) => response,
        Ok(Outcome::Hangup) | Err(_) => {
            let body = json!({"error": "the connection was closed without an answer"});
            (StatusCode::BAD_GATEWAY, axum::Json(body)).into_response()
        }
    }
}
