//! The login dialog: a page on which the person ticks permissions and Pages. With a
//! `sandbox_user` in its address it agrees by itself.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Span;
use http::StatusCode;
use url::Url;

use super::state::Facebook;
use crate::core::accounts::CreateAccount;
use crate::core::consent::lead_back;
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::page::{document, escape};
use crate::meta::logins::{Code, Grant, SCOPES, User, secret_of};
use crate::meta::request::GraphRequest;
use crate::meta::versions;

const CODE_LIFE: Span = Span::from_minutes(10);

/// `dialog/oauth`. Not of Facebook: `sandbox_user` (id or name of the person or of one of their
/// Pages) agrees at once to everything but the permissions in `sandbox_decline`, for all Pages or
/// those in `sandbox_pages` (for publishing, those in `sandbox_post_pages`); `sandbox_deny` says no.
pub(super) fn dialog(facebook: &Facebook, request: &GraphRequest, origin: &Origin) -> Response {
    match decide(facebook, request, origin) {
        Ok(answer) => answer,
        Err(why) => {
            let body = format!("<main class=\"one\"><p class=\"none\">{}</p></main>", escape(&why));
            (StatusCode::BAD_REQUEST, Html(document("Facebook", &body))).into_response()
        }
    }
}

fn decide(facebook: &Facebook, request: &GraphRequest, origin: &Origin) -> Result<Response, String> {
    if let Some(version) = &request.version {
        versions::check(version, facebook.world.now()).map_err(|error| error.message)?;
    }
    if request.get("client_id").and_then(secret_of).is_none() {
        return Err("Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned());
    }
    let redirect_uri = request.get("redirect_uri").unwrap_or_default();
    let mut target = Url::parse(redirect_uri).map_err(|_| {
        "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app.".to_owned()
    })?;
    let scopes = asked_scopes(request)?;
    let state = request.get("state").unwrap_or_default();
    if request.get("sandbox_deny").is_some() {
        let fields = [
            ("error", "access_denied"),
            ("error_code", "200"),
            ("error_description", "Permissions error"),
            ("error_reason", "user_denied"),
            ("state", state),
        ];
        return Ok(lead_back(target, &fields));
    }
    let failed = |error: SandboxError| error.to_string();
    let Some(name) = request.get("sandbox_user") else {
        let user = shown_user(facebook, request, origin)?;
        return Ok(Html(form(facebook, request, &user, &scopes)).into_response());
    };
    let _one_at_a_time = lock(&facebook.logins.gate);
    let user = facebook.logins.users.get(name);
    let user = user.or_else(|| Some(facebook.logins.users.find(|user| user.name == name)?.1));
    let user = user.or_else(|| facebook.logins.owner_of(&facebook.logins.page_named(name)?.id));
    let user = user.ok_or("There is no such sandbox user.")?;
    let before = facebook.logins.grants.get(&user.id).unwrap_or_default();
    let grant = agreed(request, &scopes, before.generation);
    facebook.logins.grants.put(&user.id, &grant).map_err(failed)?;
    let code = format!("AQ{}", facebook.world.entropy.token(120));
    let expires_at = facebook.world.now() + CODE_LIFE;
    let row = Code { user: user.id, redirect_uri: redirect_uri.to_owned(), expires_at };
    facebook.logins.codes.put(&code, &row).map_err(failed)?;
    target.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
    target.set_fragment(Some("_=_"));
    Ok(Redirect::to(target.as_str()).into_response())
}

fn asked_scopes(request: &GraphRequest) -> Result<Vec<String>, String> {
    let list = request.get("scope").unwrap_or_default();
    let mut scopes = vec!["public_profile".to_owned()];
    for scope in list.split([',', ' ']).filter(|scope| !scope.is_empty()) {
        if !SCOPES.contains(&scope) {
            return Err(format!("Invalid Scopes: {scope}."));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// What the person agreed to, by the form or by the parameters that stand in for it.
fn agreed(request: &GraphRequest, scopes: &[String], generation: u32) -> Grant {
    let is_form = request.get("sandbox_form").is_some();
    let ticked = request.all("sandbox_scope");
    let list = |name: &str| -> Option<Vec<String>> {
        let text = request.get(name)?;
        Some(text.split(',').filter(|entry| !entry.is_empty()).map(str::to_owned).collect())
    };
    let unwanted = list("sandbox_decline").unwrap_or_default();
    let is_granted = |scope: &String| {
        scope == "public_profile" || if is_form { ticked.contains(scope) } else { !unwanted.contains(scope) }
    };
    let (granted, declined) = scopes.iter().cloned().partition(is_granted);
    let pages = if is_form { Some(request.all("sandbox_page")) } else { list("sandbox_pages") };
    Grant { granted, declined, pages, post_pages: list("sandbox_post_pages"), generation, ended: 0 }
}

/// The one whom `sandbox_as` names, or the first one.
fn shown_user(facebook: &Facebook, request: &GraphRequest, origin: &Origin) -> Result<User, String> {
    if let Some(user) = request.get("sandbox_as").and_then(|id| facebook.logins.users.get(id)) {
        return Ok(user);
    }
    if facebook.logins.users.find(|_| true).is_none() {
        facebook.create_account(&CreateAccount::default(), origin).map_err(|error| error.to_string())?;
    }
    let found = facebook.logins.users.find(|_| true);
    found.map(|(_, user)| user).ok_or_else(|| "There is no sandbox user.".to_owned())
}

fn form(facebook: &Facebook, request: &GraphRequest, user: &User, scopes: &[String]) -> String {
    let mut html = String::from(
        "<main class=\"one\"><section><h2>Log in with Facebook</h2><p>An app asks for access.</p>\
         <form method=\"post\">",
    );
    let mut asked = String::new();
    for (name, value) in request.params.iter().filter(|(name, _)| !name.starts_with("sandbox_")) {
        let (name, value) = (escape(name), escape(value));
        let _ = write!(asked, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    html.push_str(&asked);
    let _ = write!(
        html,
        "<input type=\"hidden\" name=\"sandbox_form\" value=\"1\">\
         <input type=\"hidden\" name=\"sandbox_user\" value=\"{}\"><p>You are <b>{}</b>.</p><h3>Pages</h3>",
        escape(&user.id),
        escape(&user.name)
    );
    for (page, _) in facebook.logins.pages_of(&user.id) {
        tick(&mut html, "sandbox_page", &page.id, &page.name);
    }
    html.push_str("<h3>Permissions</h3>");
    for scope in scopes.iter().filter(|scope| *scope != "public_profile") {
        tick(&mut html, "sandbox_scope", scope, scope);
    }
    html.push_str(
        "<p><button type=\"submit\" id=\"agree\">Continue</button> \
         <button type=\"submit\" id=\"deny\" name=\"sandbox_deny\" value=\"1\">Cancel</button></p>\
         </form>",
    );
    others(&mut html, facebook, user, &asked);
    html.push_str("</section></main>");
    document("Log in with Facebook", &html)
}

/// Lets another person of the sandbox sign in.
fn others(html: &mut String, facebook: &Facebook, user: &User, asked: &str) {
    let others: Vec<User> = facebook
        .logins
        .users
        .list()
        .into_iter()
        .map(|(_, other)| other)
        .filter(|other| other.id != user.id)
        .collect();
    if others.is_empty() {
        return;
    }
    let _ = write!(html, "<form method=\"get\">{asked}<p><label>Somebody else <select name=\"sandbox_as\">");
    for other in others {
        let _ = write!(html, "<option value=\"{}\">{}</option>", escape(&other.id), escape(&other.name));
    }
    html.push_str("</select></label> <button id=\"switch\">Switch</button></p></form>");
}

fn tick(html: &mut String, name: &str, value: &str, label: &str) {
    let _ = write!(
        html,
        "<p><label><input type=\"checkbox\" name=\"{name}\" value=\"{}\" checked> {}</label></p>",
        escape(value),
        escape(label)
    );
}
