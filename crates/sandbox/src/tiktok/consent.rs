//! The page on which an account's owner agrees to what an app asks for, or to a part of it. Plain
//! HTML; the choice goes back to the address that showed the page, as the parameters by which tests
//! agree without it.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Response};
use domain::Span;
use http::StatusCode;
use url::{Host, Url};

use super::request::Ask;
use super::state::{Code, SCOPES, TikTok, User, is_app};
use crate::core::accounts::CreateAccount;
use crate::core::consent::lead_back;
use crate::core::origin::Origin;
use crate::core::page::{document, escape};

const CODE_LIFE: Span = Span::from_minutes(10);
const ADDRESS_MAX: usize = 512;
/// Cannot be left out.
const BASIC: &str = "user.info.basic";

impl TikTok {
    /// `/v2/auth/authorize/`. Not of TikTok: `sandbox_user` (a handle, or empty for the first
    /// account) agrees at once to everything but the scopes in `sandbox_decline`; `sandbox_deny`
    /// says no. Without them a person is asked.
    pub(super) fn authorize(&self, ask: &Ask, origin: &Origin) -> Response {
        match self.decide(ask, origin) {
            Ok(answer) => answer,
            Err(why) => {
                let body = format!("<main class=\"one\"><p class=\"none\">{}</p></main>", escape(&why));
                (StatusCode::BAD_REQUEST, Html(document("TikTok", &body))).into_response()
            }
        }
    }

    fn decide(&self, ask: &Ask, origin: &Origin) -> Result<Response, String> {
        let wrong = |what: &str| format!("Something went wrong: {what}");
        let key = ask.get("client_key").filter(|key| is_app(key)).ok_or_else(|| wrong("client_key"))?;
        if ask.get("response_type") != Some("code") {
            return Err(wrong("response_type"));
        }
        let redirect_uri = ask.get("redirect_uri").unwrap_or_default();
        let target = Url::parse(redirect_uri)
            .ok()
            .filter(|url| redirect_uri.len() < ADDRESS_MAX && is_allowed(url))
            .ok_or_else(|| wrong("redirect_uri"))?;
        let scopes = asked_scopes(ask).map_err(|scope| wrong(&format!("scope {scope}")))?;
        let challenge = ask.get("code_challenge");
        if challenge.is_some() && ask.get("code_challenge_method") != Some("S256") {
            return Err(wrong("code_challenge_method"));
        }
        let state = ask.get("state").unwrap_or_default();
        if ask.named("sandbox_deny").is_some() {
            let fields = [
                ("error", "access_denied"),
                ("error_description", "User cancelled the authorization"),
                ("error_type", "access_denied"),
                ("state", state),
            ];
            return Ok(lead_back(target, &fields));
        }
        if self.users.find(|_| true).is_none() {
            self.create_account(&CreateAccount::default(), origin).map_err(|error| error.to_string())?;
        }
        let user = match ask.named("sandbox_user") {
            None => return Ok(Html(self.consent_page(ask, &scopes)).into_response()),
            Some("") => self.users.find(|_| true).map(|(_, user)| user),
            Some(name) => self.user_named(name),
        };
        let user = user.ok_or("There is no such sandbox account.")?;
        let code = format!("{}*v!4917.va", self.world.entropy.token(80));
        let granted = agreed(ask, scopes);
        let row = Code {
            user: user.id,
            app: key.to_owned(),
            scopes: granted.clone(),
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge.map(str::to_owned),
            expires_at: self.world.now() + CODE_LIFE,
        };
        self.codes.put(&code, &row).map_err(|error| error.to_string())?;
        Ok(lead_back(target, &[("code", &code), ("scopes", &granted.join(",")), ("state", state)]))
    }

    fn consent_page(&self, ask: &Ask, scopes: &[String]) -> String {
        let mut html = String::from(
            "<main class=\"one\"><section><h2>TikTok</h2><article><h1>Allow this app?</h1>\
             <p>It asks for these permissions on the emulated TikTok:</p><form method=\"get\">",
        );
        for (name, value) in ask.query().iter().filter(|(name, _)| !name.starts_with("sandbox_")) {
            let (name, value) = (escape(name), escape(value));
            let _ = write!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        }
        html.push_str("<input type=\"hidden\" name=\"sandbox_form\" value=\"1\">");
        for scope in scopes {
            let text = escape(scope);
            let fixed = if scope == BASIC { " disabled" } else { "" };
            let _ = write!(
                html,
                "<p><label><input type=\"checkbox\" name=\"sandbox_scope\" value=\"{text}\" checked{fixed}> \
                 {text}</label></p>"
            );
        }
        html.push_str("<p><label>As <select name=\"sandbox_user\">");
        for (_, User { username, name, .. }) in self.users.list() {
            let (username, name) = (escape(&username), escape(&name));
            let _ = write!(html, "<option value=\"{username}\">{name} ({username})</option>");
        }
        html.push_str(
            "</select></label></p><p><button>Allow</button> \
             <button name=\"sandbox_deny\" value=\"1\">Cancel</button></p></form></article></section></main>",
        );
        document("Sign in to TikTok", &html)
    }
}

/// A fixed address: `https`, or on this machine, as an app for a desktop has it.
fn is_allowed(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_local);
    is_safe && url.fragment().is_none() && url.query().is_none()
}

/// The scopes, which stand between commas; the first wrong one otherwise.
fn asked_scopes(ask: &Ask) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in ask.get("scope").unwrap_or_default().split(',') {
        if !SCOPES.contains(&scope) {
            return Err(scope.to_owned());
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if !scopes.iter().any(|scope| scope == BASIC) {
        // It comes with Login Kit, asked for or not.
        scopes.insert(0, BASIC.to_owned());
    }
    Ok(scopes)
}

/// What the owner left ticked, on the page or by the parameter that stands in for it.
fn agreed(ask: &Ask, asked: Vec<String>) -> Vec<String> {
    let is_form = ask.named("sandbox_form").is_some();
    let ticked: Vec<&str> = ask
        .query()
        .iter()
        .filter(|(name, _)| name == "sandbox_scope")
        .map(|(_, value)| value.as_str())
        .collect();
    let declined: Vec<&str> = ask.get("sandbox_decline").unwrap_or_default().split(',').collect();
    let is_left = |scope: &str| if is_form { ticked.contains(&scope) } else { !declined.contains(&scope) };
    asked.into_iter().filter(|scope| scope == BASIC || is_left(scope)).collect()
}
