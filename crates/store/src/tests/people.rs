//! People and their sessions: what was there before they could sign in, what ends with what, and who is
//! first where two come at once.

use domain::people::Role;
use domain::{AuditId, SessionId, Span, UserId};
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::{NOW, World, id, on_both};
use crate::conn::on;
use crate::open::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};
use crate::{
    Acceptance, Attempt, Invitee, Keyring, MemberChange, NewAuditEntry, NewInvitation, NewOrganization,
    NewSession, OrganizationRow, SetUp, SetUpEnd, Store, StoreConfig,
};

/// The last version in which users belonged to one organization.
const BEFORE: i64 = 16;
/// Two organizations of one person, whose address is written differently, and one of somebody else.
const EARLIER: [&str; 3] = [
    "INSERT INTO organizations (id, name, created_at) VALUES ({1}, 'One', 1), ({2}, 'Two', 2), ({3}, 'Three', 3)",
    "INSERT INTO users (organization_id, id, email, name, created_at)
     VALUES ({1}, 501, 'Ana@Example.org', 'Ana', 1), ({2}, 502, ' ana@example.ORG', 'Ana M', 2),
            ({3}, 503, 'bo@example.org', 'Bo', 3)",
    "INSERT INTO api_keys (organization_id, id, workspace_id, user_id, key_hash, key_prefix, name, scopes,
        created_at)
     VALUES ({1}, {1}, {1}, 501, {h1}, 'pe', 'k', 'read', 1), ({2}, {2}, {2}, 502, {h2}, 'pe', 'k', 'read', 1)",
];

/// A statement with its ids in the words of one database.
fn worded(text: &str, uuid: impl Fn(u8) -> String, hash: impl Fn(u8) -> String) -> String {
    (1..=3).fold(text.to_owned(), |text, number| {
        text.replace(&format!("{{{number}}}"), &uuid(number))
            .replace(&format!("{{h{number}}}"), &hash(number))
    })
}

async fn check_migrated(store: &Store) {
    let users = store.list_users().await.unwrap();
    let shown: Vec<(i64, &str, bool)> =
        users.iter().map(|user| (user.id.0, user.email.as_str(), user.has_password)).collect();
    assert_eq!(shown, [(501, "Ana@Example.org", false), (503, "bo@example.org", false)]);
    let memberships = store.list_memberships(UserId(501)).await.unwrap();
    let names: Vec<(&str, Role)> =
        memberships.iter().map(|row| (row.organization_name.as_str(), row.role)).collect();
    assert_eq!(names, [("One", Role::Owner), ("Two", Role::Owner)]);
    for membership in &memberships {
        let keys = store.list_keys(membership.organization_id).await.unwrap();
        assert_eq!(keys[0].user_id, UserId(501), "the keys of both rows are the one person's");
    }
    let found = store.find_user_by_email("ANA@example.org ").await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_str()), (UserId(501), "Ana"));
}

#[tokio::test]
async fn who_was_a_row_in_each_organization_is_one_person_on_sqlite() {
    let world = World::sqlite().await;
    let path = world.folder.join("earlier.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    SQLITE_MIGRATIONS.run_to(BEFORE, &mut connection).await.unwrap();
    for statement in EARLIER {
        let text =
            worded(statement, |number| format!("x'{number:032x}'"), |number| format!("x'{number:02x}'"));
        sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = Store::open_sqlite(&path, Keyring::new([9; 32]), &StoreConfig::default()).await.unwrap();
    check_migrated(&store).await;
}

#[tokio::test]
async fn who_was_a_row_in_each_organization_is_one_person_on_postgres() {
    let url = pgtest::Postgres::shared().create_database().unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    POSTGRES_MIGRATIONS.run_to(BEFORE, &mut connection).await.unwrap();
    for statement in EARLIER {
        let text = worded(
            statement,
            |number| format!("'{number:032x}'::UUID"),
            |number| format!("'\\x{number:02x}'::BYTEA"),
        );
        sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = super::open_postgres(&url).await;
    check_migrated(&store).await;
}

fn entry(organization: &OrganizationRow) -> NewAuditEntry {
    NewAuditEntry {
        organization_id: organization.id,
        id: AuditId(id()),
        user_id: None,
        actor: "a".into(),
        action: domain::audit::AuditAction::SignIn,
        subject: String::new(),
        address: "::1".into(),
        created_at: NOW,
    }
}

async fn session(world: &World, organization: &OrganizationRow, user: UserId, token: &str) -> SessionId {
    let new = NewSession {
        id: SessionId(id()),
        user_id: user,
        organization_id: Some(organization.id),
        address: "::1".into(),
        agent: "Firefox".into(),
        created_at: NOW,
    };
    let made = new.id;
    world.store.create_session(new, token, None, vec![entry(organization)]).await.unwrap();
    made
}

async fn invite(world: &World, organization: &OrganizationRow, email: &str, role: Role, token: &str) {
    let new = NewInvitation {
        id: domain::InvitationId(id()),
        email: email.into(),
        role,
        invited_by: organization.user_id,
        created_at: NOW,
        expires_at: NOW + Span::from_days(7),
    };
    assert!(world.store.create_invitation(organization.id, new, token, Vec::new()).await.unwrap());
}

fn newcomer() -> Invitee {
    Invitee::New { name: "New".into(), password_hash: "$argon2id$".into() }
}

on_both! {
    async fn no_token_is_kept_as_it_is(world: World) {
        let organization = world.organization().await;
        session(&world, &organization, organization.user_id, "session-token").await;
        invite(&world, &organization, "b@example.org", Role::Viewer, "invitation-token").await;
        let links = &world.store;
        links.create_sign_in_link("link-token", None, NOW, NOW + Span::from_days(1)).await.unwrap();
        let mut read = world.store.read().await.unwrap();
        for (table, column) in
            [("sessions", "token_hash"), ("invitations", "token_hash"), ("sign_in_links", "token_hash")]
        {
            let text = sqlx::AssertSqlSafe(format!("SELECT {column} FROM {table}"));
            let hashes: Vec<Vec<u8>> =
                on!(read.conn(), |c| sqlx::query_scalar(text).fetch_all(&mut *c).await.unwrap());
            assert_eq!(hashes.len(), 1, "{table}");
            assert!(hashes[0].len() == 32 && !hashes[0].ends_with(b"token"), "{table}");
        }
    }
}

on_both! {
    async fn an_invitation_is_accepted_by_one_of_two_who_come_at_once(world: World) {
        let organization = world.organization().await;
        invite(&world, &organization, "b@example.org", Role::Editor, "t").await;
        let accept = || world.store.accept_invitation("t", newcomer(), entry(&organization));
        let (one, other) = tokio::join!(accept(), accept());
        // The slower one may be told that there is nothing, or that somebody was made.
        let joined = [one.as_ref(), other.as_ref()]
            .into_iter()
            .filter(|end| matches!(end, Ok(Acceptance::Joined(_))))
            .count();
        assert_eq!(joined, 1, "{one:?} {other:?}");
        assert_eq!(world.store.list_members(organization.id).await.unwrap().len(), 2);
    }
}

on_both! {
    async fn of_owners_who_leave_at_once_one_stays(world: World) {
        let organization = world.organization().await;
        invite(&world, &organization, "b@example.org", Role::Owner, "t").await;
        let accepted = world.store.accept_invitation("t", newcomer(), entry(&organization)).await.unwrap();
        let Acceptance::Joined(second) = accepted else { panic!("{accepted:?}") };
        let leave = |user| world.store.remove_member(organization.id, user, Role::Owner, NOW, Vec::new());
        let (one, other) = tokio::join!(leave(organization.user_id), leave(second));
        let ends = [one.unwrap(), other.unwrap()];
        assert!(ends.contains(&MemberChange::Done(0)) && ends.contains(&MemberChange::LastOwner), "{ends:?}");
    }
}

on_both! {
    async fn an_installation_is_set_up_once_by_two_who_come_at_once(world: World) {
        let until = NOW + Span::from_days(1);
        for token in ["one", "two"] {
            world.store.create_sign_in_link(token, None, NOW, until).await.unwrap();
        }
        let wanted = |token: &str, email: &str| {
            let organization = OrganizationRow {
                id: domain::OrganizationId(id()),
                name: email.into(),
                created_at: NOW,
                workspace_id: domain::WorkspaceId(id()),
                user_id: UserId(0),
            };
            SetUp {
                token: token.into(),
                password_hash: "$argon2id$".into(),
                log: entry(&organization),
                organization: NewOrganization {
                    id: organization.id,
                    name: organization.name,
                    workspace_id: organization.workspace_id,
                    workspace_name: "Main".into(),
                    user_email: email.into(),
                    user_name: "A".into(),
                    created_at: NOW,
                },
            }
        };
        let (one, other) = tokio::join!(
            world.store.set_up(wanted("one", "a@example.org")),
            world.store.set_up(wanted("two", "b@example.org"))
        );
        let ends = [one.unwrap(), other.unwrap()];
        let done = ends.iter().filter(|end| matches!(end, SetUpEnd::Done { .. })).count();
        assert_eq!(done, 1, "{ends:?}");
        assert_eq!(world.store.list_organizations().await.unwrap().len(), 1);
        assert!(world.store.has_any_password().await.unwrap());
    }
}

on_both! {
    async fn many_tries_at_once_are_counted_before_any_is_judged(world: World) {
        let attempt = Attempt { email: "a@example.org".into(), network: "192.0.2.0".into() };
        let tries = (0..20).map(|_| world.store.begin_attempt(&attempt, NOW));
        let ends = futures_util::future::join_all(tries).await;
        let let_through = ends.into_iter().filter(|end| end.as_ref().unwrap().is_none()).count();
        assert_eq!(let_through, 6, "five are free, and one more begins the first pause");
        world.store.clear_attempt(&attempt).await.unwrap();
        assert_eq!(world.store.begin_attempt(&attempt, NOW).await.unwrap(), None);
    }
}

on_both! {
    async fn a_session_that_is_replaced_or_ended_is_not_found_and_leaves_the_others(world: World) {
        let organization = world.organization().await;
        let user = organization.user_id;
        let first = session(&world, &organization, user, "first").await;
        session(&world, &organization, user, "second").await;
        let found = world.store.find_session("first").await.unwrap().unwrap();
        assert_eq!((found.id, found.organization.unwrap().role), (first, Role::Owner));
        assert_eq!(world.store.end_sessions(UserId(1), Some(first), Vec::new()).await.unwrap(), 0);
        assert_eq!(world.store.end_sessions(user, Some(first), Vec::new()).await.unwrap(), 1);
        assert!(world.store.find_session("first").await.unwrap().is_none());
        let other = world.organization().await;
        assert!(world.store.find_session("second").await.unwrap().is_some());
        let theirs = SessionId(id());
        assert!(!world.store.switch_session(theirs, other.id, Vec::new()).await.unwrap());
    }
}

#[tokio::test]
async fn nobody_is_signed_in_after_a_restore() {
    let world = World::sqlite().await;
    let organization = world.organization().await;
    session(&world, &organization, organization.user_id, "t").await;
    world.store.close().await;
    crate::mark_restored(&world.path(), NOW, NOW + Span::from_hours(1)).await.unwrap();
    let store = world.another().await;
    assert!(store.find_session("t").await.unwrap().is_none());
    assert_eq!(store.list_members(organization.id).await.unwrap().len(), 1);
}
