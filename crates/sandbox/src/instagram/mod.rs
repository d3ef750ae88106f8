//! The emulated Instagram: Instagram Login, content publishing on both of its hosts, comments,
//! figures. What is reached with Facebook Login opens with the tokens of the emulated Facebook.
//! Written from Meta's documentation; must not know our connector.

mod accounts;
mod callers;
mod comments;
mod containers;
mod errors;
mod insights;
mod intake;
mod nodes;
mod oauth;
mod operation;
mod publish;
mod show;
mod state;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;
use crate::meta::asked::{Asked, good};
use crate::meta::error::{GraphError, refused};
use crate::meta::logins::Logins;
use crate::meta::request::GraphRequest;
use crate::meta::versions;

use state::Instagram;

const PLATFORM: &str = "instagram";
/// Where Instagram Login's calls go.
const GRAPH_HOST: &str = "graph.instagram.com";
const TOKEN_HOST: &str = "api.instagram.com";
const PAGE_HOST: &str = "www.instagram.com";
const IMAGE_HOST: &str = "scontent.cdninstagram.com";
/// Where Facebook Login's calls go; the rest of this host is Facebook's.
const FACEBOOK_HOST: &str = "graph.facebook.com";
const UPLOAD_HOST: &str = "rupload.facebook.com";
/// Calls to an account are counted for it under this number.
const LIMITED: i64 = 80_002;

/// Instagram behind the sandbox's port.
pub(crate) struct InstagramEmulator(Arc<Instagram>);

impl InstagramEmulator {
    pub(crate) fn open(world: &Arc<World>, logins: &Arc<Logins>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Instagram::open(world, logins)?)))
    }
}

impl Emulator for InstagramEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[GRAPH_HOST, TOKEN_HOST, PAGE_HOST, "instagram.com", IMAGE_HOST, FACEBOOK_HOST, UPLOAD_HOST]
    }

    fn answers(&self, host: &str, path: &str) -> bool {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        match host {
            UPLOAD_HOST => segments.next() == Some("ig-api-upload"),
            FACEBOOK_HOST => {
                segments.find(|segment| !versions::is_version(segment)).is_some_and(|id| self.0.knows(id))
            }
            _ => true,
        }
    }

    fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        let request = GraphRequest::read(call);
        let is_account = request.path.first().is_some_and(|id| self.0.user(id).is_some());
        operation::operation_of(call.host, &request, is_account)
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &operation::EXEMPT
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        let request = GraphRequest::read(call);
        let entropy = &self.0.world.entropy;
        match refusal {
            Refusal::Error(status) if call.host == TOKEN_HOST => {
                errors::of_exchange(status, "Something went wrong")
            }
            Refusal::RateLimited { .. } if call.host == TOKEN_HOST => {
                errors::of_exchange(StatusCode::BAD_REQUEST, "Application request limit reached")
            }
            _ => refused(refusal, account_of(&self.0, call.host, &request).as_deref(), LIMITED, entropy),
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        self.0.revoke_of(&GraphRequest::read(call))
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        self.0.create_account(wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        self.0.forget_posts()
    }
}

/// Whether a call came by the host of Facebook Login.
fn by_facebook(asked: &Asked) -> bool {
    asked.origin.host != GRAPH_HOST
}

/// Every call: by host, then by method and path.
async fn handle(State(instagram): State<Arc<Instagram>>, request: Request) -> Response {
    let asked = match Asked::read(request).await {
        Ok(asked) => asked,
        Err(status) => return status.into_response(),
    };
    let segments = asked.request.segments();
    match asked.origin.host.as_str() {
        UPLOAD_HOST => upload::receive(&instagram, &asked),
        GRAPH_HOST | FACEBOOK_HOST => match graph(&instagram, &asked).await {
            Ok(answer) => {
                let account = account_of(&instagram, &asked.origin.host, &asked.request);
                good(answer, "instagram", account)
            }
            Err(error) => error.answer(&instagram.world.entropy),
        },
        PAGE_HOST | TOKEN_HOST if segments == ["oauth", "authorize"] => {
            oauth::authorize(&instagram, &asked.request, &asked.origin)
        }
        TOKEN_HOST if segments == ["oauth", "access_token"] && asked.request.method == Method::POST => {
            oauth::exchange(&instagram, &asked.request)
        }
        _ => show::page(&instagram, &asked),
    }
}

/// The account whose bucket a call draws on.
fn account_of(instagram: &Instagram, host: &str, request: &GraphRequest) -> Option<String> {
    if host == GRAPH_HOST {
        return instagram.owner(request).ok().map(|(user, _)| user.id);
    }
    let page = instagram.logins.caller(request).ok()?.page?;
    page.instagram.map(|linked| linked.id)
}

async fn graph(instagram: &Instagram, asked: &Asked) -> Result<Value, GraphError> {
    let request = &asked.request;
    if let Some(version) = &request.version {
        versions::check(version, instagram.world.now())?;
    }
    let segments = request.segments();
    match (&request.method, segments.as_slice()) {
        (&Method::GET, ["access_token"]) if !by_facebook(asked) => oauth::lengthen(instagram, request),
        (&Method::GET, ["refresh_access_token"]) if !by_facebook(asked) => oauth::renew(instagram, request),
        (&Method::GET, ["me"]) if !by_facebook(asked) => nodes::me(instagram, asked),
        (_, [id, edge]) => edge_of(instagram, asked, id, edge).await,
        (&Method::GET, [id]) => nodes::get(instagram, asked, id),
        (&Method::POST, [id]) => nodes::edit(instagram, asked, id),
        (&Method::DELETE, [id]) => nodes::delete(instagram, asked, id),
        _ => Err(GraphError::new(2500, format!("Unknown path components: /{}", segments.join("/")))),
    }
}

async fn edge_of(instagram: &Instagram, asked: &Asked, id: &str, edge: &str) -> Result<Value, GraphError> {
    match (&asked.request.method, edge) {
        (&Method::POST, "media") => containers::create(instagram, asked, id).await,
        (&Method::POST, "media_publish") => publish::publish(instagram, asked, id),
        (&Method::GET, "media") => nodes::list(instagram, asked, id, false),
        (&Method::GET, "stories") => nodes::list(instagram, asked, id, true),
        (&Method::GET, "content_publishing_limit") => publish::limit(instagram, asked, id),
        (&Method::POST, "comments") => comments::create(instagram, asked, id),
        (&Method::GET, "comments") => comments::list(instagram, asked, id),
        (&Method::GET, "insights") => insights::insights(instagram, asked, id),
        _ => Err(GraphError::new(2500, format!("Unknown path components: /{edge}"))),
    }
}
