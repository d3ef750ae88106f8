//! The emulated Mastodon: two servers with accounts, apps and limits of their own, media that are
//! processed, statuses with keys, threads and polls. Written from Mastodon's documentation; must not
//! know our connector. Scheduled statuses are refused: nothing here publishes them at their time.

mod account;
mod apps;
mod consent;
mod errors;
mod instance;
mod limits;
mod media;
mod reads;
mod request;
mod show;
mod state;
mod statuses;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{Request, StatusCode, header};

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::core::{avatar, page};

use errors::MastodonError;
use request::Ask;
use state::Mastodon;

const PLATFORM: &str = "mastodon";
/// The server where accounts are made unless another one is named.
const USUAL_HOST: &str = "mastodon.social";
const HOSTS: &[&str] = &[USUAL_HOST, "mastodon.online"];
/// Above the largest video that a server takes.
const BODY_MAX_BYTES: usize = 128 << 20;

/// Mastodon behind the sandbox's port.
pub(crate) struct MastodonEmulator(Arc<Mastodon>);

impl MastodonEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Mastodon::open(world)?)))
    }
}

async fn serve(State(mastodon): State<Arc<Mastodon>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_else(|| Origin::real(USUAL_HOST));
    let Ok(body) = to_bytes(body, BODY_MAX_BYTES).await else {
        return errors::plain(StatusCode::PAYLOAD_TOO_LARGE, "Request entity too large").into_response();
    };
    let asked = Ask::read(&parts.method, parts.uri.path(), parts.uri.query(), &parts.headers, body).await;
    let ask = match asked {
        Ok(ask) => ask,
        Err(error) => return error.into_response(),
    };
    if !parts.uri.path().starts_with("/api/") {
        return site(&mastodon, &ask, &origin, parts.uri.query());
    }
    let counted = mastodon.count(&ask, &origin);
    let response = match &counted {
        Err(refused) => refused.clone().into_response(),
        Ok(()) => answer(&mastodon, &ask, &origin).unwrap_or_else(IntoResponse::into_response),
    };
    mastodon.with_headers(response, &ask, &origin)
}

fn answer(mastodon: &Mastodon, ask: &Ask, origin: &Origin) -> Result<Response, MastodonError> {
    let json = |value: serde_json::Value| axum::Json(value).into_response();
    match (ask.method.as_str(), ask.path().as_slice()) {
        ("GET", ["api", "v2", "instance"]) => Ok(json(mastodon.instance(origin))),
        ("GET", ["api", "v1", "instance"]) => Ok(json(mastodon.instance_v1(origin))),
        ("POST", ["api", "v1", "apps"]) => mastodon.register_app(ask, origin).map(json),
        ("GET", ["api", "v1", "apps", "verify_credentials"]) => mastodon.verify_app(ask, origin).map(json),
        ("GET", ["api", "v1", "accounts", "verify_credentials"]) => {
            mastodon.verify_credentials(ask, origin).map(json)
        }
        ("GET", ["api", "v1", "accounts", id]) => mastodon.account(id, origin).map(json),
        ("GET", ["api", "v1", "accounts", id, "statuses"]) => mastodon.statuses_of(ask, id, origin),
        ("POST", ["api", "v2", "media"]) => mastodon.upload(ask, origin),
        ("GET", ["api", "v1", "media", id]) => mastodon.media_state(ask, id, origin),
        ("PUT", ["api", "v1", "media", id]) => mastodon.describe(ask, id, origin).map(json),
        ("POST", ["api", "v1", "statuses"]) => mastodon.create_status(ask, origin).map(json),
        ("GET", ["api", "v1", "statuses"]) => mastodon.statuses_by_id(ask, origin).map(json),
        ("GET", ["api", "v1", "statuses", id]) => mastodon.status(ask, id, origin).map(json),
        ("GET", ["api", "v1", "statuses", id, "source"]) => mastodon.source(ask, id, origin).map(json),
        ("GET", ["api", "v1", "statuses", id, "context"]) => mastodon.context(ask, id, origin).map(json),
        ("DELETE", ["api", "v1", "statuses", id]) => mastodon.delete_status(ask, id, origin).map(json),
        ("GET", ["api", "v1", "polls", id]) => mastodon.poll(ask, id, origin).map(json),
        _ => Err(errors::not_found()),
    }
}

/// Sign-in, and the pages that people open.
fn site(mastodon: &Mastodon, ask: &Ask, origin: &Origin, query: Option<&str>) -> Response {
    let missing = || (StatusCode::NOT_FOUND, Html(page::missing())).into_response();
    let json = |answer: Result<serde_json::Value, MastodonError>| {
        answer.map_or_else(IntoResponse::into_response, |value| axum::Json(value).into_response())
    };
    match (ask.method.as_str(), ask.path().as_slice()) {
        ("GET", ["oauth", "authorize"]) => mastodon.authorize(ask, origin, query.unwrap_or_default()),
        ("POST", ["oauth", "token"]) => json(mastodon.token(ask, origin)),
        ("POST", ["oauth", "revoke"]) => json(mastodon.revoke(ask, origin)),
        ("GET", [".well-known", "oauth-authorization-server"]) => json(Ok(Mastodon::oauth_metadata(origin))),
        ("GET", ["avatars", file]) => avatar::answer(file.trim_end_matches(".png")),
        ("GET", ["media_attachments", sha256]) => match mastodon.world.blobs.get(sha256) {
            Some(bytes) => {
                let headers = [
                    (header::CONTENT_TYPE, page::sniff(&bytes)),
                    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                ];
                (headers, bytes).into_response()
            }
            None => missing(),
        },
        ("GET", [handle, id]) if handle.starts_with('@') => match mastodon.world.ledger.find(PLATFORM, id) {
            Some(public) => Html(page::permalink(&public)).into_response(),
            None => missing(),
        },
        _ => missing(),
    }
}

fn operation_of(call: &Call<'_>) -> &'static str {
    let segments: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["api", _, "instance"]) => "instance",
        ("POST", ["api", "v1", "apps"]) => "register_app",
        ("GET", ["api", "v1", "apps", _]) => "verify_app",
        ("GET", ["api", "v1", "accounts", "verify_credentials"]) => "verify_credentials",
        ("GET", ["api", "v1", "accounts", _, "statuses"]) => "user_posts",
        ("GET", ["api", "v1", "accounts", _]) => "get_account",
        ("POST", ["api", "v2", "media"]) => "upload_media",
        ("GET", ["api", "v1", "media", _]) => "media_status",
        ("PUT", ["api", "v1", "media", _]) => "describe_media",
        ("POST", ["api", "v1", "statuses"]) => "create_post",
        ("GET", ["api", "v1", "statuses", ..]) => "get_posts",
        ("DELETE", ["api", "v1", "statuses", _]) => "delete_post",
        ("GET", ["api", "v1", "polls", _]) => "get_poll",
        ("POST", ["oauth", "token"]) => "exchange_code",
        ("POST", ["oauth", "revoke"]) => "revoke",
        ("GET", ["oauth", "authorize"]) => "authorize",
        ("GET", ["avatars" | "media_attachments", _]) => "page",
        ("GET", [handle, _]) if handle.starts_with('@') => "page",
        _ => "other",
    }
}

impl Emulator for MastodonEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        HOSTS
    }

    fn router(&self) -> Router {
        // One handler: a slash at the end of a path is as good as none.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        operation_of(call)
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &[
            "instance",
            "register_app",
            "verify_app",
            "verify_credentials",
            "exchange_code",
            "revoke",
            "authorize",
            "page",
            "other",
        ]
    }

    fn refuse(&self, _: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { reset_at, .. } => limits::refused(reset_at),
            // What the server has no closer reason for, it answers with a page.
            Refusal::Error(status) => errors::page(status),
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        self.0.revoke_token_of(call)
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        self.0.create_account(wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        self.0.keys.clear()?;
        self.0.statuses.clear()
    }
}
