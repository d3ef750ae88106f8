//! Who is calling: an extractor, so that no handler can forget to ask.

use std::marker::PhantomData;

use app::Caller;
use app::idempotency::KeyClaim;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use domain::api_key::Scope;

use crate::ApiState;
use crate::envelope::Notes;
use crate::error::ApiError;
use crate::rate_limit::Payer;

/// A scope as a type.
pub(crate) trait Needs: Send + Sync {
    /// The scope.
    const SCOPE: Scope;
}

/// Look-ups.
pub(crate) struct Read;
/// Changes.
pub(crate) struct Write;
/// Captions and pictures.
pub(crate) struct Ai;
/// Approvals.
pub(crate) struct Approve;

impl Needs for Read {
    const SCOPE: Scope = Scope::Read;
}

impl Needs for Write {
    const SCOPE: Scope = Scope::Write;
}

impl Needs for Ai {
    const SCOPE: Scope = Scope::Ai;
}

impl Needs for Approve {
    const SCOPE: Scope = Scope::Approve;
}

/// A caller whose key has the scope and is within its limit of requests.
pub(crate) struct Scoped<N: Needs> {
    pub(crate) caller: Caller,
    /// The request's claim on its idempotency key, if it came with one.
    pub(crate) claim: Option<KeyClaim>,
    needs: PhantomData<N>,
}

impl<N: Needs> FromRequestParts<ApiState> for Scoped<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let caller = caller_of(&parts.headers, state).await?;
        admit(&parts.extensions, state, &caller).await?;
        caller.require(N::SCOPE)?;
        if let Some(notes) = parts.extensions.get::<Notes>() {
            notes.note_scope(N::SCOPE);
        }
        let claim = parts.extensions.get::<KeyClaim>().copied();
        Ok(Self { caller, claim, needs: PhantomData })
    }
}

/// Who sent the request.
pub(crate) async fn caller_of(headers: &HeaderMap, state: &ApiState) -> Result<Caller, ApiError> {
    let key = bearer(headers).ok_or_else(ApiError::no_key)?;
    Ok(app::auth::authenticate(&state.app, key).await?)
}

/// Counts the request, or refuses it.
pub(crate) async fn admit(
    extensions: &Extensions,
    state: &ApiState,
    caller: &Caller,
) -> Result<(), ApiError> {
    let now = state.app.clock.now();
    let (standing, limited) = state.limiter.take_request(payer(caller), now).await?;
    if let Some(notes) = extensions.get::<Notes>() {
        notes.note(caller, standing);
    }
    match limited {
        Some(limited) => Err(ApiError::rate_limited(limited.what, limited.seconds)),
        None => Ok(()),
    }
}

/// Whose limits a caller's requests count against.
pub(crate) fn payer(caller: &Caller) -> Payer {
    Payer { organization: caller.organization_id, key: caller.api_key_id }
}

/// The key that a request carries.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}
