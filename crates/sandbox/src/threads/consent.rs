//! The page on which a profile's owner agrees to what an app asks for, or to a part of it. Plain
//! HTML; the choice goes back to the address that showed the page, as the parameters by which tests
//! agree without it.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Span;
use http::StatusCode;
use url::{Host, Url};

use super::request::Ask;
use super::state::{CLIENT_ID, Code, SCOPES, Threads, User};
use crate::core::accounts::CreateAccount;
use crate::core::consent::lead_back;
use crate::core::origin::Origin;
use crate::core::page::{document, escape};

const CODE_LIFE: Span = Span::from_hours(1);
/// Cannot be left out.
const BASIC: &str = "threads_basic";

impl Threads {
    /// `oauth/authorize`. Not of Threads: `sandbox_user` (a handle, or empty for the first profile)
    /// agrees at once to everything but the scopes in `sandbox_decline`; `sandbox_deny` says no.
    /// Without them a person is asked.
    pub(super) fn authorize(&self, ask: &Ask, origin: &Origin) -> Response {
        match self.decide(ask, origin) {
            Ok(answer) => answer,
            Err(why) => {
                let body = format!("<main class=\"one\"><p class=\"none\">{}</p></main>", escape(&why));
                (StatusCode::BAD_REQUEST, Html(document("Threads", &body))).into_response()
            }
        }
    }

    fn decide(&self, ask: &Ask, origin: &Origin) -> Result<Response, String> {
        if ask.get("client_id") != Some(CLIENT_ID) {
            return Err("Invalid App ID: the provided app ID does not look like a valid app ID.".to_owned());
        }
        if ask.get("response_type") != Some("code") {
            return Err("Invalid response type: only \"code\" is supported.".to_owned());
        }
        let redirect_uri = ask.get("redirect_uri").unwrap_or_default();
        let mut target = Url::parse(redirect_uri)
            .ok()
            .filter(is_allowed)
            .ok_or("URL blocked: the redirect URI is not one of the app's, or not https.")?;
        let scopes = asked_scopes(ask)?;
        let state = ask.get("state").unwrap_or_default();
        if ask.get("sandbox_deny").is_some() {
            let fields = [
                ("error", "access_denied"),
                ("error_reason", "user_denied"),
                ("error_description", "The user denied your request"),
                ("state", state),
            ];
            return Ok(lead_back(target, &fields));
        }
        if self.users.find(|_| true).is_none() {
            self.create_account(&CreateAccount::default(), origin).map_err(|error| error.to_string())?;
        }
        if !ask.names("sandbox_user") {
            return Ok(Html(self.consent_page(ask, &scopes)).into_response());
        }
        let user = match ask.get("sandbox_user") {
            Some(name) => self.user_named(name),
            None => self.users.find(|_| true).map(|(_, user)| user),
        };
        let user = user.ok_or("There is no such sandbox profile.")?;
        let code = format!("AQ{}", self.world.entropy.token(140));
        let row = Code {
            user: user.id,
            scopes: agreed(ask, scopes),
            redirect_uri: redirect_uri.to_owned(),
            expires_at: self.world.now() + CODE_LIFE,
        };
        self.codes.put(&code, &row).map_err(|error| error.to_string())?;
        target.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
        target.set_fragment(Some("_"));
        Ok(Redirect::to(target.as_str()).into_response())
    }

    fn consent_page(&self, ask: &Ask, scopes: &[String]) -> String {
        let mut html = String::from(
            "<main class=\"one\"><section><h2>Threads</h2><article><h1>Allow this app?</h1>\
             <p>It asks for these permissions on the emulated Threads:</p><form method=\"get\">",
        );
        for (name, value) in ask.params().iter().filter(|(name, _)| !name.starts_with("sandbox_")) {
            let (name, value) = (escape(name), escape(value));
            let _ = write!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        }
        html.push_str("<input type=\"hidden\" name=\"sandbox_form\" value=\"1\">");
        for scope in scopes {
            let scope_text = escape(scope);
            let fixed = if scope == BASIC { " disabled" } else { "" };
            let _ = write!(
                html,
                "<p><label><input type=\"checkbox\" name=\"sandbox_scope\" value=\"{scope_text}\" checked{fixed}> \
                 {scope_text}</label></p>"
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
        document("Sign in to Threads", &html)
    }
}

/// Addresses that cannot be on the public internet need no certificate here.
fn is_allowed(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name.rsplit('.').next().is_some_and(|end| matches!(end, "test" | "localhost"))
        }
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

fn asked_scopes(ask: &Ask) -> Result<Vec<String>, String> {
    let mut scopes = Vec::new();
    for scope in ask.get("scope").unwrap_or_default().split([',', ' ']).filter(|scope| !scope.is_empty()) {
        if !SCOPES.contains(&scope) {
            return Err(format!("Invalid Scopes: {scope}."));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.iter().any(|scope| scope == BASIC) {
        Ok(scopes)
    } else {
        Err(format!("Invalid Scopes: {BASIC} is required."))
    }
}

/// What the owner left ticked, on the page or by the parameter that stands in for it.
fn agreed(ask: &Ask, asked: Vec<String>) -> Vec<String> {
    let is_form = ask.names("sandbox_form");
    let ticked: Vec<&str> = ask
        .params()
        .iter()
        .filter(|(name, _)| name == "sandbox_scope")
        .map(|(_, value)| value.as_str())
        .collect();
    let declined: Vec<&str> = ask.get("sandbox_decline").unwrap_or_default().split([',', ' ']).collect();
    asked
        .into_iter()
        .filter(|scope| {
            scope == BASIC
                || if is_form {
                    ticked.contains(&scope.as_str())
                } else {
                    !declined.contains(&scope.as_str())
                }
        })
        .collect()
}
