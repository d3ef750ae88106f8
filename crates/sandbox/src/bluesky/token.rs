//! Session tokens: JSON Web Tokens signed with HS256, as a data server makes them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Span, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

/// Access tokens end after this.
pub(super) const ACCESS_LASTS: Span = Span::from_hours(2);
/// Refresh tokens end after this.
pub(super) const REFRESH_LASTS: Span = Span::from_days(90);

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) scope: String,
    pub(super) sub: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    /// The session that it belongs to.
    pub(super) jti: String,
}

impl Claims {
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.exp <= now.as_seconds()
    }
}

/// What a token for another service says: this account lets it do this, there, until then.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct ServiceClaims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    /// The method that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lxm: Option<String>,
    pub(super) jti: String,
}

/// A signed token.
pub(super) fn sign(key: &[u8], kind: &str, claims: &impl Serialize) -> String {
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = format!("{}.{}", part(&json!({"typ": kind, "alg": "HS256"})), part(&json!(claims)));
    let signature = URL_SAFE_NO_PAD.encode(mac(key, &body));
    format!("{body}.{signature}")
}

/// What a token says, if its signature is ours and it is of this kind.
pub(super) fn verify<C: DeserializeOwned>(key: &[u8], kind: &str, token: &str) -> Option<C> {
    let (body, signature) = token.rsplit_once('.')?;
    if URL_SAFE_NO_PAD.decode(signature).ok()? != mac(key, body) {
        return None;
    }
    let (head, claims) = body.split_once('.')?;
    let head: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
    if head["typ"] != kind {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        // HMAC takes keys of any length.
        Err(_) => Vec::new(),
    }
}
