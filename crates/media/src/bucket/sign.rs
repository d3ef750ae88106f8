//! Signed addresses by which somebody without a key may put one file of one size into a bucket: the
//! fourth version of Amazon's signatures, in the query.

use std::fmt::Write as _;

use domain::{Span, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::incoming::hex;

/// Who signs, and for where.
pub(crate) struct Signer<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) secret: &'a str,
    /// Beside keys that end by themselves.
    pub(crate) session: Option<&'a str>,
    pub(crate) region: &'a str,
}

impl Signer<'_> {
    /// An address for a `PUT` of exactly so many bytes.
    pub(crate) fn put(&self, address: &Url, size_bytes: u64, now: Timestamp, good_for: Span) -> Url {
        // 2026-11-28T04:00:00.000Z without its signs and its milliseconds.
        let iso = now.to_iso_millis();
        let moment: String = iso.chars().take(19).filter(|letter| !matches!(letter, '-' | ':')).collect();
        let (moment, day) = (format!("{moment}Z"), moment.get(..8).unwrap_or_default());
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let mut pairs = vec![
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("X-Amz-Credential", format!("{}/{scope}", self.key_id)),
            ("X-Amz-Date", moment.clone()),
            ("X-Amz-Expires", good_for.as_seconds_ceil().to_string()),
        ];
        if let Some(session) = self.session {
            pairs.push(("X-Amz-Security-Token", session.to_owned()));
        }
        pairs.push(("X-Amz-SignedHeaders", "content-length;host".to_owned()));
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let query = query.join("&");
        let host = &address[url::Position::BeforeHost..url::Position::AfterPort];
        let request = format!(
            "PUT\n{}\n{query}\ncontent-length:{size_bytes}\nhost:{host}\n\ncontent-length;host\nUNSIGNED-PAYLOAD",
            address.path()
        );
        let digest = hex(&Sha256::digest(request.as_bytes()));
        let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}");
        let mut key = code(format!("AWS4{}", self.secret).as_bytes(), day);
        for part in [self.region, "s3", "aws4_request"] {
            key = code(&key, part);
        }
        let mut signed = address.clone();
        signed.set_query(Some(&format!("{query}&X-Amz-Signature={}", hex(&code(&key, &text)))));
        signed
    }
}

fn code(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Everything but letters, digits and four signs as its bytes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_signed_for_one_moment_one_place_and_one_size() {
        let signer = Signer { key_id: "AKID", secret: "secret", session: Some("a/b=="), region: "eu-west-1" };
        let address = Url::parse("http://127.0.0.1:9000/media/uploads/abc").unwrap();
        let now = Timestamp::parse("2026-11-28T04:05:06.789Z").unwrap();
        let sign = |size, now| signer.put(&address, size, now, Span::from_minutes(15)).to_string();
        let text = sign(5, now);
        assert!(
            text.starts_with(
                "http://127.0.0.1:9000/media/uploads/abc?X-Amz-Algorithm=AWS4-HMAC-SHA256&\
                 X-Amz-Credential=AKID%2F20261128%2Feu-west-1%2Fs3%2Faws4_request&\
                 X-Amz-Date=20261128T040506Z&X-Amz-Expires=900&X-Amz-Security-Token=a%2Fb%3D%3D&\
                 X-Amz-SignedHeaders=content-length%3Bhost&X-Amz-Signature="
            ),
            "{text}"
        );
        assert_eq!(text, sign(5, now));
        assert_ne!(text, sign(6, now));
        assert_ne!(text, sign(5, now + Span::from_seconds(1)));
    }
}
