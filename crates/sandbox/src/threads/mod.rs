//! The emulated Threads: sign-in, long-lived tokens, containers that fetch their media, publishing,
//! replies, quotas and figures. Written from the Threads API documentation; must not know our
//! connector.

mod account;
mod consent;
mod container;
mod errors;
mod insights;
mod media;
mod publish;
mod reads;
mod request;
mod state;
mod text;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{Method, Request, StatusCode, header};
use serde_json::Value;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::core::{avatar, page};

use errors::ThreadsError;
use request::Ask;
use state::Threads;

const PLATFORM: &str = "threads";
const PAGE_HOST: &str = "www.threads.com";
/// Calls carry addresses, never files.
const BODY_MAX_BYTES: usize = 1 << 20;

/// Threads behind the sandbox's port.
pub(crate) struct ThreadsEmulator(Arc<Threads>);

impl ThreadsEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Threads::open(world)?)))
    }
}

async fn serve(State(threads): State<Arc<Threads>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX_BYTES).await else {
        return errors::parameter("The request is too large.").into_response();
    };
    let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_else(|| Origin::real(PAGE_HOST));
    if !origin.host.starts_with("graph.") {
        return site(&threads, &parts, &body, &origin);
    }
    let asked = Ask::read(&parts.method, parts.uri.path(), parts.uri.query(), &parts.headers, &body);
    let answered = match &asked {
        Ok(ask) => answer(&threads, ask, &origin).await,
        Err(_) => asked.map(|_| Value::Null),
    };
    answered.map_or_else(IntoResponse::into_response, |value| axum::Json(value).into_response())
}

async fn answer(threads: &Threads, ask: &Ask, origin: &Origin) -> Result<Value, ThreadsError> {
    match (ask.method.as_str(), ask.path().as_slice()) {
        ("POST" | "GET", ["oauth", "access_token"]) => threads.access_token(ask),
        ("GET", ["access_token"]) => threads.lengthen(ask),
        ("GET", ["refresh_access_token"]) => threads.renew(ask),
        ("GET", ["debug_token"]) => threads.debug_token(ask),
        ("GET", ["me"]) => threads.profile(ask, origin),
        ("POST", [user, "threads"]) => threads.create_container(ask, user, origin).await,
        ("POST", [user, "threads_publish"]) => threads.publish(ask, user, origin),
        ("GET", [user, "threads"]) => threads.of_user(ask, user, false, origin),
        ("GET", [user, "threads_publishing_limit"]) => threads.publishing_limit(ask, user),
        ("GET", [user, "threads_insights"]) => threads.profile_insights(ask, user),
        ("GET", [id, "replies"]) if threads.posts.get(id).is_none() => threads.of_user(ask, id, true, origin),
        ("GET", [id, "replies"]) => threads.answers(ask, id, false, origin),
        ("GET", [id, "conversation"]) => threads.answers(ask, id, true, origin),
        ("GET", [id, "insights"]) => threads.post_insights(ask, id),
        ("POST", [id, "repost"]) => threads.repost(ask, id, origin),
        ("POST", [id, "manage_reply"]) => threads.manage_reply(ask, id, false),
        ("POST", [id, "manage_pending_reply"]) => threads.manage_reply(ask, id, true),
        ("DELETE", [id]) => threads.delete(ask, id),
        ("GET", [id]) => threads.show(ask, id, origin),
        (method, path) => Err(errors::no_object(&method.to_lowercase(), &path.join("/"))),
    }
}

/// The pages that people open.
fn site(threads: &Threads, parts: &http::request::Parts, body: &[u8], origin: &Origin) -> Response {
    let missing = || (StatusCode::NOT_FOUND, Html(page::missing())).into_response();
    let ask = Ask::read(&parts.method, parts.uri.path(), parts.uri.query(), &parts.headers, body);
    let Ok(ask) = ask else { return missing() };
    match (&ask.method, ask.path().as_slice()) {
        (&Method::GET, ["oauth", "authorize"]) => threads.authorize(&ask, origin),
        (&Method::GET, ["profile-pictures", file]) => avatar::answer(file.trim_end_matches(".png")),
        (&Method::GET, ["media", sha256]) => match threads.world.blobs.get(sha256) {
            Some(bytes) => {
                let headers = [
                    (header::CONTENT_TYPE, page::sniff(&bytes)),
                    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                ];
                (headers, bytes).into_response()
            }
            None => missing(),
        },
        (&Method::GET, [_, "post", shortcode]) => {
            let post = threads.posts.find(|post| post.shortcode == *shortcode);
            match post.and_then(|(id, _)| threads.world.ledger.find(PLATFORM, &id)) {
                Some(public) => Html(page::permalink(&public)).into_response(),
                None => missing(),
            }
        }
        _ => missing(),
    }
}

impl ThreadsEmulator {
    fn operation_of(&self, call: &Call<'_>) -> &'static str {
        let Ok(ask) = Ask::read(call.method, call.path, call.query, call.headers, call.body) else {
            return "other";
        };
        if !call.host.starts_with("graph.") {
            return if ask.path() == ["oauth", "authorize"] { "authorize" } else { "page" };
        }
        match (ask.method.as_str(), ask.path().as_slice()) {
            ("POST", ["oauth", "access_token"]) => "exchange_code",
            ("GET", ["oauth", "access_token"]) => "app_token",
            (_, ["access_token"]) => "exchange_token",
            (_, ["refresh_access_token"]) => "refresh_token",
            (_, ["debug_token"]) => "debug_token",
            ("GET", ["me"]) => "me",
            ("POST", [_, "threads"]) if ask.flag("auto_publish_text") => "create_post",
            ("POST", [_, "threads"]) => "create_container",
            ("POST", [_, "threads_publish"]) => "create_post",
            ("GET", [_, "threads"]) => "user_posts",
            ("GET", [_, "threads_publishing_limit"]) => "publishing_limit",
            ("GET", [_, "threads_insights" | "insights"]) => "insights",
            ("GET", [id, "replies"]) if self.0.posts.get(id).is_none() => "user_replies",
            ("GET", [_, "replies" | "conversation" | "pending_replies"]) => "replies",
            ("POST", [_, "repost"]) => "repost",
            ("POST", [_, "manage_reply" | "manage_pending_reply"]) => "manage_reply",
            ("DELETE", [_]) => "delete_post",
            ("GET", [id]) if self.0.containers.get(id).is_some() => "container_status",
            ("GET", [_]) => "get_post",
            _ => "other",
        }
    }
}

impl Emulator for ThreadsEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[
            "graph.threads.net",
            "graph.threads.com",
            "threads.net",
            "www.threads.net",
            "threads.com",
            "www.threads.com",
        ]
    }

    fn router(&self) -> Router {
        // One handler: the version in front of a path may be left out.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        self.operation_of(call)
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &[
            "exchange_code",
            "app_token",
            "exchange_token",
            "refresh_token",
            "debug_token",
            "authorize",
            "me",
            "page",
            "other",
        ]
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { retry_after_s, .. } => errors::throttled(retry_after_s),
            Refusal::Error(status)
                if status.is_client_error() && self.operation_of(call) == "exchange_code" =>
            {
                errors::flat("An unknown error has occurred.").into_response()
            }
            Refusal::Error(status) => errors::failing(status),
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
        self.0.posts.clear()
    }
}
