//! The emulated WordPress: sites with users, roles and application passwords, a library of files,
//! terms and posts (REST API handbook; answers compared with WordPress 6.1). Must not know our
//! connector.

mod account;
mod errors;
mod html;
mod media;
mod pages;
mod posts;
mod request;
mod show;
mod state;
mod terms;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Request, StatusCode, header};

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;

use errors::RestError;
use request::{Ask, Form, Reply};
use state::{Site, WordPress};

const PLATFORM: &str = "wordpress";
/// Every emulated site is a name below this one.
const HOST: &str = "wp.example";
/// What the web server before a site takes.
const BODY_MAX_BYTES: usize = 64 << 20;

/// WordPress behind the sandbox's port.
pub(crate) struct WordPressEmulator(Arc<WordPress>);

impl WordPressEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(WordPress::open(world)?)))
    }
}

async fn serve(State(wordpress): State<Arc<WordPress>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX_BYTES).await else {
        return pages::of_server(StatusCode::PAYLOAD_TOO_LARGE, "413 Request Entity Too Large");
    };
    let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_else(|| Origin::real(HOST));
    let Some(site) = wordpress.sites.get(&origin.host) else { return pages::no_site() };
    let place = Place { wordpress: &wordpress, site: &site, origin: &origin };
    let call = Call {
        host: &origin.host,
        method: &parts.method,
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
    };
    let mut response = match request::route(&call, site.plain) {
        Some(route) => answer(place, &call, Form::read(&parts, &body).await, &route),
        None => pages::serve(place, &call),
    };
    let root = place.api("/");
    if let Ok(link) = HeaderValue::from_str(&format!("<{root}>; rel=\"https://api.w.org/\"")) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// A call's site, and how it was reached.
#[derive(Clone, Copy)]
struct Place<'a> {
    wordpress: &'a WordPress,
    site: &'a Site,
    origin: &'a Origin,
}

impl Place<'_> {
    /// The site's own address of a path.
    fn url(self, path: &str) -> String {
        self.origin.url(&self.site.host, path)
    }

    /// The address of a route of the API.
    fn api(self, route: &str) -> String {
        if self.site.plain {
            self.url(&format!("/index.php?rest_route={route}"))
        } else {
            self.url(&format!("/wp-json{route}"))
        }
    }
}

fn answer(place: Place<'_>, call: &Call<'_>, sent: Form, route: &str) -> Response {
    let asked = Ask::read(place, call, sent, route);
    let fields = asked.as_ref().ok().and_then(|ask| ask.text("_fields"));
    match asked.and_then(|ask| dispatch(place, &ask)) {
        Ok(reply) => reply.with_fields(fields.as_deref()).into_response(),
        Err(error) => error.into_response(),
    }
}

fn dispatch(place: Place<'_>, ask: &Ask<'_>) -> Result<Reply, RestError> {
    let path: Vec<&str> = ask.route.split('/').filter(|part| !part.is_empty()).collect();
    match (ask.method, path.as_slice()) {
        ("GET", []) => Ok(show::index(place)),
        ("GET", ["wp", "v2", "users", "me"]) => account::me(place, ask),
        ("GET", ["wp", "v2", "posts"]) => posts::list(place, ask),
        ("POST", ["wp", "v2", "posts"]) => posts::create(place, ask),
        ("GET", ["wp", "v2", "posts", id]) => posts::get(place, ask, id),
        ("POST" | "PUT" | "PATCH", ["wp", "v2", "posts", id]) => posts::update(place, ask, id),
        ("DELETE", ["wp", "v2", "posts", id]) => posts::delete(place, ask, id),
        ("GET", ["wp", "v2", "media"]) => media::list(place, ask),
        ("POST", ["wp", "v2", "media"]) => media::create(place, ask),
        ("GET", ["wp", "v2", "media", id]) => media::get(place, id),
        ("POST" | "PUT" | "PATCH", ["wp", "v2", "media", id]) => media::update(place, ask, id),
        ("GET", ["wp", "v2", kind @ ("tags" | "categories")]) => terms::list(place, ask, kind),
        ("POST", ["wp", "v2", kind @ ("tags" | "categories")]) => terms::create(place, ask, kind),
        ("GET", ["wp", "v2", kind @ ("tags" | "categories"), id]) => terms::get(place, kind, id),
        _ => Err(errors::no_route()),
    }
}

impl Emulator for WordPressEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["*.wp.example"]
    }

    fn router(&self) -> Router {
        // One handler: a route is in the path or in the query.
        Router::new().fallback(serve).with_state(Arc::clone(&self.0))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        let Some(route) = request::route(call, false) else { return "page" };
        let path: Vec<&str> = route.split('/').filter(|part| !part.is_empty()).collect();
        match (call.method.as_str(), path.as_slice()) {
            ("GET", []) => "index",
            (_, ["wp", "v2", "users", ..]) => "users_me",
            ("POST", ["wp", "v2", "posts"]) => "create_post",
            ("GET", ["wp", "v2", "posts", ..]) => "get_posts",
            ("DELETE", ["wp", "v2", "posts", _]) => "delete_post",
            (_, ["wp", "v2", "posts", _]) => "update_post",
            ("POST", ["wp", "v2", "media"]) => "upload_media",
            ("GET", ["wp", "v2", "media", ..]) => "get_media",
            (_, ["wp", "v2", "media", _]) => "update_media",
            ("POST", ["wp", "v2", "tags" | "categories"]) => "create_term",
            ("GET", ["wp", "v2", "tags" | "categories", ..]) => "get_terms",
            _ => "other",
        }
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &["index", "users_me", "page", "other"]
    }

    fn refuse(&self, _: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { retry_after_s, .. } => {
                let mut page = pages::of_server(StatusCode::TOO_MANY_REQUESTS, "429 Too Many Requests");
                page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
                page
            }
            Refusal::Error(status) if status.is_server_error() => {
                pages::of_server(status, "There has been a critical error on this website.")
            }
            Refusal::Error(status) => {
                errors::plain(status, "rest_error", "The request could not be handled.").into_response()
            }
        }
    }

    fn revoke_token(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        self.0.revoke(call.host, call.headers)
    }

    fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        account::create(&self.0, wanted, origin)
    }

    fn forget_posts(&self) -> Result<(), SandboxError> {
        self.0.posts.clear()?;
        self.0.media.clear()
    }
}
