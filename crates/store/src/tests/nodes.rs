//! Several processes on one PostgreSQL database.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use domain::{DestinationId, EventId, Span, Timestamp};
use futures_util::future::join_all;
use pgtest::{Durability, Postgres};

use super::{NOW, World, id, new_organization, open_postgres};
use crate::{Finish, Outcome, Store, Work};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_nodes_that_start_at_once_make_one_schema() {
    let url = Postgres::shared().create_database().unwrap();
    let stores = join_all((0..10).map(|_| open_postgres(&url))).await;
    for store in &stores {
        assert!(store.list_organizations().await.unwrap().is_empty());
        store.close().await;
    }
}

/// Claims and finishes whatever is due, one account at a time, until nothing is left.
async fn drain(store: Store, owner: &'static str) -> Vec<DestinationId> {
    let mut done = Vec::new();
    let until = NOW + Span::from_seconds(60);
    let mut idle = 0;
    while idle < 3 {
        let ids = (0..8).map(|_| EventId(id())).collect();
        let claims = store.claim_due(owner.to_owned(), NOW, until, 8, ids).await.unwrap();
        if claims.is_empty() {
            idle += 1;
            tokio::task::yield_now().await;
            continue;
        }
        idle = 0;
        let finish = |claim: crate::Claim| {
            let store = store.clone();
            async move {
                let published = Finish::Published {
                    platform_post_id: claim.lease.destination_id.to_string(),
                    platform_post_url: String::new(),
                    warnings: Vec::new(),
                };
                let ids = [EventId(id()), EventId(id())];
                let written = store
                    .record(claim.lease.clone(), Work::default(), Outcome::Finish(published), None, ids, NOW)
                    .await
                    .unwrap();
                assert!(written, "nobody else may hold it");
                claim.lease.destination_id
            }
        };
        done.extend(join_all(claims.into_iter().map(finish)).await);
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_workers_that_claim_together_get_each_destination_once() {
    let world = World::postgres().await;
    let organization = world.organization().await;
    let mut posts = HashSet::new();
    for _ in 0..12 {
        let account = world.account(&organization).await;
        for number in 0..6 {
            posts.insert(world.post(&organization, account, &format!("post {number}")).await);
        }
    }
    let (a, b, c) = (world.another().await, world.another().await, world.another().await);
    let (a, b, c) =
        tokio::join!(tokio::spawn(drain(a, "a")), tokio::spawn(drain(b, "b")), tokio::spawn(drain(c, "c")));
    let mut all: Vec<DestinationId> = [a, b, c].into_iter().flat_map(Result::unwrap).collect();
    // A worker that found nothing three times stops; what another then frees is left to be taken.
    all.extend(drain(world.another().await, "last").await);
    let once: HashSet<_> = all.iter().copied().collect();
    assert_eq!((all.len(), once.len()), (posts.len(), posts.len()));
    for post in posts {
        let found = world.store.find_post(organization.id, organization.workspace_id, post).await.unwrap();
        assert_eq!(found.unwrap().status, domain::PostStatus::Published);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_post_whose_destinations_end_together_on_two_nodes_ends_itself() {
    let world = World::postgres().await;
    let organization = world.organization().await;
    let (one, two) = (world.account(&organization).await, world.account(&organization).await);
    let (a, b) = (world.another().await, world.another().await);
    for _ in 0..6 {
        let post = world.post_to(&organization, &[one, two], "both").await;
        let (a, b) = tokio::join!(tokio::spawn(drain(a.clone(), "a")), tokio::spawn(drain(b.clone(), "b")));
        a.unwrap();
        b.unwrap();
        drain(world.store.clone(), "last").await;
        let found = world.store.find_post(organization.id, organization.workspace_id, post).await.unwrap();
        assert_eq!(found.unwrap().status, domain::PostStatus::Published);
    }
}

/// Waits until `done` says so, for as long as a slow machine may need.
async fn wait_for(mut done: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if done() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "waits for another process, with a limit")]
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it never came");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_reach_other_nodes_and_go_on_after_the_server_was_killed() {
    // What was committed outlives the kill.
    let server = Postgres::start(Durability::Full).unwrap();
    let url = server.create_database().unwrap();
    let (here, there) = (open_postgres(&url).await, open_postgres(&url).await);
    let heard: Arc<Mutex<Vec<Timestamp>>> = Arc::default();
    let listening = {
        let (there, heard) = (there.clone(), Arc::clone(&heard));
        tokio::spawn(async move { there.listen(move |due| heard.lock().unwrap().push(due)).await })
    };
    let has = |due: Timestamp| heard.lock().unwrap().contains(&due);
    // The first call says that hints may have been missed before.
    wait_for(|| has(Timestamp::from_micros(0))).await;
    let announcer = here.announcer();
    announcer.due_at(NOW);
    wait_for(|| has(NOW)).await;
    server.kill();
    server.restart().unwrap();
    heard.lock().unwrap().clear();
    wait_for(|| has(Timestamp::from_micros(0))).await;
    let later = NOW + Span::from_seconds(5);
    announcer.due_at(later);
    wait_for(|| has(later)).await;
    listening.abort();
    // Writes go on too, on a new connection.
    here.create_organization(new_organization("After")).await.unwrap();
    assert_eq!(there.list_organizations().await.unwrap().len(), 1);
}
