//! OAuth 2 of the emulated X: authorization code with PKCE, refresh tokens that work once.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use domain::{Span, Timestamp};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::errors::{XError, oauth as refused};
use super::state::{CLIENT_ID, CLIENT_SECRET, Code, Grant, Token, X};
use crate::core::accounts::CreateAccount;
use crate::core::consent::{self, Person, lead_back};
use crate::core::error::SandboxError;
use crate::core::journal::Batch;
use crate::core::lock;
use crate::core::origin::Origin;

const ACCESS_LIFE: Span = Span::from_hours(2);
const REFRESH_LIFE: Span = Span::from_days(180);
const CODE_LIFE: Span = Span::from_seconds(30);

/// An access token with the refresh token that renews it.
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) access_ends: Timestamp,
    pub(super) refresh_ends: Timestamp,
}

#[derive(Deserialize)]
pub(super) struct AuthorizeQuery {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    #[serde(default)]
    state: String,
    code_challenge: String,
    #[serde(default = "plain_method")]
    code_challenge_method: String,
    /// Not of X: which emulated user agrees; the first one when empty. When missing, a person is asked.
    sandbox_user: Option<String>,
    /// Not of X: the user says no.
    sandbox_deny: Option<String>,
}

fn plain_method() -> String {
    "plain".to_owned()
}

/// The consent page, or what follows it.
pub(super) async fn authorize(
    State(x): State<Arc<X>>,
    axum::Extension(origin): axum::Extension<Origin>,
    RawQuery(raw): RawQuery,
    Query(query): Query<AuthorizeQuery>,
) -> Result<Response, XError> {
    let wrong = |what: &str| refused(StatusCode::BAD_REQUEST, "invalid_request", what);
    if query.client_id != CLIENT_ID || query.response_type != "code" {
        return Err(wrong("Value passed for the client was invalid."));
    }
    let mut target = Url::parse(&query.redirect_uri)
        .map_err(|_| wrong("Value passed for the redirect uri was invalid."))?;
    if query.sandbox_deny.is_some() {
        let fields = [("error", "access_denied"), ("state", query.state.as_str())];
        return Ok(lead_back(target, &fields));
    }
    let user = match query.sandbox_user.as_deref() {
        None => {
            if x.users.find(|_| true).is_none() {
                x.create_account(&CreateAccount::default(), &origin)?;
            }
            let scopes: Vec<&str> = query.scope.split_whitespace().collect();
            let page = consent::page("X", &scopes, &people(&x), raw.as_deref().unwrap_or_default());
            return Ok(Html(page).into_response());
        }
        Some(name) if !name.is_empty() => {
            x.user_named(name).ok_or_else(|| wrong("There is no such sandbox user."))?.id
        }
        Some(_) => match x.users.find(|_| true) {
            Some((id, _)) => id,
            None => x.create_account(&CreateAccount::default(), &origin)?.platform_user_id,
        },
    };
    let code = x.world.entropy.token(40);
    let row = Code {
        user,
        scope: query.scope,
        redirect_uri: query.redirect_uri,
        challenge: query.code_challenge,
        challenge_method: query.code_challenge_method,
        expires_at: x.world.now() + CODE_LIFE,
    };
    x.codes.put(&code, &row)?;
    target.query_pairs_mut().append_pair("state", &query.state).append_pair("code", &code);
    Ok(Redirect::to(target.as_str()).into_response())
}

fn people(x: &X) -> Vec<Person> {
    let users = x.users.list().into_iter();
    users.map(|(_, user)| Person { handle: user.username, name: user.name }).collect()
}

/// Whether a token call is a refresh.
pub(super) fn is_refresh(body: &Bytes) -> bool {
    TokenForm::read(body).is_ok_and(|form| form.grant_type == "refresh_token")
}

/// The refresh token that a token call presents.
pub(super) fn presented(body: &Bytes) -> Option<String> {
    TokenForm::read(body).ok().map(|form| form.refresh_token)
}

#[derive(Deserialize)]
struct TokenForm {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    code_verifier: String,
    #[serde(default)]
    refresh_token: String,
    #[serde(default)]
    token: String,
}

impl TokenForm {
    /// Reads a form; JSON works as well, and public clients count on it.
    fn read(body: &Bytes) -> Result<Self, XError> {
        let fields = if body.trim_ascii_start().starts_with(b"{") {
            serde_json::from_slice(body).ok()
        } else {
            let field = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
                (name.into_owned(), Value::String(value.into_owned()))
            };
            Some(Value::Object(url::form_urlencoded::parse(body).map(field).collect()))
        };
        fields
            .and_then(|fields| serde_json::from_value(fields).ok())
            .ok_or_else(|| refused(StatusCode::BAD_REQUEST, "invalid_request", "The body cannot be read."))
    }
}

/// `POST /2/oauth2/token`
pub(super) async fn token(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XError> {
    let form = TokenForm::read(&body)?;
    check_client(&headers, &form)?;
    let _one_at_a_time = lock(&x.gate);
    match form.grant_type.as_str() {
        "authorization_code" => x.exchange(&form),
        "refresh_token" => x.rotate(&form.refresh_token),
        _ => Err(refused(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "Value passed for the grant type was invalid.",
        )),
    }
}

/// `POST /2/oauth2/revoke`
pub(super) async fn revoke(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XError> {
    let form = TokenForm::read(&body)?;
    check_client(&headers, &form)?;
    if let Some(token) = x.access.get(&form.token).or_else(|| x.refresh.get(&form.token)) {
        x.grants.update(&token.grant, |grant| grant.revoked = true)?;
    }
    Ok(Json(json!({"revoked": true})))
}

fn check_client(headers: &HeaderMap, form: &TokenForm) -> Result<(), XError> {
    let missing =
        || refused(StatusCode::UNAUTHORIZED, "unauthorized_client", "Missing valid authorization header");
    match headers.get(header::AUTHORIZATION) {
        None if form.client_id == CLIENT_ID => Ok(()),
        None => Err(missing()),
        Some(value) => {
            let expected = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
            let given = value.to_str().ok().and_then(|value| value.strip_prefix("Basic "));
            if given == Some(expected.as_str()) { Ok(()) } else { Err(missing()) }
        }
    }
}

impl X {
    /// Adds a new pair of tokens of `grant` to `batch`, as if issued at `now`.
    pub(super) fn new_pair(
        &self,
        batch: &mut Batch<'_>,
        grant: &str,
        now: Timestamp,
    ) -> Result<Pair, SandboxError> {
        let pair = Pair {
            access: self.world.entropy.token(88),
            refresh: self.world.entropy.token(88),
            access_ends: now + ACCESS_LIFE,
            refresh_ends: now + REFRESH_LIFE,
        };
        let token = |expires_at| Token { grant: grant.to_owned(), expires_at, used: false };
        batch.put(&self.access, &pair.access, &token(pair.access_ends))?;
        batch.put(&self.refresh, &pair.refresh, &token(pair.refresh_ends))?;
        Ok(pair)
    }

    fn exchange(&self, form: &TokenForm) -> Result<Json<Value>, XError> {
        let wrong = || {
            let description = "Value passed for the authorization code was invalid.";
            refused(StatusCode::BAD_REQUEST, "invalid_request", description)
        };
        let code = self.codes.get(&form.code).ok_or_else(wrong)?;
        // One use, even when the rest is wrong.
        self.codes.delete(&form.code)?;
        let proof = match code.challenge_method.as_str() {
            "S256" | "s256" => URL_SAFE_NO_PAD.encode(Sha256::digest(form.code_verifier.as_bytes())),
            _ => form.code_verifier.clone(),
        };
        let is_late = code.expires_at <= self.world.now();
        if is_late || code.redirect_uri != form.redirect_uri || proof != code.challenge {
            return Err(wrong());
        }
        let mut batch = self.world.journal.batch();
        let grant = self.world.entropy.token(24);
        let row = Grant { user: code.user, scope: code.scope.clone(), revoked: false };
        batch.put(&self.grants, &grant, &row)?;
        let pair = self.new_pair(&mut batch, &grant, self.world.now())?;
        batch.commit()?;
        Ok(issued(&pair, &code.scope))
    }

    fn rotate(&self, presented: &str) -> Result<Json<Value>, XError> {
        let wrong = || {
            let description = "Value passed for the token was invalid.";
            refused(StatusCode::BAD_REQUEST, "invalid_request", description)
        };
        let mut token = self.refresh.get(presented).ok_or_else(wrong)?;
        let grant = self.grants.get(&token.grant).ok_or_else(wrong)?;
        if token.used {
            // A token that comes back may be stolen: the whole family ends.
            self.grants.update(&token.grant, |grant| grant.revoked = true)?;
            return Err(wrong());
        }
        if grant.revoked || token.expires_at <= self.world.now() {
            return Err(wrong());
        }
        let mut batch = self.world.journal.batch();
        token.used = true;
        batch.put(&self.refresh, presented, &token)?;
        let pair = self.new_pair(&mut batch, &token.grant, self.world.now())?;
        batch.commit()?;
        Ok(issued(&pair, &grant.scope))
    }
}

fn issued(pair: &Pair, scope: &str) -> Json<Value> {
    let mut answer = json!({
        "token_type": "bearer",
        "expires_in": ACCESS_LIFE.as_seconds_ceil(),
        "access_token": pair.access,
        "scope": scope,
    });
    if scope.split(' ').any(|scope| scope == "offline.access") {
        answer["refresh_token"] = json!(pair.refresh);
    }
    Json(answer)
}
