//! The emulated Pinterest: sign-in with tokens that are renewed again and again, boards and sections,
//! films through a storage's form, pins, figures. Written from Pinterest's documentation of its API v5;
//! must not know our connector.

mod account;
mod analytics;
mod boards;
mod consent;
mod errors;
mod limits;
mod media;
mod pins;
mod request;
mod show;
mod source;
mod state;
mod storage;
mod tokens;
mod validate;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{Request, StatusCode, header};
use serde_json::Value;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::core::{avatar, page};

use errors::PinterestError;
use request::Ask;
use state::Pinterest;

const PLATFORM: &str = "pinterest";
const API_HOST: &str = "api.pinterest.com";
const PAGE_HOST: &str = "www.pinterest.com";
const IMAGE_HOST: &str = "i.pinimg.com";
/// The storage that films are sent to.
const STORAGE_HOST: &str = "pinterest-media-upload.s3-accelerate.amazonaws.com";
/// Five pictures of 20 MB as text.
const BODY_MAX_BYTES: usize = 160 << 20;

/// Pinterest behind the sandbox's port.
pub(crate) struct PinterestEmulator(Arc<Pinterest>);

impl PinterestEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Pinterest::open(world)?)))
    }
}

async fn serve(State(pinterest): State<Arc<Pinterest>>, request: Request<Body>) -> Response {
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_else(|| Origin::real(API_HOST));
    if origin.host == STORAGE_HOST {
        return storage::receive(&pinterest, request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX_BYTES).await else {
        return errors::invalid("The request is too large.").into_response();
    };
    let ask = Ask::read(&parts.method, parts.uri.path(), parts.uri.query(), &parts.headers, body);
    if origin.host != API_HOST {
        return site(&pinterest, &ask, &origin, parts.uri.query().unwrap_or_default());
    }
    if ask.path() == ["v5", "oauth", "token"] {
        return pinterest.token(&ask).map_or_else(IntoResponse::into_response, ok);
    }
    if let Err(refused) = pinterest.count(&ask) {
        return pinterest.with_headers(refused.into_response(), &ask);
    }
    let answered = answer(&pinterest, &ask, &origin).await;
    pinterest.with_headers(answered.unwrap_or_else(IntoResponse::into_response), &ask)
}

fn ok(value: Value) -> Response {
    axum::Json(value).into_response()
}

fn created(value: Value) -> Response {
    (StatusCode::CREATED, axum::Json(value)).into_response()
}

async fn answer(pinterest: &Pinterest, ask: &Ask, origin: &Origin) -> Result<Response, PinterestError> {
    let path = ask.path();
    let ["v5", path @ ..] = path.as_slice() else { return Err(errors::no_resource()) };
    match (ask.method.as_str(), path) {
        ("GET", ["user_account"]) => pinterest.user_account(ask, origin).map(ok),
        ("GET", ["user_account", "analytics"]) => pinterest.account_analytics(ask).map(ok),
        ("GET", ["boards"]) => pinterest.list_boards(ask, origin).map(ok),
        ("POST", ["boards"]) => pinterest.create_board(ask, origin).map(created),
        ("GET", ["boards", id]) => pinterest.get_board(ask, id, origin).map(ok),
        ("GET", ["boards", id, "sections"]) => pinterest.list_sections(ask, id).map(ok),
        ("POST", ["boards", id, "sections"]) => pinterest.create_section(ask, id).map(created),
        ("GET", ["boards", id, "pins"]) => pinterest.pins_of_board(ask, id, origin).map(ok),
        ("POST", ["media"]) => pinterest.register_media(ask, origin).map(created),
        ("GET", ["media", id]) => pinterest.media_state(ask, id).map(ok),
        ("GET", ["pins"]) => pinterest.list_pins(ask, origin).map(ok),
        ("POST", ["pins"]) => pinterest.create_pin(ask, origin).await.map(created),
        ("GET", ["pins", id]) => pinterest.get_pin(ask, id, origin).map(ok),
        ("DELETE", ["pins", id]) => {
            pinterest.delete_pin(ask, id).map(|()| StatusCode::NO_CONTENT.into_response())
        }
        ("GET", ["pins", id, "analytics"]) => pinterest.pin_analytics(ask, id).map(ok),
        _ => Err(errors::no_resource()),
    }
}

/// Sign-in, and what people open.
fn site(pinterest: &Pinterest, ask: &Ask, origin: &Origin, query: &str) -> Response {
    let missing = || (StatusCode::NOT_FOUND, Html(page::missing())).into_response();
    match (ask.method.as_str(), ask.path().as_slice()) {
        ("GET", ["oauth"]) => pinterest.authorize(ask, origin, query),
        ("GET", ["avatars", file]) => avatar::answer(file.trim_end_matches(".png")),
        ("GET", ["pin", id]) => match pinterest.world.ledger.find(PLATFORM, id) {
            Some(public) => Html(page::permalink(&public)).into_response(),
            None => missing(),
        },
        ("GET", [_, sha256]) if origin.host == IMAGE_HOST => match pinterest.world.blobs.get(sha256) {
            Some(bytes) => {
                let headers = [
                    (header::CONTENT_TYPE, page::sniff(&bytes)),
                    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                ];
                (headers, bytes).into_response()
            }
            None => missing(),
        },
        _ => missing(),
    }
}

fn operation_of(call: &Call<'_>) -> &'static str {
    let segments: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    if call.host == STORAGE_HOST {
        return "upload_media";
    }
    match (call.method.as_str(), segments.as_slice()) {
        ("POST", ["v5", "oauth", "token"]) if tokens::is_refresh(call.body) => "refresh_token",
        ("POST", ["v5", "oauth", "token"]) => "exchange_code",
        ("GET", ["v5", "user_account"]) => "me",
        ("GET", ["v5", .., "analytics"]) => "analytics",
        ("GET", ["v5", "boards"]) => "list_boards",
        ("POST", ["v5", "boards"]) => "create_board",
        ("GET", ["v5", "boards", _]) => "get_board",
        (_, ["v5", "boards", _, "sections"]) => "board_sections",
        ("GET", ["v5", "boards", _, "pins"]) => "board_pins",
        ("POST", ["v5", "media"]) => "register_media",
        ("GET", ["v5", "media", _]) => "media_status",
        ("GET", ["v5", "pins"]) => "list_pins",
        ("POST", ["v5", "pins"]) => "create_post",
        ("GET", ["v5", "pins", _]) => "get_post",
        ("DELETE", ["v5", "pins", _]) => "delete_post",
        ("GET", ["oauth"]) => "authorize",
        ("GET", ["pin" | "avatars", _]) => "page",
        _ => "other",
    }
}

impl Emulator for PinterestEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[API_HOST, PAGE_HOST, IMAGE_HOST, STORAGE_HOST]
    }

    fn router(&self) -> Router {
        // One handler: the storage, the pages and the API are told apart by the host.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        operation_of(call)
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["refresh_token", "exchange_code", "authorize", "me", "page", "other"]
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { retry_after_s, .. } => limits::refused(retry_after_s),
            Refusal::Error(status) if call.host == STORAGE_HOST => {
                storage::refused(status, "InternalError", "We encountered an internal error.")
            }
            Refusal::Error(status) => errors::sorry(status).into_response(),
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
        self.0.pins.clear()
    }
}
