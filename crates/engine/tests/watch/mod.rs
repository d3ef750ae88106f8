//! The watch over overdue destinations, and the publish loop's signs of life.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use std::sync::Arc;

use domain::Span;
use fanfare_engine::{Watch, WatchConfig};
use net::SeededEntropy;
use store::{Claim, Outcome};

use crate::common::{START, Sight, World};

const SECOND: Span = Span::from_seconds(1);
const MINUTE: Span = Span::from_minutes(1);

fn watch(world: &World, seed: u64) -> Watch {
    let (clock, entropy) = (Arc::clone(&world.clock), Arc::new(SeededEntropy::new(seed)));
    Watch::new(world.store.clone(), clock, entropy, WatchConfig::default())
}

async fn alarms(world: &World) -> usize {
    let events = world.store.list_events(world.organization, 1_000).await.unwrap();
    events.iter().filter(|event| event.kind == "post.overdue").count()
}

/// A worker takes what is due and then does nothing.
async fn take(world: &World) -> Claim {
    world.engine().claim(1).await.unwrap().remove(0)
}

#[tokio::test]
async fn what_nobody_takes_for_a_minute_raises_one_alarm_and_one_line() {
    let world = World::new(Sight::Clear).await;
    world.post("late", &[], START).await;
    world.post("for later", &[], START + Span::from_hours(1)).await;
    let mut watch = watch(&world, 1);
    world.clock.advance(SECOND.times(59));
    assert_eq!(watch.run_once().await.unwrap().raised, 0, "not before a minute");
    world.clock.advance(SECOND);
    let report = watch.run_once().await.unwrap();
    assert_eq!((report.raised, report.overdue, report.logged), (1, 1, true));
    let mut lines = 0;
    for _ in 0..36 {
        world.clock.advance(SECOND.times(15));
        let report = watch.run_once().await.unwrap();
        assert_eq!((report.raised, report.overdue), (0, 1));
        lines += usize::from(report.logged);
    }
    assert_eq!(lines, 0, "nine minutes later nothing is new");
    world.clock.advance(MINUTE);
    assert!(watch.run_once().await.unwrap().logged, "after a long pause it is mentioned again");
    assert_eq!(alarms(&world).await, 1);
    world.settle().await;
    let report = watch.run_once().await.unwrap();
    assert_eq!((report.overdue, report.logged), (0, true), "the end is mentioned too");
    assert!(!watch.run_once().await.unwrap().logged);
}

#[tokio::test]
async fn two_watchers_raise_one_alarm_each_for_many_destinations() {
    let world = World::new(Sight::Clear).await;
    for number in 0..450 {
        world.post(&format!("late {number}"), &[], START).await;
    }
    world.clock.advance(MINUTE.times(2));
    let (mut one, mut other) = (watch(&world, 1), watch(&world, 2));
    let (first, second) = tokio::join!(one.run_once(), other.run_once());
    let raised = first.unwrap().raised + second.unwrap().raised;
    let rest = one.run_once().await.unwrap().raised + other.run_once().await.unwrap().raised;
    assert_eq!(raised + rest, 450);
    assert_eq!(alarms(&world).await, 450);
}

#[tokio::test]
async fn a_worker_that_keeps_its_lease_without_an_end_raises_the_alarm() {
    let world = World::new(Sight::Clear).await;
    world.post("slow", &[], START).await;
    let claim = take(&world).await;
    let mut watch = watch(&world, 1);
    world.clock.advance(SECOND.times(59));
    assert_eq!(watch.run_once().await.unwrap().raised, 0);
    world.clock.advance(SECOND);
    let report = watch.run_once().await.unwrap();
    assert_eq!((report.raised, report.overdue), (1, 1));
    drop(claim);
}

#[tokio::test]
async fn what_waits_on_purpose_raises_none_and_its_next_hold_counts_from_its_beginning() {
    let world = World::new(Sight::Clear).await;
    world.post("the platform takes its time", &[], START).await;
    let claim = take(&world).await;
    let now = START + SECOND;
    let ids = [domain::EventId(uuid(1)), domain::EventId(uuid(2))];
    let park = Outcome::Park { run_at: START + MINUTE.times(30) };
    assert!(world.store.record(claim.lease, claim.work, park, None, ids, now).await.unwrap());
    let mut watch = watch(&world, 1);
    world.clock.advance(MINUTE.times(29));
    assert_eq!(watch.run_once().await.unwrap().raised, 0, "it is not due");
    world.clock.advance(MINUTE);
    take(&world).await;
    assert_eq!(watch.run_once().await.unwrap().raised, 0, "it was only just taken");
    world.clock.advance(SECOND.times(59));
    assert_eq!(watch.run_once().await.unwrap().raised, 0);
    world.clock.advance(SECOND);
    assert_eq!(watch.run_once().await.unwrap().raised, 1);
}

#[tokio::test]
async fn the_loop_beats_while_it_runs_and_is_known_to_have_ended() {
    let world = World::new(Sight::Clear).await;
    let engine = world.engine();
    let pulse = engine.pulse();
    assert_eq!(pulse.state().started_at, None);
    let running = tokio::spawn(engine.run(std::future::pending()));
    let beat_at = |moment| {
        let pulse = Arc::clone(&pulse);
        async move {
            while pulse.state().beat_at != Some(moment) {
                tokio::task::yield_now().await;
            }
        }
    };
    beat_at(START).await;
    // The loop looks every twenty seconds without being woken.
    for round in 1..4 {
        // Moved until the loop, which may not be asleep yet, has seen it.
        let next = START + SECOND.times(20 * round);
        world.clock.set(next);
        beat_at(next).await;
    }
    assert!(!pulse.state().ended);
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert!(pulse.state().ended);
}

#[tokio::test]
async fn looks_for_work_that_fail_show_since_when() {
    let world = World::new(Sight::Clear).await;
    let engine = world.engine();
    engine.run_once().await.unwrap();
    assert_eq!(engine.pulse().state().failing_since, None);
    world.store.close().await;
    assert!(engine.run_once().await.is_err());
    world.clock.advance(MINUTE);
    assert!(engine.run_once().await.is_err());
    assert_eq!(engine.pulse().state().failing_since, Some(START));
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}
