//! The provider's keys and the tokens that it signs with them (ES256), good ones and bad ones.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::core::error::SandboxError;

/// What can be wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is not signed, and says so.
    Unsigned,
    /// It is signed with the published key as if that were a secret's name.
    Secret,
    /// It is signed with another key under the same name.
    ForeignKey,
    /// It was changed after it was signed.
    Changed,
    /// It is for somebody else.
    Audience,
    /// It is for several, and names another one as the party.
    Party,
    /// Somebody else calls themselves its issuer.
    Issuer,
    /// It is over.
    Expired,
    /// It is for another visit.
    Nonce,
    /// It is for no visit.
    NoNonce,
    /// It names nobody.
    NoSubject,
    /// The address is not verified.
    Unverified,
    /// There is no address.
    NoEmail,
    /// Nothing is wrong: the provider has changed its keys just before.
    NewKey,
}

const NAMES: [(&str, Flaw); 14] = [
    ("unsigned", Flaw::Unsigned),
    ("secret", Flaw::Secret),
    ("foreign_key", Flaw::ForeignKey),
    ("changed", Flaw::Changed),
    ("audience", Flaw::Audience),
    ("party", Flaw::Party),
    ("issuer", Flaw::Issuer),
    ("expired", Flaw::Expired),
    ("nonce", Flaw::Nonce),
    ("no_nonce", Flaw::NoNonce),
    ("no_subject", Flaw::NoSubject),
    ("unverified", Flaw::Unverified),
    ("no_email", Flaw::NoEmail),
    ("new_key", Flaw::NewKey),
];

impl Flaw {
    pub(super) fn parse(text: &str) -> Option<Self> {
        NAMES.iter().find(|(name, _)| *name == text).map(|(_, flaw)| *flaw)
    }
}

/// The key that signs.
pub(super) struct Signer {
    key: EcdsaKeyPair,
    number: u32,
}

fn failed(_: aws_lc_rs::error::Unspecified) -> SandboxError {
    SandboxError::invalid("the emulated login cannot make or use a key")
}

fn new_key() -> Result<EcdsaKeyPair, SandboxError> {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

impl Signer {
    pub(super) fn new() -> Result<Self, SandboxError> {
        Ok(Self { key: new_key()?, number: 1 })
    }

    fn id(&self) -> String {
        format!("key-{}", self.number)
    }

    /// The JWK set.
    pub(super) fn published(&self) -> Value {
        let point = self.key.public_key().as_ref();
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id(),
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        }] })
    }

    /// A token with these claims.
    pub(super) fn sign(&mut self, mut claims: Value, flaw: Option<Flaw>) -> Result<String, SandboxError> {
        let mut algorithm = "ES256";
        match flaw {
            Some(Flaw::NewKey) => *self = Self { key: new_key()?, number: self.number + 1 },
            Some(Flaw::Unsigned) => algorithm = "none",
            Some(Flaw::Secret) => algorithm = "HS256",
            Some(Flaw::Audience) => claims["aud"] = json!("another-client"),
            Some(Flaw::Party) => {
                claims["azp"] = json!("another-client");
                claims["aud"] = json!([claims["aud"], "another-client"]);
            }
            Some(Flaw::Issuer) => claims["iss"] = json!("https://evil.example"),
            Some(Flaw::Expired) => {
                for name in ["iat", "exp"] {
                    claims[name] = json!(claims[name].as_i64().unwrap_or(0) - 3_600);
                }
            }
            Some(Flaw::Nonce) => claims["nonce"] = json!("another visit"),
            Some(Flaw::NoNonce) => claims["nonce"] = Value::Null,
            Some(Flaw::NoSubject) => claims["sub"] = json!(""),
            Some(Flaw::Unverified) => claims["email_verified"] = json!(false),
            Some(Flaw::NoEmail) => claims["email"] = Value::Null,
            Some(Flaw::ForeignKey | Flaw::Changed) | None => {}
        }
        let head = part(&json!({ "alg": algorithm, "typ": "JWT", "kid": self.id() }));
        let body = format!("{head}.{}", part(&claims));
        let signature = match flaw {
            Some(Flaw::Unsigned) => Vec::new(),
            Some(Flaw::Secret) => {
                let secret =
                    aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, self.key.public_key().as_ref());
                aws_lc_rs::hmac::sign(&secret, body.as_bytes()).as_ref().to_vec()
            }
            Some(Flaw::ForeignKey) => {
                let signed = new_key()?.sign(&SystemRandom::new(), body.as_bytes()).map_err(failed)?;
                signed.as_ref().to_vec()
            }
            _ => self.key.sign(&SystemRandom::new(), body.as_bytes()).map_err(failed)?.as_ref().to_vec(),
        };
        let signature = URL_SAFE_NO_PAD.encode(signature);
        if flaw == Some(Flaw::Changed) {
            claims["email"] = json!("ana@example.org");
            return Ok(format!("{head}.{}.{signature}", part(&claims)));
        }
        Ok(format!("{body}.{signature}"))
    }
}
