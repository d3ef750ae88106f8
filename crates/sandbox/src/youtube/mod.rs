//! The emulated YouTube: Google's OAuth 2, resumable and simple uploads, videos, thumbnails, comments,
//! quota.
//! Written from the Data API v3 documentation and discovery document; must not know our connector.

mod account;
mod comments;
mod errors;
mod oauth;
mod pages;
mod query;
mod quota;
mod simple_upload;
mod state;
mod thumbnails;
mod upload;
mod video_json;
mod videos;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;

use state::YouTube;

const PLATFORM: &str = "youtube";
const PAGE_HOST: &str = "www.youtube.com";
const PICTURE_HOST: &str = "i.ytimg.com";
const AVATAR_HOST: &str = "yt3.ggpht.com";

/// YouTube behind the sandbox's port.
pub(crate) struct YouTubeEmulator(Arc<YouTube>);

impl YouTubeEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(YouTube::open(world)?)))
    }
}

/// The name of a call. What makes a video is `create_post`: the last piece of an upload, or all of it
/// at once.
fn operation_of(call: &Call<'_>) -> &'static str {
    let segments: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    let is = |method: Method| *call.method == method;
    let upload = match segments.as_slice() {
        ["upload" | "resumable", rest @ ..] => match rest {
            ["upload", rest @ ..] | rest => Some(rest),
        },
        _ => None,
    };
    if let Some(rest) = upload {
        return match rest {
            ["youtube", "v3", "videos"] if is(Method::POST) => {
                if upload::is_resumable(call.query, call.headers) { "upload_start" } else { "create_post" }
            }
            ["youtube", "v3", "videos"] => upload::operation(call.headers),
            ["youtube", "v3", "thumbnails", "set"] => "set_thumbnail",
            _ => "other",
        };
    }
    match segments.as_slice() {
        ["youtube", "v3", "videos"] if is(Method::GET) => "get_videos",
        ["youtube", "v3", "videos"] if is(Method::PUT) => "update_video",
        ["youtube", "v3", "videos"] if is(Method::DELETE) => "delete_post",
        ["youtube", "v3", "playlistItems"] => "playlist_items",
        ["youtube", "v3", "commentThreads"] if is(Method::POST) => "create_comment",
        ["youtube", "v3", "commentThreads"] => "comments",
        ["youtube", "v3", "channels"] => "me",
        ["token"] | ["oauth2", "v4", "token"] => "token",
        ["revoke"] => "revoke",
        ["o", "oauth2", ..] => "authorize",
        ["watch"] | ["shorts" | "vi" | "a", ..] => "page",
        _ => "other",
    }
}

impl Emulator for YouTubeEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[
            "www.googleapis.com",
            "youtube.googleapis.com",
            "oauth2.googleapis.com",
            "accounts.google.com",
            "youtubeanalytics.googleapis.com",
            PAGE_HOST,
            "youtu.be",
            PICTURE_HOST,
            AVATAR_HOST,
        ]
    }

    fn router(&self) -> Router {
        let uploads = post(upload::begin).put(upload::put);
        Router::new()
            .route("/o/oauth2/v2/auth", get(oauth::authorize))
            .route("/o/oauth2/auth", get(oauth::authorize))
            .route("/token", post(oauth::token))
            .route("/oauth2/v4/token", post(oauth::token))
            .route("/revoke", post(oauth::revoke))
            .route("/youtube/v3/channels", get(account::channels))
            .route("/youtube/v3/videos", get(videos::list).put(videos::update).delete(videos::delete))
            .route("/youtube/v3/playlistItems", get(videos::playlist_items))
            .route("/youtube/v3/commentThreads", get(comments::list).post(comments::create))
            .route("/upload/youtube/v3/videos", uploads.clone())
            .route("/resumable/upload/youtube/v3/videos", uploads)
            .route("/upload/youtube/v3/thumbnails/set", post(thumbnails::set))
            .route("/resumable/upload/youtube/v3/thumbnails/set", post(thumbnails::set))
            .route("/watch", get(pages::watch))
            .route("/shorts/{id}", get(pages::short))
            .route("/vi/{id}/{file}", get(pages::picture))
            .route("/a/{id}", get(pages::avatar))
            .fallback(pages::not_found)
            .with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        match operation_of(call) {
            "token" if oauth::is_refresh(call.body) => "refresh_token",
            "token" => "exchange_code",
            other => other,
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["refresh_token", "exchange_code", "revoke", "authorize", "me", "page", "other"]
    }

    fn logged_path(&self, path: &str) -> String {
        path.to_owned()
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        let operation = operation_of(call);
        match refusal {
            Refusal::RateLimited { retry_after_s, .. } => {
                let mut answer = errors::refusal(
                    StatusCode::TOO_MANY_REQUESTS,
                    "youtube.quota",
                    "rateLimitExceeded",
                    "Too many requests have been sent.",
                )
                .into_response();
                answer.headers_mut().insert(header::RETRY_AFTER, retry_after_s.into());
                answer
            }
            Refusal::Error(status) if matches!(operation, "token" | "revoke") => {
                (status, axum::Json(json!({"error": "internal_failure"}))).into_response()
            }
            Refusal::Error(StatusCode::UNAUTHORIZED) => errors::unauthorized().into_response(),
            // The hosts of uploads answer in plain text.
            Refusal::Error(StatusCode::SERVICE_UNAVAILABLE) => {
                (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").into_response()
            }
            Refusal::Error(status) => {
                let (domain, reason) = match status.as_u16() {
                    403 => ("youtube.common", "forbidden"),
                    404 => ("youtube.video", "videoNotFound"),
                    400 => ("youtube.parameter", "badRequest"),
                    _ => ("youtube.common", "backendError"),
                };
                errors::refusal(status, domain, reason, "Backend Error").into_response()
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
        self.0.uploads.clear()?;
        self.0.comments.clear()?;
        self.0.videos.clear()
    }
}
