//! The alarm for what is late, the figures of the queue, and probes of the database.

use domain::{EventId, Span};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::{NOW, World, id, on_both};
use crate::{Finish, Outcome};

const MINUTE: Span = Span::from_minutes(1);

on_both! {
    async fn of_many_watchers_one_raises_the_alarm_and_only_once_for_a_due_time(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        let post = world.post(&organization, account, "late").await;
        let store = &world.store;
        assert!(store.find_late(NOW - MINUTE, 10).await.unwrap().is_empty(), "it is not due for so long");
        let now = NOW + MINUTE;
        let late = store.find_late(NOW, 10).await.unwrap();
        assert_eq!(late.len(), 1);
        let watcher = || {
            let late = late.clone();
            store.raise_overdue(late.into_iter().map(|late| (late, NOW, EventId(id()))).collect(), now)
        };
        let outcomes = futures_util::future::join_all((0..8).map(|_| watcher())).await;
        let raised: usize = outcomes.into_iter().map(|outcome| outcome.unwrap().len()).sum();
        assert_eq!(raised, 1);
        assert!(store.find_late(now, 10).await.unwrap().is_empty());
        let events = store.list_events(organization.id, 100).await.unwrap();
        let alarms: Vec<_> = events.iter().filter(|event| event.kind == "post.overdue").collect();
        assert_eq!(alarms.len(), 1);
        assert_eq!(alarms[0].payload["post_id"], post.to_string());
        assert_eq!(alarms[0].payload["overdue_since"], NOW.to_iso_millis());
        assert_eq!(store.count_overdue(NOW).await.unwrap(), [("x".to_owned(), 1)]);
    }
}

on_both! {
    async fn nothing_is_raised_for_what_was_taken_or_published_meanwhile(world: World) {
        let organization = world.organization().await;
        let account = world.account(&organization).await;
        world.post(&organization, account, "in time after all").await;
        let store = &world.store;
        let late = store.find_late(NOW, 10).await.unwrap();
        let until = NOW + MINUTE.times(3);
        let claims = store.claim_due("a".to_owned(), NOW + MINUTE, until, 10, vec![EventId(id())]).await.unwrap();
        let raise = |late: Vec<crate::Late>| {
            store.raise_overdue(
                late.into_iter().map(|late| (late, NOW, EventId(id()))).collect(),
                NOW + MINUTE.times(2),
            )
        };
        assert!(raise(late).await.unwrap().is_empty(), "another worker's hold is another state");
        let in_hand = store.find_in_hand(NOW + MINUTE, NOW, 10).await.unwrap();
        assert_eq!(in_hand.len(), 1);
        let claim = claims.into_iter().next().unwrap();
        let finish = Finish::Published {
            platform_post_id: "1".into(),
            platform_post_url: "https://x.example/1".into(),
            warnings: vec![],
        };
        let ids = [EventId(id()), EventId(id())];
        let outcome = Outcome::Finish(finish);
        assert!(store.record(claim.lease, claim.work, outcome, None, ids, NOW + MINUTE).await.unwrap());
        assert!(raise(in_hand).await.unwrap().is_empty(), "it is live");
        assert!(store.count_overdue(NOW + MINUTE).await.unwrap().is_empty());
    }
}

on_both! {
    async fn the_queue_is_counted_by_platform_and_state(world: World) {
        let organization = world.organization().await;
        let accounts = [world.account(&organization).await, world.account(&organization).await];
        for account in [accounts[0], accounts[0], accounts[1]] {
            world.post(&organization, account, "text").await;
        }
        let store = &world.store;
        let before = store.count_open(NOW - MINUTE).await.unwrap();
        assert_eq!((before.len(), before[0].later, before[0].due), (1, 3, 0));
        let until = NOW + MINUTE;
        let ids = vec![EventId(id())];
        store.claim_due("a".to_owned(), NOW, until, 1, ids).await.unwrap();
        let rows = store.count_open(NOW).await.unwrap();
        let of = |status: &str| rows.iter().find(|row| row.status == status).unwrap();
        assert_eq!((of("queued").due, of("queued").oldest), (2, Some(NOW)));
        assert_eq!((of("publishing").later, of("publishing").due), (1, 0));
        // Of the two that wait, one waits for its account.
        assert_eq!(store.find_neglected(NOW, NOW).await.unwrap(), Some(NOW));
        store.claim_due("a".to_owned(), NOW, until, 1, vec![EventId(id())]).await.unwrap();
        assert_eq!(store.find_neglected(NOW, NOW).await.unwrap(), None, "the other one waits for its account");
    }
}

#[tokio::test]
async fn a_database_that_is_locked_can_be_read_and_not_written() {
    let world = World::sqlite().await;
    let path = world.folder.join("t.db");
    world.store.probe_read().await.unwrap();
    world.store.probe_write(NOW).await.unwrap();
    let mut other = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    world.store.probe_read().await.unwrap();
    let soon = std::time::Duration::from_millis(50);
    let written = tokio::time::timeout(soon, world.store.probe_write(NOW)).await;
    assert!(written.is_err(), "the other one holds the lock");
    other.execute("ROLLBACK").await.unwrap();
    world.store.probe_write(NOW).await.unwrap();
    world.store.close().await;
    assert!(world.store.probe_read().await.is_err());
    assert!(world.store.probe_write(NOW).await.is_err());
}
