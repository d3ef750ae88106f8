//! The emulated TikTok: sign-in, tokens that rotate, what an account may post, direct posts and
//! drafts of uploaded and fetched media, their state, and the public posts. Written from the
//! Content Posting and Display API documentation; must not know our connector.

mod accept;
mod account;
mod begin;
mod consent;
mod creator;
mod draft;
mod errors;
mod files;
mod reads;
mod request;
mod state;
mod tokens;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, StatusCode, header};

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::core::{avatar, page};

use request::Ask;
use state::TikTok;
use upload::Piece;

const PLATFORM: &str = "tiktok";
const API_HOST: &str = "open.tiktokapis.com";
const UPLOAD_HOST: &str = "open-upload.tiktokapis.com";
const PAGE_HOST: &str = "www.tiktok.com";
const AVATAR_HOST: &str = "p16-sign.tiktokcdn.com";
/// The last chunk of a video may be twice as large as others.
const CHUNK_MAX_BYTES: usize = 128 << 20;
const BODY_MAX_BYTES: usize = 1 << 20;

/// TikTok behind the sandbox's port.
pub(crate) struct TikTokEmulator(Arc<TikTok>);

impl TikTokEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(TikTok::open(world)?)))
    }
}

async fn serve(State(tiktok): State<Arc<TikTok>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_else(|| Origin::real(API_HOST));
    let limit = if origin.host == UPLOAD_HOST { CHUNK_MAX_BYTES } else { BODY_MAX_BYTES };
    let Ok(body) = to_bytes(body, limit).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match origin.host.as_str() {
        UPLOAD_HOST if parts.method == Method::PUT && parts.uri.path() == "/video/" => {
            tiktok.put_chunk(&parts, &body, &origin)
        }
        UPLOAD_HOST => StatusCode::NOT_FOUND.into_response(),
        API_HOST => api(&tiktok, &parts, body, &origin).await,
        _ => site(&tiktok, &Ask::read(&parts, body), &origin),
    }
}

/// The API. The slash at the end of a path belongs to it.
async fn api(tiktok: &TikTok, parts: &Parts, body: Bytes, origin: &Origin) -> Response {
    let ask = Ask::read(parts, body);
    let answered = match (ask.method.as_str(), ask.path.as_str()) {
        ("POST", "/v2/oauth/token/") => return tiktok.token_endpoint(&ask),
        ("POST", "/v2/oauth/revoke/") => return tiktok.revoke_endpoint(&ask),
        ("GET", "/v2/user/info/") => tiktok.user_info(&ask, origin),
        ("POST", "/v2/post/publish/creator_info/query/") => tiktok.creator_info(&ask, origin),
        ("POST", "/v2/post/publish/video/init/") => tiktok.begin_video(&ask, true, origin).await,
        ("POST", "/v2/post/publish/inbox/video/init/") => tiktok.begin_video(&ask, false, origin).await,
        ("POST", "/v2/post/publish/content/init/") => tiktok.begin_photos(&ask, origin).await,
        ("POST", "/v2/post/publish/status/fetch/") => tiktok.status(&ask),
        ("POST", "/v2/post/publish/cancel/") => tiktok.cancel(&ask),
        ("POST", "/v2/video/list/") => tiktok.list_videos(&ask, origin),
        ("POST", "/v2/video/query/") => tiktok.query_videos(&ask, origin),
        _ => return errors::no_path(),
    };
    tiktok.answer(answered)
}

/// The pages that people open.
fn site(tiktok: &TikTok, ask: &Ask, origin: &Origin) -> Response {
    let missing = || (StatusCode::NOT_FOUND, Html(page::missing())).into_response();
    let segments: Vec<&str> = ask.path.split('/').filter(|segment| !segment.is_empty()).collect();
    match (&ask.method, segments.as_slice()) {
        (&Method::GET, ["v2", "auth", "authorize"]) => tiktok.authorize(ask, origin),
        (&Method::GET, ["avatars", file]) => avatar::answer(file.trim_end_matches(".png")),
        (&Method::GET, [_, "video" | "photo", id]) => {
            let public = tiktok.world.ledger.find(PLATFORM, id);
            let public = public.filter(|post| post.extra["privacy_level"] == "PUBLIC_TO_EVERYONE");
            public.map_or_else(missing, |post| Html(page::permalink(&post)).into_response())
        }
        _ => missing(),
    }
}

impl TikTokEmulator {
    fn operation_of(&self, call: &Call<'_>) -> &'static str {
        let json = || serde_json::from_slice::<serde_json::Value>(call.body).unwrap_or_default();
        let is_fetched = || json()["source_info"]["source"] == "PULL_FROM_URL";
        match (call.host, call.path) {
            (UPLOAD_HOST, _) => match Piece::read(call.headers) {
                Some(piece) if piece.is_last() => self.what_the_last_chunk_does(call),
                _ => "upload_chunk",
            },
            (API_HOST, "/v2/oauth/token/") => {
                let is_renewal = String::from_utf8_lossy(call.body).contains("grant_type=refresh_token");
                if is_renewal { "refresh_token" } else { "exchange_code" }
            }
            (API_HOST, "/v2/oauth/revoke/") => "revoke_token",
            (API_HOST, "/v2/user/info/") => "me",
            (API_HOST, "/v2/post/publish/creator_info/query/") => "creator_info",
            (API_HOST, "/v2/post/publish/video/init/") if is_fetched() => "create_post",
            (API_HOST, "/v2/post/publish/inbox/video/init/") if is_fetched() => "create_draft",
            (API_HOST, "/v2/post/publish/video/init/" | "/v2/post/publish/inbox/video/init/") => {
                "init_upload"
            }
            (API_HOST, "/v2/post/publish/content/init/") if json()["post_mode"] == "MEDIA_UPLOAD" => {
                "create_draft"
            }
            (API_HOST, "/v2/post/publish/content/init/") => "create_post",
            (API_HOST, "/v2/post/publish/status/fetch/") => "publish_status",
            (API_HOST, "/v2/post/publish/cancel/") => "cancel",
            (API_HOST, "/v2/video/list/") => "user_posts",
            (API_HOST, "/v2/video/query/") => "get_post",
            (PAGE_HOST, path) if path.starts_with("/v2/auth/authorize") => "authorize",
            (API_HOST, _) => "other",
            _ => "page",
        }
    }

    /// The last chunk of a direct post makes it public.
    fn what_the_last_chunk_does(&self, call: &Call<'_>) -> &'static str {
        let query = url::form_urlencoded::parse(call.query.unwrap_or_default().as_bytes());
        let id = query.into_iter().find(|(name, _)| name == "upload_id").map(|(_, value)| value.into_owned());
        let is_it = |row: &state::Publish| row.upload.as_ref().map(|upload| &upload.id) == id.as_ref();
        match self.0.publishes.find(is_it) {
            Some((_, publish)) if !publish.draft.direct => "create_draft",
            _ => "create_post",
        }
    }
}

impl Emulator for TikTokEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[API_HOST, UPLOAD_HOST, PAGE_HOST, AVATAR_HOST]
    }

    fn router(&self) -> Router {
        // One handler: the slash at the end of a path decides.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        self.operation_of(call)
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["exchange_code", "refresh_token", "revoke_token", "authorize", "me", "page", "other"]
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        let status = match refusal {
            Refusal::Error(status) => status,
            Refusal::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        };
        let answer = match (call.host, self.operation_of(call)) {
            (UPLOAD_HOST, _) => status.into_response(),
            (_, "exchange_code" | "refresh_token" | "revoke_token") => {
                let words = "The authorization server met an unexpected condition.";
                self.0.refusal(errors::oauth("server_error", words), status)
            }
            _ => self.0.refusal(refusal_in_words(status), status),
        };
        match refusal {
            // TikTok names no time; it is there because whoever set the fault asked for one.
            Refusal::RateLimited { retry_after_s, .. } => {
                ([(header::RETRY_AFTER, retry_after_s.to_string())], answer).into_response()
            }
            Refusal::Error(_) => answer,
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
        self.0.publishes.clear()
    }
}

/// The error that goes with a status, where nothing else is known of the fault.
fn refusal_in_words(status: StatusCode) -> errors::Refused {
    match status.as_u16() {
        401 => errors::bad_token(),
        429 => errors::throttled(),
        _ => errors::api(status, "internal_error", "Something went wrong. Please try again later."),
    }
}
