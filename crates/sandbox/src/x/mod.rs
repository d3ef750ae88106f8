//! The emulated X: OAuth 2 with PKCE and rotating refresh tokens, posts, media, timelines.
//! Written from the X API v2 documentation and OpenAPI document; must not know our connector.

mod account;
mod errors;
mod length;
mod limits;
mod links;
mod media;
mod oauth;
mod pages;
mod posts;
mod state;
mod timeline;
mod upload;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Router, middleware};
use http::{Method, StatusCode, header};

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;

use state::X;

const PLATFORM: &str = "x";
const PAGE_HOST: &str = "x.com";

/// X behind the sandbox's port.
pub(crate) struct XEmulator(Arc<X>);

impl XEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(X::open(world)?)))
    }
}

/// The name of a call.
fn operation_of(method: &Method, path: &str) -> &'static str {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method.as_str(), segments.as_slice()) {
        ("POST", ["2", "tweets"]) => "create_post",
        ("DELETE", ["2", "tweets", _]) => "delete_post",
        ("GET", ["2", "tweets", ..]) => "get_posts",
        ("GET", ["2", "users", "me"]) => "me",
        ("GET", ["2", "users", _, "tweets"]) => "user_posts",
        ("POST", ["2", "media", "upload"]) => "upload_media",
        ("GET", ["2", "media", "upload"]) => "media_status",
        ("POST", ["2", "media", "upload", "initialize"]) => "media_initialize",
        ("POST", ["2", "media", "upload", _, "append"]) => "media_append",
        ("POST", ["2", "media", "upload", _, "finalize"]) => "media_finalize",
        (_, ["2", "media", "metadata"]) => "media_metadata",
        (_, ["2", "media", "subtitles"]) => "media_subtitles",
        ("POST", ["2", "oauth2", "token"]) => "token",
        ("POST", ["2", "oauth2", "revoke"]) => "revoke",
        ("GET", ["i" | "2", "oauth2", "authorize"]) => "authorize",
        ("GET", [_, "status", _] | ["i", "web", "status", _] | ["profile_images", ..]) => "page",
        _ => "other",
    }
}

impl Emulator for XEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["api.x.com", "api.twitter.com", "x.com", "twitter.com", "pbs.twimg.com"]
    }

    fn router(&self) -> Router {
        let x = Arc::clone(&self.0);
        Router::new()
            .route("/2/tweets", post(posts::create).get(timeline::lookup))
            .route("/2/tweets/{id}", delete(posts::delete).get(timeline::lookup_one))
            .route("/2/users/me", get(account::me))
            .route("/2/users/{id}/tweets", get(timeline::of_user))
            .route("/2/media/upload", post(upload::one_shot).get(upload::status))
            .route("/2/media/upload/initialize", post(upload::initialize))
            .route("/2/media/upload/{id}/append", post(upload::append))
            .route("/2/media/upload/{id}/finalize", post(upload::finalize))
            .route("/2/media/metadata", post(media::set_metadata))
            .route("/2/media/subtitles", post(media::add_subtitles).delete(media::remove_subtitles))
            .route("/2/oauth2/token", post(oauth::token))
            .route("/2/oauth2/revoke", post(oauth::revoke))
            .route("/2/oauth2/authorize", get(oauth::authorize))
            .route("/i/oauth2/authorize", get(oauth::authorize))
            .route("/i/web/status/{id}", get(pages::post_by_id))
            .route("/{user}/status/{id}", get(pages::post))
            .route("/profile_images/{id}/{file}", get(pages::avatar))
            .fallback(pages::not_found)
            .layer(middleware::from_fn_with_state(Arc::clone(&x), limits::count))
            .with_state(x)
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        match operation_of(call.method, call.path) {
            "token" if oauth::is_refresh(call.body) => "refresh_token",
            "token" => "exchange_code",
            other => other,
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["refresh_token", "exchange_code", "revoke", "authorize", "me", "page", "other"]
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        let operation = operation_of(call.method, call.path);
        match refusal {
            Refusal::RateLimited { reset_at, .. } => limits::rate_limited(reset_at, operation),
            // X's gateways answer 503 as a page of HTML, not as JSON.
            Refusal::Error(StatusCode::SERVICE_UNAVAILABLE) => {
                let page = "<html><body><h1>503 Service Unavailable</h1></body></html>";
                let kind = [(header::CONTENT_TYPE, "text/html")];
                (StatusCode::SERVICE_UNAVAILABLE, kind, page).into_response()
            }
            Refusal::Error(status) if operation == "token" => {
                errors::oauth(status, "server_error", "Something is technically wrong.").into_response()
            }
            Refusal::Error(StatusCode::UNAUTHORIZED) => errors::unauthorized().into_response(),
            Refusal::Error(status) => {
                errors::plain(status, "Something is technically wrong.").into_response()
            }
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        self.0.revoke_grant_of(call)
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        self.0.create_account(wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        self.0.texts.clear();
        self.0.posts.clear()
    }
}
