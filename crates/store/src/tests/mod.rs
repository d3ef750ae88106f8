//! What the database promises: plans that use their index, shared commits that keep neighbours
//! apart, secrets that are not readable, rows that keep to their organization.

mod access;
mod ai_credits;
mod approvals;
mod campaigns;
mod commits;
mod connect;
mod copies;
mod counts;
mod keys;
mod limits;
mod media;
mod metrics;
mod nodes;
mod notes;
mod once;
mod overdue;
mod people;
mod plan_limits;
mod plans;
mod posts_there;
mod preparations;
mod queues;
mod search;
mod settle;
mod ways_in;
mod webhooks;

use std::path::PathBuf;

use domain::{
    AccountId, ApiKeyId, DestinationId, EventId, OrganizationId, PlatformName, PostId, PostStatus, Span,
    Timestamp, WorkspaceId,
};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::{
    Finish, Keyring, NewAccount, NewDestination, NewOrganization, NewPostRow, OrganizationRow, Outcome,
    PostFilter, PostOrder, PostPage, Store, StoreConfig, StoreError,
};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// An empty database.
pub(crate) struct World {
    pub(crate) store: Store,
    folder: PathBuf,
    /// The address, where it is PostgreSQL.
    pub(crate) url: Option<String>,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The same test on each database.
macro_rules! on_both {
    ($(async fn $name:ident($world:ident: World) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn check($world: World) $body

            #[tokio::test]
            async fn on_sqlite() {
                check(World::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                check(World::postgres().await).await;
            }
        }
    )+};
}
use on_both;
async fn open_postgres(url: &str) -> Store {
    Store::open_postgres(url, Keyring::new([9; 32]), &StoreConfig::default()).await.unwrap()
}

/// Ids need only differ from one another.
fn id() -> Uuid {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let process = u64::from(std::process::id());
    Uuid::from_u64_pair(process, NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn new_organization(name: &str) -> NewOrganization {
    NewOrganization {
        id: OrganizationId(id()),
        name: name.to_owned(),
        workspace_id: WorkspaceId(id()),
        workspace_name: "Main".into(),
        user_email: "a@example.org".into(),
        user_name: "A".into(),
        created_at: NOW,
    }
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("fanfare-store-{}", id()));
        std::fs::create_dir_all(&folder).unwrap();
        let keyring = Keyring::new([9; 32]);
        let store = Store::open_sqlite(&folder.join("t.db"), keyring, &StoreConfig::default()).await.unwrap();
        Self { store, folder, url: None }
    }

    pub(crate) async fn postgres() -> Self {
        let url = pgtest::Postgres::shared().create_database().unwrap();
        let store = open_postgres(&url).await;
        Self { store, folder: PathBuf::new(), url: Some(url) }
    }

    /// The file, where it is SQLite.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("t.db")
    }

    /// The address, where it is PostgreSQL.
    pub(crate) fn address(&self) -> &str {
        self.url.as_deref().unwrap()
    }

    /// The same database behind another store.
    pub(crate) fn with(&self, store: Store) -> Self {
        Self { store, folder: PathBuf::new(), url: self.url.clone() }
    }

    /// One more store on the same database, as another process would have it.
    pub(crate) async fn another(&self) -> Store {
        if let Some(url) = &self.url {
            return open_postgres(url).await;
        }
        let path = self.folder.join("t.db");
        Store::open_sqlite(&path, Keyring::new([9; 32]), &StoreConfig::default()).await.unwrap()
    }

    pub(crate) async fn organization(&self) -> OrganizationRow {
        let new = new_organization("Test");
        self.store.create_organization(new).await.unwrap()
    }

    pub(crate) async fn account(&self, organization: &OrganizationRow) -> AccountId {
        let new = NewAccount {
            workspace_id: organization.workspace_id,
            platform: PlatformName::from_static("x"),
            platform_user_id: id().to_string(),
            username: None,
            display_name: "A".into(),
            avatar_url: None,
            premium: false,
            service_url: None,
            access_ends_at: None,
            credentials: b"a very secret token".to_vec(),
            nonce: [4; 24],
            now: NOW,
        };
        self.store.connect_account(organization.id, new).await.unwrap().0
    }

    pub(crate) async fn post(
        &self,
        organization: &OrganizationRow,
        account: AccountId,
        text: &str,
    ) -> PostId {
        self.post_to(organization, &[account], text).await
    }

    async fn post_to(&self, organization: &OrganizationRow, accounts: &[AccountId], text: &str) -> PostId {
        let row = self.row(organization, accounts, text);
        let post = row.id;
        self.store.create_post(organization.id, row, None).await.unwrap();
        post
    }

    /// A post that is due now.
    #[expect(clippy::unused_self, reason = "reads like the others")]
    fn row(&self, organization: &OrganizationRow, accounts: &[AccountId], text: &str) -> NewPostRow {
        let destination = |account: &AccountId| NewDestination {
            id: DestinationId(id()),
            account_id: *account,
            platform: PlatformName::from_static("x"),
            scheduled_for: NOW,
            fingerprint: None,
        };
        NewPostRow {
            id: PostId(id()),
            workspace_id: organization.workspace_id,
            api_key_id: ApiKeyId(id()),
            content: text.into(),
            status: PostStatus::Scheduled,
            scheduled_for: Some(NOW),
            timezone: "UTC".into(),
            account_ids: accounts.to_vec(),
            media_ids: vec![],
            platform_content: "{}".into(),
            thread_posts: vec![],
            campaign_id: None,
            approval: domain::Approval::default(),
            destinations: accounts.iter().map(destination).collect(),
            now: NOW,
        }
    }
}

on_both! {
    async fn a_write_that_fails_does_not_take_its_neighbours_with_it(world: World) {
        let writes = (0..20).map(|number| {
            let store = world.store.clone();
            async move {
                store
                    .writer
                    .run(move |conn: Conn<'_>| {
                        Box::pin(async move {
                            on!(conn, |c| {
                                sqlx::query("INSERT INTO counters (name, next_value) VALUES ($1, 1)")
                                    .bind(format!("n{number}"))
                                    .execute(&mut *c)
                                    .await?
                                    .rows_affected()
                            });
                            match number % 5 {
                                3 => Err(StoreError::Closed),
                                4 => panic!("scripted"),
                                _ => Ok(number),
                            }
                        })
                    })
                    .await
            }
        });
        let outcomes = futures_util::future::join_all(writes).await;
        let good: Vec<i32> = outcomes.into_iter().filter_map(Result::ok).collect();
        assert_eq!(good, [0, 1, 2, 5, 6, 7, 10, 11, 12, 15, 16, 17]);
        let mut read = world.store.read().await.unwrap();
        let stored: i64 = on!(read.conn(), |c| {
            sqlx::query_scalar("SELECT COUNT(*) FROM counters WHERE name LIKE 'n%'")
                .fetch_one(&mut *c)
                .await
                .unwrap()
        });
        assert_eq!(stored, 12, "what failed left nothing behind");
    }
}

on_both! {
    async fn what_is_acknowledged_is_there_after_the_database_is_opened_again(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let post = world.post(&organization, account, "kept").await;
        world.store.close().await;
        let again = world.another().await;
        assert!(again.find_post(organization.id, organization.workspace_id, post).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn tokens_are_not_readable_in_the_file_and_not_with_another_key() {
    let world = World::sqlite().await;
    let organization = world.organization().await;
    let account = world.account(&organization).await;
    let opened = world.store.find_credentials(organization.id, account).await.unwrap().unwrap();
    assert_eq!(opened.bytes, b"a very secret token");
    world.store.close().await;
    for name in ["t.db", "t.db-wal"] {
        let bytes = std::fs::read(world.folder.join(name)).unwrap_or_default();
        assert!(!bytes.windows(17).any(|window| window == b"very secret token"), "{name}");
    }
    let path = world.folder.join("t.db");
    let other = Store::open_sqlite(&path, Keyring::new([8; 32]), &StoreConfig::default()).await.unwrap();
    assert!(matches!(other.find_credentials(organization.id, account).await, Err(StoreError::Sealed)));
}

on_both! {
    async fn one_organization_sees_nothing_of_another(world: World) {
        let (mine, theirs) = (world.organization().await, world.organization().await);
        let account = world.account(&theirs).await;
        let post = world.post(&theirs, account, "theirs").await;
        let store = &world.store;
        assert!(store.find_account(mine.id, account, NOW).await.unwrap().is_none());
        assert!(store.find_credentials(mine.id, account).await.unwrap().is_none());
        assert!(store.find_post(mine.id, theirs.workspace_id, post).await.unwrap().is_none());
        assert!(store.find_post_to_publish(mine.id, post).await.unwrap().is_none());
        assert!(store.list_destinations(mine.id, &[post]).await.unwrap().is_empty());
        assert!(store.retry_destinations(mine.id, post, vec![account], NOW).await.unwrap().is_empty());
        let filter = PostFilter::default();
        assert_eq!(store.count_posts(mine.id, theirs.workspace_id, &filter, NOW).await.unwrap(), 0);
    }
}

on_both! {
    async fn of_two_claims_at_once_one_gets_the_destination(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        world.post(&organization, account, "once").await;
        let until = NOW + Span::from_seconds(60);
        let claim = |owner: &str| world.store.claim_due(owner.to_owned(), NOW, until, 10, vec![EventId(id())]);
        let (first, second) = tokio::join!(claim("a"), claim("b"));
        assert_eq!(first.unwrap().len() + second.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_key_that_is_kept_in_memory_is_gone_once_another_process_revokes_it() {
    use domain::api_key::Scope;
    let world = World::sqlite().await;
    let organization = world.organization().await;
    let new = crate::NewKey {
        id: ApiKeyId(id()),
        workspace_id: organization.workspace_id,
        user_id: organization.user_id,
        name: "k".into(),
        scopes: vec![Scope::Read],
        created_at: NOW,
        expires_at: None,
    };
    let (key, secret) = (new.id, "pe_live_00000000000000000000000000000000");
    world.store.create_key(organization.id, new, secret).await.unwrap();
    // A time after every write of this test, so that the look-up is kept.
    let later = Timestamp::from_seconds(4_000_000_000);
    for _ in 0..2 {
        let found = world.store.find_key(secret, later).await.unwrap().unwrap();
        assert_eq!(found.revoked_at, None);
    }
    let path = world.folder.join("t.db");
    let other = Store::open_sqlite(&path, Keyring::new([9; 32]), &StoreConfig::default()).await.unwrap();
    assert!(other.revoke_key(organization.id, key, NOW).await.unwrap());
    assert_eq!(world.store.find_key(secret, later).await.unwrap().unwrap().revoked_at, Some(NOW));
}

on_both! {
    async fn a_post_says_that_it_is_going_out_only_while_the_lease_lasts(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let post = world.post(&organization, account, "once").await;
        let status = async || {
            world.store.find_post(organization.id, organization.workspace_id, post).await.unwrap().unwrap().status
        };
        let minute = Span::from_seconds(60);
        let claim = async |owner: &str, now| {
            let ids = vec![EventId(id())];
            world.store.claim_due(owner.to_owned(), now, now + minute, 1, ids).await.unwrap().remove(0)
        };
        let first = claim("a", NOW).await;
        assert_eq!(status().await, PostStatus::Scheduled, "what goes out at once is written once");
        world.store.note_going_out(first.lease.clone()).await.unwrap();
        assert_eq!(status().await, PostStatus::Publishing);

        let second = claim("b", NOW + minute.times(2)).await;
        let published = Finish::Published {
            platform_post_id: "1".into(),
            platform_post_url: "https://example.org/1".into(),
            warnings: vec![],
        };
        let (outcome, ids) = (Outcome::Finish(published), [EventId(id()), EventId(id())]);
        let written = world.store.record(second.lease, second.work, outcome, None, ids, NOW + minute.times(2)).await;
        assert!(written.unwrap());
        world.store.note_going_out(first.lease).await.unwrap();
        assert_eq!(status().await, PostStatus::Published, "a worker that lost its lease says nothing");
    }
}

on_both! {
    async fn a_claim_tells_whether_its_account_has_more(world: World) {
        let organization = world.organization().await;
        let (one, two) = (world.account(&organization).await, world.account(&organization).await);
        for text in ["first", "second"] {
            world.post(&organization, one, text).await;
        }
        world.post(&organization, two, "alone").await;
        let until = NOW + Span::from_seconds(60);
        let ids = (0..9).map(|_| EventId(id())).collect();
        let claims = world.store.claim_due("a".to_owned(), NOW, until, 9, ids).await.unwrap();
        let more: Vec<_> = claims.iter().filter(|claim| claim.lane_has_more).map(|claim| claim.lease.account_id).collect();
        assert_eq!((claims.len(), more), (2, vec![one]));

        let due = async |owner: &str| {
            let due = world.store.list_due_accounts(owner, NOW, 9).await.unwrap();
            due.into_iter().map(|due| due.account_id).collect::<Vec<_>>()
        };
        assert_eq!(due("a").await, [one], "its own worker learns that more has come");
        assert!(due("b").await.is_empty(), "no other can do anything about it");
    }
}

#[tokio::test]
async fn a_closed_sqlite_database_is_whole_in_its_one_file() {
    let world = World::sqlite().await;
    world.organization().await;
    world.store.list_organizations().await.unwrap();
    world.store.close().await;
    assert!(!world.path().with_extension("db-wal").exists());
    let copy = world.path().with_extension("copy");
    std::fs::copy(world.path(), &copy).unwrap();
    let store = Store::open_sqlite(&copy, Keyring::new([9; 32]), &StoreConfig::default()).await.unwrap();
    assert_eq!(store.list_organizations().await.unwrap().len(), 1);
}
