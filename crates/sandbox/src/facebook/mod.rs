//! The emulated Facebook: Login, Pages, the Graph API for posts, photos, videos, reels and stories.
//! Written from Meta's documentation; must not know our connector.

mod account;
mod comments;
mod consent;
mod feed;
mod login;
mod nodes;
mod operation;
mod pages;
mod photos;
mod reads;
mod show;
mod state;
mod stories;
mod upload;
mod videos;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::Method;
use serde_json::{Value, json};

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

use state::Facebook;

const PLATFORM: &str = "facebook";
const GRAPH_HOST: &str = "graph.facebook.com";
const PAGE_HOST: &str = "www.facebook.com";
const IMAGE_HOST: &str = "scontent.xx.fbcdn.net";

/// Facebook behind the sandbox's port.
pub(crate) struct FacebookEmulator(Arc<Facebook>);

impl FacebookEmulator {
    pub(crate) fn open(world: &Arc<World>, logins: &Arc<Logins>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(Facebook::open(world, logins)?)))
    }
}

impl Emulator for FacebookEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[
            GRAPH_HOST,
            "graph-video.facebook.com",
            "rupload.facebook.com",
            PAGE_HOST,
            "facebook.com",
            "m.facebook.com",
            IMAGE_HOST,
        ]
    }

    fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        let request = GraphRequest::read(call);
        let name = operation::operation_of(call, &request);
        let is_node = matches!(name, "get_object" | "media_status");
        if is_node && request.path.first().is_some_and(|id| self.0.page(id).is_some()) {
            return "page_object";
        }
        name
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &operation::EXEMPT
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        let request = GraphRequest::read(call);
        let caller = self.0.logins.caller(&request).ok();
        let page = caller.and_then(|caller| caller.page).map(|page| page.id);
        refused(refusal, page.as_deref(), 32, &self.0.world.entropy)
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        self.0.logins.revoke_of(&GraphRequest::read(call))
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

/// Every call: by host, then by method and path.
async fn handle(State(facebook): State<Arc<Facebook>>, request: Request) -> Response {
    let asked = match Asked::read(request).await {
        Ok(asked) => asked,
        Err(status) => return status.into_response(),
    };
    if asked.origin.host.starts_with("graph") {
        return match graph(&facebook, &asked).await {
            Ok(answer) => {
                let page = facebook.logins.caller(&asked.request).ok().and_then(|caller| caller.page);
                good(answer, "pages", page.map(|page| page.id))
            }
            Err(error) => error.answer(&facebook.world.entropy),
        };
    }
    if asked.origin.host.starts_with("rupload.") {
        return upload::receive(&facebook, &asked).await;
    }
    show::page(&facebook, &asked)
}

async fn graph(facebook: &Arc<Facebook>, asked: &Asked) -> Result<Value, GraphError> {
    let request = &asked.request;
    if let Some(version) = &request.version {
        versions::check(version, facebook.world.now())?;
    }
    let segments = request.segments();
    match (&request.method, segments.as_slice()) {
        (_, ["oauth", "access_token"]) => login::access_token(facebook, request),
        (&Method::GET, ["debug_token"]) => login::debug_token(facebook, request),
        (&Method::GET, ["me"]) => pages::me(facebook, asked),
        (&Method::GET, ["me", "accounts"]) => pages::accounts(facebook, asked),
        (&Method::GET, ["me", "businesses"]) => facebook.logins.caller(request).map(|_| json!({"data": []})),
        (_, ["me", "permissions", ..]) => login::permissions(facebook, request),
        (_, ["me", edge]) => {
            let caller = facebook.logins.caller(request)?;
            let id = caller.page.map_or(caller.user.id, |page| page.id);
            edge_of(facebook, asked, &id, edge).await
        }
        (_, [id, edge]) => edge_of(facebook, asked, id, edge).await,
        (&Method::GET, [id]) => nodes::get(facebook, asked, id),
        (&Method::POST, [id]) => nodes::edit(facebook, request, id),
        (&Method::DELETE, [id]) => nodes::delete(facebook, request, id),
        _ => Err(GraphError::new(2500, format!("Unknown path components: /{}", segments.join("/")))),
    }
}

async fn edge_of(facebook: &Arc<Facebook>, asked: &Asked, id: &str, edge: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    match (&request.method, edge) {
        (&Method::POST, "feed") => feed::create(facebook, asked, id),
        (&Method::POST, "photos") => photos::create(facebook, asked, id).await,
        (&Method::POST, "photo_stories") => stories::create(facebook, asked, id),
        (&Method::POST, "videos") => videos::act(facebook, asked, id).await,
        (&Method::POST, "video_reels") => upload::act(facebook, asked, id, state::Kind::Reel),
        (&Method::POST, "video_stories") => upload::act(facebook, asked, id, state::Kind::Story),
        (&Method::POST, "comments") => comments::create(facebook, asked, id),
        (&Method::GET, "comments") => comments::list(facebook, asked, id),
        (&Method::GET, "feed" | "posts" | "published_posts") => reads::posts(facebook, asked, id),
        (&Method::GET, "video_reels" | "videos") => reads::videos(facebook, asked, id, edge),
        (&Method::GET, "stories") => reads::stories(facebook, asked, id),
        (&Method::GET, "insights") => reads::insights(facebook, request, id),
        _ => Err(GraphError::new(2500, format!("Unknown path components: /{edge}"))),
    }
}
