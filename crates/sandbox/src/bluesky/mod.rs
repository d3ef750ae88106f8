//! The emulated Bluesky: an entryway, a personal data server, a directory of DIDs, a view of posts.
//! Written from the AT Protocol documentation and lexicons; must not know our connector.

mod blobs;
mod cid;
mod errors;
mod limits;
mod pages;
mod reads;
mod records;
mod session;
mod state;
mod tid;
mod token;
mod validate;
mod video;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;

use state::Bluesky;

const PLATFORM: &str = "bluesky";
const ENTRYWAY: &str = "bsky.social";
/// The host that serves every emulated account.
const PDS: &str = "morel.us-east.host.bsky.network";
const PAGE_HOST: &str = "bsky.app";

/// Bluesky behind the sandbox's port.
pub(crate) struct BlueskyEmulator(Arc<Bluesky>);

impl BlueskyEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Bluesky::open(world)?)))
    }
}

impl Emulator for BlueskyEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[
            ENTRYWAY,
            "*.host.bsky.network",
            "public.api.bsky.app",
            PAGE_HOST,
            "plc.directory",
            "cdn.bsky.app",
            "video.bsky.app",
        ]
    }

    fn router(&self) -> Router {
        let bluesky = Arc::clone(&self.0);
        let xrpc = Router::new()
            .route("/com.atproto.server.createSession", post(session::create))
            .route("/com.atproto.server.refreshSession", post(session::refresh))
            .route("/com.atproto.server.deleteSession", post(session::delete))
            .route("/com.atproto.server.getSession", get(session::get))
            .route("/com.atproto.server.getServiceAuth", get(session::service_auth))
            .route("/com.atproto.server.describeServer", get(reads::describe_server))
            .route("/com.atproto.identity.resolveHandle", get(reads::resolve_handle))
            .route("/com.atproto.repo.uploadBlob", post(blobs::upload))
            .route("/com.atproto.sync.getBlob", get(blobs::get))
            .route("/com.atproto.repo.createRecord", post(records::create))
            .route("/com.atproto.repo.putRecord", post(records::put))
            .route("/com.atproto.repo.deleteRecord", post(records::delete))
            .route("/com.atproto.repo.getRecord", get(records::get))
            .route("/com.atproto.repo.listRecords", get(records::list))
            .route("/app.bsky.actor.getProfile", get(reads::profile))
            .route("/app.bsky.feed.getPosts", get(reads::posts))
            .route("/app.bsky.video.getUploadLimits", get(video::limits))
            .route("/app.bsky.video.uploadVideo", post(video::upload))
            .route("/app.bsky.video.startUpload", post(video::start))
            .route("/app.bsky.video.uploadPart", post(video::part))
            .route("/app.bsky.video.getUploadStatus", get(video::upload_status))
            .route("/app.bsky.video.finishUpload", post(video::finish))
            .route("/app.bsky.video.abortUpload", post(video::abort))
            .route("/app.bsky.video.getJobStatus", get(video::job_status))
            .route("/_health", get(reads::health))
            .layer(middleware::from_fn_with_state(Arc::clone(&bluesky), limits::count));
        Router::new()
            .nest("/xrpc", xrpc)
            .route("/profile/{actor}/post/{rkey}", get(pages::post))
            .route("/img/avatar/{did}", get(pages::avatar))
            .route("/{did}", get(reads::did_document))
            .fallback(errors::unknown_method)
            .with_state(bluesky)
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        match call.path.trim_start_matches("/xrpc/") {
            "com.atproto.server.createSession" => "create_session",
            "com.atproto.server.refreshSession" => "refresh_session",
            "com.atproto.server.deleteSession" => "delete_session",
            "com.atproto.server.getSession" => "get_session",
            "com.atproto.identity.resolveHandle" => "resolve_handle",
            "com.atproto.repo.uploadBlob" => "upload_blob",
            "com.atproto.server.getServiceAuth" => "service_auth",
            "app.bsky.video.getUploadLimits" => "video_limits",
            "app.bsky.video.uploadVideo" => "upload_video",
            "app.bsky.video.startUpload" => "start_video",
            "app.bsky.video.uploadPart" => "upload_video_part",
            "app.bsky.video.finishUpload" => "finish_video",
            "app.bsky.video.getJobStatus" => "video_status",
            "com.atproto.repo.createRecord" | "com.atproto.repo.putRecord" if writes_post(call) => {
                "create_post"
            }
            "com.atproto.repo.createRecord" | "com.atproto.repo.putRecord" => "write_record",
            "com.atproto.repo.deleteRecord" => "delete_record",
            "com.atproto.repo.getRecord" => "get_record",
            "com.atproto.repo.listRecords" => "list_records",
            "com.atproto.sync.getBlob" => "get_blob",
            "app.bsky.actor.getProfile" => "get_profile",
            "app.bsky.feed.getPosts" => "get_posts",
            path if path.starts_with("/profile/") || path.starts_with("/img/") => "page",
            _ => "other",
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &[
            "create_session",
            "refresh_session",
            "delete_session",
            "get_session",
            "resolve_handle",
            "get_profile",
            "page",
            "other",
        ]
    }

    fn refuse(&self, _call: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { retry_after_s, reset_at } => limits::refused(retry_after_s, reset_at),
            Refusal::Error(status) if status.is_server_error() => {
                errors::plain(status, "InternalServerError", "Internal Server Error").into_response()
            }
            Refusal::Error(status) => {
                errors::plain(status, "UpstreamFailure", "The request failed").into_response()
            }
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        self.0.revoke(call.headers)
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        self.0.create_account(wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        // The service knows the same bytes again as long as it remembers their job.
        self.0.jobs.clear()?;
        self.0.records.clear()
    }
}

fn writes_post(call: &Call<'_>) -> bool {
    *call.method == Method::POST
        && serde_json::from_slice::<Value>(call.body).is_ok_and(|body| body["collection"] == records::POST)
}

/// A status of the AT Protocol is 400 for nearly everything that a caller did wrong.
const BAD: StatusCode = StatusCode::BAD_REQUEST;
