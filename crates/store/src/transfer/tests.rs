//! Copies between the two databases.

use super::tables;
use super::*;
use crate::tests::World;

#[tokio::test]
async fn both_databases_have_the_same_tables_with_types_that_can_be_copied() {
    let (small, large) = (World::sqlite().await, World::postgres().await);
    let mut from =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(small.path())).await.unwrap();
    let mut into = connect(large.address()).await.unwrap();
    let from = tables::read(Conn::Sqlite(&mut from)).await.unwrap();
    let into = tables::read(Conn::Postgres(&mut into)).await.unwrap();
    tables::compare(&from, &into).unwrap();
    assert!(from.iter().any(|table| table.name == "destinations"));
    let place = |name: &str| into.iter().position(|table| table.name == name).unwrap();
    assert!(place("organizations") < place("posts") && place("posts") < place("destinations"));
}

#[tokio::test]
async fn everything_arrives_in_the_other_database_and_comes_back_the_same() {
    let (small, large) = (World::sqlite().await, World::postgres().await);
    let organization = small.organization().await;
    let account = small.account(&organization).await;
    // More rows than one statement takes.
    for number in 0..700 {
        small.post(&organization, account, &format!("number {number} — ñ 🎉")).await;
    }
    large.store.close().await;
    let mut snapshot = Snapshot::of_sqlite(&small.path()).await.unwrap();
    let written = snapshot.write_postgres(large.address(), Before::Empty).await.unwrap();
    let count = |name: &str| written.iter().find(|sum| sum.name == name).unwrap().rows;
    assert_eq!((count("posts"), count("destinations"), count("accounts")), (700, 700, 1));

    let back = small.path().with_extension("back");
    let mut snapshot = Snapshot::of_postgres(large.address()).await.unwrap();
    assert_eq!(snapshot.write_sqlite(&back).await.unwrap(), written);
    let store = large.another().await;
    let credentials = store.find_credentials(organization.id, account).await.unwrap().unwrap();
    assert_eq!(credentials.bytes, b"a very secret token");
    let next = large.with(store).account(&organization).await;
    assert!(next.0 > account.0, "the counters went along");
}

#[tokio::test]
async fn a_database_in_use_is_refused_and_one_with_an_organization_is_replaced_only_when_asked() {
    let (small, large) = (World::sqlite().await, World::postgres().await);
    small.organization().await;
    large.organization().await;
    let mut snapshot = Snapshot::of_sqlite(&small.path()).await.unwrap();
    let refused = snapshot.write_postgres(large.address(), Before::Anything).await;
    assert!(matches!(refused, Err(TransferError::Served)), "{refused:?}");
    large.store.close().await;
    let refused = snapshot.write_postgres(large.address(), Before::Empty).await;
    assert!(matches!(refused, Err(TransferError::Occupied)), "{refused:?}");
    let written = snapshot.write_postgres(large.address(), Before::Anything).await.unwrap();
    assert_eq!(written, snapshot.sums().await.unwrap());
}

#[tokio::test]
async fn a_snapshot_does_not_see_what_is_written_after_it() {
    for world in [World::sqlite().await, World::postgres().await] {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let mut snapshot = match &world.url {
            None => Snapshot::of_sqlite(&world.path()).await.unwrap(),
            Some(url) => Snapshot::of_postgres(url).await.unwrap(),
        };
        world.post(&organization, account, "later").await;
        let sums = snapshot.sums().await.unwrap();
        assert_eq!(sums.iter().find(|sum| sum.name == "posts").unwrap().rows, 0);
    }
}

#[tokio::test]
async fn a_copy_that_breaks_off_leaves_the_target_empty_and_begins_anew() {
    let (small, large) = (World::sqlite().await, World::postgres().await);
    let organization = small.organization().await;
    small.account(&organization).await;
    large.store.close().await;
    let mut target = connect(large.address()).await.unwrap();
    target.execute("ALTER TABLE accounts ADD COLUMN more TEXT").await.unwrap();
    let mut snapshot = Snapshot::of_sqlite(&small.path()).await.unwrap();
    let failed = snapshot.write_postgres(large.address(), Before::Empty).await;
    assert!(matches!(failed, Err(TransferError::OtherTable(name)) if name == "accounts"));
    target.execute("ALTER TABLE accounts DROP COLUMN more").await.unwrap();
    target.execute("ALTER TABLE accounts ADD CHECK (id < 0)").await.unwrap();
    assert!(snapshot.write_postgres(large.address(), Before::Empty).await.is_err());
    assert!(!holds_organizations(Conn::Postgres(&mut target)).await.unwrap());
    target.execute("ALTER TABLE accounts DROP CONSTRAINT accounts_id_check").await.unwrap();
    snapshot.write_postgres(large.address(), Before::Empty).await.unwrap();
}

#[tokio::test]
async fn a_restore_opens_what_may_have_gone_out_and_nothing_else() {
    opens_what_may_have_gone_out(World::sqlite().await).await;
}

#[tokio::test]
async fn a_database_that_was_put_back_in_place_is_opened_likewise() {
    opens_what_may_have_gone_out(World::postgres().await).await;
}

async fn opens_what_may_have_gone_out(world: World) {
    let organization = world.organization().await;
    let account = world.account(&organization).await;
    world.post(&organization, account, "due at NOW").await;
    let hour = domain::Span::from_hours(1);
    let due = crate::tests::NOW;
    let mark = async |from, to| match &world.url {
        Some(url) => mark_restored_postgres(url, from, to).await,
        None => mark_restored(&world.path(), from, to).await,
    };
    if world.url.is_some() {
        let refused = mark(due - hour, due + hour).await;
        assert!(matches!(refused, Err(TransferError::Served)), "{refused:?}");
    }
    world.store.close().await;
    assert_eq!(mark(due - hour - hour, due - hour).await.unwrap(), 0, "it was not due yet");
    assert_eq!(mark(due - hour, due + hour).await.unwrap(), 1);
    let store = world.another().await;
    let accounts = store.list_due_accounts("", due + hour, 10).await.unwrap();
    let ids = vec![domain::EventId(uuid::Uuid::nil())];
    let claims =
        store.claim_accounts("w".into(), due + hour, due + hour + hour, accounts, ids).await.unwrap();
    let work = &claims[0].work;
    assert_eq!(work.first_sent_at, Some(due - hour));
    let intent: serde_json::Value = serde_json::from_str(work.intent.as_deref().unwrap()).unwrap();
    let at = (due - hour).as_micros();
    assert_eq!(intent, serde_json::json!({"attempt": 0, "at": at, "fingerprint": "", "restored": true}));
    let journal = store.list_journal(organization.id, claims[0].lease.destination_id).await.unwrap();
    assert_eq!(
        (journal[0].kind.as_str(), &journal[0].detail),
        ("restored", &serde_json::json!({"backup_at": at}))
    );
}
