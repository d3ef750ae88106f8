//! The page on which an account's owner agrees.

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Span;
use http::StatusCode;
use url::Url;

use super::request::Ask;
use super::state::{CLIENT_ID, Code, Pinterest, SCOPES};
use crate::core::accounts::CreateAccount;
use crate::core::consent::{self, Person, lead_back};
use crate::core::origin::Origin;
use crate::core::page::{document, escape};

const CODE_LIFE: Span = Span::from_minutes(10);

impl Pinterest {
    /// `GET /oauth/`. Not of Pinterest: `sandbox_user` (a handle, or empty for the first account) agrees
    /// at once to everything but the scopes in `sandbox_decline`, `sandbox_deny` says no. Without them a
    /// person is asked.
    pub(super) fn authorize(&self, ask: &Ask, origin: &Origin, query: &str) -> Response {
        match self.decide(ask, origin, query) {
            Ok(answer) => answer,
            Err(why) => {
                let body = format!("<main class=\"one\"><p class=\"none\">{}</p></main>", escape(&why));
                (StatusCode::BAD_REQUEST, Html(document("Pinterest", &body))).into_response()
            }
        }
    }

    fn decide(&self, ask: &Ask, origin: &Origin, query: &str) -> Result<Response, String> {
        if ask.get("client_id") != Some(CLIENT_ID) {
            return Err("There is no app with this client_id.".to_owned());
        }
        if ask.get("response_type") != Some("code") {
            return Err("response_type must be code.".to_owned());
        }
        let redirect_uri = ask.get("redirect_uri").unwrap_or_default();
        let mut target =
            Url::parse(redirect_uri).map_err(|_| "The redirect_uri is no address.".to_owned())?;
        let asked: Vec<&str> = ask.get("scope").unwrap_or_default().split(',').map(str::trim).collect();
        if let Some(unknown) = asked.iter().find(|scope| !SCOPES.contains(scope)) {
            return Err(format!("There is no scope \"{unknown}\"; scopes have commas between."));
        }
        let state = ask.get("state").unwrap_or_default();
        if ask.names("sandbox_deny") {
            return Ok(lead_back(target, &[("error", "access_denied"), ("state", state)]));
        }
        if self.users.find(|_| true).is_none() {
            self.create_account(&CreateAccount::default(), origin).map_err(|error| error.to_string())?;
        }
        let people = self.users.list().into_iter();
        if !ask.names("sandbox_user") {
            let people: Vec<Person> =
                people.map(|(_, user)| Person { handle: user.username, name: user.name }).collect();
            return Ok(Html(consent::page("Pinterest", &asked, &people, query)).into_response());
        }
        let user = match ask.get("sandbox_user") {
            Some(name) => self.user_named(name),
            None => people.map(|(_, user)| user).next(),
        };
        let user = user.ok_or("There is no such sandbox account.")?;
        let declined: Vec<&str> = ask.get("sandbox_decline").unwrap_or_default().split(',').collect();
        let scopes = asked.into_iter().filter(|scope| !declined.contains(scope)).map(str::to_owned);
        let code = self.world.entropy.token(40);
        let row = Code {
            user: user.id,
            scopes: scopes.collect(),
            redirect_uri: redirect_uri.to_owned(),
            expires_at: self.world.now() + CODE_LIFE,
        };
        self.codes.put(&code, &row).map_err(|error| error.to_string())?;
        target.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
        Ok(Redirect::to(target.as_str()).into_response())
    }
}
