//! `/session`: what the dashboard asks besides the API. People sign in, manage members, invitations, keys
//! and their own sessions, and read what was done.
//!
//! These routes are no part of the API's document: they take a session's cookie and no key. Must not know
//! how passwords and tokens are kept.

mod ai_provider;
mod audit;
pub(crate) mod cookie;
mod enter;
pub(crate) mod guard;
mod identities;
mod invitations;
mod keys;
mod members;
mod own;
mod passkeys;
mod provider;
mod requests;
mod server;
mod show;
mod wire;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{MethodFilter, on};

use crate::ApiState;
use crate::address::Address;
use crate::auth::Credential;
use crate::idempotency;

/// The routes and their list, from the same lines.
macro_rules! routes {
    ($($method:ident $path:literal => $handler:path;)+) => {
        /// Every route under `/session`, as method and path.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path)),+];

        /// The routes.
        pub(crate) fn routes() -> Router<ApiState> {
            Router::new()$(.route($path, on(MethodFilter::$method, $handler)))+
        }
    };
}

routes! {
    GET "/session" => show::show;
    POST "/session/setup" => enter::set_up;
    POST "/session/sign-in" => enter::sign_in;
    POST "/session/sign-in-link" => enter::sign_in_link;
    POST "/session/passkeys/sign-in/challenge" => passkeys::begin_sign_in;
    POST "/session/passkeys/sign-in" => passkeys::sign_in;
    POST "/session/provider" => provider::depart;
    POST "/session/provider/link" => provider::depart_to_link;
    GET "/session/provider/callback" => provider::arrive;
    POST "/session/sign-out" => own::sign_out;
    POST "/session/sign-out-everywhere" => own::sign_out_everywhere;
    POST "/session/organization" => own::open_organization;
    GET "/session/sessions" => own::list_sessions;
    DELETE "/session/sessions/{id}" => own::end_session;
    PATCH "/session/user" => own::rename;
    POST "/session/email" => own::change_email;
    POST "/session/password" => own::change_password;
    GET "/session/passkeys" => passkeys::list;
    POST "/session/passkeys/challenge" => passkeys::begin_adding;
    POST "/session/passkeys" => passkeys::add;
    PATCH "/session/passkeys/{id}" => passkeys::rename;
    DELETE "/session/passkeys/{id}" => passkeys::delete;
    GET "/session/identities" => identities::list;
    DELETE "/session/identities/{id}" => identities::unlink;
    GET "/session/members" => members::list;
    PATCH "/session/members/{user_id}" => members::set_role;
    DELETE "/session/members/{user_id}" => members::remove;
    GET "/session/invitations" => invitations::list;
    POST "/session/invitations" => invitations::create;
    DELETE "/session/invitations/{id}" => invitations::delete;
    POST "/session/invitations/accept" => enter::accept_invitation;
    GET "/session/api-keys" => keys::list;
    POST "/session/api-keys" => keys::create;
    DELETE "/session/api-keys/{id}" => keys::revoke;
    GET "/session/audit-log" => audit::list;
    GET "/session/requests" => requests::list;
    GET "/session/server" => server::show;
    PUT "/session/platform-apps/{platform}" => server::set_app;
    DELETE "/session/platform-apps/{platform}" => server::remove_app;
    PUT "/session/ai-provider" => ai_provider::set;
    DELETE "/session/ai-provider" => ai_provider::remove;
    POST "/session/ai-provider/test" => ai_provider::test;
}

/// Operations of the API that are no look-ups by their method and change nothing all the same.
const NO_CHANGES: [&str; 1] = ["/posts/validate"];

/// The layer around the API that writes down what people change through it in the dashboard.
pub(crate) async fn note_changes(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !guard::is_change(request.method()) || NO_CHANGES.contains(&path) {
        return next.run(request).await;
    }
    let Some(Credential::Session(token)) = Credential::of(request.headers()) else {
        return next.run(request).await;
    };
    let line = format!("{} {path}", request.method());
    let (parts, body) = request.into_parts();
    let visit = Address::of(&parts).visit(&parts.headers);
    // Before the work: a session may end by it.
    let signed_in = app::people::sessions::find(&state.app, &token).await;
    let response = next.run(Request::from_parts(parts, body)).await;
    // What was answered before was written down before.
    if response.status().is_success()
        && !response.headers().contains_key(idempotency::REPLAYED)
        && let Ok(Some(signed_in)) = signed_in
        && let Err(error) = app::people::audit::note_request(&state.app, &signed_in, &visit, &line).await
    {
        tracing::error!(error = %error, request = line, "a change is missing in the audit log");
    }
    response
}
