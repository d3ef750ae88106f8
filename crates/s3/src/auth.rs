//! Who signs a request, and whether the signature is that of this request: the fourth version of
//! Amazon's signatures, in the headers or in the query.

use std::fmt::Write as _;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::S3Config;
use crate::answer::Refusal;

/// How far the clocks of both sides may be apart, in seconds.
const SKEW: i64 = 15 * 60;
/// The longest that a signed address may be good for, in seconds.
const LONGEST: i64 = 7 * 24 * 60 * 60;
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What the body has to be, by the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// Anything.
    Unsigned,
    /// Bytes with this SHA-256, in hex.
    Hash(String),
}

/// What a request says of its signature.
struct Claim {
    key_id: String,
    scope: String,
    moment: String,
    signed_headers: Vec<String>,
    signature: String,
    payload: Payload,
    /// The query as it was signed.
    query: String,
}

/// The parts of a query, decoded.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        // A plus sign is itself in a signed query.
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// Refuses a request that nobody with a key of this server has signed.
pub(crate) fn check(config: &S3Config, request: &Parts, now: Timestamp) -> Result<Payload, Refusal> {
    let pairs = pairs(request.uri.query().unwrap_or_default());
    let is_address = pairs.iter().any(|(name, _)| name == "X-Amz-Signature");
    let claim = if is_address { in_query(&pairs, now)? } else { in_headers(&request.headers, &pairs, now)? };
    let denied = |message: &str| Refusal::new(403, "AccessDenied", message);
    if !claim.signed_headers.iter().any(|name| name == "host") {
        return Err(denied("The host has to be signed."));
    }
    for name in request.headers.keys().map(axum::http::HeaderName::as_str) {
        if name.starts_with("x-amz-") && !claim.signed_headers.iter().any(|signed| signed == name) {
            return Err(denied(&format!(
                "There were headers present in the request which were not signed: {name}"
            )));
        }
    }
    let day = claim.moment.get(..8).unwrap_or_default();
    if claim.scope != format!("{day}/{}/s3/aws4_request", config.region) {
        let message = format!("The authorization header is malformed; expecting '{}'", config.region);
        return Err(Refusal::new(400, "AuthorizationHeaderMalformed", message));
    }
    let key = config.keys.iter().find(|(id, _)| *id == claim.key_id);
    let Some((_, secret)) = key else {
        let message = "The AWS Access Key Id you provided does not exist in our records.";
        return Err(Refusal::new(403, "InvalidAccessKeyId", message));
    };
    let expected = signature(config, secret, request, &claim)?;
    if expected != claim.signature {
        let message = "The request signature we calculated does not match the signature you provided.";
        return Err(Refusal::new(403, "SignatureDoesNotMatch", message));
    }
    Ok(claim.payload)
}

fn in_headers(headers: &HeaderMap, query: &[(String, String)], now: Timestamp) -> Result<Claim, Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let malformed = |message: &str| Refusal::new(400, "AuthorizationHeaderMalformed", message);
    let Some(fields) = text("authorization").strip_prefix(ALGORITHM) else {
        return Err(Refusal::new(403, "AccessDenied", "Access Denied"));
    };
    let field = |name: &str| {
        let found = fields.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        found.ok_or_else(|| malformed("The authorization header is malformed."))
    };
    let (key_id, scope) = field("Credential")?.split_once('/').ok_or_else(|| malformed("no scope"))?;
    let moment = text("x-amz-date").to_owned();
    if (now.as_seconds() - seconds(&moment)?).abs() > SKEW {
        let message = "The difference between the request time and the current time is too large.";
        return Err(Refusal::new(403, "RequestTimeTooSkewed", message));
    }
    let payload = match text("x-amz-content-sha256") {
        "UNSIGNED-PAYLOAD" => Payload::Unsigned,
        hash if hash.len() == 64 => Payload::Hash(hash.to_owned()),
        hash if hash.starts_with("STREAMING-") => {
            return Err(Refusal::new(501, "NotImplemented", "Signed chunks are not taken."));
        }
        _ => return Err(Refusal::new(400, "InvalidRequest", "x-amz-content-sha256 is missing.")),
    };
    Ok(Claim {
        key_id: key_id.to_owned(),
        scope: scope.to_owned(),
        moment,
        signed_headers: field("SignedHeaders")?.split(';').map(str::to_owned).collect(),
        signature: field("Signature")?.to_owned(),
        payload,
        query: canonical(query),
    })
}

fn in_query(pairs: &[(String, String)], now: Timestamp) -> Result<Claim, Refusal> {
    let malformed = || {
        let message = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                       X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
        Refusal::new(400, "AuthorizationQueryParametersError", message)
    };
    let field = |name: &str| {
        let found = pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        found.ok_or_else(malformed)
    };
    if field("X-Amz-Algorithm")? != ALGORITHM {
        return Err(malformed());
    }
    let credential = field("X-Amz-Credential")?;
    let (key_id, scope) = credential.split_once('/').ok_or_else(malformed)?;
    let (moment, good_for) = (field("X-Amz-Date")?, field("X-Amz-Expires")?);
    let good_for: i64 = good_for.parse().map_err(|_| malformed())?;
    if !(1..=LONGEST).contains(&good_for) {
        return Err(malformed());
    }
    let signed_at = seconds(&moment)?;
    if now.as_seconds() > signed_at + good_for || signed_at > now.as_seconds() + SKEW {
        return Err(Refusal::new(403, "AccessDenied", "Request has expired"));
    }
    let signed: Vec<(String, String)> =
        pairs.iter().filter(|(name, _)| name != "X-Amz-Signature").cloned().collect();
    Ok(Claim {
        key_id: key_id.to_owned(),
        scope: scope.to_owned(),
        moment,
        signed_headers: field("X-Amz-SignedHeaders")?.split(';').map(str::to_owned).collect(),
        signature: field("X-Amz-Signature")?,
        payload: Payload::Unsigned,
        query: canonical(&signed),
    })
}

/// `20261128T040506Z` in seconds.
fn seconds(moment: &str) -> Result<i64, Refusal> {
    let part = |from: usize, to: usize| moment.get(from..to).unwrap_or_default();
    let iso = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(9, 11),
        part(11, 13),
        part(13, 15)
    );
    let read = Timestamp::parse(&iso).ok().filter(|_| moment.len() == 16);
    read.map(Timestamp::as_seconds)
        .ok_or_else(|| Refusal::new(403, "AccessDenied", "The date of the signature cannot be read."))
}

fn signature(config: &S3Config, secret: &str, request: &Parts, claim: &Claim) -> Result<String, Refusal> {
    let mut headers = String::new();
    for name in &claim.signed_headers {
        let values: Vec<String> = request
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        if values.is_empty() {
            let message = format!("The signed header {name} was not sent.");
            return Err(Refusal::new(403, "SignatureDoesNotMatch", message));
        }
        let _ = writeln!(headers, "{name}:{}", values.join(","));
    }
    let path: Vec<String> = request.uri.path().split('/').map(|part| encoded(&decoded(part))).collect();
    let payload = match &claim.payload {
        Payload::Unsigned => "UNSIGNED-PAYLOAD",
        Payload::Hash(hash) => hash,
    };
    let canonical = format!(
        "{}\n{}\n{}\n{headers}\n{}\n{payload}",
        request.method,
        path.join("/"),
        claim.query,
        claim.signed_headers.join(";")
    );
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let text = format!("{ALGORITHM}\n{}\n{}\n{digest}", claim.moment, claim.scope);
    let day = claim.moment.get(..8).unwrap_or_default();
    let mut key = code(format!("AWS4{secret}").as_bytes(), day);
    for part in [config.region.as_str(), "s3", "aws4_request"] {
        key = code(&key, part);
    }
    Ok(hex(&code(&key, &text)))
}

/// The query as it is signed: encoded anew, in order.
fn canonical(pairs: &[(String, String)]) -> String {
    let mut encoded_pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| (encoded(name), encoded(value))).collect();
    encoded_pairs.sort();
    let parts: Vec<String> =
        encoded_pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.join("&")
}

fn code(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Everything but letters, digits and four signs as its bytes.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// The text behind its escapes. What is no escape stays.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escape = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let (b'%', Some(byte)) = (first, escape) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_documentation() {
        // The example "GET Object" of Amazon's description of signatures in headers, whose secret
        // key and result are published there.
        let config = S3Config {
            region: "us-east-1".to_owned(),
            keys: vec![(
                "AKIAIOSFODNN7EXAMPLE".to_owned(),
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            )],
            ..S3Config::new(std::path::PathBuf::new())
        };
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let signed = "host;range;x-amz-content-sha256;x-amz-date";
        let request = |signature: &str| {
            let authorization = format!(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                 SignedHeaders={signed},Signature={signature}"
            );
            let request = axum::http::Request::get("/test.txt")
                .header("host", "examplebucket.s3.amazonaws.com")
                .header("range", "bytes=0-9")
                .header("x-amz-content-sha256", empty)
                .header("x-amz-date", "20130524T000000Z")
                .header("authorization", authorization);
            request.body(()).unwrap().into_parts().0
        };
        let now = Timestamp::parse("2013-05-24T00:10:00Z").unwrap();
        let right = request("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        assert_eq!(check(&config, &right, now).unwrap(), Payload::Hash(empty.to_owned()));
        let wrong = request("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb42");
        assert_eq!(check(&config, &wrong, now).unwrap_err().code, "SignatureDoesNotMatch");
        let late = now + domain::Span::from_minutes(6);
        assert_eq!(check(&config, &right, late).unwrap_err().code, "RequestTimeTooSkewed");
    }
}
