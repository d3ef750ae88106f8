//! The ways in of a person: the last one stays, whoever takes two away at once, and an address is one
//! person's.

use domain::people::Role;
use domain::{AuditId, IdentityId, OrganizationId, PasskeyId, UserId};
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::{NOW, World, id, on_both};
use crate::open::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};
use crate::{
    EmailChange, Guest, GuestEnd, Identity, Keyring, LinkEnd, NewAuditEntry, NewLink, NewPasskey, NewUser,
    PasskeyAdded, Removal, SaidBy, Store, StoreConfig, WaysOpen,
};

const ISSUER: &str = "https://login.example";

fn open() -> WaysOpen {
    WaysOpen { passkeys: true, issuer: Some(ISSUER.into()) }
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: ISSUER.into(), subject: subject.into() }
}

fn new_link(subject: &str, email: Option<&str>) -> NewLink {
    NewLink {
        id: IdentityId(id()),
        identity: identity(subject),
        email: email.map(Into::into),
        name: subject.into(),
        created_at: NOW,
    }
}

async fn add_passkey(world: &World, user: UserId) -> PasskeyId {
    let new = NewPasskey {
        id: PasskeyId(id()),
        user_id: user,
        credential_id: id().as_bytes().to_vec(),
        name: "Key".into(),
        credential: "{}".into(),
        created_at: NOW,
    };
    let made = new.id;
    assert_eq!(world.store.add_passkey(new, 9, Vec::new()).await.unwrap(), PasskeyAdded::Done);
    made
}

/// Two people.
async fn two(world: &World) -> (UserId, UserId) {
    let organization = world.organization().await;
    let email = "second@example.org";
    let new = NewUser {
        email: email.into(),
        name: "B".into(),
        password_hash: "$argon2id$".into(),
        organization_id: organization.id,
        role: Role::Editor,
        created_at: NOW,
    };
    assert!(world.store.create_user(new, Vec::new()).await.unwrap());
    let second = world.store.find_user_by_email(email).await.unwrap().unwrap();
    (organization.user_id, second.id)
}

/// Links a login; gives its id.
async fn link(world: &World, user: UserId, subject: &str) -> IdentityId {
    let new = new_link(subject, None);
    let made = new.id;
    assert_eq!(world.store.link_identity(user, new, Vec::new()).await.unwrap(), LinkEnd::Done);
    made
}

/// Somebody whom a system vouches for comes with this address.
async fn come(world: &World, subject: &str, email: &str) -> GuestEnd {
    let entry = || NewAuditEntry {
        organization_id: OrganizationId(id()),
        id: AuditId(id()),
        user_id: None,
        actor: "a".into(),
        action: domain::audit::AuditAction::IdentityLink,
        subject: String::new(),
        address: "::1".into(),
        created_at: NOW,
    };
    let guest = Guest {
        identity: identity(subject),
        link_id: IdentityId(id()),
        email: Some(email.into()),
        name: "A".into(),
        newcomer: None,
        linked: entry(),
        joined: entry(),
    };
    world.store.admit_guest(guest).await.unwrap()
}

on_both! {
    async fn of_two_last_ways_in_that_are_taken_away_at_once_one_stays(world: World) {
        let user = world.organization().await.user_id;
        let (passkey, login) = (add_passkey(&world, user).await, link(&world, user, "s").await);
        let (one, other) = tokio::join!(
            world.store.delete_passkey(user, passkey, open(), Vec::new()),
            world.store.unlink_identity(user, login, open(), Vec::new())
        );
        let ends = [one.unwrap(), other.unwrap()];
        assert!(ends.contains(&Removal::Done) && ends.contains(&Removal::LastWay), "{ends:?}");
        let left = world.store.list_passkeys(user).await.unwrap().len()
            + world.store.list_identities(user).await.unwrap().len();
        assert_eq!(left, 1);
    }
}

on_both! {
    async fn a_way_in_that_does_not_work_here_is_none(world: World) {
        let user = world.organization().await.user_id;
        let (passkey, login) = (add_passkey(&world, user).await, link(&world, user, "s").await);
        let no_passkeys = WaysOpen { passkeys: false, ..open() };
        let no_login = WaysOpen { issuer: None, ..open() };
        let unlink = |open| world.store.unlink_identity(user, login, open, Vec::new());
        assert_eq!(unlink(no_passkeys).await.unwrap(), Removal::LastWay);
        let delete = |open| world.store.delete_passkey(user, passkey, open, Vec::new());
        assert_eq!(delete(no_login).await.unwrap(), Removal::LastWay);
        assert_eq!(unlink(open()).await.unwrap(), Removal::Done);
        assert_eq!(delete(open()).await.unwrap(), Removal::LastWay);
    }
}

on_both! {
    async fn an_address_goes_to_one_of_two_who_want_it_at_once(world: World) {
        let (one, other) = two(&world).await;
        let change = |user, email| {
            world.store.change_user_email(user, email, SaidBy::Themselves, None, Vec::new())
        };
        let (first, second) = tokio::join!(change(one, "Wanted@example.org"), change(other, "wanted@Example.org"));
        let ends = [first.unwrap(), second.unwrap()];
        assert!(ends.contains(&EmailChange::Done) && ends.contains(&EmailChange::Taken), "{ends:?}");
    }
}

on_both! {
    async fn a_login_goes_to_one_of_two_who_link_it_at_once(world: World) {
        let (one, other) = two(&world).await;
        let link = |user| world.store.link_identity(user, new_link("s", None), Vec::new());
        let (first, second) = tokio::join!(link(one), link(other));
        let ends = [first.unwrap(), second.unwrap()];
        assert!(ends.contains(&LinkEnd::Done) && ends.contains(&LinkEnd::Elsewhere), "{ends:?}");
        let again = if ends[0] == LinkEnd::Done { one } else { other };
        assert_eq!(link(again).await.unwrap(), LinkEnd::Done, "theirs already");
        let another = world.store.link_identity(again, new_link("t", None), Vec::new()).await;
        assert_eq!(another.unwrap(), LinkEnd::Another);
    }
}

on_both! {
    async fn an_address_leads_a_login_to_its_person_only_where_somebody_else_says_that_it_is_theirs(world: World) {
        let user = world.organization().await.user_id;
        let change = |email, said_by| world.store.change_user_email(user, email, said_by, None, Vec::new());
        let own = SaidBy::Themselves;
        assert_eq!(change("new@example.org", own).await.unwrap(), EmailChange::Done);
        assert_eq!(come(&world, "s", "new@example.org").await, GuestEnd::NotLinked);
        // The same one in another case is no other one, and no more trusted.
        assert_eq!(change("NEW@example.org", own).await.unwrap(), EmailChange::Done);
        assert_eq!(come(&world, "s", "new@example.org").await, GuestEnd::NotLinked);
        // A linked login that vouches for another address says nothing of this one.
        let login = new_link("s", Some("else@example.org"));
        let login_id = login.id;
        world.store.link_identity(user, login, Vec::new()).await.unwrap();
        assert!(!world.store.find_user(user).await.unwrap().unwrap().links_by_email);
        let led = GuestEnd::Person(user, "NEW@example.org".into());
        assert_eq!(come(&world, "s", "new@example.org").await, led);
        assert!(world.store.find_user(user).await.unwrap().unwrap().links_by_email, "it vouches for it now");
        add_passkey(&world, user).await;
        let unlinked = world.store.unlink_identity(user, login_id, open(), Vec::new()).await.unwrap();
        assert_eq!(unlinked, Removal::Done);
        assert_eq!(come(&world, "s", "new@example.org").await, GuestEnd::NotLinked);
        assert_eq!(change("new@example.org", SaidBy::Operator).await.unwrap(), EmailChange::Done);
        assert_eq!(come(&world, "s", "new@example.org").await, GuestEnd::Person(user, "new@example.org".into()));
    }
}

/// The last version in which links had no id.
const BEFORE: i64 = 22;
const EARLIER: [&str; 2] = [
    "INSERT INTO users (id, email, email_folded, name, created_at)
     VALUES (501, 'ana@example.org', 'ana@example.org', 'Ana', 1), (502, 'bo@example.org', 'bo@example.org', 'Bo', 2)",
    "INSERT INTO identities (issuer, subject, user_id, created_at, last_used_at)
     VALUES ('https://login.example', 'a', 501, 3, 4), ('https://login.example', 'b', 502, 5, 6)",
];

async fn check_migrated(store: &Store) {
    let ana = store.list_identities(UserId(501)).await.unwrap();
    let bo = store.list_identities(UserId(502)).await.unwrap();
    assert_eq!((ana.len(), bo.len()), (1, 1));
    assert_ne!(ana[0].id, bo[0].id);
    assert_eq!((ana[0].subject.as_str(), &ana[0].email, ana[0].created_at.as_micros()), ("a", &None, 3));
    assert_eq!(bo[0].last_used_at.as_micros(), 6);
    assert!(store.find_user(UserId(501)).await.unwrap().unwrap().links_by_email);
    let only_passkeys = WaysOpen { passkeys: true, issuer: None };
    let end = store.unlink_identity(UserId(501), bo[0].id, only_passkeys, Vec::new()).await.unwrap();
    assert_ne!(end, Removal::Done, "somebody else's");
}

#[tokio::test]
async fn links_of_earlier_versions_get_an_id_on_sqlite() {
    let world = World::sqlite().await;
    let path = world.folder.join("earlier.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    SQLITE_MIGRATIONS.run_to(BEFORE, &mut connection).await.unwrap();
    for statement in EARLIER {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = Store::open_sqlite(&path, Keyring::new([9; 32]), &StoreConfig::default()).await.unwrap();
    check_migrated(&store).await;
}

#[tokio::test]
async fn links_of_earlier_versions_get_an_id_on_postgres() {
    let url = pgtest::Postgres::shared().create_database().unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    POSTGRES_MIGRATIONS.run_to(BEFORE, &mut connection).await.unwrap();
    for statement in EARLIER {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    check_migrated(&super::open_postgres(&url).await).await;
}
