//! Sealed credentials: bound to their row, and sealed anew under another key while they change.

use std::sync::{Arc, Mutex};

use domain::event::EventKind;
use domain::{EventId, PlatformName, Span, Timestamp};

use super::connect::session;
use super::{NOW, World, id, on_both};
use crate::conn::on;
use crate::{
    AiProviderRow, KeySet, Keyring, NewEvent, PlatformApp, Resealed, Store, StoreConfig, StoreError,
};

const OLD: [u8; 32] = [9; 32];

/// The same database, read with keys that can be replaced.
async fn following(world: &World, keys: &Arc<Mutex<KeySet>>) -> Store {
    let source = Arc::clone(keys);
    let first = keys.lock().unwrap().clone();
    let keyring = Keyring::following(&first, move || Some(source.lock().unwrap().clone()));
    match &world.url {
        Some(url) => Store::open_postgres(url, keyring, &StoreConfig::default()).await.unwrap(),
        None => Store::open_sqlite(&world.path(), keyring, &StoreConfig::default()).await.unwrap(),
    }
}

fn nonces() -> impl FnMut() -> [u8; 24] + Send {
    let mut count = 0_u64;
    move || {
        count += 1;
        let mut nonce = [7; 24];
        nonce[..8].copy_from_slice(&count.to_be_bytes());
        nonce
    }
}

on_both! {
    async fn a_stolen_row_does_not_open_in_another_account(world: World) {
        let organization = world.organization().await;
        let other = world.organization().await;
        let (mine, next) = (world.account(&organization).await, world.account(&organization).await);
        let theirs = world.account(&other).await;
        let moved = "UPDATE accounts SET credentials = (SELECT credentials FROM accounts WHERE id = $1)
            WHERE id = $2";
        for thief in [next, theirs] {
            let moving = world.store.writer.run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(moved).bind(mine.0).bind(thief.0).execute(&mut *c).await?;
                    });
                    Ok(())
                })
            });
            moving.await.unwrap();
        }
        let store = &world.store;
        assert!(matches!(store.find_credentials(organization.id, next).await, Err(StoreError::Sealed)));
        assert!(matches!(store.find_credentials(other.id, theirs).await, Err(StoreError::Sealed)));
        let opened = store.find_credentials(organization.id, mine).await.unwrap().unwrap();
        assert_eq!(opened.bytes, b"a very secret token");
    }

    async fn every_value_is_sealed_anew_and_the_old_key_opens_nothing_then(world: World) {
        let organization = world.organization().await;
        let mut accounts = Vec::new();
        for _ in 0..250 {
            accounts.push(world.account(&organization).await);
        }
        let keys = Arc::new(Mutex::new(KeySet::single(OLD)));
        let store = following(&world, &keys).await;
        let app = PlatformApp {
            platform: PlatformName::from_static("x"),
            client_id: "app".into(),
            client_secret: "a very secret app".into(),
            updated_at: NOW,
        };
        store.put_platform_app(app.clone(), [5; 24], Vec::new()).await.unwrap();
        let provider = AiProviderRow {
            base_url: "https://ai.example/v1".into(),
            api_key: "a very secret key".into(),
            caption_model: "m".into(),
            image_model: String::new(),
            updated_at: NOW,
        };
        store.put_ai_provider(provider.clone(), [6; 24], Vec::new()).await.unwrap();
        let session = session(&organization, b"state");
        store.create_connect_session(organization.id, session.clone()).await.unwrap();
        let webhook = crate::tests::webhooks::webhook(&world, &organization, &[EventKind::PostPublished]).await;
        assert!(store.reseal(nonces()).await.unwrap().is_done());
        let both = keys.lock().unwrap().with_new([2; 32]).unwrap();
        *keys.lock().unwrap() = both.clone();
        let done = store.reseal(nonces()).await.unwrap();
        assert_eq!(done, Resealed { looked_at: 254, changed: 254, ..Resealed::default() });
        assert!(store.reseal(nonces()).await.unwrap().is_done());
        let after = Arc::new(Mutex::new(both.only_current()));
        let store = following(&world, &after).await;
        for account in accounts {
            let opened = store.find_credentials(organization.id, account).await.unwrap().unwrap();
            assert_eq!((opened.bytes.as_slice(), opened.version), (&b"a very secret token"[..], 1));
            assert!(world.store.find_credentials(organization.id, account).await.is_err());
        }
        assert!(store.list_platform_apps().await.unwrap() == [app]);
        assert!(store.find_ai_provider().await.unwrap() == Some(provider));
        let opened = store.find_connect_session(session.id).await.unwrap().unwrap();
        assert_eq!(opened.secrets, session.secrets);
        let secret = store.find_webhook_secret(organization.id, webhook).await.unwrap();
        assert_eq!(secret.as_deref(), Some("whsec_very_secret"));
        assert!(world.store.find_webhook_secret(organization.id, webhook).await.is_err());
    }

    async fn renewals_during_a_change_of_keys_are_not_lost(world: World) {
        let organization = world.organization().await;
        let mut accounts = Vec::new();
        for _ in 0..30 {
            accounts.push(world.account(&organization).await);
        }
        let keys = Arc::new(Mutex::new(KeySet::single(OLD)));
        let (server, command) = (following(&world, &keys).await, following(&world, &keys).await);
        let renewing = async {
            let mut nonce = nonces();
            for version in 1..=10_i64 {
                for account in &accounts {
                    let token = format!("token {version} of {account}");
                    let mut own = nonce();
                    own[23] = 1;
                    let (id, bytes) = (organization.id, token.as_bytes());
                    assert!(server.record_refresh(id, *account, version, bytes, own, None, NOW).await.unwrap());
                }
                if version == 3 {
                    let both = keys.lock().unwrap().with_new([2; 32]).unwrap();
                    *keys.lock().unwrap() = both;
                }
            }
        };
        let resealing = async {
            loop {
                let pass = command.reseal(nonces()).await.unwrap();
                let rotated = keys.lock().unwrap().current() == 2;
                if rotated && pass.is_done() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(renewing, resealing);
        assert!(command.reseal(nonces()).await.unwrap().is_done(), "what came later has the new key");
        let after = Arc::new(Mutex::new(keys.lock().unwrap().only_current()));
        let store = following(&world, &after).await;
        for account in accounts {
            let opened = store.find_credentials(organization.id, account).await.unwrap().unwrap();
            assert_eq!(opened.bytes, format!("token 10 of {account}").into_bytes());
        }
    }
}

on_both! {
    async fn a_right_to_renew_outlasts_a_clock_that_is_ahead_and_ends_when_one_went_back(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let take = async |owner: &str, now: Timestamp| {
            let until = now + Span::from_seconds(120);
            world.store.take_refresh(organization.id, account, 1, owner.to_owned(), until, now).await.unwrap()
        };
        assert!(take("a", NOW).await);
        assert!(!take("b", NOW + Span::from_seconds(60)).await, "a node whose clock is a minute ahead");
        assert!(!take("b", NOW + Span::from_seconds(-300)).await, "and one that is behind");
        assert!(take("b", NOW + Span::from_seconds(121)).await);
        assert!(take("c", NOW + Span::from_hours(-3)).await, "the clock went back under a dead node's right");
    }

    async fn new_credentials_are_kept_by_whoever_has_them_and_void_what_was_found_of_the_old(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let store = &world.store;
        let until = NOW + Span::from_seconds(120);
        assert!(store.take_refresh(organization.id, account, 1, "a".into(), until, NOW).await.unwrap());
        // It stands still, and another one finds the old token used up.
        let later = NOW + Span::from_minutes(5);
        let end = later + Span::from_seconds(120);
        assert!(store.take_refresh(organization.id, account, 1, "b".into(), end, later).await.unwrap());
        let event = NewEvent {
            id: EventId(id()),
            kind: domain::event::EventKind::AccountReconnectNeeded,
            payload: serde_json::json!({}),
        };
        let reason = "refused".to_owned();
        store.record_needs_reconnection(organization.id, account, 1, reason, event, later).await.unwrap();
        assert!(store.record_refresh(organization.id, account, 1, b"new", [5; 24], None, later).await.unwrap());
        let row = store.find_account(organization.id, account, NOW).await.unwrap().unwrap();
        assert_eq!((row.needs_reconnection_since, row.last_refresh_at), (None, Some(later)));
        assert_eq!(store.find_credentials(organization.id, account).await.unwrap().unwrap().bytes, b"new");
        let stale = store.record_refresh(organization.id, account, 1, b"older", [6; 24], None, later).await;
        assert!(!stale.unwrap(), "what is newer is not overwritten");
    }
}
