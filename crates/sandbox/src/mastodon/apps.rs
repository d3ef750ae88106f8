//! Apps and tokens: each server registers apps of its own, exchanges codes, and takes tokens back
//! (methods: apps, oauth).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::errors::{MastodonError, bad_token, invalid, oauth};
use super::request::Ask;
use super::state::{App, CLIENT_ID, CLIENT_SECRET, Mastodon, Token};
use crate::core::lock;
use crate::core::origin::Origin;

/// The scopes that a server knows.
pub(super) const SCOPES: &[&str] = &[
    "profile",
    "read",
    "read:accounts",
    "read:statuses",
    "read:notifications",
    "write",
    "write:accounts",
    "write:statuses",
    "write:media",
    "follow",
    "push",
];

impl Mastodon {
    /// `POST /api/v1/apps`
    pub(super) fn register_app(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        let name = ask.text("client_name").ok_or_else(|| invalid("Application name can't be blank"))?;
        let redirect_uris: Vec<String> = ask
            .texts("redirect_uris")
            .iter()
            .flat_map(|uris| uris.split_whitespace())
            .map(str::to_owned)
            .collect();
        if redirect_uris.is_empty() || redirect_uris.iter().any(|uri| url::Url::parse(uri).is_err()) {
            return Err(invalid("Redirect URI must be an absolute URI."));
        }
        let scopes = split_scopes(ask.text("scopes").unwrap_or("read"));
        if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(invalid(&format!("Scopes doesn't match configured on the server: {unknown}")));
        }
        let app = App {
            host: origin.host.clone(),
            id: self.new_id(),
            name: name.to_owned(),
            website: ask.text("website").map(str::to_owned),
            redirect_uris,
            scopes,
            secret: self.world.entropy.token(43),
        };
        let client_id = self.world.entropy.token(43);
        self.apps.put(&client_id, &app)?;
        let mut shown = shown(&app);
        shown["client_id"] = json!(client_id);
        shown["client_secret"] = json!(app.secret);
        shown["client_secret_expires_at"] = json!(0);
        Ok(shown)
    }

    /// The app with this id that is registered with `host`.
    pub(super) fn app(&self, client_id: &str, host: &str) -> Option<App> {
        if client_id == CLIENT_ID {
            return Some(App {
                host: host.to_owned(),
                id: "1".to_owned(),
                name: "Fanfare in the sandbox".to_owned(),
                website: None,
                redirect_uris: Vec::new(),
                scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
                secret: CLIENT_SECRET.to_owned(),
            });
        }
        self.apps.get(client_id).filter(|app| app.host == host)
    }

    /// `GET /api/v1/apps/verify_credentials`
    pub(super) fn verify_app(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        let token = ask.token().and_then(|token| self.tokens.get(token));
        let token = token.filter(|token| token.host == origin.host && !token.revoked);
        let app = token.and_then(|token| self.app(&token.client_id, &origin.host));
        app.as_ref().map(shown).ok_or_else(|| bad_token("is invalid"))
    }

    /// `POST /oauth/token`
    pub(super) fn token(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        let client_id = ask.text("client_id").unwrap_or_default();
        let app = self.app(client_id, &origin.host);
        let app = app.filter(|app| ask.text("client_secret") == Some(&app.secret)).ok_or_else(|| {
            let why = "Client authentication failed due to unknown client, no client authentication included, or \
                       unsupported authentication method.";
            oauth(StatusCode::UNAUTHORIZED, "invalid_client", why)
        })?;
        let (user, scopes) = match ask.text("grant_type") {
            Some("authorization_code") => self.redeem(ask, client_id)?,
            Some("client_credentials") => {
                let scopes = split_scopes(ask.text("scope").unwrap_or("read"));
                if scopes.iter().any(|scope| !app.scopes.contains(scope)) {
                    let why = "The requested scope is invalid, unknown, or malformed.";
                    return Err(oauth(StatusCode::BAD_REQUEST, "invalid_scope", why));
                }
                (String::new(), scopes)
            }
            _ => {
                let why = "The authorization grant type is not supported by the authorization server.";
                return Err(oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type", why));
            }
        };
        let created_at = self.world.now();
        let row = Token {
            host: origin.host.clone(),
            client_id: client_id.to_owned(),
            user,
            scopes: scopes.clone(),
            created_at,
            revoked: false,
        };
        let token = self.world.entropy.token(43);
        self.tokens.put(&token, &row)?;
        Ok(json!({
            "access_token": token,
            "token_type": "Bearer",
            "scope": scopes.join(" "),
            "created_at": created_at.as_seconds(),
        }))
    }

    /// The account and the scopes behind a code, which works once.
    fn redeem(&self, ask: &Ask, client_id: &str) -> Result<(String, Vec<String>), MastodonError> {
        let _one_at_a_time = lock(&self.gate);
        let wrong = || {
            let why = "The provided authorization grant is invalid, expired, revoked, does not match the redirection \
                       URI used in the authorization request, or was issued to another client.";
            oauth(StatusCode::BAD_REQUEST, "invalid_grant", why)
        };
        let presented = ask.text("code").unwrap_or_default();
        let code = self.codes.get(presented).ok_or_else(wrong)?;
        let is_right = code.client_id == client_id && ask.text("redirect_uri") == Some(&code.redirect_uri);
        let verifier = ask.text("code_verifier").unwrap_or_default();
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let is_proven = code.challenge.is_empty() || code.challenge == proof;
        if !is_right || !is_proven || code.expires_at <= self.world.now() {
            return Err(wrong());
        }
        self.codes.delete(presented)?;
        Ok((code.user, code.scopes))
    }

    /// `POST /oauth/revoke`
    pub(super) fn revoke(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        let client_id = ask.text("client_id").unwrap_or_default();
        let app = self.app(client_id, &origin.host);
        let is_client = app.is_some_and(|app| ask.text("client_secret") == Some(&app.secret));
        let presented = ask.text("token").unwrap_or_default();
        let token = self.tokens.get(presented);
        if !is_client || token.as_ref().is_some_and(|token| token.client_id != client_id) {
            let why = "You are not authorized to revoke this token";
            return Err(oauth(StatusCode::FORBIDDEN, "unauthorized_client", why));
        }
        self.tokens.update(presented, |token| token.revoked = true)?;
        Ok(json!({}))
    }

    /// `GET /.well-known/oauth-authorization-server`
    pub(super) fn oauth_metadata(origin: &Origin) -> Value {
        let address = |path: &str| origin.url(&origin.host, path);
        json!({
            "issuer": address("/"),
            "service_documentation": "https://docs.joinmastodon.org/",
            "authorization_endpoint": address("/oauth/authorize"),
            "token_endpoint": address("/oauth/token"),
            "app_registration_endpoint": address("/api/v1/apps"),
            "revocation_endpoint": address("/oauth/revoke"),
            "scopes_supported": SCOPES,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        })
    }
}

/// Scopes as they are written with spaces between.
pub(super) fn split_scopes(text: &str) -> Vec<String> {
    text.split([' ', '+']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

fn shown(app: &App) -> Value {
    json!({
        "id": app.id,
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes,
        "redirect_uris": app.redirect_uris,
        "redirect_uri": app.redirect_uris.join("\n"),
    })
}
