//! Instagram Login: the page where the owner agrees, codes, short tokens, long ones, renewals.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Span;
use http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::callers::{LONG_LIFE, unreadable};
use super::errors::of_exchange;
use super::state::{CLIENT_ID, CLIENT_SECRET, Code, Instagram, SCOPES, User};
use crate::core::accounts::CreateAccount;
use crate::core::consent::lead_back;
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::page::{document, escape};
use crate::meta::error::GraphError;
use crate::meta::request::GraphRequest;

const CODE_LIFE: Span = Span::from_hours(1);
/// A token that is younger cannot be renewed.
const RENEWABLE_AFTER: Span = Span::from_hours(24);

/// `oauth/authorize`. Not of Instagram: `sandbox_user` (a handle; the first account when empty)
/// agrees at once to everything but the scopes in `sandbox_decline`; `sandbox_deny` says no.
/// Without either a person is asked.
pub(super) fn authorize(instagram: &Instagram, request: &GraphRequest, origin: &Origin) -> Response {
    match decide(instagram, request, origin) {
        Ok(answer) => answer,
        Err(why) => {
            let body = format!("<main class=\"one\"><p class=\"none\">{}</p></main>", escape(&why));
            (StatusCode::BAD_REQUEST, Html(document("Instagram", &body))).into_response()
        }
    }
}

fn decide(instagram: &Instagram, request: &GraphRequest, origin: &Origin) -> Result<Response, String> {
    if request.get("client_id") != Some(CLIENT_ID) {
        return Err("Invalid Request: Request parameters are invalid: Invalid platform app".to_owned());
    }
    if request.get("response_type") != Some("code") {
        return Err("Invalid Request: response_type must be code".to_owned());
    }
    let redirect_uri = request.get("redirect_uri").unwrap_or_default();
    let mut target = Url::parse(redirect_uri)
        .map_err(|_| "Invalid Request: Request parameters are invalid: Invalid redirect_uri".to_owned())?;
    let scopes: Vec<String> = request
        .get("scope")
        .unwrap_or_default()
        .split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    if scopes.is_empty() || scopes.iter().any(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(format!("Invalid Scope: {}", scopes.join(",")));
    }
    let state = request.get("state").unwrap_or_default();
    if request.get("sandbox_deny").is_some() {
        let fields = [
            ("error", "access_denied"),
            ("error_reason", "user_denied"),
            ("error_description", "The user denied your request"),
            ("state", state),
        ];
        return Ok(lead_back(target, &fields));
    }
    let failed = |error: SandboxError| error.to_string();
    if instagram.users.find(|_| true).is_none() {
        instagram.create_account(&CreateAccount::default(), origin).map_err(failed)?;
    }
    let user = match request.get("sandbox_user") {
        None => return Ok(Html(form(instagram, request, &scopes)).into_response()),
        Some("") => instagram.users.find(|_| true).map(|(_, user)| user),
        Some(name) => instagram.user_named(name),
    };
    let user = user.ok_or("There is no such sandbox user.")?;
    let code = format!("AQB{}", instagram.world.entropy.token(160));
    let row = Code {
        user: user.id,
        scopes: granted(request, scopes),
        redirect_uri: redirect_uri.to_owned(),
        expires_at: instagram.world.now() + CODE_LIFE,
        used: false,
    };
    instagram.codes.put(&code, &row).map_err(failed)?;
    target.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
    // Not a fragment of ours: Instagram appends it to the address.
    Ok(Redirect::to(&format!("{target}#_")).into_response())
}

/// What the owner left ticked.
fn granted(request: &GraphRequest, scopes: Vec<String>) -> Vec<String> {
    let ticked = request.all("sandbox_scope");
    let is_form = request.get("sandbox_form").is_some();
    let declined: Vec<&str> = request.get("sandbox_decline").unwrap_or_default().split(',').collect();
    let is_granted = |scope: &String| {
        if is_form { ticked.contains(scope) } else { !declined.contains(&scope.as_str()) }
    };
    scopes.into_iter().filter(is_granted).collect()
}

fn form(instagram: &Instagram, request: &GraphRequest, scopes: &[String]) -> String {
    let mut html = String::from(
        "<main class=\"one\"><section><h2>Log in with Instagram</h2><p>An app asks for access.</p>\
         <form method=\"get\"><input type=\"hidden\" name=\"sandbox_form\" value=\"1\">",
    );
    for (name, value) in request.params.iter().filter(|(name, _)| !name.starts_with("sandbox_")) {
        let (name, value) = (escape(name), escape(value));
        let _ = write!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    html.push_str("<p><label>As <select name=\"sandbox_user\">");
    for (_, user) in instagram.users.list() {
        let (handle, name) = (escape(&user.username), escape(&user.name));
        let _ = write!(html, "<option value=\"{handle}\">{name} ({handle})</option>");
    }
    html.push_str("</select></label></p>");
    for scope in scopes {
        let scope = escape(scope);
        let _ = write!(
            html,
            "<p><label><input type=\"checkbox\" name=\"sandbox_scope\" value=\"{scope}\" checked> {scope}\
             </label></p>"
        );
    }
    html.push_str(
        "<p><button>Allow</button> <button name=\"sandbox_deny\" value=\"1\">Cancel</button></p></form>\
         </section></main>",
    );
    document("Log in with Instagram", &html)
}

/// `POST api.instagram.com/oauth/access_token`
pub(super) fn exchange(instagram: &Instagram, request: &GraphRequest) -> Response {
    match exchanged(instagram, request) {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(Refused::Said(message)) => of_exchange(StatusCode::BAD_REQUEST, message),
        Err(Refused::Sandbox(error)) => crate::core::dispatch::internal(&error),
    }
}

enum Refused {
    Said(&'static str),
    Sandbox(SandboxError),
}

impl From<SandboxError> for Refused {
    fn from(error: SandboxError) -> Self {
        Self::Sandbox(error)
    }
}

fn exchanged(instagram: &Instagram, request: &GraphRequest) -> Result<Value, Refused> {
    let refuse = |message| Err(Refused::Said(message));
    if request.get("client_id") != Some(CLIENT_ID) {
        return refuse("Invalid platform app");
    }
    if request.get("client_secret") != Some(CLIENT_SECRET) {
        return refuse("Error validating client secret");
    }
    if request.get("grant_type") != Some("authorization_code") {
        return refuse("Invalid grant_type");
    }
    let _one_at_a_time = lock(&instagram.gate);
    let presented = request.get("code").unwrap_or_default();
    let Some(mut code) = instagram.codes.get(presented) else {
        return refuse("Invalid authorization code");
    };
    if code.used {
        return refuse("This authorization code has been used");
    }
    if request.get("redirect_uri") != Some(&code.redirect_uri) {
        return refuse(
            "Error validating verification code. Please make sure your redirect_uri is identical to the one \
             you used in the OAuth dialog request",
        );
    }
    let now = instagram.world.now();
    let mut batch = instagram.world.journal.batch();
    code.used = true;
    batch.put(&instagram.codes, presented, &code)?;
    if code.expires_at <= now {
        batch.commit()?;
        return refuse("This authorization code has expired");
    }
    let grant = instagram.new_grant(&mut batch, &code.user, code.scopes.clone())?;
    let (token, _) = instagram.new_token(&mut batch, &grant, false, now)?;
    batch.commit()?;
    let Some(user) = instagram.users.get(&code.user) else { return refuse("Invalid authorization code") };
    Ok(short_answer(&user, &token, &code.scopes))
}

/// The documented answer is wrapped and has texts; live ones were seen flat, with numbers.
fn short_answer(user: &User, token: &str, scopes: &[String]) -> Value {
    if user.answers_flat {
        let number = user.scoped_id.parse::<u64>().unwrap_or(0);
        return json!({"access_token": token, "user_id": number, "permissions": scopes});
    }
    json!({"data": [
        {"access_token": token, "user_id": user.scoped_id, "permissions": scopes.join(",")}
    ]})
}

/// `GET graph.instagram.com/access_token`: a short token becomes a long one.
pub(super) fn lengthen(instagram: &Instagram, request: &GraphRequest) -> Result<Value, GraphError> {
    if request.get("grant_type") != Some("ig_exchange_token") {
        return Err(GraphError::invalid("Invalid grant_type"));
    }
    if request.get("client_secret") != Some(CLIENT_SECRET) {
        return Err(GraphError::new(1, "Error validating client secret."));
    }
    let token = request.token.as_deref().and_then(|text| instagram.tokens.get(text));
    let token = token.ok_or_else(unreadable)?;
    instagram.check(&token)?;
    if token.is_long {
        return Err(GraphError::new(
            452,
            "Session key invalid. This could be because the session key has an incorrect format.",
        ));
    }
    issue(instagram, &token.grant, false)
}

/// `GET graph.instagram.com/refresh_access_token`
pub(super) fn renew(instagram: &Instagram, request: &GraphRequest) -> Result<Value, GraphError> {
    if request.get("grant_type") != Some("ig_refresh_token") {
        return Err(GraphError::invalid("Invalid grant_type"));
    }
    let token = request.token.as_deref().and_then(|text| instagram.tokens.get(text));
    let token = token.ok_or_else(unreadable)?;
    let grant = instagram.check(&token)?;
    if !token.is_long {
        return Err(GraphError::invalid("Only long-lived access tokens can be refreshed"));
    }
    if !grant.scopes.iter().any(|scope| scope == SCOPES[0]) {
        return Err(GraphError::new(10, "(#10) Application does not have permission for this action"));
    }
    if token.issued_at + RENEWABLE_AFTER > instagram.world.now() {
        return Err(GraphError::invalid("The access token must be at least 24 hours old to be refreshed"));
    }
    issue(instagram, &token.grant, true)
}

fn issue(instagram: &Instagram, grant: &str, names_scopes: bool) -> Result<Value, GraphError> {
    let mut batch = instagram.world.journal.batch();
    let (text, _) = instagram.new_token(&mut batch, grant, true, instagram.world.now())?;
    batch.commit()?;
    let mut answer =
        json!({"access_token": text, "token_type": "bearer", "expires_in": LONG_LIFE.as_seconds_ceil()});
    if names_scopes && let Some(grant) = instagram.grants.get(grant) {
        answer["permissions"] = json!(grant.scopes.join(","));
    }
    Ok(answer)
}
