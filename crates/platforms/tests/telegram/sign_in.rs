//! Connecting a chat, and being refused.

use connector::Connector as _;
use domain::Class;
use fanfare_platforms::telegram::Telegram;
use serde_json::json;

use crate::support::{World, make, serve, sign_in};

#[tokio::test]
async fn a_channel_is_connected_by_token_and_name_or_number() {
    let (sandbox, base) = serve().await;
    let account = make(&sandbox, &[]);
    let token = account.credentials.unwrap().access_token;
    for channel in ["@harbourbakery", "https://t.me/harbourbakery", &account.platform_user_id] {
        let found = sign_in(&sandbox, &base, &format!(" {token}\n"), channel).await.unwrap();
        assert_eq!(found.kind, "channel");
        assert_eq!(found.identity.platform_user_id, account.platform_user_id);
        assert_eq!(found.identity.username.as_deref(), Some("harbourbakery"));
        assert_eq!(found.identity.display_name, "Harbour Bakery");
        assert_eq!(found.identity.avatar_url, None);
        assert_eq!(found.credentials.access_token, token);
        assert!(!found.credentials.is_renewable() && found.credentials.access_ends_at().is_none());
    }
    let group = make(&sandbox, &[("type", json!("group")), ("bot_status", json!("member"))]);
    let token = group.credentials.unwrap().access_token;
    let found = sign_in(&sandbox, &base, &token, &group.platform_user_id).await.unwrap();
    assert_eq!((found.kind, found.identity.username), ("group", None));
}

#[tokio::test]
async fn what_does_not_open_a_chat_is_refused_in_words_for_its_owner() {
    let (sandbox, base) = serve().await;
    let account = make(&sandbox, &[]);
    let token = account.credentials.unwrap().access_token;
    let stranger = format!("7009999999:AA{}", "x".repeat(33));
    for (token, channel, class, words) in [
        ("nonsense", "@harbourbakery", Class::ContentRejected, "no bot token"),
        (stranger.as_str(), "@harbourbakery", Class::TokenExpired, "token"),
        (token.as_str(), "@nobody_there", Class::PermissionMissing, "no such chat"),
        (token.as_str(), "https://t.me/+AbCd", Class::ContentRejected, "invite link"),
        (token.as_str(), "!", Class::ContentRejected, "names no chat"),
    ] {
        let refused = sign_in(&sandbox, &base, token, channel).await.unwrap_err();
        assert_eq!(refused.class, class, "{channel}: {refused:?}");
        assert!(refused.public.contains(words), "{}", refused.public);
        let secret = token.split_once(':').map_or(token, |(_, secret)| secret);
        assert!(!format!("{refused:?}").contains(secret), "{refused:?}");
    }
    for (status, may_post) in [("administrator", false), ("member", true), ("left", true), ("kicked", true)] {
        make(&sandbox, &[("bot_status", json!(status)), ("can_post_messages", json!(may_post))]);
        let refused = sign_in(&sandbox, &base, &token, "@harbourbakery").await.unwrap_err();
        assert_eq!(refused.class, Class::PermissionMissing, "{status}: {refused:?}");
    }
    let muted = [
        ("type", json!("supergroup")),
        ("public", json!(false)),
        ("bot_status", json!("restricted")),
        ("can_post_messages", json!(false)),
    ];
    let group = make(&sandbox, &muted);
    let token = group.credentials.unwrap().access_token;
    let refused = sign_in(&sandbox, &base, &token, &group.platform_user_id).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
}

#[tokio::test]
async fn a_token_is_never_renewed_and_the_chat_is_asked_whose_it_is() {
    let mut world = World::new().await;
    let identity = Telegram.auth().identify(&world.bench.cx()).await.unwrap();
    assert_eq!(identity.platform_user_id, world.bench.connected.account.platform_user_id);
    assert_eq!(world.bench.renew().await.unwrap_err().class, Class::TokenExpired);
    make(&world.sandbox, &[("bot_status", json!("kicked"))]);
    let refused = Telegram.auth().identify(&world.bench.cx()).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    world.assert_nothing_secret_was_said();
}
