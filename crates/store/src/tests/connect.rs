//! What connecting promises: a state is taken once, secrets are sealed and gone at the end, a
//! device's key is made once, and a reconnect sees what it replaces.

use std::sync::Arc;

use domain::api_key::Scope;
use domain::{AccountId, ApiKeyId, ConnectId, EventId, OrganizationId, PlatformName, Span, Timestamp};

use super::{NOW, World, id, on_both};
use crate::conn::on;
use crate::{
    AccountSource, ConnectEnd, ConnectStatus, DeviceApproval, DeviceAsk, DevicePoll, NewAccount,
    NewConnectSession, NewDeviceLogin, NewEvent, OrganizationRow, PlatformApp, StoreError, TakenState,
};

const X: PlatformName = PlatformName::from_static("x");

fn gone() -> NewEvent {
    NewEvent {
        id: EventId(id()),
        kind: domain::event::EventKind::AccountDisconnected,
        payload: serde_json::json!({}),
    }
}

pub(crate) fn session(organization: &OrganizationRow, state: &[u8]) -> NewConnectSession {
    NewConnectSession {
        id: ConnectId(id()),
        workspace_id: organization.workspace_id,
        platform: X,
        login: "x".into(),
        account_id: None,
        state_hash: state.to_vec(),
        secrets: b"a very secret verifier".to_vec(),
        nonce: [3; 24],
        created_at: NOW,
        expires_at: NOW + Span::from_minutes(10),
    }
}

on_both! {
    async fn a_state_is_taken_once_even_by_two_at_the_same_moment(world: World) {
        let organization = world.organization().await;
        let state = id().as_bytes().to_vec();
        world.store.create_connect_session(organization.id, session(&organization, &state)).await.unwrap();
        let linkedin = PlatformName::from_static("linkedin");
        let wrong = world.store.take_connect_session(state.clone(), linkedin, NOW).await.unwrap();
        assert!(matches!(wrong, TakenState::OtherPlatform(name) if name == X));
        let late = world.store.take_connect_session(state.clone(), X, NOW + Span::from_minutes(10)).await.unwrap();
        assert!(matches!(late, TakenState::Expired));
        let take = || world.store.take_connect_session(state.clone(), X, NOW);
        let (first, second) = tokio::join!(take(), take());
        let taken = [first.unwrap(), second.unwrap()];
        assert_eq!(taken.iter().filter(|one| matches!(one, TakenState::Taken(_))).count(), 1, "{taken:?}");
        assert!(matches!(take().await.unwrap(), TakenState::Used));
        let unknown = world.store.take_connect_session(vec![0; 32], X, NOW).await.unwrap();
        assert!(matches!(unknown, TakenState::Unknown));
    }

    async fn what_a_session_knows_is_sealed_and_gone_when_it_ends(world: World) {
        let organization = world.organization().await;
        let state = id().as_bytes().to_vec();
        let new = session(&organization, &state);
        let session_id = new.id;
        world.store.create_connect_session(organization.id, new).await.unwrap();
        let TakenState::Taken(taken) = world.store.take_connect_session(state, X, NOW).await.unwrap() else {
            panic!("it is there")
        };
        assert_eq!(taken.secrets, b"a very secret verifier");
        let (organization_id, nonce) = (organization.id, [5; 24]);
        let offer = || world.store.offer_connect_choice(organization_id, session_id, b"secret pages", vec![1], nonce);
        assert!(offer().await.unwrap());
        assert!(!offer().await.unwrap(), "only after an exchange");
        let stored: Vec<Vec<u8>> = {
            let mut read = world.store.read().await.unwrap();
            on!(read.conn(), |c| {
                sqlx::query_scalar("SELECT found FROM connect_sessions WHERE found IS NOT NULL")
                    .fetch_all(&mut *c)
                    .await
                    .unwrap()
            })
        };
        assert!(stored.iter().all(|bytes| !bytes.windows(6).any(|window| window == b"secret")));
        let found = world.store.find_connect_session(session_id).await.unwrap().unwrap();
        assert_eq!((found.status, found.found.as_deref()), (ConnectStatus::Choosing, Some(&b"secret pages"[..])));
        let end = ConnectEnd { status: ConnectStatus::Completed, message: None, connected: vec![AccountId(1)] };
        let foreign = OrganizationId(id());
        assert!(!world.store.end_connect_session(foreign, session_id, end.clone()).await.unwrap());
        assert!(world.store.end_connect_session(organization_id, session_id, end.clone()).await.unwrap());
        assert!(!world.store.end_connect_session(organization_id, session_id, end).await.unwrap());
        let ended = world.store.find_connect_session(session_id).await.unwrap().unwrap();
        assert!(ended.secrets.is_empty() && ended.found.is_none());
        assert_eq!(ended.connected, [AccountId(1)]);
    }

    async fn a_device_gets_one_key_however_often_it_asks_at_once(world: World) {
        let organization = world.organization().await;
        let (device, code) = (format!("d_{}", id()), id().to_string());
        let new = NewDeviceLogin {
            user_code: code.clone(),
            client_name: "CLI".into(),
            created_at: NOW,
            expires_at: NOW + Span::from_minutes(15),
        };
        world.store.create_device_login(&device, new).await.unwrap();
        let approval = DeviceApproval {
            organization_id: organization.id,
            workspace_id: organization.workspace_id,
            user_id: organization.user_id,
            scopes: vec![Scope::Read, Scope::Write],
            key_expires_at: None,
        };
        assert!(world.store.decide_device_login(&code, Some(approval), NOW).await.unwrap());
        assert!(!world.store.decide_device_login(&code, None, NOW).await.unwrap(), "it is decided");
        let ask = |secret: &str| DeviceAsk {
            interval: Span::from_seconds(4),
            most_keys: 10,
            key_id: ApiKeyId(id()),
            key_secret: secret.to_owned(),
            now: NOW,
        };
        let polls = (0..4).map(|number| {
            let (store, device) = (world.store.clone(), device.clone());
            let ask = ask(&format!("pe_live_{number:032x}"));
            async move { store.poll_device_login(&device, ask).await.unwrap() }
        });
        let told = futures_util::future::join_all(polls).await;
        let let_in = told.iter().filter(|one| matches!(one, DevicePoll::Authorized { .. })).count();
        assert_eq!(let_in, 1, "{told:?}");
        let keys = world.store.list_keys(organization.id).await.unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].scopes, [Scope::Read, Scope::Write]);
    }

    async fn a_reconnect_sees_what_it_replaces_and_keeps_its_row(world: World) {
        let organization = world.organization().await;
        let new = |credentials: &[u8], at: Timestamp| NewAccount {
            workspace_id: organization.workspace_id,
            platform: X,
            platform_user_id: "77".into(),
            username: None,
            display_name: "A".into(),
            avatar_url: None,
            premium: false,
            service_url: None,
            access_ends_at: None,
            credentials: credentials.to_vec(),
            nonce: [4; 24],
            now: at,
        };
        let store = &world.store;
        let (account, is_new) = store.connect_account(organization.id, new(b"old", NOW)).await.unwrap();
        assert!(is_new);
        assert!(store
            .disconnect_account(organization.id, organization.workspace_id, account, gone(), NOW)
            .await
            .unwrap());
        assert!(store.find_credentials(organization.id, account).await.unwrap().is_none());
        store.connect_account(organization.id, new(b"old", NOW)).await.unwrap();

        let ends_at = Some(NOW + Span::from_days(1));
        let merge = Arc::new(move |old: &[u8]| Some(([old, b"+new"].concat(), ends_at)));
        let source = AccountSource { owner: Some("person-1".into()), login: Some("pages".into()), ..AccountSource::default() };
        let (same, is_new) =
            store.connect_account_of(organization.id, new(b"new", NOW), source, merge).await.unwrap().unwrap();
        assert_eq!((same, is_new), (account, false));
        let stored = store.find_credentials(organization.id, account).await.unwrap().unwrap();
        assert_eq!(stored.bytes, b"old+new");
        let row = store.find_account(organization.id, account, NOW).await.unwrap().unwrap();
        assert_eq!((row.access_ends_at, row.is_active), (ends_at, true));

        // What does not say what opened it leaves that as it is.
        store.connect_account(organization.id, new(b"old", NOW)).await.unwrap();
        let login = store.find_account_login(organization.id, account).await.unwrap();
        assert_eq!(login.as_deref(), Some("pages"));

        for name in ["person-1", "77"] {
            let owned = store.list_accounts_of_owner(&X, name).await.unwrap();
            assert_eq!(owned.iter().map(|one| one.id).collect::<Vec<_>>(), [account], "{name}");
        }
        assert_eq!(store.erase_accounts_of_owner(&X, "person-1", &id().to_string(), vec![], NOW).await.unwrap(), 1);
        assert!(store.find_credentials(organization.id, account).await.unwrap().is_none());
    }

    async fn an_app_is_sealed_and_belongs_to_its_platform(world: World) {
        let app = |secret: &str| PlatformApp {
            platform: X,
            client_id: "id".into(),
            client_secret: secret.into(),
            updated_at: NOW,
        };
        world.store.put_platform_app(app("first"), [1; 24], Vec::new()).await.unwrap();
        world.store.put_platform_app(app("second"), [2; 24], Vec::new()).await.unwrap();
        assert_eq!(world.store.list_platform_apps().await.unwrap(), [app("second")]);
        let moved: Result<u64, StoreError> = world
            .store
            .writer
            .run(|conn| {
                Box::pin(async move {
                    Ok(on!(conn, |c| {
                        sqlx::query("UPDATE platform_apps SET platform = 'linkedin'")
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    }))
                })
            })
            .await;
        assert_eq!(moved.unwrap(), 1);
        assert!(matches!(world.store.list_platform_apps().await, Err(StoreError::Sealed)));
        assert!(world.store.remove_platform_app(&PlatformName::from_static("linkedin"), Vec::new()).await.unwrap());
        assert!(!world.store.remove_platform_app(&X, Vec::new()).await.unwrap());
    }
}
