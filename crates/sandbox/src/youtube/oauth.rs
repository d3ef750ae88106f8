//! Google's OAuth 2 for web server applications: consent, codes, refresh tokens that last.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Form, Query, RawQuery, State};
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

use super::errors::{ApiError, oauth as refused};
use super::state::{Access, CLIENT_ID, CLIENT_SECRET, Channel, Code, Grant, TESTING_LIFE, YouTube};
use crate::core::accounts::CreateAccount;
use crate::core::consent::{self, Person};
use crate::core::error::SandboxError;
use crate::core::journal::Batch;
use crate::core::lock;
use crate::core::origin::Origin;

const ACCESS_SECONDS: i64 = 3_599;
const CODE_LIFE: Span = Span::from_minutes(10);

#[derive(Deserialize)]
pub(super) struct AuthorizeQuery {
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    access_type: String,
    #[serde(default)]
    prompt: String,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    /// Not of Google: the handle of the channel whose owner agrees; the first one when empty. When
    /// missing, a person is asked.
    sandbox_user: Option<String>,
    /// Not of Google: the scopes that stay ticked; all of them when missing.
    sandbox_scope: Option<String>,
    /// Not of Google: the owner says no.
    sandbox_deny: Option<String>,
}

/// `GET accounts.google.com/o/oauth2/v2/auth`: the consent page, or what follows it.
pub(super) async fn authorize(
    State(youtube): State<Arc<YouTube>>,
    axum::Extension(origin): axum::Extension<Origin>,
    RawQuery(raw): RawQuery,
    Query(query): Query<AuthorizeQuery>,
) -> Result<Response, ApiError> {
    let wrong = |error: &str, what: &str| refused(StatusCode::BAD_REQUEST, error, what);
    if query.client_id != CLIENT_ID {
        return Err(refused(StatusCode::UNAUTHORIZED, "invalid_client", "The OAuth client was not found."));
    }
    if query.response_type != "code" || query.scope.trim().is_empty() {
        return Err(wrong("invalid_request", "Required parameter is missing: response_type or scope"));
    }
    if query.code_challenge.is_some() && query.code_challenge_method.as_deref() != Some("S256") {
        return Err(wrong("invalid_request", "code_challenge_method must be S256"));
    }
    let mut target = Url::parse(&query.redirect_uri).map_err(|_| {
        wrong("redirect_uri_mismatch", "The redirect URI does not match the registered ones.")
    })?;
    if query.sandbox_deny.is_some() {
        target.query_pairs_mut().append_pair("error", "access_denied").append_pair("state", &query.state);
        return Ok(Redirect::to(target.as_str()).into_response());
    }
    let first = || -> Result<Channel, ApiError> {
        if youtube.channels.find(|_| true).is_none() {
            youtube.create_account(&CreateAccount::default(), &origin)?;
        }
        let channel = youtube.channels.find(|_| true).map(|(_, channel)| channel);
        channel.ok_or_else(|| wrong("invalid_request", "There is nobody in the sandbox."))
    };
    let channel = match query.sandbox_user.as_deref() {
        None => {
            first()?;
            let scopes: Vec<&str> = query.scope.split_whitespace().collect();
            let page =
                consent::page("YouTube", &scopes, &people(&youtube), raw.as_deref().unwrap_or_default());
            return Ok(Html(page).into_response());
        }
        Some("") => first()?,
        Some(name) => youtube
            .channel_named(name)
            .ok_or_else(|| wrong("invalid_request", "There is no such sandbox user."))?,
    };
    let ticked = query.sandbox_scope.as_deref().unwrap_or(&query.scope);
    let scope: Vec<&str> = query
        .scope
        .split_whitespace()
        .filter(|one| ticked.split_whitespace().any(|two| *one == two))
        .collect();
    let scope = scope.join(" ");
    // A second agreement gives no refresh token unless the page was shown again.
    let now = youtube.world.now();
    let is_known = youtube
        .grants
        .find(|grant| grant.channel == channel.id && grant.offline && !grant.has_ended(now))
        .is_some();
    let offline = query.access_type == "offline" && (!is_known || query.prompt.contains("consent"));
    let code = format!("4/0{}", youtube.world.entropy.token(60));
    let row = Code {
        channel: channel.id,
        scope: scope.clone(),
        redirect_uri: query.redirect_uri,
        challenge: query.code_challenge,
        offline,
        used: false,
        expires_at: youtube.world.now() + CODE_LIFE,
    };
    youtube.codes.put(&code, &row)?;
    let pairs = [("state", query.state.as_str()), ("code", &code), ("scope", &scope)];
    target.query_pairs_mut().extend_pairs(pairs);
    Ok(Redirect::to(target.as_str()).into_response())
}

fn people(youtube: &YouTube) -> Vec<Person> {
    let channels = youtube.channels.list().into_iter();
    channels.map(|(_, channel)| Person { handle: channel.handle, name: channel.title }).collect()
}

/// Whether a token call is a refresh.
pub(super) fn is_refresh(body: &Bytes) -> bool {
    url::form_urlencoded::parse(body).any(|(name, value)| name == "grant_type" && value == "refresh_token")
}

#[derive(Deserialize)]
pub(super) struct TokenForm {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    code_verifier: String,
    #[serde(default)]
    refresh_token: String,
}

/// `POST oauth2.googleapis.com/token`
pub(super) async fn token(
    State(youtube): State<Arc<YouTube>>,
    headers: HeaderMap,
    Form(form): Form<TokenForm>,
) -> Result<Json<Value>, ApiError> {
    check_client(&headers, &form)?;
    let _one_at_a_time = lock(&youtube.gate);
    match form.grant_type.as_str() {
        "authorization_code" => youtube.exchange(&form),
        "refresh_token" => youtube.renew(&form.refresh_token),
        _ => Err(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type")),
    }
}

fn check_client(headers: &HeaderMap, form: &TokenForm) -> Result<(), ApiError> {
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
    let by_header = headers.get(header::AUTHORIZATION).is_some_and(|value| *value == *basic);
    if by_header || (form.client_id == CLIENT_ID && form.client_secret == CLIENT_SECRET) {
        return Ok(());
    }
    Err(refused(StatusCode::UNAUTHORIZED, "invalid_client", "The OAuth client was not found."))
}

/// `POST oauth2.googleapis.com/revoke`; the token is in the query or in a form.
pub(super) async fn revoke(
    State(youtube): State<Arc<YouTube>>,
    RawQuery(raw): RawQuery,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let query = raw.unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes()).chain(url::form_urlencoded::parse(&body));
    let token = pairs.into_iter().find(|(name, _)| name == "token").map(|(_, value)| value.into_owned());
    let grant = token.and_then(|token| {
        youtube.access.get(&token).map(|row| row.grant).or_else(|| youtube.refresh.get(&token))
    });
    let now = youtube.world.now();
    let live = grant.filter(|grant| youtube.grants.get(grant).is_some_and(|row| !row.has_ended(now)));
    let Some(grant) = live else {
        return Err(refused(StatusCode::BAD_REQUEST, "invalid_token", "Token expired or revoked"));
    };
    youtube.grants.update(&grant, |grant| grant.revoked = true)?;
    Ok(Json(json!({})))
}

impl YouTube {
    /// Adds a new access token of `grant` to `batch`, as if issued at `now`.
    pub(super) fn new_access(
        &self,
        batch: &mut Batch<'_>,
        grant: &str,
        now: Timestamp,
    ) -> Result<(String, Timestamp), SandboxError> {
        let access = format!("ya29.{}", self.world.entropy.token(80));
        let expires_at = now + Span::from_seconds(ACCESS_SECONDS);
        batch.put(&self.access, &access, &Access { grant: grant.to_owned(), expires_at })?;
        Ok((access, expires_at))
    }

    /// Adds a refresh token of `grant` to `batch`.
    pub(super) fn new_refresh(&self, batch: &mut Batch<'_>, grant: &str) -> Result<String, SandboxError> {
        let refresh = format!("1//0{}", self.world.entropy.token(60));
        batch.put(&self.refresh, &refresh, &grant.to_owned())?;
        Ok(refresh)
    }

    fn exchange(&self, form: &TokenForm) -> Result<Json<Value>, ApiError> {
        let wrong = || refused(StatusCode::BAD_REQUEST, "invalid_grant", "Bad Request");
        let mut code = self.codes.get(&form.code).ok_or_else(wrong)?;
        if code.used || code.expires_at <= self.world.now() {
            return Err(wrong());
        }
        if code.redirect_uri != form.redirect_uri {
            return Err(refused(StatusCode::BAD_REQUEST, "redirect_uri_mismatch", "Bad Request"));
        }
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(form.code_verifier.as_bytes()));
        if code.challenge.as_ref().is_some_and(|challenge| *challenge != proof) {
            return Err(refused(StatusCode::BAD_REQUEST, "invalid_grant", "Invalid code verifier."));
        }
        code.used = true;
        let mut batch = self.world.journal.batch();
        batch.put(&self.codes, &form.code, &code)?;
        let grant = self.world.entropy.token(24);
        let is_testing = self.channels.get(&code.channel).is_some_and(|channel| channel.testing);
        let now = self.world.now();
        let row = Grant {
            channel: code.channel,
            scope: code.scope,
            revoked: false,
            offline: code.offline,
            ends_at: is_testing.then(|| now + TESTING_LIFE),
        };
        batch.put(&self.grants, &grant, &row)?;
        let (access, _) = self.new_access(&mut batch, &grant, now)?;
        let refresh = if code.offline { Some(self.new_refresh(&mut batch, &grant)?) } else { None };
        batch.commit()?;
        Ok(issued(&access, &row, refresh.as_deref(), now))
    }

    fn renew(&self, presented: &str) -> Result<Json<Value>, ApiError> {
        let ended =
            || refused(StatusCode::BAD_REQUEST, "invalid_grant", "Token has been expired or revoked.");
        let grant = self.refresh.get(presented).ok_or_else(ended)?;
        let now = self.world.now();
        let row = self.grants.get(&grant).filter(|row| !row.has_ended(now)).ok_or_else(ended)?;
        let mut batch = self.world.journal.batch();
        let (access, _) = self.new_access(&mut batch, &grant, now)?;
        batch.commit()?;
        Ok(issued(&access, &row, None, now))
    }
}

fn issued(access: &str, grant: &Grant, refresh: Option<&str>, now: Timestamp) -> Json<Value> {
    let mut answer = json!({
        "access_token": access, "expires_in": ACCESS_SECONDS, "scope": grant.scope, "token_type": "Bearer",
    });
    if let Some(end) = grant.ends_at {
        answer["refresh_token_expires_in"] = json!(end.since(now).as_seconds_ceil());
    }
    if let Some(refresh) = refresh {
        answer["refresh_token"] = json!(refresh);
    }
    Json(answer)
}
