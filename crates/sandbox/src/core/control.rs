//! The control API under `/_sandbox`: what a test or a demo steers the sandbox with.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use domain::{PlatformName, Timestamp};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::accounts::CreateAccount;
use super::dispatch::Served;
use super::error::SandboxError;
use super::faults::FaultSpec;
use super::page;
use super::world::World;
use super::{avatar, clock_api};

/// What the control routes steer.
pub(crate) struct Control {
    pub(crate) world: Arc<World>,
    pub(crate) served: Vec<Served>,
}

type App = State<Arc<Control>>;
type Answer = Result<Json<Value>, SandboxError>;

impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::UnknownPlatform(_) | Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::File { .. } | Self::Record { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(json!({"error": self.to_string()}))).into_response()
    }
}

impl Control {
    pub(crate) fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/", get(show_page))
            .route("/_sandbox/posts", get(list_posts).delete(forget_posts))
            .route("/_sandbox/requests", get(list_requests).delete(forget_requests))
            .route("/_sandbox/faults", get(list_faults).post(add_fault).delete(clear_faults))
            .route("/_sandbox/accounts", axum::routing::post(create_account))
            .route("/_sandbox/clock", get(clock_api::show_clock).post(clock_api::move_clock))
            .route("/_sandbox/clock/followers/{name}", axum::routing::post(clock_api::follow_clock))
            .route("/_sandbox/blobs/{sha256}", get(show_blob))
            .route("/_sandbox/avatars/{name}", get(show_avatar))
            .fallback(not_found)
            .with_state(self)
    }

    /// The names of the emulated platforms.
    pub(crate) fn platforms(&self) -> Vec<&'static str> {
        self.served.iter().map(|served| served.emulator.platform()).collect()
    }

    /// The emulator of a platform.
    pub(crate) fn find(&self, platform: &str) -> Result<&Served, SandboxError> {
        let name = PlatformName::from_text(platform);
        self.served
            .iter()
            .find(|served| served.emulator.platform() == name.as_str())
            .ok_or_else(|| SandboxError::UnknownPlatform(platform.to_owned()))
    }

    /// Forgets what was published, here and on the platforms.
    pub(crate) fn forget_posts(&self) -> Result<(), SandboxError> {
        for served in &self.served {
            served.emulator.forget_posts()?;
        }
        self.world.ledger.clear()
    }
}

async fn not_found() -> Response {
    let message = "no emulated platform has this host, and the control API has no such path";
    (StatusCode::NOT_FOUND, Json(json!({"error": message}))).into_response()
}

async fn show_page(State(app): App) -> Html<String> {
    Html(page::feeds(&app.platforms(), &app.world.ledger.list(None, None), app.world.now()))
}

#[derive(Deserialize)]
struct PostFilter {
    platform: Option<String>,
    account: Option<String>,
    #[serde(default)]
    include_deleted: bool,
}

async fn list_posts(State(app): App, Query(filter): Query<PostFilter>) -> Json<Value> {
    let platform = filter.platform.as_deref().map(PlatformName::from_text);
    let platform = platform.as_ref().map(PlatformName::as_str);
    let ledger = &app.world.ledger;
    let posts = if filter.include_deleted {
        ledger.list_ever(platform, filter.account.as_deref())
    } else {
        ledger.list(platform, filter.account.as_deref())
    };
    Json(json!({"posts": posts}))
}

async fn forget_posts(State(app): App) -> Result<StatusCode, SandboxError> {
    app.forget_posts()?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct RequestFilter {
    platform: Option<String>,
    since: Option<String>,
}

async fn list_requests(State(app): App, Query(filter): Query<RequestFilter>) -> Answer {
    let since = filter.since.as_deref().map(moment_of).transpose()?;
    let platform = filter.platform.as_deref().map(PlatformName::from_text);
    let requests = app.world.requests.list(platform.as_ref().map(PlatformName::as_str), since);
    Ok(Json(json!({"requests": requests})))
}

async fn forget_requests(State(app): App) -> StatusCode {
    app.world.requests.clear();
    StatusCode::NO_CONTENT
}

async fn list_faults(State(app): App) -> Json<Value> {
    Json(json!({"faults": app.world.faults.list()}))
}

async fn add_fault(State(app): App, body: Bytes) -> Result<Response, SandboxError> {
    let spec: FaultSpec = read(&body)?;
    let state = app.world.faults.add(spec, &app.platforms(), &app.world.entropy)?;
    Ok((StatusCode::CREATED, Json(state)).into_response())
}

async fn clear_faults(State(app): App) -> StatusCode {
    app.world.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct NewAccount {
    platform: String,
    #[serde(flatten)]
    wanted: CreateAccount,
}

async fn create_account(State(app): App, headers: HeaderMap, body: Bytes) -> Result<Response, SandboxError> {
    let NewAccount { platform, wanted } = read(&body)?;
    let served = app.find(&platform)?;
    let authority = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let origin = super::origin::Origin::by_path("", authority);
    let created = served.emulator.create_account(&wanted, &origin)?;
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

async fn show_blob(State(app): App, Path(sha256): Path<String>) -> Response {
    match app.world.blobs.get(&sha256) {
        Some(bytes) => {
            let kind = page::sniff(&bytes);
            // Uploaded bytes are shown on the sandbox's own origin: never as a page.
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, bytes).into_response()
        }
        None => not_found().await,
    }
}

async fn show_avatar(Path(name): Path<String>) -> Response {
    avatar::answer(name.trim_end_matches(".png"))
}

pub(crate) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, SandboxError> {
    serde_json::from_slice(body)
        .map_err(|error| SandboxError::invalid(format!("the body is not right: {error}")))
}

/// Reads ISO 8601 or milliseconds since 1970.
pub(crate) fn moment_of(text: &str) -> Result<Timestamp, SandboxError> {
    match text.parse::<i64>() {
        Ok(millis) => Ok(Timestamp::from_millis(millis)),
        Err(_) => Timestamp::parse(text).map_err(|_| {
            SandboxError::invalid(format!("\"{text}\" is neither an ISO 8601 time nor milliseconds"))
        }),
    }
}
