//! Connecting a webhook, and being refused.

use connector::Connector as _;
use domain::Class;
use fanfare_platforms::discord::Discord;
use serde_json::json;

use crate::support::{World, make, serve, sign_in};

#[tokio::test]
async fn a_webhook_is_connected_by_its_address() {
    let (sandbox, base) = serve().await;
    let made = make(&sandbox, &[]);
    let found = sign_in(&sandbox, &base, made.extra["webhook_url"].as_str().unwrap()).await.unwrap();
    assert_eq!((found.kind, found.identity.display_name.as_str()), ("channel", "Orchard"));
    assert_eq!(found.identity.platform_user_id, made.platform_user_id);
    assert_eq!(found.credentials.access_token, made.credentials.unwrap().access_token);
    assert!(!found.credentials.is_renewable() && found.credentials.access_ends_at().is_none());
}

#[tokio::test]
async fn what_is_no_webhook_is_refused_and_never_called() {
    let (sandbox, base) = serve().await;
    let made = make(&sandbox, &[]);
    let address = made.extra["webhook_url"].as_str().unwrap().to_owned();
    let token = made.credentials.unwrap().access_token;
    for elsewhere in [
        "nonsense".to_owned(),
        address.replace("discord.com", "example.org"),
        address.replace("https://", "http://"),
        format!("{base}/discord.com/api/webhooks/{}/{token}", made.platform_user_id),
        format!("{address}/slack"),
    ] {
        let refused = sign_in(&sandbox, &base, &elsewhere).await.unwrap_err();
        assert_eq!(refused.class, Class::ContentRejected, "{elsewhere}");
        assert!(!format!("{refused:?}").contains(&token), "{refused:?}");
    }
    assert!(sandbox.requests().is_empty());

    let wrong = address.replace(&token, &"z".repeat(68));
    let refused = sign_in(&sandbox, &base, &wrong).await.unwrap_err();
    assert_eq!(refused.class, Class::TokenExpired);
    let gone = address.replace(&made.platform_user_id, "9999999999999999999");
    assert_eq!(sign_in(&sandbox, &base, &gone).await.unwrap_err().class, Class::TokenExpired);
}

#[tokio::test]
async fn a_webhook_of_another_kind_is_refused() {
    let (sandbox, base) = serve().await;
    let follower = make(&sandbox, &[("type", json!(2))]);
    let refused =
        sign_in(&sandbox, &base, follower.extra["webhook_url"].as_str().unwrap()).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
}

#[tokio::test]
async fn an_address_is_never_renewed_and_the_webhook_is_asked_what_it_is() {
    let mut world = World::new().await;
    let identity = Discord.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    world.assert_nothing_secret_was_said();
}
