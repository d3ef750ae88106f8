//! OAuth of the emulated LinkedIn, and the checks every call goes through.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Form, Query, RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::{Span, Timestamp};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::errors::{LiError, coded, denied, oauth as refused, plain};
use super::state::{CLIENT_ID, CLIENT_SECRET, Code, Grant, LinkedIn, MEMBER_SCOPES, Member, Token};
use super::versions;
use crate::core::accounts::CreateAccount;
use crate::core::consent::{self, Person, lead_back};
use crate::core::error::SandboxError;
use crate::core::journal::Batch;
use crate::core::origin::Origin;

const ACCESS_LIFE: Span = Span::from_days(60);
const REFRESH_LIFE: Span = Span::from_days(365);
const CODE_LIFE: Span = Span::from_minutes(30);

/// What a token is for.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// Who calls, and with which scopes.
pub(super) struct Caller {
    pub(super) member: Member,
    scopes: Vec<String>,
}

impl Caller {
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// The bearer token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

impl LinkedIn {
    /// The member whose valid token the request carries.
    pub(super) fn caller(&self, headers: &HeaderMap) -> Result<Caller, LiError> {
        let refuse = |code, name, message| Err(coded(StatusCode::UNAUTHORIZED, code, name, message));
        let Some(token) = bearer(headers) else {
            return refuse(65_604, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token");
        };
        let found = self.access.get(token).and_then(|token| Some((self.grants.get(&token.grant)?, token)));
        let Some((grant, token)) = found else {
            return refuse(65_600, "INVALID_ACCESS_TOKEN", "Invalid access token");
        };
        if grant.revoked {
            let message = "The token used in the request has been revoked by the user";
            return refuse(65_601, "REVOKED_ACCESS_TOKEN", message);
        }
        if token.expires_at <= self.world.now() {
            return refuse(65_602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired");
        }
        let Some(member) = self.members.get(&grant.member) else {
            return refuse(65_600, "INVALID_ACCESS_TOKEN", "Invalid access token");
        };
        Ok(Caller { member, scopes: scopes_of(&grant.scope) })
    }

    /// Like `caller`, for calls under `/rest`, which need a version.
    pub(super) fn rest_caller(&self, headers: &HeaderMap) -> Result<Caller, LiError> {
        let Some(version) = headers.get("linkedin-version").and_then(|version| version.to_str().ok()) else {
            let message = "A version must be present. Specify it in the header LinkedIn-Version.";
            return Err(plain(StatusCode::BAD_REQUEST, "VERSION_MISSING", message));
        };
        if !versions::is_active(version, self.world.now()) {
            let message = format!("Requested version {version}01 is not active");
            return Err(plain(StatusCode::UPGRADE_REQUIRED, "NONEXISTENT_VERSION", &message));
        }
        self.caller(headers)
    }

    /// Checks that the caller may write (or read) as `author`; `what` is named in the refusal.
    pub(super) fn check_author(
        &self,
        caller: &Caller,
        author: &str,
        organization_scope: &str,
        what: &str,
    ) -> Result<(), LiError> {
        let may = match super::state::split_urn(author) {
            Some(("person", id)) => id == caller.member.id && caller.has("w_member_social"),
            Some(("organization", id)) => {
                caller.has(organization_scope)
                    && self.roles.get(&format!("{id}/{}", caller.member.id)).is_some_and(|role| {
                        ["ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"]
                            .contains(&role.name.as_str())
                    })
            }
            _ => false,
        };
        if may { Ok(()) } else { Err(denied(what)) }
    }

    /// Adds a new token of `grant` to `batch`, one of `kind`.
    pub(super) fn new_token(
        &self,
        kind: Kind,
        batch: &mut Batch<'_>,
        grant: &str,
        now: Timestamp,
    ) -> Result<(String, Timestamp), SandboxError> {
        let (table, prefix, life) = match kind {
            Kind::Access => (&self.access, "AQX", ACCESS_LIFE),
            Kind::Refresh => (&self.refresh, "AQW", REFRESH_LIFE),
        };
        let token = format!("{prefix}{}", self.world.entropy.token(340));
        let expires_at = now + life;
        batch.put(table, &token, &Token { grant: grant.to_owned(), expires_at })?;
        Ok((token, expires_at))
    }

    /// Adds a new grant to `batch`. Other scopes than before end the member's earlier grants.
    pub(super) fn new_grant(
        &self,
        batch: &mut Batch<'_>,
        member: &str,
        scope: &str,
        now: Timestamp,
    ) -> Result<String, SandboxError> {
        let mut wanted = scopes_of(scope);
        wanted.sort();
        for (key, mut earlier) in self.grants.list() {
            let mut granted = scopes_of(&earlier.scope);
            granted.sort();
            if earlier.member == member && !earlier.revoked && granted != wanted {
                earlier.revoked = true;
                batch.put(&self.grants, &key, &earlier)?;
            }
        }
        self.add_grant(batch, member, scope, now)
    }

    /// Adds a new grant to `batch` and leaves the member's earlier ones alone.
    pub(super) fn add_grant(
        &self,
        batch: &mut Batch<'_>,
        member: &str,
        scope: &str,
        now: Timestamp,
    ) -> Result<String, SandboxError> {
        let grant = self.world.entropy.token(24);
        let row =
            Grant { member: member.to_owned(), scope: scope.to_owned(), revoked: false, granted_at: now };
        batch.put(&self.grants, &grant, &row)?;
        Ok(grant)
    }
}

/// Scopes arrive with spaces or commas between them.
fn scopes_of(scope: &str) -> Vec<String> {
    scope.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

#[derive(Deserialize)]
pub(super) struct AuthorizeQuery {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    scope: String,
    /// Not of LinkedIn: which emulated member agrees; the first one when empty. When missing, a
    /// person is asked.
    sandbox_user: Option<String>,
    /// Not of LinkedIn: the member says no.
    sandbox_deny: Option<String>,
}

/// The consent page, or what follows it.
pub(super) async fn authorize(
    State(linkedin): State<Arc<LinkedIn>>,
    axum::Extension(origin): axum::Extension<Origin>,
    RawQuery(raw): RawQuery,
    Query(query): Query<AuthorizeQuery>,
) -> Result<Response, LiError> {
    let wrong = |what: &str| refused(StatusCode::BAD_REQUEST, "invalid_request", what);
    if query.client_id != CLIENT_ID || query.response_type != "code" {
        return Err(wrong("The passed in client_id is invalid."));
    }
    let mut target = Url::parse(&query.redirect_uri)
        .map_err(|_| wrong("The redirect_uri does not match the registered value."))?;
    if query.sandbox_deny.is_some() {
        let fields = [
            ("error", "user_cancelled_authorize"),
            ("error_description", "The member said no."),
            ("state", query.state.as_str()),
        ];
        return Ok(lead_back(target, &fields));
    }
    let member = match query.sandbox_user.as_deref() {
        None => {
            if linkedin.members.find(|_| true).is_none() {
                linkedin.create_account(&CreateAccount::default(), &origin)?;
            }
            let scopes: Vec<&str> = query.scope.split([' ', ',']).collect();
            let query = raw.as_deref().unwrap_or_default();
            let page = consent::page("LinkedIn", &scopes, &people(&linkedin), query);
            return Ok(Html(page).into_response());
        }
        Some("") => linkedin.members.find(|_| true),
        Some(vanity) => linkedin.members.find(|member| member.vanity == vanity),
    };
    let (member, _) = member.ok_or_else(|| wrong("There is no such sandbox member."))?;
    let code = format!("AQT{}", linkedin.world.entropy.token(60));
    let row = Code {
        member,
        scope: if query.scope.is_empty() { MEMBER_SCOPES.to_owned() } else { query.scope },
        redirect_uri: query.redirect_uri,
        expires_at: linkedin.world.now() + CODE_LIFE,
    };
    linkedin.codes.put(&code, &row)?;
    target.query_pairs_mut().append_pair("code", &code).append_pair("state", &query.state);
    Ok(Redirect::to(target.as_str()).into_response())
}

fn people(linkedin: &LinkedIn) -> Vec<Person> {
    let members = linkedin.members.list().into_iter();
    members.map(|(_, member)| Person { handle: member.vanity, name: member.name }).collect()
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
    refresh_token: String,
    #[serde(default)]
    token: String,
}

impl TokenForm {
    /// LinkedIn reads the app's credentials from the body only.
    fn check_client(&self) -> Result<(), LiError> {
        if self.client_id == CLIENT_ID && self.client_secret == CLIENT_SECRET {
            return Ok(());
        }
        Err(refused(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed"))
    }
}

/// `POST /oauth/v2/accessToken`
pub(super) async fn token(
    State(linkedin): State<Arc<LinkedIn>>,
    Form(form): Form<TokenForm>,
) -> Result<Json<Value>, LiError> {
    form.check_client()?;
    match form.grant_type.as_str() {
        "authorization_code" => exchange(&linkedin, &form),
        "refresh_token" => renew(&linkedin, &form.refresh_token),
        _ => Err(refused(StatusCode::BAD_REQUEST, "invalid_request", "The grant_type is not supported.")),
    }
}

fn exchange(linkedin: &LinkedIn, form: &TokenForm) -> Result<Json<Value>, LiError> {
    let wrong = || {
        let description = "Unable to retrieve access token: appid/redirect uri/code verifier does not match \
                           authorization code. Or authorization code expired.";
        refused(StatusCode::BAD_REQUEST, "invalid_request", description)
    };
    let now = linkedin.world.now();
    let code = linkedin.codes.get(&form.code).ok_or_else(wrong)?;
    linkedin.codes.delete(&form.code)?;
    if code.expires_at <= now || code.redirect_uri != form.redirect_uri {
        return Err(wrong());
    }
    let mut batch = linkedin.world.journal.batch();
    let grant = linkedin.new_grant(&mut batch, &code.member, &code.scope, now)?;
    let (access, _) = linkedin.new_token(Kind::Access, &mut batch, &grant, now)?;
    let scopes = scopes_of(&code.scope);
    let mut answer = json!({
        "access_token": access,
        "expires_in": ACCESS_LIFE.as_seconds_ceil(),
        "scope": scopes.join(","),
        "token_type": "Bearer",
    });
    // Only apps with an approved product are given refresh tokens.
    if scopes.iter().any(|scope| scope == "w_organization_social") {
        let (refresh, _) = linkedin.new_token(Kind::Refresh, &mut batch, &grant, now)?;
        answer["refresh_token"] = json!(refresh);
        answer["refresh_token_expires_in"] = json!(REFRESH_LIFE.as_seconds_ceil());
    }
    batch.commit()?;
    Ok(Json(answer))
}

fn renew(linkedin: &LinkedIn, presented: &str) -> Result<Json<Value>, LiError> {
    let wrong = || {
        let description = "The provided authorization grant or refresh token is invalid, expired or revoked.";
        refused(StatusCode::BAD_REQUEST, "invalid_grant", description)
    };
    let now = linkedin.world.now();
    let token = linkedin.refresh.get(presented).ok_or_else(wrong)?;
    let grant = linkedin.grants.get(&token.grant).ok_or_else(wrong)?;
    if grant.revoked || token.expires_at <= now {
        return Err(wrong());
    }
    let mut batch = linkedin.world.journal.batch();
    let (access, _) = linkedin.new_token(Kind::Access, &mut batch, &token.grant, now)?;
    batch.commit()?;
    // The same refresh token again: renewing does not make it live longer.
    Ok(Json(json!({
        "access_token": access,
        "expires_in": ACCESS_LIFE.as_seconds_ceil(),
        "refresh_token": presented,
        "refresh_token_expires_in": token.expires_at.since(now).as_seconds_ceil(),
        "scope": scopes_of(&grant.scope).join(","),
        "token_type": "Bearer",
    })))
}

/// `POST /oauth/v2/introspectToken`
pub(super) async fn introspect(
    State(linkedin): State<Arc<LinkedIn>>,
    Form(form): Form<TokenForm>,
) -> Result<Json<Value>, LiError> {
    form.check_client()?;
    let found = linkedin.access.get(&form.token);
    let Some((grant, token)) = found.and_then(|token| Some((linkedin.grants.get(&token.grant)?, token)))
    else {
        return Ok(Json(json!({"active": false})));
    };
    let status = match (grant.revoked, token.expires_at <= linkedin.world.now()) {
        (true, _) => "revoked",
        (_, true) => "expired",
        _ => "active",
    };
    Ok(Json(json!({
        "active": status == "active",
        "client_id": CLIENT_ID,
        "status": status,
        "scope": scopes_of(&grant.scope).join(","),
        "authorized_at": grant.granted_at.as_seconds(),
        "created_at": grant.granted_at.as_seconds(),
        "expires_at": token.expires_at.as_seconds(),
        "auth_type": "3L",
    })))
}

/// `POST /oauth/v2/revoke`
pub(super) async fn revoke(
    State(linkedin): State<Arc<LinkedIn>>,
    Form(form): Form<TokenForm>,
) -> Result<StatusCode, LiError> {
    form.check_client()?;
    let token = linkedin.access.get(&form.token).or_else(|| linkedin.refresh.get(&form.token));
    if let Some(token) = token {
        linkedin.grants.update(&token.grant, |grant| grant.revoked = true)?;
    }
    Ok(StatusCode::OK)
}
