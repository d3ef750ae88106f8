//! What the other system says of itself (OpenID Connect Discovery), its keys, and the exchange of a code.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use domain::{Span, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use net::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::{Provider, ProviderConfig};
use crate::App;

/// What was read is good for so long.
const GOOD_FOR: Span = Span::from_hours(1);
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any of these documents has.
const LONGEST: usize = 512 * 1024;

/// The other system does not answer as it should.
#[derive(Debug, thiserror::Error)]
#[error("{address}: {reason}")]
pub(super) struct Unusable {
    address: String,
    reason: String,
}

/// Why a code brought nothing.
#[derive(Debug)]
pub(super) enum ExchangeError {
    /// It is not taken.
    Refused(String),
    /// There was no answer that can be read.
    Unusable(Unusable),
}

/// Where the other system is asked what.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Endpoints {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// What is known of the other system.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) endpoints: Arc<Endpoints>,
    pub(super) keys: Arc<JwkSet>,
    read_at: Timestamp,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

fn unusable(address: &str, reason: &dyn std::fmt::Display) -> Unusable {
    Unusable { address: address.to_owned(), reason: reason.to_string() }
}

/// What is known; asked for again when it is old, or when the key `wanted` is not among it.
pub(super) async fn known(app: &App, provider: &Provider, wanted: Option<&str>) -> Result<Known, Unusable> {
    // Those who come meanwhile wait for one answer instead of asking as well.
    let mut known = provider.known.lock().await;
    let now = app.clock.now();
    if let Some(known) = known.as_ref() {
        let has_it = wanted.is_none_or(|id| known.keys.find(id).is_some());
        if has_it && now < known.read_at + GOOD_FOR {
            return Ok(known.clone());
        }
    }
    let issuer = &provider.config.issuer;
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let endpoints: Endpoints = get(app, &address).await?;
    if endpoints.issuer != *issuer {
        return Err(unusable(&address, &format!("it calls itself {}", endpoints.issuer)));
    }
    // The browser goes there, so it is looked at before.
    check(app, &endpoints.authorization_endpoint)?;
    let keys: JwkSet = get(app, &endpoints.jwks_uri).await?;
    let read = Known { endpoints: Arc::new(endpoints), keys: Arc::new(keys), read_at: now };
    *known = Some(read.clone());
    Ok(read)
}

/// An address that may be asked. Plain http is for one's own network only.
fn check(app: &App, address: &str) -> Result<Url, Unusable> {
    let url = Url::parse(address).map_err(|error| unusable(address, &error))?;
    let is_allowed = match url.scheme() {
        "https" => true,
        "http" => app.outside.guarded.allows_private_networks(),
        _ => false,
    };
    if is_allowed { Ok(url) } else { Err(unusable(address, &"it must begin with https://")) }
}

async fn get<T: DeserializeOwned>(app: &App, address: &str) -> Result<T, Unusable> {
    let request = Request::get(check(app, address)?).header("accept", "application/json").timeout(PATIENCE);
    let answer = app.outside.guarded.send(request).await.map_err(|error| unusable(address, &error))?;
    if !answer.is_success() {
        return Err(unusable(address, &format!("status {}", answer.status)));
    }
    if answer.body.len() > LONGEST {
        return Err(unusable(address, &"the answer is too long"));
    }
    serde_json::from_slice(&answer.body).map_err(|error| unusable(address, &error))
}

/// Exchanges a code for the signed claims.
pub(super) async fn exchange(
    app: &App,
    config: &ProviderConfig,
    known: &Known,
    code: &str,
    redirect_uri: &str,
    verifier: &str,
) -> Result<String, ExchangeError> {
    let address = &known.endpoints.token_endpoint;
    let url = check(app, address).map_err(ExchangeError::Unusable)?;
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier),
    ];
    let request = Request::post(url).header("accept", "application/json").timeout(PATIENCE);
    let methods = &known.endpoints.token_endpoint_auth_methods_supported;
    // Where nothing is said, it is client_secret_basic.
    let is_basic = methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic");
    let request = if config.client_secret.is_empty() || !is_basic {
        fields.push(("client_id", &config.client_id));
        if !config.client_secret.is_empty() {
            fields.push(("client_secret", &config.client_secret));
        }
        request
    } else {
        // Both halves are form-encoded first (RFC 6749, 2.3.1).
        let half = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", half(&config.client_id), half(&config.client_secret));
        let pair = base64::engine::general_purpose::STANDARD.encode(pair);
        request.header("authorization", &format!("Basic {pair}"))
    };
    let answer = app.outside.guarded.send(request.form(&fields)).await;
    let answer = answer.map_err(|error| ExchangeError::Unusable(unusable(address, &error)))?;
    if answer.is_success() {
        let tokens: Result<Tokens, _> = serde_json::from_slice(&answer.body);
        return tokens
            .map(|tokens| tokens.id_token)
            .map_err(|error| ExchangeError::Unusable(unusable(address, &error)));
    }
    match serde_json::from_slice::<TokenError>(&answer.body) {
        Ok(refusal) if answer.status < 500 => Err(ExchangeError::Refused(refusal.error)),
        _ => Err(ExchangeError::Unusable(unusable(address, &format!("status {}", answer.status)))),
    }
}
