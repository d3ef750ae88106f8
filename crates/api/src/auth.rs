//! Who is calling: an extractor, so that no handler can forget to ask.

use std::marker::PhantomData;
use std::sync::Arc;

use app::Caller;
use app::auth::Means;
use app::idempotency::{Keep, KeyClaim};
use app::people::SignedIn;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use domain::ApiKeyId;
use domain::api_key::Scope;
use uuid::Uuid;

use crate::ApiState;
use crate::envelope::{Notes, Reply};
use crate::error::ApiError;
use crate::rate_limit::Payer;
use crate::session::{cookie, guard};

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

/// A caller whose key or role has the scope and is within its limit of requests.
pub(crate) struct Scoped<N: Needs> {
    pub(crate) caller: Caller,
    /// The request's claim on its idempotency key, if it came with one.
    pub(crate) claim: Option<KeyClaim>,
    needs: PhantomData<N>,
}

impl<N: Needs> FromRequestParts<ApiState> for Scoped<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let caller = caller_of(parts, state).await?;
        admit(&parts.extensions, state, &caller).await?;
        caller.require(N::SCOPE)?;
        if let Some(notes) = parts.extensions.get::<Notes>() {
            notes.note_scope(N::SCOPE);
        }
        let claim = parts.extensions.get::<KeyClaim>().copied();
        Ok(Self { caller, claim, needs: PhantomData })
    }
}

impl<N: Needs> Scoped<N> {
    /// Has the answer to a request with a key kept in the transaction of its work.
    pub(crate) fn keep<T: ?Sized>(
        &self,
        reply: impl Fn(&T) -> Result<Reply, ApiError> + Send + Sync + 'static,
    ) -> Option<Keep<T>> {
        let claim = self.claim?;
        let answer = Arc::new(move |made: &T| reply(made).ok().map(|reply| reply.kept(N::SCOPE.as_str())));
        Some(Keep { claim, answer })
    }

    /// The answer to a request whose answer was kept, if it came with a key.
    pub(crate) fn kept(&self, reply: Reply) -> Reply {
        if self.claim.is_some() { reply.was_kept() } else { reply }
    }
}

/// What a request shows of who sent it.
pub(crate) enum Credential {
    /// A key, or an access token.
    Key(String),
    /// The token of a session.
    Session(String),
}

impl Credential {
    /// What the headers carry. A key counts before a session: who sends one means it.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(header::AUTHORIZATION) {
            return bearer(headers).map(|key| Self::Key(key.to_owned()));
        }
        cookie::read(headers).map(|token| Self::Session(token.to_owned()))
    }

    /// Whose it is, now.
    pub(crate) async fn caller(&self, state: &ApiState) -> Result<Caller, ApiError> {
        match self {
            Self::Key(key) => Ok(app::auth::authenticate(&state.app, key).await?),
            Self::Session(token) => Ok(session_of(state, token).await?.caller()?),
        }
    }
}

/// Who is signed in with a session's token.
pub(crate) async fn session_of(state: &ApiState, token: &str) -> Result<SignedIn, ApiError> {
    let found = app::people::sessions::find(&state.app, token).await?;
    found.ok_or_else(ApiError::no_session)
}

/// Who sent the request. A change by a session has to show that it comes from our own pages.
pub(crate) async fn caller_of(parts: &Parts, state: &ApiState) -> Result<Caller, ApiError> {
    match Credential::of(&parts.headers).ok_or_else(ApiError::no_key)? {
        Credential::Session(token) => {
            let signed_in = session_of(state, &token).await?;
            guard::check_change(parts, state, &signed_in)?;
            Ok(signed_in.caller()?)
        }
        key @ Credential::Key(_) => key.caller(state).await,
    }
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
    let key = match caller.means {
        Means::Key => caller.api_key_id,
        // However many browsers somebody is signed in with.
        Means::Session => ApiKeyId(Uuid::from_u128(u128::from(caller.user_id.0.unsigned_abs()))),
    };
    Payer { organization: caller.organization_id, key }
}

/// The key that a request carries.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}
