//! Readings against a platform that does what a script says: when they are taken, by whom, and what
//! puts them off or ends them. The clock stands still between the steps that a test takes.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use domain::metrics::{READINGS, ReadingEnd};
use domain::{Class, PostId, Span, Timestamp};
use fanfare_engine::{Engine, Wake};
use net::Clock as _;
use store::PostMetricsRow;

use crate::common::{Act, START, Sight, World, endless};

const HOUR: Span = Span::from_hours(1);
const MINUTE: Span = Span::from_minutes(1);

async fn look(engine: &Engine) {
    engine.reader(Wake::default()).run_once().await.unwrap();
}

/// A world with one post that is live since its beginning.
async fn world() -> (World, PostId) {
    let world = World::new(Sight::Clear).await;
    world.hold(&endless()).await;
    let post = world.post("hello", &[], START).await;
    world.settle().await;
    (world, post)
}

async fn metrics(world: &World, post: PostId) -> PostMetricsRow {
    let found = world.store.list_post_metrics(world.organization, post).await.unwrap();
    found.into_values().next().unwrap_or_default()
}

/// Looks every so often for so long.
async fn looks(world: &World, engine: &Engine, every: Span, lasts: Span) {
    let end = world.clock.now() + lasts;
    while world.clock.now() < end {
        look(engine).await;
        world.clock.advance(every);
    }
    look(engine).await;
}

fn times_read(world: &World) -> Vec<Timestamp> {
    world.script.lock().unwrap().read.iter().map(|(_, at)| *at).collect()
}

#[tokio::test]
async fn in_thirty_days_a_post_is_read_at_its_times_and_never_again() {
    let (world, post) = world().await;
    looks(&world, &world.engine(), HOUR, Span::from_days(40)).await;
    let expect: Vec<Timestamp> = READINGS.iter().map(|span| START + *span).collect();
    assert_eq!(times_read(&world), expect);
    let row = metrics(&world, post).await;
    assert_eq!((row.next_at, row.ended), (None, Some(ReadingEnd::Complete)));
    let kept: Vec<_> =
        row.readings.iter().map(|reading| (reading.step, reading.at, reading.figures.likes)).collect();
    let expect: Vec<_> =
        expect.into_iter().enumerate().map(|(step, at)| (step, at, i64::try_from(step + 1).ok())).collect();
    assert_eq!(kept, expect);
    assert_eq!(world.script.lock().unwrap().counted.len(), 40, "followers are counted once a day");
}

#[tokio::test]
async fn two_nodes_read_nothing_twice() {
    let (world, _) = world().await;
    let another = world.another_account().await;
    for number in 0..6 {
        world.post_to(another, &format!("post {number}"), &[], START).await;
    }
    world.settle().await;
    let (one, other) = (world.engine(), world.engine());
    let end = START + Span::from_days(31);
    while world.clock.now() < end {
        let (mut one, mut other) = (one.reader(Wake::default()), other.reader(Wake::default()));
        let (first, second) = tokio::join!(one.run_once(), other.run_once());
        first.unwrap();
        second.unwrap();
        world.clock.advance(HOUR);
    }
    let mut read: Vec<_> = world.script.lock().unwrap().read.clone();
    assert_eq!(read.len(), 7 * READINGS.len());
    read.sort();
    read.dedup();
    assert_eq!(read.len(), 7 * READINGS.len(), "each at its own time");
    assert_eq!(world.script.lock().unwrap().counted.len(), 2 * 31);
}

#[tokio::test]
async fn a_worker_whose_lease_ended_writes_nothing() {
    let (world, post) = world().await;
    look(&world.engine()).await;
    world.clock.advance(HOUR);
    let lane = world.store.list_due_metric_lanes(world.clock.now(), 10).await.unwrap().remove(0);
    let (now, brief) = (world.clock.now(), world.clock.now() + MINUTE);
    let held = world.store.take_metric_lane(lane, "slow".to_owned(), now, brief).await.unwrap().unwrap();
    assert!(world.store.take_metric_lane(lane, "other".to_owned(), now, brief).await.unwrap().is_none());
    world.clock.advance(MINUTE);
    look(&world.engine()).await;
    assert_eq!(metrics(&world, post).await.readings.len(), 1);
    let done = world.store.release_metric_lane(held.lease, None, None, world.clock.now()).await.unwrap();
    assert!(!done, "another had the lane since");
}

#[tokio::test]
async fn what_was_missed_is_left_out_and_the_rest_is_read_in_its_time() {
    let (world, post) = world().await;
    world.clock.advance(Span::from_days(5));
    looks(&world, &world.engine(), HOUR, Span::from_days(30)).await;
    let steps: Vec<usize> = metrics(&world, post).await.readings.iter().map(|one| one.step).collect();
    assert_eq!(steps, [4, 5, 6, 7]);
}

#[tokio::test]
async fn what_is_older_than_the_last_reading_is_not_read() {
    let (world, post) = world().await;
    world.clock.advance(Span::from_days(34));
    looks(&world, &world.engine(), HOUR, Span::from_days(2)).await;
    assert_eq!((times_read(&world).len(), metrics(&world, post).await), (0, PostMetricsRow::default()));
}

#[tokio::test]
async fn a_post_that_is_gone_ends_its_readings() {
    let (world, post) = world().await;
    looks(&world, &world.engine(), HOUR, Span::from_hours(2)).await;
    world.script(|script| script.gone = true);
    looks(&world, &world.engine(), HOUR, Span::from_days(40)).await;
    let row = metrics(&world, post).await;
    assert_eq!((row.ended, row.readings.len()), (Some(ReadingEnd::PostGone), 1));
    assert_eq!(times_read(&world).len(), 2, "it was asked for once more and then left alone");
}

#[tokio::test]
async fn without_permission_readings_end_until_the_account_is_connected_again() {
    let (world, post) = world().await;
    let engine = world.engine();
    world.script(|script| {
        script.counts.push_back(Act::Refuse(Class::PermissionMissing));
        script.readings.push_back(Act::Refuse(Class::PermissionMissing));
    });
    looks(&world, &engine, HOUR, Span::from_days(3)).await;
    let row = metrics(&world, post).await;
    assert_eq!(
        (row.ended, row.detail.as_deref()),
        (Some(ReadingEnd::PermissionMissing), Some("Fake said no."))
    );
    let state = world.store.find_reading_state(world.organization, world.account).await.unwrap();
    assert_eq!((state.followers_end, state.followers_at), (Some(ReadingEnd::PermissionMissing), None));
    assert_eq!(times_read(&world).len(), 0);

    world.hold(&endless()).await;
    looks(&world, &engine, HOUR, Span::from_days(30)).await;
    let steps: Vec<usize> = metrics(&world, post).await.readings.iter().map(|one| one.step).collect();
    assert_eq!(steps, [3, 4, 5, 6, 7], "what was due on the third day and later");
    assert!(world.script.lock().unwrap().counted.len() > 29);
}

#[tokio::test]
async fn a_rate_limit_puts_off_the_account_alone_and_publishing_not_at_all() {
    let (world, first) = world().await;
    let another = world.another_account().await;
    let second = world.post_to(another, "theirs", &[], START).await;
    world.settle().await;
    let engine = world.engine();
    look(&engine).await;
    world.clock.advance(HOUR);
    let until = world.clock.now() + Span::from_minutes(50);
    world.script(|script| script.readings.push_back(Act::Refuse(Class::RateLimited { until: Some(until) })));
    look(&engine).await;
    let count = |row: PostMetricsRow| row.readings.len();
    let read = [count(metrics(&world, first).await), count(metrics(&world, second).await)];
    assert_eq!(read.iter().sum::<usize>(), 1, "one of them has to wait: {read:?}");
    for account in [world.account, another] {
        let due = world.clock.now();
        world.post_to(account, &format!("more to {account}"), &[], due).await;
    }
    engine.run_once().await.unwrap();
    assert_eq!(world.live().len(), 4, "posts go out all the same");
    world.clock.set(until);
    look(&engine).await;
    assert_eq!((count(metrics(&world, first).await), count(metrics(&world, second).await)), (1, 1));
}

#[tokio::test]
async fn a_used_up_quota_puts_off_the_whole_platform() {
    let (world, _) = world().await;
    let another = world.another_account().await;
    world.post_to(another, "theirs", &[], START).await;
    world.settle().await;
    let engine = world.node(|config| config.metrics.capacity = 1);
    look(&engine).await;
    world.clock.advance(HOUR);
    let until = world.clock.now() + Span::from_hours(3);
    world.script(|script| {
        script.readings.push_back(Act::Refuse(Class::QuotaExhausted { until: Some(until) }));
    });
    let mut reader = engine.reader(Wake::default());
    for _ in 0..2 {
        reader.run_once().await.unwrap();
        world.clock.advance(HOUR);
    }
    assert_eq!(times_read(&world).len(), 0);
    world.clock.set(until);
    reader.run_once().await.unwrap();
    assert_eq!(times_read(&world).len(), 2);
}

#[tokio::test]
async fn a_platform_is_asked_so_often_an_hour_and_no_more() {
    let (world, _) = world().await;
    for number in 0..9 {
        world.post(&format!("post {number}"), &[], START).await;
    }
    world.settle().await;
    look(&world.engine()).await;
    world.clock.advance(HOUR);
    let engine = world.node(|config| config.metrics.per_hour = Some(4));
    let mut reader = engine.reader(Wake::default());
    let mut counts = Vec::new();
    for _ in 0..3 {
        reader.run_once().await.unwrap();
        counts.push(times_read(&world).len());
        world.clock.advance(HOUR);
    }
    assert_eq!(counts, [4, 8, 10]);
}

#[tokio::test]
async fn a_passing_fault_is_tried_again_and_then_left_out() {
    let (world, post) = world().await;
    let engine = world.engine();
    world.script(|script| {
        script.readings.extend([const { Act::LoseAnswer }; 2]);
    });
    looks(&world, &engine, Span::from_minutes(15), Span::from_hours(2)).await;
    let row = metrics(&world, post).await;
    assert_eq!((row.readings.len(), row.readings[0].at), (1, START + Span::from_minutes(105)));
    world.script(|script| script.readings.extend([const { Act::LoseAnswer }; 5]));
    looks(&world, &engine, Span::from_minutes(15), Span::from_hours(24)).await;
    let steps: Vec<usize> = metrics(&world, post).await.readings.iter().map(|one| one.step).collect();
    assert_eq!(steps, [0, 2], "the second one could not be taken");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_then_the_owner_is_told() {
    let world = World::new(Sight::Clear).await;
    let post = world.post("hello", &[], START).await;
    world.settle().await;
    let engine = world.engine();
    look(&engine).await;
    world.clock.advance(HOUR);
    world.script(|script| script.readings.push_back(Act::Refuse(Class::TokenExpired)));
    look(&engine).await;
    assert_eq!(metrics(&world, post).await.readings.len(), 1, "with the new token");
    assert_eq!(world.script.lock().unwrap().refreshes_done, 1);
    world.clock.advance(Span::from_hours(5));
    world.script(|script| {
        script.readings.extend([const { Act::Refuse(Class::TokenExpired) }; 2]);
        script.refreshes.push_back(Act::Refuse(Class::TokenExpired));
    });
    look(&engine).await;
    let row = world.account_row().await;
    assert!(row.needs_reconnection_reason.is_some());
    let state = world.store.find_reading_state(world.organization, world.account).await.unwrap();
    assert!(state.problem.is_some_and(|problem| problem.contains("connect the account again")));
}

#[tokio::test]
async fn a_platform_without_numbers_says_so_and_is_left_alone() {
    let world = World::new(Sight::Clear).await;
    world.script(|script| script.tells_nothing = true);
    let post = world.post("hello", &[], START).await;
    world.settle().await;
    looks(&world, &world.engine(), HOUR, Span::from_days(2)).await;
    assert_eq!(metrics(&world, post).await, PostMetricsRow::default());
    let state = world.store.find_reading_state(world.organization, world.account).await.unwrap();
    assert_eq!(state.followers_end, Some(ReadingEnd::NotOffered));
    assert_eq!(world.store.next_metric_lane_due(START).await.unwrap(), None);
}

#[tokio::test]
async fn posts_that_went_live_at_the_same_moment_are_all_found() {
    let world = World::new(Sight::Clear).await;
    world.hold(&endless()).await;
    let mut accounts = vec![world.account];
    for _ in 0..11 {
        accounts.push(world.another_account().await);
    }
    // More than are planned at a time.
    for number in 0..60 {
        world.post_to_all(&accounts, &format!("post {number}")).await;
    }
    world.settle().await;
    let engine = world.node(|config| config.metrics.capacity = 64);
    look(&engine).await;
    world.clock.advance(Span::from_minutes(70));
    look(&engine).await;
    assert_eq!(times_read(&world).len(), 12 * 60);
}
