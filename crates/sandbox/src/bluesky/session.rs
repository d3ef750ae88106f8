//! Sessions: begun with an app password, renewed with a refresh token, ended (com.atproto.server).

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::{Extension, Json};
use bytes::Bytes;
use domain::Span;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{XrpcError, bad_token, invalid, plain, revoked};
use super::state::{Bluesky, REFRESH, User, did_document};
use crate::core::lock;
use crate::core::origin::Origin;

/// How long a refresh token that was used still gives its successor.
const GRACE: Span = Span::from_hours(2);

#[derive(Deserialize)]
struct Login {
    identifier: String,
    password: String,
}

/// `com.atproto.server.createSession`
pub(super) async fn create(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    let login: Login = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    let user = bluesky.find_user(&login.identifier).filter(|user| user.app_password == login.password);
    let Some(user) = user else {
        let text = "Invalid identifier or password";
        return Err(plain(StatusCode::UNAUTHORIZED, "AuthenticationRequired", text));
    };
    let session = bluesky.begin_session(&user.did)?;
    Ok(Json(answer(&bluesky, &user, &session, &origin)))
}

/// `com.atproto.server.refreshSession`
pub(super) async fn refresh(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XrpcError> {
    if !body.is_empty() {
        return Err(invalid("A request body was provided when none was expected"));
    }
    let claims = bluesky.read_token(&headers, REFRESH)?;
    let _one_at_a_time = lock(&bluesky.gate);
    let session = bluesky.sessions.get(&claims.jti).ok_or_else(bad_token)?;
    let user = bluesky.users.get(&session.did).ok_or_else(bad_token)?;
    if session.revoked {
        return Err(revoked());
    }
    let now = bluesky.world.now();
    if let (Some(successor), Some(renewed_at)) = (&session.successor, session.renewed_at) {
        // A lost answer is harmless for a while: the same successor comes again.
        if now.as_micros() - renewed_at > GRACE.as_micros() {
            return Err(revoked());
        }
        return Ok(Json(answer(&bluesky, &user, successor, &origin)));
    }
    let successor = bluesky.begin_session(&user.did)?;
    bluesky.sessions.update(&claims.jti, |session| {
        session.successor = Some(successor.clone());
        session.renewed_at = Some(now.as_micros());
    })?;
    Ok(Json(answer(&bluesky, &user, &successor, &origin)))
}

/// `com.atproto.server.deleteSession`
pub(super) async fn delete(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
) -> Result<StatusCode, XrpcError> {
    let claims = bluesky.read_token(&headers, REFRESH)?;
    bluesky.sessions.update(&claims.jti, |session| session.revoked = true)?;
    Ok(StatusCode::OK)
}

/// `com.atproto.server.getSession`
pub(super) async fn get(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
) -> Result<Json<Value>, XrpcError> {
    let user = bluesky.caller(&headers)?;
    Ok(Json(json!({
        "did": user.did,
        "handle": user.handle,
        "emailConfirmed": true,
        "active": true,
        "didDoc": did_document(&user, &origin),
    })))
}

#[derive(Deserialize)]
pub(super) struct ServiceAuth {
    aud: String,
    exp: Option<i64>,
    lxm: Option<String>,
}

/// `com.atproto.server.getServiceAuth`
pub(super) async fn service_auth(
    State(bluesky): State<Arc<Bluesky>>,
    headers: HeaderMap,
    Query(wanted): Query<ServiceAuth>,
) -> Result<Json<Value>, XrpcError> {
    let user = bluesky.caller(&headers)?;
    if !wanted.aud.starts_with("did:") {
        return Err(invalid("aud must be a valid did"));
    }
    let now = bluesky.world.now().as_seconds();
    let exp = wanted.exp.unwrap_or(now + 60);
    let refused = |message: &str| Err(plain(StatusCode::BAD_REQUEST, "BadExpiration", message));
    if exp <= now {
        return refused("expiration is in past");
    }
    if exp > now + 3_600 {
        return refused("cannot request a token with an expiration more than an hour in the future");
    }
    if wanted.lxm.is_none() && exp > now + 60 {
        return refused(
            "cannot request a method-less token with an expiration more than a minute in the future",
        );
    }
    let token = bluesky.service_token(&user, &wanted.aud, wanted.lxm.as_deref(), exp);
    Ok(Json(json!({"token": token})))
}

fn answer(bluesky: &Bluesky, user: &User, session: &str, origin: &Origin) -> Value {
    let (access, refresh) = Bluesky::tokens(&user.did, session, bluesky.world.now());
    json!({
        "did": user.did,
        "handle": user.handle,
        "emailConfirmed": true,
        "emailAuthFactor": false,
        "active": true,
        "accessJwt": access,
        "refreshJwt": refresh,
        "didDoc": did_document(user, origin),
    })
}
