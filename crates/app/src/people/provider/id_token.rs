//! What the other system signs: whether it is for us, for this visit, and still good.

use domain::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::ProviderConfig;

/// How far the two clocks may differ.
const LEEWAY_S: i64 = 60;
/// The longest subject that the specification allows.
const SUBJECT_LENGTH: usize = 255;

/// What keeps a token from proving anything.
#[derive(Debug, thiserror::Error)]
pub(super) enum Invalid {
    /// It is not signed, or not as it should be.
    #[error("the ID token cannot be read or its signature is wrong: {0}")]
    Signature(#[from] jsonwebtoken::errors::Error),
    /// It is signed by a secret instead of a key.
    #[error("the ID token is signed with {0:?}")]
    Algorithm(Algorithm),
    /// No key of the other system signed it.
    #[error("the ID token is signed by a key that is not published")]
    Key,
    /// A claim is missing or not what it has to be.
    #[error("the claim {0} of the ID token is wrong")]
    Claim(&'static str),
}

/// What is said of somebody.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    pub(super) subject: String,
    /// The address, if it is verified.
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    /// Everything.
    pub(super) all: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// The key that a token names.
pub(super) fn key_id(token: &str) -> Result<Option<String>, Invalid> {
    Ok(decode_header(token)?.kid)
}

/// The claims of a token, if it is all that it has to be.
pub(super) fn verify(
    config: &ProviderConfig,
    keys: &JwkSet,
    token: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<Claims, Invalid> {
    let header = decode_header(token)?;
    // A secret proves nothing here, and it could be the public key's own bytes.
    if matches!(header.alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
        return Err(Invalid::Algorithm(header.alg));
    }
    let key = match &header.kid {
        Some(id) => keys.find(id),
        None if keys.keys.len() == 1 => keys.keys.first(),
        None => None,
    };
    let key = DecodingKey::from_jwk(key.ok_or(Invalid::Key)?)?;
    let mut wanted = Validation::new(header.alg);
    wanted.set_issuer(&[&config.issuer]);
    wanted.set_audience(&[&config.client_id]);
    wanted.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library would ask the machine's clock; the time is looked at below.
    wanted.validate_exp = false;
    let claims = decode::<Map<String, Value>>(token, &key, &wanted)?.claims;
    let number = |name: &'static str| {
        let value = claims.get(name).and_then(Value::as_f64);
        #[expect(clippy::cast_possible_truncation, reason = "seconds, far below the limits")]
        value.map(|value| value as i64).ok_or(Invalid::Claim(name))
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if number("exp")? + LEEWAY_S <= now.as_seconds() {
        return Err(Invalid::Claim("exp"));
    }
    if number("iat")? > now.as_seconds() + LEEWAY_S {
        return Err(Invalid::Claim("iat"));
    }
    if text("nonce") != Some(nonce) {
        return Err(Invalid::Claim("nonce"));
    }
    // A token for several is for the party that it names.
    let audience = claims.get("aud").cloned().unwrap_or_default();
    let audience: OneOrMany = serde_json::from_value(audience).map_err(|_| Invalid::Claim("aud"))?;
    let is_shared = matches!(&audience, OneOrMany::Many(many) if many.len() > 1);
    let party = text("azp").map_or(!is_shared, |party| party == config.client_id);
    let is_ours = match &audience {
        OneOrMany::One(one) => *one == config.client_id,
        OneOrMany::Many(many) => many.contains(&config.client_id),
    };
    if !party || !is_ours {
        return Err(Invalid::Claim("azp"));
    }
    let subject = text("sub").filter(|subject| !subject.is_empty() && subject.len() <= SUBJECT_LENGTH);
    let subject = subject.filter(|subject| !subject.contains('\0')).ok_or(Invalid::Claim("sub"))?;
    // Some systems write it as a text.
    let is_verified = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => *verified,
        Some(Value::String(verified)) => verified == "true",
        _ => false,
    };
    let email = text("email").filter(|email| is_verified && domain::people::is_email(email.trim()));
    Ok(Claims {
        subject: subject.to_owned(),
        email: email.map(|email| email.trim().to_owned()),
        name: text("name").map(ToOwned::to_owned),
        all: claims,
    })
}
