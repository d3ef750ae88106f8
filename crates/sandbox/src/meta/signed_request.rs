//! `signed_request`: what Meta posts to an app when somebody removes it or wants data deleted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

/// HMAC-SHA256 of `message`.
pub(crate) fn hmac(key: &str, message: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// The same as lower-case hex: `appsecret_proof` of a token.
pub(crate) fn hmac_hex(key: &str, message: &[u8]) -> String {
    use std::fmt::Write as _;
    hmac(key, message).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What the app is told about `user_id`, signed with its secret.
pub(crate) fn sign(app_secret: &str, user_id: &str, now: Timestamp) -> String {
    let payload = json!({
        "algorithm": "HMAC-SHA256",
        "issued_at": now.as_seconds(),
        "expires": now.as_seconds() + 3_600,
        "user_id": user_id,
    });
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let signature = URL_SAFE_NO_PAD.encode(hmac(app_secret, payload.as_bytes()));
    format!("{signature}.{payload}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_hmac_of_the_token() {
        // RFC 4231, test case 2.
        assert_eq!(
            hmac_hex("Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn the_signature_covers_the_encoded_payload() {
        let signed = sign("secret", "77", Timestamp::from_seconds(1_795_438_490));
        let (signature, payload) = signed.split_once('.').unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(signature).unwrap(), hmac("secret", payload.as_bytes()));
        let payload: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        assert_eq!((&payload["user_id"], &payload["issued_at"]), (&json!("77"), &json!(1_795_438_490)));
        assert!(!signed.contains('='));
    }
}
