//! A person takes back at the platform what they had agreed to.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use super::user;
use crate::support::Server;

/// A notice as a platform signs it.
fn signed(payload: &Value, secret: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(payload.as_bytes());
    format!("signed_request={}.{payload}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_person_who_leaves_takes_their_accounts_along() {
    let server = Server::start().await;
    let owner = server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    let (link, back) = server.go("linkedin", &[("sandbox_user", "ana")]).await;
    server.open(&back).await;
    let id = server.state_of(&link).await["account"]["account_id"].clone();
    let send = |path: &str, body: String| {
        let request =
            Request::post(path.to_owned()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        server.raw(request.body(Body::from(body)).unwrap())
    };
    let notice = json!({ "algorithm": "HMAC-SHA256", "user_id": owner });
    for forged in [signed(&notice, "other"), "signed_request=a.b".to_owned(), String::new()] {
        for path in ["/connect/linkedin/deauthorize", "/connect/linkedin/data-deletion"] {
            assert_eq!(send(path, forged.clone()).await.0, StatusCode::BAD_REQUEST, "{path} {forged}");
        }
    }
    assert_eq!(server.get(&format!("/accounts/{id}/health")).await.data()["status"], "healthy");

    let good = signed(&notice, "sandbox-linkedin-secret");
    assert_eq!(send("/connect/linkedin/deauthorize", good.clone()).await.0, StatusCode::OK);
    let health = server.get(&format!("/accounts/{id}/health")).await;
    assert_eq!(health.data()["reasons"], json!(["needs_reconnection"]));
    let events = server.app.store.list_events(server.organization.id, 10).await.unwrap();
    assert!(events.iter().any(|event| event.kind == "account.reconnect_needed"));

    let (status, _, bytes) = send("/connect/linkedin/data-deletion", good).await;
    assert_eq!(status, StatusCode::OK);
    let told: Value = serde_json::from_slice(&bytes).unwrap();
    let url = told["url"].as_str().unwrap();
    assert!(url.ends_with(told["confirmation_code"].as_str().unwrap()));
    let page = server.open(url).await;
    assert!(page.text.contains("1 account was switched off"), "{}", page.text);
    assert_eq!(server.open("/connect/deletion/none").await.status, StatusCode::NOT_FOUND);
    let account = server.get(&format!("/accounts/{id}")).await;
    assert_eq!(account.data()["display_name"], "Removed account");
    assert_eq!(account.data()["is_active"], false);
}
