use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connector::Credentials;
use domain::{Span, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::keep::with_old_refresh;
use super::notices::verified;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn credentials(access: &str, refresh: Option<&str>) -> Credentials {
    Credentials {
        access_token: access.to_owned(),
        refresh_token: refresh.map(str::to_owned),
        access_expires_at: Some(NOW + Span::from_hours(2)),
        refresh_expires_at: None,
        scopes: Vec::new(),
        secret: None,
        renews_itself: false,
    }
}

#[test]
fn a_refresh_token_that_is_still_good_outlives_a_sign_in_without_one() {
    let old = credentials("old", Some("kept"));
    let merged = with_old_refresh(&credentials("new", None), &old, NOW).unwrap();
    assert_eq!(merged.access_token, "new");
    assert_eq!(merged.refresh_token.as_deref(), Some("kept"));
    assert_eq!(merged.access_ends_at(), None, "renewable access has no end of its own");

    assert!(with_old_refresh(&credentials("new", Some("newer")), &old, NOW).is_none());
    let exchanged = Credentials { renews_itself: true, ..credentials("new", None) };
    assert!(with_old_refresh(&exchanged, &old, NOW).is_none());
    let ended = Credentials { refresh_expires_at: Some(NOW), ..old };
    assert!(with_old_refresh(&credentials("new", None), &ended, NOW).is_none());
}

fn signed(payload: &Value, secret: &str) -> String {
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(payload.as_bytes());
    format!("{}.{payload}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[test]
fn only_the_app_secret_signs_a_notice() {
    let payload = json!({"algorithm": "HMAC-SHA256", "issued_at": 1_795_438_490, "user_id": "77"});
    let good = signed(&payload, "s3cret");
    assert_eq!(verified(&good, "s3cret").as_deref(), Some("77"));
    assert_eq!(
        verified(&signed(&json!({"algorithm": "hmac-sha256", "user_id": 77}), "s"), "s").unwrap(),
        "77"
    );
    let (signature, rest) = good.split_once('.').unwrap();
    assert_eq!(verified(&format!("{signature}=.{rest}"), "s3cret").as_deref(), Some("77"), "padded");
    let other = URL_SAFE_NO_PAD.encode(r#"{"algorithm":"HMAC-SHA256","user_id":"78"}"#);
    for bad in [
        good.replace('.', ""),
        format!("{signature}.{other}"),
        format!(".{rest}"),
        signed(&payload, "other"),
        signed(&json!({"algorithm": "none", "user_id": "77"}), "s3cret"),
        signed(&json!({"algorithm": "HMAC-SHA256"}), "s3cret"),
        String::new(),
    ] {
        assert_eq!(verified(&bad, "s3cret"), None, "{bad}");
    }
    assert_eq!(verified(&signed(&payload, ""), ""), None, "no secret signs nothing");
}
