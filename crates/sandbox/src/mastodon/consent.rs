//! The page on which an account's owner agrees (methods: oauth).

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Span;
use http::StatusCode;
use url::Url;

use super::apps::split_scopes;
use super::errors::page as error_page;
use super::request::Ask;
use super::state::{CLIENT_ID, Code, Mastodon, User};
use crate::core::accounts::CreateAccount;
use crate::core::consent::{self, Person, lead_back};
use crate::core::origin::Origin;

const CODE_LIFE: Span = Span::from_minutes(10);

impl Mastodon {
    /// `GET /oauth/authorize`. Not of Mastodon: `sandbox_user` (a handle, or empty for the first
    /// account) agrees at once, `sandbox_deny` says no. Without them a person is asked.
    pub(super) fn authorize(&self, ask: &Ask, origin: &Origin, query: &str) -> Response {
        self.decide(ask, origin, query).unwrap_or_else(|| error_page(StatusCode::BAD_REQUEST))
    }

    fn decide(&self, ask: &Ask, origin: &Origin, query: &str) -> Option<Response> {
        let client_id = ask.text("client_id")?;
        let app = self.app(client_id, &origin.host)?;
        let redirect_uri = ask.text("redirect_uri")?;
        let mut target = Url::parse(redirect_uri).ok()?;
        // The sandbox's own app may lead anywhere; one that was registered only where it said.
        if client_id != CLIENT_ID && !app.redirect_uris.iter().any(|known| known == redirect_uri) {
            return None;
        }
        let scopes = split_scopes(ask.text("scope").unwrap_or("read"));
        let state = ask.text("state").unwrap_or_default();
        let is_plain = ask.text("code_challenge_method").is_some_and(|method| method != "S256");
        let wrong = if ask.text("response_type") != Some("code") {
            Some("unsupported_response_type")
        } else if scopes.iter().any(|scope| !app.scopes.contains(scope)) {
            Some("invalid_scope")
        } else if is_plain {
            Some("invalid_code_challenge_method")
        } else if ask.names("sandbox_deny") {
            Some("access_denied")
        } else {
            None
        };
        if let Some(error) = wrong {
            return Some(lead_back(target, &[("error", error), ("state", state)]));
        }
        let mut people = self.people(&origin.host);
        if people.is_empty() {
            let mut wanted = CreateAccount::default();
            wanted.extra.insert("server".to_owned(), origin.host.clone().into());
            self.create_account(&wanted, origin).ok()?;
            people = self.people(&origin.host);
        }
        if !ask.names("sandbox_user") {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let people: Vec<Person> =
                people.into_iter().map(|user| Person { handle: user.username, name: user.name }).collect();
            return Some(Html(consent::page("Mastodon", &scopes, &people, query)).into_response());
        }
        let user = match ask.text("sandbox_user") {
            Some(name) => self.user_named(&origin.host, name.split('@').next().unwrap_or(name))?,
            None => people.into_iter().next()?,
        };
        let code = self.world.entropy.token(43);
        let row = Code {
            client_id: client_id.to_owned(),
            user: user.key(),
            scopes,
            redirect_uri: redirect_uri.to_owned(),
            challenge: ask.text("code_challenge").unwrap_or_default().to_owned(),
            expires_at: self.world.now() + CODE_LIFE,
        };
        self.codes.put(&code, &row).ok()?;
        target.query_pairs_mut().append_pair("code", &code);
        if !state.is_empty() {
            target.query_pairs_mut().append_pair("state", state);
        }
        Some(Redirect::to(target.as_str()).into_response())
    }

    fn people(&self, host: &str) -> Vec<User> {
        self.users.list().into_iter().map(|(_, user)| user).filter(|user| user.host == host).collect()
    }
}
