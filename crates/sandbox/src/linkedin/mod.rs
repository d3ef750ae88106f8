//! The emulated LinkedIn: OAuth, versioned Posts API with little text, uploads, organizations.
//! Written from LinkedIn's documentation; must not know our connector.

mod account;
mod auth;
mod content;
mod errors;
mod pages;
mod posts;
mod state;
mod text;
mod upload;
mod versions;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Router, middleware};
use http::StatusCode;

use crate::core::accounts::{CreateAccount, CreatedAccount};
use crate::core::emulator::{Call, Emulator, Refusal};
use crate::core::error::SandboxError;
use crate::core::origin::Origin;
use crate::core::world::World;

use state::LinkedIn;

const PLATFORM: &str = "linkedin";
const PAGE_HOST: &str = "www.linkedin.com";

/// LinkedIn behind the sandbox's port.
pub(crate) struct LinkedInEmulator(Arc<LinkedIn>);

impl LinkedInEmulator {
    pub(crate) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        Ok(Self(Arc::new(LinkedIn::open(world)?)))
    }

    fn routes(&self) -> Router {
        Router::new()
            .route("/oauth/v2/authorization", get(auth::authorize))
            .route("/oauth/v2/accessToken", post(auth::token))
            .route("/oauth/v2/introspectToken", post(auth::introspect))
            .route("/oauth/v2/revoke", post(auth::revoke))
            .route("/v2/userinfo", get(account::userinfo))
            .route("/v2/me", get(account::me))
            .route("/v2/organizationalEntityAcls", get(account::old_acls))
            .route("/v2/organizations/{id}", get(account::organization))
            .route("/rest/organizationAcls", get(account::acls))
            .route("/rest/organizations/{id}", get(account::organization))
            .route("/rest/posts", post(posts::create).get(posts::find))
            .route("/rest/posts/{urn}", post(posts::update).delete(posts::delete).get(posts::get))
            .route("/rest/socialActions/{urn}/comments", post(posts::comment))
            .route("/rest/organizationalEntityShareStatistics", get(pages::share_statistics))
            .route("/rest/memberCreatorPostAnalytics", get(pages::member_statistics))
            .route("/rest/networkSizes/{urn}", get(pages::network_size))
            .route("/rest/memberFollowersCount", get(pages::member_followers))
            .route("/rest/{family}", post(upload::act))
            .route("/rest/{family}/{urn}", get(upload::show))
            .route("/dms-uploads/sp/{token}", put(upload::receive))
            .route("/feed/update/{urn}", get(pages::post))
            .route("/feed/update/{urn}/", get(pages::post))
            .route("/dms/image/{id}/{size}", get(pages::picture))
            .fallback(pages::not_found)
            .layer(middleware::from_fn_with_state(Arc::clone(&self.0), pages::count))
            .with_state(Arc::clone(&self.0))
    }
}

/// The name of a call.
fn operation_of(call: &Call<'_>) -> &'static str {
    let header =
        |name: &str| call.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tunnelled = header("x-http-method-override");
    let method = if tunnelled.is_empty() { call.method.as_str() } else { tunnelled };
    let segments: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    match (method, segments.as_slice()) {
        ("POST", ["rest", "posts"]) => "create_post",
        ("GET", ["rest", "posts"]) => "author_posts",
        ("GET", ["rest", "posts", _]) => "get_post",
        ("POST", ["rest", "posts", _]) => "update_post",
        ("DELETE", ["rest", "posts", _]) => "delete_post",
        ("POST", ["rest", "socialActions", _, "comments"]) => "create_comment",
        ("POST", ["rest", "images" | "videos" | "documents"]) => {
            if call.query.unwrap_or_default().contains("action=finalizeUpload") {
                "finalize_upload"
            } else {
                "initialize_upload"
            }
        }
        ("GET", ["rest", "images" | "videos" | "documents", _]) => "media_status",
        ("PUT", ["dms-uploads", ..]) => "upload",
        ("POST", ["oauth", "v2", "accessToken"]) => "token",
        ("POST", ["oauth", "v2", "introspectToken"]) => "introspect",
        ("POST", ["oauth", "v2", "revoke"]) => "revoke",
        ("GET", ["oauth", "v2", "authorization"]) => "authorize",
        ("GET", ["v2", "userinfo"]) => "userinfo",
        ("GET", ["v2", "me"]) => "me",
        ("GET", ["rest", "organizationAcls"] | ["v2", "organizationalEntityAcls"]) => "organization_acls",
        ("GET", ["rest" | "v2", "organizations", _]) => "organization",
        ("GET", ["rest", "organizationalEntityShareStatistics" | "memberCreatorPostAnalytics"]) => {
            "statistics"
        }
        ("GET", ["feed" | "dms", ..]) => "page",
        _ => "other",
    }
}

impl Emulator for LinkedInEmulator {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["api.linkedin.com", "www.linkedin.com", "linkedin.com", "media.licdn.com"]
    }

    fn router(&self) -> Router {
        // Around the routes and not as their layer: it changes what they are chosen by.
        let routes = self.routes();
        Router::new().fallback_service(routes).layer(middleware::from_fn(pages::untunnel))
    }

    fn operation(&self, call: &Call<'_>) -> &'static str {
        operation_of(call)
    }

    fn exempt_operations(&self) -> &'static [&'static str] {
        &[
            "token",
            "introspect",
            "revoke",
            "authorize",
            "userinfo",
            "me",
            "organization_acls",
            "organization",
            "page",
            "other",
        ]
    }

    fn logged_path(&self, path: &str) -> String {
        match path.strip_prefix("/dms-uploads/sp/") {
            Some(_) => "/dms-uploads/sp/***".to_owned(),
            None => path.to_owned(),
        }
    }

    fn refuse(&self, call: &Call<'_>, refusal: Refusal) -> Response {
        match refusal {
            Refusal::RateLimited { retry_after_s, .. } => errors::throttled(Some(retry_after_s)),
            Refusal::Error(status) if operation_of(call) == "token" => {
                errors::oauth(status, "server_error", "An internal error happened.").into_response()
            }
            Refusal::Error(StatusCode::UNAUTHORIZED) => {
                let status = StatusCode::UNAUTHORIZED;
                errors::coded(status, 65_600, "INVALID_ACCESS_TOKEN", "Invalid access token").into_response()
            }
            Refusal::Error(status) => {
                let (code, message) = match status.as_u16() {
                    503 => ("SERVICE_UNAVAILABLE", "Service Unavailable"),
                    500 => ("INTERNAL_SERVER_ERROR", "Internal Server Error"),
                    400..500 => ("ILLEGAL_ARGUMENT", "The request could not be carried out"),
                    _ => ("SERVER_ERROR", "The request could not be carried out"),
                };
                errors::plain(status, code, message).into_response()
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
        self.0.forget_posts()
    }
}
